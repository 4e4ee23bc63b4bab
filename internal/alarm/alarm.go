package alarm

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/postgres"
)

// workers is how many handlers one replica runs at once: a handler that waits
// for a lock must not hold up the others.
const workers = 6

// handlerLimit bounds one handler, well above the database's lock timeout.
const handlerLimit = 30 * time.Second

// Handler does what one alarm is about. It takes the alarm (Tx.TakeAlarm) in
// its own transaction, after the locks; when it returns an error, the alarm is
// tried again later.
type Handler func(ctx context.Context, job postgres.AlarmJob) error

// Alarm is one replica's alarm clock.
type Alarm struct {
	db       *postgres.DB
	log      *slog.Logger
	handlers map[postgres.AlarmKind]Handler
	wake     chan struct{}
	finished chan uuid.UUID
}

// New makes an alarm clock that looks for due alarms under db's role.
func New(db *postgres.DB, log *slog.Logger) *Alarm {
	return &Alarm{
		db: db, log: log, handlers: map[postgres.AlarmKind]Handler{},
		wake: make(chan struct{}, 1), finished: make(chan uuid.UUID, workers),
	}
}

// Handle names the handler of a kind, before Run. Alarms of a kind without a
// handler are left for a replica that has one.
func (a *Alarm) Handle(kind postgres.AlarmKind, handler Handler) { a.handlers[kind] = handler }

// Run keeps watch until the context ends and then waits for the handlers that
// are at work. It outlives lost connections, and is called once.
func (a *Alarm) Run(ctx context.Context) {
	var listening sync.WaitGroup
	listening.Go(func() { a.listen(ctx) })
	kinds := slices.Collect(maps.Keys(a.handlers))
	working := map[uuid.UUID]struct{}{}
	for ctx.Err() == nil {
		due, sleep, err := a.db.DueAlarms(ctx, kinds, slices.Collect(maps.Keys(working)), workers-len(working))
		if err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, "alarms cannot be read", slog.Any("error", err))
			sleep = time.Second
		}
		for _, job := range due {
			working[job.ID] = struct{}{}
			go a.handle(context.WithoutCancel(ctx), job)
		}
		a.sleep(ctx, sleep, working)
	}
	for len(working) > 0 {
		delete(working, <-a.finished)
	}
	listening.Wait()
}

// sleep waits for the first of: the instant, a notification, a handler's end.
func (a *Alarm) sleep(ctx context.Context, until time.Duration, working map[uuid.UUID]struct{}) {
	timer := time.NewTimer(until)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-a.wake:
	case id := <-a.finished:
		delete(working, id)
	}
}

// listen wakes the loop on every notification and connects again when the
// connection is lost.
func (a *Alarm) listen(ctx context.Context) {
	for ctx.Err() == nil {
		err := a.db.ListenAlarm(ctx, func() {
			select {
			case a.wake <- struct{}{}:
			default: // one wake-up is enough
			}
		})
		if ctx.Err() != nil {
			return
		}
		a.log.WarnContext(ctx, "alarm stopped listening, begins again", slog.Any("error", err))
		pause := time.NewTimer(time.Second)
		select {
		case <-ctx.Done():
		case <-pause.C:
		}
		pause.Stop()
	}
}

// handle runs one handler and puts an alarm that it left open aside for a
// while. Failures are logged by ids alone.
func (a *Alarm) handle(ctx context.Context, job postgres.AlarmJob) {
	defer func() { a.finished <- job.ID }()
	ctx, cancel := context.WithTimeout(ctx, handlerLimit)
	defer cancel()
	failure := a.try(ctx, job)
	open, err := a.db.PostponeAlarm(ctx, job, backoff(job.Attempts))
	attrs := []any{
		slog.String("kind", string(job.Kind)), slog.String("alarm", job.ID.String()), slog.Int("attempt", job.Attempts+1),
	}
	switch {
	case failure != nil:
		a.log.ErrorContext(ctx, "alarm failed, is tried again", append(attrs, slog.Any("error", failure))...)
	case err != nil:
		a.log.ErrorContext(ctx, "alarm cannot be looked after", append(attrs, slog.Any("error", err))...)
	case open:
		a.log.ErrorContext(ctx, "alarm was left open by its handler, is tried again", attrs...)
	}
}

// try turns a panic into a failure, so that one bad alarm does not take the
// replica, and every open page with it, along.
func (a *Alarm) try(ctx context.Context, job postgres.AlarmJob) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("handler panicked: %T", p)
		}
	}()
	return a.handlers[job.Kind](ctx, job)
}

// backoff is how long a failed alarm is left alone: 200 ms, doubled up to five
// minutes.
func backoff(attempts int) time.Duration {
	return min(200*time.Millisecond<<min(attempts, 11), 5*time.Minute)
}
