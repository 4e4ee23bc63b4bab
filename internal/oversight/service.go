package oversight

import (
	"context"
	"errors"
	"slices"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Service reads the ledger on one database.
type Service struct{ DB *postgres.DB }

// The pages of a list.
const (
	logPage    = 50
	reviewPage = 100
)

// Line is one row of an intervention's ledger, without content.
type Line = postgres.LedgerLine

// Log is one page of an intervention's ledger, newest first.
type Log struct {
	Intervention sig.InterventionID
	CaseNumber   string
	Board        sig.AuthorityID
	State        sig.InterventionState
	Review       bool // the reader is the log reviewer and not a participant
	Lines        []Line
	Next         int64 // where the next page begins; 0 when there is none
}

// List gives the rows before one of the ledger's own numbers (0: the newest) to
// the board's participants and the authority's log reviewer. Anybody else gets
// the answer of an intervention that does not exist. That it was read is a row
// of its own.
func (s *Service) List(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, before int64) (*Log, error) {
	var out *Log
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		entry := ledger.Entry{Kind: ledger.ListLedger, Intervention: intervention}
		i, err := tx.Intervention(ctx, intervention)
		if errors.Is(err, postgres.ErrNoRows) {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		seats, err := tx.OwnSeats(ctx, intervention)
		if err != nil {
			return err
		}
		board := slices.ContainsFunc(seats, func(seat sig.Seat) bool { return seat.Authority == i.Authority })
		reviews := actor.Function == sig.RoleLogReviewer && actor.Authority == i.Authority
		if !board && !reviews {
			return tx.RefuseMissing(entry)
		}
		out = &Log{Intervention: i.ID, CaseNumber: i.CaseNumber, Board: i.Authority, State: i.State, Review: !board}
		if out.Lines, err = tx.LedgerLines(ctx, intervention, before, logPage+1); err != nil {
			return err
		}
		if len(out.Lines) > logPage {
			out.Lines = out.Lines[:logPage]
			out.Next = out.Lines[logPage-1].ID
		}
		_, err = tx.Append(ctx, entry)
		return err
	})
	return out, err
}

// Case is one of the authority's interventions by its number: a log reviewer
// has no need of whom it is about.
type Case struct {
	ID         sig.InterventionID
	CaseNumber string
	Programme  sig.Programme
	State      sig.InterventionState
	StateSince time.Time
}

// Incident is a breach to look into.
type Incident = postgres.IncidentLine

// Search is a search by one of the authority's officers that found nothing among
// their own cases: a slip, or somebody who looks where they have no part. It is
// not told for whom, nor whether there is a case elsewhere.
type Search = postgres.SearchLine

// Review is what a log reviewer starts from.
type Review struct {
	Alarm     time.Time // since when the ledger contradicts its signed head; zero while it does not
	Incidents []Incident
	Searches  []Search // to be looked into, newest first
	Cases     []Case
	Next      string // the case number after which the next page begins; empty when there is none
}

// Review lists the authority's interventions by number, its open breaches and
// its officers' searches without a case, to its log reviewer, and says whether the ledger itself can be believed; for
// anybody else there is no such page.
func (s *Service) Review(ctx context.Context, actor sig.Actor, after string) (*Review, error) {
	if actor.Kind != sig.ActorStaff || actor.Function != sig.RoleLogReviewer {
		return nil, fault.Missing()
	}
	out := &Review{}
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		err := tx.ReadClock(ctx)
		if err != nil {
			return err
		}
		cases, err := tx.ReviewCases(ctx, after, reviewPage+1)
		if err != nil {
			return err
		}
		for n, c := range cases {
			if n == reviewPage {
				out.Next = cases[n-1].CaseNumber
				break
			}
			out.Cases = append(out.Cases, Case(c))
		}
		if out.Incidents, err = tx.OpenIncidents(ctx); err != nil {
			return err
		}
		if out.Searches, err = tx.FruitlessSearches(ctx); err != nil {
			return err
		}
		alarm, open, err := tx.LedgerAlarm(ctx)
		if err != nil {
			return err
		}
		if open {
			out.Alarm = alarm.At
		}
		_, err = tx.Append(ctx, ledger.Entry{Kind: ledger.ListLedger})
		return err
	})
	return out, err
}
