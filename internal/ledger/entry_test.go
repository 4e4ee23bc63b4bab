package ledger_test

import (
	"strings"
	"testing"

	"sigportal/internal/ledger"
	"sigportal/internal/sig"
)

func TestEntriesThatCannotBeEvidence(t *testing.T) {
	t.Parallel()
	item := ledger.Of(ledger.ObjectItem, sig.NewID[struct{}]())
	good := ledger.Entry{
		Kind: ledger.Disclose, Object: item, Basis: "consent", Categories: []sig.Category{sig.CategoryAttendance},
		Recipient: ledger.Recipient{Authority: "police", Unit: "farsta-police", Function: sig.RolePolice},
		Detail:    ledger.Detail{"grants": []string{sig.NewID[struct{}]().String()}, "count": 3, "at": "2026-12-03T09:12:00Z"},
	}
	if err := good.Validate(); err != nil {
		t.Fatalf("a good entry: %v", err)
	}
	if err := good.Refuse("window_over").Validate(); err != nil {
		t.Fatalf("a good refusal: %v", err)
	}
	const words = "Amir sågs vid torget"
	for what, change := range map[string]func(*ledger.Entry){
		"unknown kind":           func(e *ledger.Entry) { e.Kind = "gossip" },
		"unknown outcome":        func(e *ledger.Entry) { e.Outcome = "perhaps" },
		"refusal without reason": func(e *ledger.Entry) { e.Outcome = ledger.Refused },
		"words as a reason":      func(e *ledger.Entry) { e.Reason = words },
		"words as a basis":       func(e *ledger.Entry) { e.Basis = words },
		"unknown category":       func(e *ledger.Entry) { e.Categories = []sig.Category{"criminal_record"} },
		"object without kind":    func(e *ledger.Entry) { e.Object.Kind = "" },
		"unknown object":         func(e *ledger.Entry) { e.Object.Kind = "rumour" },
		"words in the detail":    func(e *ledger.Entry) { e.Detail = ledger.Detail{"note": words} },
		"words deep inside":      func(e *ledger.Entry) { e.Detail = ledger.Detail{"a": []any{map[string]any{"b": words}}} },
		"words as a key":         func(e *ledger.Entry) { e.Detail = ledger.Detail{words: 1} },
	} {
		e := good
		change(&e)
		err := e.Validate()
		if err == nil {
			t.Errorf("%s was accepted", what)
			continue
		}
		if strings.Contains(err.Error(), "Amir") {
			t.Errorf("%s: the error repeats the words: %v", what, err)
		}
	}
}

func TestEveryKindIsAWordThatTheDatabaseTakes(t *testing.T) {
	t.Parallel()
	seen := map[ledger.Kind]bool{}
	for _, k := range ledger.Kinds() {
		if strings.Trim(string(k), "abcdefghijklmnopqrstuvwxyz_") != "" || k == "" {
			t.Errorf("kind %q is not a word of a to z and _", k)
		}
		if seen[k] {
			t.Errorf("kind %q stands twice", k)
		}
		seen[k] = true
	}
}
