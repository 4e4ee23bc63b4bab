package directory

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// importer is the name under which an import stands in the ledger. Who ran it
// stands in directory_import, because the ledger holds no names.
const importer = "directory_import"

// Preview compares a file with the directory as it is and changes nothing.
func Preview(ctx context.Context, db *postgres.DB, file *File) (*Plan, error) {
	var plan *Plan
	err := db.Do(ctx, sig.System(importer), func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		have, err := tx.WholeDirectory(ctx)
		if err != nil {
			return err
		}
		if plan, err = Compare(have, file, tx.Now()); err != nil {
			return err
		}
		plan.Breaks, err = plan.breaks(ctx, tx, have)
		return err
	})
	return plan, err
}

// Import makes the directory say what a file says, all of it or nothing, and
// gives what it did. It runs under the owner's role; by names the operator. An
// import that changes nothing leaves no trace.
func Import(ctx context.Context, db *postgres.DB, file *File, by string) (*Plan, error) {
	var plan *Plan
	err := db.Do(ctx, sig.System(importer), func(tx *postgres.Tx) error {
		have, err := lockAndRead(ctx, tx, file)
		if err != nil {
			return err
		}
		plan, err = Compare(have, file, tx.Now())
		if err != nil || len(plan.Changes) == 0 {
			return err
		}
		if plan.Breaks, err = plan.breaks(ctx, tx, have); err != nil {
			return err
		}
		if err := plan.undecided(file); err != nil {
			return err
		}
		if err := plan.touches(ctx, tx, have); err != nil {
			return err
		}
		return plan.apply(ctx, tx, file, by)
	})
	if err != nil {
		return nil, err
	}
	return plan, nil
}

// lockAndRead takes the lock of every person whose access the file touches, and
// of every intervention of which it ends rows, before the clock is read: content
// that is read or told now is ordered before that end, or is not.
func lockAndRead(ctx context.Context, tx *postgres.Tx, file *File) (*sig.Directory, error) {
	if err := tx.LockDirectory(ctx); err != nil {
		return nil, err
	}
	var locked []int64
	for {
		have, err := tx.WholeDirectory(ctx)
		if err != nil {
			return nil, err
		}
		plan, err := Compare(have, file, tx.Now())
		if err != nil {
			return nil, err
		}
		// A first sign-in may bind somebody between the reading and the lock.
		var missing []int64
		for _, p := range plan.people {
			if k := postgres.LockKey(p); !slices.Contains(locked, k) {
				missing = append(missing, k)
			}
		}
		if err := plan.touches(ctx, tx, have); err != nil {
			return nil, err
		}
		for _, c := range plan.touched {
			if k := postgres.LockKey(c.Intervention); !slices.Contains(locked, k) && !slices.Contains(missing, k) {
				missing = append(missing, k)
			}
		}
		if len(missing) == 0 {
			return have, nil
		}
		if err := tx.Lock(ctx, missing...); err != nil {
			return nil, err
		}
		locked = append(locked, missing...)
	}
}

func (p *Plan) apply(ctx context.Context, tx *postgres.Tx, file *File, by string) error {
	summary := p.Summary()
	id, err := tx.ApplyDirectory(ctx, postgres.DirectoryChange{
		Directory: &p.write, Dropped: p.dropped, Schools: p.schools, By: by, FileHash: file.Hash, Summary: summary,
	})
	if err != nil {
		return err
	}
	for _, a := range p.write.Assignments {
		if a.To.Before(sig.Forever) && !a.To.Before(tx.Now()) {
			err = tx.SetAlarm(postgres.AlarmAssignmentEnds, sig.InterventionID{}, a.ID.UUID, a.To)
		} else {
			tx.ClearAlarm(postgres.AlarmAssignmentEnds, a.ID.UUID)
		}
		if err != nil {
			return err
		}
	}
	if err := p.tell(ctx, tx); err != nil {
		return err
	}
	detail := ledger.Detail{"import": id, "file": hex.EncodeToString(file.Hash[:])}
	for name, n := range summary {
		detail[name] = n
	}
	if len(p.ended) > 0 {
		detail["ended"] = p.ended
	}
	if _, err := tx.Append(ctx, ledger.Entry{Kind: ledger.ImportDirectory, Detail: detail}); err != nil {
		return fmt.Errorf("record the import: %w", err)
	}
	return nil
}
