package walltest

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/sig"
)

// world is one invented state of the portal, drawn from a seed: everything
// that reading content depends on, near the edges where rules go wrong.
type world struct {
	rand      *rand.Rand
	later     *rand.Rand // for what is drawn when it is written down
	apart     *rand.Rand // for what is added about what is youths' alone
	now       time.Time
	units     []unit
	moves     []sig.FunctionMove
	staff     []staff
	families  []family
	cases     []theCase
	copies    []theCopy
	items     []item
	decisions []decision
	meets     []meet
	plans     []planned
	pairs     [][2]sig.Seat // those of what youths alone were asked
}

type unit struct {
	id        sig.UnitID
	authority sig.AuthorityID
	districts []sig.DistrictID
}

type staff struct {
	id        sig.AssignmentID
	unit      unit
	function  sig.Function
	districts []sig.DistrictID
	from, to  time.Time
}

type family struct {
	youth     sig.YouthID
	birth     sig.Date
	signedIn  sig.SessionID  // the youth's session that asks
	office    sig.OfficeHour // the hour in the coordinator's office
	guardians []guardian
}

type guardian struct {
	id       sig.GuardianID
	from, to time.Time
}

type theCase struct {
	id       sig.InterventionID
	family   int
	state    sig.InterventionState
	board    sig.AuthorityID
	parts    []part
	consents []consent
	before   []sig.Category // over which the youth disposed alone by the assessment before
	alone    []sig.Category // over which the youth disposes alone
	own      []ownRow       // what the youth alone was asked
}

// ownRow is one row of a youth's own consent.
type ownRow struct {
	sig.Grant

	given, ended bool
}

// counts lists the rows that the youth has given and not taken back, as long as
// everybody's consent lasts.
func (c *theCase) counts(which func(ownRow) bool) []sig.Grant {
	var out []sig.Grant
	for _, o := range c.own {
		if !which(o) {
			continue
		}
		if said := c.consents[0].said; said != nil && said.Before(o.To) {
			o.To = *said
		}
		if last := c.consents[0].lastEnd(); last.Before(o.To) {
			o.To = last
		}
		out = append(out, o.Grant)
	}
	return out
}

func inForce(o ownRow) bool { return o.given && !o.ended }

type part struct {
	staff    int
	unit     sig.UnitID
	function sig.Function
	standIn  bool
	from, to time.Time
}

type consent struct {
	id         sig.ConsentID
	state      sig.ConsentState
	grants     []sig.Grant
	exclusions []sig.Exclusion
	said       *time.Time                // until when an oral yes holds; nil without one
	ends       map[sig.GrantID]time.Time // the rows' own ends
}

// lastEnd is when its last row ends.
func (c *consent) lastEnd() (last time.Time) {
	for _, end := range c.ends {
		if end.After(last) {
			last = end
		}
	}
	return last
}

// add puts a row into it, which ends with an oral yes if that is earlier.
func (c *consent) add(g sig.Grant) {
	c.ends[g.ID] = g.To
	if c.said != nil && c.said.Before(g.To) {
		g.To = *c.said
	}
	c.grants = append(c.grants, g)
}

type theCopy struct {
	id                sig.DisclosureID
	inCase            int
	sender, recipient sig.Seat
	byConsent         bool
	categories        []sig.Category
	cut, deleted      bool
	registrarUntil    time.Time
}

type item struct {
	id     sig.ItemID
	inCase int
	owner  sig.AuthorityID
	author int
	kinds  []sig.Category
	said   *said // where it was told; nil where at no meeting of its owner's
}

type decision struct {
	item    int
	viewer  uuid.UUID
	kind    sig.SignerKind
	visible bool
	lowRisk bool
}

