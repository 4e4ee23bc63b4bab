package meeting

import (
	"context"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Line is a meeting in a list: no agenda, no place.
type Line = postgres.MeetingLine

// Meetings lists the meetings of one case that the actor may see, earliest
// first: all of them for the board, the own calls for others.
func (s *Service) Meetings(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*List, error) {
	out := &List{}
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		m, err := s.begin(ctx, tx, ledger.Entry{Kind: ledger.ListMeetings, Intervention: intervention})
		if err != nil {
			return err
		}
		out.Now, out.May = tx.Now(), m.may() && m.facts.State == sig.InterventionActive
		out.Lines, err = tx.MeetingLines(ctx, &intervention, nil, nil, sig.RequestOf(ctx))
		return err
	})
	return out, err
}

// List is meetings in the order of their times.
type List struct {
	Now   time.Time
	May   bool // the actor may call another
	Lines []Line
}

// Ahead are those that are not over.
func (l *List) Ahead() []Line {
	var list []Line
	for _, line := range l.Lines {
		if l.Now.Before(line.EndsAt) {
			list = append(list, line)
		}
	}
	return list
}

// Past are those that are over, latest first.
func (l *List) Past() []Line {
	var list []Line
	for i := len(l.Lines) - 1; i >= 0; i-- {
		if !l.Now.Before(l.Lines[i].EndsAt) {
			list = append(list, l.Lines[i])
		}
	}
	return list
}

// Week is the actor's meetings in all cases from one Monday to the next.
type Week struct {
	List
	Monday sig.Date
}

// Week lists the meetings of the week that a day is in; the zero day is today.
// It takes no lock and shows no content.
func (s *Service) Week(ctx context.Context, actor sig.Actor, day sig.Date) (*Week, error) {
	out := &Week{}
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		if day.IsZero() {
			day = sig.DateOf(tx.Now())
		}
		back := (int(day.Start().In(sig.Stockholm).Weekday()) + 6) % 7
		out.Now, out.Monday = tx.Now(), day.AddDays(-back)
		from, to := out.Monday.Start(), out.Monday.AddDays(7).Start()
		var err error
		out.Lines, err = tx.MeetingLines(ctx, nil, &from, &to, sig.RequestOf(ctx))
		return err
	})
	return out, err
}
