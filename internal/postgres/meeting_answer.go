package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// SentCall is a call to a meeting that was sent to one person, as a secret or a
// signature names it. It says who may be speaking, and not that they still may.
type SentCall struct {
	Invitation   sig.InvitationID
	Meeting      sig.MeetingID
	Intervention sig.InterventionID
	Sequence     int
	Email        string // that the mail went to
	Actor        sig.Actor
}

type sentCallRow struct {
	Invitation, Meeting, Intervention uuid.UUID
	Sequence                          int
	Assignment                        uuid.UUID
	Person                            *uuid.UUID
	Authority, Unit, Function         string
	Email                             *string
}

const sentCallColumns = `c.invitation, c.meeting, c.intervention, c.sequence, c.assignment, c.person, c.authority, c.unit, c.function, c.email`

const (
	callOfLinkSQL = `select ` + sentCallColumns + ` from sig.call_of_link(@hash) c`
	callsSentSQL  = `select ` + sentCallColumns + ` from sig.calls_sent(@invitation) c order by c.assignment, c.sequence`
)

// CallOfLink finds the call that a link answers, by the hash of its secret. The
// transaction acts as a named system actor.
func (tx *Tx) CallOfLink(ctx context.Context, hash []byte) (SentCall, error) {
	row, err := collectOne[sentCallRow](ctx, tx, "find the call of a link", callOfLinkSQL, pgx.StrictNamedArgs{"hash": hash})
	return row.call(), err
}

// CallsSent lists to whom a function's call was sent, once for each version of
// the meeting. The transaction acts as a named system actor.
func (tx *Tx) CallsSent(ctx context.Context, invitation sig.InvitationID) ([]SentCall, error) {
	rows, err := collect[sentCallRow](ctx, tx, "list the calls sent", callsSentSQL, pgx.StrictNamedArgs{"invitation": invitation})
	calls := make([]SentCall, len(rows))
	for i, row := range rows {
		calls[i] = row.call()
	}
	return calls, err
}

func (r sentCallRow) call() SentCall {
	c := SentCall{
		Invitation: sig.InvitationID{UUID: r.Invitation}, Meeting: sig.MeetingID{UUID: r.Meeting},
		Intervention: sig.InterventionID{UUID: r.Intervention}, Sequence: r.Sequence,
		Actor: sig.Actor{
			Kind: sig.ActorStaff, Assignment: sig.AssignmentID{UUID: r.Assignment}, Authority: sig.AuthorityID(r.Authority),
			Unit: sig.UnitID(r.Unit), Function: sig.Function(r.Function),
		},
	}
	if r.Person != nil {
		c.Actor.Person = sig.PersonID{UUID: *r.Person}
	}
	if r.Email != nil {
		c.Email = *r.Email
	}
	return c
}

const insertAnswerLinkSQL = `insert into sig.meeting_answer_link (secret_hash, mail, made_at) values (@hash, @mail, @at)`

// InsertAnswerLink keeps the hash of the secret in a mail's links. It is written
// with the check of the mail, and so before the mail is handed over.
func (tx *Tx) InsertAnswerLink(hash []byte, mail uuid.UUID) {
	tx.later("keep the hash of a link", insertAnswerLinkSQL, pgx.StrictNamedArgs{"hash": hash, "mail": mail, "at": tx.Now()})
}
