package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Call is one point that one function is called to, without any text.
type Call struct {
	Meeting    sig.MeetingID
	StartsAt   time.Time
	Ahead      bool // the meeting has not ended yet
	Host       sig.Seat
	Invitation sig.InvitationID
	Seat       sig.Seat
	Point      sig.PointID
	Category   sig.Category
	Teller     sig.Seat
	// FamilyAlone is that the point is for the family and the host alone.
	FamilyAlone bool
}

const callsSQL = `
select m.id, m.starts_at, m.state in ('proposed', 'planned', 'live') and @at < m.ends_at, m.authority, m.unit, m.function,
       v.id, v.authority, v.unit, v.function, p.id, p.category, p.teller_authority, p.teller_unit, p.teller_function, p.family_alone
  from sig.meeting m
  join sig.meeting_invitation v on v.meeting = m.id and v.ended_at is null
  join sig.meeting_presence r on r.invitation = v.id and r.ended_at is null
  join sig.meeting_point p on p.id = r.point
 where m.intervention = @intervention and m.state not in ('cancelled', 'dropped')
 order by m.starts_at, m.id, v.id, p.position`

func scanCall(row pgx.CollectableRow) (Call, error) {
	var c Call
	err := row.Scan(&c.Meeting, &c.StartsAt, &c.Ahead, &c.Host.Authority, &c.Host.Unit, &c.Host.Function,
		&c.Invitation, &c.Seat.Authority, &c.Seat.Unit, &c.Seat.Function, &c.Point, &c.Category,
		&c.Teller.Authority, &c.Teller.Unit, &c.Teller.Function, &c.FamilyAlone)
	return c, err
}

func queueCalls(batch *pgx.Batch, intervention sig.InterventionID, at time.Time, into *[]Call) {
	batch.Queue(callsSQL, pgx.StrictNamedArgs{"intervention": intervention, "at": at}).Query(func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, scanCall)
		return err
	})
}

// The end of an intervention takes all its meetings in one statement, with a
// ledger row for each that will not be held: nobody waits for an answer.
const endMeetingsSQL = `
with off as materialized (
  update sig.meeting set state = 'cancelled', cancelled_at = @at, cancel_reason = 'collaboration_ended', sequence = sequence + 1, changed_at = @at
   where intervention = @intervention and state = 'planned' and @at < ends_at
  returning id),
dropped as materialized (
  update sig.meeting set state = 'dropped', changed_at = @at
   where intervention = @intervention and state = 'proposed'
  returning id),
calls as (
  update sig.meeting_invitation set ended_at = @at, ended_by = @by where intervention = @intervention and ended_at is null),
guests as (
  update sig.meeting_guest set ended_at = @at, ended_by = @by where intervention = @intervention and ended_at is null),
points as (
  update sig.meeting_presence set ended_at = @at where intervention = @intervention and ended_at is null)
select sig.append_ledger(@at, 'cancel_meeting', reason => @by, intervention => @intervention, object_kind => 'meeting', object_id => id)
  from (select id from off union all select id from dropped) over`

// EndMeetings calls off what lies ahead and ends every call of an intervention;
// whoever was called by mail gets the cancellation.
func (tx *Tx) EndMeetings(intervention sig.InterventionID, by string) {
	tx.later("end meetings", endMeetingsSQL, pgx.StrictNamedArgs{"intervention": intervention, "by": by, "at": tx.Now()})
	tx.QueueMeetingEnds(intervention)
}
