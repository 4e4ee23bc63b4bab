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
	// task of MailTaskDue. Where it is given and is over before the mail leaves,
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
with put as (
  insert into sig.mail (id, kind, assignment, guardian, youth, intervention, object_id, about_at, language,
                        message_id, due_at, queued_at)
  values (@id, @kind, nullif(@assignment::uuid, @none), nullif(@guardian::uuid, @none), nullif(@youth::uuid, @none),
          nullif(@intervention::uuid, @none), nullif(@object::uuid, @none), @about, @language, @message_id, @due, @now)
), alarm as (
  insert into sig.alarm (id, kind, intervention, object_id, due_at)
  values (@alarm, @alarm_kind, nullif(@intervention::uuid, @none), @id, @due)
)
select pg_notify('sig_alarm', '') where @due::timestamptz < @now::timestamptz + make_interval(secs => @horizon)`

// QueueMail queues mails in the transaction of what they tell of: they leave
// only if that commits, and each only if its recipient is still entitled to it
// in the moment before it is handed over. The transaction has read its clock.
func (tx *Tx) QueueMail(mails ...Mail) {
	for _, m := range mails {
		tx.later("queue mail", queueMailSQL, tx.mailArgs(m))
	}
}

func (tx *Tx) mailArgs(m Mail) pgx.StrictNamedArgs {
	id, due, language := uuid.New(), m.DueAt, m.Language
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
	return pgx.StrictNamedArgs{
		"id": id, "kind": string(m.Kind), "none": uuid.Nil,
		"assignment": m.Assignment.UUID, "guardian": m.Guardian.UUID, "youth": m.Youth.UUID,
		"intervention": m.Intervention.UUID, "object": m.Object, "about": about, "language": language,
		"message_id": uuid.New(), "due": due, "now": tx.Now(),
		"alarm": uuid.New(), "alarm_kind": string(AlarmMailDue), "horizon": AlarmHorizon.Seconds(),
	}
}
