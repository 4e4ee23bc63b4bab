package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Guest is one row of sig.meeting_guest; name and address stay sealed.
type Guest struct {
	ID            sig.GuestID
	Authority     sig.AuthorityID
	Kind          sig.GuestKind
	WhoSealed     []byte
	ContactSealed []byte
	Language      string        // that an interpreter speaks
	Origins       []sig.GrantID // the rows that name a private person
	Club          sig.Seat      // zero but for somebody who comes for an association
	ReservedAt    *time.Time
	Answer        sig.InvitationAnswer
	Here          bool // in the room
	EndedAt       *time.Time
	EndedBy       string
	Suits         []int // which times of the poll suit
	SuitsAt       *time.Time
}

const guestColumns = `
q.id, q.authority, q.kind, q.who_sealed, q.contact_sealed, coalesce(q.language, ''), q.origins,
coalesce(q.club_authority, ''), coalesce(q.club_unit, ''), coalesce(q.club_function, ''),
q.reserved_at, coalesce(q.answer, ''), exists (select from sig.meeting_guest_stay s where s.guest = q.id and s.left_at is null), q.ended_at, coalesce(q.ended_by, ''), coalesce(q.suits, '{}'), q.suits_at`

const guestsSQL = `
select ` + guestColumns + ` from sig.meeting_guest q
 where q.meeting = @meeting and q.intervention = @intervention order by q.kind, q.invited_at, q.id`

func scanGuest(row pgx.CollectableRow) (Guest, error) {
	var g Guest
	err := row.Scan(&g.ID, &g.Authority, &g.Kind, &g.WhoSealed, &g.ContactSealed, &g.Language, &g.Origins,
		&g.Club.Authority, &g.Club.Unit, &g.Club.Function, &g.ReservedAt, &g.Answer, &g.Here, &g.EndedAt, &g.EndedBy, &g.Suits, &g.SuitsAt)
	return g, err
}

// Guests lists who is, or was, to come to a meeting without an account.
func (tx *Tx) Guests(ctx context.Context, intervention sig.InterventionID, meeting sig.MeetingID) ([]Guest, error) {
	rows, err := tx.Query(ctx, guestsSQL, pgx.StrictNamedArgs{"meeting": meeting, "intervention": intervention})
	if err != nil {
		return nil, wrap("list guests", err)
	}
	list, err := pgx.CollectRows(rows, scanGuest)
	return list, wrap("list guests", err)
}

const insertGuestSQL = `
insert into sig.meeting_guest (id, meeting, intervention, authority, kind, who_sealed, contact_sealed, language, origins,
       club_authority, club_unit, club_function, invited_at, invited_by)
values (@id, @meeting, @intervention, @authority, @kind, @who, @contact, nullif(@language, ''), @origins,
       nullif(@club_authority, ''), nullif(@club_unit, ''), nullif(@club_function, ''), @at, @by)`

// InsertGuest calls a guest and queues the call by mail.
func (tx *Tx) InsertGuest(ctx context.Context, m *Meeting, g Guest) error {
	err := tx.one(ctx, "call a guest", insertGuestSQL, pgx.StrictNamedArgs{
		"id": g.ID, "meeting": m.ID, "intervention": m.Intervention, "authority": g.Authority, "kind": g.Kind, "who": g.WhoSealed,
		"contact": g.ContactSealed, "language": g.Language, "origins": notNil(g.Origins), "club_authority": g.Club.Authority,
		"club_unit": g.Club.Unit, "club_function": g.Club.Function, "at": tx.Now(), "by": tx.Actor.Assignment,
	})
	if err == nil {
		tx.QueueGuestCall(g.ID)
	}
	return err
}

const callGuestsAgainSQL = `
with asked as (
  update sig.meeting_guest set answer = null, answered_at = null where meeting = @meeting and ended_at is null returning id)
select sig.queue_guest_call(id, @at) from asked`

// CallGuestsAgain forgets what guests have answered to another time, and queues
// their calls to this one.
func (tx *Tx) CallGuestsAgain(meeting sig.MeetingID) {
	tx.later("call guests again", callGuestsAgainSQL, pgx.StrictNamedArgs{"meeting": meeting, "at": tx.Now()})
}

// QueueGuestCall queues a guest's call, as the meeting is now.
func (tx *Tx) QueueGuestCall(id sig.GuestID) {
	tx.later("queue a guest's call", `select sig.queue_guest_call(@guest, @at)`, pgx.StrictNamedArgs{"guest": id, "at": tx.Now()})
}

