package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// DiaryRow is one line of "what has been shared and who has read it", as the
// second wall lets this reader see it: rows about hidden items are not there.
type DiaryRow struct {
	Ledger     int64
	At         time.Time
	Kind       string // disclose, read_copy, export_copy or read_item
	Actor      sig.Seat
	Recipient  sig.Seat
	Disclosure *sig.DisclosureID
	Item       *sig.ItemID
	Categories []sig.Category
	Basis      string
}

const diarySQL = `
select l.id, l.at, l.kind, coalesce(l.authority, ''), coalesce(l.unit, ''), coalesce(l.function, ''),
       coalesce(l.recipient_authority, ''), coalesce(l.recipient_unit, ''), coalesce(l.recipient_function, ''),
       case when l.object_kind = 'disclosure' then l.object_id end,
       case when l.object_kind = 'item' then l.object_id
            else (select d.item from sig.disclosure d where d.id = l.object_id) end,
       coalesce(l.categories, '{}'), coalesce(l.basis, '')
  from sig.ledger l
 where l.intervention = @intervention and l.outcome = 'allowed' and l.actor = 'staff'
   and (l.kind in ('disclose', 'read_copy', 'export_copy') and l.object_kind = 'disclosure'
        or l.kind = 'read_item' and l.object_kind = 'item')
   and (@before::bigint = 0 or l.id < @before::bigint)
   and (@authority = '' or l.authority = @authority)
 order by l.id desc
 limit @size`

// Diary lists disclosures and reads of one case before a row of the ledger (0:
// the newest), of one authority's officers or of all ("").
func (tx *Tx) Diary(ctx context.Context, intervention sig.InterventionID, before int64, by sig.AuthorityID, size int) ([]DiaryRow, error) {
	rows, err := tx.Query(ctx, diarySQL, pgx.StrictNamedArgs{
		"intervention": intervention, "before": before, "authority": string(by), "size": size,
	})
	if err != nil {
		return nil, fmt.Errorf("read the diary: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (DiaryRow, error) {
		var r DiaryRow
		err := row.Scan(&r.Ledger, &r.At, &r.Kind, &r.Actor.Authority, &r.Actor.Unit, &r.Actor.Function,
			&r.Recipient.Authority, &r.Recipient.Unit, &r.Recipient.Function, &r.Disclosure, &r.Item, &r.Categories, &r.Basis)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the diary: %w", err)
	}
	return out, nil
}

const diaryAuthoritiesSQL = `
select d.authority from sig.disclosure d where d.intervention = @intervention
 union select d.recipient_authority from sig.disclosure d where d.intervention = @intervention and d.recipient_authority is not null
 union select i.authority from sig.item i where i.intervention = @intervention
 order by 1`

// DiaryAuthorities are the authorities of a case whose items and disclosures
// the actor may know of; what is hidden names nobody.
func (tx *Tx) DiaryAuthorities(ctx context.Context, intervention sig.InterventionID) ([]sig.AuthorityID, error) {
	rows, err := tx.Query(ctx, diaryAuthoritiesSQL, pgx.StrictNamedArgs{"intervention": intervention})
	if err != nil {
		return nil, wrap("list the diary's authorities", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[sig.AuthorityID])
	return out, wrap("list the diary's authorities", err)
}
