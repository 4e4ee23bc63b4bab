package api

import (
	"context"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// Reorganisation is a change of the directory that is only thought of.
type Reorganisation struct {
	Authority Code `json:"authority" doc:"Whose function goes."`
	Unit      Code `json:"unit,omitempty" doc:"Absent: of every unit of the authority."`
	Function  Code `json:"function"`
	To        Code `json:"to" doc:"The authority to which it goes."`
	On        Date `json:"on" doc:"The day ahead at whose 00:00 it goes."`
}

// Foreseen is what such a change would end.
type Foreseen struct {
	Whole         bool           `json:"whole" doc:"The numbers are the whole authority's, and no intervention is named: for who keeps the directory or the registry."`
	Interventions int            `json:"interventions"`
	Rows          int            `json:"rows"`
	Stops         int            `json:"stops" doc:"In how many sharing would stop, because the last row between police and social services goes."`
	Calls         int            `json:"calls" doc:"Calls to meetings ahead that would end."`
	Own           int            `json:"own" doc:"Yeses of young people alone that would end."`
	Cases         []ForeseenCase `json:"cases" doc:"Of the interventions that the caller coordinates, those in which something would end."`
}

// ForeseenCase is what would end in one of them.
type ForeseenCase struct {
	Intervention ID        `json:"intervention"`
	CaseNumber   string    `json:"case_number"`
	YouthName    string    `json:"youth_name"`
	Rows         []Row     `json:"rows"`
	Own          int       `json:"own"`
	Stops        time.Time `json:"stops,omitzero" doc:"When sharing would stop."`
	Calls        []Calls   `json:"calls"`
}

// AskReorganisation is the question.
type AskReorganisation struct{ Body Reorganisation }

func (a *API) registerReorganisation() {
	add(a, op{method: "POST", path: "/api/v1/reorganisation/foresee", level: Hat, id: "foresee-reorganisation", tag: "consents",
		says: "What would end if a function went to another authority on a day: decided by the rules that end it then, and nothing is written but that somebody asked."}, a.reorganisationForesee)
}

func (a *API) reorganisationForesee(ctx context.Context, who *caller, in *AskReorganisation) (*Foreseen, error) {
	var check fault.Check
	b := in.Body
	what := consenting.Reorganisation{
		Seat: sig.Seat{Authority: sig.AuthorityID(b.Authority), Unit: sig.UnitID(b.Unit), Function: sig.Function(b.Function)},
		To:   sig.AuthorityID(b.To), On: b.On.read(&check, "on"),
	}
	if err := check.Err(); err != nil {
		return nil, err
	}
	f, err := a.deps.Consenting.Foresee(ctx, who.actor, what)
	if err != nil {
		return nil, err
	}
	return &Foreseen{
		Whole: f.Whole, Interventions: f.Sum.Cases, Rows: f.Sum.Rows, Stops: f.Sum.Stops, Calls: f.Sum.Calls, Own: f.Sum.Own,
		Cases: list(f.Cases, func(c consenting.ForeseenCase) ForeseenCase {
			return ForeseenCase{
				Intervention: idOut(c.ID), CaseNumber: c.CaseNumber, YouthName: c.Youth, Rows: list(c.Rows, rowOut), Own: c.Own, Stops: c.Stops,
				Calls: list(c.Calls, callsOut),
			}
		}),
	}, nil
}
