package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/ledger"
	"sigportal/internal/sig"
)

type withdrawalKind struct{}

// WithdrawalID is one taking back.
type WithdrawalID = sig.ID[withdrawalKind]

// Withdrawal is one row of sig.withdrawal. Signer is a guardianship's id or
// the youth's.
type Withdrawal struct {
	ID            WithdrawalID
	Intervention  sig.InterventionID
	Consent       sig.ConsentID
	Reference     string
	Scope         string // whole or part
	Signer        uuid.UUID
	SignerKind    sig.SignerKind
	RecordedBy    sig.AssignmentID
	Channel       string
	ReceivedAt    time.Time
	RecordedAt    time.Time
	Effective     bool
	Closes        bool
	RemovedGrants []sig.GrantID
	Removed       json.RawMessage
	LedgerID      int64
	Key           string
}

const withdrawalColumns = `
w.id, w.intervention, w.consent, w.reference, w.scope, w.signer, w.signer_kind, w.recorded_by, w.channel, w.received_at,
w.recorded_at, w.effective, w.closes, w.removed_grants, w.removed, coalesce(w.ledger_id, 0) as ledger_id, coalesce(w.key, '') as key`

const insertWithdrawalSQL = `
with logged as materialized (` + appendLedgerSQL + ` as id)
insert into sig.withdrawal (id, intervention, consent, reference, scope, signer, signer_kind, recorded_by, channel, received_at,
       recorded_at, effective, closes, removed_grants, removed, ledger_id, key)
select @id, @intervention, @consent, @reference, @scope, @signer, @signer_kind, @recorded_by, @channel, @received_at,
       @recorded_at, @effective, @closes, @removed_grants, @removed, logged.id, nullif(@key, '') from logged`

// InsertWithdrawal keeps a withdrawal for good, with its row of the ledger.
func (tx *Tx) InsertWithdrawal(w Withdrawal, e ledger.Entry) error {
	args, err := tx.LedgerArgs(e)
	if err != nil {
		return err
	}
	maps.Copy(args, pgx.StrictNamedArgs{
		"id": w.ID, "intervention": w.Intervention, "consent": orNull(w.Consent), "reference": w.Reference, "scope": w.Scope,
		"signer": w.Signer, "signer_kind": w.SignerKind, "recorded_by": orNull(w.RecordedBy), "channel": w.Channel,
		"received_at": w.ReceivedAt, "recorded_at": w.RecordedAt, "effective": w.Effective, "closes": w.Closes,
		"removed_grants": notNil(w.RemovedGrants), "removed": string(w.Removed), "key": w.Key,
	})
	tx.laterOne("keep a withdrawal", insertWithdrawalSQL, args)
	return nil
}

const withdrawalsSQL = `select ` + withdrawalColumns + `
  from sig.withdrawal w where w.intervention = @intervention order by w.recorded_at desc, w.id`

// WithdrawalsOf lists an intervention's withdrawals, newest first, as far as
// the actor may see them: a citizen only the own ones.
func (tx *Tx) WithdrawalsOf(ctx context.Context, intervention sig.InterventionID) ([]Withdrawal, error) {
	return collect[Withdrawal](ctx, tx, "list withdrawals", withdrawalsSQL, pgx.StrictNamedArgs{"intervention": intervention})
}

const withdrawalByReferenceSQL = `select ` + withdrawalColumns + ` from sig.withdrawal w where w.reference = @reference`

// InterventionAndWithdrawals is Intervention and WithdrawalsOf in one round trip.
func (tx *Tx) InterventionAndWithdrawals(ctx context.Context, id sig.InterventionID) (Intervention, []Withdrawal, error) {
	var i []Intervention
	var w []Withdrawal
	batch := &pgx.Batch{}
	queueRows(batch, interventionSQL, &i, pgx.StrictNamedArgs{"id": id})
	queueRows(batch, withdrawalsSQL, &w, pgx.StrictNamedArgs{"intervention": id})
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return Intervention{}, nil, fmt.Errorf("read an intervention and its withdrawals: %w", err)
	}
	if len(i) == 0 {
		return Intervention{}, nil, pgx.ErrNoRows
	}
	return i[0], w, nil
}

// WithdrawalByReference finds one by what stands on its receipt.
func (tx *Tx) WithdrawalByReference(ctx context.Context, reference string) (Withdrawal, error) {
	return collectOne[Withdrawal](ctx, tx, "find a withdrawal", withdrawalByReferenceSQL, pgx.StrictNamedArgs{"reference": reference})
}

const pendingWithdrawalsSQL = `select ` + withdrawalColumns + `
  from sig.withdrawal w where w.consent = @consent and w.effective and w.recorded_at <= @before order by w.recorded_at, w.id`

// PendingWithdrawals lists what was taken back of a version before it came
// into force.
func (tx *Tx) PendingWithdrawals(ctx context.Context, consent sig.ConsentID) ([]Withdrawal, error) {
	return collect[Withdrawal](ctx, tx, "list pending withdrawals", pendingWithdrawalsSQL,
		pgx.StrictNamedArgs{"consent": consent, "before": tx.Now()})
}

// ReadBefore is one copy that had been read before an instant.
type ReadBefore struct {
	At         time.Time
	Disclosure sig.DisclosureID
	Authority  sig.AuthorityID
	Unit       sig.UnitID
	Function   sig.Function
}

const readBeforeSQL = `
select max(l.at) as at, l.object_id as disclosure, l.authority, l.unit, l.function
  from sig.ledger l
 where l.intervention = @intervention and l.kind = 'read_copy' and l.outcome = 'allowed'
   and l.object_kind = 'disclosure' and l.at < @before and l.authority is not null
   and exists (select from sig.disclosure d where d.id = l.object_id)
 group by l.object_id, l.authority, l.unit, l.function
 order by 1 desc`

// ReceiptFacts is what the receipt of a withdrawal is written from.
type ReceiptFacts struct {
	Versions    *CaseVersions
	Disclosures []Disclosure
	Reads       []ReadBefore
	Calls       []CallEnded // to meetings, in the instant of the withdrawal
	Notices     []WithdrawalNotice
}

// ReceiptFacts reads them in one round trip, as far as the actor may see them.
func (tx *Tx) ReceiptFacts(ctx context.Context, w *Withdrawal) (ReceiptFacts, error) {
	intervention, before := w.Intervention, w.RecordedAt
	batch := &pgx.Batch{}
	f := ReceiptFacts{Versions: queueCaseVersions(batch, intervention)}
	batch.Queue(disclosuresOfCaseSQL, pgx.StrictNamedArgs{"intervention": intervention}).Query(func(rows pgx.Rows) (err error) {
		f.Disclosures, err = pgx.CollectRows(rows, scanDisclosure)
		return err
	})
	queueRows(batch, readBeforeSQL, &f.Reads, pgx.StrictNamedArgs{"intervention": intervention, "before": before})
	queueCallsEnded(batch, intervention, before, &f.Calls)
	queueNotices(batch, w.ID, &f.Notices)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return ReceiptFacts{}, fmt.Errorf("read what a receipt says: %w", err)
	}
	return f, nil
}

// ReadBefore lists which copies had been read before an instant, and where, as
// far as the actor may know of the disclosure at all: a guardian learns nothing
// of what is hidden, not even a number.
func (tx *Tx) ReadBefore(ctx context.Context, intervention sig.InterventionID, before time.Time) ([]ReadBefore, error) {
	return collect[ReadBefore](ctx, tx, "list what had been read", readBeforeSQL,
		pgx.StrictNamedArgs{"intervention": intervention, "before": before})
}
