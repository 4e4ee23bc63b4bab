package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// The limits of what is typed about a guest.
const (
	MaxGuestName = 200
	MaxGuests    = 20 // of one meeting
)

// Guest is somebody without an account who comes to one meeting, as the board
// sees them.
type Guest struct {
	ID         sig.GuestID
	Kind       sig.GuestKind
	Name       string
	Identity   string // of an interpreter: authorisation number or agency
	Language   string
	Club       sig.Seat // zero but for an association
	ReservedAt time.Time
	Answer     sig.InvitationAnswer
	Points     []int // that the guest may be there for, once the reservation is accepted
	Here       bool
	EndedAt    *time.Time
	EndedBy    string
	Suits      []int // which times of a poll suit
	SuitsAt    *time.Time
}

// Coming reports whether the guest counts as coming to anything: a private one
// not before the reservation is accepted.
func (g *Guest) Coming() bool {
	return g.EndedAt == nil && (g.Kind == sig.GuestInterpreter || !g.ReservedAt.IsZero() && len(g.Points) > 0)
}

// Person is somebody at a meeting who may need an interpreter.
type Person struct {
	Guardian   sig.GuardianID
	Youth      sig.YouthID
	Invitation sig.InvitationID
	Guest      sig.GuestID
	Name       string   // of the family, and of a guest
	Seat       sig.Seat // of a called function
	Language   string   // for which an interpreter is needed; empty: none is
	Served     bool     // an interpreter for it is called
}

// key is whose need it is, among all of one meeting.
func (p *Person) key() uuid.UUID {
	for _, id := range []uuid.UUID{p.Guardian.UUID, p.Youth.UUID, p.Invitation.UUID} {
		if id != uuid.Nil {
			return id
		}
	}
	return p.Guest.UUID
}

// Key is Person's own name in forms.
func (p *Person) Key() string { return p.key().String() }

// Offer is a private recipient whom the consent in force names.
type Offer struct {
	Key    string // of the form
	Name   string // of a person
	Kind   sig.PrivateKind
	Club   sig.Seat // of an association
	Points []int    // that the person may be there for
	Why    policy.Reason
	rows   []sig.GrantID
}

// Guests is a meeting with everybody who comes without an account.
type Guests struct {
	Open
	Guests []Guest
	People []Person // who may need an interpreter
	Offers []Offer  // whom the consent lets be called as a guest; not those who are
	May    bool     // the actor may change it
}

// Guests shows the board who comes to a meeting without an account, who needs
// an interpreter, and whom the consent lets be called.
func (s *Service) Guests(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) (*Guests, error) {
	open, err := s.Open(ctx, actor, intervention, id)
	if err != nil {
		return nil, err
	}
	out := &Guests{Open: *open}
	err = s.change(ctx, actor, ledger.Entry{Kind: ledger.PreviewMeeting, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			if !m.onBoard() {
				return m.tx.RefuseMissing(m.entry)
			}
			v, err := m.visit(ctx, row)
			if err != nil {
				return err
			}
			out.Guests, out.May = v.guests, m.may() && m.ahead(row)
			if out.People, err = v.people(ctx); err != nil {
				return err
			}
			if out.May {
				out.Offers = v.offers()
			}
			return m.tx.Record(m.entry)
		})
	return out, err
}

// ahead reports whether somebody can still be called to the meeting.
func (m *matter) ahead(row *postgres.MeetingParts) bool {
	open := row.State == sig.MeetingProposed || row.State == sig.MeetingPlanned || row.State == sig.MeetingLive
	return m.facts.State == sig.InterventionActive && open && m.tx.Now().Before(row.EndsAt)
}

// visit is what a meeting's guests are decided from.
type visit struct {
	*matter
	row     *postgres.MeetingParts
	host    sig.Place
	tellers []sig.Place
	clubs   map[sig.Seat]sig.Place
	names   map[sig.GrantID]string // of private persons, by row
	guests  []Guest
	rows    []postgres.Guest
}

func (m *matter) visit(ctx context.Context, row *postgres.MeetingParts) (*visit, error) {
	v := &visit{matter: m, row: row, clubs: map[sig.Seat]sig.Place{}}
	var err error
	if v.host, err = m.place(ctx, row.Host); err != nil {
		return nil, err
	}
	for _, p := range row.Points {
		teller, err := m.place(ctx, p.Teller)
		if err != nil {
			return nil, err
		}
		v.tellers = append(v.tellers, teller)
	}
	for _, g := range m.facts.Grants {
		if g.Private != "" || g.Recipient.IsZero() {
			continue
		}
		place, err := m.place(ctx, g.Recipient)
		if err != nil {
			return nil, err
		}
		if place.Kind == sig.KindCivilSociety {
			v.clubs[place.Seat()] = place
		}
	}
	if v.names, err = m.privateNames(ctx); err != nil {
		return nil, err
	}
	if v.rows, err = m.tx.Guests(ctx, row.Intervention, row.ID); err != nil {
		return nil, err
	}
	for i := range v.rows {
		g, err := v.guest(ctx, &v.rows[i])
		if err != nil {
			return nil, err
		}
		v.guests = append(v.guests, g)
	}
	return v, nil
}

