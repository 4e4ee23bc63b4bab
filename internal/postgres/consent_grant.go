package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// GrantRow is one row of a version with the sealed name of a private recipient.
type GrantRow struct {
	Consent sig.ConsentID
	sig.Grant
	PrivateNameSealed []byte
}

const grantColumnsSQL = `
select g.consent, g.private_name_sealed,
       g.id, g.row_number, g.discloser_authority, g.discloser_unit, g.discloser_function,
       coalesce(g.recipient_authority, ''), coalesce(g.recipient_unit, ''), coalesce(g.recipient_function, ''),
       coalesce(g.private_kind, ''), g.categories, g.purpose, g.addition, g.districts, g.valid_from, g.valid_to, g.origin
  from sig.consent_grant g`

func scanGrantRow(rows pgx.Row, into map[sig.ConsentID][]GrantRow) error {
	var g GrantRow
	err := rows.Scan(&g.Consent, &g.PrivateNameSealed,
		&g.ID, &g.Row, &g.Discloser.Authority, &g.Discloser.Unit, &g.Discloser.Function,
		&g.Recipient.Authority, &g.Recipient.Unit, &g.Recipient.Function,
		&g.Private, &g.Categories, &g.Aim.Purpose, &g.Aim.Addition, &g.Districts, &g.From, &g.To, &g.Origin)
	into[g.Consent] = append(into[g.Consent], g)
	return err
}

const insertGrantSQL = `
insert into sig.consent_grant (id, consent, intervention, row_number, discloser_authority, discloser_unit, discloser_function,
       recipient_authority, recipient_unit, recipient_function, private_kind, private_name_sealed,
       categories, purpose, addition, districts, valid_from, valid_to, origin)
values (@id, @consent, @intervention, @row, @discloser_authority, @discloser_unit, @discloser_function,
       nullif(@recipient_authority, ''), nullif(@recipient_unit, ''), nullif(@recipient_function, ''), nullif(@private_kind, ''),
       @private_name, @categories, @purpose, @addition, @districts, @from, @to, @origin)`

// InsertGrants writes the rows of a draft.
func (tx *Tx) InsertGrants(ctx context.Context, consent sig.ConsentID, intervention sig.InterventionID, grants []GrantRow) error {
	batch := &pgx.Batch{}
	for _, g := range grants {
		batch.Queue(insertGrantSQL, pgx.StrictNamedArgs{
			"id": g.ID, "consent": consent, "intervention": intervention, "row": g.Row,
			"discloser_authority": g.Discloser.Authority, "discloser_unit": g.Discloser.Unit, "discloser_function": g.Discloser.Function,
			"recipient_authority": g.Recipient.Authority, "recipient_unit": g.Recipient.Unit, "recipient_function": g.Recipient.Function,
			"private_kind": g.Private, "private_name": g.PrivateNameSealed,
			"categories": g.Categories, "purpose": g.Aim.Purpose, "addition": g.Aim.Addition, "districts": notNil(g.Districts),
			"from": g.From, "to": g.To, "origin": g.Origin,
		})
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("write the rows of a consent: %w", err)
	}
	return nil
}

// notNil makes an absent list an empty one: the columns are never null.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

const exclusionColumnsSQL = `
select id, consent, coalesce(recipient_authority, ''), coalesce(recipient_unit, ''), coalesce(recipient_function, ''), coalesce(category, '')
  from sig.consent_exclusion`

func scanExclusion(rows pgx.Row, into map[sig.ConsentID][]sig.Exclusion) error {
	var x sig.Exclusion
	var consent sig.ConsentID
	err := rows.Scan(&x.ID, &consent, &x.Recipient.Authority, &x.Recipient.Unit, &x.Recipient.Function, &x.Category)
	into[consent] = append(into[consent], x)
	return err
}

const insertExclusionSQL = `
insert into sig.consent_exclusion (id, consent, intervention, recipient_authority, recipient_unit, recipient_function, category)
values (@id, @consent, @intervention, nullif(@authority, ''), nullif(@unit, ''), nullif(@function, ''), nullif(@category, ''))`

