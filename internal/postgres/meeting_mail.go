package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// MeetingMail is what the calendar entry of a checked call says.
type MeetingMail struct {
	Invitation  sig.InvitationID
	Assignment  sig.AssignmentID // whom it goes to
	Meeting     sig.MeetingID
	Authority   sig.AuthorityID // under whose own key the place is sealed
	Method      string          // request or cancel
	Sequence    int
	StartsAt    time.Time
	EndsAt      time.Time
	PlaceSealed []byte // nil where none may be said
}

const mailMeetingSQL = `
select m.object_id as invitation, m.assignment, x.meeting, x.authority, x.method, x.sequence, x.starts_at, x.ends_at, x.place_sealed
  from sig.mail_meeting(@id) x join sig.mail m on m.id = @id`

func (tx *Tx) meetingMail(ctx context.Context, id uuid.UUID) (*MeetingMail, error) {
	m, err := collectOne[MeetingMail](ctx, tx, "fetch the meeting of a mail", mailMeetingSQL, pgx.StrictNamedArgs{"id": id})
	return &m, err
}

const queueMeetingCallsSQL = `select sig.queue_meeting_calls(@invitation, @at)`

// QueueMeetingCalls queues the call of one function, as the meeting is now, to
// whoever takes part in it. It leaves only while they may be there.
func (tx *Tx) QueueMeetingCalls(invitation sig.InvitationID) {
	tx.later("queue calls", queueMeetingCallsSQL, pgx.StrictNamedArgs{"invitation": invitation, "at": tx.Now()})
}

const queueNewMeetingCallsSQL = `select sig.queue_new_meeting_calls(@intervention, @at)`

// QueueNewMeetingCalls queues the calls of an intervention to whoever fills a
// called seat by now and has not been sent them.
func (tx *Tx) QueueNewMeetingCalls(intervention sig.InterventionID) {
	tx.later("queue calls to a new participant", queueNewMeetingCallsSQL, pgx.StrictNamedArgs{"intervention": intervention, "at": tx.Now()})
}

const queueMeetingEndsOfSQL = `
select sig.queue_meeting_ends(p.intervention, @at)
  from (select distinct intervention from sig.participation where assignment = @assignment) p`

// QueueMeetingEndsOf is QueueMeetingEnds for every case of an assignment.
func (tx *Tx) QueueMeetingEndsOf(assignment sig.AssignmentID) {
	tx.later("queue cancellations to an assignment", queueMeetingEndsOfSQL, pgx.StrictNamedArgs{"assignment": assignment, "at": tx.Now()})
}

const queueMeetingEndsSQL = `select sig.queue_meeting_ends(@intervention, @at)`

// QueueMeetingEnds queues the cancellation for everybody to whom a call was
// queued that has ended since, or who has left the called seat.
func (tx *Tx) QueueMeetingEnds(intervention sig.InterventionID) {
	tx.later("queue cancellations", queueMeetingEndsSQL, pgx.StrictNamedArgs{"intervention": intervention, "at": tx.Now()})
}
