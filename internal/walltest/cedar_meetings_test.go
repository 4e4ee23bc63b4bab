package walltest

import (
	"slices"
	"testing"
	"time"

	"github.com/cedar-policy/cedar-go"

	"sigportal/internal/sig"
)

// sitsAt is sits at another instant.
func (w *world) sitsAt(s sig.Seat, at time.Time) sig.Seat {
	then := *w
	then.now = at
	return then.sits(s)
}

// tells asks Cedar whether a row of any version lets one seat tell another a
// category, now and at the later instant.
func (w *world) tells(t *testing.T, inCase int, from, to sig.Seat, limits []sig.DistrictID, category sig.Category, later time.Time) bool {
	t.Helper()
	return w.tellsAt(t, inCase, from, to, limits, category, w.now) &&
		(!later.After(w.now) || w.tellsAt(t, inCase, w.sits(from), w.sits(to), limits, category, later))
}

func (w *world) tellsAt(
	t *testing.T, inCase int, from, to sig.Seat, limits []sig.DistrictID, category sig.Category, at time.Time,
) bool {
	t.Helper()
	from, to = w.sitsAt(from, at), w.sitsAt(to, at)
	resource := cedar.RecordMap{
		"from": named(from), "to": named(to), "authority": text(to.Authority), "unit": text(to.Unit), "function": text(to.Function),
		"districts": texts(limits), "category": text(category),
	}
	for _, version := range w.cases[inCase].consents {
		xs := version.exclusions
		if len(xs) == 0 {
			xs = []sig.Exclusion{{}}
		}
		for _, g := range slices.Concat(version.grants, w.cases[inCase].counts(inForce)) {
			then := *w
			then.now = at
			if w.sitsAt(g.Discloser, at) != from || w.sitsAt(g.Recipient, at) != to || then.left(g.Discloser) || then.left(g.Recipient) {
				continue // Cedar says the same, and takes its time
			}
			permitted := true
			for _, x := range xs {
				unit := x.Recipient.Unit
				if unit != "" {
					unit = w.sitsAt(sig.Seat{Authority: to.Authority, Unit: unit, Function: to.Function}, at).Unit
				}
				permitted = permitted && allows(t, "tell", nil, resource, cedar.RecordMap{
					"now": cedar.Long(at.UnixMicro()), "consent": text(version.state),
					"discloser": named(w.sitsAt(g.Discloser, at)), "recipient": named(w.sitsAt(g.Recipient, at)),
					"categories": texts(g.Categories), "districts": texts(g.Districts),
					"from": cedar.Long(g.From.UnixMicro()), "to": cedar.Long(g.To.UnixMicro()),
					"excludes": cedar.Boolean(!x.ID.IsZero()), "xAuthority": text(x.Recipient.Authority), "xUnit": text(unit),
					"xFunction": text(x.Recipient.Function), "xCategory": text(x.Category),
					"own": cedar.Boolean(g.Own), "alone": texts(w.cases[inCase].alone),
				})
			}
			if permitted {
				return true
			}
		}
	}
	return false
}

// atPoint are the facts of one seat at one point.
func (w *world) atPoint(t *testing.T, m meet, n int, seat sig.Seat, limits []sig.DistrictID) cedar.RecordMap {
	t.Helper()
	p := m.points[n]
	tells := func(from sig.Seat) cedar.Boolean {
		return cedar.Boolean(w.tells(t, m.inCase, from, seat, limits, p.category, m.start))
	}
	return cedar.RecordMap{
		"state": text(w.cases[m.inCase].state), "called": cedar.Boolean(w.called(m, n, w.sits(seat))),
		"familyAlone": cedar.Boolean(p.family), "hosted": cedar.Boolean(w.sits(p.teller) == w.sits(m.host)), "isHost": cedar.Boolean(w.sits(seat) == w.sits(m.host)),
		"alone": cedar.Boolean(slices.Contains(w.cases[m.inCase].alone, p.category)),
		"ahead": cedar.Boolean(w.now.Before(m.start.Add(meetingLasts))),
		"holds": cedar.Boolean(w.sits(seat) == w.sits(m.host)), "isHouse": cedar.Boolean(seat.Authority == m.host.Authority), "isTeller": cedar.Boolean(w.sits(seat) == w.sits(p.teller)),
		"tellersHouse": cedar.Boolean(seat.Authority == p.teller.Authority), "ownPoint": cedar.Boolean(p.teller.Authority == m.host.Authority),
		"tellerTells": tells(p.teller), "hostTells": tells(m.host),
		"tellerTellsHost": cedar.Boolean(w.tells(t, m.inCase, p.teller, m.host, w.place(m.host).Districts, p.category, m.start)),
	}
}

