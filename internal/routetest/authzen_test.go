package routetest

import (
	"maps"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"sigportal/internal/sample"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

func (a amir) number(w *world) string {
	return w.text(`select case_number from sig.intervention where id = $1::uuid`, a.id)
}

// question is one of AuthZEN's, with members that it does not know.
func (w *world) question(kind, subject, action, resource, id string) map[string]any {
	return map[string]any{
		"subject":  map[string]any{"type": kind, "id": subject, "properties": map[string]any{"department": hostile}},
		"action":   map[string]any{"name": action, "properties": map[string]any{"method": "GET"}},
		"resource": map[string]any{"type": resource, "id": id, "properties": map[string]any{"intervention": w.a.id, "colour": "red"}},
		"context":  map[string]any{"time": "1985-10-26T01:22-07:00"},
		"unknown":  []int{1, 2},
	}
}

func (w *world) decision(who string, question map[string]any) string {
	w.t.Helper()
	got := w.ask(row{route: "POST /access/v1/evaluation", body: question}.request(who, nil))
	if got.status != http.StatusOK {
		w.t.Errorf("a question by %s: %d: %s", who, got.status, brief(got))
	}
	return strings.TrimSpace(got.body)
}

// authzenArea asks the decision as AuthZEN 1.0 puts it: about oneself, and as
// the coordinator about those who take part; anybody else is unknown.
func (w *world) authzenArea() {
	a := w.a
	const yes, no = `{"decision":true}`, `{"decision":false}`
	id := func(name, function string) string {
		return w.text(`select id::text from sig.assignment where name = $1 and function = $2`, name, function)
	}
	karin, kent, malin := id("Karin Ek", "coordinator"), id("Kent Berg", "community_police"), id("Malin Wik", "school_counsellor")
	sara := w.text(`select id::text from sig.guardianship where name = 'Sara Rahimi'`)
	read := func(kind, subject string) map[string]any {
		return w.question(kind, subject, "read_copy", "copy", a.copied)
	}
	w.try(
		row{route: "POST /access/v1/evaluation", as: coordinator, body: read("assignment", karin), says: []string{yes}},
		row{route: "POST /access/v1/evaluations", as: coordinator, body: map[string]any{
			"subject": map[string]any{"type": "assignment", "id": karin}, "action": map[string]any{"name": "read_copy"},
			"evaluations": []any{map[string]any{"resource": read("", "")["resource"]}, map[string]any{"resource": map[string]any{"type": "copy", "id": uuid.NewString()}}},
		}, says: []string{`[{"decision":true},{"decision":false}]`}},
	)
	w.authzenUnread(read("assignment", karin))
	rows := func() string {
		return w.text(`select count(*)::text from sig.ledger where kind = 'evaluate_access'`)
	}
	for _, c := range []struct {
		who      string
		question map[string]any
		want     string
		about    bool // somebody else: a row in the ledger
	}{
		{coordinator, read("assignment", karin), yes, false},
		{coordinator, w.question("assignment", karin, "read_item", "item", a.own), yes, false},
		{coordinator, w.question("assignment", karin, "read_item", "item", a.policeItem), no, false},
		{"police-farsta", read("assignment", kent), no, false},
		{coordinator, w.question("assignment", kent, "read_copy", "copy", a.sent), yes, true},
		{coordinator, w.question("assignment", malin, "read_copy", "copy", a.sent), no, true},
		{coordinator, read("assignment", uuid.NewString()), no, true},
		{coordinator, read("person", karin), no, true},
		{coordinator, read("assignment", hostile), no, true},
		{coordinator, w.question("assignment", karin, "delete", "copy", a.copied), no, true},
		{"police-farsta", w.question("assignment", karin, "read_copy", "copy", a.copied), no, true},
		{"caseworker-farsta", w.question("assignment", karin, "read_copy", "copy", a.copied), no, true},
		{"sara", w.question("guardian", sara, "read_item", "item", a.shown), yes, false},
		{"sara", w.question("guardian", sara, "read_item", "item", a.own), w.decision("sara", w.question("guardian", sara, "read_item", "item", a.own)), false},
		{"omid", w.question("guardian", sara, "read_item", "item", a.shown), no, true},
		{"disa", w.question("guardian", sara, "read_item", "item", a.shown), no, true},
	} {
		before := rows()
		if got := w.decision(c.who, c.question); got != c.want {
			w.t.Errorf("%s asks %v: %s, want %s", c.who, c.question, got, c.want)
		}
		if wrote := rows() != before; wrote != c.about {
			w.t.Errorf("%s asks %v: a row in the ledger is %v, want %v", c.who, c.question["subject"], wrote, c.about)
		}
	}
	tell := w.question("assignment", karin, "disclose", "item", a.own)
	tell["context"] = map[string]any{"recipient": map[string]any{"authority": "polisen", "unit": "polis-farsta", "function": "community_police"}}
	if got := w.decision(coordinator, tell); got != yes {
		w.t.Errorf("the coordinator may tell the police: %s", got)
	}
	tell["context"] = map[string]any{"recipient": seatBody(sample.Mentor)}
	w.decision(coordinator, tell)
	w.authzenBatches(karin)
}

// authzenBatches: several questions stop where they are told to.
func (w *world) authzenBatches(karin string) {
	batch := func(semantics string) string {
		var parts []any
		for _, copied := range []string{uuid.NewString(), w.a.copied, uuid.NewString()} {
			parts = append(parts, map[string]any{"resource": map[string]any{"type": "copy", "id": copied, "properties": map[string]any{"intervention": w.a.id}}})
		}
		got := w.ask(row{route: "POST /access/v1/evaluations", body: map[string]any{
			"subject": map[string]any{"type": "assignment", "id": karin}, "action": map[string]any{"name": "read_copy"},
			"evaluations": parts, "options": map[string]any{"evaluations_semantic": semantics, "unknown": true},
		}}.request(coordinator, nil))
		return strings.TrimSpace(got.body)
	}
	for semantics, want := range map[string]string{
		"execute_all":            `{"evaluations":[{"decision":false},{"decision":true},{"decision":false}]}`,
		"deny_on_first_deny":     `{"evaluations":[{"decision":false}]}`,
		"permit_on_first_permit": `{"evaluations":[{"decision":false},{"decision":true}]}`,
	} {
		if got := batch(semantics); got != want {
			w.t.Errorf("%s: %s, want %s", semantics, got, want)
		}
	}
}

// authzenUnread: what a question lacks, and an order of asking that there is
// not, is a request that cannot be read: 400, as that standard says.
func (w *world) authzenUnread(whole map[string]any) {
	without := func(member, part string) map[string]any {
		question := maps.Clone(whole)
		if part == "" {
			delete(question, member)
			return question
		}
		inner, _ := question[member].(map[string]any)
		inner = maps.Clone(inner)
		delete(inner, part)
		question[member] = inner
		return question
	}
	for _, lacks := range [][2]string{{"subject"}, {"action"}, {"resource"}, {"subject", "type"}, {"subject", "id"}, {"action", "name"}, {"resource", "type"}, {"resource", "id"}} {
		w.authzenBad("POST /access/v1/evaluation", without(lacks[0], lacks[1]))
		w.authzenBad("POST /access/v1/evaluations", without(lacks[0], lacks[1]))
	}
	odd := maps.Clone(whole)
	odd["evaluations"], odd["options"] = []any{map[string]any{}}, map[string]any{"evaluations_semantic": "ask_nobody"}
	w.authzenBad("POST /access/v1/evaluations", odd)
	for _, path := range []string{"/access/v1/evaluation", "/access/v1/evaluations"} {
		said := w.document.Paths[path]["post"].Responses
		_, unread := said["400"]
		if _, atField := said["422"]; !unread || atField {
			w.t.Errorf("the document says of %s: %v", path, said)
		}
	}
}

func (w *world) authzenBad(route string, question map[string]any) {
	w.t.Helper()
	if got := w.ask(row{route: route, body: question}.request(coordinator, nil)); got.status != http.StatusBadRequest || !strings.Contains(got.body, `"error.malformed"`) {
		w.t.Errorf("%s with %v: %d %s", route, question, got.status, brief(got))
	}
}
