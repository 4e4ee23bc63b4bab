package meeting

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Entry is a meeting as it stands in a calendar: when, and where it may be said.
// It names no case, nobody else who is called and nothing that is told there.
type Entry struct {
	ID         sig.MeetingID
	Sequence   int
	Start, End time.Time
	Place      string
	At         time.Time // when it was read
	Changed    time.Time // when it was called or moved last
}

// FeedSince is since when the actor has an address at which a calendar program
// reads the own meetings; zero is none.
func (s *Service) FeedSince(ctx context.Context, actor sig.Actor) (since time.Time, err error) {
	err = s.DB.Do(ctx, actor, func(tx *postgres.Tx) (err error) {
		since, err = tx.FeedMade(ctx)
		return err
	})
	return since, err
}

// MakeFeed gives the actor such an address and ends the one before. Its secret
// is shown now and never again.
func (s *Service) MakeFeed(ctx context.Context, actor sig.Actor) (Secret, error) {
	var secret Secret
	_, _ = rand.Read(secret[:]) // never fails
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(actor.Assignment)); err != nil {
			return err
		}
		if _, err := tx.EndFeed(ctx); err != nil {
			return err
		}
		tx.MakeFeed(secret.Hash())
		return tx.Record(ledger.Entry{Kind: ledger.MakeFeed})
	})
	return secret, err
}

// EndFeed takes the address back: nothing is read there from now on. Doing it
// again changes nothing.
func (s *Service) EndFeed(ctx context.Context, actor sig.Actor) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(actor.Assignment)); err != nil {
			return err
		}
		if had, err := tx.EndFeed(ctx); err != nil || !had {
			return err
		}
		return tx.Record(ledger.Entry{Kind: ledger.EndFeed})
	})
}

// How far a calendar reaches back and ahead.
const (
	feedBack  = 31 * 24 * time.Hour
	feedAhead = 400 * 24 * time.Hour
)

// Part is which of the own meetings a calendar program asks for.
type Part struct {
	From, To time.Time       // what touches this span; zero is as far as a calendar reaches
	Only     []sig.MeetingID // and of it these alone; nil is all
}

// span is the part of a calendar's reach that is asked for.
func (p Part) span(now time.Time) (from, to time.Time) {
	from, to = now.Add(-feedBack), now.Add(feedAhead)
	if p.From.After(from) {
		from = p.From
	}
	if !p.To.IsZero() && p.To.Before(to) {
		to = p.To
	}
	return from, to
}

// Subscriber finds as whom a calendar's address is read. One that there is not,
// or not any more, is fault.NotFound.
func (s *Service) Subscriber(ctx context.Context, secret Secret) (holder sig.Actor, err error) {
	err = s.DB.Do(ctx, sig.System("calendar"), func(tx *postgres.Tx) (err error) {
		holder, err = tx.FeedOf(ctx, secret.Hash())
		return missing(err)
	})
	return holder, err
}

// Feed reads the meetings to which the holder of an address is called and may
// come, by both walls and at this instant, as Subscriber finds the holder.
func (s *Service) Feed(ctx context.Context, secret Secret, part Part) ([]Entry, error) {
	holder, err := s.Subscriber(ctx, secret)
	if err != nil {
		return nil, err
	}
	entries := []Entry{}
	err = s.DB.Do(ctx, holder, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		from, to := part.span(tx.Now())
		list, err := tx.FeedMeetings(ctx, from, to, part.Only, sig.RequestOf(ctx))
		if err != nil {
			return err
		}
		for _, line := range list {
			entry, err := s.entry(ctx, tx, line)
			if errors.Is(err, errNotMine) {
				continue
			}
			if err != nil {
				return err
			}
			entries = append(entries, entry)
		}
		return nil
	})
	return entries, err
}

var errNotMine = errors.New("the meeting is not for this calendar")

// entry asks the first wall about one meeting that the second has let through.
func (s *Service) entry(ctx context.Context, tx *postgres.Tx, line postgres.FeedMeeting) (Entry, error) {
	facts, err := tx.MeetingFacts(ctx, line.Intervention, line.ID)
	if err != nil {
		return Entry{}, gone(err)
	}
	row, err := tx.MeetingParts(ctx, line.Intervention, line.ID)
	if err != nil {
		return Entry{}, gone(err)
	}
	m := &matter{s: s, tx: tx, facts: facts, entry: ledger.Entry{
		Kind: ledger.ListMeetings, Intervention: line.Intervention, Object: ledger.Of(ledger.ObjectMeeting, line.ID),
	}}
	for _, call := range m.mine(row) {
		may, err := m.mayCome(ctx, row, call)
		if err != nil {
			return Entry{}, err
		}
		if !may {
			continue
		}
		where := &Open{}
		if err := m.openWhere(ctx, &row.Meeting, where); err != nil {
			return Entry{}, err
		}
		return Entry{
			ID: row.ID, Sequence: row.Sequence, Start: row.StartsAt, End: row.EndsAt, Place: where.Place, At: tx.Now(), Changed: line.ChangedAt,
		}, nil
	}
	return Entry{}, errNotMine
}

// gone is what a meeting is that was there a moment ago.
func gone(err error) error {
	if errors.Is(err, postgres.ErrNoRows) {
		return errNotMine
	}
	return err
}
