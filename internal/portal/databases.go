package portal

import (
	"context"
	"errors"
	"fmt"

	"sigportal/internal/config"
	"sigportal/internal/postgres"
)

// databases are the pools, one for each duty. What content is read and written
// with is the pages' pool too, but waits for its turn: sessions, logins and
// withdrawals do not.
type databases struct {
	app, content, withdrawals, worker, reviewer *postgres.DB
}

// backgroundConns are enough for the jobs, the alarm and the listeners.
const backgroundConns = 12

// withdrawalConns are kept for taking consents back alone, so that a busy
// portal cannot keep anybody from it.
const withdrawalConns = 4

// openDatabases opens the pools and checks each, naming everything that is
// wrong with all of them at once.
func openDatabases(ctx context.Context, cfg config.Serve, movedClock bool) (*databases, error) {
	d := &databases{}
	var faults []error
	for _, pool := range []struct {
		into  **postgres.DB
		role  string
		url   config.Secret
		conns int32
	}{
		{&d.app, "sig_app", cfg.AppURL, cfg.AppConns},
		{&d.withdrawals, "sig_app", cfg.AppURL, withdrawalConns},
		{&d.worker, "sig_worker", cfg.WorkerURL, backgroundConns},
		{&d.reviewer, "sig_reviewer", cfg.ReviewerURL, backgroundConns},
	} {
		db, err := postgres.Open(ctx, pool.url.Reveal(), pool.conns)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", pool.role, err))
			continue
		}
		*pool.into = db
		if err := db.CheckStart(ctx, postgres.StartCheck{Role: pool.role, MovedClock: movedClock}); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", pool.role, err))
		}
	}
	if err := errors.Join(faults...); err != nil {
		d.close()
		return nil, fmt.Errorf("the database is refused: %w", err)
	}
	admission := postgres.NewAdmission(cfg.AtOnce)
	d.content, d.withdrawals = admission.Queued(d.app), admission.First(d.withdrawals)
	return d, nil
}

func (d *databases) close() {
	for _, db := range []*postgres.DB{d.app, d.withdrawals, d.worker, d.reviewer} {
		if db != nil {
			db.Close()
		}
	}
}

// healthy is nil while every pool answers.
func (d *databases) healthy(ctx context.Context) error {
	for _, db := range []*postgres.DB{d.app, d.withdrawals, d.worker, d.reviewer} {
		if err := db.Pool().Ping(ctx); err != nil {
			return fmt.Errorf("reach the database: %w", err)
		}
	}
	return nil
}
