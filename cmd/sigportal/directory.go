package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"

	"sigportal/internal/config"
	"sigportal/internal/directory"
	"sigportal/internal/postgres"
)

const directoryUsage = `usage: sigportal directory import [-dry-run=false] [-by NAME] FILE
Says what FILE would change in the directory; with -dry-run=false it does so, all of it or nothing.`

// runDirectory keeps who is who. Like migrate it uses the owner's role, since
// pages must not be able to give anybody an office.
func runDirectory(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("directory import", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { _, _ = fmt.Fprintln(stderr, directoryUsage); flags.PrintDefaults() }
	dryRun := flags.Bool("dry-run", true, "say what would change, and change nothing")
	by := flags.String("by", operator(), "who runs the import; it is recorded")
	if len(args) == 0 || args[0] != "import" || flags.Parse(args[1:]) != nil || flags.NArg() != 1 || *by == "" {
		flags.Usage()
		return exitUsage
	}
	cfg, err := config.LoadMigrate(os.Environ())
	if err != nil {
		fail(stderr, err)
		return exitUsage
	}
	if err := importDirectory(ctx, cfg.OwnerURL.Reveal(), flags.Arg(0), *by, *dryRun, stdout); err != nil {
		fail(stderr, err)
		return exitFailed
	}
	return exitDone
}

// importDirectory reads the file before it asks the database for anything.
func importDirectory(ctx context.Context, url, path, by string, dryRun bool, stdout io.Writer) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the directory file: %w", err)
	}
	defer func() { _ = f.Close() }()
	file, err := directory.Read(filepath.Base(path), f)
	if err != nil {
		return refused(err)
	}
	db, err := postgres.Open(ctx, url, 2)
	if err != nil {
		return err
	}
	defer db.Close()
	var plan *directory.Plan
	if dryRun {
		plan, err = directory.Preview(ctx, db, file)
	} else {
		plan, err = directory.Import(ctx, db, file, by)
	}
	if err != nil {
		return refused(err)
	}
	if err := plan.Write(stdout); err != nil {
		return err
	}
	if dryRun && len(plan.Changes) > 0 {
		_, _ = fmt.Fprintln(stdout, "this was a dry run; -dry-run=false does it")
	}
	return nil
}

// refused puts the lines of a file at fault on lines of their own.
func refused(err error) error {
	if problems, ok := errors.AsType[directory.Problems](err); ok {
		return fmt.Errorf("the directory stays as it is:\n%w", problems)
	}
	return err
}

// operator is the account that runs the command, as far as the machine knows.
func operator() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}
