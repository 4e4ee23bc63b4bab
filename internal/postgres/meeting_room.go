package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Attendance is one stay of a called seat, or of one person of it, in a room.
type Attendance struct {
	Invitation sig.InvitationID
	Assignment *sig.AssignmentID // nil where the person is not known
	Name       string            // empty where the person is not known
	CameAt     time.Time
	LeftAt     *time.Time
	LeftWhy    string // noted, cut or ended
}

// GuestStay is one stay of a guest in a room.
type GuestStay struct {
	Guest   sig.GuestID
	CameAt  time.Time
	LeftAt  *time.Time
	LeftWhy string // noted, cut or ended
}

// The two kinds of drafts.
const (
	DraftTold     = "told"     // the teller's, until it is stamped
	DraftInternal = "internal" // the board's own note, never told
)

// MeetingDraft is what is being written under a point; without a body it has
// been stamped.
type MeetingDraft struct {
	Point      sig.PointID
	Kind       string
	Seat       sig.Seat
	Version    int
	BodySealed []byte
	SavedAt    time.Time
	SavedBy    sig.AssignmentID
}

// MeetingTold is one item that was told under a point. Copy is the actor's own
// copy of it, where there is one.
type MeetingTold struct {
	Item   sig.ItemID
	Point  sig.PointID
	ToldAt time.Time
	Copy   *sig.DisclosureID
}

// MeetingRoom is what the actor may see of a meeting's room.
type MeetingRoom struct {
	OpenedAt       *time.Time
	OpenedBy       *sig.AssignmentID
	EndedAt        *time.Time
	SharingEndedAt *time.Time
	InvitedAt      map[sig.InvitationID]time.Time
	Attendance     []Attendance
	Guests         []GuestStay
	Drafts         []MeetingDraft
	Told           []MeetingTold
}

const roomSQL = `select opened_at, opened_by, ended_at, sharing_ended_at from sig.meeting where id = @meeting and intervention = @intervention`

const invitedSQL = `select id, invited_at from sig.meeting_invitation where meeting = @meeting and intervention = @intervention`

const attendanceSQL = `
select t.invitation, t.assignment, coalesce(a.name, ''), t.came_at, t.left_at, coalesce(t.left_why, '')
  from sig.meeting_attendance t left join sig.assignment a on a.id = t.assignment
 where t.meeting = @meeting and t.intervention = @intervention order by t.came_at, t.id`

const guestStaysSQL = `
select guest, came_at, left_at, coalesce(left_why, '')
  from sig.meeting_guest_stay where meeting = @meeting and intervention = @intervention order by came_at, id`

const draftColumns = `point, kind, authority, unit, function, version, body_sealed, saved_at, saved_by`

const draftsSQL = `select ` + draftColumns + ` from sig.meeting_draft where meeting = @meeting and intervention = @intervention`

func scanDraft(row pgx.CollectableRow) (MeetingDraft, error) {
	var d MeetingDraft
	err := row.Scan(&d.Point, &d.Kind, &d.Seat.Authority, &d.Seat.Unit, &d.Seat.Function, &d.Version, &d.BodySealed, &d.SavedAt, &d.SavedBy)
	return d, err
}

// A recipient's copy is named only while the second wall still shows it.
const toldSQL = `
select t.item, t.point, t.told_at,
       (select r.id from sig.received r
         where r.item = t.item and r.intervention = t.intervention and r.authority = sig.my_authority()
           and r.function = any (sig.my_functions()) limit 1)
  from sig.meeting_told t where t.meeting = @meeting and t.intervention = @intervention order by t.told_at, t.item`

// MeetingRoom reads a room; its drafts stay sealed.
func (tx *Tx) MeetingRoom(ctx context.Context, intervention sig.InterventionID, meeting sig.MeetingID) (*MeetingRoom, error) {
	r := &MeetingRoom{InvitedAt: map[sig.InvitationID]time.Time{}}
	args := pgx.StrictNamedArgs{"meeting": meeting, "intervention": intervention}
	b := &pgx.Batch{}
	b.Queue(roomSQL, args).QueryRow(func(row pgx.Row) error { return row.Scan(&r.OpenedAt, &r.OpenedBy, &r.EndedAt, &r.SharingEndedAt) })
	b.Queue(invitedSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			var id sig.InvitationID
			var at time.Time
			err := rows.Scan(&id, &at)
			r.InvitedAt[id] = at
			return err
		})
	})
	b.Queue(attendanceSQL, args).Query(func(rows pgx.Rows) (err error) {
		r.Attendance, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Attendance])
		return err
	})
	b.Queue(guestStaysSQL, args).Query(func(rows pgx.Rows) (err error) {
		r.Guests, err = pgx.CollectRows(rows, pgx.RowToStructByPos[GuestStay])
		return err
	})
	if tx.Actor.Kind == sig.ActorStaff {
		b.Queue(draftsSQL, args).Query(func(rows pgx.Rows) (err error) {
			r.Drafts, err = pgx.CollectRows(rows, scanDraft)
			return err
		})
		b.Queue(toldSQL, args).Query(func(rows pgx.Rows) (err error) {
			r.Told, err = pgx.CollectRows(rows, pgx.RowToStructByPos[MeetingTold])
			return err
		})
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, fmt.Errorf("read a meeting's room: %w", err)
	}
	return r, nil
}

