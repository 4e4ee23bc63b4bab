package httpd

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// The coordinator's page: every cell of the matrix has words, everybody's
// signature stands there, and only what may be done is offered.
func TestTheBoardReadsWhoMayKnowWhatAndWhoHasSigned(t *testing.T) {
	w := newTown(t)
	path := casePath(w.amir().Intervention)
	w.signIn("coordinator-farsta", "field-assistant-farsta", "police-farsta", "caseworker-farsta")
	page := w.get("coordinator-farsta", path, 200)
	cells := page.Find("table.dense td[role=cell]:not(.narrow-only)")
	if cells.Length() == 0 {
		t.Fatal("there is no matrix")
	}
	cells.Each(func(_ int, cell *goquery.Selection) {
		if cell.Find(".chip svg").Length() != 1 || strings.TrimSpace(cell.Find(".chip").Text()) == "" {
			t.Errorf("a cell has no icon or no words: %q", cell.Text())
		}
		if strings.Contains(cell.Find(".chip").Text(), "Får veta") && !strings.Contains(cell.Find(".chip-date").Text(), "till ") {
			t.Errorf("a cell says that something may be known, and not until when: %q", cell.Text())
		}
	})
	main := inWords(page, "main")
	if n := strings.Count(main, "Har skrivit under"); n != 3 {
		t.Errorf("%d have signed on the page, want the youth and both guardians: %s", n, main)
	}
	for _, says := range []string{"Får inte delas Mentor i skolan, Farstaskolan: Alkohol och droger", "dagar kvar", "Anteckna att någon tog tillbaka", "Pausa samtycket"} {
		if !strings.Contains(main, says) {
			t.Errorf("the page does not say %q", says)
		}
	}
	if page.Find(`a[href$="/withdraw"]`).Length() != 0 {
		t.Error("staff are offered to take back in the family's place")
	}
	if page.Find(".picture svg[role=img] title").Length() == 0 || page.Find(".picture details li").Length() == 0 {
		t.Error("the timeline has no title or no twin in words")
	}
	assistant := inWords(w.get("field-assistant-farsta", path, 200), "main")
	for _, offer := range []string{"Ändra samtycket", "Pausa samtycket", "Anteckna att någon"} {
		if strings.Contains(assistant, offer) {
			t.Errorf("the field assistant is offered %q", offer)
		}
	}
	if police := w.get("police-farsta", path, 200); police.Find("table.dense").Length() != 0 || strings.Contains(inWords(police, "main"), "Sara Rahimi") {
		t.Error("the police see the board's page")
	}
	w.get("caseworker-farsta", path, 404)
}

