package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// deferred is a statement that waits for the next one.
type deferred struct {
	doing string
	query pgx.QueuedQuery
	one   bool                // it must touch one row
	read  func(pgx.Row) error // takes the one row that it answers with
	ends  bool                // it is the commit
}

// later queues a write whose result nobody asks for. It travels in front of the
// transaction's next statement, or of its commit, in the same round trip: under
// a withdrawal's lock everybody waits for every round trip. What it fails with
// fails that statement, and with it the transaction.
func (tx *Tx) later(doing, statement string, args ...any) {
	tx.waiting = append(tx.waiting, deferred{doing: doing, query: pgx.QueuedQuery{SQL: statement, Arguments: args}})
}

// laterOne is later for a write that must touch one row: touching none fails
// the transaction.
func (tx *Tx) laterOne(doing, statement string, args ...any) {
	tx.later(doing, statement, args...)
	tx.waiting[len(tx.waiting)-1].one = true
}

// laterRow is later for a statement that answers with one row, which is read
// when the next statement is sent: what it fills in is not there before.
func (tx *Tx) laterRow(doing string, read func(pgx.Row) error, statement string, args ...any) {
	tx.later(doing, statement, args...)
	tx.waiting[len(tx.waiting)-1].read = read
}

// commit sends what waits, and the commit behind it. It goes alone where an
// answer to what waits may still fail the transaction.
func (tx *Tx) commit(ctx context.Context) error {
	if slices.ContainsFunc(tx.waiting, func(d deferred) bool { return d.one || d.read != nil }) {
		if err := tx.Flush(ctx); err != nil {
			return err
		}
	}
	tx.later("commit, outcome unknown", "commit")
	tx.waiting[len(tx.waiting)-1].ends = true
	return tx.Flush(ctx)
}

// Flush sends what waits: at the end of the transaction, and for whoever needs
// now what a waiting statement fills in.
func (tx *Tx) Flush(ctx context.Context) error {
	if len(tx.waiting) == 0 {
		return nil
	}
	results, err := tx.send(ctx, &pgx.Batch{})
	if err != nil {
		return err
	}
	return results.Close()
}

// send sends what waits and then a batch, whose results are the next to be read.
func (tx *Tx) send(ctx context.Context, batch *pgx.Batch) (pgx.BatchResults, error) {
	waiting := tx.waiting
	tx.waiting = nil
	all := &pgx.Batch{}
	for _, d := range waiting {
		all.QueuedQueries = append(all.QueuedQueries, &d.query)
	}
	all.QueuedQueries = append(all.QueuedQueries, batch.QueuedQueries...)
	results := tx.Tx.SendBatch(ctx, all)
	for _, d := range waiting {
		if err := d.answer(results); err != nil {
			_ = results.Close()
			err = fmt.Errorf("%s: %w", d.doing, err)
			if d.ends {
				err = unavailable(err)
			}
			return results, err
		}
	}
	return results, nil
}

// answer takes the result of a statement that has waited.
func (d *deferred) answer(results pgx.BatchResults) error {
	if d.read != nil {
		return d.read(results.QueryRow())
	}
	tag, err := results.Exec()
	if err == nil && d.one && tag.RowsAffected() != 1 {
		err = pgx.ErrNoRows
	}
	if err == nil && d.ends && tag.String() != "COMMIT" {
		err = pgx.ErrTxCommitRollback
	}
	return err //nolint:wrapcheck // send says what was being done
}

// Exec runs a statement after what waits.
func (tx *Tx) Exec(ctx context.Context, statement string, args ...any) (pgconn.CommandTag, error) {
	if len(tx.waiting) == 0 {
		return tx.Tx.Exec(ctx, statement, args...) //nolint:wrapcheck // it stands for pgx's own
	}
	var tag pgconn.CommandTag
	batch := &pgx.Batch{}
	batch.Queue(statement, args...).Exec(func(t pgconn.CommandTag) error {
		tag = t
		return nil
	})
	results, err := tx.send(ctx, batch)
	if err != nil {
		return tag, err
	}
	return tag, results.Close() //nolint:wrapcheck // as above
}

// Query runs a query after what waits.
func (tx *Tx) Query(ctx context.Context, statement string, args ...any) (pgx.Rows, error) {
	if len(tx.waiting) == 0 {
		return tx.Tx.Query(ctx, statement, args...) //nolint:wrapcheck // it stands for pgx's own
	}
	batch := &pgx.Batch{}
	batch.Queue(statement, args...)
	results, err := tx.send(ctx, batch)
	if err != nil {
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		_ = results.Close()
		return nil, err //nolint:wrapcheck // as above
	}
	return &lastRows{rows, results}, nil
}

// QueryRow is Query for at most one row.
func (tx *Tx) QueryRow(ctx context.Context, statement string, args ...any) pgx.Row {
	if len(tx.waiting) == 0 {
		return tx.Tx.QueryRow(ctx, statement, args...)
	}
	rows, err := tx.Query(ctx, statement, args...)
	return &lastRow{rows, err}
}

// SendBatch sends a batch after what waits.
func (tx *Tx) SendBatch(ctx context.Context, batch *pgx.Batch) pgx.BatchResults {
	if len(tx.waiting) == 0 {
		return tx.Tx.SendBatch(ctx, batch)
	}
	results, err := tx.send(ctx, batch)
	if err != nil {
		return failed{results, err}
	}
	return results
}

// lastRows are the rows of a batch's last query, with which the batch ends.
type lastRows struct {
	pgx.Rows
	batch pgx.BatchResults
}

func (r *lastRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

func (r *lastRows) Close() {
	r.Rows.Close()
	_ = r.batch.Close() // what failed is in Err
}

type lastRow struct {
	rows pgx.Rows
	err  error
}

// Scan reads the first row.
func (r *lastRow) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err //nolint:wrapcheck // it stands for pgx's own
		}
		return pgx.ErrNoRows
	}
	if err := r.rows.Scan(into...); err != nil {
		return err //nolint:wrapcheck // as above
	}
	r.rows.Close()
	return r.rows.Err() //nolint:wrapcheck // as above
}

// failed are the results of a batch before which something had failed.
type failed struct {
	pgx.BatchResults
	err error
}

func (f failed) Exec() (pgconn.CommandTag, error) { return pgconn.CommandTag{}, f.err }
func (f failed) Query() (pgx.Rows, error)         { return nil, f.err }
func (f failed) QueryRow() pgx.Row                { return &lastRow{nil, f.err} }
func (f failed) Close() error                     { return f.err }
