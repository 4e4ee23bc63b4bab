package routetest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sigportal/internal/devidp"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// but is a list of people without some.
func but(people []string, not ...string) []string {
	return slices.DeleteFunc(slices.Clone(people), func(who string) bool { return slices.Contains(not, who) })
}

// day is a day so many from now, as forms and programs write it.
func (w *world) day(after int) string {
	return sig.DateOf(w.db.Now(w.t)).AddDays(after).String()
}

func (w *world) number(persona string) string {
	w.t.Helper()
	p, err := sample.Find(persona)
	w.must(err, "find "+persona)
	return p.PersonalNumber
}

const (
	coordinator = "coordinator-farsta"
	secretary   = "social-secretary-farsta"
)

// openingArea takes Kim, who is twelve, from the proposal to a consent in
// force, on the pages of the board and of the family.
func (w *world) openingArea() {
	partners := []string{"police-farsta", secretary, "caseworker-farsta", "registrar-farsta", "coordinator-skarholmen"}
	guardians := []string{"helena", "johan"}
	propose := w.filled(coordinator, "/propose", "/propose", "programme", "sspf", "number", w.number("kim"), "name", "Kim "+hostile, "contacted", "true")
	for n, g := range guardians {
		row := "guardians." + string(rune('0'+n)) + "."
		propose.Set(row+"name", g)
		propose.Set(row+"number", w.number(g))
		propose.Set(row+"verified_on", w.day(0))
	}
	w.try(row{route: "POST /propose", as: coordinator, want: seeOther, form: propose, barred: but(partners, "coordinator-skarholmen"),
		then:  func(got answer) { w.kim = location(got) },
		input: &input{optional: []string{"email", "phone", "guardians.0.email", "guardians.0.phone", "guardians.1.email", "guardians.1.phone"}}})
	if again := w.post(coordinator, "/propose", propose); location(again) == w.kim || again.status != seeOther {
		w.t.Errorf("a second proposal for the same person is not only received: %d %s", again.status, again.header.Get("Location"))
	}
	w.exec(`update sig.intervention set created_at = created_at - interval '1 day' where id = $1::uuid`, w.kim)
	w.asksToTakePart()
	w.fillsSeats()
	w.draftsForKim()
	w.kimSigns()
}

// asksToTakePart: somebody without a part asks, and learns nothing; the
// coordinator answers.
func (w *world) asksToTakePart() {
	const asker = "caseworker-farsta"
	request := w.filled(asker, "/requests", "/requests", "number", w.number("kim"), "reason", hostile)
	w.try(row{route: "POST /requests", as: asker, want: seeOther, form: request})
	there := w.post(asker, "/requests", request)
	request.Set("number", w.number("omid"))
	if nowhere := w.post(asker, "/requests", request); there.whole() != nowhere.whole() {
		w.t.Errorf("asking tells whether there is a case: %s", difference(there.whole(), nowhere.whole()))
	}
	id := w.text(`select id::text from sig.part_request where intervention = $1::uuid order by created_at limit 1`, w.kim)
	w.try(row{route: "POST /interventions/:id/requests/:request", at: []string{w.kim, id}, as: coordinator, want: seeOther,
		form: form("answer", "refuse"), barred: outside})
}

// fillsSeats: the coordinator lets colleagues in, ends a part, and names who
// stands in.
func (w *world) fillsSeats() {
	seats := "/interventions/" + w.kim + "/seats"
	in := []string{w.kim}
	give := w.filled(coordinator, seats, seats, "assignment", w.choice(coordinator, seats, "Jonas Dahl"), "reason", hostile)
	w.try(row{route: "POST /interventions/:id/seats", at: in, as: coordinator, want: seeOther, form: give, barred: outside})
	seat := w.text(`select p.id::text from sig.participation p join sig.assignment a on a.id = p.assignment where p.intervention = $1::uuid and a.name = 'Jonas Dahl'`, w.kim)
	w.try(row{route: "POST /interventions/:id/seats/:seat/end", at: []string{w.kim, seat}, as: coordinator, want: seeOther, form: form(), barred: outside})
	stand := "/interventions/" + w.kim + "/stand-in"
	w.try(row{route: "POST /interventions/:id/stand-in", at: in, as: coordinator, want: seeOther, barred: outside,
		form: w.filled(coordinator, seats, stand, "stand_in", w.choice(coordinator, seats, "Maria Sand"), "until", w.day(7)), input: &input{from: seats}})
	give.Set("assignment", w.choice(coordinator, seats, "Nadia Holm"))
	if got := w.post(coordinator, seats, give); got.status != seeOther {
		w.t.Errorf("let the social secretary in: %d: %s", got.status, brief(got))
	}
}

