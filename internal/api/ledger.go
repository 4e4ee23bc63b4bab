package api

import (
	"context"
	"time"

	"sigportal/internal/oversight"
)

// LogPage is a page of everything that was done in one intervention, newest
// first, also what was refused; no content of anything.
type LogPage struct {
	CaseNumber string    `json:"case_number"`
	State      string    `json:"state"`
	Lines      []LogLine `json:"lines"`
	Next       string    `json:"next,omitempty"`
}

// LogLine is one row of the ledger.
type LogLine struct {
	ID         int64     `json:"id"`
	At         time.Time `json:"at"`
	Kind       string    `json:"kind"`
	Outcome    string    `json:"outcome" enum:"allowed,refused"`
	Reason     string    `json:"reason,omitempty" doc:"Why it was refused."`
	Actor      string    `json:"actor" enum:"staff,guardian,youth,system,nobody"`
	Officer    string    `json:"officer,omitempty"`
	By         *Seat     `json:"by,omitempty"`
	Recipient  *Seat     `json:"recipient,omitempty"`
	Categories []string  `json:"categories"`
	Basis      string    `json:"basis,omitempty"`
}

// ReviewPage is what a log reviewer starts from: it names nobody whom a case is
// about.
type ReviewPage struct {
	LedgerContradictedAt time.Time        `json:"ledger_contradicted_at,omitzero" doc:"Since when the ledger contradicts its signed head."`
	Incidents            []ReviewIncident `json:"incidents"`
	Searches             []ReviewSearch   `json:"searches" doc:"That found no case of the searcher's own."`
	Interventions        []ReviewCase     `json:"interventions"`
	Next                 string           `json:"next,omitempty"`
}

// ReviewIncident is one that is open.
type ReviewIncident struct {
	Intervention ID        `json:"intervention"`
	CaseNumber   string    `json:"case_number"`
	Kind         string    `json:"kind"`
	OpenedAt     time.Time `json:"opened_at"`
}

// ReviewSearch is one search; what was searched for is not kept.
type ReviewSearch struct {
	At      time.Time `json:"at"`
	Field   string    `json:"field"`
	Officer string    `json:"officer"`
	By      Seat      `json:"by"`
}

// ReviewCase is one intervention, by its number.
type ReviewCase struct {
	ID         ID        `json:"id"`
	CaseNumber string    `json:"case_number"`
	Programme  string    `json:"programme"`
	State      string    `json:"state"`
	StateSince time.Time `json:"state_since"`
}

func (a *API) registerLedger() {
	const tag = "ledger"
	add(a, op{method: "GET", path: "/api/v1/interventions/{id}/log", level: Hat, id: "list-log", tag: tag,
		says: "What was done in an intervention and by whom: for the board, and for its log reviewer."}, a.logList)
	add(a, op{method: "GET", path: "/api/v1/review", level: Hat, id: "show-review", tag: tag,
		says: "What the log reviewer starts from: incidents, searches that found nothing, and the authority's interventions."}, a.reviewShow)
}

func (a *API) logList(ctx context.Context, who *caller, in *pagedCase) (*LogPage, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	place := "api log " + id.String()
	var before int64
	if in.After != "" {
		if err := a.cursors.Read(who.actor, place, in.After, &before); err != nil {
			return nil, err
		}
	}
	log, err := a.deps.Oversight.List(ctx, who.actor, id, before)
	if err != nil {
		return nil, err
	}
	out := &LogPage{CaseNumber: log.CaseNumber, State: string(log.State), Lines: list(log.Lines, logLineOut)}
	if log.Next != 0 {
		out.Next, err = a.cursors.Write(who.actor, place, log.Next)
	}
	return out, err
}

func logLineOut(l oversight.Line) LogLine {
	out := LogLine{
		ID: l.ID, At: l.At, Kind: l.Kind, Outcome: l.Outcome, Reason: l.Reason, Actor: l.Actor, Officer: l.Officer,
		Categories: strs(l.Categories), Basis: l.Basis,
	}
	if l.Function != "" {
		out.By = &Seat{Code(l.Authority), Code(l.Unit), Code(l.Function)}
	}
	if l.RecipientFunction != "" {
		out.Recipient = &Seat{Code(l.RecipientAuthority), Code(l.RecipientUnit), Code(l.RecipientFunction)}
	}
	return out
}

func (a *API) reviewShow(ctx context.Context, who *caller, in *Paged) (*ReviewPage, error) {
	const place = "api review"
	var after string
	if in.After != "" {
		if err := a.cursors.Read(who.actor, place, in.After, &after); err != nil {
			return nil, err
		}
	}
	found, err := a.deps.Oversight.Review(ctx, who.actor, after)
	if err != nil {
		return nil, err
	}
	out := &ReviewPage{
		LedgerContradictedAt: found.Alarm,
		Incidents: list(found.Incidents, func(n oversight.Incident) ReviewIncident {
			return ReviewIncident{idOut(n.Intervention), n.CaseNumber, n.Kind, n.OpenedAt}
		}),
		Searches: list(found.Searches, func(s oversight.Search) ReviewSearch {
			return ReviewSearch{s.At, string(s.By), s.Officer, Seat{Authority: Code(who.actor.Authority), Unit: Code(s.Unit), Function: Code(s.Function)}}
		}),
		Interventions: list(found.Cases, func(c oversight.Case) ReviewCase {
			return ReviewCase{idOut(c.ID), c.CaseNumber, string(c.Programme), string(c.State), c.StateSince}
		}),
	}
	if found.Next != "" {
		out.Next, err = a.cursors.Write(who.actor, place, found.Next)
	}
	return out, err
}
