package walltest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/dbtest"
	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// put is a directed question that somebody might put in a world.
type put struct {
	inCase       int
	asker, asked sig.Seat
	category     sig.Category
	ends         time.Time
}

// puts draws questions along rows of the consent that claims to be in force,
// most of them where a row leads back, with ends at and about the rows' own.
func (w *world) puts() []put {
	var out []put
	for i := range w.cases {
		grants := w.cases[i].consents[0].grants
		for range 12 {
			there := pick(w.rand, grants)
			p := put{inCase: i, asker: there.Discloser, asked: there.Recipient, category: pick(w.rand, there.Categories)}
			edge := there
			for _, back := range grants {
				if back.Discloser == p.asked && back.Recipient == p.asker && w.chance(70) {
					edge = back
					if w.chance(70) {
						p.category = pick(w.rand, back.Categories)
					}
				}
			}
			if w.chance(10) {
				p.asked = w.seat("")
			}
			p.ends = pick(w.rand, []time.Time{
				w.now, w.now.Add(time.Microsecond), w.now.Add(time.Hour), edge.To, edge.To, edge.To.Add(time.Microsecond), there.To, edge.From.Add(time.Hour),
			})
			out = append(out, p)
		}
	}
	return out
}

// answersBack adds rows that lead back along some of a case's rows, to every
// version: a question needs both directions.
func (w *world) answersBack() {
	for i := range w.cases {
		for v := range w.cases[i].consents {
			c := &w.cases[i].consents[v]
			for _, g := range c.grants {
				if g.Private != "" || !w.chance(80) {
					continue
				}
				back := g
				back.To = c.ends[g.ID]
				back.ID, back.Row, back.Discloser, back.Recipient = sig.GrantID{UUID: uuid.New()}, len(c.grants)+1, g.Recipient, g.Discloser
				if w.chance(40) {
					back.From, back.To = w.window(w.chance(60))
				}
				if w.chance(70) {
					back.Districts = districts
				}
				c.add(back)
			}
		}
	}
}

// mayAsk is the pure policy's answer.
func (w *world) mayAsk(p put, broken change) bool {
	r := w.seatConsent(p.inCase)
	r.Action, r.Case = policy.Ask, w.cases[p.inCase].state
	r.Actor = policy.Actor{Kind: sig.ActorStaff, InForce: true, Participates: true, Place: w.place(p.asker)}
	r.Item = policy.Item{Owner: r.Actor.Place.Authority, Categories: []sig.Category{p.category}}
	r.Recipient = policy.Recipient{Place: w.place(p.asked), Participates: true}
	r.Officer = policy.Officer{Necessity: true, Acknowledged: true}
	r.Question = policy.Question{Asker: r.Actor.Place, Ends: p.ends}
	if broken != nil {
		broken(r)
	}
	return policy.Decide(r).Allowed
}

func (w *world) questionDisagreements(t *testing.T, db *dbtest.Database, broken change) (asked, allowed int, found []string) {
	t.Helper()
	w.answersBack()
	alone := w.ownPuts()
	w.load(t, db.Super())
	for _, p := range append(w.puts(), alone...) {
		var sql bool
		err := db.Super().QueryRow(t.Context(), `select sig.may_ask($1, $2, $3, $4, $5, $6, $7, $8, $9)`, w.cases[p.inCase].id,
			p.asker.Authority, p.asker.Unit, p.asker.Function, p.asked.Authority, p.asked.Unit, p.asked.Function, p.category, p.ends).Scan(&sql)
		if err != nil {
			t.Fatalf("ask the database: %v", err)
		}
		asked++
		if sql {
			allowed++
		}
		if pure := w.mayAsk(p, broken); sql != pure {
			found = append(found, fmt.Sprintf("%+v: sql %v, go %v", p, sql, pure))
		}
	}
	return asked, allowed, found
}

// Both walls agree on who may put a directed question to whom, in which
// category, until when.
func TestTheWallsAgreeOnQuestions(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	total, yes := 0, 0
	for seed := uint64(1); total < *requests/2; seed++ {
		w := newWorld(seed)
		db.FreezeClock(t, w.now)
		asked, allowed, found := w.questionDisagreements(t, db, nil)
		total, yes = total+asked, yes+allowed
		for _, f := range found {
			t.Errorf("world %d: %s", seed, f)
		}
		if t.Failed() {
			return
		}
	}
	if yes*50 < total {
		t.Errorf("only %d of %d questions were answered yes: the worlds are too forbidding to prove anything", yes, total)
	}
	t.Logf("N = %d questions, %d answered yes, 0 disagreements", total, yes)
}

