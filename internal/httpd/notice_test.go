package httpd

import (
	"strings"
	"testing"

	"sigportal/internal/notice"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// Around a protected identity no message leaves for the family: the page says so
// and offers none, and does not say why.
func TestWhoIsToldNothingIsOfferedNothing(t *testing.T) {
	told := &notice.Service{Texts: true, Languages: func(bool) []string { return []string{"sv"} }}
	w := newTown(t, func(d *Deps) { d.Notice = told })
	told.DB, told.Sealer = w.db.App(), w.Consenting.Sealer
	s := w.amir()
	w.signIn("coordinator-farsta")
	const nothing = "Vi skickar inga meddelanden till dig"
	for _, who := range []string{"sara", "amir", "coordinator-farsta"} {
		if page := w.get(who, noticePath, 200); page.Find(`main form[action="/settings"]`).Length() != 1 || strings.Contains(page.Text(), nothing) {
			t.Errorf("%s cannot choose", who)
		}
	}
	if _, err := w.Consenting.Protect(t.Context(), w.actors["coordinator-farsta"], s.Intervention, sig.ProtectionMarked); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"sara", "amir"} {
		main := w.get(who, noticePath, 200).Find("main")
		if main.Find("form, input, select").Length() != 0 || !strings.Contains(main.Text(), nothing) || strings.Contains(main.Text(), "kydda") {
			t.Errorf("%s reads %s", who, main.Text())
		}
	}
	if w.get("coordinator-farsta", noticePath, 200).Find(`main form[action="/settings"]`).Length() != 1 {
		t.Error("the coordinator, who is told, cannot choose")
	}
	for _, l := range words.FamilyLanguages() {
		if !l.Has("notice.silent") {
			t.Errorf("%s has no words for it", l.Name())
		}
	}
}