// rows are two rows of the builder's form, one in each direction.
func rows(f url.Values) url.Values {
	for n, pair := range [][2]sig.Seat{{sample.Police, sample.Coordinator}, {sample.Coordinator, sample.Police}} {
		name := "grants." + string(rune('0'+n)) + "."
		f.Set(name+"origin", "")
		f.Set(name+"discloser", seatValue(pair[0]))
		f.Set(name+"recipient", seatValue(pair[1]))
		f.Set(name+"private_name", "")
		f.Set(name+"categories", "plan_goals")
		f.Set(name+"purpose", "school_attendance")
		f.Set(name+"addition", hostile)
		f.Set(name+"from", f.Get("grants.0.from"))
		f.Set(name+"to", f.Get("grants.0.to"))
	}
	f.Set("do", "save")
	return f
}

func (w *world) draftsForKim() {
	in := []string{w.kim}
	page := "/interventions/" + w.kim + "/consent"
	strange := append([]string{"police-farsta"}, but(outside, "deputy-coordinator-farsta")...)
	knows := map[string]int{secretary: 403}
	w.try(row{route: "GET /interventions/:id/consent", at: in, as: coordinator, barred: strange, known: knows})
	draft := rows(w.filled(coordinator, page, page))
	checked := url.Values{}
	for name, values := range draft {
		checked[name] = values
	}
	checked.Del("do")
	same := &input{brief: true, optional: []string{"grants.0.districts", "grants.0.origin", "grants.0.private_name", "grants.0.addition", "grants.1.origin", "grants.1.private_name", "grants.1.addition", "do", "seen"}}
	here := &input{optional: same.optional, from: page, action: page}
	w.try(
		row{route: "POST /interventions/:id/consent/check", at: in, as: coordinator, form: checked, barred: strange, known: knows, says: []string{"&lt;script&gt;"}, hides: []string{"<script>alert"}, input: here},
		row{route: "POST /interventions/:id/consent", at: in, as: coordinator, want: seeOther, form: draft, barred: strange, known: knows, input: same},
		row{route: "POST /interventions/:id/consent/discard", at: in, as: coordinator, want: seeOther, form: form(), barred: strange, known: knows},
	)
	if got := w.post(coordinator, page, draft); got.status != seeOther {
		w.t.Fatalf("save the draft again: %d: %s", got.status, brief(got))
	}
	w.kimConsent = w.text(`select id::text from sig.consent where intervention = $1::uuid order by version desc limit 1`, w.kim)
}

// kimSigns: Kim is mature enough to be asked, says no, and is overridden with
// reasons; the guardians sign, and the social secretary decides.
func (w *world) kimSigns() {
	in, at := []string{w.kim}, []string{w.kimConsent}
	strange := append([]string{"police-farsta"}, but(outside, "deputy-coordinator-farsta")...)
	families := []string{"sara", "amir", "disa"}
	maturity, explain := "/interventions/"+w.kim+"/maturity", "/consents/"+w.kimConsent+"/explain"
	w.try(
		row{route: "GET /interventions/:id/maturity", at: in, as: secretary, barred: strange, known: map[string]int{coordinator: 403}},
		row{route: "POST /interventions/:id/maturity", at: in, as: secretary, want: seeOther, barred: strange, known: map[string]int{coordinator: 403},
			form: w.filled(secretary, maturity, maturity, "outcome", "mature", "alone", "pupil_health", "reason", hostile), input: &input{optional: []string{"alone"}}},
		row{route: "GET /consents/:id/explain", at: at, as: coordinator, barred: strange},
	)
	for _, s := range w.get(coordinator, explain).page().Find(`input[name="signer"]`).EachIter() {
		w.try(row{route: "POST /consents/:id/explain", at: at, as: coordinator, want: seeOther, barred: strange, input: &input{optional: []string{"view", "interpreter", "interpreter_unrelated"}},
			form: w.filled(coordinator, explain, explain, "signer", s.AttrOr("value", ""), "method", "meeting", "language", "sv", "view", hostile, "understood", "true")})
	}
	w.try(
		row{route: "GET /consents/:id", at: at, as: "kim", barred: families, hides: []string{"<script>alert"}},
		row{route: "GET /consents/:id/refuse", at: at, as: "kim", barred: families},
		row{route: "POST /consents/:id/refuse", at: at, as: "kim", want: seeOther, form: form(), barred: families},
	)
	w.try(
		row{route: "POST /consents/:id/override", at: at, as: secretary, want: seeOther, barred: strange, known: map[string]int{coordinator: 403},
			form: w.filled(secretary, explain, "/consents/"+w.kimConsent+"/override", "reason", hostile), input: &input{from: explain}},
	)
	w.helenaSaysYes(strange)
	sign := "/consents/" + w.kimConsent + "/sign"
	for _, guardian := range []string{"helena"} {
		other := map[string]int{"johan": 401, "kim": 409}
		hers := w.filled(guardian, sign, sign, "understood", "true")
		w.try(
			row{route: "GET /consents/:id/sign", at: at, as: guardian, barred: families, hides: []string{"<script>alert"}},
			row{route: "POST /consents/:id/sign", at: at, as: guardian, want: seeOther, form: hers, barred: families, input: &input{conflict: []string{"text"}}},
		)
		query := w.freshLogin(guardian, sign, hers)
		// The other guardian knows of the question; a proof is its owner's alone.
		w.try(
			row{route: "GET /consents/:id/sign/finish", at: at, query: query, as: guardian, want: seeOther, barred: append([]string{"caseworker-farsta"}, families...), known: other},
			row{route: "GET /consents/:id/signed", at: at, as: guardian, barred: families},
		)
	}
	w.johanSignsOnPaper(w.kimConsent, strange)
	decision := "/interventions/" + w.kim + "/decision"
	w.try(
		row{route: "GET /interventions/:id/decision", at: in, as: secretary, barred: strange, known: map[string]int{coordinator: 403}},
		row{route: "POST /interventions/:id/decision", at: in, as: secretary, want: seeOther, barred: strange, known: map[string]int{coordinator: 403},
			form: w.filled(secretary, decision, decision, "decision", "grant", "on", w.day(0), "reference", `<b>"1' or 1=1;--`)},
	)
}

