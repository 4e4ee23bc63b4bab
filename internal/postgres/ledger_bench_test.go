package postgres_test

import (
	"context"
	"testing"

	"sigportal/internal/dbtest"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// fill appends n rows inside the database, without a round trip for each.
func fill(b *testing.B, db *dbtest.Database, n int) {
	b.Helper()
	err := db.App().Do(b.Context(), coordinator(), func(tx *postgres.Tx) error {
		if _, err := tx.Exec(b.Context(), `set local statement_timeout = 0`); err != nil {
			return err
		}
		_, err := tx.Exec(b.Context(), `
			select sig.append_ledger(at => now(), kind => 'read_copy', intervention => u, object_kind => 'disclosure', object_id => u,
			  consent => u, basis => 'consent', categories => '{attendance}', authority => 'farsta', unit => 'farsta-ungdom',
			  function => 'coordinator', request => u)
			from generate_series(1, $1), (select '5f6e0d7e-04d9-46ac-86e2-b9464c4b1bc9'::uuid as u) c`, n)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAppendInside is the cost of one row inside a statement that reads
// anyway: what a read of content pays for its log.
func BenchmarkAppendInside(b *testing.B) {
	db := dbtest.New(b)
	fill(b, db, 1000)
	b.ResetTimer()
	fill(b, db, b.N)
}

// BenchmarkFold is the cost of one row in the sequencer, signature included.
func BenchmarkFold(b *testing.B) {
	db := dbtest.New(b)
	seq := postgres.NewSequencer(db.Worker(), newSigner(b), quiet())
	fill(b, db, b.N)
	b.ResetTimer()
	foldAll(b, seq)
}

func foldAll(b *testing.B, seq *postgres.Sequencer) {
	b.Helper()
	for {
		n, err := seq.FoldOnce(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// BenchmarkAudit is the cost of one row in `sigportal ledger verify`; the goal
// of five million rows in two minutes is 24 µs.
func BenchmarkAudit(b *testing.B) {
	db, signer := dbtest.New(b), newSigner(b)
	fill(b, db, b.N)
	foldAll(b, postgres.NewSequencer(db.Worker(), signer, quiet()))
	b.ResetTimer()
	report, err := postgres.AuditLedger(b.Context(), db.URL("sig_owner"), ledger.Witnesses{Key: signer.VerifierKey()})
	if err != nil || report.Bad != nil || report.Leaves != int64(b.N) {
		b.Fatalf("%+v, %v", report, err)
	}
}

// BenchmarkReceipt is the cost of one receipt from a log of 20 000 rows.
func BenchmarkReceipt(b *testing.B) {
	db, signer := dbtest.New(b), newSigner(b)
	fill(b, db, 20_000)
	foldAll(b, postgres.NewSequencer(db.Worker(), signer, quiet()))
	for b.Loop() {
		err := db.Owner().Do(b.Context(), sig.System("bench"), func(tx *postgres.Tx) error {
			_, err := tx.Receipt(context.WithoutCancel(b.Context()), 12_345, "object")
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
