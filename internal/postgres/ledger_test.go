package postgres_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"pgregory.net/rapid"

	"sigportal/internal/dbtest"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// draw makes a fresh identifier of whatever kind is wanted.
func draw[K any](into *sig.ID[K]) { *into = sig.NewID[K]() }

// coordinator is somebody on the board's staff; the ledger asks nobody whether
// the directory knows the person.
func coordinator() sig.Actor {
	a := sig.Actor{Kind: sig.ActorStaff, Authority: "farsta", Unit: "farsta-ungdom", Function: sig.RoleCoordinator}
	draw(&a.Person)
	draw(&a.Assignment)
	return a
}

// disclosure is an entry with everything that an entry can have.
func disclosure(intervention sig.InterventionID) ledger.Entry {
	e := ledger.Entry{
		Kind: ledger.Disclose, Intervention: intervention, Basis: "consent",
		Object:     ledger.Of(ledger.ObjectDisclosure, sig.NewID[struct{}]()),
		Recipient:  ledger.Recipient{Authority: "police", Unit: "farsta-polis", Function: sig.RolePolice},
		Categories: []sig.Category{sig.CategoryAttendance, sig.CategoryPeerNetwork},
		Detail:     ledger.Detail{"rows": 3, "grant": "0b2a9ce0-79dc-40df-8c91-2a4d93060000", "weaker": true},
	}
	draw(&e.Consent)
	draw(&e.Request)
	return e
}

