package httpd

import (
	"net/url"
	"strings"
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/question"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// Whoever comes too late keeps what was typed: the form comes back with the words
// that say what happened, and both texts where somebody else has written; where
// the form is gone too, the text is shown to be copied.
func TestAFormThatCameTooLateKeepsItsWords(t *testing.T) {
	w := newTown(t)
	s := w.amir()
	path := casePath(s.Intervention)
	w.signIn("coordinator-farsta", "social-secretary-farsta", "police-farsta")

	soon := sig.DateOf(w.db.Now(t)).AddDays(30).String()
	version := w.get("coordinator-farsta", path+"/plan/edit", 200).Find(`input[name="version"]`).AttrOr("value", "")
	w.post("coordinator-farsta", path+"/plan/edit", 303, "version", version, "follow_up", soon, "goals.0.text", "Hemma före 22.")
	late := w.read(w.post("social-secretary-farsta", path+"/plan/edit", 409, "version", version, "follow_up", soon, "goals.0.text", "Fotboll på tisdagar."))
	if text := inWords(late, ".banner.warn"); !strings.Contains(text, "Någon har ändrat planen") || !strings.Contains(text, "Hemma före 22.") {
		t.Errorf("what stands in the plan is not shown: %s", text)
	}
	if got := late.Find(`[name="goals.0.text"]`).Text(); got != "Fotboll på tisdagar." {
		t.Errorf("the own goal is %q", got)
	}
	w.post("social-secretary-farsta", path+"/plan/edit", 303, "version", late.Find(`input[name="version"]`).AttrOr("value", ""), "follow_up", soon, "goals.0.text", "Fotboll på tisdagar.")

	named := w.read(w.post("social-secretary-farsta", path+"/maturity", 409, "outcome", "mature", "alone", "plan_goals", "reason", "MARKER-REASON"))
	if text := inWords(named, ".summary"); !strings.Contains(text, "Samtycket nämner en av kategorierna") || named.Find(`textarea[name="reason"]`).Text() != "MARKER-REASON" {
		t.Errorf("the assessment is lost: %s", text)
	}

	_, err := w.Question.Ask(t.Context(), w.actors["coordinator-farsta"], question.New{
		Intervention: s.Intervention, Asked: sample.Police, Category: sig.CategoryPlanGoals, Ends: w.db.Now(t).AddDate(0, 0, 7), Text: "Hur går det?", Necessity: "planen",
	})
	if err != nil {
		t.Fatal(err)
	}
	var asked sig.QuestionID
	if err := w.db.Super().QueryRow(t.Context(), `select id from sig.directed_question`).Scan(&asked); err != nil {
		t.Fatal(err)
	}
	w.get("police-farsta", questionPath(asked), 200)
	if err := w.Question.TakeBack(t.Context(), w.actors["coordinator-farsta"], asked); err != nil {
		t.Fatal(err)
	}
	answer := w.read(w.post("police-farsta", questionPath(asked)+"/answer", 409, "key", "k", "text", "MARKER-ANSWER", "necessity", "planen"))
	if text := inWords(answer, "main"); !strings.Contains(text, "MARKER-ANSWER") || !strings.Contains(text, "Hur går det?") {
		t.Errorf("the answer that came too late is lost: %.400s", text)
	}

	_, err = w.Consenting.Withdraw(t.Context(), w.actors["sara"], consenting.WithdrawInput{
		Intervention: s.Intervention, Scope: sig.WithdrawalScope{Whole: true}, Key: "all",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"coordinator-farsta", "police-farsta"} {
		form := url.Values{"key": {"k"}, "categories": {"plan_goals"}, "text": {"MARKER-WRITTEN <b>"}}
		got := w.ask("POST", path+"/items/new", form.Encode(), "Test-Visitor", who, "Accept-Language", "sv",
			"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
		if got.StatusCode < 400 || !strings.Contains(w.read(got).Find("main").Text(), "MARKER-WRITTEN <b>") {
			t.Errorf("%s: %d, and what was written is lost", who, got.StatusCode)
		}
	}
}
