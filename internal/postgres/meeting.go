package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Meeting is one row of sig.meeting; place and link stay sealed.
type Meeting struct {
	ID           sig.MeetingID
	Intervention sig.InterventionID
	Host         sig.Seat
	State        sig.MeetingState
	StartsAt     time.Time
	EndsAt       time.Time
	Sequence     int
	PlaceSealed  []byte
	LinkSealed   []byte
	MailPlace    []byte // the place once more, under the authority's own key; written and never read here
	CancelledAt  *time.Time
	CancelReason sig.MeetingCancel
	Poll         []Span // the times that were asked about, the earliest first
}

// MeetingPoint is one point of an agenda. TextSealed is nil for whoever is not
// told its text.
type MeetingPoint struct {
	sig.AgendaPoint
	TextSealed []byte
}

// Invitation is one function called to a meeting.
type Invitation struct {
	ID         sig.InvitationID
	Seat       sig.Seat
	Answer     sig.InvitationAnswer
	AnsweredAt *time.Time
	Proposed   Proposal
	Suits      []int // which times of the poll suit, counted from 1
	SuitsAt    *time.Time
	EndedAt    *time.Time
	EndedBy    string
}

// Proposal is another time that a called function suggests; none is zero.
type Proposal struct{ Start, End time.Time }

// Presence is one point that a called function is called to.
type Presence struct {
	Invitation sig.InvitationID
	Point      sig.PointID
	EndedAt    *time.Time
}

// MeetingParts is a meeting with its agenda and its calls, as far as the actor
// may see them.
type MeetingParts struct {
	Meeting
	Points      []MeetingPoint
	Invitations []Invitation
	Presences   []Presence
}

const insertMeetingSQL = `
insert into sig.meeting (id, intervention, authority, unit, function, assignment, starts_at, ends_at, place_sealed, link_sealed,
       mail_place_sealed, created_at, changed_at, state, poll_starts, poll_ends)
values (@id, @intervention, @authority, @unit, @function, @assignment, @starts, @ends, @place, @link, @mail_place, @at, @at,
        case when @poll_starts::timestamptz[] is null then 'planned' else 'proposed' end, @poll_starts, @poll_ends)`

const insertPointSQL = `
insert into sig.meeting_point (id, meeting, intervention, position, category, teller_authority, teller_unit, teller_function, family_alone)
values (@id, @meeting, @intervention, @position, @category, @authority, @unit, @function, @family_alone)`

const insertPointTextSQL = `
insert into sig.meeting_point_text (point, meeting, intervention, authority, body_sealed)
values (@point, @meeting, @intervention, @authority, @body)`

const insertInvitationSQL = `
insert into sig.meeting_invitation (id, meeting, intervention, authority, unit, function, invited_at)
values (@id, @meeting, @intervention, @authority, @unit, @function, @at)`

const putPresenceSQL = `
insert into sig.meeting_presence (invitation, point, meeting, intervention)
values (@invitation, @point, @meeting, @intervention)
on conflict on constraint meeting_presence_pk do update set ended_at = null`

// InsertMeeting writes a meeting with its agenda and its calls; the second wall
// refuses a call to a point that the consent does not cover.
func (tx *Tx) InsertMeeting(ctx context.Context, m MeetingParts) error {
	b := &pgx.Batch{}
	starts, ends := spans(m.Poll)
	b.Queue(insertMeetingSQL, pgx.StrictNamedArgs{
		"id": m.ID, "intervention": m.Intervention, "authority": m.Host.Authority, "unit": m.Host.Unit, "function": m.Host.Function,
		"assignment": tx.Actor.Assignment, "starts": m.StartsAt, "ends": m.EndsAt, "place": m.PlaceSealed, "link": m.LinkSealed, "at": tx.Now(),
		"mail_place": m.MailPlace, "poll_starts": starts, "poll_ends": ends,
	})
	for _, p := range m.Points {
		b.Queue(insertPointSQL, pgx.StrictNamedArgs{
			"id": p.ID, "meeting": m.ID, "intervention": m.Intervention, "position": p.Position, "category": p.Category,
			"authority": p.Teller.Authority, "unit": p.Teller.Unit, "function": p.Teller.Function, "family_alone": p.FamilyAlone,
		})
		b.Queue(insertPointTextSQL, pgx.StrictNamedArgs{
			"point": p.ID, "meeting": m.ID, "intervention": m.Intervention, "authority": m.Host.Authority, "body": p.TextSealed,
		})
	}
	for _, v := range m.Invitations {
		b.Queue(insertInvitationSQL, pgx.StrictNamedArgs{
			"id": v.ID, "meeting": m.ID, "intervention": m.Intervention, "at": tx.Now(),
			"authority": v.Seat.Authority, "unit": v.Seat.Unit, "function": v.Seat.Function,
		})
	}
	for _, p := range m.Presences {
		b.Queue(putPresenceSQL, pgx.StrictNamedArgs{
			"invitation": p.Invitation, "point": p.Point, "meeting": m.ID, "intervention": m.Intervention,
		})
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("insert a meeting: %w", err)
	}
	return nil
}

