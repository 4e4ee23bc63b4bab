package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// MailCancel is why a queued mail did not leave.
type MailCancel string

// The reasons for which a mail is cancelled.
const (
	MailNotEntitled MailCancel = "not_entitled" // the recipient may not be told any more, or there is nothing left to tell
	MailNoAddress   MailCancel = "no_address"
	MailRefused     MailCancel = "refused" // the mail server will never take it
	MailGaveUp      MailCancel = "gave_up" // the mail server could not be reached for days
)

// Outgoing is a mail that was checked and may be handed over now, with the one
// address that it goes to. The citizen's contact data are still sealed.
type Outgoing struct {
	ID         uuid.UUID
	Kind       sig.MailKind
	CaseNumber string
	AboutAt    time.Time
	Language   string
	MessageID  uuid.UUID
	Citizen    bool
	Email      string // of staff, from the directory
	Authority  sig.AuthorityID
	Owner      uuid.UUID    // whose contact data: the guardianship or the youth
	Contact    []byte       // sealed for that authority, field "contact", that owner
	Meeting    *MeetingMail // of MailMeeting
	Guest      *GuestMail   // of MailMeetingGuest
	Asked      sig.GuestID  // of MailMeetingPoll to somebody without an account
	// Choice is how the recipient wants it; nil where nothing was chosen.
	Choice *NoticeChoice
}

const mailInterventionsSQL = `
select coalesce(array_agg(distinct intervention), '{}') from sig.mail where (id = $1 or digest = $1) and intervention is not null`

// MailInterventions tells which interventions a mail is about, so that their
// locks can be taken first of all. That of one mail never changes; under the
// mail of a day another may come, and CheckMail then asks to begin anew.
func (db *DB) MailInterventions(ctx context.Context, id uuid.UUID) ([]uuid.UUID, error) {
	var about []uuid.UUID
	if err := db.pool.QueryRow(ctx, mailInterventionsSQL, id).Scan(&about); err != nil {
		return nil, fmt.Errorf("find the interventions of a mail: %w", translate(err))
	}
	return about, nil
}

const (
	// One that is held leaves with the mail of its day.
	checkMailSQL = `
update sig.mail set checked_at = $2, attempts = attempts + 1
 where id = $1 and sent_at is null and cancelled_at is null and digest is null
   and case kind when 'digest' then sig.settle_digest($1, $3, $2) else sig.mail_entitled($1) end`
	holdMailSQL = `select sig.hold_mail($1, $2, $3)`
	outgoingSQL = `
select m.id, m.kind, coalesce(i.case_number, '') as case_number, m.about_at, m.language, m.message_id,
       m.assignment is null as citizen, c.email, c.authority, c.owner, c.contact_sealed as contact,
       coalesce(n.channel, '') as channel, coalesce(n.language, '') as chosen_language, n.phone_sealed, n.digest_hour
from sig.mail m
left join sig.intervention i on i.id = m.intervention
cross join sig.mail_contact(m.id) c
left join sig.mail_choice(m.id) n on true
where m.id = $1`
)

// CheckMail asks, after the locks of its interventions, whether a mail may still
// be handed over. One that may not is cancelled for good, and one whose reader
// wants messages once a day is held for the next: the second result says whether
// there is anything to send.
func (tx *Tx) CheckMail(ctx context.Context, id uuid.UUID, locked []uuid.UUID) (Outgoing, bool, error) {
	checked, err := tx.Exec(ctx, checkMailSQL, id, tx.Now(), locked)
	if err != nil {
		return Outgoing{}, false, wrap("check a mail", err)
	}
	if checked.RowsAffected() == 0 {
		return Outgoing{}, false, tx.CancelMail(ctx, id, MailNotEntitled)
	}
	rows, err := tx.Query(ctx, outgoingSQL, id)
	if err != nil {
		return Outgoing{}, false, wrap("fetch a mail", err)
	}
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[outgoingRow])
	if err != nil {
		return Outgoing{}, false, wrap("fetch a mail", err)
	}
	out := row.outgoing()
	if out.Kind.Waits() && out.Choice != nil && out.Choice.DigestHour != nil {
		_, err := tx.Exec(ctx, holdMailSQL, id, *out.Choice.DigestHour, tx.Now())
		return Outgoing{}, false, wrap("hold a mail", err)
	}
	switch out.Kind {
	case sig.MailMeeting:
		out.Meeting, err = tx.meetingMail(ctx, id)
	case sig.MailMeetingGuest:
		out.Guest, err = tx.guestMail(ctx, id)
	case sig.MailMeetingPoll:
		out.Asked, err = tx.guestOfMail(ctx, id)
	default: // nothing more to fetch
	}
	return out, err == nil, err
}

type outgoingRow struct {
	ID         uuid.UUID
	Kind       string
	CaseNumber string
	AboutAt    *time.Time
	Language   string
	MessageID  uuid.UUID
	Citizen    bool
	Email      *string
	Authority  string
	Owner      uuid.UUID
	Contact    []byte

	Channel        string
	ChosenLanguage string
	PhoneSealed    []byte
	DigestHour     *int
}

func (r outgoingRow) outgoing() Outgoing {
	out := Outgoing{
		ID: r.ID, Kind: sig.MailKind(r.Kind), CaseNumber: r.CaseNumber, Language: r.Language, MessageID: r.MessageID,
		Citizen: r.Citizen, Authority: sig.AuthorityID(r.Authority), Owner: r.Owner, Contact: r.Contact,
	}
	if r.Channel != "" {
		out.Choice = &NoticeChoice{sig.Channel(r.Channel), r.ChosenLanguage, r.PhoneSealed, r.DigestHour}
	}
	if r.AboutAt != nil {
		out.AboutAt = *r.AboutAt
	}
	if r.Email != nil {
		out.Email = *r.Email
	}
	return out
}

const cancelMailSQL = `
update sig.mail set cancelled_at = sig.now(), cancel_reason = $2
where (id = $1 and digest is null or digest = $1) and sent_at is null and cancelled_at is null`

// CancelMail notes that a mail will never leave, with all that it stands for,
// and why.
func (tx *Tx) CancelMail(ctx context.Context, id uuid.UUID, why MailCancel) error {
	_, err := tx.Exec(ctx, cancelMailSQL, id, string(why))
	return wrap("cancel a mail", err)
}

const mailSentSQL = `update sig.mail set sent_at = sig.now() where (id = $1 or digest = $1) and sent_at is null and cancelled_at is null`

// MailSent notes that the mail server took a mail, and with it all that it
// stands for.
func (tx *Tx) MailSent(ctx context.Context, id uuid.UUID) error {
	_, err := tx.Exec(ctx, mailSentSQL, id)
	return wrap("note a sent mail", err)
}

// wrap says what was being done; nil stays nil.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
