package walltest

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// meet is one meeting of a world.
type meet struct {
	id        sig.MeetingID
	inCase    int
	host      sig.Seat
	start     time.Time
	cancelled bool
	points    []point
	calls     []invited
}

type point struct {
	id       sig.PointID
	teller   sig.Seat
	category sig.Category
	family   bool // for the family alone
}

type invited struct {
	id    sig.InvitationID
	seat  sig.Seat
	ended bool
	at    map[int]bool // points, and whether the call to it has ended
}

// planned is the plan of one case.
type planned struct {
	id      sig.PlanID
	inCase  int
	planner sig.Seat
	texts   []planText
}

type planText struct {
	id    sig.PlanTextID
	kind  sig.PlanTextKind
	seat  sig.Seat // of a commitment
	ended bool
	shown []decision
}

const meetingLasts = time.Hour

// meetings draws meetings and plans, most of them along rows of the consent
// that claims to be in force, so that a yes is common.
func (w *world) meetings() {
	for i := range w.cases {
		host := sig.Seat{Authority: w.cases[i].board, Unit: pick(w.rand, []sig.UnitID{w.units[0].id, w.units[3].id}), Function: sig.RoleCoordinator}
		w.tellingRows(i, host)
		for range 4 {
			w.meeting(i, host)
		}
		w.plan(i, host)
	}
}

// tellingRows adds rows between the host and others to every version.
func (w *world) tellingRows(i int, host sig.Seat) {
	for v := range w.cases[i].consents {
		c := &w.cases[i].consents[v]
		soon := w.chance(50) // the last two begin between now and the meetings ahead
		for n := range 6 {
			from, to := host, w.seat("")
			switch {
			case n%3 == 1:
				from, to = to, from
			case n%3 == 2 && len(c.grants) > 0:
				from = c.grants[len(c.grants)-1].Discloser // who told the host tells somebody else too
			}
			g := sig.Grant{
				ID: sig.GrantID{UUID: uuid.New()}, Row: len(c.grants) + 1, Discloser: from, Recipient: to,
				Categories: some(w, kinds, 2), Districts: some(w, districts, 1), Aim: sig.Aim{Purpose: sig.PurposePlan},
			}
			g.From, g.To = w.window(w.chance(60))
			if soon && n >= 4 {
				g.From, g.To = w.now.Add(30*time.Minute), w.now.Add(48*time.Hour)
			}
			if soon && n == 5 {
				told := c.grants[len(c.grants)-1]
				g.Categories, g.Districts = told.Categories, told.Districts
			}
			c.add(g)
		}
	}
}

func (w *world) meeting(i int, host sig.Seat) {
	grants := w.cases[i].consents[0].grants
	edge := pick(w.rand, grants)
	m := meet{id: sig.MeetingID{UUID: uuid.New()}, inCase: i, host: host, cancelled: w.chance(15)}
	m.start = pick(w.rand, []time.Time{
		w.now.Add(-2 * time.Hour), w.now.Add(-meetingLasts), w.now, w.now.Add(time.Microsecond), w.now.Add(time.Hour), w.now.Add(time.Hour),
		w.now.Add(time.Hour), edge.To, edge.To.Add(-time.Microsecond), edge.From,
	})
	var seats []sig.Seat
	call := func(s sig.Seat) {
		if !slices.Contains(seats, s) {
			seats = append(seats, s)
		}
	}
	for range 1 + w.rand.IntN(3) {
		g := pick(w.rand, grants)
		p := point{id: sig.PointID{UUID: uuid.New()}, teller: g.Discloser, category: pick(w.rand, g.Categories)}
		if w.chance(25) {
			p.teller = host
		}
		p.family = p.category == kinds[0] && (p.teller == host || len(m.points) == 2) // no draw of its own, which would shift the others
		m.points = append(m.points, p)
		call(g.Recipient)
		call(w.seat(""))
		if w.chance(50) {
			call(p.teller)
		}
		for _, other := range grants { // whoever the same teller tells the same
			if other.Discloser == p.teller && other.Covers([]sig.Category{p.category}) {
				call(other.Recipient)
			}
		}
	}
	if w.chance(60) {
		call(host)
	}
	for _, seat := range seats {
		v := invited{id: sig.InvitationID{UUID: uuid.New()}, seat: seat, ended: w.chance(8), at: map[int]bool{}}
		for n := range m.points {
			if w.chance(80) {
				v.at[n] = w.chance(8)
			}
		}
		m.calls = append(m.calls, v)
	}
	w.meets = append(w.meets, m)
}

func (w *world) plan(i int, planner sig.Seat) {
	p := planned{id: sig.PlanID{UUID: uuid.New()}, inCase: i, planner: planner}
	f := w.families[w.cases[i].family]
	add := func(kind sig.PlanTextKind, seat sig.Seat) {
		t := planText{id: sig.PlanTextID{UUID: uuid.New()}, kind: kind, seat: seat, ended: w.chance(25)}
		for _, g := range f.guardians {
			if w.chance(60) {
				t.shown = append(t.shown, decision{viewer: g.id.UUID, kind: sig.SignerGuardian, visible: w.chance(60), lowRisk: w.chance(50)})
			}
		}
		if w.chance(70) {
			t.shown = append(t.shown, decision{viewer: f.youth.UUID, kind: sig.SignerYouth, visible: w.chance(70), lowRisk: w.chance(50)})
		}
		p.texts = append(p.texts, t)
	}
	add(sig.PlanGoal, sig.Seat{})
	add(sig.PlanGoal, sig.Seat{})
	add(sig.PlanWords, sig.Seat{})
	for range 4 {
		seat := pick(w.rand, w.cases[i].consents[0].grants).Recipient
		if w.chance(25) {
			seat = w.seat("")
		}
		add(sig.PlanCommitment, seat)
	}
	w.plans = append(w.plans, p)
}