// identity is what is sealed of a guest.
type identity struct {
	Name     string `json:"name"`
	Identity string `json:"identity,omitempty"`
}

func (m *matter) guestPlace(id sig.GuestID) seal.Place {
	return seal.Place{Authority: m.facts.Board, Intervention: m.facts.Intervention, Field: fieldGuest, Object: id.UUID}
}

func (v *visit) guest(ctx context.Context, row *postgres.Guest) (Guest, error) {
	g := Guest{ID: row.ID, Kind: row.Kind, Language: row.Language, Club: row.Club, Answer: row.Answer, Here: row.Here, EndedAt: row.EndedAt, EndedBy: row.EndedBy, Suits: row.Suits, SuitsAt: row.SuitsAt}
	if row.ReservedAt != nil {
		g.ReservedAt = *row.ReservedAt
	}
	text, err := v.s.Sealer.Open(ctx, v.tx, v.guestPlace(row.ID), row.WhoSealed)
	if err != nil {
		return g, err
	}
	var who identity
	if err := json.Unmarshal(text, &who); err != nil {
		return g, fault.Wrap(fault.Internal, "error.internal", fmt.Errorf("read a guest: %w", err))
	}
	g.Name, g.Identity = who.Name, who.Identity
	if row.Kind == sig.GuestPrivate && row.EndedAt == nil {
		for i, p := range v.row.Points {
			if d := v.hears(row.Origins, row.Club, i, true); d.Allowed {
				g.Points = append(g.Points, p.Position)
			}
		}
	}
	return g, nil
}

// hears asks the policy whether a private guest may be there for a point.
func (v *visit) hears(origins []sig.GrantID, club sig.Seat, point int, reserved bool) policy.Decision {
	var last policy.Decision
	r := v.request(policy.VisitPoint, about(v.host, v.tellers[point], v.row.Points[point].AgendaPoint, v.row.StartsAt))
	r.Actor.Kind = sig.ActorStaff // the question is about the guest, whoever asks it
	last.Reason = policy.NoGrantToRecipient
	for _, to := range closing.Visitors(v.facts.Grants, origins, v.clubs[v.current(club)]) {
		to.Reserved = reserved
		r.Recipient = to
		if last = policy.Decide(r); last.Allowed {
			break
		}
	}
	return last
}

// privateNames opens the names of the persons whom rows in force name.
func (m *matter) privateNames(ctx context.Context) (map[sig.GrantID]string, error) {
	var rows []sig.GrantID
	for _, g := range m.facts.Grants {
		if g.Private != "" {
			rows = append(rows, g.ID)
		}
	}
	return sharing.PrivateNames(ctx, m.tx, m.s.Sealer, m.facts.Board, m.facts.Intervention, rows...)
}

// offers are the private recipients of the consent in force: a person under one
// name once, whatever the rows, and an association once.
func (v *visit) offers() []Offer {
	var list []Offer
	for _, g := range v.facts.Grants {
		if name := v.names[g.ID]; name != "" {
			at := slices.IndexFunc(list, func(o Offer) bool { return o.Kind == g.Private && sameName(o.Name, name) })
			if at < 0 {
				list, at = append(list, Offer{Key: g.Origin.String(), Name: name, Kind: g.Private}), len(list)
			}
			list[at].rows = append(list[at].rows, g.Origin)
		}
		if place, ok := v.clubs[v.current(g.Recipient)]; ok {
			if !slices.ContainsFunc(list, func(o Offer) bool { return o.Club == place.Seat() }) {
				list = append(list, Offer{Key: string(place.Unit) + "/" + string(place.Function), Club: place.Seat()})
			}
		}
	}
	list = slices.DeleteFunc(list, func(o Offer) bool {
		return o.Club.IsZero() && slices.ContainsFunc(v.rows, func(g postgres.Guest) bool { return g.EndedAt == nil && slices.Contains(g.Origins, o.rows[0]) })
	})
	for n := range list {
		for i, p := range v.row.Points {
			if d := v.hears(list[n].rows, list[n].Club, i, true); d.Allowed {
				list[n].Points = append(list[n].Points, p.Position)
			} else {
				list[n].Why = d.Reason
			}
		}
	}
	return list
}

