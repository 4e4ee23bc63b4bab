package meeting

import (
	"context"
	"errors"
	"slices"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Heard is a voice as somebody reads it for whom it was meant.
type Heard struct {
	CaseNumber string
	YouthName  string
	Start, End time.Time
	ByYouth    bool // or written down by the coordinator in the young person's words
	At         time.Time
	Answers    []Answer
}

// Answer is what was said to one question, counted from one.
type Answer struct {
	Question int
	Text     string
}

// ReadVoice opens what a young person has left for the reader's function. For
// everybody else there is nothing.
func (s *Service) ReadVoice(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) (*Heard, error) {
	var out *Heard
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		entry := ledger.Entry{Kind: ledger.ReadVoice, Intervention: intervention, Object: ledger.Of(ledger.ObjectMeeting, id)}
		facts, row, voice, answers, err := tx.ReadVoice(ctx, intervention, id, sig.RequestOf(ctx))
		if errors.Is(err, postgres.ErrNoRows) || err == nil && (len(facts.AtMeeting(id).Seats) == 0 || len(answers) == 0) {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		m := &matter{s: s, tx: tx, facts: facts, entry: entry}
		if err := m.mustHear(ctx, row, voice); err != nil {
			return err
		}
		out = &Heard{
			CaseNumber: facts.CaseNumber, YouthName: facts.YouthName, Start: row.StartsAt, End: row.EndsAt,
			ByYouth: voice.SpokenBy == byYouth, At: voice.WrittenAt,
		}
		var sealed []seal.Sealed
		for _, a := range answers {
			sealed = append(sealed, seal.Sealed{Place: voicePlace(&row.Meeting, voice.ID, a.Question), Bytes: a.BodySealed})
		}
		texts, err := s.Sealer.OpenAll(ctx, tx, sealed)
		if err != nil {
			return err
		}
		for n, a := range answers {
			out.Answers = append(out.Answers, Answer{a.Question, string(texts[n])})
		}
		return nil
	})
	return out, err
}

// mustHear asks the policy about what the second wall let through: a seat of
// the reader was chosen, is called, and may be there while the consent holds.
func (m *matter) mustHear(ctx context.Context, row *postgres.MeetingParts, voice postgres.Voice) error {
	last := policy.NotRecipient
	if m.facts.ConsentState != sig.ConsentActive {
		return m.wallsDisagree(policy.NoConsent)
	}
	for _, v := range row.Invitations {
		if v.EndedAt != nil || !slices.Contains(voice.Readers, v.ID) || !slices.Contains(m.seats(), m.current(v.Seat)) {
			continue
		}
		if v.Seat.Authority == m.facts.Board && m.facts.State == sig.InterventionActive {
			return nil // the board's own seat, in which the reader takes part
		}
		d, err := m.attends(ctx, row, v)
		if err != nil {
			return err
		}
		if d.Allowed {
			return nil
		}
		last = d.Reason
	}
	return m.wallsDisagree(last)
}
