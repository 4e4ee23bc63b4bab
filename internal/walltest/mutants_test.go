package walltest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"sigportal/internal/dbtest"
	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// A mutant is one rule forgotten in one wall.
type mutant struct {
	name string
	pure change      // in the pure policy: the facts as a forgotten rule would leave them
	sql  [][3]string // in the database: function or table.policy, what to take out, what to put in
}

const entitlements, seats, kept = "my_entitlements", "my_seats", "kept_from_me"

// mutants are the ten faults that must not pass, planted in both walls.
var mutants = []mutant{
	{"district ignored", func(r *policy.Request) { r.Actor.Place.Districts = nil },
		[][3]string{{entitlements, "and s.districts <@ g.districts", ""}}},
	{"function ignored", func(r *policy.Request) {
		r.Consent.Grants = eachGrant(r, func(g *sig.Grant) { g.Recipient.Function = r.Actor.Place.Function })
		r.Copy.Recipient.Function = r.Actor.Place.Function
	}, [][3]string{
		{entitlements, "and g.recipient_function = s.function", ""},
		{"received.received_by_consent", "(received.function = e.function) AND", ""},
	}},
	{"direction swapped", func(r *policy.Request) {
		r.Consent.Grants = eachGrant(r, func(g *sig.Grant) { g.Discloser, g.Recipient = g.Recipient, g.Discloser })
	}, [][3]string{
		{entitlements, "g.discloser_", "g.SWAP_"}, {entitlements, "g.recipient_", "g.discloser_"}, {entitlements, "g.SWAP_", "g.recipient_"},
	}},
	{"category superset", func(r *policy.Request) {
		r.Consent.Grants = eachGrant(r, func(g *sig.Grant) {
			if slices.ContainsFunc(g.Categories, func(c sig.Category) bool { return slices.Contains(r.Copy.Categories, c) }) {
				g.Categories = sig.Categories()
			}
		})
	}, [][3]string{{"received.received_by_consent", "(received.categories <@ e.categories)", "(received.categories && e.categories)"}}},
	{"window end inclusive", func(r *policy.Request) {
		r.Consent.Grants = eachGrant(r, func(g *sig.Grant) { g.To = g.To.Add(time.Nanosecond) })
	}, [][3]string{{entitlements, "t.now < least(g.valid_to, c.oral_until)", "t.now <= least(g.valid_to, c.oral_until)"}}},
	{"an oral yes never ends", nil, [][3]string{{entitlements, "least(g.valid_to, c.oral_until)", "g.valid_to"}}},
	{"a yes that waits for somebody new counts", nil, [][3]string{{entitlements, "sig.instant() < c.stands_until", "true"}}},
	{"it waits an instant too late", nil, [][3]string{{entitlements, "sig.instant() < c.stands_until", "sig.instant() <= c.stands_until"}}},
	{"exclusion ignored", func(r *policy.Request) { r.Consent.Exclusions = nil },
		[][3]string{{entitlements, "x.consent = c.id", "false"}}},
	{"participation ignored", func(r *policy.Request) { r.Actor.Participates = true }, [][3]string{
		{seats, "p.valid_from <= me.now and me.now < p.valid_to", "true"},
	}},
	{"superseded version accepted", nil,
		[][3]string{{entitlements, "c.state = 'active'", "c.state in ('active', 'superseded')"}}},
	{"suspended accepted", func(r *policy.Request) {
		if r.Consent.State == sig.ConsentSuspended {
			r.Consent.State = sig.ConsentActive
		}
	}, [][3]string{{entitlements, "c.state = 'active'", "c.state in ('active', 'suspended')"}}},
	{"a row follows its function to another authority", func(r *policy.Request) {
		for _, m := range r.Directory.Moves {
			r.Directory.Units[m.From], r.Directory.Units[m.To] = m.Authority, m.Authority
		}
	}, [][3]string{{entitlements, "and du.authority = g.discloser_authority", ""}}},
	{"visibility of the other guardian", nil, [][3]string{
		{"item.item_family", "(v.viewer = ( SELECT sig.my_standing() AS my_standing))", "true"},
		{"item_visibility.visibility_family", "(viewer = ( SELECT sig.my_standing() AS my_standing))", "true"},
	}},
	{"the whole board reads what was told at a meeting", func(r *policy.Request) { r.Item.Said = nil },
		[][3]string{{"item.item_owner", "AND (id <> ALL (( SELECT sig.items_kept_from_me() AS items_kept_from_me)::uuid[]))", ""}}},
	{"a function of another unit holds the meeting", nil, [][3]string{{"points_kept_from_me", " and m.unit = any (s.units)", ""}}},
	{"a call to the point that has ended counts", nil, [][3]string{{"points_kept_from_me", "r.ended_at is null and", ""}}},
	{"an own yes counts over anything", func(r *policy.Request) {
		for _, g := range r.Consent.Grants {
			if g.Own {
				r.Consent.Alone = slices.Concat(r.Consent.Alone, g.Categories)
			}
		}
	}, [][3]string{{entitlements, "and o.categories <@ k.alone", ""}}},
	{"an own yes that was never given counts", nil, [][3]string{{entitlements, "o.given_at is not null", "true"}}},
	{"an own yes that was taken back counts", nil, [][3]string{{entitlements, "o.ended_at is null", "true"}}},
	{"everybody's rows count over what is the youth's alone", func(r *policy.Request) {
		r.Consent.Grants = eachGrant(r, func(g *sig.Grant) { g.Own = g.Own || within(g.Categories, r.Consent.Alone) })
	}, [][3]string{{entitlements, "case when g.own then '{}' else coalesce(k.alone, '{}') end", "'{}'::text[]"}}},
	{"an own yes of another case counts", nil, [][3]string{{entitlements, "o.intervention = c.intervention", "true"}}},
	{"an own yes by an assessment that another has replaced", nil, [][3]string{{entitlements, "m.assessed_at desc", "m.assessed_at"}}},
	{"a guardian reads what the youth disposes over alone", func(r *policy.Request) { r.Consent.Alone = nil },
		[][3]string{{"item.item_family", "NOT (id = ANY", "true or NOT (id = ANY"}, {"item_visibility.visibility_family", "NOT (item = ANY", "true or NOT (item = ANY"}}},
	{"a guardian sees that it was decided visible", nil,
		[][3]string{{"item_visibility.visibility_family", "NOT (item = ANY", "true or NOT (item = ANY"}}},
	{"all of the categories must be the youth's alone", func(r *policy.Request) {
		if slices.ContainsFunc(r.Item.Categories, func(c sig.Category) bool { return !slices.Contains(r.Consent.Alone, c) }) {
			r.Consent.Alone = nil
		}
	}, [][3]string{{kept, "it.categories && k.alone", "it.categories <@ k.alone"}}},
	{"an assessment that another has replaced counts", nil, [][3]string{{"alone_in", "m.assessed_at desc", "m.assessed_at"}}},
	{"the youth is kept from it too", func(r *policy.Request) {
		if r.Actor.Kind == sig.ActorYouth && sig.Overlap(r.Item.Categories, r.Consent.Alone) {
			r.Item.Visible = false
		}
	}, [][3]string{{kept, "sig.actor_kind() <> 'guardian'", "false"}}},
	{"only the first category is looked at", func(r *policy.Request) {
		if len(r.Item.Categories) > 0 {
			r.Item.Categories = r.Item.Categories[:1]
		}
	}, [][3]string{{kept, "it.categories && k.alone", "it.categories[1] = any (k.alone)"}}},
}

