package scenariotest

import (
	"slices"
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/directory"
	"sigportal/internal/fault"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// jonasGoes is the question whether the field assistants of Farsta may move to
// the culture and leisure board on 1 February.
var jonasGoes = consenting.Reorganisation{Seat: sample.FieldAssistant, To: "kulturfritid", On: sig.Date{Year: 2027, Month: 2, Day: 1}}

func (c *city) foresees(who string, what consenting.Reorganisation) *consenting.Foreseen {
	c.t.Helper()
	f, err := c.Consenting.Foresee(c.ctx(), c.as(who), what)
	c.must(err, who+" asks what a reorganisation would end")
	return f
}

// What the dry run says is what happens: which rows end, which calls, and that
// the intervention goes on.
func TestTheDryRunSaysWhatAMoveEnds(t *testing.T) {
	c := inForce(t, row(sample.Police, sample.FieldAssistant, sig.CategoryPlanGoals), row(sample.Principal, sample.FieldAssistant, sig.CategoryAttendance))
	c.schedules(c.meets("2027-01-20 14:00:00", network, goals, seen))
	after := c.schedules(c.meets("2027-02-10 14:00:00", network, goals, seen))
	rows, tasks := one[int](c, `select count(*)::int from sig.ledger`), one[int](c, `select count(*)::int from sig.task`)
	f := c.foresees(karin, jonasGoes)
	if len(f.Cases) != 1 || f.Whole {
		t.Fatalf("Karin is told of %+v", f)
	}
	said := f.Cases[0]
	if said.ID != c.id || len(said.Rows) != 2 || !said.Stops.IsZero() || said.Own != 0 || f.Sum.Rows != 2 {
		t.Errorf("the dry run says %+v", said)
	}
	if one[int](c, `select count(*)::int from sig.ledger`) != rows+2 || one[int](c, `select count(*)::int from sig.task`) != tasks ||
		one[int](c, `select count(*)::int from sig.function_move`) != 0 {
		t.Error("the dry run wrote more than that somebody looked, or less")
	}

	_, err := directory.Import(c.ctx(), c.db.Owner(), c.jonasMoves(), "an operator")
	c.must(err, "reorganise")
	c.ring()
	if f := c.foresees(karin, jonasGoes); len(f.Cases) != 0 {
		t.Errorf("what is recorded already ends once more: %+v", f.Cases)
	}
	c.until("2027-02-01 00:00:00")
	const ended = `select count(*)::int from sig.meeting_invitation where meeting = $1 and ended_at is not null`
	calls := 0
	for _, l := range said.Calls {
		calls += l.Meetings
	}
	if got := one[int](c, ended, after); got != calls || calls != f.Sum.Calls || calls == 0 {
		t.Errorf("%d calls ended with the move, the dry run said %+v", got, said.Calls)
	}
	over := 0
	for _, r := range c.shown(karin).InForce.Rows {
		if r.Over {
			over++
			if !slices.ContainsFunc(said.Rows, func(s consenting.Row) bool { return s.ID == r.ID && s.To.Equal(r.Leaves) }) {
				t.Errorf("row %d ended, and the dry run did not say so", r.Number)
			}
		}
	}
	if over != len(said.Rows) || c.shown(karin).State != sig.InterventionActive {
		t.Errorf("%d rows ended, the dry run said %d", over, len(said.Rows))
	}
}

// With the last row between police and social services sharing stops, at the
// instant that the dry run said, and every call after it ends.
func TestTheDryRunSaysThatSharingStops(t *testing.T) {
	c := jonasIsTheCore(t)
	after := c.schedules(c.meets("2027-02-10 14:00:00", []sig.Seat{sample.Coordinator, sample.Principal}, goals))
	every := jonasGoes
	every.Seat.Unit = ""
	f := c.foresees(karin, every)
	if len(f.Cases) != 1 || f.Sum.Stops != 1 || f.Sum.Rows != 2 {
		t.Fatalf("the dry run says %+v", f)
	}
	if got := c.foresees("administrator-farsta", jonasGoes); !got.Whole || len(got.Cases) != 0 || got.Sum != f.Sum {
		t.Errorf("the administrator is told %+v, want the numbers %+v alone", got, f.Sum)
	}
	_, err := directory.Import(c.ctx(), c.db.Owner(), c.jonasMoves(), "an operator")
	c.must(err, "reorganise")
	c.until("2027-02-01 00:00:00")
	view := c.shown(karin)
	if view.State != sig.InterventionSharingStopped || !view.StateSince.Equal(f.Cases[0].Stops) {
		t.Errorf("the intervention is %s since %s, the dry run said %s", view.State, view.StateSince, f.Cases[0].Stops)
	}
	if got := one[int](c, `select count(*)::int from sig.meeting_invitation where meeting = $1 and ended_at is not null`, after); got != f.Sum.Calls || got == 0 {
		t.Errorf("%d calls ended, the dry run said %+v", got, f.Cases[0].Calls)
	}
}

// A young person's own yes ends with its function too.
func TestTheDryRunSaysWhatEndsOfAnOwnYes(t *testing.T) {
	c := inForce(t)
	c.must(c.assesses(sig.CategoryPupilHealth), "Nadia finds that pupil health is Amir's alone")
	asked := c.asksAmir()
	c.inTheOffice()
	c.must(c.gives("amir", asked), "Amir says yes")
	told := c.told(malin, sample.Coordinator, sig.CategoryPupilHealth)
	goes := consenting.Reorganisation{Seat: sample.Counsellor, To: "kulturfritid", On: sig.Date{Year: 2027, Month: 1, Day: 15}}
	f := c.foresees(karin, goes)
	if len(f.Cases) != 1 || f.Cases[0].Own != 1 || f.Sum.Own != 1 {
		t.Fatalf("the dry run says %+v", f)
	}
	_, err := c.db.Super().Exec(c.ctx(), `insert into sig.function_move (id, authority, function, from_unit, to_unit, moved_at) values (gen_random_uuid(), $1, $2, $3, 'kulturfritid-falt', $4)`,
		sample.Counsellor.Authority, sample.Counsellor.Function, sample.Counsellor.Unit, goes.On.Start())
	c.must(err, "move the counsellor")
	c.db.FreezeClock(t, goes.On.Start())
	if c.reads(karin, told) {
		t.Error("Karin reads what the own yes let be told after its function left")
	}
}

// Who may ask: the coordinator of her own, an office of its authority in numbers,
// nobody else; and not of a move that is none.
func TestWhoMayAskWhatAReorganisationEnds(t *testing.T) {
	c := inForce(t, row(sample.Police, sample.FieldAssistant, sig.CategoryPlanGoals))
	for _, who := range []string{nadia, berg, malin, jonas, "log-reviewer-farsta", "sara", "omid", "amir"} {
		_, err := c.Consenting.Foresee(c.ctx(), c.as(who), jonasGoes)
		c.refusedWith(err, "error.not_found", who+" asks what a reorganisation would end")
		if _, err := c.Consenting.MayForesee(c.ctx(), c.as(who)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s is shown the form: %v", who, err)
		}
		if n, err := c.does(who, `select unnest(sig.cases_to_foresee())`); n != 0 || err != nil {
			t.Errorf("the database tells %s of %d cases, %v", who, n, err)
		}
	}
	for _, who := range []string{"administrator-farsta", "registrar-farsta"} {
		f := c.foresees(who, jonasGoes)
		if !f.Whole || len(f.Cases) != 0 || f.Sum.Cases != 1 || f.Sum.Rows != 1 {
			t.Errorf("%s is told %+v", who, f)
		}
	}
	if f := c.foresees("coordinator-skarholmen", jonasGoes); f.Whole || f.Sum != (consenting.ForeseenSum{}) {
		t.Errorf("another board's coordinator is told %+v", f)
	}
	for code, wrong := range map[string]func(*consenting.Reorganisation){
		"to error.choose_one":   func(r *consenting.Reorganisation) { r.To = r.Seat.Authority },
		"on error.day_ahead":    func(r *consenting.Reorganisation) { r.On = sig.DateOf(c.db.Now(t)) },
		"seat error.choose_one": func(r *consenting.Reorganisation) { r.Seat.Unit = "nowhere" },
	} {
		bad := jonasGoes
		wrong(&bad)
		_, err := c.Consenting.Foresee(c.ctx(), c.as(karin), bad)
		c.refusedWith(err, code, "Karin asks of a move that is none")
	}
}
