package postgres_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/dbtest"
	"sigportal/internal/fault"
	"sigportal/internal/postgres"
)

// A log that contradicts its signed head gets no further head, and the one
// alarm about it ends nothing else: the portal's work goes on beside it. When
// the log has been put right, it is gone on from.
func TestNothingIsSignedOnTopOfAChangedLog(t *testing.T) {
	t.Parallel()
	for what, tamper := range map[string]string{
		"a changed hash":   `update sig.ledger_hash set hash = sha256('x') where position = (select max(position) from sig.ledger_hash)`,
		"a missing hash":   `delete from sig.ledger_hash where position = (select max(position) from sig.ledger_hash)`,
		"a missing leaf":   `delete from sig.ledger_leaf where leaf_index = 2`,
		"a missing head":   `delete from sig.ledger_checkpoint`,
		"a head by others": `update sig.ledger_checkpoint set signed = replace(signed, 'portal', 'mortal')`,
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			db, signer := dbtest.New(t), newSigner(t)
			rows := write(t, db.App(), coordinator(), disclosure(newCase()), disclosure(newCase()), disclosure(newCase()))
			fold(t, db, signer)
			asSuper(t, db, `create table kept_leaf as table sig.ledger_leaf`, `create table kept_hash as table sig.ledger_hash`,
				`create table kept_head as table sig.ledger_checkpoint`, tamper)
			late := write(t, db.App(), coordinator(), disclosure(newCase()))[0]

			var alarms atomic.Int64
			seq := postgres.NewSequencer(db.Worker(), signer, quiet())
			seq.Alarmed = func() { alarms.Add(1) }
			seq.LookAgain(10 * time.Millisecond)
			ended := runs(t, seq)
			finding := untilAlarm(t, db)
			select {
			case err := <-ended:
				t.Fatalf("the sequencer ended: %v", err)
			default:
			}
			if heads := countRows(t, db, `select count(*) from sig.ledger_checkpoint where size > 3`); heads != 0 {
				t.Errorf("%d heads were signed on top of it (%s)", heads, finding)
			}
			if err := receiptOf(t, db, rows[0]); code(err) != "error.receipt_held" {
				t.Errorf("a proof out of a log that is not to be believed: %v", err)
			}

			asSuper(t, db, `truncate sig.ledger_leaf, sig.ledger_hash, sig.ledger_checkpoint`,
				`insert into sig.ledger_leaf table kept_leaf`, `insert into sig.ledger_hash table kept_hash`,
				`insert into sig.ledger_checkpoint table kept_head`)
			if index := untilFolded(t, db, late); index != 3 {
				t.Errorf("the row from meanwhile is leaf %d", index)
			}
			untilNoAlarm(t, db)
			if n := countRows(t, db, `select count(*) from sig.ledger_alarm`); n != 1 || alarms.Load() != 1 {
				t.Errorf("%d alarms are stored and %d were told, want one of each", n, alarms.Load())
			}
			if err := receiptOf(t, db, rows[0]); err != nil {
				t.Errorf("put right, there is no proof: %v", err)
			}
		})
	}
}

func code(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Code
	}
	return ""
}

func countRows(t testing.TB, db *dbtest.Database, sql string) (n int) {
	t.Helper()
	if err := db.Super().QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// receiptOf asks for the proof of a row, as somebody who sees all rows.
func receiptOf(t testing.TB, db *dbtest.Database, row int64) error {
	t.Helper()
	return db.Owner().Do(t.Context(), coordinator(), func(tx *postgres.Tx) error {
		_, err := tx.Receipt(t.Context(), row, "object")
		return err
	})
}

// alarmOf is the finding of the open alarm; empty when there is none.
func alarmOf(t testing.TB, db *dbtest.Database) (finding string) {
	t.Helper()
	err := db.Super().QueryRow(t.Context(), `select finding from sig.ledger_alarm where ended_at is null`).Scan(&finding)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		t.Fatal(err)
	}
	return finding
}

func untilAlarm(t testing.TB, db *dbtest.Database) string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if finding := alarmOf(t, db); finding != "" {
			return finding
		}
	}
	t.Fatal("no alarm after 20 s")
	return ""
}

func untilNoAlarm(t testing.TB, db *dbtest.Database) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); alarmOf(t, db) != ""; {
		if time.Now().After(deadline) {
			t.Fatal("the alarm does not end")
		}
	}
}
