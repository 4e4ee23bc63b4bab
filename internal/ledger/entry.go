package ledger

import (
	"encoding/json"
	"fmt"
	"regexp"

	"sigportal/internal/sig"
)

// Entry is what a service supplies for one row. Who acts, when, and in which
// office comes from the transaction, so that no service can say it wrongly.
type Entry struct {
	Kind         Kind
	Outcome      Outcome // empty means Allowed
	Reason       string  // the policy's reason code; a refusal must have one
	Intervention sig.InterventionID
	Object       Object
	Consent      sig.ConsentID // the version that the decision relied on
	Basis        string        // the legal basis's code, such as "consent"
	Recipient    Recipient
	Categories   []sig.Category
	Request      ObjectID // the HTTP request, so that a fault report finds its rows
	Detail       Detail
}

type objectKind struct{}

// ObjectID is the identifier of whatever a row is about.
type ObjectID = sig.ID[objectKind]

// Object is the thing that a row is about.
type Object struct {
	Kind ObjectKind
	ID   ObjectID
}

// Of names an object of any kind of identifier.
func Of[K any](kind ObjectKind, id sig.ID[K]) Object { return Object{kind, ObjectID(id)} }

// Recipient is the office that something was handed to.
type Recipient struct {
	Authority sig.AuthorityID
	Unit      sig.UnitID
	Function  sig.Function
}

// Detail holds what else is needed to understand a row later: ids, codes,
// counts, instants and keyed hashes. It is no place for words that a person
// wrote, nor for a name.
type Detail map[string]any

// Refuse is the same entry as a refusal with the policy's reason code.
func (e Entry) Refuse(reason string) Entry {
	e.Outcome, e.Reason = Refused, reason
	return e
}

// Result is the outcome with its default filled in.
func (e Entry) Result() Outcome {
	if e.Outcome == "" {
		return Allowed
	}
	return e.Outcome
}

var code = regexp.MustCompile(`^[A-Za-z0-9_.:+/=-]{1,128}$`)

// Validate refuses an entry that could not be read as evidence: an unknown
// kind, a refusal without a reason, or words where codes belong.
func (e Entry) Validate() error {
	switch {
	case !e.Kind.Valid():
		return fmt.Errorf("ledger entry: unknown kind %q", e.Kind)
	case e.Result() != Allowed && e.Result() != Refused:
		return fmt.Errorf("ledger entry %s: unknown outcome", e.Kind)
	case e.Result() == Refused && e.Reason == "":
		return fmt.Errorf("ledger entry %s: a refusal needs a reason", e.Kind)
	case e.Object.Kind != "" && !e.Object.Kind.Valid():
		return fmt.Errorf("ledger entry %s: unknown kind of object %q", e.Kind, e.Object.Kind)
	case e.Object.Kind == "" && !e.Object.ID.IsZero():
		return fmt.Errorf("ledger entry %s: an object without its kind", e.Kind)
	}
	for _, s := range []string{
		e.Reason, e.Basis, string(e.Recipient.Authority), string(e.Recipient.Unit), string(e.Recipient.Function),
	} {
		if s != "" && !code.MatchString(s) {
			return fmt.Errorf("ledger entry %s: words where a code belongs", e.Kind)
		}
	}
	for _, c := range e.Categories {
		if !c.Valid() {
			return fmt.Errorf("ledger entry %s: unknown category", e.Kind)
		}
	}
	_, err := e.Detail.Text()
	if err != nil {
		return fmt.Errorf("ledger entry %s: %w", e.Kind, err)
	}
	return nil
}

// Text is the detail as JSON. It refuses strings that are not codes, ids,
// instants or hashes; the message never repeats them.
func (d Detail) Text() (string, error) {
	if len(d) == 0 {
		return "{}", nil
	}
	text, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("write the detail: %w", err)
	}
	var plain map[string]any
	if err := json.Unmarshal(text, &plain); err != nil {
		return "", fmt.Errorf("read the detail back: %w", err)
	}
	if !onlyCodes(plain) {
		return "", fmt.Errorf("the detail holds words where codes belong")
	}
	return string(text), nil
}

func onlyCodes(value any) bool {
	switch v := value.(type) {
	case string:
		return v == "" || code.MatchString(v)
	case []any:
		for _, e := range v {
			if !onlyCodes(e) {
				return false
			}
		}
	case map[string]any:
		for k, e := range v {
			if !code.MatchString(k) || !onlyCodes(e) {
				return false
			}
		}
	}
	return true
}
