// Command demo starts everything that a newcomer needs on loopback: a private
// PostgreSQL, three OpenID providers with a page of invented people, a mail
// catcher, a clock that can be moved, and two replicas of the portal behind
// one address. None of it is linked into cmd/sigportal.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	interrupted := ctx.Err() != nil // whatever was under way then failed for that reason
	stop()
	if err != nil && !interrupted {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 1 && args[0] == "replica" {
		return serveReplica(ctx)
	}
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	port := flags.Int("port", 8080, "port of the portal; the next eight are used too")
	fresh := flags.Bool("fresh", false, "start over with an empty city")
	folder := flags.String("dir", ".demo", "where the data lies")
	if err := flags.Parse(args); err != nil {
		return errors.New("usage: demo [-port=8080] [-fresh] [-dir=.demo]")
	}
	dir, err := filepath.Abs(*folder)
	if err != nil {
		return fmt.Errorf("find the data folder: %w", err)
	}
	return start(ctx, newPlaces(dir, *port), *fresh)
}
