package meeting

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// The limits of what a coordinator types.
const (
	MaxPlace = 200
	MaxLink  = 500
	MaxText  = 500 // what a point is about
	MaxCalls = 40  // functions
)

// NewMeeting is a meeting as the coordinator wants it.
type NewMeeting struct {
	Key          string // made by the form, so that a repeat is the same meeting
	Intervention sig.InterventionID
	Start, End   time.Time
	Place        string
	Link         string // to a room on the net
	Points       []NewPoint
	Call         []sig.Seat
	Repeat       Repeat // zero for a single meeting
	// Poll are the times to ask about, where the time is not decided: then Start,
	// End and Repeat say nothing.
	Poll  []Span
	given []int // where among them each stood before they were put in their order
}

// Span is from one instant to another.
type Span = postgres.Span

// NewPoint is a point of the agenda: who tells which kind of information, and
// what it is about.
type NewPoint struct {
	Category sig.Category
	Teller   sig.Seat
	Text     string
	// FamilyAlone is a point for the young person and the guardians alone: the host
	// holds it, whoever else is called does not stay, and no teller is chosen.
	FamilyAlone bool
}

// agenda is the point as it would stand on the agenda.
func (p *NewPoint) agenda() sig.AgendaPoint {
	return sig.AgendaPoint{Category: p.Category, Teller: p.Teller, FamilyAlone: p.FamilyAlone}
}

// Plan is who could come to which point. Nobody has been called.
type Plan struct {
	Protected bool // no place is written or shown
	Points    []NewPoint
	Alone     []sig.Category // over which the youth disposes alone
	Functions []Function
	Later     []Occurrence // of a series, after the first
}

// Function is one function that might be called.
type Function struct {
	Seat    sig.Seat
	Readers []string // who there takes part, and would see it
	Points  []PointAnswer
	index   int // among those that were chosen
}

// Called reports whether there is a point that the function may be there for.
func (f *Function) Called() bool {
	return slices.ContainsFunc(f.Points, func(p PointAnswer) bool { return p.Allowed })
}

// Why is why the function is called to nothing: what the consent says, where any
// point is not the family's alone.
func (f *Function) Why() policy.Reason {
	for _, p := range f.Points {
		if !p.Allowed && p.Reason != policy.FamilyAlone {
			return p.Reason
		}
	}
	return policy.FamilyAlone
}

// PointAnswer is the decision about one function and one point.
type PointAnswer struct {
	Allowed bool
	Reason  policy.Reason
	Ends    time.Time // when its row ends, if that is before the meeting does
}

// familyOnly reports whether every point is for the family alone: then nobody has
// to be called beside the host.
func (n *NewMeeting) familyOnly() bool {
	return len(n.Points) > 0 && !slices.ContainsFunc(n.Points, func(p NewPoint) bool { return !p.FamilyAlone })
}

// held calls the host, which comes to whatever it holds, and gives it the points
// for the family alone.
func (m *matter) held(n *NewMeeting) {
	from := m.host()
	host := from.Seat()
	n.Points = slices.Clone(n.Points)
	for i := range n.Points {
		if p := &n.Points[i]; p.FamilyAlone && p.Teller.IsZero() {
			p.Teller = host
		}
	}
	if !slices.ContainsFunc(n.Call, func(s sig.Seat) bool { return m.current(s) == host }) {
		n.Call = append(slices.Clone(n.Call), host)
	}
}

