package racetest

import (
	"flag"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sigportal/internal/replica"
)

// The faults that the race must find: no lock at all, and the right lock with
// the clock read before it, by as much as a busy pool or a slow disk takes.
var faults = map[string][]replica.Edit{
	"no lock": {
		{"internal/postgres/lock.go", "= `select pg_advisory_xact_lock($1)`", "= `select $1::bigint`"},
		{"internal/postgres/lock.go", "= `select pg_advisory_xact_lock_shared($1)`", "= `select $1::bigint`"},
	},
	"clock before lock": {
		{"internal/postgres/db.go", "	conn, err := db.pool.Acquire(", "	var early time.Time\n	_ = db.pool.QueryRow(ctx, `select sig.now()`).Scan(&early)\n	time.Sleep(time.Duration(early.Nanosecond()/1000%40) * time.Millisecond)\n	conn, err := db.pool.Acquire("},
		{"internal/postgres/db.go", "Actor: actor}\n", "Actor: actor, now: early}\n"},
		{"internal/postgres/db.go", "	tx.introduce()\n", "	tx.introduce()\n	tx.later(``, `select set_config('app.now', $1, true)`, early.Format(time.RFC3339Nano))\n"},
		{"internal/postgres/lock.go", "	tx.laterRow(\"read the clock\", tx.scanClock, readClockSQL)\n", ""},
	},
}

// The release form: make race ROUNDS=10000.
var rounds = flag.Int("rounds", 500, "how often each race is run")

const (
	readers   = 16
	officers  = 4
	asShipped = 60 // rounds beside as few transactions at once as a portal allows
	crowd     = 64 // callers of a broken build: the more of them wait, the wider its window
	patience  = 5  // rounds within which a fault must show
	// wide lets as many work in the database at once as there are connections: a
	// replica that lets few in has fewer acts under way for a withdrawal to meet.
	wide = "24"
)

// C-A and C-B: no content to a request that starts after the withdrawal was
// answered, from either replica, and nothing by consent ordered after it.
func TestWithdrawalRaces(t *testing.T) {
	c := newCity(t)
	c.meet()
	whole := replica.Build(t)
	t.Run("IsNotStarved", func(t *testing.T) { c.field(t, whole).isNotStarved(t) })
	t.Run("TurnsAwayWhatIsTooMuch", func(t *testing.T) { c.overload(t, whole) })
	c.sendMails()
	t.Run("AsShipped", func(t *testing.T) { c.field(t, whole).losesNothingAsShipped(t) })
	c.environ = append(c.environ, "SIG_APP_AT_ONCE="+wide)
	t.Run("AgainstReadsAndDisclosures", func(t *testing.T) { c.field(t, whole).losesNothing(t) })
	for name, edits := range faults {
		t.Run("CatchesABuildWith "+name, func(t *testing.T) { c.field(t, replica.Build(t, edits...)).isCaught(t) })
	}
	t.Run("CatchesABuildWhoseMeetingsTakeNoLock", func(t *testing.T) {
		f := c.field(t, replica.Build(t, lockless...))
		f.isCaughtAt(t, f.mailing(t, 2))
		f.isCaughtAt(t, f.telling(t, readers, false)) // each stays a while: of more, a withdrawal would wait outside until they are done
		for _, race := range []func(*testing.T, int, bool) *contender{f.inviting, f.attending, f.sending, f.polling} {
			f.isCaughtAt(t, race(t, crowd, false))
		}
	})
}

// losesNothingAsShipped races what comes often with the bound that a portal has
// unless it is told another.
func (f *field) losesNothingAsShipped(t *testing.T) {
	read, told := f.reading(t, readers, true), f.disclosing(t, officers, true)
	disorder := 0
	for range min(asShipped, *rounds) {
		disorder += f.round(t, 0, read, told)
	}
	if late := read.late.Load() + told.late.Load(); disorder > 0 || late > 0 {
		t.Errorf("%d out of order and %d late in %d rounds", disorder, late, asShipped)
	}
	if read.through.Load() == 0 || told.through.Load() == 0 {
		t.Error("nothing went through: the race proves nothing")
	}
	t.Logf("as shipped: N = %d rounds, %d reads and %d disclosures went through", asShipped, read.through.Load(), told.through.Load())
}

