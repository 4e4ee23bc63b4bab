package api

import "context"

// Hats is the parts that the caller may act in at this instant.
type Hats struct {
	Hats []HatLine `json:"hats"`
}

// HatLine is one of them.
type HatLine struct {
	ID    ID     `json:"id" doc:"What the form field hat of POST /hat takes; that gives a new session, as every sign-in does."`
	Kind  string `json:"kind" enum:"staff,guardian,youth"`
	Seat  *Seat  `json:"seat,omitempty"`
	Youth string `json:"youth,omitempty" doc:"Guardians: the young person's name."`
	Worn  bool   `json:"worn" doc:"The one that this session acts in."`
}

func (a *API) registerHats() {
	add(a, op{method: "GET", path: "/api/v1/hats", level: SignedIn, id: "list-hats", tag: "sessions", anybody: true,
		says: "The parts that the caller may choose among."}, a.hatsList)
}

func (a *API) hatsList(_ context.Context, who *caller, _ *none) (Hats, error) {
	hats, err := a.deps.Login.Hats(who.http)
	out := Hats{Hats: make([]HatLine, 0, len(hats))}
	for _, h := range hats {
		line := HatLine{
			ID: ID(h.ID().String()), Kind: string(h.Kind), Youth: h.Label,
			Worn: h.Assignment == who.actor.Assignment && h.Guardian == who.actor.Guardian && h.Youth == who.actor.Youth,
		}
		if h.Function != "" {
			line.Seat = &Seat{Code(h.Authority), Code(h.Unit), Code(h.Function)}
		}
		out.Hats = append(out.Hats, line)
	}
	return out, err
}
