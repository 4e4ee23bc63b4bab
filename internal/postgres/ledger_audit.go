package postgres

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/ledger"
)

// ledgerRowSQL reads whole rows; null is empty text.
const ledgerRowSQL = `
select id, at, kind, outcome, reason, actor, coalesce(intervention::text, '') as intervention,
       coalesce(authority, '') as authority, coalesce(unit, '') as unit, coalesce(function, '') as function,
       coalesce(system, '') as system, coalesce(person::text, '') as person,
       coalesce(assignment::text, '') as assignment, coalesce(guardian::text, '') as guardian,
       coalesce(youth::text, '') as youth, coalesce(object_kind, '') as object_kind,
       coalesce(object_id::text, '') as object_id, coalesce(consent::text, '') as consent,
       coalesce(basis, '') as basis, coalesce(recipient_authority, '') as recipient_authority,
       coalesce(recipient_unit, '') as recipient_unit, coalesce(recipient_function, '') as recipient_function,
       categories, coalesce(request::text, '') as request, detail::text as detail, salt, body, leaf_hash
from sig.ledger`

// ledgerRow is ledger.Row with the names that its columns have here.
type ledgerRow struct {
	ID                 int64
	At                 time.Time
	Kind               string
	Outcome            string
	Reason             string
	Actor              string
	Intervention       string
	Authority          string
	Unit               string
	Function           string
	System             string
	Person             string
	Assignment         string
	Guardian           string
	Youth              string
	ObjectKind         string
	ObjectID           string
	Consent            string
	Basis              string
	RecipientAuthority string
	RecipientUnit      string
	RecipientFunction  string
	Categories         []string
	Request            string
	Detail             string
	Salt               []byte
	Body               []byte
	LeafHash           []byte
}

// auditPage is how many rows one statement of an audit reads.
const auditPage = 5000

const seesAllSQL = `
select rolsuper or rolbypassrls or pg_has_role(current_user, 'sig_owner', 'usage')
from pg_roles where rolname = current_user`

// AuditLedger checks the whole ledger as one snapshot of the database shows
// it: every row, leaf, stored hash and signed head. It reads only, and must
// run as the owner or a superuser, because a role that sees a part would take
// the rest for deleted.
func AuditLedger(ctx context.Context, url string, witnesses ledger.Witnesses) (ledger.Report, error) {
	var report ledger.Report
	err := readAll(ctx, url, "sigportal ledger verify", func(tx pgx.Tx) (err error) {
		report, err = auditIn(ctx, tx, witnesses)
		return err
	})
	return report, err
}

func auditIn(ctx context.Context, tx pgx.Tx, witnesses ledger.Witnesses) (ledger.Report, error) {
	return ledger.Audit(ledger.Source{
		Rows: pages(ctx, tx, ledgerRowSQL+` where id > $1 order by id limit $2`,
			func(r ledgerRow) (ledger.Row, int64) { return ledger.Row(r), r.ID }),
		Leaves: pages(ctx, tx, `select leaf_index, ledger_id, leaf_hash from sig.ledger_leaf where leaf_index > $1 order by leaf_index limit $2`,
			func(l ledger.Leaf) (ledger.Leaf, int64) { return l, l.LeafIndex }),
		Hashes: pages(ctx, tx, `select position, hash from sig.ledger_hash where position > $1 order by position limit $2`,
			func(h ledger.StoredHash) (ledger.StoredHash, int64) { return h, h.Position }),
		Heads: pages(ctx, tx, `select size, root, signed from sig.ledger_checkpoint where size > $1 order by size limit $2`,
			func(h ledger.Head) (ledger.Head, int64) { return h, h.Size }),
	}, witnesses)
}

// pages reads a table in the order of its key, page by page, so that one
// connection can go through several tables side by side.
func pages[From, To any](ctx context.Context, tx pgx.Tx, sql string, convert func(From) (To, int64)) iter.Seq2[To, error] {
	return func(yield func(To, error) bool) {
		after := int64(-1 << 62)
		for {
			rows, err := tx.Query(ctx, sql, after, auditPage)
			if err != nil {
				var none To
				yield(none, fmt.Errorf("read the ledger: %w", err))
				return
			}
			page, err := pgx.CollectRows(rows, pgx.RowToStructByName[From])
			if err != nil {
				var none To
				yield(none, fmt.Errorf("read the ledger: %w", err))
				return
			}
			for _, from := range page {
				to, key := convert(from)
				after = key
				if !yield(to, nil) {
					return
				}
			}
			if len(page) < auditPage {
				return
			}
		}
	}
}
