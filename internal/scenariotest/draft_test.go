package scenariotest

import (
	"net/url"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/consenting"
	"sigportal/internal/draft"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// drafting is the service, and shortcuts that fail the test.
type drafting struct {
	*city
	*draft.Service
}

func (c *city) drafting() drafting {
	return drafting{c, &draft.Service{DB: c.db.App(), Sealer: c.Sealer}}
}

func typed(text string) url.Values { return url.Values{"goals.0.text": {text}, "version": {"3"}} }

// types keeps a text in a window of its own.
func (d drafting) types(who, address, text string) draft.Ref {
	d.t.Helper()
	kept, beside, err := d.Save(d.ctx(), d.as(who), draft.Form{Intervention: d.id, Address: address}, draft.Ref{ID: sig.DraftID{UUID: uuid.New()}}, typed(text))
	d.must(err, who+" types")
	if kept.Version != 1 || !beside.IsZero() {
		d.t.Errorf("a first draft of %s: %+v beside %v", who, kept, beside)
	}
	return kept
}

func (d drafting) count(who, address string) int {
	d.t.Helper()
	list, err := d.List(d.ctx(), d.as(who), d.id, address)
	d.must(err, who+" looks for drafts")
	return len(list)
}

// TestADraftIsItsWritersAlone: what Karin types is kept sealed and found by her
// alone, in the hat in which she typed it, and what is thrown away or a month
// old is gone.
func TestADraftIsItsWritersAlone(t *testing.T) {
	c := inForce(t)
	d := c.drafting()
	const plan = "plan/edit"
	first := d.types(karin, plan, "MARKER-DRAFT")
	for _, who := range []string{nadia, jonas, berg, malin, lind, elsa, "registrar-farsta", "log-reviewer-farsta", "sara", "amir"} {
		if n := d.count(who, plan); n != 0 {
			t.Errorf("%s finds %d drafts", who, n)
		}
		if n, err := c.does(who, `select from sig.draft`); err != nil || n != 0 {
			t.Errorf("the database shows %s %d drafts, %v", who, n, err)
		}
		if got, err := d.Open(c.ctx(), c.as(who), c.id, first.ID); fault.KindOf(err) != fault.NotFound || got.Values != nil {
			t.Errorf("%s opens %+v, %v", who, got, err)
		}
	}
	for _, who := range []string{lind, elsa, "registrar-farsta", "log-reviewer-farsta", "sara", "amir"} {
		_, _, err := d.Save(c.ctx(), c.as(who), draft.Form{Intervention: c.id, Address: plan}, draft.Ref{ID: sig.DraftID{UUID: uuid.New()}}, typed("x"))
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s, who takes no part as staff, keeps a draft: %v", who, err)
		}
	}
	_, _, err := d.Save(c.ctx(), c.as(berg), draft.Form{Intervention: c.id, Address: plan}, first, typed("MARKER-BERG"))
	c.must(err, "Berg saves under Karin's draft") // it is a draft of his own then
	_, _, err = d.Save(c.ctx(), c.as(malin), draft.Form{Intervention: c.id, Address: plan}, draft.Ref{ID: first.ID}, typed("MARKER-MALIN"))
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("Malin takes the name of Karin's draft: %v", err)
	}
	got, err := d.Open(c.ctx(), c.as(karin), c.id, first.ID)
	if err != nil || got.Values.Get("goals.0.text") != "MARKER-DRAFT" || got.Values.Get("version") != "3" || got.Version != 1 {
		t.Errorf("Karin finds %+v, %v", got, err)
	}
	if n := one[int](c, `select count(*)::int from sig.draft where position('MARKER' in encode(body_sealed, 'escape')) > 0`); n != 0 {
		t.Error("a draft lies in clear in the database")
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'open_draft' and outcome = 'allowed'`); n != 1 {
		t.Errorf("%d rows in the ledger for one draft that was brought out", n)
	}
	if n := one[int](c, `select count(*)::int from sig.item`) + one[int](c, `select count(*)::int from sig.plan`); n != 1 {
		t.Errorf("a draft has become content: %d", n)
	}
	c.must(d.Drop(c.ctx(), c.as(berg), c.id, first.ID), "Berg throws away what he has not")
	if d.count(karin, plan) != 1 {
		t.Error("Berg has thrown Karin's draft away")
	}
	c.must(d.Drop(c.ctx(), c.as(karin), c.id, first.ID), "Karin throws it away")
	if d.count(karin, plan) != 0 {
		t.Error("it is still there")
	}
	d.types(karin, plan, "MARKER-OLD")
	c.db.SetClock(t, stockholm("2027-01-20 10:00:00"))
	d.types(karin, "meetings/x/minutes", "MARKER-NEW")
	if n := d.count(karin, plan); n != 0 {
		t.Errorf("a month later %d are still there", n)
	}
}

// TestTwoWindowsLoseNothing: a window that has not seen what another made of the
// same draft keeps its text as a draft of its own; a form that was saved takes
// its draft with it, unless another window went on.
func TestTwoWindowsLoseNothing(t *testing.T) {
	c := inForce(t)
	d := c.drafting()
	f := draft.Form{Intervention: c.id, Address: "plan/edit"}
	save := func(seen draft.Ref, text string) (draft.Ref, sig.DraftID) {
		t.Helper()
		kept, beside, err := d.Save(c.ctx(), c.as(karin), f, seen, typed(text))
		c.must(err, "Karin types "+text)
		return kept, beside
	}
	first := d.types(karin, f.Address, "one")
	second, beside := save(first, "one, two")
	if second.ID != first.ID || second.Version != 2 || !beside.IsZero() {
		t.Errorf("typed on: %+v beside %v", second, beside)
	}
	other, beside := save(first, "one, three")
	if other.ID == first.ID || other.Version != 1 || beside != first.ID {
		t.Errorf("the other window: %+v beside %v", other, beside)
	}
	if again, beside := save(draft.Ref{ID: first.ID}, "one, two"); again.ID != first.ID || again.Version != 2 || !beside.IsZero() {
		t.Errorf("the same text once more: %+v beside %v", again, beside)
	}
	texts := map[string]bool{}
	list, err := d.List(c.ctx(), c.as(karin), c.id, f.Address)
	c.must(err, "Karin looks")
	for _, r := range list {
		got, err := d.Open(c.ctx(), c.as(karin), c.id, r.ID)
		c.must(err, "Karin opens")
		texts[got.Values.Get("goals.0.text")] = true
	}
	if len(list) != 2 || !texts["one, two"] || !texts["one, three"] {
		t.Errorf("of two windows there is %v", texts)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'keep_draft' and outcome = 'allowed'`); n != 2 {
		t.Errorf("%d rows in the ledger for two drafts", n)
	}
	c.must(d.Done(c.ctx(), c.as(karin), c.id, first, typed("one")), "a window saves the form that another went on with")
	c.must(d.Done(c.ctx(), c.as(karin), c.id, other, typed("one, three")), "the other saves")
	if n := d.count(karin, f.Address); n != 1 {
		t.Errorf("%d drafts after one was done", n)
	}
	c.must(d.Done(c.ctx(), c.as(karin), c.id, first, typed("one, two")), "what was saved is what stands in the draft")
	if gone, beside := save(second, "one, two, four"); gone.ID == second.ID || gone.Version != 1 || !beside.IsZero() {
		t.Errorf("typing goes on over what was thrown away: %+v beside %v", gone, beside)
	}
	for range draft.Most - 1 {
		d.types(karin, "meetings/x/minutes", "again")
	}
	_, _, err = d.Save(c.ctx(), c.as(karin), f, draft.Ref{ID: sig.DraftID{UUID: uuid.New()}}, typed("one too many"))
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("one too many: %v", err)
	}
}