func (n *NewMeeting) check() error {
	var c fault.Check
	n.Place, n.Link = strings.TrimSpace(n.Place), strings.TrimSpace(n.Link)
	n.checkWhen(&c)
	checkWhere(&c, n.Place, n.Link)
	switch {
	case len(n.Points) == 0:
		c.Fail("points.0.category", "error.required")
	case len(n.Points) > sig.MeetingPoints:
		c.Fail("points", "error.too_many", "max", sig.MeetingPoints)
	}
	for i := range n.Points {
		p := &n.Points[i]
		p.Text = strings.TrimSpace(p.Text)
		field := fmt.Sprintf("points.%d.", i)
		if !p.Category.Valid() {
			c.Fail(field+"category", "error.choose_category")
		}
		switch {
		case p.Teller.IsZero() && p.FamilyAlone:
		case p.Teller.IsZero():
			c.Fail(field+"teller", "error.choose_one")
		case !p.Teller.Function.HandlesCases():
			c.Fail(field+"teller", "error.bad_id")
		}
		checkText(&c, field+"text", p.Text, MaxText, true)
	}
	switch {
	case len(n.Call) == 0 && !n.familyOnly():
		c.Fail("call", "error.choose_some")
	case len(n.Call) > MaxCalls:
		c.Fail("call", "error.too_many", "max", MaxCalls)
	}
	for i, seat := range n.Call {
		if !seat.Function.HandlesCases() {
			c.Fail(fmt.Sprintf("call.%d", i), "error.bad_id")
		}
	}
	return c.Err()
}

func checkTimes(c *fault.Check, start, end time.Time) {
	switch {
	case start.IsZero():
		c.Fail("start", "error.required")
	case end.IsZero():
		c.Fail("end", "error.required")
	case !start.Before(end):
		c.Fail("end", "error.meeting_ends_before")
	case end.Sub(start) > sig.MeetingLongest:
		c.Fail("end", "error.meeting_too_long")
	}
}

func checkWhere(c *fault.Check, place, link string) {
	checkText(c, "place", place, MaxPlace, false)
	checkText(c, "link", link, MaxLink, false)
	if strings.ContainsAny(place, "\r\n") {
		c.Fail("place", "error.bad_text")
	}
	if link == "" {
		return
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || strings.ContainsAny(link, " \t\r\n\"<>") {
		c.Fail("link", "error.meeting_link")
	}
}

func checkText(c *fault.Check, field, text string, most int, required bool) {
	switch n := utf8.RuneCountInString(text); {
	case !sig.Writable(text):
		c.Fail(field, "error.bad_text")
	case required && sig.Blank(text):
		c.Fail(field, "error.required")
	case n > most:
		c.Fail(field, "error.too_long", "max", most)
	}
}

// checkAhead is what of the times and the place only the case can say.
func (m *matter) checkAhead(start time.Time, place string) error {
	var c fault.Check
	switch {
	case !start.After(m.tx.Now()):
		c.Fail("start", "error.meeting_in_the_past")
	case start.After(sig.AddMonths(m.tx.Now(), sig.MeetingFarthest)):
		c.Fail("start", "error.date_within_a_year")
	}
	if m.facts.Protected && place != "" {
		c.Fail("place", "error.meeting_place_protected")
	}
	return c.Err()
}

// Check answers, for every function that was chosen, which points it may be
// there for and why not, exactly as Schedule will. Nobody is called.
func (s *Service) Check(ctx context.Context, actor sig.Actor, in NewMeeting) (*Plan, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	var out *Plan
	err := s.previewing(ctx, actor, in.Intervention, func(m *matter) (err error) {
		m.held(&in)
		if out, err = m.plans(ctx, &in); err != nil {
			return err
		}
		out.Later, err = m.later(ctx, &in)
		return err
	})
	return out, err
}

// previewing looks at what a meeting would be, without holding anybody up, and
// writes in the ledger that it was looked at.
func (s *Service) previewing(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, look func(*matter) error) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Share(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		m, err := s.begin(ctx, tx, ledger.Entry{Kind: ledger.PreviewMeeting, Intervention: intervention})
		if err != nil {
			return err
		}
		if err := m.mustMeet(); err != nil {
			return err
		}
		if err := look(m); err != nil {
			return err
		}
		return tx.Record(m.entry)
	})
}

