package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sigportal/internal/dbtest"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// signedLedger is a database with three withdrawals in the log, the log's
// public key, and the file of a receipt of the second.
func signedLedger(t *testing.T) (db *dbtest.Database, public, receipt string) {
	t.Helper()
	db = dbtest.New(t)
	private, public, err := ledger.GenerateKey("portal.example/ledger")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	guardian := sig.Actor{Kind: sig.ActorGuardian}
	var last int64
	err = db.App().Do(t.Context(), guardian, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(t.Context()); err != nil {
			return err
		}
		for range 3 {
			if last, err = tx.Append(t.Context(), ledger.Entry{
				Kind: ledger.WithdrawConsent, Object: ledger.Of(ledger.ObjectWithdrawal, sig.NewID[struct{}]()),
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var wg sync.WaitGroup
	log := slog.New(slog.DiscardHandler)
	wg.Go(func() { _ = postgres.NewSequencer(db.Worker(), signer, log).Run(ctx) })
	t.Cleanup(func() { stop(); wg.Wait() })
	return db, public, saveReceipt(t, db, last-1)
}

func saveReceipt(t *testing.T, db *dbtest.Database, row int64) string {
	t.Helper()
	var r ledger.Receipt
	for deadline := time.Now().Add(10 * time.Second); ; {
		err := db.Owner().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) (err error) {
			r, err = tx.Receipt(t.Context(), row, "object")
			return err
		})
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	file, err := r.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "receipt")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestAReceiptIsCheckedOffline(t *testing.T) {
	t.Parallel()
	_, public, receipt := signedLedger(t)
	key := filepath.Join(t.TempDir(), "sigportal-ledger.key")
	if err := os.WriteFile(key, []byte(public+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, given := range []string{public, key} {
		code, out, errs := sigportal(t, "ledger", "verify", "-database-url", "", "-receipt", receipt, "-key", given)
		if code != exitDone || !strings.Contains(out, "genuine") || !strings.Contains(out, "withdraw_consent allowed") {
			t.Errorf("code %d, said %q and %q", code, out, errs)
		}
	}
	_, foreign, err := ledger.GenerateKey("portal.example/ledger")
	if err != nil {
		t.Fatal(err)
	}
	if code, out, errs := sigportal(t, "ledger", "verify", "-receipt", receipt, "-key", foreign); code != exitFailed || strings.Contains(out, "genuine") {
		t.Errorf("under another key: code %d, said %q and %q", code, out, errs)
	}
	file, err := os.ReadFile(receipt)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(receipt, bytes.Replace(file, []byte("index 1"), []byte("index 0"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := sigportal(t, "ledger", "verify", "-receipt", receipt, "-key", public); code != exitFailed || out != "" {
		t.Errorf("a changed receipt: code %d, said %q", code, out)
	}
}

func TestVerifyNamesTheFirstBadRow(t *testing.T) {
	t.Parallel()
	db, public, receipt := signedLedger(t)
	url := db.URL("sig_owner")
	code, out, errs := sigportal(t, "ledger", "verify", "-database-url", url, "-key", public, "-head", receipt)
	if code != exitDone || !strings.Contains(out, "good: 3 rows") || !strings.Contains(out, "1 heads from elsewhere") {
		t.Errorf("a good log: code %d, said %q and %q", code, out, errs)
	}
	if code, out, errs := sigportal(t, "ledger", "verify", "-database-url", url); code != exitUsage || out != "" || !strings.Contains(errs, "needs -key") {
		t.Errorf("without a key: code %d, said %q and %q", code, out, errs)
	}
	if code, out, _ := sigportal(t, "ledger", "verify", "-unsigned", "-database-url", url); code != exitDone || !strings.Contains(out, "NOT checked") {
		t.Errorf("told to leave signatures out, it does not say so: code %d, said %q", code, out)
	}
	if _, err := db.Super().Exec(t.Context(), `
		set session_replication_role = replica; update sig.ledger set actor = 'youth' where id = 2; reset session_replication_role`); err != nil {
		t.Fatal(err)
	}
	code, out, errs = sigportal(t, "ledger", "verify", "-database-url", url, "-key", public)
	if code != exitFailed || !strings.Contains(out, "BAD: row 2 (leaf 1)") {
		t.Errorf("a changed row: code %d, said %q and %q", code, out, errs)
	}
}

func TestLedgerCommandsThatCannotBeUnderstood(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "nothing")
	for _, args := range [][]string{
		{"ledger"},
		{"ledger", "erase"},
		{"ledger", "key"},
		{"ledger", "verify", "-database-url", ""},
		{"ledger", "verify", "-receipt", missing},
		{"ledger", "verify", "-receipt", missing, "-key", missing},
		{"ledger", "verify", "-database-url", "postgres:///x", "-head", missing, "-key", "a+b+c"},
		{"ledger", "verify", "everything"},
	} {
		if code, out, errs := sigportal(t, args...); code != exitUsage || out != "" || errs == "" {
			t.Errorf("%v: code %d, said %q and %q", args, code, out, errs)
		}
	}
}

func TestAKeyIsMade(t *testing.T) {
	t.Parallel()
	code, out, errs := sigportal(t, "ledger", "key", "-origin", "portal.example/ledger")
	private, _, _ := strings.Cut(strings.TrimPrefix(out, "SIG_LEDGER_KEY="), "\n")
	signer, err := ledger.NewSigner(private)
	if code != exitDone || err != nil || !strings.Contains(out, signer.VerifierKey()) {
		t.Errorf("code %d, %v, said %q", code, err, errs)
	}
}
