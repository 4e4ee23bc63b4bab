package walltest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/dbtest"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// interpreted is a world in which interpreters are in open rooms, for somebody
// who needs their language.
type interpreted struct {
	*guested
	rooms map[int]*room // by meeting
}

type room struct {
	live, stopped, came, left bool
	reserved                  map[sig.GuestID]bool
	needs                     []need
}

// need is of one called function, one guest, or one of the family.
type need struct {
	language string
	call     int // of the meeting, or -1
	guest    sig.GuestID
	guardian sig.GuardianID
}

func newInterpreted(seed uint64) *interpreted {
	w := &interpreted{guested: newGuested(seed), rooms: map[int]*room{}}
	for i, m := range w.meets {
		r := &room{live: !m.cancelled && w.chance(85), stopped: w.chance(15), came: w.chance(85), reserved: map[sig.GuestID]bool{}}
		r.left = r.came && w.chance(15)
		needs := func(n need, percent int) {
			if n.language = "prs"; w.chance(20) {
				n.language = "so"
			}
			if w.chance(percent) {
				r.needs = append(r.needs, n)
			}
		}
		for call := range m.calls {
			needs(need{call: call}, 30)
			v := &w.meets[i].calls[call]
			v.ended = v.ended || w.chance(20)
			for n := range m.points {
				if over, there := v.at[n]; there {
					v.at[n] = over || w.chance(20)
				}
			}
		}
		for _, g := range w.guests {
			if g.meet == i && !g.interprets {
				r.reserved[g.id] = w.chance(70)
				needs(need{call: -1, guest: g.id}, 30)
			}
		}
		needs(need{call: -1, guardian: w.families[w.cases[m.inCase].family].guardians[0].id}, 14)
		w.rooms[i] = r
	}
	return w
}

func (w *interpreted) loadRooms(t *testing.T, db *dbtest.Database) {
	t.Helper()
	w.loadGuests(t, db)
	b := &pgx.Batch{}
	b.Queue(`set session_replication_role = replica`)
	at := func(when bool) any {
		if when {
			return w.now
		}
		return nil
	}
	for i, r := range w.rooms {
		m := w.meets[i]
		if r.live {
			b.Queue(`update sig.meeting set state = 'live', opened_at = $2, opened_by = $3, sharing_ended_at = $4 where id = $1`, m.id, w.now, w.staff[0].id, at(r.stopped))
		}
		if r.came {
			b.Queue(`insert into sig.meeting_guest_stay (id, meeting, intervention, guest, came_at, came_noted_by, left_at, left_why)
				select gen_random_uuid(), meeting, intervention, id, $2, $3, $4, $5 from sig.meeting_guest where meeting = $1 and kind = 'interpreter'`,
				m.id, w.now, w.staff[0].id, at(r.left), map[bool]any{true: "noted"}[r.left])
		}
		for id, reserved := range r.reserved {
			b.Queue(`update sig.meeting_guest set reserved_at = $2 where id = $1`, id, at(reserved))
		}
		for _, n := range r.needs {
			var call, guest, guardian any
			switch {
			case n.call >= 0:
				call = m.calls[n.call].id
			case !n.guest.IsZero():
				guest = n.guest
			default:
				guardian = n.guardian
			}
			b.Queue(`insert into sig.meeting_language (meeting, intervention, guardian, invitation, guest, language, noted_at) values ($1, $2, $3, $4, $5, $6, now())`,
				m.id, w.cases[m.inCase].id, guardian, call, guest, n.language)
		}
	}
	b.Queue(`set session_replication_role = origin`)
	if err := db.Super().SendBatch(context.Background(), b).Close(); err != nil {
		t.Fatalf("load rooms: %v", err)
	}
}

// sqlTexts asks the database which texts each interpreter reads now.
func sqlTexts(t *testing.T, db *dbtest.Database) met {
	t.Helper()
	out := met{}
	err := db.App().Do(t.Context(), sig.System("guests"), func(tx *postgres.Tx) error {
		if err := tx.ReadClock(t.Context()); err != nil {
			return err
		}
		rows, err := tx.Query(t.Context(), `select q.id || ' at point ' || x.point from sig.meeting_guest q, sig.texts_for_interpreter(q.id) x`)
		if err != nil {
			return err
		}
		keys, err := pgx.CollectRows(rows, pgx.RowTo[string])
		for _, key := range keys {
			out[key] = true
		}
		return err
	})
	if err != nil {
		t.Fatalf("ask the database: %v", err)
	}
	return out
}

// attends: may the function be there for the point now, whoever sits in it?
func (w *interpreted) attends(m meet, seat sig.Seat, p point) bool {
	r := w.seatConsent(m.inCase)
	r.Action = policy.Attend
	r.Actor = policy.Actor{Kind: sig.ActorStaff, InForce: true, Participates: true}
	r.Recipient = policy.Recipient{Place: w.place(seat)}
	for s := range w.staff {
		r.Recipient.Participates = r.Recipient.Participates || slices.ContainsFunc(w.filled(asker{staff: s}, m.inCase), func(q *policy.Request) bool {
			return q.Actor.Place.Seat() == w.sits(seat)
		})
	}
	r.Meeting = policy.Meeting{Host: w.place(m.host), Teller: w.place(p.teller), Category: p.category, Start: m.start, FamilyAlone: p.family}
	return policy.Decide(r).Allowed
}

