package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
)

// runFsck looks at the whole stored state for what must not be, and prints what
// it finds: the broken rule and the id, no more. It changes nothing, and exits 1
// when there is a finding.
func runFsck(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("fsck", flag.ContinueOnError)
	flags.SetOutput(stderr)
	url := flags.String("database-url", cmp.Or(os.Getenv("SIG_OWNER_DATABASE_URL"), os.Getenv("DATABASE_URL")),
		"database, as sig_owner or a superuser (default $SIG_OWNER_DATABASE_URL, $DATABASE_URL)")
	key := flags.String("key", "", "the log's public key, or a file with it (default: the public half of $SIG_LEDGER_KEY)")
	if err := flags.Parse(args); err != nil {
		return exitUsage
	}
	if flags.NArg() > 0 {
		fail(stderr, fmt.Errorf("fsck does not understand %q", flags.Arg(0)))
		return exitUsage
	}
	if *url == "" {
		fail(stderr, errors.New("fsck needs a database: SIG_OWNER_DATABASE_URL or -database-url"))
		return exitUsage
	}
	public, err := publicKey(*key)
	if err != nil {
		fail(stderr, err)
		return exitUsage
	}
	check, err := postgres.Fsck(ctx, *url, ledger.Witnesses{Key: public})
	if err != nil {
		fail(stderr, err)
		return exitFailed
	}
	for _, f := range check.Findings {
		_, _ = fmt.Fprintf(stdout, "BAD: %s: %s\n", f.Invariant, f.ID)
	}
	if check.Ledger.Bad != nil {
		_, _ = fmt.Fprintf(stdout, "BAD: ledger: %s\n", check.Ledger.Bad)
	}
	if !check.Ledger.Signed {
		_, _ = fmt.Fprintln(stdout, "signatures of the ledger were NOT checked: give the public key with -key")
	}
	if !check.Clean() {
		return exitFailed
	}
	_, _ = fmt.Fprintf(stdout, "good: %d rules hold, %d rows of the ledger are in order\n", check.Invariants, check.Ledger.Leaves)
	return exitDone
}
