package api

import (
	"context"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// SeatToday is a seat that may know something by the consent in force.
type SeatToday struct {
	Party

	Held  bool      `json:"held" doc:"Somebody takes part there now."`
	Until time.Time `json:"until,omitzero" doc:"Where stand-ins alone do: until when."`
	Names []string  `json:"names,omitempty" doc:"Only by a decision of that authority's registrar."`
}

// SeatsToday are the seats of the consent in force.
type SeatsToday struct {
	Seats   []SeatToday  `json:"seats"`
	Changes []SeatChange `json:"changes" doc:"What the family was told, newest first."`
}

// SeatChange is that a seat changed hands.
type SeatChange struct {
	Party

	Kind  string    `json:"kind" doc:"new_person, substitute, vacant or left."`
	Until time.Time `json:"until,omitzero" doc:"Of a substitute."`
	At    time.Time `json:"at"`
}

// SeatNames are a registrar's decisions that families are shown a name.
type SeatNames struct {
	Decisions []SeatName    `json:"decisions" doc:"Those in force first."`
	Holders   []SeatHolding `json:"holders" doc:"Who holds a function that a consent may name."`
}

// SeatName is one decision.
type SeatName struct {
	ID        ID        `json:"id"`
	Seat      Seat      `json:"seat"`
	Holder    string    `json:"holder,omitempty" doc:"The one whose name is shown; left out, whoever takes part in that seat."`
	DecidedAt time.Time `json:"decided_at"`
	EndedAt   time.Time `json:"ended_at,omitzero"`
	Reason    string    `json:"reason"`
	EndReason string    `json:"end_reason,omitempty"`
}

// SeatHolding is one who holds a function.
type SeatHolding struct {
	Assignment ID     `json:"assignment"`
	Name       string `json:"name"`
	Seat       Seat   `json:"seat"`
}

// NewSeatName is a decision to be taken.
type NewSeatName struct {
	Unit       Code   `json:"unit"`
	Function   Code   `json:"function"`
	Assignment ID     `json:"assignment,omitempty" doc:"One holder; left out, whoever takes part in that seat."`
	Reason     string `json:"reason" maxLength:"1000"`
}

type seatNameBody struct{ Body NewSeatName }

// InSeatName is the address of a decision.
type InSeatName struct {
	Decision string `path:"decision"`
}

type seatNameEndBody struct {
	InSeatName
	Body struct {
		Reason string `json:"reason" maxLength:"1000"`
	}
}

func (a *API) registerSeats() {
	const path = "/api/v1/seat-names"
	add(a, op{method: "GET", path: "/api/v1/interventions/{id}/consent/seats", level: Citizen, id: "list-seats", tag: "family",
		says: "Who sits today in the seats that may know something: function, unit and whether somebody is there."}, a.seatsList)
	add(a, op{method: "GET", path: path, level: Hat, id: "list-seat-names", tag: "seats",
		says: "The own authority's decisions that families are shown a name; for its registrar."}, a.seatNamesList)
	act(a, op{method: "POST", path: path, level: Hat, id: "name-seat", tag: "seats",
		says: "Decide that families are shown the name of whoever holds a function of a unit, or of one holder."}, a.seatName)
	act(a, op{method: "POST", path: path + "/{decision}/end", level: Hat, id: "unname-seat", tag: "seats",
		says: "Take such a decision back."}, a.seatUnname)
}

func (a *API) seatsList(ctx context.Context, who *caller, in *InCase) (SeatsToday, error) {
	id, err := in.intervention()
	if err != nil {
		return SeatsToday{}, err
	}
	seats, err := a.deps.Consenting.Seats(ctx, who.actor, id)
	if err != nil {
		return SeatsToday{}, err
	}
	return SeatsToday{list(seats.Today, func(s consenting.SeatToday) SeatToday {
		return SeatToday{Party: partyOut(s.Party), Held: s.Held, Until: s.Until, Names: s.Names}
	}), list(seats.Changes, func(c consenting.SeatChange) SeatChange {
		return SeatChange{Party: partyOut(c.Party), Kind: string(c.Kind), Until: c.Until, At: c.At}
	})}, nil
}

func (a *API) seatNamesList(ctx context.Context, who *caller, _ *struct{}) (SeatNames, error) {
	found, err := a.deps.Casework.SeatNames(ctx, who.actor)
	if err != nil {
		return SeatNames{}, err
	}
	return SeatNames{
		Decisions: list(found.Decisions, func(d casework.SeatName) SeatName {
			return SeatName{
				ID: idOut(d.ID), Seat: seatOut(d.Seat), Holder: d.Holder, DecidedAt: d.DecidedAt, EndedAt: d.EndedAt, Reason: d.Reason, EndReason: d.EndReason,
			}
		}),
		Holders: list(found.Could, func(h sig.Assignment) SeatHolding {
			return SeatHolding{idOut(h.ID), h.Name, seatOut(sig.Seat{Authority: h.Authority, Unit: h.Unit, Function: h.Function})}
		}),
	}, nil
}

func (a *API) seatName(ctx context.Context, who *caller, in *seatNameBody) error {
	return a.deps.Casework.NameSeat(ctx, who.actor, casework.NewSeatName{
		Unit: sig.UnitID(in.Body.Unit), Function: sig.Function(in.Body.Function), Holder: sig.AssignmentID{UUID: uuidOf(in.Body.Assignment)}, Reason: in.Body.Reason,
	})
}

func (a *API) seatUnname(ctx context.Context, who *caller, in *seatNameEndBody) error {
	var id sig.SeatNameID
	if err := pathID(in.Decision, &id); err != nil {
		return err
	}
	return a.deps.Casework.UnnameSeat(ctx, who.actor, id, in.Body.Reason)
}
