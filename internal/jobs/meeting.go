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
	if len(m.PlaceSealed) > 0 {
		at := seal.Place{Authority: m.Authority, Field: "meeting_place", Object: m.Meeting.UUID}
		place, err := w.deps.Sealer.Open(ctx, tx, at, m.PlaceSealed)
		if err != nil {
			return mail.Letter{}, err
		}
		entry.Place = string(place)
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
