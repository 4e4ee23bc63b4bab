package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/ledger"
)

// Finding is one thing in the stored state that must not be: which invariant
// it breaks, and the id of what breaks it. It says nothing else of anybody.
type Finding struct {
	Invariant string
	ID        string
}

// Check is the result of Fsck.
type Check struct {
	Invariants int // how many were asked for
	Findings   []Finding
	Ledger     ledger.Report
}

// Clean reports whether nothing was found.
func (c *Check) Clean() bool { return len(c.Findings) == 0 && c.Ledger.Bad == nil }

// Invariants lists the names of what Fsck looks for, in its order.
func Invariants() []string {
	names := make([]string, 0, len(invariants))
	for _, i := range invariants {
		names = append(names, i.name)
	}
	return names
}

// Fsck looks at the whole stored state, as one snapshot, for what no sequence
// of acts can leave behind, and audits the ledger. It reads only, and must run
// as the owner or a superuser. It finds what is wrong with what is stored; that
// an act itself was right it cannot know.
func Fsck(ctx context.Context, url string, witnesses ledger.Witnesses) (Check, error) {
	var check Check
	err := readAll(ctx, url, "sigportal fsck", func(tx pgx.Tx) (err error) {
		check, err = fsckIn(ctx, tx, witnesses)
		return err
	})
	return check, err
}

func fsckIn(ctx context.Context, tx pgx.Tx, witnesses ledger.Witnesses) (Check, error) {
	check := Check{Invariants: len(invariants)}
	for _, i := range invariants {
		rows, err := tx.Query(ctx, i.sql)
		if err != nil {
			return check, fmt.Errorf("look for %s: %w", i.name, err)
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return check, fmt.Errorf("look for %s: %w", i.name, err)
		}
		for _, id := range ids {
			check.Findings = append(check.Findings, Finding{i.name, id})
		}
	}
	var err error
	check.Ledger, err = auditIn(ctx, tx, witnesses)
	return check, err
}

// readAll opens one snapshot of everything, which only a role that no wall
// stops can see, and reads in it. It is the one place that wants REPEATABLE
// READ: it compares tables, and decides nothing about who may see what.
func readAll(ctx context.Context, url, name string, fn func(pgx.Tx) error) error {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return errors.New("the database address cannot be read") // the cause would show the password
	}
	cfg.RuntimeParams["application_name"] = name
	cfg.RuntimeParams["timezone"] = "UTC"
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return fmt.Errorf("begin to read: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	var all bool
	if err := tx.QueryRow(ctx, seesAllSQL).Scan(&all); err != nil {
		return fmt.Errorf("ask for the role's rights: %w", err)
	}
	if !all {
		return errors.New("this role does not see everything that is stored: run it as sig_owner or a superuser")
	}
	return fn(tx)
}