// cedarMeetings asks Cedar about every point, its text and every text of a plan.
func (w *world) cedarMeetings(t *testing.T, a asker) met {
	t.Helper()
	out := met{}
	for _, m := range w.meets {
		for n, p := range m.points {
			if a.staff < 0 {
				who := w.relativeOf(a, m.inCase)
				for _, v := range m.calls {
					if _, there := v.at[n]; there {
						facts := w.atPoint(t, m, n, v.seat, w.place(v.seat).Districts)
						out[pointKey(p.id)] = out[pointKey(p.id)] || allows(t, "seePoint", who, nil, facts)
					}
				}
				continue
			}
			for _, r := range w.filled(a, m.inCase) {
				who := cedar.RecordMap{"kind": text("staff"), "inForce": cedar.True, "participates": cedar.True}
				facts := w.atPoint(t, m, n, r.Actor.Place.Seat(), r.Actor.Place.Districts)
				out[pointKey(p.id)] = out[pointKey(p.id)] || allows(t, "seePoint", who, nil, facts)
				out[textKey(p.id)] = out[textKey(p.id)] || allows(t, "readPointText", who, nil, facts)
			}
		}
	}
	for _, p := range w.plans {
		w.cedarPlan(t, a, p, out)
	}
	return out
}

func (w *world) relativeOf(a asker, inCase int) cedar.RecordMap {
	r, office := w.relativeRequest(a, inCase), w.families[a.at].office
	return cedar.RecordMap{
		"kind": text(a.kind), "inForce": cedar.Boolean(r.Actor.InForce), "participates": cedar.Boolean(r.Actor.Participates),
		"adult": cedar.Boolean(!r.Actor.UnderAge), "inOffice": cedar.Boolean(w.now.Before(office.Until) && office.Session == a.actor.Session),
	}
}

func (w *world) cedarPlan(t *testing.T, a asker, p planned, out met) {
	t.Helper()
	for _, one := range p.texts {
		facts := cedar.RecordMap{
			"state": text(w.cases[p.inCase].state), "stands": cedar.Boolean(!one.ended), "kind": text(one.kind),
			"visible": cedar.False, "lowRisk": cedar.False, "isHouse": cedar.False, "mine": cedar.False, "plannerTells": cedar.False,
			"alone": cedar.Boolean(slices.Contains(w.cases[p.inCase].alone, sig.CategoryPlanGoals)),
		}
		if a.staff < 0 {
			for _, d := range one.shown {
				if d.viewer == w.viewer(a) {
					facts["visible"], facts["lowRisk"] = cedar.Boolean(d.visible), cedar.Boolean(d.lowRisk)
				}
			}
			out[planKey(one.id)] = allows(t, "readPlanText", w.relativeOf(a, p.inCase), nil, facts)
			continue
		}
		for _, r := range w.filled(a, p.inCase) {
			seat := r.Actor.Place.Seat()
			facts["isHouse"], facts["mine"] = cedar.Boolean(seat.Authority == p.planner.Authority), cedar.Boolean(w.sits(one.seat) == seat)
			facts["plannerTells"] = cedar.Boolean(w.tells(t, p.inCase, p.planner, seat, r.Actor.Place.Districts, sig.CategoryPlanGoals, w.now))
			who := cedar.RecordMap{"kind": text("staff"), "inForce": cedar.True, "participates": cedar.True, "adult": cedar.False}
			out[planKey(one.id)] = out[planKey(one.id)] || allows(t, "readPlanText", who, nil, facts)
		}
	}
}
