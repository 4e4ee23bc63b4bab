package api

import (
	"context"
	"time"

	"sigportal/internal/consenting"
)

// Home is whether a young person's own view is switched off at home.
type Home struct {
	Hidden       bool      `json:"hidden"`
	ByYouth      bool      `json:"by_youth"`
	Since        time.Time `json:"since,omitzero"`
	OfficeUntil  time.Time `json:"office_until,omitzero" doc:"Until when it is open in the office."`
	OfficeNumber string    `json:"office_number,omitempty" doc:"Six digits that open it there, once: the form field number of POST /office takes them."`
	TooManyTries bool      `json:"too_many_tries,omitempty" doc:"Wrong numbers closed the hour."`
	TakenAt      time.Time `json:"taken_at,omitzero" doc:"When the number was typed."`
}

// HomeAct is what is done about it.
type HomeAct struct {
	Act Code `json:"act" doc:"hide, show or office; a young person may only hide."`
}

func (a *API) registerHome() {
	const tag = "interventions"
	const path = "/api/v1/interventions/{id}/at-home"
	add(a, op{method: "GET", path: path, level: Hat, id: "show-at-home", tag: tag,
		says: "Whether the young person's own view is switched off at home, for the board."}, a.homeShow)
	act(a, op{method: "PUT", path: path, level: SignedIn, id: "set-at-home", tag: tag,
		says: "Switch a young person's own view off or on, or open it in the office for an hour."}, a.homeSet)
}

func (a *API) homeShow(ctx context.Context, who *caller, in *InCase) (*Home, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	h, err := a.deps.Consenting.AtHome(ctx, who.actor, id)
	if err != nil {
		return nil, err
	}
	return &Home{h.Hidden, h.ByYouth, h.Since, h.OfficeUntil, h.Number, h.Closed, h.TakenAt}, nil
}

func (a *API) homeSet(ctx context.Context, who *caller, in *CaseBody[HomeAct]) error {
	id, err := in.intervention()
	if err != nil {
		return err
	}
	return a.deps.Consenting.SetAtHome(ctx, who.actor, id, consenting.HomeAct(in.Body.Act))
}