var (
	authorities = []sig.AuthorityID{"farsta-sdn", "polisen", "utbildning"}
	districts   = []sig.DistrictID{"farsta", "jarva"}
	roles       = []sig.Function{sig.RoleCoordinator, sig.RolePolice, sig.RoleRegistrar}
	kinds       = []sig.Category{sig.CategoryAttendance, sig.CategoryPlanGoals, sig.CategorySubstanceUse}
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func (w *world) chance(percent int) bool { return w.rand.IntN(100) < percent }

func some[T any](w *world, from []T, least int) []T {
	out := []T{}
	for _, x := range from {
		if w.chance(60) {
			out = append(out, x)
		}
	}
	for len(out) < least {
		out = append(out, pick(w.rand, from))
	}
	return out
}

// window is an interval around now whose edges are now itself, a microsecond
// from it, or far away.
func (w *world) window(mostlyOpen bool) (from, to time.Time) {
	edges := []time.Duration{-time.Microsecond, 0, time.Microsecond}
	far := 30 * 24 * time.Hour
	from, to = w.now.Add(-far), w.now.Add(far)
	edge := 12
	if !mostlyOpen {
		edge = 25
	}
	if w.chance(edge) {
		from = w.now.Add(pick(w.rand, edges))
	}
	if w.chance(edge) {
		to = w.now.Add(pick(w.rand, edges))
	}
	if !mostlyOpen && w.chance(8) {
		from, to = w.now.Add(far), w.now.Add(2*far)
	}
	if !from.Before(to) {
		to = from.Add(time.Microsecond)
	}
	return from, to
}

// sitting is a window for somebody in a seat. Where a function moves, nobody
// takes a seat between the move and now: whether the old unit then has the
// function again is a question that the directory's import answers, not the
// walls.
func (w *world) sitting() (from, to time.Time) {
	from, to = w.window(true)
	if len(w.moves) > 0 && from.Before(w.now.Add(time.Second)) {
		from = w.now.Add(-30 * 24 * time.Hour)
		if !to.After(from) {
			to = from.Add(time.Microsecond)
		}
	}
	return from, to
}

// newWorld draws a world.
func newWorld(seed uint64) *world {
	w := &world{rand: rand.New(rand.NewPCG(seed, 7)), later: rand.New(rand.NewPCG(seed, 8)), apart: rand.New(rand.NewPCG(seed, 9)), now: time.Date(2027, 3, 15, 12, 0, 0, 0, time.UTC)}
	for i := range 6 {
		w.units = append(w.units, unit{
			id: sig.UnitID("unit-" + string(rune('a'+i))), authority: authorities[i%len(authorities)], districts: some(w, districts, 0),
		})
	}
	if w.chance(50) { // a move inside one authority: units i and i+3 share it
		from := w.rand.IntN(3)
		at := w.now.Add(pick(w.rand, []time.Duration{-time.Hour, 0, time.Microsecond}))
		w.moves = append(w.moves, sig.FunctionMove{
			Authority: w.units[from].authority, Function: pick(w.rand, roles[:2]), From: w.units[from].id, To: w.units[from+3].id, At: at,
		})
	}
	for range 9 {
		s := staff{id: sig.NewAssignmentID(), unit: pick(w.rand, w.units), function: pick(w.rand, roles)}
		if w.chance(30) {
			s.districts = some(w, districts, 1)
		}
		s.from, s.to = w.sitting()
		w.staff = append(w.staff, s)
	}
	for range 3 {
		w.family()
	}
	for i := range 3 {
		w.intervention(i)
	}
	for range 24 {
		w.content()
	}
	if seed%3 == 2 {
		w.leave()
	}
	w.meetings()
	w.ownMeetings()
	w.tellItems()
	return w
}

// leave takes a function to another authority, between the police and the
// schools. As the directory's import sees to, nobody sits there any more from
// that instant on. Before it, the function told a good deal.
func (w *world) leave() {
	if len(w.moves) == 0 {
		w.moves = []sig.FunctionMove{{Authority: authorities[0], Function: sig.RolePolice, At: w.now.Add(-time.Hour)}}
	}
	m := &w.moves[0]
	if m.Authority == authorities[0] {
		m.Authority, m.From = authorities[1], w.units[1].id
	}
	m.To = w.units[2].id
	if m.Authority == authorities[2] {
		m.To = w.units[4].id
	}
	gone := func(unit sig.UnitID, function sig.Function, from, to *time.Time) {
		if unit == m.From && function == m.Function && to.After(m.At) {
			*to = m.At
			if !from.Before(*to) {
				*from = to.Add(-time.Hour)
			}
		}
	}
	for s := range w.staff {
		gone(w.staff[s].unit.id, w.staff[s].function, &w.staff[s].from, &w.staff[s].to)
	}
	for c := range w.cases {
		for p := range w.cases[c].parts {
			one := &w.cases[c].parts[p]
			gone(one.unit, one.function, &one.from, &one.to)
		}
		for g := range w.cases[c].consents[0].grants {
			if g%2 == 0 {
				w.cases[c].consents[0].grants[g].Discloser = sig.Seat{Authority: m.Authority, Unit: m.From, Function: m.Function}
			}
		}
	}
	for n := range w.copies {
		k := &w.copies[n]
		if g := w.cases[k.inCase].consents[0].grants[n%10]; n%2 == 0 {
			k.sender, k.recipient, k.categories, k.byConsent = g.Discloser, g.Recipient, g.Categories[:1], true
		}
	}
}

// left reports whether a written-down function has gone to another authority.
func (w *world) left(s sig.Seat) bool {
	here := w.sits(s).Unit
	return slices.ContainsFunc(w.units, func(u unit) bool { return u.id == here && u.authority != s.Authority })
}

func (w *world) family() {
	f := family{youth: sig.YouthID{UUID: uuid.New()}, birth: sig.DateOf(w.now)}
	f.birth.Year -= pick(w.rand, []int{14, 17, 18, 19})
	f.birth.Day += pick(w.rand, []int{0, 0, 1}) // some come of age tomorrow
	for range 2 {
		g := guardian{id: sig.GuardianID{UUID: uuid.New()}}
		g.from, g.to = w.window(true)
		f.guardians = append(f.guardians, g)
	}
	w.families = append(w.families, f)
}

func (w *world) intervention(i int) {
	c := theCase{
		id: sig.InterventionID{UUID: uuid.New()}, family: i, board: authorities[0],
		state: pick(w.rand, []sig.InterventionState{
			sig.InterventionActive, sig.InterventionActive, sig.InterventionActive, sig.InterventionClosing, sig.InterventionClosed, sig.InterventionSharingStopped,
		}),
	}
	for s := range w.staff {
		if !w.chance(80) {
			continue
		}
		p := part{staff: s, unit: w.staff[s].unit.id, function: w.staff[s].function}
		p.from, p.to = w.sitting()
		c.parts = append(c.parts, p)
	}
	if w.chance(50) { // a stand-in in a colleague's seat
		s := w.rand.IntN(len(w.staff))
		p := part{staff: s, function: pick(w.rand, roles[:2]), standIn: true}
		for _, u := range w.units {
			if u.authority == w.staff[s].unit.authority {
				p.unit = u.id
			}
		}
		p.from, p.to = w.sitting()
		c.parts = append(c.parts, p)
	}
	c.consents = append(c.consents, w.consent(pick(w.rand, []sig.ConsentState{
		sig.ConsentActive, sig.ConsentActive, sig.ConsentActive, sig.ConsentSuspended, sig.ConsentSuspended, sig.ConsentExpired,
	})))
	c.consents = append(c.consents, w.consent(sig.ConsentSuperseded))
	if w.chance(70) {
		c.before, c.alone = some(w, kinds[1:], 0), kinds[2:]
		if w.chance(15) {
			c.alone = some(w, kinds[1:], 0)
		}
	}
	for n := range 8 {
		o := ownRow{given: w.chance(65), ended: w.chance(35)}
		o.ended = o.ended && o.given
		if n%4 == 0 || len(w.pairs) < 3 { // the same two seats in several cases
			w.pairs = append(w.pairs, [2]sig.Seat{w.seat(""), w.seat("")})
		}
		pair := pick(w.rand, w.pairs)
		o.Grant = sig.Grant{
			ID: sig.GrantID{UUID: uuid.New()}, Row: n + 1, Discloser: pair[0], Recipient: pair[1],
			Categories: some(w, kinds, 1), Districts: districts, Aim: sig.Aim{Purpose: sig.PurposePlan}, Own: true,
		}
		if len(c.alone) > 0 && w.chance(80) {
			o.Categories = some(w, c.alone, 1)
		}
		o.From, o.To = w.window(true)
		c.own = append(c.own, o)
	}
	w.cases = append(w.cases, c)
}

func (w *world) seat(with sig.Function) sig.Seat {
	if s := pick(w.rand, w.staff); with == "" && s.function != sig.RoleRegistrar && w.chance(80) {
		return sig.Seat{Authority: s.unit.authority, Unit: s.unit.id, Function: s.function} // somebody sits there
	}
	u := pick(w.rand, w.units)
	if with == "" {
		with = pick(w.rand, roles[:2])
	}
	return sig.Seat{Authority: u.authority, Unit: u.id, Function: with}
}

func (w *world) consent(state sig.ConsentState) consent {
	c := consent{id: sig.ConsentID{UUID: uuid.New()}, state: state, ends: map[sig.GrantID]time.Time{}}
	if w.chance(25) {
		at := w.now.Add(pick(w.rand, []time.Duration{-time.Microsecond, 0, time.Microsecond, time.Hour}))
		c.said = &at
	}
	for i := range 10 {
		g := sig.Grant{
			ID: sig.GrantID{UUID: uuid.New()}, Row: i + 1, Discloser: w.seat(""), Recipient: w.seat(""),
			Categories: some(w, kinds, 1), Districts: some(w, districts, 1), Aim: sig.Aim{Purpose: sig.PurposePlan},
		}
		g.From, g.To = w.window(false)
		c.add(g)
	}
	if w.chance(75) {
		x := sig.Exclusion{ID: sig.ExclusionID{UUID: uuid.New()}, Recipient: w.seat("")}
		switch w.rand.IntN(4) {
		case 0:
			x.Recipient = sig.Seat{Authority: x.Recipient.Authority}
		case 1:
			x.Recipient = sig.Seat{Function: x.Recipient.Function}
		case 2:
			x.Recipient = sig.Seat{}
		}
		if x.Recipient.IsZero() || w.chance(70) {
			x.Category = pick(w.rand, kinds)
		}
		c.exclusions = append(c.exclusions, x)
	}
	return c
}

// content draws a copy, most of them along a row of some consent so that a yes
// is common, and an item with its decisions.
func (w *world) content() {
	i := w.rand.IntN(len(w.cases))
	along := w.cases[i].consents[0]
	if w.chance(25) {
		along = w.cases[i].consents[1] // the superseded version
	}
	g := pick(w.rand, along.grants)
	for _, other := range along.grants {
		if other.To.Equal(w.now) && w.chance(25) {
			g = other // the last instant is where windows go wrong
		}
	}
	if w.chance(40) { // along what some youth alone was asked, in this case or another
		g = pick(w.rand, pick(w.rand, w.cases).own).Grant
	}
	k := theCopy{
		id: sig.DisclosureID{UUID: uuid.New()}, inCase: i, sender: g.Discloser, recipient: g.Recipient, byConsent: w.chance(80),
		categories: g.Categories[:1+w.rand.IntN(len(g.Categories))], cut: w.chance(10), deleted: w.chance(5),
	}
	if w.chance(12) {
		k.sender, k.recipient = k.recipient, k.sender
	}
	if w.chance(30) {
		k.categories = some(w, kinds, 1)
	}
	if k.cut {
		k.registrarUntil = w.now.Add(pick(w.rand, []time.Duration{time.Hour, 0, time.Microsecond, -time.Hour}))
	}
	w.copies = append(w.copies, k)
	if len(w.cases[i].parts) == 0 {
		return
	}
	author := pick(w.rand, w.cases[i].parts).staff
	w.items = append(w.items, item{id: sig.ItemID{UUID: uuid.New()}, inCase: i, owner: w.staff[author].unit.authority, author: author, kinds: some(w, kinds, 1)})
	n := len(w.items) - 1
	f := w.families[w.cases[i].family]
	for _, g := range f.guardians {
		if w.chance(60) {
			w.decisions = append(w.decisions, decision{n, g.id.UUID, sig.SignerGuardian, w.chance(60), w.chance(50)})
		}
	}
	if w.chance(70) {
		w.decisions = append(w.decisions, decision{n, f.youth.UUID, sig.SignerYouth, w.chance(70), w.chance(50)})
	}
}
