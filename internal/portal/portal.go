package portal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/errgroup"

	"sigportal/internal/config"
	"sigportal/internal/obs"
)

// Run serves until the context ends, then lets requests finish and returns. It
// returns before the first request when a start check fails, and ends all when
// any part ends: a portal without its background work is not one.
func Run(ctx context.Context, cfg config.Serve, log *slog.Logger, opts ...Option) error {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	dbs, err := openDatabases(ctx, cfg, o.movedClock)
	if err != nil {
		return err
	}
	defer dbs.close()
	kept, err := newHead(cfg, dbs.worker)
	if err != nil {
		return err
	}
	if err := kept.check(ctx); err != nil {
		return fmt.Errorf("the database is refused: %w", err)
	}
	metrics := obs.NewMetrics()
	whole, err := build(cfg, log, dbs, metrics, o)
	if err != nil {
		return err
	}
	listener := o.listener
	if listener == nil {
		if listener, err = new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen); err != nil {
			return fmt.Errorf("listen: %w", err)
		}
	}
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error { return metrics.Serve(running, cfg.MetricsListen) })
	group.Go(func() error { return kept.keep(running, log) })
	for _, task := range whole.tasks {
		group.Go(func() error { return task(running) })
	}
	group.Go(func() error { return answer(running, whole.app, listener, cfg.StopWithin) })
	log.Info("serving", "address", listener.Addr().String())
	if o.ready != nil {
		o.ready(listener.Addr().String())
	}
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	log.Info("stopped")
	return nil
}

// answer serves the listener until the context ends.
func answer(ctx context.Context, app *fiber.App, listener net.Listener, within time.Duration) error {
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() { stopped <- app.ShutdownWithTimeout(within) })
	if err := app.Listener(listener); err != nil {
		stop()
		return fmt.Errorf("serve: %w", err)
	}
	if !stop() {
		if err := <-stopped; err != nil {
			return fmt.Errorf("let requests finish: %w", err)
		}
	}
	return nil
}