// A withdrawal by phone is shown before it is recorded, and is one however
// often it is sent; the case then reads as ended and waits for what was
// considered instead.
func TestAWithdrawalByPhoneIsRecorded(t *testing.T) {
	w := newTown(t)
	path := casePath(w.amir().Intervention)
	w.signIn("coordinator-farsta", "social-secretary-farsta", "police-farsta", "field-assistant-farsta")
	w.get("police-farsta", path+"/withdrawals/new", 404)
	w.get("field-assistant-farsta", path+"/withdrawals/new", 403)
	// A form's time has whole minutes, so the case and the custody must not be of this one.
	w.exec(`update sig.intervention set created_at = created_at - interval '1 day'`)
	w.exec(`update sig.guardianship set valid_from = valid_from - interval '1 day'`)
	w.exec(`set session_replication_role = replica; delete from sig.consent_signer where kind = 'youth'; set session_replication_role = origin`) // as where he is only heard
	form := w.get("coordinator-farsta", path+"/withdrawals/new", 200)
	if amir := form.Find(`label:contains("Amir Rahimi")`).Prev().AttrOr("value", ""); !strings.HasPrefix(amir, "youth:") {
		t.Errorf("the young person, who signed nothing, cannot have taken it back: %q", amir)
	}
	sara := form.Find(`label:contains("Sara Rahimi")`).Prev().AttrOr("value", "")
	received := form.Find(`input[name="received_at"]`).AttrOr("value", "")
	wrong := w.read(w.post("coordinator-farsta", path+"/withdrawals/new", 422, "key", "k"))
	for _, field := range []string{"signer", "scope", "channel", "received_at"} {
		if wrong.Find(`.summary a[href="#`+field+`"]`).Length() != 1 {
			t.Errorf("the summary does not lead to %s", field)
		}
	}
	fields := []string{"key", uuid.NewString(), "signer", sara, "scope", scopeAll, "channel", "phone", "received_at", received}
	check := inWords(w.read(w.post("coordinator-farsta", path+"/withdrawals/new", 200, fields...)), "main")
	for _, says := range []string{"Sara Rahimi", "På telefon", "Insatsen avslutas", "Inget ändras förrän du trycker"} {
		if !strings.Contains(check, says) {
			t.Errorf("the check does not say %q: %s", says, check)
		}
	}
	if n := w.count(`select count(*) from sig.withdrawal`); n != 0 {
		t.Errorf("the check has recorded %d withdrawals", n)
	}
	first := w.post("coordinator-farsta", path+"/withdrawals/new", 303, append(fields, "checked", "true")...).Header.Get("Location")
	shown := inWords(w.get("coordinator-farsta", first, 200), "main")
	if !strings.Contains(shown, "På telefon") || !strings.Contains(shown, "Kommunpolis") {
		t.Errorf("the record does not say how it came and who was told: %s", shown)
	}
	w.get("police-farsta", first, 404)
	w.get("coordinator-farsta", path+"/withdrawals/AAAA-BBBB-CCCC", 404)
	ended := w.get("coordinator-farsta", path, 200)
	if text := inWords(ended, "main"); !strings.Contains(text, "Insatsen avslutades") || !strings.Contains(text, "Samtycket togs tillbaka") {
		t.Errorf("the case does not read as ended: %s", text)
	}
	if strings.Contains(inWords(ended, "main"), "inget har lämnats ut") || ended.Find("table.dense").Length() != 0 {
		t.Error("the ended case shows rows as if they held")
	}
	w.considersOtherMeasures(path)
}

// What somebody without standing takes back is kept as a message: no page says
// that it stops anything. A time before the case, and a scope that nobody was
// offered, are refused where they were typed.
func TestAMessageOfSomebodyWithoutStandingStopsNothing(t *testing.T) {
	w := newTown(t)
	path := casePath(w.amir().Intervention)
	w.signIn("coordinator-farsta")
	w.exec(`update sig.intervention set created_at = created_at - interval '1 day'`)
	w.exec(`update sig.guardianship set valid_from = valid_from - interval '1 day'`)
	w.exec(`update sig.guardianship set valid_to = clock_timestamp() - interval '1 hour' where name like 'Omid%'`)
	form := w.get("coordinator-farsta", path+"/withdrawals/new", 200)
	omid := form.Find(`label:contains("Omid Rahimi")`).Prev().AttrOr("value", "")
	received := form.Find(`input[name="received_at"]`).AttrOr("value", "")
	with := func(scope, at string, more ...string) []string {
		return append([]string{"key", "k", "signer", omid, "scope", scope, "channel", "phone", "received_at", at}, more...)
	}
	for field, fields := range map[string][]string{
		"received_at": with(scopeAll, "2001-01-01T10:00"), "scope": with("row:"+uuid.NewString(), received),
	} {
		if wrong := w.read(w.post("coordinator-farsta", path+"/withdrawals/new", 422, fields...)); wrong.Find(`.summary a[href="#`+field+`"]`).Length() != 1 {
			t.Errorf("nothing leads to %s: %s", field, inWords(wrong, ".summary"))
		}
	}
	check := w.read(w.post("coordinator-farsta", path+"/withdrawals/new", 200, with(scopeAll, received)...))
	for _, claim := range []string{"Insatsen avslutas", "Det här slutar", "Stoppa delningen", "Kommunpolis"} {
		if text := inWords(check, "main"); strings.Contains(text, claim) {
			t.Errorf("what stops nothing is said to: %q in %s", claim, text)
		}
	}
	to := w.post("coordinator-farsta", path+"/withdrawals/new", 303, with(scopeAll, received, "checked", "true")...).Header.Get("Location")
	if text := inWords(w.get("coordinator-farsta", to, 200), "main"); !strings.Contains(text, "Inget togs tillbaka") || strings.Contains(text, "Samtycket togs tillbaka") {
		t.Errorf("the message reads: %s", text)
	}
	if n := w.count(`select count(*) from sig.consent where state = 'active'`); n != 1 {
		t.Errorf("%d consents in force, want the one", n)
	}
}

