package httpd

import (
	"strings"
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// The text for the board's journal says when, in which case, who, by which
// decision and reference, and names the functions that may tell each other or
// may not any more; the file holds the same, the oldest first.
func TestTheJournalTextSaysWhatTheBoardMustNote(t *testing.T) {
	w := newTown(t)
	story := w.amir()
	path := casePath(story.Intervention) + "/journal"
	w.signIn("coordinator-farsta", "social-secretary-farsta", "police-farsta", "field-assistant-farsta")
	r, err := w.Consenting.Withdraw(t.Context(), w.actors["omid"], consenting.WithdrawInput{
		Intervention: story.Intervention, Key: "k", Scope: sig.WithdrawalScope{Recipient: sig.Seat{Authority: "utbildning"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var number string
	if err := w.db.Super().QueryRow(t.Context(), `select case_number from sig.intervention`).Scan(&number); err != nil {
		t.Fatal(err)
	}
	page := w.get("coordinator-farsta", path, 200)
	text := page.Find("main .feed").Text()
	for _, says := range []string{
		"Ärende " + number,
		"Vem: Sara Rahimi (vårdnadshavare)", "Sätt: På ett möte",
		"Beslutets datum: ", "Referens: FSDN 2026/417",
		"Får berätta: Kommunpolis, Lokalpolisområde Farsta till SIG-samordnare, Enheten för barn och unga, Farsta: ",
		"Referens: " + r.Reference, "Vem: Omid Rahimi (vårdnadshavare)", "Hur: I portalen",
		"Får inte längre berätta: Skolkurator, Elevhälsan, Farstaskolan till SIG-samordnare, Enheten för barn och unga, Farsta: ",
	} {
		if !strings.Contains(text, says) {
			t.Errorf("the journal does not say %q:\n%s", says, text)
		}
	}
	if strings.Contains(text, "Får inte längre berätta: Kommunpolis") {
		t.Error("the journal takes from the police what nobody took")
	}
	for _, raw := range []string{"{", "journal.", "police_preventive", story.Intervention.String()} {
		if strings.Contains(text, raw) {
			t.Errorf("the journal shows a code, %q:\n%s", raw, text)
		}
	}
	file := w.ask("GET", path+"?file=1", "", "Test-Visitor", "social-secretary-farsta", "Accept-Language", "en")
	w.want(file, 200)
	if got := file.Header.Get("Content-Disposition"); got != `attachment; filename="`+number+`.txt"` {
		t.Errorf("the file comes as %s", got)
	}
	given, taken := strings.Index(file.body, "FSDN 2026/417"), strings.Index(file.body, r.Reference)
	if given < 0 || taken < given || !strings.Contains(file.body, "Ärende "+number) || strings.Contains(file.body, "<") {
		t.Errorf("the file, the oldest first and in Swedish: %s", file.body)
	}
	if n := w.count(`select count(*) from sig.ledger where kind = 'mark_read_journal' and outcome = 'allowed'`); n != 1 {
		t.Errorf("%d rows say that the journal was taken, want one", n)
	}
	w.get("police-farsta", path, 404)
	w.get("field-assistant-farsta", path+"?file=1", 404)
}

// Two months later somebody asks which of the two guardians took the consent
// back (domain 3.5): the case has ended, Omid is no guardian any more, and the
// text still names both.
func TestTheJournalNamesTheGuardiansAfterTheCaseHasEnded(t *testing.T) {
	w := newTown(t)
	story := w.amir()
	w.signIn("coordinator-farsta", "police-farsta")
	if _, err := w.Consenting.Withdraw(t.Context(), w.actors["omid"], consenting.WithdrawInput{
		Intervention: story.Intervention, Key: "k", Scope: sig.WithdrawalScope{Whole: true},
	}); err != nil {
		t.Fatal(err)
	}
	w.exec(`update sig.guardianship set valid_to = sig.now() where name = 'Omid Rahimi'`)
	path := casePath(story.Intervention) + "/journal"
	page := w.get("coordinator-farsta", path, 200).Find("main .feed").Text()
	file := w.ask("GET", path+"?file=1", "", "Test-Visitor", "coordinator-farsta").body
	for where, text := range map[string]string{"page": page, "file": file} {
		if n := strings.Count(text, "Vem: Omid Rahimi (vårdnadshavare)"); n < 3 { // told, signed, taken back
			t.Errorf("the %s names Omid %d times:\n%s", where, n, text)
		}
		if !strings.Contains(text, "Vem: Sara Rahimi (vårdnadshavare)") || strings.Contains(text, "Vem: vårdnadshavare") || strings.Contains(text, "Vem: den unge") {
			t.Errorf("the %s does not say who:\n%s", where, text)
		}
	}
	w.get("police-farsta", path, 404)
}
