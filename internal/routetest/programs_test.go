package routetest

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"maps"
	"net/http"
	"strings"

	"sigportal/internal/clamtest"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

const apiCase = "/api/v1/interventions/:id"

// programsOpen takes Lina's case from the proposal to a consent in force with
// programs, but for the paper that is taken over on a page.
func (w *world) programsOpen() {
	family := []string{"sara", "kim", "disa"}
	none := []string{"police-farsta", secretary, "caseworker-farsta", "registrar-farsta"}
	guardian := func(persona string) map[string]any {
		return map[string]any{
			"number": w.number(persona), "name": persona + " " + hostile, "kind": "parent", "custody": "joint", "source": "population_register", "verified_on": w.day(0),
			"contact": map[string]any{"email": persona + "@familj.example", "phone": "070-1", "language": "sv"},
		}
	}
	var opened struct{ Intervention string }
	w.try(row{route: "POST /api/v1/interventions", as: coordinator, want: 201, barred: none, then: func(got answer) { w.read(got, &opened) }, body: map[string]any{
		"programme": "sig", "number": w.number("lina"), "name": "Lina " + hostile, "protection": "none", "guardians": []any{guardian("petra"), guardian("anders")},
	}})
	w.lina = opened.Intervention
	w.exec(`update sig.intervention set created_at = created_at - interval '1 day' where id = $1::uuid`, w.lina)
	in := []string{w.lina}
	const asker = "addiction-care-farsta"
	w.try(row{route: "POST /api/v1/requests", as: asker, want: 204, body: map[string]any{"number": w.number("lina"), "reason": hostile}})
	request := w.text(`select id::text from sig.part_request where intervention = $1::uuid`, w.lina)
	w.try(
		row{route: "POST " + apiCase + "/requests/:request/answer", at: []string{w.lina, request}, as: coordinator, want: 204, body: map[string]any{"grant": true}, barred: append(outside, family...)},
		row{route: "GET " + apiCase + "/participations", at: in, as: asker, barred: but(outside, asker)},
	)
	part := w.text(`select p.id::text from sig.participation p join sig.assignment a on a.id = p.assignment where p.intervention = $1::uuid and a.name = 'Siv Lund'`, w.lina)
	person := func(name, function string) string {
		return w.text(`select id::text from sig.assignment where name = $1 and function = $2`, name, function)
	}
	w.try(
		row{route: "DELETE " + apiCase + "/participations/:participation", at: []string{w.lina, part}, as: coordinator, want: 204, barred: append(but(outside, asker), family...)},
		row{route: "POST " + apiCase + "/participations", at: in, as: coordinator, want: 204, barred: append(outside, family...),
			body: map[string]any{"assignment": person("Nadia Holm", "social_secretary"), "reason": hostile}},
		row{route: "POST " + apiCase + "/stand-ins", at: in, as: coordinator, want: 204, barred: append(outside, family...),
			body: map[string]any{"assignment": person("Maria Sand", "coordinator"), "until": w.day(7)}},
	)
	w.programsDraft(append(but(outside, "deputy-coordinator-farsta", asker), "police-farsta", "petra"))
	w.paperForLina()
}

// matrix is a draft of so many rows as programs send it.
func (w *world) matrix(seats ...[2]sig.Seat) map[string]any {
	now := w.db.Now(w.t)
	var grants []any
	for _, pair := range seats {
		grants = append(grants, map[string]any{
			"discloser_unit": string(pair[0].Unit), "discloser_function": string(pair[0].Function),
			"recipient_unit": string(pair[1].Unit), "recipient_function": string(pair[1].Function),
			"categories": []string{"plan_goals"}, "purpose": "other", "addition": hostile, "districts": []string{"farsta"},
			"from": now.Format("2006-01-02T15:04:05Z07:00"), "to": now.AddDate(0, 0, 100).Format("2006-01-02T15:04:05Z07:00"),
		})
	}
	return map[string]any{"grants": grants, "exclusions": []any{map[string]any{"unit": "farstaskolan", "function": "mentor", "category": "substance_use"}}}
}

var bothWays = [][2]sig.Seat{{sample.Police, sample.Coordinator}, {sample.Coordinator, sample.Police}}

