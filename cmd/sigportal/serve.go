package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"sigportal/internal/config"
	"sigportal/internal/obs"
	"sigportal/internal/portal"
)

// runServe serves the portal. Log lines go to stdout, which is what a service
// manager collects; a start that fails is said in plain words on stderr.
func runServe(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		fail(stderr, errors.New("serve takes no arguments; it reads the environment"))
		return exitUsage
	}
	cfg, err := config.LoadServe(os.Environ())
	if err != nil {
		fail(stderr, err)
		return exitUsage
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		fail(stderr, fmt.Errorf("SIG_LOG_LEVEL: %w", err))
		return exitUsage
	}
	portal.TuneMemory()
	if err := portal.Run(ctx, cfg, obs.Logger(stdout, level)); err != nil {
		fail(stderr, err)
		return exitFailed
	}
	return exitDone
}