// reads is the rule: an interpreter in the open room reads the points of those
// for whom the interpreting is done, as far as they may be there; for a guardian,
// nothing of what is the youth's alone.
func (w *interpreted) reads(g guest, n int) bool {
	m, r := w.meets[g.meet], w.rooms[g.meet]
	if !w.comes(g, nil, nil) || !r.live || r.stopped || !r.came || r.left {
		return false
	}
	return slices.ContainsFunc(r.needs, func(of need) bool {
		switch {
		case of.language != "prs":
			return false
		case of.call >= 0:
			v := m.calls[of.call]
			over, there := v.at[n]
			return there && !over && !v.ended && w.attends(m, v.seat, m.points[n])
		case of.guest.IsZero():
			return !slices.Contains(w.cases[m.inCase].alone, m.points[n].category)
		}
		at := slices.IndexFunc(w.guests, func(o guest) bool { return o.id == of.guest })
		return r.reserved[of.guest] && w.hears(w.guests[at], m.points[n], nil)
	})
}

func (w *interpreted) textDisagreements(t *testing.T, db *dbtest.Database) (asked, allowed int, found []string) {
	t.Helper()
	w.loadRooms(t, db)
	sql := sqlTexts(t, db)
	for _, g := range w.guests {
		for n, p := range w.meets[g.meet].points {
			asked++
			key := hearKey(g, p)
			if sql[key] {
				allowed++
			}
			if want := g.interprets && w.reads(g, n); sql[key] != want {
				found = append(found, fmt.Sprintf("%s: sql %v, the rule %v", key, sql[key], want))
			}
		}
	}
	return asked, allowed, found
}

// The database gives an interpreter the texts that the rule gives, in every
// random world.
func TestInterpretersReadWhatTheyInterpret(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	total, yes := 0, 0
	for seed := uint64(1); total < *requests; seed++ {
		w := newInterpreted(seed)
		db.FreezeClock(t, w.now)
		asked, allowed, found := w.textDisagreements(t, db)
		total, yes = total+asked, yes+allowed
		for _, f := range found {
			t.Errorf("world %d: %s", seed, f)
		}
		if t.Failed() {
			return
		}
	}
	if yes*200 < total {
		t.Errorf("only %d of %d questions were answered yes: the worlds are too forbidding to prove anything", yes, total)
	}
	t.Logf("N = %d questions, %d answered yes, 0 disagreements", total, yes)
}

const interpreting = "texts_for_interpreter"

var interpreterFaults = []mutant{
	{"the sharing has ended", nil, [][3]string{{interpreting, "and m.sharing_ended_at is null", ""}}},
	{"the room is not open", nil, [][3]string{{interpreting, "and m.state = 'live'", ""}}},
	{"the interpreter has not come", nil, [][3]string{{interpreting, "and exists (select from sig.meeting_guest_stay x where x.guest = q.id and x.left_at is null)", ""}}},
	{"the interpreter has left", nil, [][3]string{{interpreting, "and x.left_at is null", ""}}},
	{"the interpreter is not called any more", nil, [][3]string{{interpreting, "and sig.guest_called(q.id)", ""}}},
	{"another language", nil, [][3]string{{interpreting, "and l.language = q.language", ""}}},
	{"the call of the function has ended", nil, [][3]string{{interpreting, "and v.ended_at is null", ""}}},
	{"the call to the point has ended", nil, [][3]string{{interpreting, "and r.ended_at is null", ""}}},
	{"another point", nil, [][3]string{{interpreting, "and r.point = t.point", ""}}},
	{"the function may not attend", nil, [][3]string{{interpreting, "and sig.may_attend(r.point, v.authority, v.unit, v.function, sig.unit_districts(sig.current_unit(v.unit, v.function, sig.instant())))", ""}}},
	{"the guest has not accepted the reservation", nil, [][3]string{{interpreting, "and o.reserved_at is not null", ""}}},
	{"a guardian's interpreter reads what is the youth's alone", nil, [][3]string{{interpreting, "when l.guardian is not null then not exists", "when l.guardian is not null then true or not exists"}}},
	{"the guest has no ground", nil, [][3]string{{interpreting, "and sig.guest_may_hear(l.guest, t.point)", ""}}},
}

func TestEveryFaultAboutInterpretersIsCaught(t *testing.T) {
	t.Parallel()
	for _, m := range interpreterFaults {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			plant(t, db, m.sql)
			for seed := 1; seed <= patience; seed++ {
				w := newInterpreted(uint64(seed))
				db.FreezeClock(t, w.now)
				if _, _, found := w.textDisagreements(t, db); len(found) > 0 {
					t.Logf("caught in world %d", seed)
					return
				}
			}
			t.Errorf("not caught in %d worlds", patience)
		})
	}
}