// freely is a draft of one row with a purpose in free text.
func (w *world) freely(why string) map[string]any {
	d := w.matrix(bothWays[0])
	d["grants"].([]any)[0].(map[string]any)["purpose"] = why
	return d
}

func (w *world) programsDraft(strange []string) {
	in, knows := []string{w.lina}, map[string]int{secretary: 403}
	w.try(
		row{route: "POST " + apiCase + "/consent/draft/check", at: in, as: coordinator, want: 204, body: w.matrix(bothWays...), barred: strange, known: knows},
		row{route: "POST " + apiCase + "/consent/draft/check", at: in, as: coordinator, want: 422, body: w.freely(hostile), says: []string{`"grants.0.purpose"`}},
		row{route: "POST " + apiCase + "/consent/draft/check", at: in, as: coordinator, want: 422, body: w.freely("planera"), says: []string{`"grants.1.purpose"`, "välj ett av de syften"}},
		row{route: "PUT " + apiCase + "/consent/draft", at: in, as: coordinator, body: w.matrix(bothWays...), barred: strange, known: knows, says: []string{`"preparing"`, `"purpose":"other"`, `"mark"`}},
		row{route: "PUT " + apiCase + "/consent/draft", at: in, as: coordinator, want: 409, body: w.matrix(bothWays[0])},
		row{route: "DELETE " + apiCase + "/consent/draft", at: in, as: coordinator, want: 204, barred: strange, known: knows},
	)
}

// paperForLina takes over a consent on paper, on the page, and decides on the
// measure with a program.
func (w *world) paperForLina() {
	in, page := []string{w.lina}, "/interventions/"+w.lina+"/consent/import"
	strange := append([]string{"police-farsta"}, but(outside, "deputy-coordinator-farsta")...)
	paper := rows(w.filled(coordinator, page, page, "method", "meeting", "language", "so"))
	for _, s := range w.get(coordinator, page).page().Find(`input[name="signed_by"]`).EachIter() {
		paper.Add("signed_by", s.AttrOr("value", ""))
	}
	w.try(
		row{route: "GET /interventions/:id/consent/import", at: in, as: coordinator, barred: strange},
		row{route: "POST /interventions/:id/consent/import", at: in, as: coordinator, want: seeOther, form: paper, barred: strange,
			input: &input{brief: true, optional: []string{"grants.0.districts", "grants.0.origin", "grants.0.private_name", "grants.0.addition", "grants.1.origin", "grants.1.private_name", "grants.1.addition", "do", "seen"}}},
		row{route: "POST " + apiCase + "/consent/decision", at: in, as: secretary, barred: append(strange, "petra"), known: map[string]int{coordinator: 403},
			body: map[string]any{"on": w.day(0), "reference": `1' or <b>`, "refused": false}, says: []string{`"in_force"`}},
	)
}

