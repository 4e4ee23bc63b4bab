package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"sigportal/internal/config"
	"sigportal/internal/postgres"
)

// runMigrate is the one command that knows the owner's password.
func runMigrate(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		fail(stderr, errors.New("migrate takes no arguments; it reads SIG_OWNER_DATABASE_URL"))
		return exitUsage
	}
	cfg, err := config.LoadMigrate(os.Environ())
	if err != nil {
		fail(stderr, err)
		return exitUsage
	}
	if err := postgres.Migrate(ctx, cfg.OwnerURL.Reveal()); err != nil {
		fail(stderr, err)
		return exitFailed
	}
	_, _ = fmt.Fprintln(stdout, "the database has this binary's shape")
	return exitDone
}
