package postgres_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/dbtest"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// sequence runs a sequencer of its own until the test ends; its end is sent.
func sequence(t testing.TB, db *dbtest.Database, signer *ledger.Signer) <-chan error {
	t.Helper()
	return runs(t, postgres.NewSequencer(db.Worker(), signer, quiet()))
}

func runs(t testing.TB, seq *postgres.Sequencer) <-chan error {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	var wg sync.WaitGroup
	wg.Go(func() { ended <- seq.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return ended
}

// untilFolded waits until a row is a leaf and gives its index.
func untilFolded(t testing.TB, db *dbtest.Database, id int64) int64 {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		var index int64
		err := db.Super().QueryRow(t.Context(), `select leaf_index from sig.ledger_leaf where ledger_id = $1`, id).Scan(&index)
		if err == nil {
			return index
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			t.Fatal(err)
		}
		<-time.After(2 * time.Millisecond)
	}
	t.Fatalf("row %d is in no log after 20 s", id)
	return 0
}

// A row that committed early must not pass by one that drew its id before.
func TestAnEarlierRowStillBeingWrittenIsWaitedFor(t *testing.T) {
	t.Parallel()
	db, signer := dbtest.New(t), newSigner(t)
	seq := postgres.NewSequencer(db.Worker(), signer, quiet())
	slow, err := db.Super().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.Rollback(context.WithoutCancel(t.Context())) }()
	var early int64
	if err := slow.QueryRow(t.Context(), `select sig.append_ledger(at => sig.now(), kind => 'read_item')`).Scan(&early); err != nil {
		t.Fatal(err)
	}
	late := write(t, db.App(), coordinator(), disclosure(newCase()))[0]
	if late <= early {
		t.Fatalf("ids %d and %d do not tell the order", early, late)
	}
	short, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if n, err := seq.FoldOnce(short); err == nil {
		t.Fatalf("%d rows were folded while an earlier one was being written", n)
	}
	if err := slow.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := fold(t, db, signer); n != 2 {
		t.Fatalf("%d rows were folded, want 2", n)
	}
	if a, b := untilFolded(t, db, early), untilFolded(t, db, late); a != 0 || b != 1 {
		t.Errorf("leaves %d and %d, want 0 and 1", a, b)
	}
}

// The other order: the transaction that drew the lower id had written before,
// and the one with the higher id had begun even earlier.
func TestOrderHoldsWhateverBeganFirst(t *testing.T) {
	t.Parallel()
	db, signer := dbtest.New(t), newSigner(t)
	begin := func() pgx.Tx {
		tx, err := db.Super().Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), `select pg_current_xact_id()`); err != nil {
			t.Fatal(err)
		}
		return tx
	}
	appendTo := func(tx pgx.Tx) (id int64) {
		if err := tx.QueryRow(t.Context(), `select sig.append_ledger(at => sig.now(), kind => 'read_item')`).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	older, younger := begin(), begin()
	defer func() {
		_ = errors.Join(older.Rollback(context.WithoutCancel(t.Context())), younger.Rollback(context.WithoutCancel(t.Context())))
	}()
	low, high := appendTo(younger), appendTo(older)
	if err := older.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if n, err := postgres.NewSequencer(db.Worker(), signer, quiet()).FoldOnce(short); err == nil {
		t.Fatalf("%d rows were folded past row %d", n, low)
	}
	if err := younger.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	fold(t, db, signer)
	if a, b := untilFolded(t, db, low), untilFolded(t, db, high); a >= b {
		t.Errorf("row %d is leaf %d, row %d is leaf %d", low, a, high, b)
	}
	if report := audit(t, db, signer); report.Bad != nil {
		t.Error(report.Bad)
	}
}

// writers appends rows of a few interventions from many transactions at once:
// some come to nothing, some write slowly, some only read beside others.
func writers(ctx context.Context, t *testing.T, db *dbtest.Database, cases []sig.InterventionID, each int) (rows int64) {
	t.Helper()
	var wg sync.WaitGroup
	var written atomic.Int64
	failed := errors.New("came to nothing")
	for w := range 12 {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(w), 7))
			for range each {
				in := cases[rng.IntN(len(cases))]
				n := 1 + rng.IntN(3)
				err := db.App().Do(ctx, coordinator(), func(tx *postgres.Tx) error {
					if err := tx.Lock(ctx, postgres.LockKey(in)); err != nil {
						return err
					}
					for range n {
						if _, err := tx.Append(ctx, disclosure(in)); err != nil {
							return err
						}
					}
					if rng.IntN(5) == 0 {
						return failed
					}
					return nil
				})
				switch {
				case err == nil:
					written.Add(int64(n))
				case !errors.Is(err, failed):
					t.Errorf("write: %v", err)
					return
				}
			}
		})
	}
	wg.Wait()
	return written.Load()
}

const disorderSQL = `
select count(*) from (
  select l.id, l.at, f.leaf_index,
         lag(l.at) over w as at_before, lag(f.leaf_index) over w as leaf_before
  from sig.ledger l left join sig.ledger_leaf f on f.ledger_id = l.id
  window w as (partition by l.intervention order by l.id)) o
where leaf_index is null or at < at_before or leaf_index <= leaf_before`

