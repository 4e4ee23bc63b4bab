package walltest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/cedar-policy/cedar-go"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/closing"
	"sigportal/internal/dbtest"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// guested is a world in which people without an account are called: relatives
// whom rows name, and somebody of an association.
type guested struct {
	*world
	rows   [3][2][]sig.Grant // private rows by case and version, as they end
	ends   map[sig.GrantID]time.Time
	guests []guest
}

type guest struct {
	id      sig.GuestID
	meet    int
	origins []sig.GrantID // of a person
	club    sig.Seat      // or of an association
	ended   bool

	interprets bool // and so needs no row
}

var clubKinds = append([]sig.Category{sig.CategoryMeetingLogistics}, kinds...)

func newGuested(seed uint64) *guested {
	w := &guested{world: newWorld(seed), ends: map[sig.GrantID]time.Time{}}
	w.units = append(w.units, unit{id: "unit-club", authority: "klubben", districts: some(w.world, districts, 0)})
	club := sig.Seat{Authority: "klubben", Unit: "unit-club", Function: sig.FunctionClubMentor}
	if seed%3 == 1 { // the association's own function goes to an authority
		w.moves = append(w.moves, sig.FunctionMove{
			Authority: club.Authority, Function: club.Function, From: club.Unit, To: w.units[0].id, At: w.now.Add(30 * time.Minute),
		})
	}
	for i := range w.cases {
		c := &w.cases[i]
		if w.chance(60) {
			c.state, c.consents[0].state = sig.InterventionActive, sig.ConsentActive
		}
		if w.chance(50) {
			c.consents[0].exclusions = nil
		}
		people := []sig.GrantID{{UUID: uuid.New()}, {UUID: uuid.New()}, {UUID: uuid.New()}}
		host := sig.Seat{Authority: w.cases[i].board, Unit: w.units[0].id, Function: sig.RoleCoordinator}
		for v := range w.cases[i].consents {
			w.row(i, v, sig.Grant{Recipient: club, Categories: some(w.world, clubKinds, 2)}, host)
			w.row(i, v, sig.Grant{Recipient: club, Categories: some(w.world, clubKinds, 2)}, w.seat(""))
			for _, origin := range people[v:] { // one is named in the first version alone
				w.row(i, v, sig.Grant{Private: sig.PrivateCloseContact, Origin: origin, Categories: some(w.world, kinds, 1)}, host)
				w.row(i, v, sig.Grant{Private: sig.PrivateExpert, Origin: origin, Categories: some(w.world, kinds, 1)}, w.seat(""))
			}
		}
		w.callGuests(i, people, club)
	}
	return w
}

// row adds a row to a version. A private one is kept apart: no seat is in it.
func (w *guested) row(i, v int, g sig.Grant, from sig.Seat) {
	c := &w.cases[i].consents[v]
	g.ID, g.Row, g.Discloser, g.Aim, g.Districts = sig.GrantID{UUID: uuid.New()}, 100+len(w.ends), from, sig.Aim{Purpose: sig.PurposePlan}, some(w.world, districts, 1)
	g.From, g.To = w.window(w.chance(80))
	w.ends[g.ID] = g.To
	if g.Private == "" {
		c.add(g)
		return
	}
	c.ends[g.ID] = g.To
	if c.said != nil && c.said.Before(g.To) {
		g.To = *c.said
	}
	w.rows[i][v] = append(w.rows[i][v], g)
}

// callGuests adds to every meeting of a case points at which its guests may be
// told something, and the guests.
func (w *guested) callGuests(i int, people []sig.GrantID, club sig.Seat) {
	for m := range w.meets {
		if w.meets[m].inCase != i {
			continue
		}
		all := slices.Concat(w.rows[i][0], w.cases[i].consents[0].grants)
		edge := pick(w.rand, w.rows[i][0])
		if w.chance(40) {
			w.meets[m].start = pick(w.rand, []time.Time{edge.To, edge.To.Add(-time.Microsecond), edge.From})
		}
		for range 3 {
			g := pick(w.rand, all)
			if w.chance(60) {
				g = pick(w.rand, w.rows[i][0])
			}
			w.meets[m].points = append(w.meets[m].points, point{id: sig.PointID{UUID: uuid.New()}, teller: g.Discloser, category: pick(w.rand, g.Categories)})
		}
		for _, origin := range people {
			w.guests = append(w.guests, guest{id: sig.GuestID{UUID: uuid.New()}, meet: m, origins: []sig.GrantID{origin}, ended: w.chance(10)})
		}
		w.guests = append(w.guests, guest{id: sig.GuestID{UUID: uuid.New()}, meet: m, club: club, ended: w.chance(10)},
			guest{id: sig.GuestID{UUID: uuid.New()}, meet: m, interprets: true, ended: w.chance(30)})
	}
}

