package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const moveMeetingSQL = `
update sig.meeting
   set starts_at = @starts, ends_at = @ends, place_sealed = @place, link_sealed = @link, mail_place_sealed = @mail_place, sequence = sequence + 1, changed_at = @at
 where id = @id and intervention = @intervention and sequence = @sequence and state = 'planned'`

// MoveMeeting gives a meeting another time and place. Somebody who was faster
// leaves pgx.ErrNoRows.
func (tx *Tx) MoveMeeting(ctx context.Context, m *Meeting) error {
	return tx.one(ctx, "move a meeting", moveMeetingSQL, pgx.StrictNamedArgs{
		"id": m.ID, "intervention": m.Intervention, "starts": m.StartsAt, "ends": m.EndsAt, "place": m.PlaceSealed, "link": m.LinkSealed,
		"sequence": m.Sequence, "mail_place": m.MailPlace, "at": tx.Now(),
	})
}

const cancelMeetingSQL = `
update sig.meeting set state = 'cancelled', cancelled_at = @at, cancel_reason = @reason, sequence = sequence + 1, changed_at = @at
 where id = @id and intervention = @intervention and state = 'planned'`

// CancelMeeting calls a meeting off.
func (tx *Tx) CancelMeeting(ctx context.Context, intervention sig.InterventionID, id sig.MeetingID, why sig.MeetingCancel) error {
	return tx.one(ctx, "cancel a meeting", cancelMeetingSQL, pgx.StrictNamedArgs{
		"id": id, "intervention": intervention, "reason": why, "at": tx.Now(),
	})
}

const (
	endPresencesSQL  = `update sig.meeting_presence set ended_at = @at where invitation = @invitation and point = any (@points) and ended_at is null`
	endInvitationSQL = `update sig.meeting_invitation set ended_at = @at, ended_by = @by where id = @invitation and ended_at is null`
	clearAnswersSQL  = `update sig.meeting_invitation set answer = null, answered_at = null, answered_by = null, proposed_start = null, proposed_end = null where meeting = @meeting and ended_at is null`
	answerCallSQL    = `
update sig.meeting_invitation set answer = @answer, answered_at = @at, answered_by = @by, proposed_start = @start, proposed_end = @end
 where id = @id and meeting = @meeting and ended_at is null`
)

// InsertInvitation calls one more function to a meeting; the points follow.
func (tx *Tx) InsertInvitation(m *Meeting, v Invitation) {
	tx.later("call one more function", insertInvitationSQL, pgx.StrictNamedArgs{
		"id": v.ID, "meeting": m.ID, "intervention": m.Intervention, "at": tx.Now(),
		"authority": v.Seat.Authority, "unit": v.Seat.Unit, "function": v.Seat.Function,
	})
}

// PutPresences calls a function to points.
func (tx *Tx) PutPresences(ctx context.Context, m *Meeting, invitation sig.InvitationID, points []sig.PointID) error {
	b := &pgx.Batch{}
	for _, point := range points {
		b.Queue(putPresenceSQL, pgx.StrictNamedArgs{
			"invitation": invitation, "point": point, "meeting": m.ID, "intervention": m.Intervention,
		})
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("call a function to points: %w", err)
	}
	return nil
}

// EndPresences takes a function's call to points back.
func (tx *Tx) EndPresences(invitation sig.InvitationID, points []sig.PointID, at time.Time) {
	tx.later("end calls to points", endPresencesSQL, pgx.StrictNamedArgs{"invitation": invitation, "points": notNil(points), "at": at})
}

// EndInvitation takes a function's call back.
func (tx *Tx) EndInvitation(invitation sig.InvitationID, by string, at time.Time) {
	tx.later("end a call", endInvitationSQL, pgx.StrictNamedArgs{"invitation": invitation, "by": by, "at": at})
}

// ClearAnswers forgets what was answered to another time.
func (tx *Tx) ClearAnswers(meeting sig.MeetingID) {
	tx.later("clear answers", clearAnswersSQL, pgx.StrictNamedArgs{"meeting": meeting})
}

// AnswerInvitation writes down what a called function says, by whom, with the
// other time that it suggests if it does.
func (tx *Tx) AnswerInvitation(
	ctx context.Context, meeting sig.MeetingID, id sig.InvitationID, answer sig.InvitationAnswer, instead Proposal,
) error {
	var start, end *time.Time
	if !instead.Start.IsZero() {
		start, end = &instead.Start, &instead.End
	}
	return tx.one(ctx, "answer a call", answerCallSQL, pgx.StrictNamedArgs{
		"id": id, "meeting": meeting, "answer": answer, "at": tx.Now(), "by": tx.Actor.Assignment, "start": start, "end": end,
	})
}
