package postgres_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sigportal/internal/dbtest"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
)

// history writes rows in several folds, each with its signed head.
func history(t testing.TB, db *dbtest.Database, signer *ledger.Signer, folds, each int) {
	t.Helper()
	in := newCase()
	for range folds {
		for range each {
			write(t, db.App(), coordinator(), disclosure(in))
		}
		fold(t, db, signer)
	}
}

func kept(t testing.TB, db *dbtest.Database) (signed string) {
	t.Helper()
	if err := db.Super().QueryRow(t.Context(), `select signed from sig.ledger_checkpoint order by size desc limit 1`).Scan(&signed); err != nil {
		t.Fatal(err)
	}
	return signed
}

// rebuildSQL makes leaf hashes anew from changed rows: what somebody with every
// right in the database, but without the key, would do to hide a change.
const rebuildSQL = `
update sig.ledger l set body = convert_to(replace(convert_from(body, 'UTF8'), '"allowed"', '"refused"'), 'UTF8'),
       leaf_hash = sha256('\x00'::bytea || convert_to(replace(convert_from(body, 'UTF8'), '"allowed"', '"refused"'), 'UTF8')),
       outcome = 'refused', reason = ''
 where id = @id;`

// tamperingsInSQL are done with superuser rights and without triggers to the
// row @id, of 30 rows in 6 folds. The first bad row is named, unless the
// statement changes no single row.
var tamperingsInSQL = map[string]struct {
	sql   string
	names bool
}{
	"change an office":          {`update sig.ledger set function = 'principal' where id = @id`, true},
	"change an id":              {`update sig.ledger set person = gen_random_uuid() where id = @id`, true},
	"change the instant":        {`update sig.ledger set at = at + interval '1 microsecond' where id = @id`, true},
	"change the detail":         {`update sig.ledger set detail = detail || '{"rows": 4}' where id = @id`, true},
	"change the categories":     {`update sig.ledger set categories = categories[1:1] where id = @id`, true},
	"change the body":           {`update sig.ledger set body = body || '\x20' where id = @id`, true},
	"change the salt":           {`update sig.ledger set salt = sha256(salt) where id = @id`, true},
	"change the leaf hash":      {`update sig.ledger set leaf_hash = sha256(leaf_hash) where id = @id`, true},
	"empty it":                  {`update sig.ledger set body = null, salt = null, person = null where id = @id`, true},
	"delete it":                 {`delete from sig.ledger where id = @id`, true},
	"make room for another":     {`update sig.ledger set id = -id where id > @id; update sig.ledger set id = 1 - id where id < 0; update sig.ledger set id = 1000 where id = @id`, false},
	"insert one before":         {`insert into sig.ledger overriding system value select (jsonb_populate_record(l, '{"id": 0}')).* from sig.ledger l where id = @id`, false},
	"exchange it":               {`update sig.ledger set id = -1 where id = @id; update sig.ledger set id = @id where id = 31 - @id; update sig.ledger set id = 31 - @id where id = -1`, false},
	"take its leaf away":        {`delete from sig.ledger_leaf where ledger_id = @id`, false},
	"change its leaf":           {`update sig.ledger_leaf set leaf_hash = sha256('x') where ledger_id = @id`, true},
	"rewrite it with its hash":  {rebuildSQL, true},
	"rewrite it with its leaf":  {rebuildSQL + `update sig.ledger_leaf f set leaf_hash = l.leaf_hash from sig.ledger l where l.id = f.ledger_id`, true},
	"change a stored hash":      {`update sig.ledger_hash set hash = sha256(hash) where position = @id`, false},
	"delete a stored hash":      {`delete from sig.ledger_hash where position = @id`, false},
	"cut rows off":              {`delete from sig.ledger where id >= @id`, true},
	"cut rows and leaves off":   {`delete from sig.ledger where id >= @id; delete from sig.ledger_leaf where ledger_id >= @id`, false},
	"cut all but the heads off": {`truncate sig.ledger, sig.ledger_leaf, sig.ledger_hash`, false},
	"delete the last head":      {`delete from sig.ledger_checkpoint where size > 25`, false},
	"change a root":             {`update sig.ledger_checkpoint set root = sha256(root) where size = 10`, false},
	"change a signature":        {`update sig.ledger_checkpoint set signed = overlay(signed placing 'AAAA' from length(signed) - 30 for 4) where size = 10`, false},
	"exchange two heads":        {`update sig.ledger_checkpoint a set signed = b.signed from sig.ledger_checkpoint b where a.size + b.size = 25 and a.size in (10, 15)`, false},
}

// N = 26 kinds, 12 rows each, every one in a transaction that is rolled back.
func TestTamperingWithEveryRightIsFound(t *testing.T) {
	t.Parallel()
	db, signer := dbtest.New(t), newSigner(t)
	history(t, db, signer, 6, 5)
	w := ledger.Witnesses{Key: signer.VerifierKey()}
	rng := rand.New(rand.NewPCG(20261203, 1))
	tried := 0
	for what, tampering := range tamperingsInSQL {
		for range 12 {
			id := 1 + rng.Int64N(30)
			bad := tampered(t, db, w, tampering.sql, id)
			tried++
			switch {
			case bad == nil:
				t.Errorf("%s, row %d: not found", what, id)
			case tampering.names && bad.Row != id:
				t.Errorf("%s, row %d: the finding names another: %s", what, id, bad)
			}
		}
	}
	if report := audit(t, db, signer); report.Bad != nil || report.Leaves != 30 || report.Heads != 6 {
		t.Errorf("after all was taken back: %+v (%v)", report, report.Bad)
	}
	t.Logf("%d tamperings tried", tried)
}

