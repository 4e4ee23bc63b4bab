package postgres

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// NoticeChoice is how somebody wants to be told that there is something to read.
type NoticeChoice struct {
	Channel     sig.Channel
	Language    string // empty: the one noted with the contact data
	PhoneSealed []byte // field "phone" of the part; nil where none was given
	DigestHour  *int   // nil: at once; else once a day at this hour in Stockholm
}

const noticeChoiceSQL = `
select channel, coalesce(language, '') as language, phone_sealed, digest_hour from sig.notice_choice
 where coalesce(assignment, guardian, youth) = @owner`

// NoticeChoice is the actor's own choice; false where none was made.
func (tx *Tx) NoticeChoice(ctx context.Context) (NoticeChoice, bool, error) {
	c, err := collectOne[NoticeChoice](ctx, tx, "read how somebody wants to be told", noticeChoiceSQL, pgx.StrictNamedArgs{"owner": tx.Part()})
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	return c, err == nil, err
}

const setNoticeChoiceSQL = `
insert into sig.notice_choice (assignment, guardian, youth, channel, language, phone_sealed, digest_hour, changed_at)
values (nullif(@assignment::uuid, @none), nullif(@guardian::uuid, @none), nullif(@youth::uuid, @none), @channel, nullif(@language, ''), @phone, @hour, @at)
on conflict (coalesce(assignment, guardian, youth)) do update
   set channel = excluded.channel, language = excluded.language, phone_sealed = excluded.phone_sealed,
       digest_hour = excluded.digest_hour, changed_at = excluded.changed_at`

// SetNoticeChoice writes the actor's own choice.
func (tx *Tx) SetNoticeChoice(ctx context.Context, c NoticeChoice) error {
	args := pgx.StrictNamedArgs{
		"assignment": uuid.Nil, "guardian": uuid.Nil, "youth": uuid.Nil, "none": uuid.Nil,
		"channel": c.Channel, "language": c.Language, "phone": c.PhoneSealed, "hour": c.DigestHour, "at": tx.Now(),
	}
	args[map[sig.ActorKind]string{sig.ActorStaff: "assignment", sig.ActorGuardian: "guardian", sig.ActorYouth: "youth"}[tx.Actor.Kind]] = tx.Part()
	return tx.one(ctx, "note how somebody wants to be told", setNoticeChoiceSQL, args)
}

// Part is what the actor acts as: the assignment, or the guardian's or young
// person's standing. It is nothing for somebody without any.
func (tx *Tx) Part() uuid.UUID {
	switch tx.Actor.Kind {
	case sig.ActorStaff:
		return tx.Actor.Assignment.UUID
	case sig.ActorGuardian:
		return tx.Actor.Guardian.UUID
	case sig.ActorYouth:
		return tx.Actor.Youth.UUID
	default:
		return uuid.Nil
	}
}

const toldNothingSQL = `select coalesce(bool_or(sig.youth_is_protected(y.id)), false) from unnest(sig.my_youths()) y(id)`

// ToldNothing reports whether no message may leave for a guardian or young
// person, because of protected identity.
func (tx *Tx) ToldNothing(ctx context.Context) (nothing bool, err error) {
	if !tx.Actor.IsCitizen() {
		return false, nil
	}
	err = tx.QueryRow(ctx, toldNothingSQL).Scan(&nothing)
	return nothing, wrap("ask whether messages may leave", err)
}

// MyContact is what the coordinator noted of the actor, sealed as field
// "contact" under that authority's own key.
type MyContact struct {
	Authority     sig.AuthorityID
	ContactSealed []byte // nil where nothing was noted
}

const myContactSQL = `select c.authority, c.contact_sealed from sig.my_contact() c`

// MyContact answers ErrNoRows where the actor's part does not hold.
func (tx *Tx) MyContact(ctx context.Context) (MyContact, error) {
	return collectOne[MyContact](ctx, tx, "read one's own contact data", myContactSQL, pgx.StrictNamedArgs{})
}
