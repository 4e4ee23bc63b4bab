package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"time"

	"sigportal/internal/config"
	"sigportal/internal/obs"
	"sigportal/internal/portal"
)

// serveReplica is the demo binary started again as one portal: the same wiring
// as `sigportal serve`, but it accepts a clock that has been moved. It ends
// with its parent, whose end of the pipe at standard input closes.
func serveReplica(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	cfg, err := config.LoadServe(os.Environ())
	if err != nil {
		return err
	}
	portal.TuneMemory()
	return portal.Run(ctx, cfg, obs.Logger(os.Stderr, slog.LevelInfo), portal.WithMovedClock(), portal.WithSamples())
}

// replica is one running portal.
type replica struct {
	cmd  *exec.Cmd
	pipe io.Closer
	done chan error
}

// startReplica starts a portal and waits until it answers.
func startReplica(ctx context.Context, origin string, environ []string, log io.Writer) (*replica, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the demo's own program: %w", err)
	}
	cmd := exec.Command(program, "replica") // itself; it ends through its pipe
	cmd.Env = append(os.Environ(), environ...)
	cmd.Stdout, cmd.Stderr = log, log
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("hold the replica: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a replica: %w", err)
	}
	r := &replica{cmd: cmd, pipe: pipe, done: make(chan error, 1)}
	go func() { r.done <- cmd.Wait() }()
	if err := r.await(ctx, origin); err != nil {
		r.stop()
		return nil, err
	}
	return r, nil
}

// await returns when the replica says that it is healthy.
func (r *replica) await(ctx context.Context, origin string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-r.done:
			r.done <- err
			return fmt.Errorf("a replica ended at its start (see replicas.log): %w", err)
		case <-ctx.Done():
			return fmt.Errorf("wait for a replica: %w", ctx.Err())
		case <-tick.C:
			if healthy(ctx, origin) {
				return nil
			}
		}
	}
}

func healthy(ctx context.Context, origin string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, origin+"/healthz", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// stop lets the replica finish and waits for its end.
func (r *replica) stop() {
	_ = r.pipe.Close()
	select {
	case <-r.done:
	case <-time.After(20 * time.Second):
		_ = r.cmd.Process.Kill()
		<-r.done
	}
}