func tampered(t *testing.T, db *dbtest.Database, w ledger.Witnesses, sql string, id int64) *ledger.Finding {
	t.Helper()
	tx, err := db.Super().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	sql = `set local session_replication_role = replica;
		alter table sig.ledger alter id drop identity;` +
		strings.ReplaceAll(sql, "@id", fmt.Sprint(id))
	if _, err := tx.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	report, err := postgres.AuditIn(t.Context(), tx, w)
	if err != nil {
		t.Fatal(err)
	}
	return report.Bad
}

// Without a trace inside, only a head kept elsewhere shows the cut.
func TestACutBackDatabaseIsFoundByAHeadKeptElsewhere(t *testing.T) {
	t.Parallel()
	db, signer := dbtest.New(t), newSigner(t)
	history(t, db, signer, 3, 4)
	head := kept(t, db)
	if report := audit(t, db, signer, head); report.Bad != nil || report.Witnessed != 1 {
		t.Fatalf("before the cut: %+v (%v)", report, report.Bad)
	}
	asSuper(t, db, `delete from sig.ledger_checkpoint where size > 8`, `delete from sig.ledger_leaf where leaf_index >= 8`,
		`delete from sig.ledger where id > 8`, `delete from sig.ledger_hash where position >= 15`)
	if report := audit(t, db, signer); report.Bad != nil {
		t.Fatalf("the cut leaves a trace inside, and the comment above is wrong: %v", report.Bad)
	}
	if report := audit(t, db, signer, head); report.Bad == nil {
		t.Error("a database cut back behind a head kept elsewhere passed")
	}
}

func TestRolesThatSeeAPartCannotAudit(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for _, role := range []string{"sig_app", "sig_worker", "sig_reviewer"} {
		if _, err := postgres.AuditLedger(t.Context(), db.URL(role), ledger.Witnesses{}); err == nil {
			t.Errorf("%s audits what it sees only in part", role)
		}
	}
}

// Culling takes salt, body and every id; the rest of the log, and receipts
// made before, still prove themselves.
func TestCulledRowsLeaveTheProofStanding(t *testing.T) {
	t.Parallel()
	db, signer := dbtest.New(t), newSigner(t)
	actor, e := coordinator(), disclosure(newCase())
	ids := write(t, db.App(), actor, e, e, e, e)
	pending := write(t, db.App(), actor, e)
	fold(t, db, signer)
	var before ledger.Receipt
	asOwner(t, db, func(tx *postgres.Tx) (err error) {
		before, err = tx.Receipt(t.Context(), ids[1], "object")
		return err
	})
	later := write(t, db.App(), actor, e)
	cull := func(want int, ids ...int64) {
		t.Helper()
		var n int
		if err := db.Owner().Pool().QueryRow(t.Context(), `select sig.cull_ledger($1, sig.now())`, ids).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n != want {
			t.Errorf("%d rows were culled, want %d", n, want)
		}
	}
	cull(2, ids[1], ids[3], later[0]) // the last is not in the log yet and stays
	cull(0, ids[1])
	fold(t, db, signer)
	report := audit(t, db, signer)
	if report.Bad != nil || report.Culled != 2 || report.Leaves != 7 {
		t.Fatalf("after culling: %+v (%v)", report, report.Bad)
	}
	if s, err := before.Verify(signer.VerifierKey()); err != nil || s.Opened["object"] != e.Object.ID.String() {
		t.Errorf("a receipt from before the culling: %+v, %v", s, err)
	}
	var text string
	if err := db.Super().QueryRow(t.Context(), `select l::text from sig.ledger l where id = $1`, ids[1]).Scan(&text); err != nil {
		t.Fatal(err)
	}
	for what, id := range map[string]string{
		"person": actor.Person.String(), "assignment": actor.Assignment.String(), "case": e.Intervention.String(),
		"object": e.Object.ID.String(), "consent": e.Consent.String(), "request": e.Request.String(),
	} {
		if strings.Contains(text, id) {
			t.Errorf("the culled row still names the %s: %s", what, text)
		}
	}
	asOwner(t, db, func(tx *postgres.Tx) error {
		if _, err := tx.Receipt(t.Context(), ids[1]); err == nil {
			t.Error("a receipt was made of a culled row")
		}
		_, err := tx.Receipt(t.Context(), pending[0])
		return err
	})
	for _, role := range []*postgres.DB{db.App(), db.Worker(), db.Reviewer()} {
		if _, err := role.Pool().Exec(t.Context(), `select sig.cull_ledger('{1}', sig.now())`); err == nil {
			t.Error("a role that serves may cull the ledger")
		}
	}
}

func asOwner(t testing.TB, db *dbtest.Database, fn func(*postgres.Tx) error) {
	t.Helper()
	if err := db.Owner().Do(t.Context(), coordinator(), fn); err != nil {
		t.Fatal(err)
	}
}