const toldAtSQL = `select exists (select from sig.meeting_told t where t.item = @item and t.meeting = @meeting)`

// ToldAt reports whether an item was told in a meeting's room.
func (tx *Tx) ToldAt(ctx context.Context, item sig.ItemID, meeting sig.MeetingID) (told bool, err error) {
	err = tx.QueryRow(ctx, toldAtSQL, pgx.StrictNamedArgs{"item": item, "meeting": meeting}).Scan(&told)
	return told, wrap("ask where an item was told", err)
}

const openRoomSQL = `
update sig.meeting set state = 'live', opened_at = @at, opened_by = @by, changed_at = @at
 where id = @id and intervention = @intervention and state = 'planned'`

// OpenRoom makes a planned meeting a live one.
func (tx *Tx) OpenRoom(ctx context.Context, intervention sig.InterventionID, id sig.MeetingID) error {
	return tx.one(ctx, "open a room", openRoomSQL, pgx.StrictNamedArgs{
		"id": id, "intervention": intervention, "at": tx.Now(), "by": tx.Actor.Assignment,
	})
}

const endRoomSQL = `
update sig.meeting set state = 'ended', ended_at = @at, changed_at = @at
 where id = @id and intervention = @intervention and state = 'live'`

const everybodyLeavesSQL = `
update sig.meeting_attendance set left_at = @at, left_why = 'ended' where meeting = @id and intervention = @intervention and left_at is null`

// EndRoom makes a live meeting one that is over; nobody is in the room then.
func (tx *Tx) EndRoom(ctx context.Context, intervention sig.InterventionID, id sig.MeetingID) error {
	tx.guestsLeave(intervention, id)
	tx.later("everybody leaves a room", everybodyLeavesSQL, pgx.StrictNamedArgs{"id": id, "intervention": intervention, "at": tx.Now()})
	return tx.one(ctx, "end a meeting", endRoomSQL, pgx.StrictNamedArgs{"id": id, "intervention": intervention, "at": tx.Now()})
}

const cameSQL = `
insert into sig.meeting_attendance (id, meeting, intervention, invitation, assignment, came_at, came_noted_by)
values (@id, @meeting, @intervention, @invitation, @assignment, @at, @by)`

// Came notes that somebody of a called seat is in the room now.
func (tx *Tx) Came(m *Meeting, invitation sig.InvitationID, who *sig.AssignmentID) {
	tx.later("note who came", cameSQL, pgx.StrictNamedArgs{
		"id": uuid.New(), "meeting": m.ID, "intervention": m.Intervention, "invitation": invitation, "assignment": who,
		"at": tx.Now(), "by": tx.Actor.Assignment,
	})
}

const leftSQL = `
update sig.meeting_attendance set left_at = @at, left_why = 'noted'
 where meeting = @meeting and invitation = @invitation and assignment is not distinct from @assignment::uuid and left_at is null`

// Left notes that somebody of a called seat has left the room.
func (tx *Tx) Left(m *Meeting, invitation sig.InvitationID, who *sig.AssignmentID) {
	tx.later("note who left", leftSQL, pgx.StrictNamedArgs{
		"meeting": m.ID, "invitation": invitation, "assignment": who, "at": tx.Now(),
	})
}

// The rooms that are open when the consent ends stop, with a ledger row each.
const stopRoomsSQL = `
with stopped as materialized (
  update sig.meeting set sharing_ended_at = greatest(@ended::timestamptz, opened_at), changed_at = @at
   where intervention = @intervention and state = 'live' and sharing_ended_at is null
  returning id)
select sig.append_ledger(@at, 'stop_room', reason => @by, intervention => @intervention, object_kind => 'meeting', object_id => id) from stopped`

// StopRooms writes down that sharing ended under the open rooms of an
// intervention at an instant: from then on nothing is told there.
func (tx *Tx) StopRooms(intervention sig.InterventionID, by string, ended time.Time) {
	tx.later("stop open rooms", stopRoomsSQL, pgx.StrictNamedArgs{"intervention": intervention, "by": by, "at": tx.Now(), "ended": ended})
}