const meetingColumns = `
m.id, m.intervention, m.authority, m.unit, m.function, m.state, m.starts_at, m.ends_at, m.sequence, m.place_sealed, m.link_sealed,
m.cancelled_at, coalesce(m.cancel_reason, ''), coalesce(m.poll_starts, '{}'), coalesce(m.poll_ends, '{}')`

const meetingSQL = `select ` + meetingColumns + ` from sig.meeting m where m.id = @meeting and m.intervention = @intervention`

func scanMeeting(row pgx.Row) (Meeting, error) {
	var m Meeting
	var starts, ends []time.Time
	err := row.Scan(&m.ID, &m.Intervention, &m.Host.Authority, &m.Host.Unit, &m.Host.Function, &m.State, &m.StartsAt, &m.EndsAt,
		&m.Sequence, &m.PlaceSealed, &m.LinkSealed, &m.CancelledAt, &m.CancelReason, &starts, &ends)
	for i := range starts {
		m.Poll = append(m.Poll, Span{starts[i], ends[i]})
	}
	return m, err
}

const pointColumns = `p.id, p.position, p.category, p.teller_authority, p.teller_unit, p.teller_function, p.family_alone`

const pointsSQL = `
select ` + pointColumns + `, null::bytea
  from sig.meeting_point p where p.meeting = @meeting and p.intervention = @intervention order by p.position`

// The texts of a meeting's points are read in the statement that writes the
// ledger row: the row names the categories of what was shown, and the version
// of the consent that the second wall has just relied on.
const readPointsSQL = `
with seen as materialized (
  select m.id, m.intervention, m.intervention = any ((select sig.my_board_cases())::uuid[]) as own
    from sig.meeting m where m.id = @meeting and m.intervention = @intervention),
content as materialized (
  select ` + pointColumns + `, t.body_sealed
    from seen s join sig.meeting_point p on p.meeting = s.id left join sig.meeting_point_text t on t.point = p.id),
logged as materialized (
  select sig.append_ledger(sig.instant(), 'read_meeting', intervention => s.intervention, object_kind => 'meeting', object_id => s.id,
           consent => (select k.id from sig.consent k where not s.own and k.intervention = s.intervention and k.state = 'active'),
           basis => case when s.own then 'participation' else 'consent' end,
           categories => (select array_agg(distinct c.category order by c.category) from content c where c.body_sealed is not null),
           request => @request::uuid) as id
    from seen s)
select content.* from logged left join content on true where content.id is not null order by content.position`

func scanPoint(row pgx.CollectableRow) (MeetingPoint, error) {
	var p MeetingPoint
	err := row.Scan(&p.ID, &p.Position, &p.Category, &p.Teller.Authority, &p.Teller.Unit, &p.Teller.Function, &p.FamilyAlone, &p.TextSealed)
	return p, err
}

const invitationsSQL = `
select v.id, v.authority, v.unit, v.function, coalesce(v.answer, ''), v.answered_at, v.proposed_start, v.proposed_end, v.ended_at, coalesce(v.ended_by, ''),
       coalesce(v.suits, '{}'), v.suits_at
  from sig.meeting_invitation v where v.meeting = @meeting and v.intervention = @intervention
 order by v.authority, v.unit, v.function`

func scanInvitation(row pgx.CollectableRow) (Invitation, error) {
	var v Invitation
	var start, end *time.Time
	err := row.Scan(&v.ID, &v.Seat.Authority, &v.Seat.Unit, &v.Seat.Function, &v.Answer, &v.AnsweredAt, &start, &end, &v.EndedAt, &v.EndedBy, &v.Suits, &v.SuitsAt)
	if start != nil && end != nil {
		v.Proposed = Proposal{*start, *end}
	}
	return v, err
}

const presencesSQL = `
select r.invitation, r.point, r.ended_at
  from sig.meeting_presence r where r.meeting = @meeting and r.intervention = @intervention`

// queueMeeting puts the questions for a meeting into a batch.
func queueMeeting(b *pgx.Batch, points string, args, pointArgs pgx.StrictNamedArgs, into *[]MeetingParts) {
	m := MeetingParts{}
	b.Queue(meetingSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() (err error) {
			m.Meeting, err = scanMeeting(rows)
			return err
		})
	})
	b.Queue(points, pointArgs).Query(func(rows pgx.Rows) (err error) {
		m.Points, err = pgx.CollectRows(rows, scanPoint)
		return err
	})
	b.Queue(invitationsSQL, args).Query(func(rows pgx.Rows) (err error) {
		m.Invitations, err = pgx.CollectRows(rows, scanInvitation)
		return err
	})
	b.Queue(presencesSQL, args).Query(func(rows pgx.Rows) (err error) {
		m.Presences, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Presence])
		if !m.ID.IsZero() {
			*into = append(*into, m)
		}
		return err
	})
}

