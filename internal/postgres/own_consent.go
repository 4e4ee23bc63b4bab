package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Own is one row of a young person's own consent.
type Own struct {
	Intervention sig.InterventionID
	sig.Grant
	TextHash   []byte
	ProposedAt time.Time
	GivenAt    *time.Time
	EndedAt    *time.Time
	EndedBy    string
	Reference  string
}

const ownColumnsSQL = `
select o.id, o.discloser_authority, o.discloser_unit, o.discloser_function, o.recipient_authority, o.recipient_unit, o.recipient_function,
       o.categories, o.purpose, o.addition, o.districts, o.valid_from, o.valid_to, o.text_hash, o.proposed_at, o.given_at, o.ended_at,
       coalesce(o.ended_by, ''), coalesce(o.reference, '')
  from sig.own_consent o
 where o.intervention = @intervention`

// Owns lists the rows of a young person's own consent, newest first, as far as
// the actor may see them.
func (tx *Tx) Owns(ctx context.Context, intervention sig.InterventionID) ([]Own, error) {
	rows, err := tx.Query(ctx, ownColumnsSQL+` order by o.proposed_at desc, o.id`, pgx.StrictNamedArgs{"intervention": intervention})
	if err != nil {
		return nil, wrap("list a youth's own consent", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Own, error) {
		o := Own{Intervention: intervention}
		o.Own = true
		err := row.Scan(&o.ID, &o.Discloser.Authority, &o.Discloser.Unit, &o.Discloser.Function,
			&o.Recipient.Authority, &o.Recipient.Unit, &o.Recipient.Function, &o.Categories, &o.Aim.Purpose, &o.Aim.Addition, &o.Districts, &o.From, &o.To,
			&o.TextHash, &o.ProposedAt, &o.GivenAt, &o.EndedAt, &o.EndedBy, &o.Reference)
		return o, err
	})
	return out, wrap("list a youth's own consent", err)
}

// A row counts no longer than everybody's consent, which ends with an oral yes or
// with its last row.
const (
	ownRowsSQL   = ownBefore + `o.purpose, o.addition` + ownFrom + `sig.own_consent` + ownAfter + ` and o.intervention = @intervention` + ownInOrder
	ownScopesSQL = ownBefore + `'', ''` + ownFrom + `sig.own_consent` + ownAfter + ` and o.intervention = @intervention` + ownInOrder
	// Those by which the tellers of the reader's points of a meeting tell the host.
	ownOfMeetingSQL = ownBefore + `'', ''` + ownFrom + `sig.own_rows_of_meeting(@meeting)` + ownAfter + ownInOrder
)

const ownBefore = `
select o.id, 0, o.discloser_authority, o.discloser_unit, o.discloser_function, o.recipient_authority, o.recipient_unit, o.recipient_function,
       '', o.categories, `

const ownFrom = `, o.districts, o.valid_from, least(o.valid_to, c.oral_until, sig.consent_ends(c.id)), o.id
  from `

const ownAfter = ` o join sig.consent c on c.intervention = o.intervention and c.state in ('active', 'suspended')
 where o.given_at is not null and o.ended_at is null`

const ownInOrder = ` order by o.valid_from, o.id`

func queueOwn(b *pgx.Batch, sql string, intervention sig.InterventionID, into *[]sig.Grant) {
	b.Queue(sql, pgx.StrictNamedArgs{"intervention": intervention}).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			g, err := scanGrant(rows)
			g.Own = true
			*into = append(*into, g)
			return err
		})
	})
}

// OwnInForce lists what a young person has alone said yes to, without the
// purposes, which jobs do not see, and the categories that are the youth's
// alone; outside AsSystem, as far as the actor may see it.
func (tx *Tx) OwnInForce(ctx context.Context, intervention sig.InterventionID) (own []sig.Grant, alone []sig.Category, err error) {
	b := &pgx.Batch{}
	queueOwn(b, ownScopesSQL, intervention, &own)
	b.Queue(`select sig.alone_in($1)`, intervention).QueryRow(func(row pgx.Row) error { return row.Scan(&alone) })
	err = wrap("read a youth's own consent", tx.SendBatch(ctx, b).Close())
	return own, alone, err
}

