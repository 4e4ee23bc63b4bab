package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Oral is one row of sig.consent_oral: one signer's yes that was said aloud.
type Oral struct {
	ID           sig.OralID
	Consent      sig.ConsentID
	Intervention sig.InterventionID
	Signer       uuid.UUID
	Kind         sig.SignerKind
	State        sig.OralState
	TextHash     []byte
	CarriedFrom  sig.OralID
	ReceivedAt   time.Time
	Method       string
	Language     string
	Interpreter  string
	RecordedBy   sig.AssignmentID
	Recorder     sig.PersonID
	RecordedAt   time.Time
	ConfirmedBy  sig.AssignmentID
	Confirmer    sig.PersonID
	ConfirmedAt  *time.Time
	WrittenBy    time.Time
	EndedAt      *time.Time
	ReadIn       string // the language of the texts that were read to the signer
	Wording      []byte // and their hash
}

// Open reports whether it waits for a second officer or for being written.
func (o Oral) Open() bool { return o.State == sig.OralRecorded || o.State == sig.OralConfirmed }

const oralColumnsSQL = `
select id, consent, intervention, signer, kind, state, text_hash, carried_from, received_at, method, language,
       coalesce(interpreter, '') as interpreter, recorded_by, recorder, recorded_at, confirmed_by, confirmer, confirmed_at,
       written_by, ended_at, coalesce(read_in, '') as read_in, wording
  from sig.consent_oral`

const oralsSQL = oralColumnsSQL + ` where intervention = @intervention order by recorded_at desc, id`

// Orals lists the oral answers in an intervention, newest first, as far as the
// actor may see them: a citizen only the own.
func (tx *Tx) Orals(ctx context.Context, intervention sig.InterventionID) ([]Oral, error) {
	return collect[Oral](ctx, tx, "list oral answers", oralsSQL, pgx.StrictNamedArgs{"intervention": intervention})
}

const oralSQL = oralColumnsSQL + ` where id = @id`

// Oral reads one oral answer.
func (tx *Tx) Oral(ctx context.Context, id sig.OralID) (Oral, error) {
	return collectOne[Oral](ctx, tx, "read an oral answer", oralSQL, pgx.StrictNamedArgs{"id": id})
}

const insertOralSQL = `
insert into sig.consent_oral (id, consent, intervention, signer, kind, state, text_hash, carried_from, received_at, method, language,
       interpreter, recorded_by, recorder, recorded_at, confirmed_by, confirmer, confirmed_at, written_by, read_in, wording)
values (@id, @consent, @intervention, @signer, @kind, @state, @text_hash, @carried_from, @received_at, @method, @language,
       nullif(@interpreter, ''), @recorded_by, @recorder, @recorded_at, @confirmed_by, @confirmer, @confirmed_at, @written_by, nullif(@read_in, ''), @wording)`

// InsertOral writes down a yes that was said aloud, or carries a confirmed one
// over to a narrower version.
func (tx *Tx) InsertOral(ctx context.Context, o Oral) error {
	return tx.one(ctx, "record an oral answer", insertOralSQL, pgx.StrictNamedArgs{
		"id": o.ID, "consent": o.Consent, "intervention": o.Intervention, "signer": o.Signer, "kind": o.Kind, "state": o.State,
		"text_hash": o.TextHash, "carried_from": orNull(o.CarriedFrom), "received_at": o.ReceivedAt, "method": o.Method,
		"language": o.Language, "interpreter": o.Interpreter, "recorded_by": o.RecordedBy, "recorder": o.Recorder,
		"recorded_at": o.RecordedAt, "confirmed_by": orNull(o.ConfirmedBy), "confirmer": orNull(o.Confirmer),
		"confirmed_at": o.ConfirmedAt, "written_by": o.WrittenBy, "read_in": o.ReadIn, "wording": o.Wording,
	})
}

const confirmOralSQL = `
update sig.consent_oral set state = 'confirmed', confirmed_by = @by, confirmer = @person, confirmed_at = @at
 where id = @id and state = 'recorded'`

// ConfirmOral records the second officer, who is the actor.
func (tx *Tx) ConfirmOral(ctx context.Context, id sig.OralID) error {
	return tx.one(ctx, "confirm an oral answer", confirmOralSQL, pgx.StrictNamedArgs{
		"id": id, "by": tx.Actor.Assignment, "person": tx.Actor.Person, "at": tx.Now(),
	})
}

const dropOralSQL = `update sig.consent_oral set state = 'dropped', ended_at = @at where id = @id and state = 'recorded'`

// DropOral takes back what nobody has confirmed.
func (tx *Tx) DropOral(ctx context.Context, id sig.OralID) error {
	return tx.one(ctx, "drop an oral answer", dropOralSQL, pgx.StrictNamedArgs{"id": id, "at": tx.Now()})
}

const writeOralSQL = `
update sig.consent_oral set state = 'written', ended_at = @at, written_channel = @channel where id = @id and state = 'confirmed'`

// WriteOral records that a confirmed yes is written now.
func (tx *Tx) WriteOral(ctx context.Context, id sig.OralID, channel string) error {
	return tx.one(ctx, "write an oral answer", writeOralSQL, pgx.StrictNamedArgs{"id": id, "channel": channel, "at": tx.Now()})
}

const endOralsSQL = `
update sig.consent_oral set state = case state when 'recorded' then 'dropped' else 'ended' end, ended_at = @at
 where consent = @consent and state in ('recorded', 'confirmed')`

const finishOralTasksSQL = `
update sig.task set done_at = @at, outcome = 'done'
 where kind in ('confirm_oral', 'write_oral') and done_at is null
   and object in (select o.id from sig.consent_oral o where o.consent = @consent)`

// EndOrals ends what was said aloud of a version that has ended, and the tasks
// that came of it.
func (tx *Tx) EndOrals(consent sig.ConsentID, at time.Time) {
	tx.later("end oral answers", endOralsSQL, pgx.StrictNamedArgs{"consent": consent, "at": at})
	tx.later("finish the tasks of oral answers", finishOralTasksSQL, pgx.StrictNamedArgs{"consent": consent, "at": tx.Now()})
}
