package walltest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"sigportal/internal/dbtest"
	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// meetingDisagreements asks all opinions about the meetings and plans of one
// world.
func (w *world) meetingDisagreements(t *testing.T, db *dbtest.Database, broken change, third bool) (asked, allowed int, found []string) {
	t.Helper()
	w.load(t, db.Super())
	for _, a := range w.askers() {
		sql, pure := sqlMeetings(t, db, a), w.goMeetings(a, broken)
		var cedar met
		if third {
			cedar = w.cedarMeetings(t, a)
		}
		compare := func(key string) {
			asked++
			if sql[key] {
				allowed++
			}
			if sql[key] != pure[key] || third && cedar[key] != sql[key] {
				found = append(found, fmt.Sprintf("%s %d asks for %s: sql %v, go %v, cedar %v", a.name, a.staff, key, sql[key], pure[key], cedar[key]))
			}
		}
		for _, m := range w.meets {
			for _, p := range m.points {
				compare(pointKey(p.id))
				compare(textKey(p.id))
			}
		}
		for _, p := range w.plans {
			for _, one := range p.texts {
				compare(planKey(one.id))
			}
		}
	}
	return asked, allowed, found
}

// Both walls and Cedar agree about every point of a meeting, its text, and
// every text of a plan, in every random world.
func TestTheWallsAgreeOnMeetingsAndPlans(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	total, yes := 0, 0
	for seed := uint64(1); total < *requests; seed++ {
		w := newWorld(seed)
		db.FreezeClock(t, w.now)
		asked, allowed, found := w.meetingDisagreements(t, db, nil, true)
		total, yes = total+asked, yes+allowed
		for _, f := range found {
			t.Errorf("world %d: %s", seed, f)
		}
		if t.Failed() {
			return
		}
	}
	if yes*20 < total {
		t.Errorf("only %d of %d questions were answered yes: the worlds are too forbidding to prove anything", yes, total)
	}
	t.Logf("N = %d questions, %d answered yes, 0 disagreements", total, yes)
}

const tellingSeat, atMeetings = "seat_tells", "may_attend"