func within(list, of []sig.Category) bool {
	return !slices.ContainsFunc(list, func(c sig.Category) bool { return !slices.Contains(of, c) })
}

func eachGrant(r *policy.Request, edit func(*sig.Grant)) []sig.Grant {
	out := slices.Clone(r.Consent.Grants)
	for i := range out {
		edit(&out[i])
	}
	return out
}

// plant breaks functions and policies of the database.
func plant(t *testing.T, db *dbtest.Database, edits [][3]string) {
	t.Helper()
	broken := map[string]string{}
	for _, e := range edits {
		if broken[e[0]] == "" {
			broken[e[0]] = definition(t, db, e[0])
		}
		if !strings.Contains(broken[e[0]], e[1]) {
			t.Fatalf("%s has no %q:\n%s", e[0], e[1], broken[e[0]])
		}
		broken[e[0]] = strings.ReplaceAll(broken[e[0]], e[1], e[2])
	}
	for what, sql := range broken {
		if _, err := db.Super().Exec(context.Background(), sql); err != nil {
			t.Fatalf("plant in %s: %v", what, err)
		}
	}
}

// definition is the statement that makes a function, or a table's policy.
func definition(t *testing.T, db *dbtest.Database, what string) string {
	t.Helper()
	table, policyName, isPolicy := strings.Cut(what, ".")
	query, args := `select pg_get_functiondef(('sig.' || $1)::regproc)`, []any{what}
	if isPolicy {
		query, args = `select 'alter policy ' || policyname || ' on sig.' || tablename || ' using (' || qual || ')'
			from pg_policies where schemaname = 'sig' and tablename = $1 and policyname = $2`, []any{table, policyName}
	}
	var text string
	if err := db.Super().QueryRow(context.Background(), query, args...).Scan(&text); err != nil {
		t.Fatalf("read %s: %v", what, err)
	}
	return text
}

