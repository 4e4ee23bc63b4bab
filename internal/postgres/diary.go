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
` + diaryLinesSQL + `
   and l.id >= @since::bigint
   and (@authority = '' or l.authority = @authority)
 order by l.id desc
 limit nullif(@size, 0)`

// diaryLinesSQL is which rows of the ledger are lines of the diary.
const diaryLinesSQL = `
  from sig.ledger l
 where l.intervention = @intervention and l.outcome = 'allowed' and l.actor = 'staff'
   and (l.kind in ('disclose', 'read_copy', 'export_copy') and l.object_kind = 'disclosure'
        or l.kind = 'read_item' and l.object_kind = 'item')
   and (@before::bigint = 0 or l.id < @before::bigint)`

// DiaryWanted is which lines of a diary are asked for.
type DiaryWanted struct {
	Since, Before int64           // from a row of the ledger to before another; 0 is the newest
	Authority     sig.AuthorityID // of one authority's officers; "" for all
	Size          int             // at most so many, the newest; 0 for all
}

// Diary lists disclosures and reads of one case, newest first.
func (tx *Tx) Diary(ctx context.Context, intervention sig.InterventionID, w DiaryWanted) ([]DiaryRow, error) {
	rows, err := tx.Query(ctx, diarySQL, pgx.StrictNamedArgs{
		"intervention": intervention, "since": w.Since, "before": w.Before, "authority": string(w.Authority), "size": w.Size,
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

// DiaryPart is a stretch of the diary: from which row of the ledger to before
// which, and when its first and its last line were written.
type DiaryPart struct {
	From, Before int64
	First, Last  time.Time
}

const diaryPartsSQL = `
select min(id) as "from", max(id) + 1 as before, min(at) as first, max(at) as last
  from (select l.id, l.at, (row_number() over (order by l.id desc) - 1) / @size::bigint as part` + diaryLinesSQL + `) line
 group by part order by part`

// DiaryParts cuts what the actor may see of the diary into parts of so many
// lines, newest first. What is hidden counts nowhere in it.
func (tx *Tx) DiaryParts(ctx context.Context, intervention sig.InterventionID, before int64, size int) ([]DiaryPart, error) {
	rows, err := tx.Query(ctx, diaryPartsSQL, pgx.StrictNamedArgs{"intervention": intervention, "before": before, "size": size})
	if err != nil {
		return nil, wrap("cut the diary into parts", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[DiaryPart])
	return out, wrap("cut the diary into parts", err)
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