// programsChange widens Kim's consent with programs: Kim says no and is
// overridden, and the guardians sign.
func (w *world) programsChange() {
	in := []string{w.kim}
	strange := append(but(outside, "deputy-coordinator-farsta"), "police-farsta", "petra")
	secretaryOnly, coordinatorOnly := map[string]int{coordinator: 403}, map[string]int{secretary: 403}
	var draft struct{ Preparing struct{ Mark string } }
	w.try(row{route: "POST " + apiCase + "/consent/amendment", at: in, as: coordinator, barred: strange, known: coordinatorOnly, then: func(got answer) { w.read(got, &draft) }})
	wider := w.matrix(append(bothWays, [2]sig.Seat{sample.Counsellor, sample.Coordinator})...)
	wider["seen"] = draft.Preparing.Mark
	if got := w.ask(row{route: "PUT " + apiCase + "/consent/draft", body: wider}.request(coordinator, in)); got.status != 200 {
		w.t.Fatalf("widen the draft: %d: %s", got.status, brief(got))
	}
	var c struct {
		Preparing struct {
			ID      string
			Signers []struct{ Guardian, Youth, Name string }
		}
	}
	w.try(
		row{route: "GET " + apiCase + "/consent/amendment/preview", at: in, as: coordinator, barred: strange},
		row{route: "POST " + apiCase + "/maturity", at: in, as: secretary, barred: strange, known: secretaryOnly,
			body: map[string]any{"outcome": "mature", "alone": []string{"pupil_health"}, "reason": hostile}},
		row{route: "GET " + apiCase + "/consent", at: in, as: coordinator, barred: strange, then: func(got answer) { w.read(got, &c) }},
	)
	at := []string{c.Preparing.ID}
	const version = "/api/v1/consents/:consent"
	for _, s := range c.Preparing.Signers {
		signer := map[string]any{"guardian": s.Guardian}
		if s.Youth != "" {
			signer = map[string]any{"youth": s.Youth}
		}
		w.try(row{route: "POST " + version + "/explanations", at: at, as: coordinator, barred: strange,
			body: map[string]any{"signer": signer, "method": "video", "language": "sv", "view": hostile}})
	}
	w.programsHear(at[0], c.Preparing.Signers[0].Guardian, strange)
	families := []string{"sara", "petra", "disa"}
	w.try(row{route: "POST " + version + "/refusal", at: at, as: "kim", barred: families})
	w.try(row{route: "POST " + version + "/override", at: at, as: secretary, barred: strange, known: secretaryOnly, body: map[string]any{"reason": hostile}})
	for _, guardian := range []string{"helena"} {
		var text struct {
			Hash string `json:"text_hash"`
		}
		w.read(w.get(guardian, "/api/v1/consents/"+at[0]), &text)
		sign := "/consents/" + at[0] + "/sign"
		query := w.freshLogin(guardian, sign, w.filled(guardian, sign, sign, "understood", "true"))
		proof := queryValue(query, "step_up")
		w.try(row{route: "POST " + version + "/signature", at: at, as: guardian, barred: append([]string{"caseworker-farsta"}, families...),
			known: map[string]int{"kim": 409}, body: map[string]any{"text_hash": text.Hash, "step_up": proof}})
	}
	w.johansPaperIsHandedIn(at[0], strange)
	state := w.text(`select state from sig.consent where id = $1::uuid`, at[0])
	if state != "active" && state != "signed" {
		w.t.Errorf("the wider consent is %s", state)
	}
}

// johanSignsOnPaper: the coordinator hands in the scan, and the social secretary
// takes it out again.
func (w *world) johanSignsOnPaper(consent string, strange []string) {
	w.t.Helper()
	at, page := []string{consent}, "/consents/"+consent+"/scan"
	var scan bytes.Buffer
	w.must(png.Encode(&scan, image.NewGray(image.Rect(0, 0, 9, 9))), "draw a scan")
	form := w.filled(coordinator, page, page, "signer", w.get(coordinator, page).page().Find(`input[name="signer"]`).First().AttrOr("value", ""),
		"signed_on", w.day(0), "read_in", "sv", "kept", hostile[:40])
	form.Del("scan")
	secretaryKnows := map[string]int{secretary: 403}
	w.try(
		row{route: "GET /consents/:id/scan", at: at, as: coordinator, barred: strange, known: secretaryKnows},
		row{route: "POST /consents/:id/scan", at: at, as: coordinator, want: seeOther, barred: strange, known: secretaryKnows, form: form, file: scan.Bytes(),
			input: &input{conflict: []string{"text"}}},
	)
	paper := w.text(`select id::text from sig.consent_paper where consent = $1::uuid`, consent)
	w.try(row{route: "GET /consents/:id/scan/:paper", at: []string{consent, paper}, as: secretary, barred: strange, then: func(got answer) {
		for name, want := range map[string]string{
			"Content-Type": "image/png", "Content-Disposition": `attachment; filename="underskrift.png"`, "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store",
		} {
			if got.header.Get(name) != want {
				w.t.Errorf("the scan is sent with %s %q, want %q", name, got.header.Get(name), want)
			}
		}
	}})
}