const endGuestSQL = `update sig.meeting_guest set ended_at = @at, ended_by = @by where id = @id and ended_at is null`

// EndGuest takes a guest's call back; the links end with it.
func (tx *Tx) EndGuest(id sig.GuestID, by string, at time.Time) {
	tx.later("end a guest's call", endGuestSQL, pgx.StrictNamedArgs{"id": id, "at": at, "by": by})
}

const (
	reserveGuestSQL = `update sig.meeting_guest set reserved_at = @at where id = @id and kind = 'private' and reserved_at is null`
	answerGuestSQL  = `update sig.meeting_guest set answer = nullif(@answer, ''), answered_at = case when @answer::text <> '' then @at::timestamptz end where id = @id and ended_at is null`
	guestCameSQL    = `
insert into sig.meeting_guest_stay (id, meeting, intervention, guest, came_at, came_noted_by) values (@stay, @meeting, @intervention, @id, @at, @by)`
	guestLeftSQL = `update sig.meeting_guest_stay set left_at = @at, left_why = 'noted' where guest = @id and left_at is null`
)

// ReserveGuest writes down that a private guest has accepted the reservation.
func (tx *Tx) ReserveGuest(id sig.GuestID) {
	tx.later("accept a reservation", reserveGuestSQL, pgx.StrictNamedArgs{"id": id, "at": tx.Now()})
}

// AnswerGuest writes down whether a guest comes; the empty answer forgets.
func (tx *Tx) AnswerGuest(ctx context.Context, id sig.GuestID, answer sig.InvitationAnswer) error {
	return tx.one(ctx, "answer as a guest", answerGuestSQL, pgx.StrictNamedArgs{"id": id, "answer": answer, "at": tx.Now()})
}

// GuestCame notes that a guest is in the room now.
func (tx *Tx) GuestCame(m *Meeting, id sig.GuestID) {
	tx.later("let a guest in", guestCameSQL, pgx.StrictNamedArgs{
		"stay": uuid.New(), "meeting": m.ID, "intervention": m.Intervention, "id": id, "at": tx.Now(), "by": tx.Actor.Assignment,
	})
}

// GuestLeft notes that a guest has left the room.
func (tx *Tx) GuestLeft(id sig.GuestID) {
	tx.later("note that a guest left", guestLeftSQL, pgx.StrictNamedArgs{"id": id, "at": tx.Now()})
}

const guestsLeaveSQL = `
update sig.meeting_guest_stay set left_at = @at, left_why = 'ended' where meeting = @meeting and intervention = @intervention and left_at is null`

func (tx *Tx) guestsLeave(intervention sig.InterventionID, meeting sig.MeetingID) {
	tx.later("every guest leaves a room", guestsLeaveSQL, pgx.StrictNamedArgs{"meeting": meeting, "intervention": intervention, "at": tx.Now()})
}

// LinkedGuest is whom a link in a guest's mail speaks for.
type LinkedGuest struct {
	Guest        sig.GuestID
	Meeting      sig.MeetingID
	Intervention sig.InterventionID
}

const guestOfLinkSQL = `select l.guest, l.meeting, l.intervention from sig.guest_of_link(@hash) l`

// GuestOfLink finds whose link it is, by the hash of its secret: nobody's once
// the call, or its ground, has ended. The transaction acts as a system actor.
func (tx *Tx) GuestOfLink(ctx context.Context, hash []byte) (LinkedGuest, error) {
	row, err := collectOne[struct{ Guest, Meeting, Intervention uuid.UUID }](ctx, tx, "find the guest of a link", guestOfLinkSQL,
		pgx.StrictNamedArgs{"hash": hash})
	return LinkedGuest{sig.GuestID{UUID: row.Guest}, sig.MeetingID{UUID: row.Meeting}, sig.InterventionID{UUID: row.Intervention}}, err
}

const guestHearsSQL = `
select p.id from sig.meeting_point p join sig.meeting_guest q on q.id = @guest and q.meeting = p.meeting
 where sig.guest_may_hear(q.id, p.id) order by p.position`

