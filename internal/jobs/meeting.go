package jobs

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/google/uuid"

	"sigportal/internal/calendar"
	"sigportal/internal/mail"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// call puts the calendar entry of a meeting into the letter: for one reader,
// with the place where one may be said. The letter names no case.
func (w *mailWorker) call(ctx context.Context, tx *postgres.Tx, out postgres.Outgoing, letter mail.Letter) (mail.Letter, error) {
	sender, m := w.deps.Sender, out.Meeting
	entry := calendar.Entry{
		Method: calendar.Method(strings.ToUpper(m.Method)), UID: m.Meeting.String() + "@" + sender.Domain(), Sequence: m.Sequence,
		Stamp: tx.Now(), Start: m.StartsAt, End: m.EndsAt, Link: sender.Page("/meetings"),
		Organizer: sender.From(), Attendee: letter.To, Language: letter.Language,
	}
	if w.deps.Replies != nil {
		entry.Organizer, entry.Reply = w.deps.Replies.For(m.Invitation, m.Assignment), true
	}
	var err error
	if entry.Place, err = w.place(ctx, tx, m.Authority, m.Meeting, m.PlaceSealed); err != nil {
		return mail.Letter{}, err
	}
	text, err := entry.Write()
	if err != nil {
		return mail.Letter{}, err
	}
	if entry.Method == calendar.Request {
		letter.Answers = w.answers(tx, out.ID, entry)
	}
	letter.CaseNumber, letter.Entry = "", &mail.Entry{Method: string(entry.Method), Text: text}
	return letter, nil
}

// answers draws the secret of the mail's links and keeps its hash. A mail that
// is tried again has a new one, and the earlier stays good: it may have arrived.
func (w *mailWorker) answers(tx *postgres.Tx, id uuid.UUID, entry calendar.Entry) *mail.Answers {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails
	hash := sha256.Sum256(secret[:])
	tx.InsertAnswerLink(hash[:], id)
	link := w.deps.Sender.Page("/answer/" + base64.RawURLEncoding.EncodeToString(secret[:]) + "/")
	a := &mail.Answers{Accept: link + "accept", Decline: link + "decline", Other: link + "other"}
	if entry.Reply {
		a.ReplyTo = entry.Organizer
	}
	return a
}

// place opens where a meeting is; nothing where it may not be said.
func (w *mailWorker) place(ctx context.Context, tx *postgres.Tx, of sig.AuthorityID, meeting sig.MeetingID, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	text, err := w.deps.Sealer.Open(ctx, tx, seal.Place{Authority: of, Field: "meeting_place", Object: meeting.UUID}, sealed)
	return string(text), err
}

// guestCall puts the entry of a meeting, and the one link, into the letter to
// somebody without an account. The link stands in the letter and not in the
// entry, which colleagues may look at.
func (w *mailWorker) guestCall(ctx context.Context, tx *postgres.Tx, out postgres.Outgoing, letter mail.Letter) (mail.Letter, error) {
	sender, g := w.deps.Sender, out.Guest
	entry := calendar.Entry{
		Method: calendar.Method(strings.ToUpper(g.Method)), UID: g.Meeting.String() + "@" + sender.Domain(), Sequence: g.Sequence,
		Stamp: tx.Now(), Start: g.StartsAt, End: g.EndsAt, Organizer: sender.From(), Attendee: letter.To,
		Language: letter.Language, Guest: true,
	}
	var err error
	if entry.Place, err = w.place(ctx, tx, g.Authority, g.Meeting, g.PlaceSealed); err != nil {
		return mail.Letter{}, err
	}
	if entry.Method == calendar.Request {
		letter.GuestLink = w.guestLink(tx, g.Guest)
	}
	text, err := entry.Write()
	if err != nil {
		return mail.Letter{}, err
	}
	letter.CaseNumber, letter.Entry = "", &mail.Entry{Method: string(entry.Method), Text: text}
	return letter, nil
}

// guestLink draws the secret of the one link in a mail to somebody without an
// account, and keeps its hash.
func (w *mailWorker) guestLink(tx *postgres.Tx, guest sig.GuestID) string {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails
	hash := sha256.Sum256(secret[:])
	tx.InsertGuestLink(hash[:], guest)
	return w.deps.Sender.Page("/guest/" + base64.RawURLEncoding.EncodeToString(secret[:]))
}