// MeetingParts reads a meeting without its texts, for an act upon it.
func (tx *Tx) MeetingParts(ctx context.Context, intervention sig.InterventionID, id sig.MeetingID) (*MeetingParts, error) {
	var found []MeetingParts
	b := &pgx.Batch{}
	args := pgx.StrictNamedArgs{"meeting": id, "intervention": intervention}
	queueMeeting(b, pointsSQL, args, args, &found)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, fmt.Errorf("read a meeting: %w", err)
	}
	if len(found) == 0 {
		return nil, pgx.ErrNoRows
	}
	return &found[0], nil
}

const rowsOfMeetingSQL = `
select g.id, g.row_number, g.discloser_authority, g.discloser_unit, g.discloser_function,
       coalesce(g.recipient_authority, ''), coalesce(g.recipient_unit, ''), coalesce(g.recipient_function, ''),
       coalesce(g.private_kind, ''), g.categories, g.purpose, g.addition, g.districts, g.valid_from, least(g.valid_to, c.oral_until), g.origin
  from sig.rows_of_meeting(@meeting) g join sig.consent c on c.id = g.consent`

// queueRowsOfMeeting adds to the facts the rows by which the tellers of the
// reader's points tell the host: everybody's, and the youth's own.
func queueRowsOfMeeting(b *pgx.Batch, id sig.MeetingID, facts *CaseFacts) {
	b.Queue(rowsOfMeetingSQL, pgx.StrictNamedArgs{"meeting": id}).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			g, err := scanGrant(rows)
			facts.Grants = withRow(facts.Grants, g)
			return err
		})
	})
	b.Queue(ownOfMeetingSQL, pgx.StrictNamedArgs{"meeting": id}).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			g, err := scanGrant(rows)
			g.Own = true
			facts.Own = withRow(facts.Own, g)
			return err
		})
	})
}

func withRow(list []sig.Grant, g sig.Grant) []sig.Grant {
	if slices.ContainsFunc(list, func(known sig.Grant) bool { return known.ID == g.ID }) {
		return list
	}
	return append(list, g)
}

// MeetingFacts are CaseFacts with those rows, for somebody who is at the meeting.
func (tx *Tx) MeetingFacts(ctx context.Context, intervention sig.InterventionID, id sig.MeetingID) (*CaseFacts, error) {
	var f CaseFacts
	b := &pgx.Batch{}
	QueueCaseFacts(b, intervention, &f)
	queueRowsOfMeeting(b, id, &f)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, fmt.Errorf("read the facts of a meeting: %w", err)
	}
	return f.AtMeeting(id), nil
}

// ReadMeeting opens a meeting for its reader: lock, facts, content and ledger
// row are asked in one round trip, as of a copy. The facts hold, besides the
// rows that name the reader's own function, those by which the tellers of the
// reader's points tell the host.
func (tx *Tx) ReadMeeting(ctx context.Context, intervention sig.InterventionID, id sig.MeetingID, request any) (*CaseFacts, *MeetingParts, error) {
	var facts CaseFacts
	var found []MeetingParts
	tx.ShareCase(intervention)
	tx.later("look at one meeting", `select set_config('app.meeting', $1, true)`, id.String())
	b := &pgx.Batch{}
	args := pgx.StrictNamedArgs{"meeting": id, "intervention": intervention}
	queueMeeting(b, readPointsSQL, args, pgx.StrictNamedArgs{"meeting": id, "intervention": intervention, "request": request}, &found)
	QueueCaseFacts(b, intervention, &facts)
	queueRowsOfMeeting(b, id, &facts)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, nil, fmt.Errorf("read a meeting: %w", err)
	}
	if len(found) == 0 {
		return nil, nil, pgx.ErrNoRows
	}
	return &facts, &found[0], nil
}

// EndedCall is when and by what a call of the actor's own seat ended.
type EndedCall struct {
	At time.Time
	By string
}

const endedCallsSQL = `select at, by from sig.my_ended_calls(@meeting)`

// EndedCalls lists the calls of the actor's seats to a meeting that have
// ended, the latest first; nothing of the meeting is in them.
func (tx *Tx) EndedCalls(ctx context.Context, meeting sig.MeetingID) ([]EndedCall, error) {
	return collect[EndedCall](ctx, tx, "list ended calls", endedCallsSQL, pgx.StrictNamedArgs{"meeting": meeting})
}
