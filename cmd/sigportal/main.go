// Command sigportal is the product: it serves the portal, migrates its
// database and answers operators' questions. `sigportal help` lists what it
// can do; everything it is told comes from the environment (README.md).
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // Europe/Stockholm where the image has no zones

	_ "golang.org/x/crypto/x509roots/fallback" // CA roots where the image has none
)

// Exit codes: what was asked for was done; it was tried and failed; it was not
// understood.
const (
	exitDone = iota
	exitFailed
	exitUsage
)

type command struct {
	name string
	help string
	run  func(ctx context.Context, args []string, stdout, stderr io.Writer) int
}

var commands = []command{
	{"serve", "serve the portal until SIGTERM", runServe},
	{"routes", "print every route as JSON: method, path, session level", runRoutes},
	{"ledger", "make keys for the ledger and verify it: ledger verify, ledger key", runLedger},
	{"fsck", "look at the whole stored state for what must not be; changes nothing", runFsck},
	{"directory", "say or do what a file changes in who is who: directory import FILE", runDirectory},
	{"migrate", "bring the database to this binary's shape (as the owner role)", runMigrate},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		usage(stderr)
		return exitUsage
	}
	for _, c := range commands {
		if c.name == args[0] {
			return c.run(ctx, args[1:], stdout, stderr)
		}
	}
	if args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(stdout)
		return exitDone
	}
	fail(stderr, fmt.Errorf("no command %q", args[0]))
	usage(stderr)
	return exitUsage
}

func usage(w io.Writer) {
	_, _ = fmt.Fprintln(w, "usage: sigportal COMMAND [arguments]")
	for _, c := range commands {
		_, _ = fmt.Fprintf(w, "  %-10s %s\n", c.name, c.help)
	}
}

// fail says what went wrong, on one line or several.
func fail(stderr io.Writer, err error) { _, _ = fmt.Fprintf(stderr, "sigportal: %v\n", err) }
