package casework

import (
	"context"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Today is what needs its reader now: ids, dates and states, no content.
type Today struct {
	Now      time.Time
	Tasks    []TaskLine
	Ending   []postgres.CaseLine  // consents that end within 30 days, soonest first
	Unsigned []postgres.Unsigned  // versions that wait for a signature
	Refused  []postgres.Refused   // versions to which somebody said no
	Narrowed []postgres.Narrowing // what was taken back in part, as the own seats are told
	New      []postgres.InboxLine
	Led      []postgres.LedSeat // seats that a consent names and nobody fills
	Overdue  []OverdueLine      // commitments of plans that the actor writes
	Promised []OverdueLine      // what the own seats have promised and not done, soonest first
	// Meetings of today and tomorrow to which an own seat is called.
	Meetings  []postgres.MeetingLine
	Suggested []SuggestedTime // other times that wait for the coordinator
}

// TaskLine is one task with its case.
type TaskLine struct {
	postgres.Task
	CaseNumber string
	YouthName  string
	Overdue    bool
}

// OverdueLine is a commitment that is not done, with its case.
type OverdueLine struct {
	postgres.OverdueLine
	CaseNumber string
	YouthName  string
}

// SuggestedTime is another time that somebody has suggested, with its case.
type SuggestedTime struct {
	postgres.SuggestedTime
	CaseNumber string
	YouthName  string
}

// endingSoon is how long before its end a consent stands on Today.
const endingSoon = 30 * 24 * time.Hour

// Today gathers the actor's tasks, own promises, meetings, consents about to
// end, missing signatures, unopened copies and vacant seats.
func (s *Service) Today(ctx context.Context, actor sig.Actor) (*Today, error) {
	out := &Today{}
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		out.Now = tx.Now()
		cases, err := tx.CaseLines(ctx)
		if err != nil {
			return err
		}
		tasks, err := tx.OpenTasks(ctx, sig.InterventionID{})
		if err != nil {
			return err
		}
		overdue, err := tx.OverdueCommitments(ctx)
		if err != nil {
			return err
		}
		out.fill(cases, tasks, overdue)
		if err := out.ahead(ctx, tx, cases); err != nil {
			return err
		}
		if out.Unsigned, err = tx.UnsignedVersions(ctx); err != nil {
			return err
		}
		if out.Refused, err = tx.RefusedVersions(ctx, out.Now.Add(-sig.NewsLasts)); err != nil {
			return err
		}
		if out.Narrowed, err = tx.Narrowings(ctx, nil, out.Now.Add(-sig.NewsLasts)); err != nil {
			return err
		}
		if out.Led, err = tx.VacantSeats(ctx); err != nil {
			return err
		}
		out.New, _, err = tx.Inbox(ctx, postgres.InboxQuery{Unopened: true, Size: 20, Request: sig.RequestOf(ctx)})
		return err
	})
	return out, err
}

func (t *Today) fill(cases []postgres.CaseLine, tasks []postgres.Task, overdue []postgres.OverdueLine) {
	known := map[sig.InterventionID]postgres.CaseLine{}
	for _, c := range cases {
		known[c.ID] = c
		if c.ConsentTo != nil && c.ConsentTo.After(t.Now) && c.ConsentTo.Sub(t.Now) <= endingSoon {
			t.Ending = append(t.Ending, c)
		}
	}
	for _, o := range overdue {
		t.Overdue = append(t.Overdue, OverdueLine{o, known[o.Intervention].CaseNumber, known[o.Intervention].YouthName})
	}
	today := sig.DateOf(t.Now)
	for _, task := range tasks {
		c := known[task.Intervention]
		t.Tasks = append(t.Tasks, TaskLine{
			Task: task, CaseNumber: c.CaseNumber, YouthName: c.YouthName,
			Overdue: !task.DueOn.IsZero() && task.DueOn.Compare(today) < 0,
		})
	}
}

// ahead adds what the actor has promised, and is called to.
func (t *Today) ahead(ctx context.Context, tx *postgres.Tx, cases []postgres.CaseLine) error {
	known := map[sig.InterventionID]postgres.CaseLine{}
	for _, c := range cases {
		known[c.ID] = c
	}
	promised, err := tx.OwnCommitments(ctx)
	if err != nil {
		return err
	}
	for _, p := range promised {
		t.Promised = append(t.Promised, OverdueLine{p, known[p.Intervention].CaseNumber, known[p.Intervention].YouthName})
	}
	suggested, err := tx.SuggestedTimes(ctx)
	if err != nil {
		return err
	}
	for _, s := range suggested {
		t.Suggested = append(t.Suggested, SuggestedTime{s, known[s.Intervention].CaseNumber, known[s.Intervention].YouthName})
	}
	until := sig.DateOf(t.Now).AddDays(2).Start()
	meetings, err := tx.MeetingLines(ctx, nil, &t.Now, &until, sig.RequestOf(ctx))
	for _, m := range meetings {
		if m.Called && (m.State == sig.MeetingPlanned || m.State == sig.MeetingLive) {
			t.Meetings = append(t.Meetings, m)
		}
	}
	return err
}

// Cases lists the interventions that the actor has a part in.
func (s *Service) Cases(ctx context.Context, actor sig.Actor) ([]postgres.CaseLine, error) {
	var out []postgres.CaseLine
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) (err error) {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		out, err = tx.CaseLines(ctx)
		return err
	})
	return out, err
}

// Search finds own cases by exactly one field. Every search is in the ledger
// with the term hashed; nobody and somebody elsewhere answer alike.
func (s *Service) Search(ctx context.Context, actor sig.Actor, by postgres.SearchBy, term string) ([]postgres.CaseLine, error) {
	var out []postgres.CaseLine
	term, err := checkTerm(by, term)
	if err != nil {
		return nil, err
	}
	err = s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		var pin []byte
		if by == postgres.SearchNumber {
			pin = s.Sealer.PINHash(term)
			term = ""
		}
		out, err = tx.Search(ctx, by, term, pin)
		if err != nil {
			return err
		}
		_, err = tx.Append(ctx, ledger.Entry{
			Kind: ledger.Search, Detail: ledger.Detail{"by": string(by), "term": s.termHash(by, term, pin), "found": len(out)},
		})
		return err
	})
	return out, err
}
