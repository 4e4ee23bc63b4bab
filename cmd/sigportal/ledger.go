package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"sigportal/internal/ledger"
)

const ledgerUsage = `usage: sigportal ledger verify -key KEY [-head FILE]... [-database-url URL]
       sigportal ledger verify -unsigned [-database-url URL]
       sigportal ledger verify -receipt FILE -key KEY
       sigportal ledger key -origin NAME`

// runLedger answers questions about the ledger; none of them changes anything.
func runLedger(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "verify":
			return ledgerVerify(ctx, args[1:], stdout, stderr)
		case "key":
			return ledgerKey(args[1:], stdout, stderr)
		}
	}
	_, _ = fmt.Fprintln(stderr, ledgerUsage)
	return exitUsage
}

// ledgerKey makes a key pair. The private line belongs in SIG_LEDGER_KEY and
// nowhere else; the public one is for everybody.
func ledgerKey(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("ledger key", flag.ContinueOnError)
	flags.SetOutput(stderr)
	origin := flags.String("origin", "", "name of the log, such as portal.example.se/ledger")
	if err := flags.Parse(args); err != nil {
		return exitUsage
	}
	if *origin == "" || flags.NArg() > 0 {
		fail(stderr, errors.New("ledger key needs -origin, the name that receipts will carry"))
		return exitUsage
	}
	private, public, err := ledger.GenerateKey(*origin)
	if err != nil {
		fail(stderr, err)
		return exitFailed
	}
	_, _ = fmt.Fprintf(stdout, "SIG_LEDGER_KEY=%s\n", private)
	_, _ = fmt.Fprintf(stdout, "# public key, for whoever checks receipts: %s\n", public)
	return exitDone
}