func (w *guested) loadGuests(t *testing.T, db *dbtest.Database) {
	t.Helper()
	w.load(t, db.Super())
	b := &pgx.Batch{}
	b.Queue(`set session_replication_role = replica`)
	b.Queue(`insert into sig.authority (id, kind, name, districts, public_body) values ('klubben', 'civil_society', 'klubben', '{}', false)`)
	b.Queue(`insert into sig.branch (id, authority, name, regime, independent) values ('klubben', 'klubben', 'klubben', 'social_26_1', false)`)
	for i, versions := range w.rows {
		for v, rows := range versions {
			for _, g := range rows {
				b.Queue(`insert into sig.consent_grant (id, consent, intervention, row_number, discloser_authority, discloser_unit, discloser_function,
						private_kind, private_name_sealed, categories, purpose, districts, valid_from, valid_to, origin)
					values ($1, $2, $3, $4, $5, $6, $7, $8, '\x00', $9, 'follow_plan', $10, $11, $12, $13)`,
					g.ID, w.cases[i].consents[v].id, w.cases[i].id, g.Row, g.Discloser.Authority, g.Discloser.Unit, g.Discloser.Function,
					g.Private, g.Categories, g.Districts, g.From, w.ends[g.ID], g.Origin)
			}
		}
	}
	for _, g := range w.guests {
		m := w.meets[g.meet]
		var ended, by any
		if g.ended {
			ended, by = w.now, "narrowing"
		}
		b.Queue(`insert into sig.meeting_guest (id, meeting, intervention, authority, kind, language, who_sealed, contact_sealed, origins, club_authority, club_unit, club_function,
				invited_at, invited_by, ended_at, ended_by)
			values ($1, $2, $3, $4, case when $12 then 'interpreter' else 'private' end, case when $12 then 'prs' end, '\x00', '\x00', $5,
				nullif($6, ''), nullif($7, ''), nullif($8, ''), now(), $9, $10, $11)`,
			g.id, m.id, w.cases[m.inCase].id, m.host.Authority, orEmpty(g.origins), g.club.Authority, g.club.Unit, g.club.Function, w.staff[0].id, ended, by, g.interprets)
	}
	b.Queue(`set session_replication_role = origin`)
	if err := db.Super().SendBatch(context.Background(), b).Close(); err != nil {
		t.Fatalf("load guests: %v", err)
	}
}

func calledKey(g guest) string { return g.id.String() + " is called" }

func hearKey(g guest, p point) string { return g.id.String() + " at point " + p.id.String() }