// GuestHears lists the points for which the second wall would let a private
// guest be there, once the reservation is accepted.
func (tx *Tx) GuestHears(ctx context.Context, id sig.GuestID) ([]sig.PointID, error) {
	rows, err := tx.Query(ctx, guestHearsSQL, pgx.StrictNamedArgs{"guest": id})
	if err != nil {
		return nil, wrap("list the points of a guest", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[sig.PointID])
	return list, wrap("list the points of a guest", err)
}

// What a guest is shown is read in the statement that writes the ledger row.
const readAsGuestSQL = `
with content as materialized (
  select ` + pointColumns + `, t.body_sealed
    from sig.meeting_point p
    left join sig.texts_for_interpreter(@guest) t on t.point = p.id
   where p.meeting = @meeting and p.intervention = @intervention),
logged as materialized (
  select sig.append_ledger(sig.instant(), 'read_meeting', intervention => @intervention::uuid, object_kind => 'meeting', object_id => @meeting::uuid,
           basis => 'consent', consent => (select k.id from sig.consent k where k.intervention = @intervention and k.state = 'active'),
           categories => (select array_agg(distinct c.category order by c.category) from content c where c.body_sealed is not null),
           detail => jsonb_build_object('via', 'guest'), request => @request::uuid) as id)
select content.* from logged left join content on true where content.id is not null order by content.position`

// ReadAsGuest reads the points of a meeting for the page behind a guest's link;
// texts only for an interpreter who is in the room.
func (tx *Tx) ReadAsGuest(ctx context.Context, l LinkedGuest, request any) ([]MeetingPoint, error) {
	rows, err := tx.Query(ctx, readAsGuestSQL, pgx.StrictNamedArgs{
		"guest": l.Guest, "meeting": l.Meeting, "intervention": l.Intervention, "request": request,
	})
	if err != nil {
		return nil, wrap("read a meeting as a guest", err)
	}
	list, err := pgx.CollectRows(rows, scanPoint)
	return list, wrap("read a meeting as a guest", err)
}

// GuestCall is one point of a meeting to which a private guest is called.
type GuestCall struct {
	Guest    sig.GuestID
	Meeting  sig.MeetingID
	StartsAt time.Time
	Ahead    bool // the meeting has not ended yet
	Host     sig.Seat
	Origins  []sig.GrantID
	Club     sig.Seat
	Category sig.Category
	Teller   sig.Seat
	// FamilyAlone is that the point is for the family and the host alone.
	FamilyAlone bool
}

const guestCallsSQL = `
select q.id, q.meeting, m.starts_at, @at < m.ends_at, m.authority, m.unit, m.function, q.origins,
       coalesce(q.club_authority, ''), coalesce(q.club_unit, ''), coalesce(q.club_function, ''),
       p.category, p.teller_authority, p.teller_unit, p.teller_function, p.family_alone
  from sig.meeting_guest q join sig.meeting m on m.id = q.meeting and m.state in ('proposed', 'planned', 'live')
  join sig.meeting_point p on p.meeting = m.id
 where q.intervention = @intervention and q.kind = 'private' and q.ended_at is null order by q.id, p.position`

func queueGuestCalls(batch *pgx.Batch, intervention sig.InterventionID, at time.Time, into *[]GuestCall) {
	batch.Queue(guestCallsSQL, pgx.StrictNamedArgs{"intervention": intervention, "at": at}).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			var c GuestCall
			err := rows.Scan(&c.Guest, &c.Meeting, &c.StartsAt, &c.Ahead, &c.Host.Authority, &c.Host.Unit, &c.Host.Function, &c.Origins,
				&c.Club.Authority, &c.Club.Unit, &c.Club.Function, &c.Category, &c.Teller.Authority, &c.Teller.Unit, &c.Teller.Function,
				&c.FamilyAlone)
			*into = append(*into, c)
			return err
		})
	})
}

// GuestMail is what the calendar entry of a guest's checked call says.
type GuestMail struct {
	Guest       sig.GuestID
	Meeting     sig.MeetingID
	Authority   sig.AuthorityID
	Method      string
	Sequence    int
	StartsAt    time.Time
	EndsAt      time.Time
	PlaceSealed []byte // nil where none may be said
}

const mailGuestSQL = `
select x.guest, x.meeting, x.authority, x.method, x.sequence, x.starts_at, x.ends_at, x.place_sealed from sig.mail_guest(@id) x`

func (tx *Tx) guestMail(ctx context.Context, id uuid.UUID) (*GuestMail, error) {
	m, err := collectOne[GuestMail](ctx, tx, "fetch the meeting of a guest's mail", mailGuestSQL, pgx.StrictNamedArgs{"id": id})
	return &m, err
}

