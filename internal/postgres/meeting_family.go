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

// The second wall decides which meetings, points and calls there are
// (sig.my_family_agenda): to nobody but the family does it show any.
const readFamilyMeetingsSQL = `
with content as materialized (select a.* from sig.my_family_agenda(@intervention) a),
logged as materialized (
  select sig.append_ledger(sig.instant(), 'read_meetings', intervention => @intervention::uuid, basis => 'consent',
           consent => (select k.id from sig.consent k where k.intervention = @intervention and k.state = 'active'),
           detail => jsonb_build_object('rows', (select count(distinct c.meeting) from content c)), request => @request::uuid) as id)
select c.meeting, @intervention::uuid, c.authority, c.unit, c.function, c.state, c.starts_at, c.ends_at, c.sequence, c.place_sealed, c.link_sealed,
       c.cancelled_at, coalesce(c.cancel_reason, ''),
       c.point, c.position, c.category, c.teller_authority, c.teller_unit, c.teller_function, c.family_alone,
       c.called_authority, c.called_unit, c.called_function
  from content c where (select l.id from logged l) is not null
 order by c.starts_at, c.meeting, c.position, c.called_authority, c.called_unit, c.called_function`

const familyGuestsSQL = `select k.meeting, k.kind, coalesce(k.language, '') from sig.my_family_guests(@intervention) k`

// ReadFamilyMeetings lists the meetings ahead for a member of the family: lock,
// facts, content and ledger row in one round trip, as of a copy.
func (tx *Tx) ReadFamilyMeetings(ctx context.Context, intervention sig.InterventionID, request any) (*CaseFacts, *FamilyMeetings, error) {
	var facts CaseFacts
	var out FamilyMeetings
	tx.ShareCase(intervention)
	b := &pgx.Batch{}
	b.Queue(readFamilyMeetingsSQL, pgx.StrictNamedArgs{"intervention": intervention, "request": request}).Query(func(rows pgx.Rows) error {
		return each(rows, func() error { return out.scanCall(rows) })
	})
	b.Queue(familyGuestsSQL, pgx.StrictNamedArgs{"intervention": intervention}).Query(func(rows pgx.Rows) (err error) {
		out.Guests, err = pgx.CollectRows(rows, pgx.RowToStructByPos[GuestOf])
		return err
	})
	QueueCaseFacts(b, intervention, &facts)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, nil, fmt.Errorf("list a family's meetings: %w", err)
	}
	return &facts, &out, nil
}

// scanCall adds one function called to one point of one meeting; the rows of a
// point, and of a meeting, come together.
func (f *FamilyMeetings) scanCall(row pgx.Row) error {
	var m Meeting
	var p MeetingPointOf
	var c CallOf
	err := row.Scan(&m.ID, &m.Intervention, &m.Host.Authority, &m.Host.Unit, &m.Host.Function, &m.State, &m.StartsAt, &m.EndsAt,
		&m.Sequence, &m.PlaceSealed, &m.LinkSealed, &m.CancelledAt, &m.CancelReason,
		&p.ID, &p.Position, &p.Category, &p.Teller.Authority, &p.Teller.Unit, &p.Teller.Function, &p.FamilyAlone,
		&c.Seat.Authority, &c.Seat.Unit, &c.Seat.Function)
	if n := len(f.Meetings); n == 0 || f.Meetings[n-1].ID != m.ID {
		f.Meetings = append(f.Meetings, m)
	}
	p.Meeting, c.Point = m.ID, p.ID
	if n := len(f.Points); n == 0 || f.Points[n-1].ID != p.ID {
		f.Points = append(f.Points, p)
	}
	f.Calls = append(f.Calls, c)
	return err
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