// considersOtherMeasures is the task that an end leaves to the social secretary.
func (w *town) considersOtherMeasures(path string) {
	w.t.Helper()
	if today := inWords(w.get("social-secretary-farsta", "/start", 200), "main"); !strings.Contains(today, "Överväg andra åtgärder") {
		w.t.Errorf("the task does not stand on Today: %s", today)
	}
	told := w.get("coordinator-farsta", "/start", 200)
	if text := inWords(told, "main"); !strings.Contains(text, "Samverkan som har upphört") || !strings.Contains(text, "Avslutades") || told.Find(`.feed a[href="`+path+`"]`).Length() != 1 {
		w.t.Errorf("the coordinator's Today does not tell of the end: %s", text)
	}
	w.get("coordinator-farsta", path+"/outcome", 403)
	w.get("social-secretary-farsta", path+"/outcome", 200)
	w.post("social-secretary-farsta", path+"/outcome", 422, "reason", "x")
	again := w.read(w.post("social-secretary-farsta", path+"/outcome", 422, "outcome", "no_further", "reason", ""))
	if again.Find(`input[value="no_further"][checked]`).Length() != 1 || again.Find(`.summary a[href="#reason"]`).Length() != 1 {
		w.t.Error("doing without needs a reason, and what was chosen is kept")
	}
	w.post("social-secretary-farsta", path+"/outcome", 303, "outcome", "new_inquiry", "reason", "Ny utredning inleds.")
	if n := w.count(`select count(*) from sig.intervention where state = 'closed'`); n != 1 {
		w.t.Errorf("%d interventions are closed", n)
	}
	w.get("social-secretary-farsta", path+"/outcome", 409)
	if text := inWords(w.get("coordinator-farsta", "/start", 200), "main"); strings.Contains(text, "Samverkan som har upphört") {
		w.t.Errorf("what is done stands on Today: %s", text)
	}
}

// T10: whoever works for the board and has no part asks for one, and finds where.
func TestTheBoardsStaffFindWhereToAskToTakePart(t *testing.T) {
	w := newTown(t)
	w.signIn("coordinator-farsta", "social-secretary-farsta", "caseworker-farsta", "field-assistant-farsta", "open-care-farsta",
		"police-farsta", "mentor", "registrar-farsta", "administrator-farsta", "sara")
	for persona, there := range map[string]int{
		"coordinator-farsta": 1, "social-secretary-farsta": 1, "caseworker-farsta": 1, "field-assistant-farsta": 1, "open-care-farsta": 1,
		"police-farsta": 0, "mentor": 0, "registrar-farsta": 0, "administrator-farsta": 0, "sara": 0,
	} {
		if n := w.get(persona, "/help", 200).Find(`header a[href="/requests"]`).Length(); n != there {
			t.Errorf("%s finds %d ways to ask to take part, want %d", persona, n, there)
		}
		if there > 0 {
			w.get(persona, "/requests", 200)
		}
	}
}

