package consenting

import (
	"context"
	"slices"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// SeatToday is a seat that may know something by the consent in force, and who
// sits there now: nobody's name but by a registrar's decision.
type SeatToday struct {
	Party Party
	Held  bool      // somebody takes part there
	Until time.Time // where stand-ins alone do: until when the last of them does
	Names []string
}

// SeatChange is that a seat changed hands while the consent lets it know something.
type SeatChange struct {
	Party Party
	Kind  sig.SeatChangeKind
	Until time.Time // of a substitute
	At    time.Time
}

// Seats are the seats of a consent in force: who sits there, and what the family
// was told of changes, newest first.
type Seats struct {
	Today   []SeatToday
	Changes []SeatChange
}

// Seats tells a guardian or the young person who sits today in the seats that
// the consent in force names. To anybody else there is no such list.
func (s *Service) Seats(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Seats, error) {
	out := &Seats{}
	err := s.look(ctx, actor, intervention, ledger.ReadConsent, func(m *matter) error {
		if _, citizen := m.self(); !citizen {
			return m.refuse(string(policy.NoStanding), fault.Missing())
		}
		c := m.inForce()
		if c == nil {
			return nil
		}
		v, err := m.show(ctx, c, true)
		if err != nil {
			return err
		}
		if out.Today, err = m.seatsToday(ctx, v); err != nil {
			return err
		}
		out.Changes, err = m.seatChanges(ctx)
		return err
	})
	return out, err
}

// seatChanges lists what changed, as the reader may know it. Where units are not
// told, the same change on one day of two of one function is one.
func (m *matter) seatChanges(ctx context.Context) ([]SeatChange, error) {
	rows, err := m.tx.SeatChanges(ctx, m.i.ID)
	if err != nil {
		return nil, err
	}
	var out []SeatChange
	for _, r := range rows {
		c := SeatChange{Party: m.party(sig.Seat{Authority: r.Authority, Unit: r.Unit, Function: r.Function}), Kind: r.Kind, At: r.At, Until: orNever(r.Until)}
		if m.strips() {
			c.Party = bare(c.Party)
			if slices.ContainsFunc(out, func(o SeatChange) bool {
				return o.Party == c.Party && o.Kind == c.Kind && sig.DateOf(o.At) == sig.DateOf(c.At)
			}) {
				continue
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// seatsToday lists the recipients of a version's rows as the reader may know
// them, in the rows' order; where units are not told, two of one function are one.
func (m *matter) seatsToday(ctx context.Context, v *Version) ([]SeatToday, error) {
	sitting, err := m.tx.FamilySeats(ctx, m.i.ID)
	if err != nil {
		return nil, err
	}
	decided, err := m.namesDecided(ctx, sitting)
	if err != nil {
		return nil, err
	}
	var out []SeatToday
	for _, row := range v.Rows {
		p := row.Recipient
		if row.Over || p.Private != "" {
			continue
		}
		if !m.strips() { // a function sits where it has moved inside its authority
			seat := p.Seat
			seat.Unit = m.directory.CurrentUnit(seat.Unit, seat.Function, m.tx.Now(), time.Time{})
			p = m.party(seat)
		}
		if slices.ContainsFunc(out, func(o SeatToday) bool { return o.Party == p }) {
			continue
		}
		one := SeatToday{Party: p}
		if err := m.sit(&one, sitting, decided); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// sit says who of these sits in the seat.
func (m *matter) sit(one *SeatToday, sitting []postgres.FamilySeat, decided []sig.SeatName) error {
	lasting := false
	for _, f := range sitting {
		seat := f.Seat()
		if m.strips() {
			seat = sig.Seat{Function: seat.Function}
		}
		if seat != one.Party.Seat {
			continue
		}
		one.Held = true
		if f.StandIn && f.Until != nil && f.Until.After(one.Until) {
			one.Until = *f.Until
		}
		lasting = lasting || !f.StandIn || f.Until == nil
		if f.Name == nil {
			continue
		}
		if !policy.NameShown(f.Seat(), f.Assignment, m.youth.Protection != sig.ProtectionNone, decided) {
			return fault.Disagree(fault.Disagreement{
				Passed: "database", Reason: "name_not_decided", Act: string(m.entry.Kind), Intervention: m.i.ID.String(), Object: f.Assignment.String(),
			})
		}
		if !slices.Contains(one.Names, *f.Name) {
			one.Names = append(one.Names, *f.Name)
		}
	}
	if lasting {
		one.Until = time.Time{}
	}
	return nil
}

func (m *matter) namesDecided(ctx context.Context, sitting []postgres.FamilySeat) (list []sig.SeatName, err error) {
	var authorities []sig.AuthorityID
	for _, f := range sitting {
		if f.Name != nil && !slices.Contains(authorities, f.Authority) {
			authorities = append(authorities, f.Authority)
		}
	}
	if len(authorities) == 0 {
		return nil, nil
	}
	err = m.tx.AsSystem("consenting", func() error {
		list, err = m.tx.SeatNamesInForce(ctx, authorities)
		return err
	})
	return list, err
}
