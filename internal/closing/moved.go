package closing

import (
	"context"
	"slices"
	"time"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// CoreLeft is when the last row between the police and social services ended
// because a function that it names left for another authority: what an
// intervention cannot be without (domain 3.3). Zero when it has not; a row that
// ends by its own date takes nothing away (3.7.5).
func CoreLeft(directory *sig.Directory, matrix sig.Matrix, now time.Time) time.Time {
	var at []time.Time
	for _, g := range matrix.Grants {
		if end, moved := directory.Ends(g); moved && !end.After(now) {
			at = append(at, end)
		}
	}
	if len(at) == 0 {
		return time.Time{}
	}
	slices.SortFunc(at, time.Time.Compare)
	live := directory.Live(matrix)
	place := func(s sig.Seat) sig.Place {
		p, _ := directory.Place(s.Unit, s.Function)
		return p
	}
	for _, t := range at {
		if sig.CoreOf(live, t.Add(-time.Microsecond), place).Any() && !sig.CoreOf(live, t, place).Any() {
			return t
		}
	}
	return time.Time{}
}

// settleMoved lapses a version in force that a function which left for another
// authority has taken the core of, or the last row, at that very instant: a new
// version is needed, as after an expiry, and the grace period runs.
func settleMoved(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, c *postgres.Consent, ends []postgres.GrantEnd) (bool, error) {
	now := tx.Now()
	if !slices.ContainsFunc(ends, func(e postgres.GrantEnd) bool { return e.Moved && !now.Before(e.To) }) {
		return false, nil
	}
	directory, err := tx.ScopeDirectory(ctx)
	if err != nil {
		return false, err
	}
	matrix, err := tx.MatrixInForce(ctx, i.ID)
	if err != nil {
		return false, err
	}
	at := CoreLeft(directory, matrix, now)
	if last := ends[len(ends)-1]; at.IsZero() && last.Moved && !now.Before(last.To) {
		at = last.To
	}
	if at.IsZero() {
		return false, nil
	}
	return true, lapseInForce(ctx, tx, i, c, postgres.JournalFunctionLeft, Later(at, c.ActivatedAt))
}

// keepCore writes from when a version in force lets nothing be told because its
// last row between the police and social services goes with a function that leaves:
// the walls stop at that instant, whenever the alarm wakes.
func keepCore(ctx context.Context, tx *postgres.Tx, c *postgres.Consent, ends []postgres.GrantEnd) error {
	var until *time.Time
	if slices.ContainsFunc(ends, func(e postgres.GrantEnd) bool { return e.Moved }) {
		directory, err := tx.ScopeDirectory(ctx)
		if err != nil {
			return err
		}
		matrix, err := tx.MatrixInForce(ctx, c.Intervention)
		if err != nil {
			return err
		}
		if at := CoreLeft(directory, matrix, sig.Forever); !at.IsZero() {
			until = &at
		}
	}
	if until != nil || c.CoreUntil != nil {
		tx.CoreUntil(c, until)
	}
	return nil
}

// FunctionLeaves answers that an import has recorded of a function that it
// leaves for another authority, or stays after all: the ends of the rows that
// name it are set anew, and calls to meetings that lie after them end.
func (s *Service) FunctionLeaves(ctx context.Context, job postgres.AlarmJob) error {
	return s.handle(ctx, job, func(tx *postgres.Tx, i *postgres.Intervention) error {
		if err := Settle(ctx, tx, i); err != nil || i.State != sig.InterventionActive {
			return err
		}
		return tx.AsSystem("closing", func() error {
			consents, err := tx.Consents(ctx, i.ID)
			if err != nil {
				return err
			}
			for n := range consents {
				if c := &consents[n]; c.State == sig.ConsentActive || c.State == sig.ConsentSuspended {
					if err := SetAlarms(ctx, tx, c); err != nil {
						return err
					}
				}
			}
			matrix, err := tx.MatrixInForce(ctx, i.ID)
			if err != nil {
				return err
			}
			if _, err := Narrow(ctx, tx, i, &matrix, CutBySharingStopped, tx.Now()); err != nil {
				return err
			}
			return tellAll(ctx, tx, i, false)
		})
	})
}