// The log: what was done and by whom, for the board and the log reviewer; no
// content, and the reviewer's list names nobody whom a case is about.
func TestTheLedgerIsReadWithoutContent(t *testing.T) {
	w := newTown(t)
	path := casePath(w.amir().Intervention)
	w.signIn("coordinator-farsta", "log-reviewer-farsta", "police-farsta", "caseworker-farsta", "administrator-farsta", "registrar-farsta")
	for _, reader := range []string{"coordinator-farsta", "log-reviewer-farsta"} {
		log := w.get(reader, path+"/log", 200)
		text := inWords(log, "main")
		if !strings.Contains(text, "Läste en kopia") || !strings.Contains(text, "Kommunpolis") {
			t.Errorf("%s does not read who has read: %s", reader, text)
		}
		for log.Find(`a[rel="next"]`).Length() > 0 {
			log = w.get(reader, w.link(log, `a[rel="next"]`), 200)
			text += inWords(log, "main")
		}
		for _, content := range []string{"Frånvaro vecka", "Farsta torg", "behövs inför"} {
			if strings.Contains(text, content) {
				t.Errorf("%s reads content in the log: %q", reader, content)
			}
		}
	}
	for _, other := range []string{"police-farsta", "caseworker-farsta", "administrator-farsta", "registrar-farsta"} {
		w.get(other, path+"/log", 404)
		w.get(other, "/review", 404)
	}
	review := inWords(w.get("log-reviewer-farsta", "/review", 200), "main")
	if strings.Contains(review, "Rahimi") || !strings.Contains(review, "Ärende ") {
		t.Errorf("the reviewer's list names somebody, or no case: %s", review)
	}
	w.get("log-reviewer-farsta", path, 404)
	for who, to := range map[string]string{"log-reviewer-farsta": "/review", "administrator-farsta": "/directory"} {
		if got := w.ask("GET", "/start", "", "Test-Visitor", who); got.Header.Get("Location") != to {
			t.Errorf("%s starts at %q, want %s", who, got.Header.Get("Location"), to)
		}
	}
	directory := inWords(w.get("administrator-farsta", "/directory", 200), "main")
	if !strings.Contains(directory, "Polismyndigheten") || strings.Contains(directory, "Karin Ek") || strings.Contains(directory, "Rahimi") {
		t.Errorf("the directory lacks organisations or names people: %.600s", directory)
	}
	w.get("coordinator-farsta", "/directory", 404)
}

// A pause hides everything at once and ends nothing.
func TestTheBoardPausesAndResumes(t *testing.T) {
	w := newTown(t)
	path := casePath(w.amir().Intervention)
	w.signIn("coordinator-farsta", "police-farsta")
	w.post("police-farsta", path+"/suspend", 404, "why", "suspected_coercion")
	w.post("coordinator-farsta", path+"/suspend", 422)
	w.post("coordinator-farsta", path+"/suspend", 303, "why", "suspected_coercion")
	paused := inWords(w.get("coordinator-farsta", path, 200), "main")
	if !strings.Contains(paused, "Samtycket är pausat") || !strings.Contains(paused, "Låt samtycket gälla igen") || strings.Contains(paused, "Pausa samtycket") {
		t.Errorf("the pause is not shown: %s", paused)
	}
	if !strings.Contains(paused, "pressats") {
		t.Errorf("the pause does not say why: %s", paused)
	}
	w.post("coordinator-farsta", path+"/suspend", 409, "why", "suspected_coercion")
	w.post("coordinator-farsta", path+"/resume", 303)
	if text := inWords(w.get("coordinator-farsta", path, 200), "main"); strings.Contains(text, "Samtycket är pausat") {
		t.Error("the pause does not end")
	}
}

// Maturity is the social secretary's to assess, with reasons, and decides who
// must sign.
func TestMaturityIsAssessedBeforeAnybodySigns(t *testing.T) {
	w := newTown(t)
	s, err := w.Prepared(t.Context(), sample.Families()[2], sig.ProgrammeSSPF)
	if err != nil {
		t.Fatal(err)
	}
	path := casePath(s.Intervention)
	w.signIn("coordinator-farsta", "social-secretary-farsta")
	if text := inWords(w.get("coordinator-farsta", path, 200), "main"); !strings.Contains(text, "vänta på bedömning") {
		t.Errorf("the coordinator is not told to wait: %s", text)
	}
	w.get("coordinator-farsta", path+"/maturity", 403)
	if to := w.link(w.get("social-secretary-farsta", path, 200), ".step .button"); to != path+"/maturity" {
		t.Errorf("the next step leads to %s", to)
	}
	wrong := w.read(w.post("social-secretary-farsta", path+"/maturity", 422, "reason", ""))
	if wrong.Find(".summary li").Length() != 2 {
		t.Errorf("both faults are not said at once: %s", inWords(wrong, ".summary"))
	}
	w.post("social-secretary-farsta", path+"/maturity", 303, "outcome", "mature", "reason", "Kim förstår och kan återge innehållet.")
	if text := inWords(w.get("coordinator-farsta", path, 200), "aside"); !strings.Contains(text, "Kim Öberg Den unge Ska skriva under") {
		t.Errorf("a mature youth is not among those who sign: %s", text)
	}
}