// InsertExclusions writes what may not be shared by a draft.
func (tx *Tx) InsertExclusions(ctx context.Context, consent sig.ConsentID, intervention sig.InterventionID, list []sig.Exclusion) error {
	batch := &pgx.Batch{}
	for _, x := range list {
		batch.Queue(insertExclusionSQL, pgx.StrictNamedArgs{
			"id": x.ID, "consent": consent, "intervention": intervention,
			"authority": x.Recipient.Authority, "unit": x.Recipient.Unit, "function": x.Recipient.Function, "category": x.Category,
		})
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("write exclusions: %w", err)
	}
	return nil
}

// EmptyDraft takes every row and exclusion out of a draft; of any later state
// the database refuses it.
func (tx *Tx) EmptyDraft(ctx context.Context, consent sig.ConsentID) error {
	batch := &pgx.Batch{}
	batch.Queue(`delete from sig.consent_grant where consent = $1`, consent)
	batch.Queue(`delete from sig.consent_exclusion where consent = $1`, consent)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("empty a draft: %w", err)
	}
	return nil
}

// GrantEnd is a row's own end, for jobs: no purpose, no names.
type GrantEnd struct {
	ID    sig.GrantID
	To    time.Time
	Moved bool // with a function that leaves for another authority
}

const grantEndsSQL = `
select g.id, least(g.valid_to, c.oral_until, l.leaves) as "to", coalesce(l.leaves < least(g.valid_to, c.oral_until), false) as moved
  from sig.consent_grant g join sig.consent c on c.id = g.consent
 cross join lateral (
   select least(sig.seat_leaves(g.discloser_authority, g.discloser_unit, g.discloser_function),
                sig.seat_leaves(g.recipient_authority, g.recipient_unit, g.recipient_function)) as leaves) l
 where g.consent = @consent order by 2, g.id`

// GrantEnds lists when the rows of a version end: by their own date, while an
// oral yes is not written when that must be, and when a function that they name
// leaves for another authority.
func (tx *Tx) GrantEnds(ctx context.Context, consent sig.ConsentID) ([]GrantEnd, error) {
	return collect[GrantEnd](ctx, tx, "list when rows end", grantEndsSQL, pgx.StrictNamedArgs{"consent": consent})
}

const scopesInForceSQL = `
select g.id, g.row_number, g.discloser_authority, g.discloser_unit, g.discloser_function,
       coalesce(g.recipient_authority, ''), coalesce(g.recipient_unit, ''), coalesce(g.recipient_function, ''),
       coalesce(g.private_kind, ''), g.categories, '' as purpose, '' as addition, g.districts, g.valid_from, least(g.valid_to, c.oral_until), g.origin
  from sig.consent c join sig.consent_grant g on g.consent = c.id
 where c.intervention = @intervention and c.state in ('active', 'suspended')
 order by g.row_number`

const exclusionScopesInForceSQL = `
select x.id, coalesce(x.recipient_authority, ''), coalesce(x.recipient_unit, ''), coalesce(x.recipient_function, ''), coalesce(x.category, '')
  from sig.consent c join sig.consent_exclusion x on x.consent = c.id
 where c.intervention = @intervention and c.state in ('active', 'suspended')`

// MatrixInForce reads what the version in force lets be told, without the
// purposes, which jobs do not see; an empty matrix when none is in force.
func (tx *Tx) MatrixInForce(ctx context.Context, intervention sig.InterventionID) (sig.Matrix, error) {
	var m sig.Matrix
	args := pgx.StrictNamedArgs{"intervention": intervention}
	batch := &pgx.Batch{}
	batch.Queue(scopesInForceSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			g, err := scanGrant(rows)
			m.Grants = append(m.Grants, g)
			return err
		})
	})
	batch.Queue(exclusionScopesInForceSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			var x sig.Exclusion
			err := rows.Scan(&x.ID, &x.Recipient.Authority, &x.Recipient.Unit, &x.Recipient.Function, &x.Category)
			m.Exclusions = append(m.Exclusions, x)
			return err
		})
	})
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return m, fmt.Errorf("read the matrix in force: %w", err)
	}
	return m, nil
}