// write appends entries in one transaction under the intervention's lock.
func write(t testing.TB, db *postgres.DB, actor sig.Actor, entries ...ledger.Entry) []int64 {
	t.Helper()
	var ids []int64
	err := db.Do(t.Context(), actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(t.Context(), postgres.LockKey(entries[0].Intervention)); err != nil {
			return err
		}
		for _, e := range entries {
			id, err := tx.Append(t.Context(), e)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func newCase() (id sig.InterventionID) { draw(&id); return id }

type ledgerLine struct {
	At                                           time.Time
	Kind, Outcome, Reason, Actor                 string
	Intervention, Person, Assignment             string
	Authority, Unit, Function                    string
	ObjectKind, ObjectID, Consent, Basis         string
	RecipientAuthority, RecipientUnit            string
	RecipientFunction, Request, Detail, BodyText string
	Categories                                   []string
}

func line(t testing.TB, db *dbtest.Database, id int64) ledgerLine {
	t.Helper()
	rows, err := db.Super().Query(t.Context(), `
		select at, kind, outcome, reason, actor, intervention::text, person::text, assignment::text, authority, unit,
		       function, object_kind, object_id::text, consent::text, basis, recipient_authority, recipient_unit,
		       recipient_function, request::text, detail::text, convert_from(body, 'UTF8') as body_text, categories
		from sig.ledger where id = $1`, id)
	if err != nil {
		t.Fatal(err)
	}
	l, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[ledgerLine])
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestARowSaysWhoDidWhatOnWhatGround(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	at := time.Date(2026, 12, 3, 9, 12, 0, 400123000, time.UTC)
	db.FreezeClock(t, at)
	actor, e := coordinator(), disclosure(newCase())
	ids := write(t, db.App(), actor, e.Refuse("district_not_named"))
	got := line(t, db, ids[0])
	body := got.BodyText
	got.BodyText, got.At = "", got.At.UTC()
	want := ledgerLine{
		At: at, Kind: "disclose", Outcome: "refused", Reason: "district_not_named", Actor: "staff",
		Intervention: e.Intervention.String(), Person: actor.Person.String(), Assignment: actor.Assignment.String(),
		Authority: "farsta", Unit: "farsta-ungdom", Function: "coordinator", ObjectKind: "disclosure",
		ObjectID: e.Object.ID.String(), Consent: e.Consent.String(), Basis: "consent",
		RecipientAuthority: "police", RecipientUnit: "farsta-polis", RecipientFunction: "community_police",
		Request: e.Request.String(), Detail: `{"rows": 3, "grant": "0b2a9ce0-79dc-40df-8c91-2a4d93060000", "weaker": true}`,
		Categories: []string{"attendance", "peer_network"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the row (-want +got):\n%s", diff)
	}
	for what, secret := range map[string]string{
		"intervention": want.Intervention, "person": want.Person, "assignment": want.Assignment, "object": want.ObjectID,
		"consent": want.Consent, "request": want.Request, "grant": "0b2a9ce0",
	} {
		if strings.Contains(body, secret) {
			t.Errorf("the body, which cannot be unsaid, names the %s: %s", what, body)
		}
	}
}

func TestWithoutAnOfficeGivenTheAssignmentsIsUsed(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	actor := coordinator()
	if _, err := db.Super().Exec(t.Context(), `
		insert into sig.identity_provider (issuer, kind, staff_claim) values ('staff', 'staff', 'employee');
		insert into sig.authority (id, kind, name, public_body) values ('farsta', 'district_board', 'Farsta', true);
		insert into sig.branch (id, authority, name, regime) values ('farsta-ifo', 'farsta', 'IFO', 'social_26_1');
		insert into sig.unit (id, branch, authority, name) values ('farsta-ungdom', 'farsta-ifo', 'farsta', 'Ungdom')`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Super().Exec(t.Context(), `
		insert into sig.assignment (id, staff_issuer, staff_key, name, unit, authority, function, valid_from)
		values ($1, 'staff', 'a1', 'Anna', 'farsta-ungdom', 'farsta', 'social_secretary', '2026-01-01')`,
		actor.Assignment.String()); err != nil {
		t.Fatal(err)
	}
	var id int64
	err := db.App().Do(t.Context(), actor, func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `select sig.append_ledger(at => sig.now(), kind => 'list_inbox', detail => '{"n": 1}', object_kind => 'item',
			object_id => gen_random_uuid(), consent => gen_random_uuid(), basis => 'consent', recipient_authority => 'a',
			recipient_unit => 'b', recipient_function => 'c', request => gen_random_uuid(), intervention => gen_random_uuid())`).Scan(&id)
	})
	if err != nil {
		t.Fatal(err)
	}
	got := line(t, db, id)
	if got.Authority != "farsta" || got.Unit != "farsta-ungdom" || got.Function != "social_secretary" {
		t.Errorf("office of the row: %s, %s, %s", got.Authority, got.Unit, got.Function)
	}
}

// Go and SQL write the same bytes for the same columns, whatever is in them.
// N = 100 random rows.
func TestGoAndSQLWriteTheSameBody(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("aZ09 åÄ\"\\/\b\f\n\r\t\x01\x1f\x7f\u2028ع😀<&>")), 1, 12, -1)
		maybe := rapid.OneOf(rapid.Just[any](nil), rapid.Map(text, func(s string) any { return s }))
		args := pgx.StrictNamedArgs{
			"at":      rapid.Int64Range(-1<<40, 1<<50).Draw(t, "at"),
			"outcome": rapid.SampledFrom([]string{"allowed", "refused"}).Draw(t, "outcome"),
			"reason":  text.Draw(t, "reason"), "basis": maybe.Draw(t, "basis"),
			"authority": maybe.Draw(t, "authority"), "unit": maybe.Draw(t, "unit"), "function": text.Draw(t, "function"),
			"recipient":  maybe.Draw(t, "recipient"),
			"categories": rapid.SliceOfN(text, 0, 3).Draw(t, "categories"),
			"detail":     map[string]any{text.Draw(t, "key"): maybe.Draw(t, "value")},
			"object":     rapid.SampledFrom([]any{nil, "7d6a6f1e-04d9-46ac-86e2-b9464c4b1bc9"}).Draw(t, "object"),
		}
		tx, err := db.Super().Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tx.Rollback(ctx) }()
		if _, err := tx.Exec(ctx, `select sig.append_ledger(at => 'epoch'::timestamptz + @at * interval '1 microsecond',
			kind => 'read_item', outcome => @outcome, reason => @reason, basis => @basis, authority => @authority, unit => @unit,
			function => @function, recipient_unit => @recipient, categories => @categories, detail => @detail, object_id => @object)`, args); err != nil {
			t.Fatal(err)
		}
		report, err := postgres.AuditIn(ctx, tx, ledger.Witnesses{})
		if err != nil {
			t.Fatal(err)
		}
		if report.Bad != nil || report.Pending != 1 {
			t.Errorf("the audit of an untouched row: %+v (%v)", report, report.Bad)
		}
	})
}

func TestNoRowWithoutTheActAndNoActWithoutTheRow(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	failed := errors.New("the act failed")
	for what, fn := range map[string]func(*postgres.Tx) error{
		"an act that fails": func(tx *postgres.Tx) error {
			_, err := tx.Append(t.Context(), disclosure(newCase()))
			return errors.Join(err, failed)
		},
		"an entry that is no evidence": func(tx *postgres.Tx) error {
			_, err := tx.Append(t.Context(), ledger.Entry{Kind: "gossip"})
			return err
		},
		"a kind that the database does not take": func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), `select sig.append_ledger(at => sig.now(), kind => 'Åtgärd')`)
			return err
		},
	} {
		err := db.App().Do(t.Context(), coordinator(), func(tx *postgres.Tx) error {
			if err := tx.ReadClock(t.Context()); err != nil {
				return err
			}
			return fn(tx)
		})
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	var rows int
	if err := db.Super().QueryRow(t.Context(), `select count(*) from sig.ledger`).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	if rows != 0 {
		t.Errorf("%d rows of acts that never were", rows)
	}
}

