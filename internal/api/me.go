package api

import (
	"context"

	"sigportal/internal/sig"
)

// Me is who the session says that the caller is.
type Me struct {
	Kind       string `json:"kind" enum:"staff,guardian,youth,nobody"`
	Name       string `json:"name" doc:"The caller's own."`
	Seat       *Seat  `json:"seat,omitempty" doc:"Staff: the assignment worn."`
	Assignment ID     `json:"assignment,omitempty"`
	Guardian   ID     `json:"guardian,omitempty"`
	Youth      ID     `json:"youth,omitempty"`
}

func (a *API) registerMe() {
	add(a, op{method: "GET", path: "/api/v1/me", level: SignedIn, id: "show-me", tag: "sessions", anybody: true,
		says: "Who the caller is, and in which part."}, a.meShow)
}

func (a *API) meShow(_ context.Context, who *caller, _ *none) (Me, error) {
	actor := who.actor
	me := Me{
		Kind: string(actor.Kind), Name: actor.ShownAs, Assignment: idOut(actor.Assignment), Guardian: idOut(actor.Guardian), Youth: idOut(actor.Youth),
	}
	if actor.Kind == sig.ActorStaff {
		me.Seat = &Seat{Code(actor.Authority), Code(actor.Unit), Code(actor.Function)}
	}
	return me, nil
}