const asking = "may_ask"

// questionMutants are faults of directed questions alone; those of the rows
// themselves are planted in seat_tells and may_send elsewhere.
var questionMutants = []mutant{
	{"the answer need not come back", func(r *policy.Request) { r.Action = policy.Disclose },
		[][3]string{{asking, "if not sig.seat_tells(", "if false and not sig.seat_tells("}}},
	{"the answer is asked about now alone", func(r *policy.Request) {
		if r.Question.Ends.After(r.Now) {
			r.Question.Ends = r.Now.Add(time.Microsecond)
		}
	}, [][3]string{{asking, "array[now, ends_at - interval '1 microsecond']", "array[now]"}}},
	{"the answer is asked about at the end alone", nil, [][3]string{{asking, "array[now, ends_at - interval '1 microsecond']", "array[ends_at - interval '1 microsecond']"}}},
	{"the last instant is one too far", func(r *policy.Request) { r.Question.Ends = r.Question.Ends.Add(time.Microsecond) },
		[][3]string{{asking, "ends_at - interval '1 microsecond'", "ends_at"}}},
	{"the question may be put after its end", func(r *policy.Request) {
		if !r.Question.Ends.After(r.Now) {
			r.Question.Ends = r.Now.Add(time.Microsecond)
		}
	}, [][3]string{{asking, "now >= ends_at or", ""}, {asking, "array[now, ends_at - interval '1 microsecond']", "array[now]"}}},
	{"a yes that waits for somebody new counts", nil, [][3]string{
		{"seat_tells", "sig.instant() < c.stands_until", "true"}, {"may_send", "sig.instant() < c.stands_until", "true"},
	}}, // one of the two is enough to refuse
	{"the question itself is no telling", nil, [][3]string{{asking, "or not sig.may_send(", "or false and not sig.may_send("}}},
	{"an own yes carries no question", func(r *policy.Request) {
		r.Consent.Grants = slices.DeleteFunc(slices.Clone(r.Consent.Grants), func(g sig.Grant) bool { return g.Own })
	}, [][3]string{{asking, "return true", "return not category = any (sig.alone_in(intervention))"}}},
	{"everybody's rows carry a question about what is the youth's alone", func(r *policy.Request) {
		r.Consent.Grants = eachGrant(r, func(g *sig.Grant) { g.Own = g.Own || within(g.Categories, r.Consent.Alone) })
	}, [][3]string{{tellingSeat, "$9 <> all (alone) and", ""}, {"may_send", "and not $8 && alone", ""}}},
	{"an own yes that was taken back carries the answer", nil, [][3]string{{tellingSeat, "o.ended_at is null", "true"}}},
	{"the own house", nil, [][3]string{{asking, "or sig.one_house(sig.current_unit(asker_unit, asker_function, now), sig.current_unit(asked_unit, asked_function, now))", ""}}},
	{"the asker's district", func(r *policy.Request) { r.Question.Asker.Districts = nil },
		[][3]string{{asking, "sig.unit_districts(sig.current_unit(asker_unit, asker_function, now))", "'{}'"}}},
}

func TestEveryFaultOfQuestionsIsCaught(t *testing.T) {
	t.Parallel()
	for _, m := range questionMutants {
		t.Run("sql: "+m.name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			plant(t, db, m.sql)
			caught := worldsUntil(t, db, patience, func(w *world) bool {
				_, _, found := w.questionDisagreements(t, db, nil)
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
		for _, m := range questionMutants {
			if m.pure == nil {
				continue
			}
			caught := worldsUntil(t, db, patience, func(w *world) bool {
				_, _, found := w.questionDisagreements(t, db, m.pure)
				return len(found) > 0
			})
			if caught == 0 {
				t.Errorf("go: %s: not caught in %d worlds", m.name, patience)
			}
			t.Logf("go: %s: caught in world %d", m.name, caught)
		}
	})
}