// TestDraftsEndWithThePart: whoever is cut off has no drafts of the case any
// more, from the same transaction on; the board's own stay until their writer's
// part or the case ends.
func TestDraftsEndWithThePart(t *testing.T) {
	c := inForce(t)
	d := c.drafting()
	const plan = "plan/edit"
	left := func(want map[string]int) {
		t.Helper()
		got := map[string]int{}
		for _, name := range []string{karin, jonas, berg, malin} {
			got[name] = one[int](c, `select count(*)::int from sig.draft where assignment = '`+c.as(name).Assignment.String()+`'`)
		}
		for name, n := range want {
			if got[name] != n {
				t.Errorf("%s has %d drafts, want %d", name, got[name], n)
			}
		}
	}
	for _, who := range []string{karin, jonas, berg, malin} {
		d.types(who, plan, "MARKER-"+who)
	}
	room := "meetings/" + c.schedules(c.meets("2027-02-12 14:00:00", network, goals, seen, attendance)).String() + "/room/points/x"
	_, err := c.db.Owner().Pool().Exec(c.ctx(), `update sig.participation set valid_to = sig.now() where assignment = $1`, c.as(jonas).Assignment)
	c.must(err, "Jonas' part ends")
	left(map[string]int{karin: 1, jonas: 0, berg: 1, malin: 1})
	d.types(berg, room, "MARKER-POINT")
	d.types(malin, room, "MARKER-POINT")
	c.withdraws("sara", theSchool)
	left(map[string]int{karin: 1, berg: 2, malin: 1}) // her call has ended; what she typed elsewhere is her own
	c.withdraws("amir", sig.WithdrawalScope{Whole: true})
	left(map[string]int{karin: 1, berg: 0, malin: 0})
	if n := d.count(karin, plan); n != 1 {
		t.Errorf("the board's own draft is gone with the consent: %d", n)
	}
	_, err = c.Consenting.RecordOutcome(c.ctx(), c.as(nadia), c.id, consenting.OutcomeNoFurther, "målet är nått")
	c.must(err, "Nadia closes it")
	left(map[string]int{karin: 0})
}
