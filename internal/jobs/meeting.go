package jobs

import (
	"context"
	"strings"

	"sigportal/internal/calendar"
	"sigportal/internal/mail"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
)

// call puts the calendar entry of a meeting into the letter: for one reader,
// with the place where one may be said. The letter names no case.
func (w *mailWorker) call(ctx context.Context, tx *postgres.Tx, m *postgres.MeetingMail, letter mail.Letter) (mail.Letter, error) {
	sender := w.deps.Sender
	entry := calendar.Entry{
		Method: calendar.Method(strings.ToUpper(m.Method)), UID: m.Meeting.String() + "@" + sender.Domain(), Sequence: m.Sequence,
		Stamp: tx.Now(), Start: m.StartsAt, End: m.EndsAt, Link: sender.Page("/meetings"),
		Organizer: sender.From(), Attendee: letter.To, Language: letter.Language,
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
	letter.CaseNumber, letter.Entry = "", &mail.Entry{Method: string(entry.Method), Text: text}
	return letter, nil
}
