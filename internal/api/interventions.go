package api

import (
	"context"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// InterventionLine is one intervention in a list.
type InterventionLine struct {
	ID         ID        `json:"id"`
	CaseNumber string    `json:"case_number"`
	YouthName  string    `json:"youth_name,omitempty"`
	Programme  string    `json:"programme"`
	State      string    `json:"state"`
	StateSince time.Time `json:"state_since"`
	Board      string    `json:"board" doc:"The authority whose intervention it is."`
	ConsentTo  time.Time `json:"consent_to,omitzero" doc:"When the last row of the consent in force ends."`
}

func interventionOut(c casework.CaseLine) InterventionLine {
	return InterventionLine{
		ID: idOut(c.ID), CaseNumber: c.CaseNumber, YouthName: c.YouthName, Programme: string(c.Programme), State: string(c.State),
		StateSince: c.StateSince, Board: string(c.Board), ConsentTo: at(c.ConsentTo),
	}
}

// Interventions is a list of them.
type Interventions struct {
	Interventions []InterventionLine `json:"interventions"`
}

// Overview is a case as somebody who takes part in it sees it: what the own
// functions may tell and be told, what has come and what has been sent. No text
// of any item is in it.
type Overview struct {
	Intervention ID           `json:"intervention"`
	CaseNumber   string       `json:"case_number"`
	YouthName    string       `json:"youth_name,omitempty"`
	Board        string       `json:"board"`
	State        string       `json:"state"`
	Seats        []Seat       `json:"seats" doc:"Those that the caller fills here."`
	Parts        []Part       `json:"parts"`
	Stop         *Stop        `json:"stop,omitempty" doc:"Sharing as a whole has stopped."`
	Hidden       []HiddenCopy `json:"hidden" doc:"Copies once received, and cut."`
	Inbox        []CopyLine   `json:"inbox" doc:"The latest; the list of copies has all."`
	Items        []ItemLine   `json:"items"`
	Disclosures  []Disclosed  `json:"disclosures"`
	Now          time.Time    `json:"now"`
}

// Part is one row of the consent that names a function which the caller fills.
type Part struct {
	Tells       bool      `json:"tells" doc:"The own function tells; else it is told."`
	Other       Seat      `json:"other"`
	Private     string    `json:"private,omitempty"`
	PrivateName string    `json:"private_name,omitempty" doc:"The own name of somebody private."`
	Categories  []string  `json:"categories"`
	Purpose     Purpose   `json:"purpose"`
	Addition    string    `json:"addition,omitempty" doc:"What the coordinator added, in Swedish."`
	From        time.Time `json:"from"`
	To          time.Time `json:"to"`
	State       string    `json:"state" enum:"may,ended,upcoming,paused"`
}

// Stop says when sharing stopped and why, as a code.
type Stop struct {
	At  time.Time `json:"at,omitzero"`
	Why string    `json:"why"`
}

// HiddenCopy is a received copy that a cut has taken away.
type HiddenCopy struct {
	ID      ID        `json:"id"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Deleted bool      `json:"deleted"`
	Late    bool      `json:"after_withdrawal,omitempty" doc:"Disclosed after the consent had been taken back, before that was recorded."`
}

// Reasoned is a choice with its reason.
type Reasoned struct {
	Outcome string `json:"outcome" maxLength:"40"`
	Reason  string `json:"reason,omitempty" maxLength:"8000"`
}

// Assessed is an assessment of age and maturity.
type Assessed struct {
	Outcome string   `json:"outcome" maxLength:"40" doc:"mature or not_mature"`
	Alone   []string `json:"alone,omitempty" maxItems:"18" doc:"Categories over which the young person disposes alone from now on, at 12 to 17. Guardians then know nothing of them; no consent that is in force or prepared may name one. Left out: none."`
	Reason  string   `json:"reason,omitempty" maxLength:"8000"`
}

func (a *API) registerInterventions() {
	const tag = "interventions"
	const one = "/api/v1/interventions/{id}"
	add(a, op{method: "GET", path: "/api/v1/interventions", level: SignedIn, id: "list-interventions", tag: tag,
		says: "The interventions that the caller has a part in."}, a.interventionsList)
	addOnce(a, op{method: "POST", path: "/api/v1/interventions", level: Hat, id: "propose-intervention", tag: tag, created: true,
		says: "Propose an intervention, as a coordinator."}, a.interventionPropose, a.interventionProposed)
	add(a, op{method: "GET", path: one, level: Hat, id: "show-intervention", tag: tag,
		says: "One intervention, for who takes part in it."}, a.interventionShow)
	addOnce(a, op{method: "POST", path: one + "/maturity", level: Hat, id: "assess-maturity", tag: tag,
		says: "Record the assessment of a young person's age and maturity."}, a.maturityAssess, standsNow[CaseBody[Assessed]](a))
	addOnce(a, op{method: "POST", path: one + "/outcome", level: Hat, id: "record-outcome", tag: tag,
		says: "Record which other measures were considered; it closes what is closing."}, a.outcomeRecord, standsNow[CaseBody[Reasoned]](a))
}

func (a *API) interventionsList(ctx context.Context, who *caller, _ *none) (Interventions, error) {
	cases, err := a.deps.Casework.Cases(ctx, who.actor)
	return Interventions{list(cases, interventionOut)}, err
}

func (a *API) interventionShow(ctx context.Context, who *caller, in *InCase) (*Overview, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	o, err := a.deps.Sharing.Overview(ctx, who.actor, id)
	if err != nil {
		return nil, err
	}
	out := &Overview{
		Intervention: idOut(o.Intervention), CaseNumber: o.CaseNumber, YouthName: o.YouthName, Board: string(o.Board),
		State: string(o.State), Seats: list(o.Seats, seatOut), Parts: list(o.Parts, partOut), Inbox: list(o.Inbox, copyLineOut),
		Hidden: list(o.Hidden, func(h sharing.HiddenCopy) HiddenCopy { return HiddenCopy{idOut(h.ID), h.At, h.By, h.Deleted, h.Late} }),
		Items:  list(o.Items, itemLineOut), Disclosures: list(o.Disclosures, disclosedOut), Now: o.Now,
	}
	if o.Stop != nil {
		out.Stop = &Stop{o.Stop.At, o.Stop.Why}
	}
	return out, nil
}

func partOut(p sharing.Part) Part {
	return Part{p.Tells, seatOut(p.Other), string(p.Private), p.PrivateName, strs(p.Categories), Purpose(p.Aim.Purpose), p.Aim.Addition, p.From, p.To, p.State}
}

func (a *API) maturityAssess(ctx context.Context, who *caller, in *CaseBody[Assessed]) (*Consent, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	return consentOr(a.deps.Consenting.AssessMaturity(ctx, who.actor, id, consenting.Assessment{
		Outcome: sig.MaturityOutcome(in.Body.Outcome), Reason: in.Body.Reason,
		Alone: list(in.Body.Alone, func(c string) sig.Category { return sig.Category(c) }),
	}))
}

func (a *API) outcomeRecord(ctx context.Context, who *caller, in *CaseBody[Reasoned]) (*Consent, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	return consentOr(a.deps.Consenting.RecordOutcome(ctx, who.actor, id, consenting.Outcome(in.Body.Outcome), in.Body.Reason))
}
