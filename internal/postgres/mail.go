package postgres

import (
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Mail is one mail to queue. It goes to exactly one of an assignment, a
// guardian and a youth; the address is looked up when it is sent.
type Mail struct {
	Kind         sig.MailKind
	Assignment   sig.AssignmentID
	Guardian     sig.GuardianID
	Youth        sig.YouthID
	Intervention sig.InterventionID // zero for MailPartAnswered only
	// Object is what the mail is about: the received copy of MailNewCopy, the
	// consent of MailConsentToSign, the disclosure of MailApprovalNeeded, the
	// task, or the commitment, of MailTaskDue. Where it is given and is over before the mail leaves,
	// the mail does not leave.
	Object uuid.UUID
	// About is the instant that the text names: when collaboration or consent
	// ends, or when a task is due.
	About time.Time
	// DueAt is when it is to leave; zero means when the transaction commits.
	DueAt time.Time
	// Language is used when the recipient has chosen none; empty means Swedish.
	Language string
}

const queueMailSQL = `
with queued as materialized (
  select * from unnest(@ids::uuid[], @kinds::text[], @assignments::uuid[], @guardians::uuid[], @youths::uuid[], @interventions::uuid[],
                       @objects::uuid[], @abouts::timestamptz[], @languages::text[], @message_ids::uuid[], @dues::timestamptz[], @alarms::uuid[])
         as m (id, kind, assignment, guardian, youth, intervention, object, about, language, message_id, due, alarm)
), put as (
  insert into sig.mail (id, kind, assignment, guardian, youth, intervention, object_id, about_at, language,
                        message_id, due_at, queued_at)
  select id, kind, nullif(assignment, @none), nullif(guardian, @none), nullif(youth, @none),
         nullif(intervention, @none), nullif(object, @none), about, language, message_id, due, @now from queued
), alarm as (
  insert into sig.alarm (id, kind, intervention, object_id, due_at)
  select alarm, @alarm_kind, nullif(intervention, @none), id, due from queued
)
select pg_notify('sig_alarm', '') where (select min(due) from queued) < @now::timestamptz + make_interval(secs => @horizon)`

// QueueMail queues mails in the transaction of what they tell of: they leave
// only if that commits, and each only if its recipient is still entitled to it
// in the moment before it is handed over. The transaction has read its clock.
// It is one statement for all of them: a withdrawal queues ten.
func (tx *Tx) QueueMail(mails ...Mail) {
	if len(mails) > 0 {
		tx.later("queue mail", queueMailSQL, tx.mailArgs(mails))
	}
}

func (tx *Tx) mailArgs(mails []Mail) pgx.StrictNamedArgs {
	var ids, assignments, guardians, youths, interventions, objects, messages, alarms []uuid.UUID
	var kinds, languages []string
	var abouts []*time.Time
	var dues []time.Time
	for _, m := range mails {
		due, language := m.DueAt, m.Language
		if due.IsZero() {
			due = tx.Now()
		}
		if language == "" {
			language = "sv"
		}
		var about *time.Time
		if !m.About.IsZero() {
			about = &m.About
		}
		ids, messages, alarms = append(ids, uuid.New()), append(messages, uuid.New()), append(alarms, uuid.New())
		kinds, languages = append(kinds, string(m.Kind)), append(languages, language)
		assignments, guardians = append(assignments, m.Assignment.UUID), append(guardians, m.Guardian.UUID)
		youths, interventions = append(youths, m.Youth.UUID), append(interventions, m.Intervention.UUID)
		objects, abouts, dues = append(objects, m.Object), append(abouts, about), append(dues, due)
	}
	return pgx.StrictNamedArgs{
		"ids": ids, "kinds": kinds, "assignments": assignments, "guardians": guardians, "youths": youths,
		"interventions": interventions, "objects": objects, "abouts": abouts, "languages": languages,
		"message_ids": messages, "dues": dues, "alarms": alarms, "none": uuid.Nil, "now": tx.Now(),
		"alarm_kind": string(AlarmMailDue), "horizon": AlarmHorizon.Seconds(),
	}
}
