package sharing

import (
	"context"
	"slices"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Overview is a case as somebody who takes part in it for another authority
// sees it: what the own functions may tell and be told, and until when, what
// has come, and what the own authority has written and sent.
type Overview struct {
	Head
	Parts       []Part
	Stop        *Stop        // sharing as a whole has stopped
	Hidden      []HiddenCopy // received once, and cut
	Narrowed    []Narrowing  // what was taken back in part in the last fortnight, as the own seats are told
	Inbox       []InboxLine  // the latest that may be opened now
	MoreInbox   bool
	Items       []ItemLine
	Disclosures []Disclosed
}

// Part is one row of the consent that names a function which the actor fills.
type Part struct {
	Tells       bool // the own function tells; else it is told
	Other       sig.Seat
	Private     sig.PrivateKind // instead of another seat
	PrivateName string          // of a close person or expert
	private     sig.GrantID     // the row, where it names somebody private
	Categories  []sig.Category
	Aim         sig.Aim
	From, To    time.Time
	State       string // may, ended, upcoming or paused
}

// Stop says when sharing stopped and, as a message key, why.
type Stop struct {
	At  time.Time // zero when only that it is paused is known
	Why string
}

// HiddenCopy is a received copy that a cut has taken away.
type HiddenCopy = postgres.HiddenCopy

// Narrowing is that a part of the consent was taken back.
type Narrowing = postgres.Narrowing

// overviewInbox is how many copies the overview shows; the inbox has all.
const overviewInbox = 10

// Overview shows one case to somebody who takes part in it. No text of any
// item is in it; the lists have their own rows in the ledger.
func (s *Service) Overview(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Overview, error) {
	var out *Overview
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		facts, err := participantsFacts(ctx, tx, intervention)
		if err != nil {
			return err
		}
		out = &Overview{Head: headOf(tx, facts), Parts: partsOf(tx, facts)}
		if err := s.gather(ctx, tx, facts, out); err != nil {
			return err
		}
		_, err = tx.Append(ctx, ledger.Entry{Kind: ledger.ReadIntervention, Intervention: intervention})
		return err
	})
	return out, err
}

func (s *Service) gather(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, o *Overview) error {
	var err error
	if o.Hidden, err = tx.HiddenCopies(ctx, facts.Intervention); err != nil {
		return err
	}
	if o.Narrowed, err = tx.Narrowings(ctx, &facts.Intervention, tx.Now().Add(-sig.NewsLasts)); err != nil {
		return err
	}
	if o.Stop, err = stopOf(ctx, tx, facts, o.Hidden); err != nil {
		return err
	}
	q := postgres.InboxQuery{Intervention: &facts.Intervention, Size: overviewInbox + 1, Request: sig.RequestOf(ctx)}
	if o.Inbox, _, err = tx.Inbox(ctx, q); err != nil {
		return err
	}
	if len(o.Inbox) > overviewInbox {
		o.Inbox, o.MoreInbox = o.Inbox[:overviewInbox], true
	}
	if o.Items, err = tx.ItemLines(ctx, facts.Intervention); err != nil {
		return err
	}
	if err := nameEach(ctx, s, tx, facts, o.Parts, ofPart); err != nil {
		return err
	}
	o.Disclosures, err = s.disclosedOf(ctx, tx, facts)
	return err
}

// partsOf picks the rows that name a seat which the actor fills, under today's
// unit of its function.
func partsOf(tx *postgres.Tx, facts *postgres.CaseFacts) []Part {
	directory := sig.Directory{Moves: facts.Moves}
	mine := func(seat sig.Seat) bool {
		seat.Unit = directory.CurrentUnit(seat.Unit, seat.Function, tx.Now(), time.Time{})
		return slices.ContainsFunc(facts.Seats, func(p sig.Place) bool { return p.Seat() == seat })
	}
	var parts []Part
	for _, g := range facts.Rows() {
		g.To = facts.Ends(g)
		part := Part{
			Other: g.Discloser, Private: g.Private, Categories: g.Categories, Aim: g.Aim,
			From: g.From, To: g.To, State: partState(tx.Now(), facts, g),
		}
		if g.Private != "" {
			part.private = g.ID
		}
		if mine(g.Recipient) {
			parts = append(parts, part)
		}
		if mine(g.Discloser) {
			part.Tells, part.Other = true, g.Recipient
			parts = append(parts, part)
		}
	}
	return parts
}

func partState(now time.Time, facts *postgres.CaseFacts, g sig.Grant) string {
	switch {
	case !now.Before(g.To):
		return "ended"
	case facts.ConsentState == sig.ConsentSuspended:
		return "paused"
	case now.Before(g.From):
		return "upcoming"
	default:
		return "may"
	}
}

// whys are the sentences of a cut, by what made it.
var whys = map[string]string{
	"withdrawal": "cutoff.withdrawn", "narrowing": "cutoff.narrowed",
	"sharing_stopped": "cutoff.expired", "closed": "cutoff.closed",
}

// Why is the message key of the sentence that says why a copy is hidden.
func Why(cutBy string) string {
	if why, ok := whys[cutBy]; ok {
		return why
	}
	return "cutoff.closed"
}

// stopOf says when and why sharing has stopped as a whole; nil while it goes
// on or has never begun. Why an intervention ended is the board's to know:
// others hear of the consent, or only that it ended.
func stopOf(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, hidden []HiddenCopy) (*Stop, error) {
	switch facts.State {
	case sig.InterventionSharingStopped, sig.InterventionClosing, sig.InterventionClosed:
	case sig.InterventionActive:
		if facts.ConsentState == sig.ConsentSuspended {
			return &Stop{Why: "cutoff.suspended"}, nil
		}
		return nil, nil //nolint:nilnil // sharing goes on: there is no stop
	default:
		return nil, nil //nolint:nilnil // sharing has never begun
	}
	versions, err := tx.Consents(ctx, facts.Intervention)
	if err != nil {
		return nil, err
	}
	ends := map[sig.ConsentState]string{
		sig.ConsentWithdrawn: "cutoff.withdrawn", sig.ConsentExpired: "cutoff.expired", sig.ConsentLapsed: "cutoff.lapsed",
	}
	for _, v := range versions {
		if why, ok := ends[v.State]; ok && v.ActivatedAt != nil && v.EndedAt != nil {
			return &Stop{At: *v.EndedAt, Why: why}, nil
		}
	}
	if len(hidden) > 0 {
		return &Stop{At: hidden[0].At, Why: Why(hidden[0].By)}, nil
	}
	i, err := tx.Intervention(ctx, facts.Intervention)
	if err != nil {
		return nil, err
	}
	return &Stop{At: i.StateSince, Why: "cutoff.closed"}, nil
}
