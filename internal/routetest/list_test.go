package routetest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// listsArea: a list goes on where it left off, without totals; where it goes on
// is sealed to the session, and opens nothing for anybody else.
func (w *world) listsArea() {
	w.exec(`insert into sig.received (id, intervention, item, authority, unit, function, sender_authority, sender_unit, sender_function,
			basis, categories, purpose, addition, body_sealed, content_hash, received_at)
		select gen_random_uuid(), $1::uuid, gen_random_uuid(), 'farsta-sdn', 'farsta-unga', 'coordinator', 'polisen', 'polis-farsta',
			'community_police', 'consent', '{plan_goals}', 'other', 'of the list', '\x00', '\x00', sig.now() - n * interval '1 second'
		  from generate_series(1, 70) n`, w.a.id)
	for _, address := range []string{"/api/v1/inbox", "/api/v1/interventions/" + w.a.id + "/copies"} {
		w.goesOn(address)
	}
	w.exec(`delete from sig.received where addition = 'of the list'`)
}

func (w *world) goesOn(address string) {
	w.t.Helper()
	type page struct {
		Copies []struct{ ID string } `json:"copies"`
		Next   string                `json:"next"`
	}
	read := func(who, after string) (answer, page) {
		path := address
		if after != "" {
			path += "?after=" + url.QueryEscape(after)
		}
		got := w.get(who, path)
		var p page
		_ = json.Unmarshal([]byte(got.body), &p)
		return got, p
	}
	seen := map[string]bool{}
	first, p := read(coordinator, "")
	session := w.sessions[coordinator]
	second := p.Next
	for {
		for _, c := range p.Copies {
			if seen[c.ID] {
				w.t.Errorf("%s: a copy stands on two pages", address)
			}
			seen[c.ID] = true
		}
		if p.Next == "" {
			break
		}
		_, p = read(coordinator, p.Next)
	}
	if len(seen) < 70 || second == "" || w.sessions[coordinator] != session {
		w.t.Fatalf("%s: %d copies on all pages, want at least 70, going on at %q: %s", address, len(seen), second, brief(first))
	}
	for _, told := range []string{`"total`, `"count`, `"pages`, `"size`} {
		if strings.Contains(first.body, told) {
			w.t.Errorf("%s tells %s: %s", address, told, brief(first))
		}
	}
	if strings.Contains(second, w.a.id) || strings.Contains(second, "2026") {
		w.t.Errorf("%s: the place tells something: %s", address, second)
	}
	turned := "A"
	if second[10] == 'A' {
		turned = "B"
	}
	for what, after := range map[string]string{
		"one letter other": second[:10] + turned + second[11:], "a letter less": second[:len(second)-1], "made up": "AAAA", "SQL": "' or 1=1;--",
		"too long": strings.Repeat("A", 401), "a zero byte": "\x00", "twice": second + "&after=" + second,
	} {
		if got, _ := read(coordinator, after); got.status != http.StatusBadRequest && got.status != http.StatusUnprocessableEntity {
			w.t.Errorf("%s after %s: %d: %s", address, what, got.status, brief(got))
		}
	}
	other := "/api/v1/registry"
	if strings.HasSuffix(address, "inbox") {
		other = "/api/v1/interventions/" + w.a.id + "/copies"
	}
	if got := w.get(coordinator, other+"?after="+second); got.status < 400 {
		w.t.Errorf("the place in %s opens %s: %d", address, other, got.status)
	}
	delete(w.sessions, coordinator) // another session of the same person
	for _, who := range []string{coordinator, secretary, "police-farsta"} {
		if got, _ := read(who, second); got.status != http.StatusBadRequest {
			w.t.Errorf("%s: the place of another session opens for %s: %d", address, who, got.status)
		}
	}
}