func (f *field) losesNothing(t *testing.T) {
	contenders := []*contender{
		f.reading(t, readers, true), f.disclosing(t, officers, true),
		f.inviting(t, 1, true), f.attending(t, 2, true), f.telling(t, 1, true), f.sending(t, 1, true),
		f.polling(t, 2, true),
	}
	disorder := 0
	for n := 0; n < *rounds && !t.Failed(); n++ {
		disorder += f.round(t, 0, contenders...)
	}
	if disorder > 0 {
		t.Errorf("%d out of order in %d rounds", disorder, *rounds)
	}
	if f.sent.Load() < int64(*rounds/10) {
		t.Errorf("only %d calls left by mail in %d rounds: the race proves nothing", f.sent.Load(), *rounds)
	}
	t.Logf("withdraw × calls leaving by mail: N = %d rounds, %d left before, 0 after", *rounds, f.sent.Load())
	for _, c := range contenders {
		if c.late.Load() > 0 {
			t.Errorf("%s: %d late in %d rounds", c.name, c.late.Load(), *rounds)
		}
		through := c.through.Load()
		if c.counted != nil {
			through = c.counted.Load()
		}
		if through < int64(*rounds/4) {
			t.Errorf("%s: only %d went through in %d rounds: the race proves nothing", c.name, through, *rounds)
		}
		t.Logf("withdraw × %s: N = %d rounds, %d went through, 0 late, 0 out of order", c.name, *rounds, through)
	}
}

// isCaught fails where a broken build shows nothing for some rounds.
func (f *field) isCaught(t *testing.T) {
	for round := 1; round <= patience; round++ {
		var wrong []int
		for _, c := range []*contender{f.reading(t, crowd, false), f.disclosing(t, crowd, false)} {
			wrong = append(wrong, f.round(t, crowd, c)+int(c.late.Load()))
		}
		if wrong[0]+wrong[1] > 0 {
			t.Logf("caught in round %d: %d reads, %d disclosures", round, wrong[0], wrong[1])
			return
		}
	}
	t.Errorf("not caught in %d rounds", patience)
}

// isCaughtAt fails where one kind of act on a broken build shows nothing.
func (f *field) isCaughtAt(t *testing.T, c *contender) {
	t.Helper()
	answered := c.callers
	if c.once {
		answered = 0
	}
	for round := 1; round <= patience; round++ {
		if wrong := f.round(t, answered, c) + int(c.late.Load()); wrong > 0 {
			t.Logf("%s: caught in round %d: %d", c.name, round, wrong)
			return
		}
	}
	t.Errorf("%s: not caught in %d rounds", c.name, patience)
}

// F-8: readers that never rest cannot starve a withdrawal.
func (f *field) isNotStarved(t *testing.T) {
	const withdrawals, storm, limit = 200, 64, 5 * time.Second
	stop := make(chan struct{})
	var wg sync.WaitGroup
	var reads atomic.Int64
	for range storm {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, content, err := f.read(); err == nil && content {
					reads.Add(1)
				}
			}
		})
	}
	var worst time.Duration
	for n := range withdrawals {
		f.rewind(t)
		began := time.Now()
		status, err := f.withdraw()
		took := time.Since(began)
		if err != nil || status != http.StatusSeeOther {
			t.Errorf("withdrawal %d: %d, %v", n, status, err)
		}
		worst = max(worst, took)
	}
	close(stop)
	wg.Wait()
	if worst >= limit {
		t.Errorf("the slowest withdrawal took %v, the lock timeout is %v", worst, limit)
	}
	t.Logf("N = %d withdrawals under %d readers, all done, slowest %v, %d reads with content", withdrawals, storm, worst, reads.Load())
}