func (w *world) queueMeetings(b *pgx.Batch) {
	for _, m := range w.meets {
		id := w.cases[m.inCase].id
		state := "planned"
		var at, why any
		if m.cancelled {
			state, at, why = "cancelled", w.now, "by_coordinator"
		}
		b.Queue(`insert into sig.meeting (id, intervention, authority, unit, function, assignment, state, starts_at, ends_at, created_at, changed_at, cancelled_at, cancel_reason)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now(), now(), $10, $11)`,
			m.id, id, m.host.Authority, m.host.Unit, m.host.Function, w.staff[0].id, state, m.start, m.start.Add(meetingLasts), at, why)
		for n, p := range m.points {
			b.Queue(`insert into sig.meeting_point (id, meeting, intervention, position, category, teller_authority, teller_unit, teller_function, family_alone)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, p.id, m.id, id, n+1, p.category, p.teller.Authority, p.teller.Unit, p.teller.Function, p.family)
			b.Queue(`insert into sig.meeting_point_text (point, meeting, intervention, authority, body_sealed) values ($1, $2, $3, $4, '\x00')`,
				p.id, m.id, id, m.host.Authority)
		}
		for _, v := range m.calls {
			var ended, by any
			if v.ended {
				ended, by = w.now, "narrowing"
			}
			b.Queue(`insert into sig.meeting_invitation (id, meeting, intervention, authority, unit, function, invited_at, ended_at, ended_by)
				values ($1, $2, $3, $4, $5, $6, now(), $7, $8)`, v.id, m.id, id, v.seat.Authority, v.seat.Unit, v.seat.Function, ended, by)
			for n, over := range v.at {
				var ended any
				if over {
					ended = w.now
				}
				b.Queue(`insert into sig.meeting_presence (invitation, point, meeting, intervention, ended_at) values ($1, $2, $3, $4, $5)`,
					v.id, m.points[n].id, m.id, id, ended)
			}
		}
	}
	for _, p := range w.plans {
		w.queuePlan(b, p)
	}
}

// said is a point of a meeting.
type said struct{ meet, point int }

// tellItems has some of the boards' items told at points of their meetings.
func (w *world) tellItems() {
	defer w.drawsApart()()
	for n := range w.items {
		it := &w.items[n]
		at := w.rand.IntN(len(w.meets))
		if m := w.meets[at]; m.inCase == it.inCase && m.host.Authority == it.owner {
			it.said = &said{at, w.rand.IntN(len(m.points))}
		}
	}
}

// reaches is who, of the board, is at the point where an item was told.
func (w *world) reaches(s said, seat sig.Seat) (holds, tells, called bool) {
	m := w.meets[s.meet]
	return w.sits(m.host) == seat, w.sits(m.points[s.point].teller) == seat, w.called(m, s.point, seat)
}

func (w *world) queueTold(b *pgx.Batch) {
	for _, it := range w.items {
		if it.said == nil {
			continue
		}
		m := w.meets[it.said.meet]
		b.Queue(`insert into sig.meeting_told (item, point, meeting, intervention, authority, told_at, told_by) values ($1, $2, $3, $4, $5, now(), $6)`,
			it.id, m.points[it.said.point].id, m.id, w.cases[it.inCase].id, it.owner, w.staff[it.author].id)
	}
}

func (w *world) queuePlan(b *pgx.Batch, p planned) {
	id, writer := w.cases[p.inCase].id, w.staff[0].id
	b.Queue(`insert into sig.plan (id, intervention, authority, unit, function, version, follow_up, created_at, changed_at)
		values ($1, $2, $3, $4, $5, 2, '2027-06-01', now(), now())`, p.id, id, p.planner.Authority, p.planner.Unit, p.planner.Function)
	for n, t := range p.texts {
		var to any
		if t.ended {
			to = 1
		}
		b.Queue(`insert into sig.plan_text (id, plan, intervention, authority, kind, position, version_from, version_to, body_sealed, written_by, written_at)
			values ($1, $2, $3, $4, $5, $6, 1, $7, '\x00', $8, now())`, t.id, p.id, id, p.planner.Authority, t.kind, n+1, to, writer)
		if t.kind == sig.PlanCommitment {
			b.Queue(`insert into sig.commitment (id, plan, intervention, authority, unit, function, due_on) values ($1, $2, $3, $4, $5, $6, '2027-06-01')`,
				t.id, p.id, id, t.seat.Authority, t.seat.Unit, t.seat.Function)
		}
		for _, d := range t.shown {
			b.Queue(`insert into sig.plan_visibility (text, intervention, authority, viewer, viewer_kind, visible, low_risk_at_home, ground, decided_by, decided_at)
				values ($1, $2, $3, $4, $5, $6, $7, 'none', $8, now())`, t.id, id, p.planner.Authority, d.viewer, d.kind, d.visible, d.lowRisk, writer)
		}
	}
}
