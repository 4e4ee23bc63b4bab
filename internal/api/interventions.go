package api

import (
	"context"
	"time"

	"sigportal/internal/casework"
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

func (a *API) registerInterventions() {
	const tag = "interventions"
	add(a, op{method: "GET", path: "/api/v1/interventions", level: SignedIn, id: "list-interventions", tag: tag,
		says: "The interventions that the caller has a part in."}, a.interventionsList)
}

func (a *API) interventionsList(ctx context.Context, who *caller, _ *none) (Interventions, error) {
	cases, err := a.deps.Casework.Cases(ctx, who.actor)
	return Interventions{list(cases, interventionOut)}, err
}

var _ = sig.ProgrammeSIG
