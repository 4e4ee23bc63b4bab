package postgres

import (
	"context"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// QueueSchema is where the job queue's tables lie; only sig_worker may name it.
const QueueSchema = "river"

// SendMailArgs are the arguments of the job that sends one mail: its id, and
// nothing else, because jobs lie about and are looked at.
type SendMailArgs struct {
	Mail uuid.UUID `json:"mail"`
}

// Kind is the job's name in the queue.
func (SendMailArgs) Kind() string { return "send_mail" }

// inserter only adds jobs; the queue is worked by package jobs.
var inserter = sync.OnceValues(func() (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(nil), &river.Config{Schema: QueueSchema})
})

// EnqueueMail gives a due mail to the job queue in this transaction, which is
// one of sig_worker's. The job tries at most attempts times.
func (tx *Tx) EnqueueMail(ctx context.Context, mail uuid.UUID, attempts int) error {
	client, err := inserter()
	if err != nil {
		return fmt.Errorf("make the queue's client: %w", err)
	}
	if err := tx.Flush(ctx); err != nil { // the client goes past what waits
		return err
	}
	if _, err := client.InsertTx(ctx, tx.Tx, SendMailArgs{Mail: mail}, &river.InsertOpts{MaxAttempts: attempts}); err != nil {
		return fmt.Errorf("enqueue a mail: %w", err)
	}
	return nil
}
