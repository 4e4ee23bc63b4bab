package walltest

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/dbtest"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// met is what one opinion lets one asker see of meetings and plans, by what it
// is and its id.
type met map[string]bool

func pointKey(id sig.PointID) string   { return "point " + id.String() }
func textKey(id sig.PointID) string    { return "text of point " + id.String() }
func planKey(id sig.PlanTextID) string { return "text of plan " + id.String() }

// sqlMeetings asks row-level security.
func sqlMeetings(t *testing.T, db *dbtest.Database, a asker) met {
	t.Helper()
	out := met{}
	err := db.App().Do(t.Context(), a.actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(t.Context()); err != nil {
			return err
		}
		rows, err := tx.Query(t.Context(), `select 'point ' || id from sig.meeting_point
			union all select 'text of point ' || point from sig.meeting_point_text
			union all select 'text of plan ' || id from sig.plan_text`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var key string
			if err := rows.Scan(&key); err != nil {
				return err
			}
			out[key] = true
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatalf("ask the database: %v", err)
	}
	return out
}

// place is a seat where it sits now, as the directory has it.
func (w *world) place(s sig.Seat) sig.Place {
	s = w.sits(s)
	p := sig.Place{Authority: s.Authority, PublicBody: true, Branch: sig.BranchID(s.Authority), Unit: s.Unit, Function: s.Function}
	p.Districts = w.units[slices.IndexFunc(w.units, func(u unit) bool { return u.id == s.Unit })].districts
	return p
}

// filled are the seats that a member of staff fills in a case, as questions.
func (w *world) filled(a asker, inCase int) []*policy.Request {
	var out []*policy.Request
	for _, r := range w.seatRequests(a, inCase) {
		if r.Actor.Participates && r.Actor.InForce {
			here := w.sits(r.Actor.Place.Seat())
			r.Actor.Place.Unit, r.Actor.Place.Branch = here.Unit, sig.BranchID(here.Authority)
			r.Recipient = policy.Recipient{Place: r.Actor.Place, Participates: true}
			out = append(out, r)
		}
	}
	return out
}

func onBoard(rs []*policy.Request, board sig.AuthorityID) bool {
	return slices.ContainsFunc(rs, func(r *policy.Request) bool { return r.Actor.Place.Authority == board })
}

// goMeetings asks the pure policy, as the services do.
func (w *world) goMeetings(a asker, broken change) met {
	out := met{}
	may := func(r *policy.Request) bool {
		if broken != nil {
			broken(r)
		}
		return policy.Decide(r).Allowed
	}
	for _, m := range w.meets {
		for n, p := range m.points {
			if a.staff < 0 {
				out[pointKey(p.id)] = w.familySees(a, m, n, broken)
				continue
			}
			for _, r := range w.filled(a, m.inCase) {
				r.Meeting = policy.Meeting{Host: w.place(m.host), Teller: w.place(p.teller), Category: p.category, Start: m.start, FamilyAlone: p.family}
				text := *r
				r.Action, text.Action = policy.Attend, policy.ReadPoint
				text.Meeting.Called = w.called(m, n, r.Actor.Place.Seat())
				board := r.Actor.Place.Authority == m.host.Authority
				if board || w.called(m, n, r.Actor.Place.Seat()) {
					out[pointKey(p.id)] = out[pointKey(p.id)] || board || may(r)
					out[textKey(p.id)] = out[textKey(p.id)] || may(&text)
				}
			}
		}
	}
	for _, p := range w.plans {
		w.goPlan(a, p, may, out)
	}
	return out
}

// called reports whether a seat is called to a point.
func (w *world) called(m meet, n int, seat sig.Seat) bool {
	return slices.ContainsFunc(m.calls, func(v invited) bool {
		over, there := v.at[n]
		return there && !over && !v.ended && w.sits(v.seat) == seat
	})
}

// familySees: something must be told there by the consent, or the point be the
// family's own, at a meeting ahead.
func (w *world) familySees(a asker, m meet, n int, broken change) bool {
	if !w.now.Before(m.start.Add(meetingLasts)) {
		return false
	}
	for _, v := range m.calls {
		if over, there := v.at[n]; !there || over || v.ended {
			continue
		}
		r := w.relativeRequest(a, m.inCase)
		c := w.seatConsent(m.inCase)
		r.Action, r.Case, r.Consent, r.Directory = policy.SeeCall, w.cases[m.inCase].state, c.Consent, c.Directory
		r.Recipient = policy.Recipient{Place: w.place(v.seat), Participates: true}
		r.Meeting = policy.Meeting{Host: w.place(m.host), Teller: w.place(m.points[n].teller), Category: m.points[n].category, Start: m.start, FamilyAlone: m.points[n].family}
		if broken != nil {
			broken(r)
		}
		if d := policy.Decide(r); d.Allowed && (d.Reason == policy.ByConsent || d.Reason == policy.ByFamilyAlone) {
			return true
		}
	}
	return false
}

// seatConsent are the facts of a case that do not depend on who asks.
func (w *world) seatConsent(inCase int) *policy.Request {
	return w.seatRequests(asker{staff: 0}, inCase)[0]
}

// relativeRequest is a question by a member of a family about a case.
func (w *world) relativeRequest(a asker, inCase int) *policy.Request {
	f := w.families[a.at]
	adult := f.birth.Age(sig.DateOf(w.now)) >= 18
	r := &policy.Request{Now: w.now, Actor: policy.Actor{Kind: a.actor.Kind, InForce: true, UnderAge: !adult}}
	r.Actor.Participates = w.cases[inCase].family == a.at
	r.Actor.InOffice = a.kind == sig.SignerYouth && (adult || f.office.Holds(a.actor.Session, w.now))
	if a.kind == sig.SignerGuardian {
		g := f.guardians[a.which]
		r.Actor.InForce = !adult && !w.now.Before(g.from) && w.now.Before(g.to)
	}
	return r
}

func (w *world) viewer(a asker) uuid.UUID {
	if a.kind == sig.SignerGuardian {
		return w.families[a.at].guardians[a.which].id.UUID
	}
	return w.families[a.at].youth.UUID
}

func (w *world) goPlan(a asker, p planned, may func(*policy.Request) bool, out met) {
	for _, t := range p.texts {
		if a.staff < 0 {
			r := w.relativeRequest(a, p.inCase)
			r.Action, r.Case = policy.ReadAsFamily, w.cases[p.inCase].state
			r.Item.Categories, r.Consent.Alone = []sig.Category{sig.CategoryPlanGoals}, w.cases[p.inCase].alone
			for _, d := range t.shown {
				if d.viewer == w.viewer(a) {
					r.Item.Visible, r.Item.LowRisk = d.visible, d.lowRisk
				}
			}
			out[planKey(t.id)] = !t.ended && may(r)
			continue
		}
		rs := w.filled(a, p.inCase)
		board := onBoard(rs, p.planner.Authority)
		for _, r := range rs {
			r.Action, r.Planner = policy.ReadPlan, w.place(p.planner)
			mine := r.Recipient.Place.Seat() == w.sits(t.seat)
			read := (t.kind == sig.PlanGoal || t.kind == sig.PlanCommitment && mine) && !t.ended
			if board && r.Actor.Place.Authority == p.planner.Authority || read {
				out[planKey(t.id)] = out[planKey(t.id)] || may(r)
			}
		}
	}
}