const insertGuestLinkSQL = `insert into sig.meeting_guest_link (secret_hash, guest, made_at) values (@hash, @guest, @at)`

// InsertGuestLink keeps the hash of the secret in a guest's mail.
func (tx *Tx) InsertGuestLink(hash []byte, guest sig.GuestID) {
	tx.later("keep the hash of a guest's link", insertGuestLinkSQL, pgx.StrictNamedArgs{"hash": hash, "guest": guest, "at": tx.Now()})
}

// LanguageNeed is for which language somebody at a meeting needs an interpreter.
type LanguageNeed struct {
	Guardian   *sig.GuardianID
	Youth      *sig.YouthID
	Invitation *sig.InvitationID
	Guest      *sig.GuestID
	Language   string
}

const languagesSQL = `
select guardian, youth, invitation, guest, language from sig.meeting_language
 where meeting = @meeting and intervention = @intervention order by noted_at, coalesce(guardian, youth, invitation, guest)`

// Languages lists who at a meeting needs an interpreter for which language.
func (tx *Tx) Languages(ctx context.Context, intervention sig.InterventionID, meeting sig.MeetingID) ([]LanguageNeed, error) {
	return collect[LanguageNeed](ctx, tx, "list languages", languagesSQL, pgx.StrictNamedArgs{"meeting": meeting, "intervention": intervention})
}

const (
	dropLanguageSQL = `
delete from sig.meeting_language where meeting = @meeting and intervention = @intervention
   and coalesce(guardian, youth, invitation, guest) = coalesce(@guardian::uuid, @youth::uuid, @invitation::uuid, @guest::uuid)`
	putLanguageSQL = `
insert into sig.meeting_language (meeting, intervention, guardian, youth, invitation, guest, language, noted_at)
values (@meeting, @intervention, @guardian, @youth, @invitation, @guest, @language, @at)`
)

// PutLanguage notes a need in place of what was noted before; without a language
// nobody needs one any more.
func (tx *Tx) PutLanguage(ctx context.Context, m *Meeting, n LanguageNeed) error {
	args := pgx.StrictNamedArgs{
		"meeting": m.ID, "intervention": m.Intervention, "guardian": n.Guardian, "youth": n.Youth, "invitation": n.Invitation, "guest": n.Guest,
	}
	b := &pgx.Batch{}
	b.Queue(dropLanguageSQL, args)
	if n.Language != "" {
		with := pgx.StrictNamedArgs{"language": n.Language, "at": tx.Now()}
		for name, value := range args {
			with[name] = value
		}
		b.Queue(putLanguageSQL, with)
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("note a language: %w", err)
	}
	return nil
}

// FamilyContact is how a member of the family is reached, still sealed.
type FamilyContact struct {
	Owner         uuid.UUID
	Authority     sig.AuthorityID
	ContactSealed []byte
}

const familyContactsSQL = `
select g.id as owner, g.authority, g.contact_sealed from sig.intervention i join sig.guardianship g on g.youth = i.youth
 where i.id = @intervention and g.contact_sealed is not null
union all
select y.id, y.authority, y.contact_sealed from sig.intervention i join sig.youth y on y.id = i.youth
 where i.id = @intervention and y.contact_sealed is not null`

// FamilyContacts lists them.
func (tx *Tx) FamilyContacts(ctx context.Context, intervention sig.InterventionID) ([]FamilyContact, error) {
	return collect[FamilyContact](ctx, tx, "list the contact data of a family", familyContactsSQL, pgx.StrictNamedArgs{"intervention": intervention})
}

const privateNamesSQL = `
select g.id, g.private_name_sealed from sig.consent_grant g
 where g.intervention = @intervention and g.id = any (@rows) and g.private_name_sealed is not null`

// PrivateNames lists the sealed names of the persons whom these rows of a case's
// consents name, as far as the actor may see them.
func (tx *Tx) PrivateNames(ctx context.Context, intervention sig.InterventionID, rows []sig.GrantID) (map[sig.GrantID][]byte, error) {
	found, err := tx.Query(ctx, privateNamesSQL, pgx.StrictNamedArgs{"intervention": intervention, "rows": rows})
	if err != nil {
		return nil, wrap("list private names", err)
	}
	names := map[sig.GrantID][]byte{}
	err = each(found, func() error {
		var id sig.GrantID
		var sealed []byte
		err := found.Scan(&id, &sealed)
		names[id] = sealed
		return err
	})
	return names, wrap("list private names", err)
}