// johansPaperIsHandedIn does the same with a program: what is no picture is
// taken for none, and the consent names the paper by which its scan is read.
func (w *world) johansPaperIsHandedIn(consent string, strange []string) {
	w.t.Helper()
	const papers = "/api/v1/consents/:consent/papers"
	at, knows := []string{consent}, map[string]int{secretary: 403}
	var scan bytes.Buffer
	w.must(png.Encode(&scan, image.NewGray(image.Rect(0, 0, 9, 9))), "draw a scan")
	in := row{route: "POST " + papers, at: at, as: coordinator, barred: strange, known: knows, says: []string{`"paper":{"id"`}, body: map[string]any{
		"signer":    map[string]any{"guardian": w.text(`select signer::text from sig.consent_signer s join sig.guardianship g on g.id = s.signer where s.consent = $1::uuid and g.name = 'johan'`, consent)},
		"text_hash": w.text(`select encode(text_hash, 'hex') from sig.consent where id = $1::uuid`, consent), "signed_on": w.day(0), "read_in": "sv", "kept": hostile[:40],
		"scan": scan.Bytes(),
	}}
	for what, wrong := range map[string][]byte{"a script": []byte("<script>alert(1)</script>"), "a virus": clamtest.EICAR()} {
		bad := in
		bad.body = maps.Clone(in.body)
		bad.body["scan"] = wrong
		if got := w.ask(bad.request(coordinator, at)); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `"field":"scan"`) {
			w.t.Errorf("%s handed in as a scan: %d: %s", what, got.status, brief(got))
		}
	}
	w.try(in)
	paper := w.text(`select id::text from sig.consent_paper where consent = $1::uuid`, consent)
	w.try(row{route: "GET " + papers + "/:paper", at: []string{consent, paper}, as: secretary, barred: strange, says: []string{"PNG"}, then: func(got answer) {
		if got.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") || !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") {
			w.t.Errorf("the scan is sent to a program with %v", got.header)
		}
	}})
}

// programsHear records a guardian's oral yes with programs, puts it aside,
// records it again and confirms it.
func (w *world) programsHear(consent, guardian string, strange []string) {
	w.t.Helper()
	const oral = "/api/v1/consents/:consent/oral"
	said := map[string]any{
		"signer": map[string]any{"guardian": guardian}, "text_hash": w.text(`select encode(text_hash, 'hex') from sig.consent where id = $1::uuid`, consent),
		"received_at": w.text(`select to_char(sig.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`), "method": "phone", "language": "so", "read_in": "sv",
		"interpreter": map[string]any{"id": "TOLK 4711", "unrelated": true},
	}
	record := row{route: "POST " + oral, at: []string{consent}, as: coordinator, barred: strange, body: said}
	w.try(record)
	for _, do := range []string{"/removal", "/confirmation"} {
		id := w.text(`select id::text from sig.consent_oral where consent = $1::uuid and state = 'recorded'`, consent)
		if do == "/confirmation" {
			w.try(row{route: "POST " + oral + "/:oral" + do, at: []string{consent, id}, as: secretary, barred: strange, known: map[string]int{coordinator: 403}})
			continue
		}
		w.try(row{route: "POST " + oral + "/:oral" + do, at: []string{consent, id}, as: secretary, barred: strange})
		if got := w.ask(record.request(coordinator, record.at)); got.status != 200 {
			w.t.Errorf("record it again: %d: %s", got.status, brief(got))
		}
	}
}

// programsImport takes over a paper for Amir, after his first case has ended.
func (w *world) programsImport() {
	id, err := w.town.Propose(w.t.Context(), sample.Families()[0], sig.ProgrammeSIG)
	w.must(err, "propose for Amir anew")
	w.exec(`update sig.intervention set created_at = created_at - interval '1 day' where id = $1`, id)
	in := []string{id.String()}
	body := w.matrix(bothWays...)
	body["method"], body["language"] = "meeting", "sv"
	var signers []any
	for i := range 2 {
		signers = append(signers, map[string]any{"guardian": w.text(fmt.Sprintf(
			`select g.id::text from sig.guardianship g join sig.intervention i on i.youth = g.youth where i.id = $1 and sig.now() < g.valid_to order by g.id limit 1 offset %d`, i), id)})
	}
	signers = append(signers, map[string]any{"youth": w.text(`select youth::text from sig.intervention where id = $1`, id)})
	body["signed_by"] = signers
	w.try(row{route: "POST " + apiCase + "/consent/import", at: in, as: coordinator, body: body, known: map[string]int{secretary: 403},
		barred: append(outside, "police-farsta", "sara")})
}
