package alarm_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/alarm"
	"sigportal/internal/dbtest"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

const kind = postgres.AlarmTaskDue

// fired is one alarm that a handler took: what it was about and how late.
type fired struct {
	object uuid.UUID
	late   time.Duration
}

// replica runs an alarm clock whose handler takes each alarm and tells of it.
func replica(t *testing.T, db *dbtest.Database, handlers map[postgres.AlarmKind]alarm.Handler) {
	t.Helper()
	a := alarm.New(db.Worker(), slog.New(slog.NewTextHandler(t.Output(), nil)))
	for k, h := range handlers {
		a.Handle(k, h)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); a.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
}

func take(db *postgres.DB, into chan<- fired) alarm.Handler {
	return func(ctx context.Context, job postgres.AlarmJob) error {
		var late time.Duration
		var due bool
		err := db.Do(ctx, sig.System("alarm"), func(tx *postgres.Tx) (err error) {
			if err := tx.Lock(ctx, int64(job.Object[0])); err != nil {
				return err
			}
			late = tx.Now().Sub(job.DueAt)
			due, err = tx.TakeAlarm(ctx, job)
			return err
		})
		if err == nil && due {
			into <- fired{job.Object, late}
		}
		return err
	}
}

func set(t *testing.T, db *dbtest.Database, object uuid.UUID, at time.Time) {
	t.Helper()
	err := db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		return tx.SetAlarm(kind, sig.InterventionID{}, object, at)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func next(t *testing.T, from <-chan fired) fired {
	t.Helper()
	select {
	case f := <-from:
		return f
	case <-time.After(10 * time.Second):
		t.Fatal("the alarm did not go off within 10 s")
		return fired{}
	}
}

func nothingOpen(t *testing.T, db *dbtest.Database) {
	t.Helper()
	var open int
	err := db.Super().QueryRow(t.Context(),
		`select count(*) from sig.alarm where done_at is null and cleared_at is null`).Scan(&open)
	if err != nil || open != 0 {
		t.Errorf("%d alarms are open, %v; want none", open, err)
	}
}

func TestTwoReplicasGoOffOnceAtTheInstant(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	went := make(chan fired, 100)
	for range 2 {
		replica(t, db, map[postgres.AlarmKind]alarm.Handler{kind: take(db.Worker(), went)})
	}
	const n = 60
	want := map[uuid.UUID]bool{}
	err := db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		if err := tx.ReadClock(t.Context()); err != nil {
			return err
		}
		for i := range n { // far enough ahead for all to be set before the first is due
			object := uuid.New()
			want[object] = true
			at := tx.Now().Add(2*time.Second + time.Duration(i)*10*time.Millisecond)
			if err := tx.SetAlarm(kind, sig.InterventionID{}, object, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var late []time.Duration
	for range n {
		f := next(t, went)
		if !want[f.object] {
			t.Errorf("%s went off twice, or was never set", f.object)
		}
		delete(want, f.object)
		if f.late < 0 {
			t.Errorf("an alarm went off %v early", -f.late)
		}
		late = append(late, f.late)
	}
	slices.Sort(late)
	t.Logf("late: p50 %v, max %v", late[n/2], late[n-1])
	// Milliseconds on an idle machine; the bound leaves room for a busy one and
	// none for a poll by the second.
	if late[n/2] > 200*time.Millisecond || late[n-1] > 2*time.Second {
		t.Errorf("late: p50 %v, max %v; want milliseconds", late[n/2], late[n-1])
	}
	if len(went) != 0 {
		t.Errorf("%d alarms went off twice", len(went))
	}
	nothingOpen(t, db)
}

func TestAnEarlierInstantAndAMovedClockWakeTheSleeper(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	went := make(chan fired, 10)
	replica(t, db, map[postgres.AlarmKind]alarm.Handler{kind: take(db.Worker(), went)})
	far, near := uuid.New(), uuid.New()
	set(t, db, far, db.Now(t).Add(30*24*time.Hour))
	set(t, db, near, db.Now(t).Add(50*time.Millisecond))
	if f := next(t, went); f.object != near {
		t.Fatal("what is due in a month went off before what is due now")
	}
	db.Advance(t, 30*24*time.Hour)
	if f := next(t, went); f.object != far || f.late > 5*time.Second {
		t.Errorf("after the clock was moved a month on: %v", f)
	}
}

func TestAnAlarmMovedOrTakenBackDoesNotGoOff(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	went := make(chan fired, 10)
	replica(t, db, map[postgres.AlarmKind]alarm.Handler{kind: take(db.Worker(), went)})
	now := db.Now(t)
	moved, cleared, rolledBack, last := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	set(t, db, moved, now.Add(time.Hour))
	set(t, db, moved, now.Add(3*time.Hour))
	set(t, db, cleared, now.Add(time.Hour))
	err := db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		tx.ClearAlarm(kind, cleared)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	failed := errors.New("the deed failed")
	err = db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		return errors.Join(tx.SetAlarm(kind, sig.InterventionID{}, rolledBack, now), failed)
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	set(t, db, last, now.Add(2*time.Hour))
	db.Advance(t, 2*time.Hour+time.Minute)
	if f := next(t, went); f.object != last {
		t.Errorf("%s went off; want only the one that stands", f.object)
	}
	if len(went) != 0 {
		t.Error("an alarm that was moved, cleared or rolled back went off")
	}
	db.Advance(t, time.Hour)
	if f := next(t, went); f.object != moved {
		t.Errorf("%s went off; want the moved one at its new instant", f.object)
	}
}

func TestTheSameInstantGoesOffOnceAndANewOneAgain(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	went := make(chan fired, 10)
	replica(t, db, map[postgres.AlarmKind]alarm.Handler{kind: take(db.Worker(), went)})
	object, at := uuid.New(), db.Now(t).Truncate(time.Microsecond)
	set(t, db, object, at)
	next(t, went)
	set(t, db, object, at)
	nothingOpen(t, db)
	set(t, db, object, at.Add(time.Millisecond))
	next(t, went)
	if len(went) != 0 {
		t.Error("the same instant went off twice")
	}
}

func TestAFailedHandlerIsTriedAgainAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	went := make(chan fired, 10)
	ok := take(db.Worker(), went)
	var mu sync.Mutex
	tries := map[uuid.UUID]int{}
	plainWent := make(chan struct{})
	troubles := map[uuid.UUID]func() error{
		uuid.New(): func() error { return errors.New("no") },
		uuid.New(): func() error { panic("no") },
		uuid.New(): func() error { return nil },              // returns without taking the alarm
		uuid.New(): func() error { <-plainWent; return nil }, // waits, as for a lock
	}
	replica(t, db, map[postgres.AlarmKind]alarm.Handler{kind: func(ctx context.Context, job postgres.AlarmJob) error {
		mu.Lock()
		tries[job.Object]++
		first := tries[job.Object] == 1
		mu.Unlock()
		if trouble := troubles[job.Object]; trouble != nil && first {
			return trouble()
		}
		return ok(ctx, job)
	}})
	now, plain := db.Now(t), uuid.New()
	for object := range troubles {
		set(t, db, object, now)
	}
	set(t, db, plain, now)
	for range len(troubles) + 1 {
		f := next(t, went)
		if f.object == plain {
			close(plainWent)
			continue
		}
		mu.Lock()
		if tries[f.object] != 2 {
			t.Errorf("went off at try %d, want 2", tries[f.object])
		}
		mu.Unlock()
	}
	nothingOpen(t, db)
}

func TestALostConnectionIsMadeAgain(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	went := make(chan fired, 10)
	replica(t, db, map[postgres.AlarmKind]alarm.Handler{kind: take(db.Worker(), went)})
	set(t, db, uuid.New(), db.Now(t))
	next(t, went)
	var cut int
	err := db.Super().QueryRow(t.Context(), `select count(pg_terminate_backend(pid)) from pg_stat_activity
		where datname = current_database() and usename = 'sig_worker'`).Scan(&cut)
	if err != nil || cut == 0 {
		t.Fatalf("cut %d connections, %v", cut, err)
	}
	set(t, db, uuid.New(), db.Now(t).Add(100*time.Millisecond))
	next(t, went)
}

func TestPagesMayNotTouchWhatTheyDoNotOwnOfTheAlarm(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for _, statement := range []string{`delete from sig.alarm`, `truncate sig.alarm`, `update sig.alarm set id = id`} {
		if _, err := db.App().Pool().Exec(t.Context(), statement); err == nil {
			t.Errorf("the pages' role may %s", statement)
		}
	}
	if _, err := db.Reviewer().Pool().Exec(t.Context(), `select from sig.alarm`); err == nil {
		t.Error("the reviewer's role reads alarms")
	}
}
