package consenting

import (
	"context"
	"slices"
	"time"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Reorganisation is a change of the directory that is only thought of: a function
// of an authority goes to another one, from the beginning of a day.
type Reorganisation struct {
	Seat sig.Seat // with no unit, of every unit of the authority
	To   sig.AuthorityID
	On   sig.Date
}

// Foreseen is what such a change would end, as far as its reader may know it.
type Foreseen struct {
	Now   time.Time
	Cases []ForeseenCase // those that the reader coordinates and of which something would end
	Sum   ForeseenSum    // of those, or of the whole authority's for who keeps directory or registry
	Whole bool           // the sum is the whole authority's, and no case is named
}

// ForeseenSum counts.
type ForeseenSum struct{ Cases, Rows, Stops, Calls, Own int }

// ForeseenCase is what would end in one intervention.
type ForeseenCase struct {
	ID         sig.InterventionID
	CaseNumber string
	Youth      string
	Rows       []Row       // of everybody's consent, that would end with the function
	Own        int         // yeses of the young person alone that would
	Stops      time.Time   // sharing would stop then: the last row between police and social services goes, or the last of all
	Calls      []LostCalls // calls to meetings ahead that would end, by function
}

// Foresee says what would end if a function moved to another authority. It is
// decided by the rules that end it when the move comes, asked of the directory
// as it would be, and nothing is written but that somebody looked.
func (s *Service) Foresee(ctx context.Context, actor sig.Actor, in Reorganisation) (*Foreseen, error) {
	out := &Foreseen{}
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		out.Now = tx.Now()
		entry := ledger.Entry{Kind: ledger.ReadConsent, Detail: ledger.Detail{
			"foresees": string(in.Seat.Function), "of": string(in.Seat.Authority), "to": string(in.To), "on": in.On.String(),
		}}
		outlook, cases, err := outlookOf(ctx, tx, entry)
		if err != nil {
			return err
		}
		have, err := tx.Organisations(ctx)
		if err != nil {
			return err
		}
		after, err := in.after(have, tx.Now())
		if err != nil {
			return err
		}
		if err := tx.Record(entry); err != nil {
			return err
		}
		out.Whole = outlook == policy.OutlookCounts
		for _, id := range cases {
			if err := s.foresee(ctx, tx, out, after, in.On.Start(), id); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// MayForesee gives today's date to whoever may ask, before anything is asked.
func (s *Service) MayForesee(ctx context.Context, actor sig.Actor) (sig.Date, error) {
	var today sig.Date
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		today = sig.DateOf(tx.Now())
		_, _, err := outlookOf(ctx, tx, ledger.Entry{Kind: ledger.ReadConsent})
		return err
	})
	return today, err
}

// outlookOf is how much the actor may know, and of which interventions; whoever
// may know nothing is refused, and the ledger says so.
func outlookOf(ctx context.Context, tx *postgres.Tx, entry ledger.Entry) (policy.Outlook, []sig.InterventionID, error) {
	cases, err := tx.CasesToForesee(ctx)
	if err != nil {
		return policy.OutlookNone, nil, err
	}
	outlook := policy.Foresees(tx.Actor.Function, len(cases) > 0)
	if tx.Actor.Kind != sig.ActorStaff || outlook == policy.OutlookNone {
		return outlook, nil, tx.RefuseRecorded(entry, string(policy.NoParticipation), fault.Missing())
	}
	return outlook, cases, nil
}

// after is the directory as it would be.
func (r Reorganisation) after(have *sig.Directory, now time.Time) (*sig.Directory, error) {
	var c fault.Check
	unit := slices.IndexFunc(have.Units, func(u sig.Unit) bool { return u.Authority == r.To })
	if r.To == r.Seat.Authority || unit < 0 {
		c.Fail("to", "error.choose_one")
	}
	if !r.On.Valid() || !r.On.Start().After(now) {
		c.Fail("on", "error.day_ahead")
	}
	after := *have
	after.Moves = slices.Clone(have.Moves)
	for _, u := range have.Units {
		if u.Authority == r.Seat.Authority && (r.Seat.Unit == "" || r.Seat.Unit == u.ID) && unit >= 0 {
			after.Moves = append(after.Moves, sig.FunctionMove{
				Authority: r.Seat.Authority, Function: r.Seat.Function, From: u.ID, To: have.Units[unit].ID, At: r.On.Start(),
			})
		}
	}
	if !r.Seat.Function.Consentable() || len(after.Moves) == len(have.Moves) {
		c.Fail("seat", "error.choose_one")
	}
	return &after, c.Err()
}

// foresee adds what would end in one intervention: as the actor who coordinates
// it sees it or, where numbers alone are given, as the system.
func (s *Service) foresee(ctx context.Context, tx *postgres.Tx, out *Foreseen, after *sig.Directory, on time.Time, id sig.InterventionID) error {
	m := s.newMatter(tx, id, ledger.ReadConsent)
	if !out.Whole {
		if err := m.find(ctx, id); err != nil {
			return err
		}
	}
	var own []sig.Grant
	var calls []postgres.Call
	var matrix sig.Matrix
	err := tx.AsSystem("foresee", func() (err error) {
		if m.i, err = tx.Intervention(ctx, id); err != nil {
			return err
		}
		if err := m.readPeople(ctx); err != nil {
			return err
		}
		if matrix, err = tx.MatrixInForce(ctx, id); err != nil {
			return err
		}
		if calls, err = tx.Calls(ctx, id); err != nil {
			return err
		}
		own, _, err = tx.OwnInForce(ctx, id)
		return err
	})
	if err != nil {
		return err
	}
	one := m.foreseen(after, on, matrix, own, calls)
	if one.nothing() {
		return nil
	}
	out.Sum.add(one)
	if out.Whole {
		return nil
	}
	out.Cases = append(out.Cases, one)
	m.entry.Detail = ledger.Detail{"foresees": true}
	return tx.Record(m.entry)
}

func (m *matter) foreseen(after *sig.Directory, on time.Time, matrix sig.Matrix, own []sig.Grant, calls []postgres.Call) ForeseenCase {
	one := ForeseenCase{ID: m.i.ID, CaseNumber: m.i.CaseNumber, Youth: m.youth.Name}
	for _, g := range m.endSooner(after, matrix.Grants) {
		g.To, _ = after.Ends(g)
		one.Rows = append(one.Rows, m.showRow(g, ""))
	}
	one.Own = len(m.endSooner(after, own))
	if at := stopsAt(after, matrix); !at.Equal(stopsAt(m.directory, matrix)) {
		one.Stops = at
	}
	m.foreseenCalls(&one, after, &matrix, on, calls)
	return one
}

// foreseenCalls counts the calls to meetings that would end: when the move is
// recorded, for want of a row at the meeting's own time; in its instant, with the
// function that is called; or with all sharing.
func (m *matter) foreseenCalls(one *ForeseenCase, after *sig.Directory, matrix *sig.Matrix, on time.Time, calls []postgres.Call) {
	now := m.tx.Now()
	had, has := closing.NewCoverage(m.directory, matrix, now), closing.NewCoverage(after, matrix, now)
	stays, then, none := closing.NewCoverage(m.directory, matrix, on), closing.NewCoverage(after, matrix, on), closing.NewCoverage(after, nil, on)
	calls = slices.DeleteFunc(slices.Clone(calls), func(c postgres.Call) bool { return !c.Ahead })
	one.Calls = m.lostCalls(calls, had.Attends, func(c postgres.Call) bool {
		goes := !c.StartsAt.Before(on) && stays.Attends(c) && !then.Attends(c)
		stopped := !one.Stops.IsZero() && !c.StartsAt.Before(one.Stops) && !none.Attends(c)
		return has.Attends(c) && !goes && !stopped
	})
}

// endSooner lists the rows that are not over and would end sooner than they do.
func (m *matter) endSooner(after *sig.Directory, rows []sig.Grant) []sig.Grant {
	return slices.DeleteFunc(slices.Clone(rows), func(g sig.Grant) bool {
		end, _ := m.directory.Ends(g)
		then, _ := after.Ends(g)
		return !m.tx.Now().Before(end) || !then.Before(end)
	})
}

// stopsAt is when sharing stops because functions leave: with the last row
// between the police and social services, or with the last of all (domain 3.3).
func stopsAt(d *sig.Directory, matrix sig.Matrix) time.Time {
	if at := closing.CoreLeft(d, matrix, sig.Forever); !at.IsZero() {
		return at
	}
	var last time.Time
	with := false
	for _, g := range matrix.Grants {
		if at, moved := d.Ends(g); at.After(last) {
			last, with = at, moved
		}
	}
	if !with {
		return time.Time{}
	}
	return last
}

func (c *ForeseenCase) nothing() bool { return len(c.Rows)+c.Own+len(c.Calls) == 0 && c.Stops.IsZero() }

func (s *ForeseenSum) add(c ForeseenCase) {
	s.Cases++
	s.Rows += len(c.Rows)
	s.Own += c.Own
	if !c.Stops.IsZero() {
		s.Stops++
	}
	for _, l := range c.Calls {
		s.Calls += l.Meetings + l.Fewer
	}
}