// Twelve writers, six interventions, two sequencers of which the working one
// is killed again and again: every row is a leaf once, and within each
// intervention ids, instants and leaves run in one order. N = 600
// transactions, 10 kills.
func TestOneSequencerOfTwoFoldsEveryRowOnceAndInOrder(t *testing.T) {
	t.Parallel()
	db, signer := dbtest.New(t), newSigner(t)
	sequence(t, db, signer)
	sequence(t, db, signer)
	var cases []sig.InterventionID
	for range 6 {
		cases = append(cases, newCase())
	}
	var wg sync.WaitGroup
	var written atomic.Int64
	wg.Go(func() { written.Store(writers(t.Context(), t, db, cases, 50)) })
	kills := 0
	for range 10 {
		kills += kill(t, db)
		untilFolded(t, db, write(t, db.App(), coordinator(), disclosure(cases[0]))[0])
	}
	wg.Wait()
	last := write(t, db.App(), coordinator(), disclosure(cases[0]))[0]
	untilFolded(t, db, last)
	if kills != 10 {
		t.Errorf("%d holders were killed, want 10", kills)
	}
	var disorder int
	if err := db.Super().QueryRow(t.Context(), disorderSQL).Scan(&disorder); err != nil {
		t.Fatal(err)
	}
	if disorder != 0 {
		t.Errorf("%d rows are out of order or in no log", disorder)
	}
	report := audit(t, db, signer)
	if want := written.Load() + 11; report.Bad != nil || report.Leaves != want || report.Pending != 0 {
		t.Errorf("audit: %+v (%v), want %d leaves", report, report.Bad, want)
	}
}

const holderSQL = `
select pid from pg_locks where locktype = 'advisory' and classid = 1397311308 and objid = 1 and objsubid = 2 and granted
  and database = (select oid from pg_database where datname = current_database())`

// holder waits for the backend that folds; there is never a second one.
func holder(t testing.TB, db *dbtest.Database) int {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		rows, err := db.Super().Query(t.Context(), holderSQL)
		if err != nil {
			t.Fatal(err)
		}
		pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
		if err != nil {
			t.Fatal(err)
		}
		if len(pids) > 1 {
			t.Fatalf("%d sequencers hold the lock", len(pids))
		}
		if len(pids) == 1 {
			return pids[0]
		}
		<-time.After(5 * time.Millisecond)
	}
	t.Fatal("nobody folds after 20 s")
	return 0
}

func kill(t testing.TB, db *dbtest.Database) int {
	t.Helper()
	var killed bool
	if err := db.Super().QueryRow(t.Context(), `select pg_terminate_backend($1, 5000)`, holder(t, db)).Scan(&killed); err != nil {
		t.Fatal(err)
	}
	if killed {
		return 1
	}
	return 0
}

// A holder that is stopped and not dead is cut off by the server.
func TestAStoppedHolderIsCutOff(t *testing.T) {
	t.Parallel()
	db, signer := dbtest.New(t), newSigner(t)
	stopped, err := pgx.Connect(t.Context(), db.URL("sig_worker"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stopped.Close(context.Background()) })
	if err := postgres.HoldAndStop(t.Context(), stopped); err != nil {
		t.Fatal(err)
	}
	before := time.Now()
	sequence(t, db, signer)
	untilFolded(t, db, write(t, db.App(), coordinator(), disclosure(newCase()))[0])
	if waited := time.Since(before); waited < 3*time.Second || waited > 12*time.Second {
		t.Errorf("a stopped holder was followed after %v, want about 5 s", waited)
	}
}

// N = 20. On a machine that is busy with other tests two may be late.
func TestRowsAreInTheLogWithinASecond(t *testing.T) {
	t.Parallel()
	db, signer := dbtest.New(t), newSigner(t)
	sequence(t, db, signer)
	var waits []time.Duration
	for range 20 {
		id := write(t, db.App(), coordinator(), disclosure(newCase()))[0]
		committed := time.Now()
		untilFolded(t, db, id)
		waits = append(waits, time.Since(committed))
	}
	slices.Sort(waits)
	t.Logf("20 rows, in the log after %v (median) to %v", waits[10], waits[19])
	if waits[17] > time.Second {
		t.Errorf("three of 20 rows were in the log only after %v and more", waits[17])
	}
}

// Ids of transactions that came to nothing leave a gap among ids and none among leaves.
func TestRowsThatCameToNothingLeaveNoLeaf(t *testing.T) {
	t.Parallel()
	db, signer := dbtest.New(t), newSigner(t)
	sequence(t, db, signer)
	first := write(t, db.App(), coordinator(), disclosure(newCase()))[0]
	untilFolded(t, db, first)
	tx, err := db.Super().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `select sig.append_ledger(at => sig.now(), kind => 'read_item')`); err != nil {
		t.Fatal(err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := write(t, db.App(), coordinator(), disclosure(newCase()))[0]
	if a, b := untilFolded(t, db, first), untilFolded(t, db, second); a != 0 || b != 1 || second != first+2 {
		t.Errorf("rows %d and %d are leaves %d and %d", first, second, a, b)
	}
}

// asSuper runs statements with every right and no trigger.
func asSuper(t testing.TB, db *dbtest.Database, statements ...string) {
	t.Helper()
	tx, err := db.Super().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range append([]string{`set local session_replication_role = replica`}, statements...) {
		if _, err := tx.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}