// meetingMutants are faults of meetings and plans, planted in both walls where
// both have the rule.
var meetingMutants = []mutant{
	{"only now is asked about", func(r *policy.Request) { r.Meeting.Start = r.Now },
		[][3]string{{atMeetings, "array[now, greatest(now, p.starts_at)]", "array[now]"}}},
	{"only the meeting's time is asked about", func(r *policy.Request) {
		if r.Meeting.Start.After(r.Now) {
			r.Now = r.Meeting.Start
		}
	}, [][3]string{{atMeetings, "array[now, greatest(now, p.starts_at)]", "array[greatest(now, p.starts_at)]"}}},
	{"the teller need not be able to tell the host", func(r *policy.Request) {
		if r.Action == policy.Attend || r.Action == policy.SeeCall {
			g := sig.Grant{Discloser: r.Meeting.Teller.Seat(), Recipient: r.Meeting.Host.Seat(), Categories: sig.Categories(),
				Districts: districts, From: r.Now.Add(-time.Hour), To: r.Meeting.Start.Add(100 * 24 * time.Hour)}
			r.Consent.Grants = append(r.Consent.Grants[:len(r.Consent.Grants):len(r.Consent.Grants)], g)
		}
	}, [][3]string{{atMeetings, "if not (p.teller_authority = p.host_authority and sig.one_house(p.teller_unit, p.host_unit))", "if false"}}},
	{"window end inclusive", func(r *policy.Request) {
		r.Consent.Grants = eachGrant(r, func(g *sig.Grant) { g.To = g.To.Add(time.Nanosecond) })
	}, [][3]string{{tellingSeat, "$10 < least(g.valid_to, c.oral_until)", "$10 <= least(g.valid_to, c.oral_until)"}}},
	{"an oral yes never ends", nil, [][3]string{{tellingSeat, "least(g.valid_to, c.oral_until)", "g.valid_to"}}},
	{"a yes that waits for somebody new counts", nil, [][3]string{{tellingSeat, "sig.instant() < c.stands_until", "true"}}},
	{"it waits an instant too late", nil, [][3]string{{tellingSeat, "sig.instant() < c.stands_until", "sig.instant() <= c.stands_until"}}},
	{"exclusion ignored", func(r *policy.Request) { r.Consent.Exclusions = nil }, [][3]string{{tellingSeat, "x.consent = c.id", "false"}}},
	{"category ignored", func(r *policy.Request) {
		r.Consent.Grants = eachGrant(r, func(g *sig.Grant) { g.Categories = sig.Categories() })
	}, [][3]string{{tellingSeat, "$9 = any (g.categories)", "true"}}},
	{"district ignored", func(r *policy.Request) { r.Recipient.Place.Districts = nil }, [][3]string{{tellingSeat, "$8 <@ g.districts", "true"}}},
	{"suspended accepted", func(r *policy.Request) {
		if r.Consent.State == sig.ConsentSuspended {
			r.Consent.State = sig.ConsentActive
		}
	}, [][3]string{{tellingSeat, "c.state = 'active'", "c.state in ('active', 'suspended')"}}},
	{"an intervention that has ended", func(r *policy.Request) { r.Case = sig.InterventionActive }, [][3]string{
		{atMeetings, "i.state = 'active'", "true"}, {"my_calls", "s.state = 'active'", "true"}, {"may_see_plan", "i.state = 'active'", "true"},
		{"my_plans", "s.state = 'active'", "true"}, {"my_commitments", "s.state = 'active'", "true"}, {"my_family_calls", "i.state = 'active'", "true"},
	}},
	{"an ended call", nil, [][3]string{{"my_calls", "v.ended_at is null", "true"}}},
	{"an ended call to a point", nil, [][3]string{{"my_calls", "r.ended_at is null", "true"}}},
	{"a text that only the teller may tell", nil, [][3]string{{"my_point_texts", "where c.told", ""}}},
	{"a family sees the board's own points", nil, [][3]string{{"my_family_calls", "and not o.by_need", ""}}},
	{"another function stays with the family", func(r *policy.Request) {
		if r.Action != policy.SeeCall {
			r.Meeting.FamilyAlone = false
		}
	}, [][3]string{{atMeetings, "or (authority, function, here) is distinct from (p.host_authority, p.host_function, p.host_unit)", ""}}},
	{"the family does not see its own point", func(r *policy.Request) {
		if r.Action == policy.SeeCall {
			r.Meeting.FamilyAlone = false
		}
	}, [][3]string{{"told_by_need", "if p.family_alone then", "if false then"}}},
	{"somebody from outside tells the family alone", nil, [][3]string{
		{atMeetings, "(p.teller_authority, p.teller_function, p.teller_unit) is distinct from (p.host_authority, p.host_function, p.host_unit)", "false"}}},
	{"a family sees what was", nil, [][3]string{{"my_family_calls", "and now < m.ends_at", ""}}},
	{"an own yes counts over anything", func(r *policy.Request) {
		for _, g := range r.Consent.Grants {
			if g.Own && r.Action != policy.SeeCall {
				r.Consent.Alone = slices.Concat(r.Consent.Alone, g.Categories)
			}
		}
	}, [][3]string{{tellingSeat, "and o.categories <@ alone", ""}}},
	{"an own yes reaches no meeting", func(r *policy.Request) {
		r.Consent.Grants = slices.DeleteFunc(slices.Clone(r.Consent.Grants), func(g sig.Grant) bool { return g.Own })
	}, [][3]string{{tellingSeat, "$9 = any (alone) and o.intervention", "false and o.intervention"}}},
	{"an own yes that was never given counts", nil, [][3]string{{tellingSeat, "o.given_at is not null", "true"}}},
	{"an own yes that was taken back counts", nil, [][3]string{{tellingSeat, "o.ended_at is null", "true"}}},
	{"an own yes of another case counts", nil, [][3]string{{tellingSeat, "o.intervention = $1", "true"}}},
	{"everybody's rows count over what is the youth's alone", func(r *policy.Request) {
		r.Consent.Grants = eachGrant(r, func(g *sig.Grant) { g.Own = g.Own || within(g.Categories, r.Consent.Alone) })
	}, [][3]string{{tellingSeat, "$9 <> all (alone) and", ""}}},
	{"a guardian sees who comes by an own yes", func(r *policy.Request) {
		if r.Action == policy.SeeCall && r.Actor.Kind == sig.ActorGuardian {
			r.Actor.Kind, r.Actor.InOffice = sig.ActorYouth, true
		}
	}, [][3]string{{"my_family_calls", "unseen := sig.in_the_office()", "unseen := sig.actor_kind() = 'guardian' or sig.in_the_office()"}}},
	{"the youth sees at home who comes by an own yes", func(r *policy.Request) { r.Actor.InOffice = true },
		[][3]string{{"my_family_calls", "unseen := sig.in_the_office()", "unseen := sig.actor_kind() = 'youth'"}}},
	{"the whole board reads what is said at a point", func(r *policy.Request) { r.Meeting.Called = true },
		[][3]string{{"meeting_point_text.point_text_whole_for_board", "AND (point <> ALL (( SELECT sig.points_kept_from_me() AS points_kept_from_me)::uuid[]))", ""}}},
	{"the hour in the office is of whoever signs in", nil, [][3]string{{"reads_in_office", "h.office_session = $2 and", ""}}},
	{"the youth sees in the office nothing of it", func(r *policy.Request) { r.Actor.InOffice = false },
		[][3]string{{"my_family_calls", "unseen := sig.in_the_office()", "unseen := false"}}},
	{"an own yes carries no plan", func(r *policy.Request) {
		if r.Action == policy.ReadPlan {
			r.Consent.Grants = slices.DeleteFunc(slices.Clone(r.Consent.Grants), func(g sig.Grant) bool { return g.Own })
		}
	}, [][3]string{{"may_see_plan", "return sig.seat_tells(", "return 'plan_goals' <> all (sig.alone_in(p.intervention)) and sig.seat_tells("}}},
	{"a guardian reads a plan that is the youth's alone", func(r *policy.Request) {
		if r.Action == policy.ReadAsFamily {
			r.Consent.Alone = nil
		}
	}, [][3]string{{"my_plan_texts", "'plan_goals' <> all (sig.alone_in(c))", "true"}}},
	{"another's commitment", nil, [][3]string{{"my_commitments", "and c.function = s.function", ""}, {"my_commitments", "and c.unit = any (s.units)", ""}}},
	{"a text of an old version", nil, [][3]string{{"plan_text.plan_text_of_function", "(version_to IS NULL) AND", ""}}},
	{"the plan decided for another member of the family", nil, [][3]string{{"my_plan_texts", "v.viewer = sig.my_standing() and", ""}}},
	{"home risk ignored", func(r *policy.Request) { r.Item.LowRisk = true },
		[][3]string{{"my_plan_texts", "and (v.low_risk_at_home or not at_home)", ""}}},
}

func TestEveryFaultOfMeetingsAndPlansIsCaught(t *testing.T) {
	t.Parallel()
	for _, m := range meetingMutants {
		t.Run("sql: "+m.name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			plant(t, db, m.sql)
			caught := worldsUntil(t, db, patience, func(w *world) bool {
				_, _, found := w.meetingDisagreements(t, db, nil, false)
				return len(found) > 0
			})
			if caught == 0 {
				t.Errorf("not caught in %d worlds", patience)
			}
			t.Logf("caught in world %d", caught)
		})
	}
	t.Run("go", func(t *testing.T) {
		t.Parallel()
		db := dbtest.New(t)
		for _, m := range meetingMutants {
			if m.pure == nil {
				continue
			}
			caught := worldsUntil(t, db, patience, func(w *world) bool {
				_, _, found := w.meetingDisagreements(t, db, m.pure, false)
				return len(found) > 0
			})
			if caught == 0 {
				t.Errorf("go: %s: not caught in %d worlds", m.name, patience)
			}
			t.Logf("go: %s: caught in world %d", m.name, caught)
		}
	})
}
