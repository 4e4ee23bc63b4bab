package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"sigportal/internal/sig"
)

// Disclosure is one row of sig.disclosure: one explicit act.
type Disclosure struct {
	ID              sig.DisclosureID
	Intervention    sig.InterventionID
	Item            sig.ItemID
	Sender          sig.Seat
	Assignment      sig.AssignmentID
	Recipient       sig.Seat    // zero for a private recipient
	PrivateGrant    sig.GrantID // zero for a seat
	Basis           string      // consent or internal_need
	Consent         sig.ConsentID
	Grant           sig.GrantID
	Categories      []sig.Category
	State           string // queued, sent or cancelled
	NecessitySealed []byte
	WeakerSealed    []byte
	QueuedAt        time.Time
	SentAt          *time.Time
	CancelledAt     *time.Time
	ApprovedBy      *sig.AssignmentID
	ContentHash     []byte
	AfterWithdrawal bool
}

const insertDisclosureSQL = `
insert into sig.disclosure (id, intervention, item, authority, unit, function, assignment,
       recipient_authority, recipient_unit, recipient_function, private_grant, basis, consent, grant_id, categories,
       state, necessity_sealed, weaker_reason_sealed, queued_at, sent_at, content_hash)
values (@id, @intervention, @item, @authority, @unit, @function, @assignment,
       nullif(@recipient_authority, ''), nullif(@recipient_unit, ''), nullif(@recipient_function, ''), @private_grant,
       @basis, @consent, @grant_id, @categories, @state, @necessity, @weaker, @queued_at, @sent_at, @content_hash)`

// InsertDisclosure writes one act of disclosing. One with the same id makes the
// transaction fail with something that IsRepeat knows.
func (tx *Tx) InsertDisclosure(d Disclosure) {
	tx.later("insert a disclosure", insertDisclosureSQL, pgx.StrictNamedArgs{
		"id": d.ID, "intervention": d.Intervention, "item": d.Item,
		"authority": d.Sender.Authority, "unit": d.Sender.Unit, "function": d.Sender.Function, "assignment": d.Assignment,
		"recipient_authority": d.Recipient.Authority, "recipient_unit": d.Recipient.Unit, "recipient_function": d.Recipient.Function,
		"private_grant": orNull(d.PrivateGrant), "basis": d.Basis, "consent": orNull(d.Consent), "grant_id": orNull(d.Grant),
		"categories": d.Categories, "state": d.State, "necessity": d.NecessitySealed, "weaker": d.WeakerSealed,
		"queued_at": d.QueuedAt, "sent_at": d.SentAt, "content_hash": d.ContentHash,
	})
}

// IsRepeat reports whether a transaction failed because another, at the same
// time, did the same act: the disclosure that it inserts is there now.
func IsRepeat(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.ConstraintName == "disclosure_pkey"
}

const disclosureColumns = `
d.id, d.intervention, d.item, d.authority, d.unit, d.function, d.assignment,
coalesce(d.recipient_authority, ''), coalesce(d.recipient_unit, ''), coalesce(d.recipient_function, ''), d.private_grant,
d.basis, d.consent, d.grant_id, d.categories, d.state, d.necessity_sealed, d.weaker_reason_sealed,
d.queued_at, d.sent_at, d.cancelled_at, d.approved_by, d.content_hash, d.after_withdrawal`

func scanDisclosure(row pgx.CollectableRow) (Disclosure, error) {
	var d Disclosure
	var private, grant *sig.GrantID
	var consent *sig.ConsentID
	err := row.Scan(&d.ID, &d.Intervention, &d.Item, &d.Sender.Authority, &d.Sender.Unit, &d.Sender.Function, &d.Assignment,
		&d.Recipient.Authority, &d.Recipient.Unit, &d.Recipient.Function, &private,
		&d.Basis, &consent, &grant, &d.Categories, &d.State, &d.NecessitySealed, &d.WeakerSealed,
		&d.QueuedAt, &d.SentAt, &d.CancelledAt, &d.ApprovedBy, &d.ContentHash, &d.AfterWithdrawal)
	d.PrivateGrant, d.Grant, d.Consent = orZero(private), orZero(grant), orZero(consent)
	return d, err
}

