package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Consent is one row of sig.consent: one version.
type Consent struct {
	ID                sig.ConsentID
	Intervention      sig.InterventionID
	Version           int
	State             sig.ConsentState
	Change            string
	Previous          sig.ConsentID
	TextHash          []byte
	PreparedBy        sig.AssignmentID
	PreparedAt        time.Time
	FirstSignedAt     *time.Time
	DecidedOn         sig.Date
	DecisionReference string
	ActivatedAt       *time.Time
	EndedAt           *time.Time
	OralUntil         *time.Time     // until when it holds at the latest, because an oral yes is not written
	CarriedUntil      *time.Time     // from when it waits for the yes of somebody who decides from then on
	CoreUntil         *time.Time     // from when no row is left between the police and social services, because a function leaves then
	SuspendedFor      sig.Suspension // why it was last paused
}

const consentColumns = `
c.id, c.intervention, c.version, c.state, c.change, c.previous, c.text_hash, c.prepared_by, c.prepared_at,
c.first_signed_at, c.decided_on, coalesce(c.decision_reference, '') as decision_reference, c.activated_at, c.ended_at, c.oral_until, c.carried_until, c.core_until,
coalesce(c.suspended_for, '') as suspended_for`

const consentSQL = `select ` + consentColumns + ` from sig.consent c where c.id = @id`

// Consent reads one version.
func (tx *Tx) Consent(ctx context.Context, id sig.ConsentID) (Consent, error) {
	return collectOne[Consent](ctx, tx, "read a consent", consentSQL, pgx.StrictNamedArgs{"id": id})
}

const consentsSQL = `select ` + consentColumns + ` from sig.consent c where c.intervention = @intervention order by c.version desc`

// Consents lists the versions of an intervention's consent, newest first, as
// far as the actor may see them.
func (tx *Tx) Consents(ctx context.Context, intervention sig.InterventionID) ([]Consent, error) {
	return collect[Consent](ctx, tx, "list consents", consentsSQL, pgx.StrictNamedArgs{"intervention": intervention})
}

const insertConsentSQL = `
insert into sig.consent (id, intervention, version, state, change, previous, text_hash, prepared_by, prepared_at,
       first_signed_at, decided_on, decision_reference, activated_at)
select @id, @intervention, coalesce(max(c.version), 0) + 1, @state, @change, @previous, @text_hash, @prepared_by, @at,
       @first_signed_at, @decided_on, nullif(@decision_reference, ''), @activated_at
  from sig.consent c where c.intervention = @intervention
returning version`

// InsertConsent writes the next version, as a draft where no other state is
// given, and gives its number. The lock of the intervention keeps two from
// taking the same one.
func (tx *Tx) InsertConsent(ctx context.Context, c *Consent) error {
	if c.State == "" {
		c.State = sig.ConsentDraft
	}
	c.PreparedAt = tx.Now()
	err := tx.QueryRow(ctx, insertConsentSQL, pgx.StrictNamedArgs{
		"id": c.ID, "intervention": c.Intervention, "state": c.State, "change": c.Change, "previous": orNull(c.Previous),
		"text_hash": c.TextHash, "prepared_by": orNull(c.PreparedBy), "at": tx.Now(), "first_signed_at": c.FirstSignedAt,
		"decided_on": c.DecidedOn, "decision_reference": c.DecisionReference, "activated_at": c.ActivatedAt,
	}).Scan(&c.Version)
	if err != nil {
		return wrap("insert a consent", err)
	}
	return nil
}

const moveConsentSQL = `
update sig.consent set state = @to,
       ended_at = case when @to in ('declined', 'discarded', 'lapsed_unsigned', 'superseded', 'withdrawn', 'expired', 'lapsed')
                       then @at::timestamptz else ended_at end
 where id = @id and state = @from`

// MoveConsent takes one step of the state machine that ends or pauses a
// version, at an instant. It is all that jobs may do.
func (tx *Tx) MoveConsent(c *Consent, to sig.ConsentState, at time.Time) {
	tx.laterOne("move a consent to "+string(to), moveConsentSQL, pgx.StrictNamedArgs{
		"id": c.ID, "from": c.State, "to": to, "at": at,
	})
	c.State = to
}

const coreUntilSQL = `update sig.consent set core_until = @until where id = @id`

// CoreUntil writes from when a version has no row left between the police and
// social services; nil where no function that leaves takes the last one.
func (tx *Tx) CoreUntil(c *Consent, until *time.Time) {
	tx.laterOne("write until when a consent has its core", coreUntilSQL, pgx.StrictNamedArgs{"id": c.ID, "until": until})
	c.CoreUntil = until
}

const suspendConsentSQL = `update sig.consent set state = 'suspended', suspended_for = @reason where id = @id and state = 'active'`

// SuspendConsent pauses the version in force, and says why.
func (tx *Tx) SuspendConsent(c *Consent, reason sig.Suspension) {
	tx.laterOne("pause a consent", suspendConsentSQL, pgx.StrictNamedArgs{"id": c.ID, "reason": reason})
	c.State, c.SuspendedFor = sig.ConsentSuspended, reason
}

const stepConsentSQL = `
update sig.consent set state = @to, change = @change, text_hash = @text_hash, first_signed_at = @first_signed_at,
       decided_on = @decided_on, decision_reference = nullif(@decision_reference, ''), activated_at = @activated_at
 where id = @id and state = @from`

// StepConsent takes one step on the way to being in force and writes what goes
// with it; the caller has set the other columns in c.
func (tx *Tx) StepConsent(ctx context.Context, c *Consent, to sig.ConsentState) error {
	err := tx.one(ctx, "step a consent to "+string(to), stepConsentSQL, pgx.StrictNamedArgs{
		"id": c.ID, "from": c.State, "to": to, "change": c.Change, "text_hash": c.TextHash,
		"first_signed_at": c.FirstSignedAt, "decided_on": c.DecidedOn, "decision_reference": c.DecisionReference,
		"activated_at": c.ActivatedAt,
	})
	if err != nil {
		return err
	}
	c.State = to
	return nil
}

// Maturity is one assessment of age and maturity.
type Maturity struct {
	Outcome    sig.MaturityOutcome
	Alone      []sig.Category // over which the youth disposes alone
	AssessedAt time.Time
}

const maturitySQL = `
select outcome, alone, assessed_at from sig.maturity_assessment
 where intervention = @intervention order by assessed_at desc, id limit 1`

type maturityKind struct{}

// MaturityID is one assessment.
type MaturityID = sig.ID[maturityKind]

const insertMaturitySQL = `
insert into sig.maturity_assessment (id, intervention, outcome, alone, reason_sealed, assessed_by, assessed_at)
values (@id, @intervention, @outcome, @alone, @reason, @by, @at)`

// InsertMaturity records an assessment; the latest counts, all stay.
func (tx *Tx) InsertMaturity(ctx context.Context, id MaturityID, intervention sig.InterventionID, a Maturity, reasonSealed []byte) error {
	return tx.one(ctx, "record a maturity assessment", insertMaturitySQL, pgx.StrictNamedArgs{
		"id": id, "intervention": intervention, "outcome": a.Outcome, "alone": notNil(a.Alone), "reason": reasonSealed,
		"by": tx.Actor.Assignment, "at": tx.Now(),
	})
}