const insertOwnSQL = `
insert into sig.own_consent (id, intervention, discloser_authority, discloser_unit, discloser_function, recipient_authority, recipient_unit,
       recipient_function, categories, purpose, addition, districts, text_hash, proposed_by, proposed_at, valid_from, valid_to)
values (@id, @intervention, @discloser_authority, @discloser_unit, @discloser_function, @recipient_authority, @recipient_unit,
       @recipient_function, @categories, @purpose, @addition, @districts, @text_hash, @by, @at, @from, @to)`

// InsertOwn writes a row down that the youth has not answered.
func (tx *Tx) InsertOwn(ctx context.Context, o Own) error {
	return tx.one(ctx, "write down a youth's own consent", insertOwnSQL, pgx.StrictNamedArgs{
		"id": o.ID, "intervention": o.Intervention,
		"discloser_authority": o.Discloser.Authority, "discloser_unit": o.Discloser.Unit, "discloser_function": o.Discloser.Function,
		"recipient_authority": o.Recipient.Authority, "recipient_unit": o.Recipient.Unit, "recipient_function": o.Recipient.Function,
		"categories": o.Categories, "purpose": o.Aim.Purpose, "addition": o.Aim.Addition, "districts": notNil(o.Districts), "text_hash": o.TextHash,
		"by": tx.Actor.Assignment, "at": tx.Now(), "from": o.From, "to": o.To,
	})
}

const giveOwnSQL = `
update sig.own_consent set given_at = @at, auth_time = @auth_time, language = @language, wording = @wording
 where id = @id and given_at is null and ended_at is null`

// GiveOwn is the youth's yes.
func (tx *Tx) GiveOwn(ctx context.Context, id sig.GrantID, authTime time.Time, w Wording) error {
	return tx.one(ctx, "give an own consent", giveOwnSQL, pgx.StrictNamedArgs{
		"id": id, "at": tx.Now(), "auth_time": authTime, "language": w.Language, "wording": w.Hash,
	})
}

const endOwnConsentSQL = `
update sig.own_consent
   set ended_at = @at, ended_by = @by, reference = nullif(@reference, ''),
       channel = nullif(@channel, ''), recorded_at = case when @channel <> '' then @now::timestamptz end
 where id = @id and ended_at is null`

// OwnEnd is how a row ends, and from when: Channel says how word of it reached
// staff, who record it now, and is empty for every other end.
type OwnEnd struct {
	By, Reference, Channel string
	At                     time.Time
}

// EndOwn ends a row.
func (tx *Tx) EndOwn(ctx context.Context, id sig.GrantID, e OwnEnd) error {
	return tx.one(ctx, "end an own consent", endOwnConsentSQL, pgx.StrictNamedArgs{
		"id": id, "at": e.At, "by": e.By, "reference": e.Reference, "channel": e.Channel, "now": tx.Now(),
	})
}

const isOwnSQL = `select exists (select from sig.own_consent o where o.id = $1)`

// IsOwn tells a row of a youth's own consent from one of everybody's. It runs
// inside AsSystem.
func (tx *Tx) IsOwn(ctx context.Context, id sig.GrantID) (bool, error) {
	var own bool
	err := tx.QueryRow(ctx, isOwnSQL, id).Scan(&own)
	return own, wrap("tell an own row from everybody's", err)
}

const officeHourSQL = `
select of_age, coalesce(until, '0001-01-01T00:00:00Z') as until, coalesce(session, '00000000-0000-0000-0000-000000000000') as session
  from sig.my_office_hour()`

// InTheOffice reports whether the acting youth may be shown what nobody at home
// may see: in the coordinator's office, or of age.
func (tx *Tx) InTheOffice(ctx context.Context) (bool, error) {
	if tx.Actor.Kind != sig.ActorYouth {
		return false, nil
	}
	hour, err := collectOne[sig.OfficeHour](ctx, tx, "read the hour in the office", officeHourSQL, pgx.StrictNamedArgs{})
	return hour.Holds(tx.Actor.Session, tx.Now()), err
}