// sqlGuests asks the database who may be there for what.
func sqlGuests(t *testing.T, db *dbtest.Database) met {
	t.Helper()
	out := met{}
	err := db.App().Do(t.Context(), sig.System("guests"), func(tx *postgres.Tx) error {
		if err := tx.ReadClock(t.Context()); err != nil {
			return err
		}
		rows, err := tx.Query(t.Context(), `select q.id || ' at point ' || p.id from sig.meeting_guest q join sig.meeting_point p on p.meeting = q.meeting
			where sig.guest_may_hear(q.id, p.id)
			union all select q.id || ' is called' from sig.meeting_guest q where sig.guest_called(q.id)`)
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

// hears asks the pure policy, as the services do.
func (w *guested) hears(g guest, p point, broken change) bool {
	m := w.meets[g.meet]
	r := w.seatConsent(m.inCase)
	r.Action = policy.VisitPoint
	r.Actor = policy.Actor{Kind: sig.ActorStaff, InForce: true, Participates: true}
	for v, k := range w.cases[m.inCase].consents {
		if k.state == sig.ConsentActive || k.state == sig.ConsentSuspended {
			r.Consent.Grants = slices.Concat(r.Consent.Grants, w.rows[m.inCase][v])
		}
	}
	r.Meeting = policy.Meeting{Host: w.place(m.host), Teller: w.place(p.teller), Category: p.category, Start: m.start, FamilyAlone: p.family}
	var club sig.Place
	if !g.club.IsZero() {
		club = w.place(g.club)
		club.Kind, club.PublicBody = sig.KindCivilSociety, false
	}
	return !g.ended && slices.ContainsFunc(closing.Visitors(r.Consent.Grants, g.origins, club), func(to policy.Recipient) bool {
		q := *r
		q.Recipient = to
		if broken != nil {
			broken(&q)
		}
		return policy.Decide(&q).Allowed
	})
}

// comes is the service's question at every opening of a link: there is something
// to come to, and the meeting is neither called off nor over.
func (w *guested) comes(g guest, broken change, hears func(point) bool) bool {
	m := w.meets[g.meet]
	r := &policy.Request{Now: w.now, Case: w.cases[m.inCase].state, Meeting: policy.Meeting{Start: m.start}}
	if broken != nil {
		broken(r)
	}
	return r.Case == sig.InterventionActive && !g.ended && !m.cancelled && r.Now.Before(m.start.Add(meetingLasts)) &&
		(g.interprets || slices.ContainsFunc(m.points, hears))
}

// cedarHears asks Cedar: the rows one by one, and then about the guest.
func (w *guested) cedarHears(t *testing.T, g guest, p point) bool {
	t.Helper()
	m := w.meets[g.meet]
	names := func(at time.Time) cedar.Boolean {
		if !g.club.IsZero() {
			return cedar.Boolean(w.tellsAt(t, m.inCase, p.teller, g.club, w.place(g.club).Districts, p.category, at))
		}
		return cedar.Boolean(w.namesAt(t, g, p, at))
	}
	return allows(t, "hear", nil, nil, cedar.RecordMap{
		"state": text(w.cases[m.inCase].state), "called": cedar.Boolean(!g.ended), "familyAlone": cedar.Boolean(p.family), "club": cedar.Boolean(!g.club.IsZero()), "category": text(p.category),
		"ownPoint":        cedar.Boolean(p.teller.Authority == m.host.Authority),
		"tellerTellsHost": cedar.Boolean(w.tells(t, m.inCase, p.teller, m.host, w.place(m.host).Districts, p.category, m.start)),
		"named":           names(w.now), "namedThen": names(later(w.now, m.start)),
	})
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// namesAt: a row of a version names the person, under the same rules as a row
// that names a seat. The person sits nowhere and is limited to no district.
func (w *guested) namesAt(t *testing.T, g guest, p point, at time.Time) bool {
	t.Helper()
	inCase := w.meets[g.meet].inCase
	for v, version := range w.cases[inCase].consents {
		xs := version.exclusions
		if len(xs) == 0 {
			xs = []sig.Exclusion{{}}
		}
		for _, row := range w.rows[inCase][v] {
			permitted := true
			for _, x := range xs {
				permitted = permitted && allows(t, "tell", nil, cedar.RecordMap{
					"from": named(w.sitsAt(p.teller, at)), "to": text(g.origins[0].String()), "authority": text("nobody's"), "unit": text("nowhere"), "function": text("none"),
					"districts": texts[string](nil), "category": text(p.category),
				}, cedar.RecordMap{
					"now": cedar.Long(at.UnixMicro()), "consent": text(version.state), "discloser": named(w.sitsAt(row.Discloser, at)), "recipient": text(row.Origin.String()),
					"categories": texts(row.Categories), "districts": texts(row.Districts), "from": cedar.Long(row.From.UnixMicro()), "to": cedar.Long(row.To.UnixMicro()),
					"excludes": cedar.Boolean(!x.ID.IsZero()), "xAuthority": text(x.Recipient.Authority), "xUnit": text(x.Recipient.Unit),
					"xFunction": text(x.Recipient.Function), "xCategory": text(x.Category), "own": cedar.False, "alone": texts(w.cases[inCase].alone),
				})
			}
			if permitted {
				return true
			}
		}
	}
	return false
}

// guestDisagreements asks all opinions about every guest and point of a world.
func (w *guested) guestDisagreements(t *testing.T, db *dbtest.Database, broken change, third bool) (asked, allowed int, found []string) {
	t.Helper()
	w.loadGuests(t, db)
	sql := sqlGuests(t, db)
	for _, g := range w.guests {
		asked++
		came := w.comes(g, broken, func(p point) bool { return w.hears(g, p, broken) })
		if sql[calledKey(g)] != came {
			found = append(found, fmt.Sprintf("%s: sql %v, go %v", calledKey(g), sql[calledKey(g)], came))
		}
		if g.interprets {
			continue // hears what those hear for whom the interpreting is done
		}
		for _, p := range w.meets[g.meet].points {
			asked++
			key := hearKey(g, p)
			pure := w.hears(g, p, broken)
			if sql[key] {
				allowed++
			}
			if sql[key] != pure || third && w.cedarHears(t, g, p) != pure {
				found = append(found, fmt.Sprintf("%s (%s, by %v): sql %v, go %v", key, p.category, p.teller, sql[key], pure))
			}
		}
	}
	return asked, allowed, found
}

// Both walls and Cedar agree about every guest without an account at every
// point of a meeting, in every random world.
func TestTheWallsAgreeOnGuests(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	total, yes := 0, 0
	for seed := uint64(1); total < *requests; seed++ {
		w := newGuested(seed)
		db.FreezeClock(t, w.now)
		asked, allowed, found := w.guestDisagreements(t, db, nil, true)
		total, yes = total+asked, yes+allowed
		for _, f := range found {
			t.Errorf("world %d: %s", seed, f)
		}
		if t.Failed() {
			return
		}
	}
	if yes*25 < total {
		t.Errorf("only %d of %d questions were answered yes: the worlds are too forbidding to prove anything", yes, total)
	}
	t.Logf("N = %d questions, %d answered yes, 0 disagreements", total, yes)
}

const naming, hearing, calling = "row_names_guest", "guest_may_hear", "guest_called"

// guestMutants are faults about guests, planted in both walls where both have
// the rule.
var guestMutants = []mutant{
	{"only now is asked about", func(r *policy.Request) { r.Meeting.Start = r.Now }, [][3]string{{hearing, "array[now, greatest(now, p.starts_at)]", "array[now]"}}},
	{"only the meeting's time is asked about", func(r *policy.Request) {
		if r.Meeting.Start.After(r.Now) {
			r.Now = r.Meeting.Start
		}
	}, [][3]string{{hearing, "array[now, greatest(now, p.starts_at)]", "array[greatest(now, p.starts_at)]"}}},
	{"the teller need not be able to tell the host", func(r *policy.Request) {
		g := sig.Grant{Discloser: r.Meeting.Teller.Seat(), Recipient: r.Meeting.Host.Seat(), Categories: sig.Categories(),
			Districts: districts, From: r.Now.Add(-time.Hour), To: r.Meeting.Start.Add(100 * 24 * time.Hour)}
		r.Consent.Grants = append(r.Consent.Grants[:len(r.Consent.Grants):len(r.Consent.Grants)], g)
	}, [][3]string{{hearing, "if not (p.teller_authority = p.host_authority and sig.one_house(p.sits, p.host_unit))", "if false"}}},
	{"an intervention that has ended", func(r *policy.Request) { r.Case = sig.InterventionActive }, [][3]string{{hearing, "i.state = 'active'", "true"}}},
	{"a call that has ended", nil, [][3]string{{hearing, "q.ended_at is null", "true"}}},
	{"a link after the meeting", nil, [][3]string{{calling, "and sig.instant() < m.ends_at", ""}}},
	{"a link at the meeting's very end", func(r *policy.Request) { r.Meeting.Start = r.Meeting.Start.Add(time.Microsecond) },
		[][3]string{{calling, "sig.instant() < m.ends_at", "sig.instant() <= m.ends_at"}}},
	{"a link in an intervention that has ended", nil, [][3]string{{calling, "and i.state = 'active'", ""}}},
	{"a link of a call that has ended", nil, [][3]string{{calling, "and q.ended_at is null", ""}}},
	{"a link to a meeting that was called off", nil, [][3]string{{calling, "and m.state in ('proposed', 'planned', 'live')", ""}}},
	{"a link without a ground", nil, [][3]string{{calling, "q.kind = 'interpreter' or", "true or"}}},
	{"window end inclusive", func(r *policy.Request) {
		r.Consent.Grants = eachGrant(r, func(g *sig.Grant) { g.To = g.To.Add(time.Nanosecond) })
	}, [][3]string{{naming, "at < least(g.valid_to, c.oral_until)", "at <= least(g.valid_to, c.oral_until)"}}},
	{"a row counts before it begins", func(r *policy.Request) {
		r.Consent.Grants = eachGrant(r, func(g *sig.Grant) { g.From = time.Time{} })
	}, [][3]string{{naming, "g.valid_from <= at and", ""}}},
	{"an oral yes never ends", nil, [][3]string{{naming, "least(g.valid_to, c.oral_until)", "g.valid_to"}}},
	{"a yes that waits for somebody new counts", nil, [][3]string{{naming, "sig.instant() < c.stands_until", "true"}}},
	{"it waits an instant too late", nil, [][3]string{{naming, "sig.instant() < c.stands_until", "sig.instant() <= c.stands_until"}}},
	{"suspended accepted", func(r *policy.Request) {
		if r.Consent.State == sig.ConsentSuspended {
			r.Consent.State = sig.ConsentActive
		}
	}, [][3]string{{naming, "c.state = 'active'", "c.state in ('active', 'suspended')"}}},
	{"a superseded version", nil, [][3]string{{naming, "c.state = 'active'", "c.state in ('active', 'superseded')"}}},
	{"category ignored", func(r *policy.Request) {
		r.Consent.Grants = eachGrant(r, func(g *sig.Grant) { g.Categories = sig.Categories() })
	}, [][3]string{{naming, "and category = any (g.categories)", ""}}},
	{"another person's row", nil, [][3]string{{naming, "g.origin = any (q.origins)", "true"}}},
	{"another teller", nil, [][3]string{{naming, "g.discloser_authority = teller_authority and g.discloser_function = teller_function", "true"}}},
	{"an association whose function has left", nil, [][3]string{
		{naming, "and exists (select from sig.unit u where u.id = sig.current_unit(q.club_unit, q.club_function, at) and u.authority = q.club_authority)", ""},
	}},
	{"an association is told more", nil, [][3]string{{naming, "and category in ('meeting_logistics', 'plan_goals')", ""}}},
	{"an association in another district", func(r *policy.Request) { r.Recipient.Place.Districts = nil }, [][3]string{
		{naming, "and sig.unit_districts(sig.current_unit(q.club_unit, q.club_function, at)) <@ g.districts", ""},
	}},
	{"a guest hears what is the youth's alone", func(r *policy.Request) { r.Consent.Alone = nil },
		[][3]string{{hearing, "or p.category = any (sig.alone_in(p.intervention))", ""}}},
	{"a guest stays with the family", func(r *policy.Request) { r.Meeting.FamilyAlone = false },
		[][3]string{{hearing, "or p.family_alone", ""}}},
	{"exclusion ignored", func(r *policy.Request) { r.Consent.Exclusions = nil }, [][3]string{{naming, "x.consent = c.id", "false"}}},
}

func TestEveryFaultAboutGuestsIsCaught(t *testing.T) {
	t.Parallel()
	until := func(t *testing.T, db *dbtest.Database, broken change) int {
		t.Helper()
		for seed := 1; seed <= patience; seed++ {
			w := newGuested(uint64(seed))
			db.FreezeClock(t, w.now)
			if _, _, found := w.guestDisagreements(t, db, broken, false); len(found) > 0 {
				return seed
			}
		}
		return 0
	}
	for _, m := range guestMutants {
		t.Run("sql: "+m.name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			plant(t, db, m.sql)
			caught := until(t, db, nil)
			if caught == 0 {
				t.Errorf("not caught in %d worlds", patience)
			}
			t.Logf("caught in world %d", caught)
		})
	}
	t.Run("go", func(t *testing.T) {
		t.Parallel()
		db := dbtest.New(t)
		for _, m := range guestMutants {
			if m.pure == nil {
				continue
			}
			caught := until(t, db, m.pure)
			if caught == 0 {
				t.Errorf("go: %s: not caught in %d worlds", m.name, patience)
			}
			t.Logf("go: %s: caught in world %d", m.name, caught)
		}
	})
}
