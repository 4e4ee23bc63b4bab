package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// FamilyMeetings are meetings as a member of the family may see them: no texts.
type FamilyMeetings struct {
	Meetings []Meeting
	Points   []MeetingPointOf
	Calls    []CallOf
	Guests   []GuestOf
}

// GuestOf is that a guest of a kind comes to a meeting. Language is told where
// an interpreter comes for the member of the family who acts.
type GuestOf struct {
	Meeting  sig.MeetingID
	Kind     sig.GuestKind
	Language string
}

// MeetingPointOf is a point and whose it is.
type MeetingPointOf struct {
	Meeting sig.MeetingID
	sig.AgendaPoint
}

// CallOf is one function called to one point.
type CallOf struct {
	Point sig.PointID
	Seat  sig.Seat
}

// The statement decides by itself which meetings there are: to nobody but the
// family does it show any.
const readFamilyMeetingsSQL = `
with content as materialized (
  select m.id, m.intervention, m.authority, m.unit, m.function, m.state, m.starts_at, m.ends_at, m.sequence, m.place_sealed, m.link_sealed,
         m.cancelled_at, coalesce(m.cancel_reason, '') as cancel_reason, '{}'::timestamptz[] as poll_starts, '{}'::timestamptz[] as poll_ends
    from sig.meeting m
   where m.intervention = @intervention and (select sig.my_standing()) is not null
   order by m.starts_at, m.id limit 100),
logged as materialized (
  select sig.append_ledger(sig.instant(), 'read_meetings', intervention => @intervention::uuid, basis => 'consent',
           consent => (select k.id from sig.consent k where k.intervention = @intervention and k.state = 'active'),
           detail => jsonb_build_object('rows', (select count(*) from content)), request => @request::uuid) as id)
select c.* from logged left join content c on true where c.id is not null order by c.starts_at, c.id`

const familyPointsSQL = `
select p.meeting, ` + pointColumns + `
  from sig.meeting_point p where p.intervention = @intervention order by p.meeting, p.position`

const familyCallsSQL = `
select r.point, v.authority, v.unit, v.function
  from sig.meeting_presence r join sig.meeting_invitation v on v.id = r.invitation
 where r.intervention = @intervention order by v.authority, v.unit, v.function`

const familyGuestsSQL = `select k.meeting, k.kind, coalesce(k.language, '') from sig.my_family_guests(@intervention) k`

// ReadFamilyMeetings lists the meetings ahead for a member of the family: lock,
// facts, content and ledger row in one round trip, as of a copy.
func (tx *Tx) ReadFamilyMeetings(ctx context.Context, intervention sig.InterventionID, request any) (*CaseFacts, *FamilyMeetings, error) {
	var facts CaseFacts
	var out FamilyMeetings
	tx.ShareCase(intervention)
	b := &pgx.Batch{}
	args := pgx.StrictNamedArgs{"intervention": intervention}
	b.Queue(readFamilyMeetingsSQL, pgx.StrictNamedArgs{"intervention": intervention, "request": request}).Query(func(rows pgx.Rows) (err error) {
		out.Meetings, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Meeting, error) { return scanMeeting(row) })
		return err
	})
	b.Queue(familyPointsSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			var p MeetingPointOf
			err := rows.Scan(&p.Meeting, &p.ID, &p.Position, &p.Category, &p.Teller.Authority, &p.Teller.Unit, &p.Teller.Function, &p.FamilyAlone)
			out.Points = append(out.Points, p)
			return err
		})
	})
	b.Queue(familyCallsSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			var c CallOf
			err := rows.Scan(&c.Point, &c.Seat.Authority, &c.Seat.Unit, &c.Seat.Function)
			out.Calls = append(out.Calls, c)
			return err
		})
	})
	b.Queue(familyGuestsSQL, args).Query(func(rows pgx.Rows) (err error) {
		out.Guests, err = pgx.CollectRows(rows, pgx.RowToStructByPos[GuestOf])
		return err
	})
	QueueCaseFacts(b, intervention, &facts)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, nil, fmt.Errorf("list a family's meetings: %w", err)
	}
	return &facts, &out, nil
}

// PlacesOf is PlaceOf of several seats in one round trip; a seat that the
// directory does not know is not in the answer.
func (tx *Tx) PlacesOf(ctx context.Context, seats []sig.Seat) (map[sig.Seat]sig.Place, error) {
	places := map[sig.Seat]sig.Place{}
	b := &pgx.Batch{}
	for _, seat := range seats {
		b.Queue(seatPlaceSQL, pgx.StrictNamedArgs{"unit": seat.Unit, "function": seat.Function}).Query(func(rows pgx.Rows) error {
			return each(rows, func() error {
				p, err := scanPlace(rows)
				if p.Authority == seat.Authority {
					places[seat] = p
				}
				return err
			})
		})
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, fmt.Errorf("look up places: %w", err)
	}
	return places, nil
}

// Calls lists the calls to points of an intervention's meetings, as far as the
// actor may see them.
func (tx *Tx) Calls(ctx context.Context, intervention sig.InterventionID) ([]Call, error) {
	var calls []Call
	b := &pgx.Batch{}
	queueCalls(b, intervention, tx.Now(), &calls)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, fmt.Errorf("list calls to meetings: %w", err)
	}
	return calls, nil
}

// CallEnded is a function's call to a meeting that ended, wholly or at some of
// its points.
type CallEnded struct {
	Meeting   sig.MeetingID
	Seat      sig.Seat
	Whole     bool
	CalledOff bool // with the meeting
}

const callsEndedSQL = `
select c.meeting, c.authority, c.unit, c.function, c.whole, c.called_off
  from sig.calls_ended(@intervention, @at) c`

func queueCallsEnded(b *pgx.Batch, intervention sig.InterventionID, at time.Time, into *[]CallEnded) {
	b.Queue(callsEndedSQL, pgx.StrictNamedArgs{"intervention": intervention, "at": at}).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			var c CallEnded
			err := rows.Scan(&c.Meeting, &c.Seat.Authority, &c.Seat.Unit, &c.Seat.Function, &c.Whole, &c.CalledOff)
			*into = append(*into, c)
			return err
		})
	})
}
