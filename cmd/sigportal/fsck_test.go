package main

import (
	"strings"
	"testing"
)

// TestFsckSaysWhatItFinds: names of rules and ids, an exit code, and what was
// not looked at.
func TestFsckSaysWhatItFinds(t *testing.T) {
	t.Parallel()
	db, public, _ := signedLedger(t)
	url := db.URL("sig_owner")
	code, out, errs := sigportal(t, "fsck", "-database-url", url, "-key", public)
	if code != exitDone || !strings.HasPrefix(out, "good: ") || !strings.Contains(out, "3 rows of the ledger") || strings.Contains(out, "NOT checked") {
		t.Errorf("a sound database: code %d, said %q and %q", code, out, errs)
	}
	if code, out, _ := sigportal(t, "fsck", "-database-url", url); code != exitDone || !strings.Contains(out, "signatures of the ledger were NOT checked") {
		t.Errorf("without a key: code %d, said %q", code, out)
	}
	if code, out, errs := sigportal(t, "fsck", "-database-url", db.URL("sig_app")); code != exitFailed || out != "" || !strings.Contains(errs, "does not see everything") {
		t.Errorf("as a role that sees a part: code %d, said %q and %q", code, out, errs)
	}
	for _, statement := range []string{
		`set session_replication_role = replica; update sig.ledger set actor = 'youth' where id = 2; reset session_replication_role`,
		`alter table sig.item no force row level security`,
	} {
		if _, err := db.Super().Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errs = sigportal(t, "fsck", "-database-url", url, "-key", public)
	for _, found := range []string{"BAD: table of content that no wall stands in front of: item\n", "BAD: ledger: row 2 (leaf 1)"} {
		if code != exitFailed || !strings.Contains(out, found) || strings.Contains(out, "good") {
			t.Errorf("code %d, said %q and %q, want %q", code, out, errs, found)
		}
	}
}

func TestFsckThatCannotBeUnderstood(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"fsck", "everything"}, {"fsck", "-database-url", ""}, {"fsck", "-database-url", "postgres:///x", "-key", "/no/such/file"}} {
		if code, out, errs := sigportal(t, args...); code != exitUsage || out != "" || errs == "" {
			t.Errorf("%v: code %d, said %q and %q", args, code, out, errs)
		}
	}
}
