package httpd

import (
	"net/url"
	"strings"
	"testing"

	"sigportal/internal/sig"
)

// A form says under which hat it was opened: sent under another, by somebody with
// two windows, it does nothing, and what was written is there to be copied.
func TestAFormIsSentUnderTheHatItWasOpenedUnder(t *testing.T) {
	w := newTown(t)
	s := w.amir()
	path := casePath(s.Intervention)
	w.signIn("coordinator-farsta", "social-secretary-farsta")
	form := w.get("coordinator-farsta", path+"/plan/edit", 200)
	each := form.Find(`form[method="post"]`)
	stamped := each.Find(`input[name="as"]`)
	if each.Length() == 0 || stamped.Length() != each.Length() {
		t.Fatalf("%d of %d forms say under which hat they were opened", stamped.Length(), each.Length())
	}
	as := stamped.First().AttrOr("value", "")
	version := form.Find(`input[name="version"]`).AttrOr("value", "")
	soon := sig.DateOf(w.db.Now(t)).AddDays(30).String()
	sends := func(who, as string) (int, string) {
		body := url.Values{"as": {as}, "version": {version}, "follow_up": {soon}, "goals.0.text": {"MARKER-GOAL on Tuesdays"}}
		got := w.ask("POST", path+"/plan/edit", body.Encode(), "Test-Visitor", who, "Accept-Language", "sv",
			"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
		return got.StatusCode, w.read(got).Find("main").Text()
	}
	plans := func() (n int) {
		if err := w.db.Super().QueryRow(t.Context(), `select count(*) from sig.plan`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := plans()
	for _, other := range []string{as, "", "x"} {
		who := "social-secretary-farsta"
		if other != as {
			who = "coordinator-farsta"
		}
		status, text := sends(who, other)
		if status != 409 || !strings.Contains(text, "en annan roll") || !strings.Contains(text, "MARKER-GOAL on Tuesdays") {
			t.Errorf("%s as %q: %d, %.300s", who, other, status, text)
		}
	}
	if plans() != before {
		t.Error("a plan was made under another hat")
	}
	if status, text := sends("coordinator-farsta", as); status != 303 || plans() == before {
		t.Errorf("under the same hat: %d %.300s", status, text)
	}
}
