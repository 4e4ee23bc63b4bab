package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Item is one row of sig.item; the text stays sealed.
type Item struct {
	ID           sig.ItemID
	Intervention sig.InterventionID
	Authority    sig.AuthorityID
	Unit         sig.UnitID
	Function     sig.Function
	Author       sig.AssignmentID
	Categories   []sig.Category
	BodySealed   []byte
	Blocked      bool
	Corrects     *sig.ItemID
	CreatedAt    time.Time
}

// Concern is another person whom an item concerns.
type Concern struct {
	Position   int
	NameSealed []byte
	Handled    string // waiver, redacted or none
}

// Visibility is what one member of the family may see of one item.
type Visibility struct {
	Item          sig.ItemID
	Viewer        sig.ID[viewer]
	ViewerKind    sig.SignerKind
	Visible       bool
	LowRiskAtHome bool
	Ground        string
	GroundSealed  []byte
	DecidedBy     sig.AssignmentID
	DecidedAt     time.Time
}

// viewer is a guardianship or a youth; which one the kind says.
type viewer struct{}

// ViewerID names a guardianship or a youth, told apart by a kind beside it.
type ViewerID = sig.ID[viewer]

const insertItemSQL = `
insert into sig.item (id, intervention, authority, unit, function, author, categories, body_sealed, blocked, corrects, created_at)
values (@id, @intervention, @authority, @unit, @function, @author, @categories, @body_sealed, @blocked, @corrects, @created_at)`

const insertConcernSQL = `
insert into sig.item_concern (item, intervention, authority, position, name_sealed, handled)
values (@item, @intervention, @authority, @position, @name_sealed, @handled)`

// InsertItem writes an item with the others whom it concerns.
func (tx *Tx) InsertItem(ctx context.Context, it Item, concerns []Concern) error {
	b := &pgx.Batch{}
	b.Queue(insertItemSQL, pgx.StrictNamedArgs{
		"id": it.ID, "intervention": it.Intervention, "authority": it.Authority, "unit": it.Unit, "function": it.Function,
		"author": it.Author, "categories": it.Categories, "body_sealed": it.BodySealed, "blocked": it.Blocked,
		"corrects": it.Corrects, "created_at": it.CreatedAt,
	})
	for _, c := range concerns {
		b.Queue(insertConcernSQL, pgx.StrictNamedArgs{
			"item": it.ID, "intervention": it.Intervention, "authority": it.Authority,
			"position": c.Position, "name_sealed": c.NameSealed, "handled": c.Handled,
		})
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("insert an item: %w", err)
	}
	return nil
}

const itemColumns = `i.id, i.intervention, i.authority, i.unit, i.function, i.author, i.categories, i.body_sealed, i.blocked, i.corrects, i.created_at`

const itemSQL = `select ` + itemColumns + ` from sig.item i where i.id = @item and i.intervention = @intervention`

func scanItem(row pgx.Row) (Item, error) {
	var it Item
	err := row.Scan(&it.ID, &it.Intervention, &it.Authority, &it.Unit, &it.Function, &it.Author,
		&it.Categories, &it.BodySealed, &it.Blocked, &it.Corrects, &it.CreatedAt)
	return it, err
}

// Item reads one item for an act upon it; reading its text for a person goes
// through ReadItem, which writes the ledger.
func (tx *Tx) Item(ctx context.Context, intervention sig.InterventionID, id sig.ItemID) (Item, error) {
	it, err := scanItem(tx.QueryRow(ctx, itemSQL, pgx.StrictNamedArgs{"item": id, "intervention": intervention}))
	if err != nil {
		return Item{}, fmt.Errorf("read an item: %w", err)
	}
	return it, nil
}

// An item is read in one statement with its ledger row: the decision of the
// second wall, the content and the row stand or fall together.
const readItemSQL = `
with content as materialized (
  select ` + itemColumns + ` from sig.item i where i.id = @item and i.intervention = @intervention),
logged as materialized (
  select sig.append_ledger(sig.instant(), 'read_item', intervention => c.intervention, object_kind => 'item', object_id => c.id,
           basis => @basis::text, categories => c.categories, request => @request::uuid) as id
    from content c)
select c.* from content c, logged`

// ReadItem returns an item to be shown, with its ledger row written.
func (tx *Tx) ReadItem(ctx context.Context, intervention sig.InterventionID, id sig.ItemID, basis string, request any) (Item, error) {
	it, err := scanItem(tx.QueryRow(ctx, readItemSQL, pgx.StrictNamedArgs{
		"item": id, "intervention": intervention, "basis": basis, "request": request,
	}))
	if err != nil {
		return Item{}, fmt.Errorf("read an item: %w", err)
	}
	return it, nil
}

// ItemLine is an item in a list: nothing of its text.
type ItemLine struct {
	ID         sig.ItemID
	Unit       sig.UnitID
	Function   sig.Function
	Author     sig.AssignmentID
	Categories []sig.Category
	Blocked    bool
	Corrects   *sig.ItemID
	CreatedAt  time.Time
	Sent       int // functions that have received it; the owner's own knowledge
	Waiting    int // disclosures that wait for a second officer
	Undecided  int // family members for whom visibility is not decided
}

const itemLinesSQL = `
select i.id, i.unit, i.function, i.author, i.categories, i.blocked, i.corrects, i.created_at,
       (select count(*) from sig.disclosure d where d.item = i.id and d.state = 'sent') as sent,
       (select count(*) from sig.disclosure d where d.item = i.id and d.state = 'queued') as waiting,
       sig.undecided_visibility(i.id) as undecided
  from sig.item i
 where i.intervention = @intervention
 order by i.created_at desc, i.id`

// ItemLines lists the items of one case that the actor's authority owns, or
// that were decided visible for the actor.
func (tx *Tx) ItemLines(ctx context.Context, intervention sig.InterventionID) ([]ItemLine, error) {
	rows, err := tx.Query(ctx, itemLinesSQL, pgx.StrictNamedArgs{"intervention": intervention})
	if err != nil {
		return nil, fmt.Errorf("list items: %w", err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ItemLine])
	if err != nil {
		return nil, fmt.Errorf("list items: %w", err)
	}
	return lines, nil
}

const concernsSQL = `select position, name_sealed, handled from sig.item_concern where item = @item order by position`

// Concerns lists the others whom an item concerns; owner's staff only.
func (tx *Tx) Concerns(ctx context.Context, item sig.ItemID) ([]Concern, error) {
	rows, err := tx.Query(ctx, concernsSQL, pgx.StrictNamedArgs{"item": item})
	if err != nil {
		return nil, fmt.Errorf("list concerns: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Concern])
	if err != nil {
		return nil, fmt.Errorf("list concerns: %w", err)
	}
	return out, nil
}

const blockItemSQL = `update sig.item set blocked = @blocked where id = @item and intervention = @intervention`

// BlockItem blocks an item against every disclosure, or lifts the block.
func (tx *Tx) BlockItem(ctx context.Context, intervention sig.InterventionID, item sig.ItemID, blocked bool) error {
	tag, err := tx.Exec(ctx, blockItemSQL, pgx.StrictNamedArgs{"item": item, "intervention": intervention, "blocked": blocked})
	if err != nil {
		return fmt.Errorf("block an item: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return pgx.ErrNoRows
	}
	return nil
}