// helenaSaysYes: she says yes on the phone. What the coordinator records is put
// aside once and recorded again, and the social secretary confirms it; then she
// writes it with her eID.
func (w *world) helenaSaysYes(strange []string) {
	w.t.Helper()
	at, page := []string{w.kimConsent}, "/consents/"+w.kimConsent+"/oral"
	signer := w.get(coordinator, page).page().Find(`input[name="signer"]`).First().AttrOr("value", "")
	record := row{route: "POST /consents/:id/oral", at: at, as: coordinator, want: seeOther, barred: strange,
		form:  w.filled(coordinator, page, page, "signer", signer, "method", "phone", "language", "so", "read_in", "sv", "interpreter", `4711' or 1=1;--<i>`, "interpreter_unrelated", "true"),
		input: &input{optional: []string{"interpreter", "interpreter_unrelated"}, conflict: []string{"text"}}}
	w.try(row{route: "GET /consents/:id/oral", at: at, as: coordinator, barred: strange}, record)
	for _, do := range []string{"drop", "confirm"} {
		oral := w.text(`select id::text from sig.consent_oral where consent = $1::uuid and state = 'recorded'`, w.kimConsent)
		second := page + "/" + oral
		w.try(row{route: "GET /consents/:id/oral/:oral", at: []string{w.kimConsent, oral}, as: secretary, barred: strange, says: []string{"4711&#39; or 1=1;--&lt;i"}, hides: []string{"--<i>"}})
		if do == "drop" {
			if got := w.post(secretary, second, form("do", "drop")); got.status != seeOther {
				w.t.Errorf("put aside what was said: %d: %s", got.status, brief(got))
			}
			if got := w.post(coordinator, page, record.form); got.status != seeOther {
				w.t.Errorf("record it again: %d: %s", got.status, brief(got))
			}
			continue
		}
		w.try(row{route: "POST /consents/:id/oral/:oral", at: []string{w.kimConsent, oral}, as: secretary, want: seeOther, barred: strange,
			known: map[string]int{coordinator: 403}, form: form("do", "confirm", "heard", "true")})
	}
}

// freshLogin sends the form of the page before signing and signs in anew at
// the provider, as a person does, up to the address where the signature would
// be made; it gives that address's query.
func (w *world) freshLogin(persona, path string, f url.Values) string {
	w.t.Helper()
	client := devidp.NewBrowser()
	home, err := url.Parse(w.origin)
	w.must(err, "read the portal's address")
	name, value, _ := strings.Cut(w.session(persona).cookie, "=")
	client.Jar.SetCookies(home, []*http.Cookie{{Name: name, Value: value, Path: "/", Secure: true}})
	query := ""
	client.CheckRedirect = func(to *http.Request, _ []*http.Request) error {
		if strings.HasSuffix(to.URL.Path, "/finish") {
			query = to.URL.RawQuery
			return http.ErrUseLastResponse
		}
		return nil
	}
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.origin+path, strings.NewReader(f.Encode()))
	w.must(err, "make a request")
	req.Header.Set("Content-Type", formKind)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Accept-Language", "sv")
	page, err := client.Do(req)
	w.must(err, "begin to sign")
	_, err = devidp.Choose(client, page, persona)
	w.must(err, "sign in anew")
	if query == "" {
		w.t.Fatalf("the fresh login of %s leads to %s", persona, page.Request.URL)
	}
	for _, c := range client.Jar.Cookies(home) {
		if c.Name == name {
			w.sessions[persona].cookie = name + "=" + c.Value
		}
	}
	return query
}
