package walltest

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/sig"
)

// ownMeetings adds to the meetings of cases in which something is the youth's
// alone points about it, with rows of the youth's own by which they may be told.
// It draws from numbers of its own: what was drawn before stays as it was.
func (w *world) ownMeetings() {
	defer w.drawsApart()()
	for i := range w.cases {
		c := &w.cases[i]
		if len(c.alone) > 0 && !slices.Contains(c.alone, sig.CategoryPlanGoals) && w.chance(20) {
			c.alone = append(slices.Clone(c.alone), sig.CategoryPlanGoals)
		}
		if len(c.alone) > 0 && w.chance(15) {
			c.consents[0].endBy(w.now.Add(pick(w.rand, []time.Duration{0, time.Microsecond})))
		}
	}
	for i := range w.families {
		f := &w.families[i]
		f.signedIn = sig.SessionID{UUID: uuid.New()}
		f.office.Until = w.now.Add(pick(w.rand, []time.Duration{-time.Hour, 0, time.Microsecond, time.Hour}))
		f.office.Session = pick(w.rand, []sig.SessionID{f.signedIn, f.signedIn, {UUID: uuid.New()}, {}})
	}
	for n := range w.meets {
		m := &w.meets[n]
		c := &w.cases[m.inCase]
		if len(c.alone) == 0 {
			continue
		}
		teller, other := w.seat(""), w.seat("")
		if w.chance(25) {
			teller = m.host
		}
		about := pick(w.rand, c.alone)
		for _, pair := range [][2]sig.Seat{{teller, m.host}, {teller, other}, {m.host, other}} {
			if w.chance(85) {
				c.own = append(c.own, w.ownRow(len(c.own)+1, pair, about, m.start))
			}
		}
		if w.chance(30) { // and a row of everybody's, which does not count
			g := w.ownRow(0, [2]sig.Seat{teller, other}, about, m.start).Grant
			g.Own, g.Row = false, len(c.consents[0].grants)+1
			c.consents[0].add(g)
		}
		m.points = append(m.points, point{id: sig.PointID{UUID: uuid.New()}, teller: teller, category: about})
		for _, seat := range []sig.Seat{other, teller} {
			at := slices.IndexFunc(m.calls, func(v invited) bool { return v.seat == seat })
			if at < 0 {
				at = len(m.calls)
				m.calls = append(m.calls, invited{id: sig.InvitationID{UUID: uuid.New()}, seat: seat, at: map[int]bool{}})
			}
			m.calls[at].at[len(m.points)-1] = w.chance(5)
		}
	}
}

// endBy has every row of a version end by an instant.
func (c *consent) endBy(at time.Time) {
	for n := range c.grants {
		g := &c.grants[n]
		if c.ends[g.ID].Before(at) {
			continue
		}
		c.ends[g.ID] = at
		if at.Before(g.To) {
			g.To = at
		}
		if !g.From.Before(at) {
			g.From = at.Add(-time.Hour)
		}
	}
}

// drawsApart lets the world draw from numbers apart until what it gives is called.
func (w *world) drawsApart() (back func()) {
	before := w.rand
	w.rand = w.apart
	return func() { w.rand = before }
}

// ownPuts are questions about what is youths' alone, and the rows of their own
// that carry them in both directions.
func (w *world) ownPuts() []put {
	defer w.drawsApart()()
	var out []put
	for i := range w.cases {
		c := &w.cases[i]
		for range 4 {
			if len(c.alone) == 0 {
				break
			}
			p := put{inCase: i, asker: w.seat(""), asked: w.seat(""), category: pick(w.rand, c.alone), ends: w.now.Add(time.Hour)}
			edge := p.ends
			for _, pair := range [][2]sig.Seat{{p.asker, p.asked}, {p.asked, p.asker}} {
				if o := w.ownRow(len(c.own)+1, pair, p.category, p.ends); w.chance(90) {
					c.own = append(c.own, o)
					edge = o.To
				}
			}
			p.ends = pick(w.rand, []time.Time{p.ends, p.ends, edge, edge.Add(time.Microsecond)})
			out = append(out, p)
		}
	}
	return out
}

// ownRow is a row of a youth's own, mostly given, mostly for long enough.
func (w *world) ownRow(n int, pair [2]sig.Seat, about sig.Category, start time.Time) ownRow {
	o := ownRow{given: w.chance(90), Grant: sig.Grant{
		ID: sig.GrantID{UUID: uuid.New()}, Row: n, Discloser: pair[0], Recipient: pair[1], Categories: []sig.Category{about},
		Districts: districts, Aim: sig.Aim{Purpose: sig.PurposePlan}, Own: true, From: w.now.Add(-time.Hour), To: w.now.Add(72 * time.Hour),
	}}
	o.ended = o.given && w.chance(12)
	if w.chance(12) {
		o.Categories = append(o.Categories, pick(w.rand, kinds))
	}
	if w.chance(12) {
		o.Districts = some(w, districts, 1)
	}
	if start.After(w.now) && w.chance(25) {
		o.To = start.Add(pick(w.rand, []time.Duration{0, time.Microsecond}))
	}
	return o
}