// plan asks the policy about every chosen function and every point. A point
// that its own teller may not tell has no place on the agenda.
func (m *matter) plan(ctx context.Context, in *NewMeeting) (*Plan, error) {
	if err := m.checkAhead(in.Start, in.Place); err != nil {
		return nil, err
	}
	if err := m.known(ctx, in); err != nil {
		return nil, err
	}
	host := m.host()
	tellers := make([]sig.Place, len(in.Points))
	var noes fault.Check
	for i, p := range in.Points {
		var err error
		if tellers[i], err = m.place(ctx, p.Teller); err != nil {
			return nil, err
		}
		r := m.request(policy.Attend, about(host, tellers[i], p.agenda(), in.Start))
		r.Recipient.Place = tellers[i]
		if r.Meeting.Waits(r.Officer) {
			noes.Fail(fmt.Sprintf("points.%d.category", i), "error.meeting_whereabouts_protected")
			continue
		}
		if d := policy.Decide(r); !d.Allowed {
			noes.Fail(fmt.Sprintf("points.%d.teller", i), "reason."+string(d.Reason))
		}
	}
	if err := noes.Err(); err != nil {
		return nil, err
	}
	out := &Plan{Protected: m.facts.Protected, Points: in.Points, Alone: m.facts.Alone}
	seen := map[sig.Seat]bool{}
	for i, seat := range in.Call {
		if seat = m.current(seat); seen[seat] {
			continue
		}
		seen[seat] = true
		f, err := m.function(ctx, in, host, tellers, seat)
		if err != nil {
			return nil, err
		}
		f.index = i
		out.Functions = append(out.Functions, f)
	}
	return out, nil
}

// known refuses units that are not in the directory, or not under the authority
// that was named with them.
func (m *matter) known(ctx context.Context, in *NewMeeting) error {
	var c fault.Check
	look := func(field string, seat sig.Seat) error {
		p, err := m.tx.PlaceOf(ctx, seat.Unit, seat.Function)
		if errors.Is(err, postgres.ErrNoRows) || err == nil && p.Authority != seat.Authority {
			c.Fail(field, "error.bad_id")
			return nil
		}
		return err
	}
	for i, p := range in.Points {
		if err := look(fmt.Sprintf("points.%d.teller", i), p.Teller); err != nil {
			return err
		}
	}
	for i, seat := range in.Call {
		if err := look(fmt.Sprintf("call.%d", i), seat); err != nil {
			return err
		}
	}
	return c.Err()
}

func (m *matter) function(ctx context.Context, in *NewMeeting, host sig.Place, tellers []sig.Place, seat sig.Seat) (Function, error) {
	to, people, err := m.recipient(ctx, seat)
	if err != nil {
		return Function{}, err
	}
	f := Function{Seat: to.Place.Seat()}
	for _, p := range people {
		f.Readers = append(f.Readers, p.Name)
	}
	for i, p := range in.Points {
		r := m.request(policy.Attend, about(host, tellers[i], p.agenda(), in.Start))
		r.Recipient = to
		d := policy.Decide(r)
		if d.Allowed && r.Meeting.Waits(r.Officer) { // on the agenda since before the mark
			d = policy.Decision{Reason: policy.SecondOfficer}
		}
		answer := PointAnswer{Allowed: d.Allowed, Reason: d.Reason}
		if d.Grant >= 0 && r.Consent.Grants[d.Grant].To.Before(in.End) {
			answer.Ends = r.Consent.Grants[d.Grant].To
		}
		f.Points = append(f.Points, answer)
	}
	return f, nil
}

// Options are the functions that a meeting of this intervention could be about:
// those that its consent names and the board's own that take part.
type Options struct {
	Host      sig.Seat
	Protected bool
	Seats     []sig.Seat
	Now       time.Time
}

// Options answers what the form of a new meeting offers.
func (s *Service) Options(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Options, error) {
	var out *Options
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		m, err := s.begin(ctx, tx, ledger.Entry{Kind: ledger.PreviewMeeting, Intervention: intervention})
		if err != nil {
			return err
		}
		if err := m.mustMeet(); err != nil {
			return err
		}
		host := m.host()
		out = &Options{Host: host.Seat(), Protected: m.facts.Protected, Now: tx.Now()}
		own, err := tx.InternalSeats(ctx, intervention, m.facts.Board)
		if err != nil {
			return err
		}
		for _, g := range m.facts.Rows() {
			own = append(own, g.Discloser, g.Recipient)
		}
		seen := map[sig.Seat]bool{{}: true}
		for _, seat := range own {
			if seat = m.current(seat); !seen[seat] {
				out.Seats = append(out.Seats, seat)
			}
			seen[seat] = true
		}
		return nil
	})
	return out, err
}