func TestTheDatabaseRefusesRowsThatAreNoEvidence(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	nameless, unknown := sig.System(""), coordinator()
	unknown.Kind = "visitor"
	for what, row := range map[string]struct {
		actor sig.Actor
		args  string
	}{
		"a kind that is no word":       {coordinator(), `kind => 'Read it'`},
		"an outcome nobody knows":      {coordinator(), `kind => 'search', outcome => 'perhaps'`},
		"a refusal without a reason":   {coordinator(), `kind => 'search', outcome => 'refused'`},
		"an empty office":              {coordinator(), `kind => 'search', authority => ''`},
		"details that are no object":   {coordinator(), `kind => 'search', detail => '[1]'`},
		"no instant":                   {coordinator(), `kind => 'search', at => null`},
		"a machine without a name":     {nameless, `kind => 'search'`},
		"somebody who is none of ours": {unknown, `kind => 'search'`},
	} {
		err := db.App().Do(t.Context(), row.actor, func(tx *postgres.Tx) error {
			if !strings.Contains(row.args, "at =>") {
				row.args += ", at => sig.now()"
			}
			_, err := tx.Exec(t.Context(), `select sig.append_ledger(`+row.args+`)`)
			return err
		})
		refused, ok := errors.AsType[*pgconn.PgError](err)
		if !ok || (refused.Code != "23514" && refused.Code != "23502") {
			t.Errorf("%s: got %v, want a refusal", what, err)
		}
	}
}

func TestNobodyChangesTheLedger(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	write(t, db.App(), coordinator(), disclosure(newCase()))
	signer := newSigner(t)
	fold(t, db, signer)
	for _, role := range []*postgres.DB{db.App(), db.Worker(), db.Reviewer(), db.Owner()} {
		for _, statement := range []string{
			`insert into sig.ledger (at, kind, outcome, reason, actor, leaf_hash) values (sig.now(), 'disclose', 'allowed', '', 'staff', sha256(''))`,
			`update sig.ledger set outcome = 'refused', reason = 'x'`,
			`update sig.ledger set body = null, salt = null, person = null`,
			`delete from sig.ledger`,
			`truncate sig.ledger`,
			`update sig.ledger_leaf set leaf_hash = sha256('')`,
			`delete from sig.ledger_leaf`,
			`update sig.ledger_hash set hash = sha256('')`,
			`delete from sig.ledger_hash`,
			`update sig.ledger_checkpoint set signed = ''`,
			`delete from sig.ledger_checkpoint`,
			`truncate sig.ledger_checkpoint, sig.ledger_hash, sig.ledger_leaf`,
			`alter table sig.ledger disable trigger all`,
		} {
			if role == db.Owner() && (strings.HasPrefix(statement, "insert") || strings.HasPrefix(statement, "alter")) {
				continue // the owner may: only a migration runs as it, and the signed heads show what it did
			}
			_, err := role.Pool().Exec(t.Context(), statement)
			if refused, ok := errors.AsType[*pgconn.PgError](err); !ok || (refused.Code != "42501" && refused.Code != "23000") {
				t.Errorf("%s: got %v, want a refusal", statement, err)
			}
		}
	}
	if report := audit(t, db, signer); report.Bad != nil || report.Leaves != 1 {
		t.Errorf("after all that: %+v (%v)", report, report.Bad)
	}
}

func TestTheWorkerSeesHashesOnly(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	write(t, db.App(), coordinator(), disclosure(newCase()))
	for _, column := range []string{"body", "salt", "person", "intervention", "detail", "kind", "authority"} {
		if _, err := db.Worker().Pool().Exec(t.Context(), `select `+column+` from sig.ledger`); err == nil {
			t.Errorf("the worker may read %s", column)
		}
	}
	if _, err := db.Reviewer().Pool().Exec(t.Context(), `select salt from sig.ledger`); err == nil {
		t.Error("the reviewer may read the salt, which opens what culling closes")
	}
	var seen int
	if err := db.Worker().Pool().QueryRow(t.Context(), `select count(id) from sig.ledger where octet_length(leaf_hash) = 32`).Scan(&seen); err != nil || seen != 1 {
		t.Errorf("the worker sees %d leaf hashes (%v), want 1", seen, err)
	}
	if err := db.App().Pool().QueryRow(t.Context(), `select count(*) from sig.ledger`).Scan(&seen); err != nil || seen != 0 {
		t.Errorf("the app, acting for nobody, sees %d rows (%v)", seen, err)
	}
}

func newSigner(t testing.TB) *ledger.Signer {
	t.Helper()
	private, _, err := ledger.GenerateKey("portal.example/ledger")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// fold folds everything that is committed.
func fold(t testing.TB, db *dbtest.Database, signer *ledger.Signer) int {
	t.Helper()
	n, err := postgres.NewSequencer(db.Worker(), signer, quiet()).FoldOnce(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func audit(t testing.TB, db *dbtest.Database, signer *ledger.Signer, heads ...string) ledger.Report {
	t.Helper()
	report, err := postgres.AuditLedger(t.Context(), db.URL("sig_owner"), ledger.Witnesses{Key: signer.VerifierKey(), Heads: heads})
	if err != nil {
		t.Fatal(err)
	}
	return report
}