func orZero[K any](id *sig.ID[K]) sig.ID[K] {
	if id == nil {
		return sig.ID[K]{}
	}
	return *id
}

const disclosuresOfCaseSQL = `select ` + disclosureColumns + `
  from sig.disclosure d where d.intervention = @intervention
 order by d.queued_at desc, d.id`

// Disclosures lists what the actor may see of a case's disclosures: those of
// the own authority, or of items decided visible for the family member.
func (tx *Tx) Disclosures(ctx context.Context, intervention sig.InterventionID) ([]Disclosure, error) {
	rows, err := tx.Query(ctx, disclosuresOfCaseSQL, pgx.StrictNamedArgs{"intervention": intervention})
	if err != nil {
		return nil, fmt.Errorf("list disclosures: %w", err)
	}
	out, err := pgx.CollectRows(rows, scanDisclosure)
	if err != nil {
		return nil, fmt.Errorf("list disclosures: %w", err)
	}
	return out, nil
}

const disclosureSQL = `select ` + disclosureColumns + `
  from sig.disclosure d where d.id = @id and d.intervention = @intervention`

// Disclosure reads one disclosure of a case.
func (tx *Tx) Disclosure(ctx context.Context, intervention sig.InterventionID, id sig.DisclosureID) (Disclosure, error) {
	rows, err := tx.Query(ctx, disclosureSQL, pgx.StrictNamedArgs{"id": id, "intervention": intervention})
	if err != nil {
		return Disclosure{}, fmt.Errorf("read a disclosure: %w", err)
	}
	d, err := pgx.CollectExactlyOneRow(rows, scanDisclosure)
	if err != nil {
		return Disclosure{}, fmt.Errorf("read a disclosure: %w", err)
	}
	return d, nil
}

const sendQueuedSQL = `
update sig.disclosure set state = 'sent', sent_at = @at, approved_by = @by
 where id = @id and intervention = @intervention and state = 'queued'`

// SendQueued marks a waiting disclosure as approved and sent.
func (tx *Tx) SendQueued(ctx context.Context, intervention sig.InterventionID, id sig.DisclosureID, by sig.AssignmentID) error {
	return tx.one(ctx, "send a queued disclosure", sendQueuedSQL, pgx.StrictNamedArgs{
		"id": id, "intervention": intervention, "at": tx.Now(), "by": by,
	})
}

const cancelQueuedSQL = `
update sig.disclosure set state = 'cancelled', cancelled_at = @at, cancel_reason = @reason
 where id = @id and intervention = @intervention and state = 'queued'`

// CancelQueued takes a waiting disclosure back before anybody received it.
func (tx *Tx) CancelQueued(ctx context.Context, intervention sig.InterventionID, id sig.DisclosureID, reason string) error {
	return tx.one(ctx, "cancel a queued disclosure", cancelQueuedSQL, pgx.StrictNamedArgs{
		"id": id, "intervention": intervention, "at": tx.Now(), "reason": reason,
	})
}

// one runs a statement that must change exactly one row; none is ErrNoRows.
func (tx *Tx) one(ctx context.Context, what, statement string, args pgx.StrictNamedArgs) error {
	tag, err := tx.Exec(ctx, statement, args)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if tag.RowsAffected() != 1 {
		return fmt.Errorf("%s: %w", what, pgx.ErrNoRows)
	}
	return nil
}

const internalSeatsSQL = `
select distinct p.authority, p.unit, p.function from sig.participation p
 where p.intervention = @intervention and p.authority = @authority
   and p.valid_from <= sig.instant() and sig.instant() < p.valid_to
 order by 2, 3`

// InternalSeats lists the seats of an authority that take part in a case.
func (tx *Tx) InternalSeats(ctx context.Context, intervention sig.InterventionID, authority sig.AuthorityID) ([]sig.Seat, error) {
	rows, err := tx.Query(ctx, internalSeatsSQL, pgx.StrictNamedArgs{"intervention": intervention, "authority": authority})
	if err != nil {
		return nil, fmt.Errorf("list seats: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[sig.Seat])
	if err != nil {
		return nil, fmt.Errorf("list seats: %w", err)
	}
	return out, nil
}
