package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// spans are times as the database keeps them; null where there are none.
func spans(list []Span) (starts, ends []time.Time) {
	for _, s := range list {
		starts, ends = append(starts, s.Start), append(ends, s.End)
	}
	return starts, ends
}

const (
	queuePollSQL  = `select sig.queue_poll(@meeting, @at)`
	suitsCallSQL  = `update sig.meeting_invitation set suits = @suits, suits_at = @at where id = @id and meeting = @meeting and ended_at is null`
	suitsGuestSQL = `update sig.meeting_guest set suits = @suits, suits_at = @at where id = @id and ended_at is null`
	chooseTimeSQL = `
update sig.meeting set state = 'planned', starts_at = @starts, ends_at = @ends, sequence = sequence + 1, changed_at = @at
 where id = @id and intervention = @intervention and state = 'proposed'`
	dropMeetingSQL = `
with calls as (
  update sig.meeting_invitation set ended_at = @at, ended_by = 'by_coordinator' where meeting = @id and ended_at is null),
guests as (
  update sig.meeting_guest set ended_at = @at, ended_by = 'by_coordinator' where meeting = @id and ended_at is null),
points as (
  update sig.meeting_presence set ended_at = @at where meeting = @id and ended_at is null)
update sig.meeting set state = 'dropped', changed_at = @at where id = @id and intervention = @intervention and state = 'proposed'`
	guestOfMailSQL = `select coalesce(sig.guest_of_mail(@id), '00000000-0000-0000-0000-000000000000')`
)

// QueuePoll queues the question which times suit, once to each who is asked. It
// leaves only while they may come and the time is not decided.
func (tx *Tx) QueuePoll(meeting sig.MeetingID) {
	tx.later("ask which times suit", queuePollSQL, pgx.StrictNamedArgs{"meeting": meeting, "at": tx.Now()})
}

// SuitsCall writes down which times suit a called function.
func (tx *Tx) SuitsCall(ctx context.Context, meeting sig.MeetingID, id sig.InvitationID, suits []int) error {
	return tx.one(ctx, "note which times suit", suitsCallSQL, pgx.StrictNamedArgs{"meeting": meeting, "id": id, "suits": notNil(suits), "at": tx.Now()})
}

// SuitsGuest writes down which times suit a guest.
func (tx *Tx) SuitsGuest(ctx context.Context, id sig.GuestID, suits []int) error {
	return tx.one(ctx, "note which times suit a guest", suitsGuestSQL, pgx.StrictNamedArgs{"id": id, "suits": notNil(suits), "at": tx.Now()})
}

// ChooseTime decides the time of a meeting. Somebody who was faster leaves
// pgx.ErrNoRows.
func (tx *Tx) ChooseTime(ctx context.Context, m *Meeting, at Span) error {
	return tx.one(ctx, "choose a time", chooseTimeSQL, pgx.StrictNamedArgs{
		"id": m.ID, "intervention": m.Intervention, "starts": at.Start, "ends": at.End, "at": tx.Now(),
	})
}

// DropMeeting chooses none of the times: every call and link ends.
func (tx *Tx) DropMeeting(ctx context.Context, m *Meeting) error {
	return tx.one(ctx, "choose no time", dropMeetingSQL, pgx.StrictNamedArgs{"id": m.ID, "intervention": m.Intervention, "at": tx.Now()})
}

// guestOfMail is whom a checked mail goes to that has no account; zero is nobody.
func (tx *Tx) guestOfMail(ctx context.Context, id uuid.UUID) (sig.GuestID, error) {
	var guest sig.GuestID
	err := tx.QueryRow(ctx, guestOfMailSQL, pgx.StrictNamedArgs{"id": id}).Scan(&guest.UUID)
	return guest, wrap("find the guest of a mail", err)
}
