package main

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
)

// ledgerVerify checks the whole ledger against its signed heads, or one
// receipt without any database. It exits 1 on the first bad row. Without a key
// nothing is checked unless -unsigned says that this is meant.
func ledgerVerify(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("ledger verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var heads []string
	url := flags.String("database-url", cmp.Or(os.Getenv("SIG_OWNER_DATABASE_URL"), os.Getenv("DATABASE_URL")),
		"database, as sig_owner or a superuser (default $SIG_OWNER_DATABASE_URL, $DATABASE_URL)")
	key := flags.String("key", "", "the log's public key, or a file with it (default: the public half of $SIG_LEDGER_KEY)")
	unsigned := flags.Bool("unsigned", false, "check without the key: rows, leaves and hashes, not who signed the heads")
	receipt := flags.String("receipt", "", "a receipt's file, to be checked offline")
	flags.Func("head", "a signed head or receipt kept elsewhere, which the log must lead to (may be repeated)", func(name string) error {
		heads = append(heads, name)
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return exitUsage
	}
	if flags.NArg() > 0 {
		fail(stderr, fmt.Errorf("ledger verify does not understand %q", flags.Arg(0)))
		return exitUsage
	}
	public, err := publicKey(*key)
	if err != nil {
		fail(stderr, err)
		return exitUsage
	}
	if *receipt != "" {
		return verifyReceipt(*receipt, public, stdout, stderr)
	}
	if *url == "" {
		fail(stderr, errors.New("ledger verify needs -receipt, or a database"))
		return exitUsage
	}
	if public == "" && !*unsigned {
		fail(stderr, errors.New("ledger verify needs -key, the log's public key: without it a log that somebody has written anew looks good; "+
			"-unsigned checks the rest"))
		return exitUsage
	}
	return verifyLog(ctx, *url, public, heads, stdout, stderr)
}

// publicKey reads the key from the flag, from the file that the flag names, or
// from the private key of the environment.
func publicKey(given string) (string, error) {
	if given == "" {
		private := os.Getenv("SIG_LEDGER_KEY")
		if private == "" {
			return "", nil
		}
		signer, err := ledger.NewSigner(private)
		if err != nil {
			return "", err
		}
		return signer.VerifierKey(), nil
	}
	if text, err := os.ReadFile(given); err == nil {
		return strings.TrimSpace(string(text)), nil
	} else if !strings.Contains(given, "+") {
		return "", fmt.Errorf("read the key: %w", err)
	}
	return given, nil
}

func verifyReceipt(name, public string, stdout, stderr io.Writer) int {
	if public == "" {
		fail(stderr, errors.New("a receipt proves nothing without -key, the portal's public key got elsewhere"))
		return exitUsage
	}
	file, err := os.ReadFile(name)
	if err != nil {
		fail(stderr, fmt.Errorf("read the receipt: %w", err))
		return exitFailed
	}
	r, err := ledger.ParseReceipt(file)
	if err != nil {
		fail(stderr, err)
		return exitFailed
	}
	s, err := r.Verify(public)
	if err != nil {
		fail(stderr, fmt.Errorf("the receipt is not genuine: %w", err))
		return exitFailed
	}
	_, _ = fmt.Fprintf(stdout, "genuine: row %d is leaf %d of the %d that %s has signed\n", s.Row, s.LeafIndex, s.TreeSize, s.Origin)
	_, _ = fmt.Fprintf(stdout, "  %s %s at %s by %s\n", s.Kind, s.Outcome, s.At.Format(time.RFC3339Nano), who(s))
	for _, name := range slices.Sorted(maps.Keys(s.Opened)) {
		_, _ = fmt.Fprintf(stdout, "  %s %s\n", name, s.Opened[name])
	}
	return exitDone
}

func who(s ledger.Statement) string {
	if s.Function == "" {
		return s.Actor
	}
	return fmt.Sprintf("%s (%s, %s, %s)", s.Actor, s.Function, s.Unit, s.Authority)
}

func verifyLog(ctx context.Context, url, public string, heads []string, stdout, stderr io.Writer) int {
	w := ledger.Witnesses{Key: public}
	for _, name := range heads {
		text, err := os.ReadFile(name)
		if err != nil {
			fail(stderr, fmt.Errorf("read a head: %w", err))
			return exitUsage
		}
		head := string(text)
		if r, err := ledger.ParseReceipt(text); err == nil {
			head = r.Checkpoint
		}
		w.Heads = append(w.Heads, head)
	}
	if len(heads) > 0 && public == "" {
		fail(stderr, errors.New("a head kept elsewhere proves nothing without -key"))
		return exitUsage
	}
	report, err := postgres.AuditLedger(ctx, url, w)
	if err != nil {
		fail(stderr, err)
		return exitFailed
	}
	if report.Bad != nil {
		_, _ = fmt.Fprintf(stdout, "BAD: %s\n", report.Bad)
		_, _ = fmt.Fprintf(stdout, "  %d rows before it are good\n", report.Leaves)
		return exitFailed
	}
	_, _ = fmt.Fprintf(stdout, "good: %d rows lead to %d heads, root %s\n", report.Leaves, report.Heads, hex.EncodeToString(report.Root))
	_, _ = fmt.Fprintf(stdout, "  %d culled by record, %d not yet in the log, %d heads from elsewhere\n", report.Culled, report.Pending, report.Witnessed)
	if !report.Signed {
		_, _ = fmt.Fprintln(stdout, "  signatures were NOT checked, so the whole log may have been written anew: give the public key with -key")
	}
	return exitDone
}