// sameName compares two names as people write them.
func sameName(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

// NewGuest is a private recipient to be called.
type NewGuest struct {
	Key          string
	Intervention sig.InterventionID
	Meeting      sig.MeetingID
	Offer        string // the Key of one of the offers
	Name         string // of whoever comes for an association
	Email        string
	Language     string // of the mail
}

// CallGuest calls a private recipient whom the consent names. The guest counts
// as coming to nothing before the reservation is accepted by the link.
func (s *Service) CallGuest(ctx context.Context, actor sig.Actor, in NewGuest) (sig.GuestID, error) {
	var c fault.Check
	in.Name, in.Email = strings.TrimSpace(in.Name), strings.TrimSpace(in.Email)
	checkEmail(&c, in.Email)
	if !slices.Contains([]string{"", "sv", "en", "ar"}, in.Language) {
		c.Fail("language", "error.choose_one")
	}
	if in.Offer == "" {
		c.Fail("offer", "error.choose_one")
	}
	checkText(&c, "name", in.Name, MaxGuestName, false)
	id := sig.GuestID{UUID: idFrom(actor, in.Key, "guest", in.Meeting.String())}
	if err := c.Err(); err != nil {
		return id, err
	}
	return id, s.guestChange(ctx, actor, in.Intervention, in.Meeting, func(v *visit) error {
		if v.known(id) {
			return nil // the same form, sent twice
		}
		offers := v.offers()
		at := slices.IndexFunc(offers, func(o Offer) bool { return o.Key == in.Offer })
		if at < 0 {
			c.Fail("offer", "error.guest_not_named")
			return v.tx.RefuseRecorded(v.entry, string(policy.NoGrantToRecipient), c.Err())
		}
		o := offers[at]
		switch {
		case len(o.Points) == 0:
			c.Fail("offer", reasonPrefix+string(o.Why))
			return v.tx.RefuseRecorded(v.entry, string(o.Why), c.Err())
		case o.Club.IsZero():
			in.Name = o.Name
		case in.Name == "":
			c.Fail("name", "error.required")
			return c.Err()
		}
		if err := v.call(ctx, postgres.Guest{ID: id, Kind: sig.GuestPrivate, Origins: o.rows, Club: o.Club}, identity{Name: in.Name}, in.Email, in.Language); err != nil {
			return err
		}
		return v.looked(ctx, in.Meeting)
	})
}

func (v *visit) known(id sig.GuestID) bool {
	return slices.ContainsFunc(v.rows, func(g postgres.Guest) bool { return g.ID == id })
}

// guestChange is change for whoever may call guests to a meeting that is ahead.
func (s *Service) guestChange(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID, do func(*visit) error,
) error {
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.InviteGuest, Intervention: intervention}, id,
		func(m *matter, row *postgres.MeetingParts) error {
			if err := m.mustMeet(); err != nil {
				return err
			}
			if !m.ahead(row) {
				return conflict("error.meeting_is_over")
			}
			v, err := m.visit(ctx, row)
			if err != nil {
				return err
			}
			return do(v)
		})
}

// call seals and stores a guest and queues the mail.
func (v *visit) call(ctx context.Context, g postgres.Guest, who identity, email, language string) error {
	if len(v.rows) >= MaxGuests {
		var c fault.Check
		c.Fail("name", "error.too_many", "max", MaxGuests)
		return c.Err()
	}
	name, err := json.Marshal(who)
	if err != nil {
		return fmt.Errorf("write a guest: %w", err)
	}
	contact, err := json.Marshal(struct {
		Email    string `json:"email"`
		Language string `json:"language,omitempty"`
	}{email, language})
	if err != nil {
		return fmt.Errorf("write a guest's address: %w", err)
	}
	g.Authority = v.facts.Board
	if g.WhoSealed, err = v.s.Sealer.Seal(ctx, v.tx, v.guestPlace(g.ID), name); err != nil {
		return err
	}
	at := seal.Place{Authority: v.facts.Board, Field: fieldContact, Object: g.ID.UUID}
	if g.ContactSealed, err = v.s.Sealer.Seal(ctx, v.tx, at, contact); err != nil {
		return err
	}
	if err := v.tx.InsertGuest(ctx, &v.row.Meeting, g); err != nil {
		return err
	}
	if v.row.State == sig.MeetingProposed {
		v.tx.QueuePoll(v.row.ID)
	}
	e := v.entry
	e.Consent, e.Detail = v.facts.Consent, ledger.Detail{"kind": string(g.Kind), "guest": g.ID.String()}
	if g.Kind == sig.GuestPrivate {
		e.Reason = string(policy.ByConsent)
	}
	return v.tx.Record(e)
}

func checkEmail(c *fault.Check, email string) {
	a, err := mail.ParseAddress(email)
	switch {
	case email == "":
		c.Fail("email", "error.required")
	case err != nil, a.Address != email, len(email) > MaxGuestName:
		c.Fail("email", "error.guest_bad_email")
	}
}

// EndGuest takes a guest's call back; the link ends at once. Doing it again
// changes nothing.
func (s *Service) EndGuest(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID, guest sig.GuestID) error {
	return s.change(ctx, actor, ledger.Entry{Kind: ledger.EndGuest, Intervention: intervention}, id,
		func(m *matter, _ *postgres.MeetingParts) error {
			if err := m.mustMeet(); err != nil {
				return err
			}
			rows, err := m.tx.Guests(ctx, intervention, id)
			if err != nil {
				return err
			}
			at := slices.IndexFunc(rows, func(g postgres.Guest) bool { return g.ID == guest })
			switch {
			case at < 0:
				return m.tx.RefuseMissing(m.entry)
			case rows[at].EndedAt != nil:
				return nil
			}
			m.tx.EndGuest(guest, "by_coordinator", m.tx.Now())
			m.tx.QueueMeetingEnds(intervention)
			e := m.entry
			e.Reason, e.Detail = "by_coordinator", ledger.Detail{"guest": guest.String()}
			return m.tx.Record(e)
		})
}
