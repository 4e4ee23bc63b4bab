package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"sigportal/internal/mail"
	"sigportal/internal/postgres"
	"sigportal/internal/reply"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
	"sigportal/internal/sms"
)

const (
	// senders is how many mails one replica hands over at once.
	senders = 4
	// between is how long a replica waits at least before it asks for more. The
	// library's tenth of a second would let forty mails a second leave.
	between = 10 * time.Millisecond
	// attempts at most 15 minutes apart are five days of trying.
	attempts = 500
	// stopWithin is how long running jobs may finish when the replica stops.
	stopWithin = 10 * time.Second
)

// Deps is what the jobs work with.
type Deps struct {
	DB     *postgres.DB // under sig_worker
	Sealer *seal.Sealer
	Sender *mail.Sender
	// Texts takes text messages; nil where there is no gateway.
	Texts *sms.Gateway
	// Replies are the addresses to which calendar programs answer; nil where
	// the portal takes no answers by mail.
	Replies *reply.Addresses
	Log     *slog.Logger
}

// Jobs is one replica's share of the queue's workers.
type Jobs struct {
	deps   Deps
	client *river.Client[pgx.Tx]
}

// New makes the workers; Run sets them to work.
func New(deps Deps) (*Jobs, error) {
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &mailWorker{deps: deps}); err != nil {
		return nil, fmt.Errorf("name the mail worker: %w", err)
	}
	client, err := river.NewClient(riverpgxv5.New(deps.DB.Pool()), &river.Config{
		Schema:        postgres.QueueSchema,
		Queues:        map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: senders}},
		Workers:       workers,
		FetchCooldown: between,
		Logger:        slog.New(quiet{deps.Log.Handler()}),
		RetryPolicy:   patience{},
		ErrorHandler:  failures{deps.Log},
		JobTimeout:    time.Minute,
		// A job of a replica that was killed is given to another one after this.
		RescueStuckJobsAfter: 2 * time.Minute,
		SoftStopTimeout:      stopWithin,
		ReindexerSchedule:    river.NeverSchedule(), // the worker's role does not own the tables
	})
	if err != nil {
		return nil, fmt.Errorf("make the queue's client: %w", err)
	}
	return &Jobs{deps: deps, client: client}, nil
}

// Run works the queue until the context ends and lets running jobs finish.
func (j *Jobs) Run(ctx context.Context) error {
	if err := j.client.Start(ctx); err != nil {
		return fmt.Errorf("start the queue's workers: %w", err)
	}
	<-j.client.Stopped()
	return nil
}

// MailDue is the alarm's handler for postgres.AlarmMailDue: it puts the mail
// into the queue in the transaction that takes the alarm, so that each mail
// gets exactly one job.
func (j *Jobs) MailDue(ctx context.Context, job postgres.AlarmJob) error {
	return j.deps.DB.Do(ctx, sig.System("mail"), func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil { // nobody's access changes: no lock
			return err
		}
		if due, err := tx.TakeAlarm(ctx, job); err != nil || !due {
			return err
		}
		return tx.EnqueueMail(ctx, job.Object, attempts)
	})
}

// patience is when a failed job is tried again: after 1, 2, 4 … seconds, at
// most 15 minutes.
type patience struct{}

// NextRetry counts from the attempt that failed.
func (patience) NextRetry(job *rivertype.JobRow) time.Time {
	wait := min(time.Second<<min(len(job.Errors), 10), 15*time.Minute)
	return job.AttemptedAt.Add(wait)
}

// quiet lets warnings and errors of the queue's own log through, and not what
// it says of every start, stop and tidying.
type quiet struct{ slog.Handler }

// Enabled holds back what is below a warning.
func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}

// failures tells the log of a job that failed: at its first attempt, so that
// whoever watches need not wait for days, and then ever more seldom, so that a
// mail server that is away does not fill the log.
type failures struct{ log *slog.Logger }

// HandleError lets the queue try again as it would.
func (f failures) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	if job.Attempt&(job.Attempt-1) == 0 { // 1, 2, 4, 8 …
		f.log.WarnContext(ctx, "a job failed, is tried again",
			slog.String("kind", job.Kind), slog.Int64("job", job.ID), slog.Int("attempt", job.Attempt), slog.Any("error", err))
	}
	return nil
}

// HandlePanic tells of what was thrown by its type alone: its text may hold anything.
func (f failures) HandlePanic(ctx context.Context, job *rivertype.JobRow, thrown any, _ string) *river.ErrorHandlerResult {
	f.log.ErrorContext(ctx, "a job panicked, is tried again",
		slog.String("kind", job.Kind), slog.Int64("job", job.ID), slog.Int("attempt", job.Attempt), slog.String("thrown", fmt.Sprintf("%T", thrown)))
	return nil
}