// worldsUntil counts worlds until the walls disagree; 0 means never.
func worldsUntil(t *testing.T, db *dbtest.Database, most int, ask func(*world) bool) int {
	t.Helper()
	for seed := 1; seed <= most; seed++ {
		w := newWorld(uint64(seed))
		db.FreezeClock(t, w.now)
		if ask(w) {
			return seed
		}
	}
	return 0
}

const patience = 60 // worlds within which every mutant must be caught

func TestEveryPlantedFaultIsCaught(t *testing.T) {
	t.Parallel()
	for _, m := range mutants {
		t.Run("sql: "+m.name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			plant(t, db, m.sql)
			caught := worldsUntil(t, db, patience, func(w *world) bool {
				_, _, found := w.disagreements(t, db, nil, false)
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
		for _, m := range goMutants() {
			caught := worldsUntil(t, db, patience, func(w *world) bool {
				_, _, found := w.disagreements(t, db, m.broken(w), false)
				return len(found) > 0
			})
			if caught == 0 {
				t.Errorf("go: %s: not caught in %d worlds", m.name, patience)
			}
			t.Logf("go: %s: caught in world %d", m.name, caught)
		}
	})
}

type goMutant struct {
	name   string
	broken func(*world) change
}

// goMutants are the same faults in the pure policy. Two of them lie in which
// facts are handed over, and need the world.
func goMutants() []goMutant {
	var out []goMutant
	for _, m := range mutants {
		if m.pure != nil {
			out = append(out, goMutant{m.name, func(*world) change { return m.pure }})
		}
	}
	return append(out,
		goMutant{"superseded version accepted", func(w *world) change {
			return func(r *policy.Request) {
				for _, c := range w.cases {
					if len(c.consents) == 2 && slices.ContainsFunc(c.consents[0].grants, func(g sig.Grant) bool {
						return len(r.Consent.Grants) > 0 && g.ID == r.Consent.Grants[0].ID
					}) {
						r.Consent.Grants = append(slices.Clone(r.Consent.Grants), c.consents[1].grants...)
					}
				}
			}
		}},
		goMutant{"an own yes that was never given counts", ownRows(func(o ownRow) bool { return !o.given })},
		goMutant{"an own yes that was taken back counts", ownRows(func(o ownRow) bool { return o.ended })},
		goMutant{"visibility of the other guardian", func(*world) change {
			return func(r *policy.Request) {
				if r.Action == policy.ReadAsFamily && r.Actor.Kind == sig.ActorGuardian {
					r.Item.Visible = true
				}
			}
		}},
	)
}

// ownRows adds rows of the youth's own that do not count to those that do.
func ownRows(which func(ownRow) bool) func(*world) change {
	return func(w *world) change {
		return func(r *policy.Request) {
			for n := range w.cases {
				c := &w.cases[n]
				if slices.ContainsFunc(r.Consent.Grants, func(g sig.Grant) bool { return g.ID == c.consents[0].grants[0].ID }) {
					r.Consent.Grants = slices.Concat(r.Consent.Grants, c.counts(which))
				}
			}
		}
	}
}
