package api

import (
	"context"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// OwnConsent is what a young person alone has said, or is asked to say, yes to.
type OwnConsent struct {
	Alone []string `json:"alone" doc:"Categories over which the young person disposes alone."`
	Rows  []OwnRow `json:"rows" doc:"Newest first."`
}

// OwnRow is one row of it.
type OwnRow struct {
	ID         ID        `json:"id"`
	Discloser  Seat      `json:"discloser"`
	Recipient  Seat      `json:"recipient"`
	Categories []string  `json:"categories"`
	Purpose    Purpose   `json:"purpose"`
	Addition   string    `json:"addition,omitempty" doc:"What the coordinator added, in Swedish."`
	To         time.Time `json:"to"`
	ProposedAt time.Time `json:"proposed_at"`
	GivenAt    time.Time `json:"given_at,omitzero"`
	EndedAt    time.Time `json:"ended_at,omitzero"`
	EndedBy    string    `json:"ended_by,omitempty" doc:"youth, recorded, refused, discarded or assessment."`
	Reference  string    `json:"reference,omitempty"`
}

// NewOwn is a row to ask the young person about.
type NewOwn struct {
	Discloser  Seat     `json:"discloser"`
	Recipient  Seat     `json:"recipient"`
	Categories []string `json:"categories" maxItems:"18"`
	Purpose    Code     `json:"purpose" doc:"One of those that answers have; with other, an addition says which."`
	Addition   string   `json:"addition,omitempty" maxLength:"4000" doc:"In Swedish."`
	LastDay    Date     `json:"last_day"`
}

// InOwn is one row of a young person's own.
type InOwn struct {
	InCase

	Own string `path:"own"`
}

func (a *API) registerOwn() {
	const tag = "consents"
	const all = "/api/v1/interventions/{id}/own"
	add(a, op{method: "GET", path: all, level: Hat, id: "show-own-consent", tag: tag,
		says: "What the young person alone decides over and has said yes to, for the board. Guardians have no way to it."}, a.ownShow)
	act(a, op{method: "POST", path: all, level: Hat, id: "propose-own-consent", tag: tag,
		says: "Write a row down for the young person alone to answer, as the coordinator."}, a.ownPropose)
	act(a, op{method: "DELETE", path: all + "/{own}", level: Hat, id: "end-own-consent", tag: tag,
		says: "Record that the young person takes a row back now, or take away one that nobody has answered. What was told by it is cut at once."}, a.ownEnd)
	act(a, op{method: "POST", path: all + "/{own}/end", level: Hat, id: "record-own-end", tag: tag,
		says: "Record that the young person has taken a row back earlier: it took effect when it came, and what was told by it in between is looked into."}, a.ownTaken)
}

func (a *API) ownShow(ctx context.Context, who *caller, in *InCase) (*OwnConsent, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	own, err := a.deps.Consenting.Own(ctx, who.actor, id)
	if err != nil {
		return nil, err
	}
	return &OwnConsent{Alone: strs(own.Alone), Rows: list(own.Rows, func(r consenting.OwnRow) OwnRow {
		return OwnRow{
			ID: idOut(r.ID), Discloser: seatOut(r.Discloser.Seat), Recipient: seatOut(r.Recipient.Seat), Categories: strs(r.Categories),
			Purpose: Purpose(r.Aim.Purpose), Addition: r.Aim.Addition, To: r.To, ProposedAt: r.ProposedAt, GivenAt: r.GivenAt, EndedAt: r.EndedAt, EndedBy: r.EndedBy, Reference: r.Reference,
		}
	})}, nil
}

func (a *API) ownPropose(ctx context.Context, who *caller, in *CaseBody[NewOwn]) error {
	id, err := in.intervention()
	if err != nil {
		return err
	}
	var check fault.Check
	b := in.Body
	last := b.LastDay.read(&check, "last_day")
	if err := check.Err(); err != nil {
		return err
	}
	return a.deps.Consenting.ProposeOwn(ctx, who.actor, id, consenting.NewOwn{
		Discloser: b.Discloser.read(), Recipient: b.Recipient.read(), Aim: sig.Aim{Purpose: sig.Purpose(b.Purpose), Addition: b.Addition}, LastDay: last,
		Categories: list(b.Categories, func(c string) sig.Category { return sig.Category(c) }),
	})
}

// OwnTaken is how and when it came that a young person has taken a row back.
type OwnTaken struct {
	Channel    string    `json:"channel" doc:"phone, text, email, paper or meeting."`
	ReceivedAt time.Time `json:"received_at"`
}

// OwnBody is the address of a row of a young person's own, and what is sent there.
type OwnBody[B any] struct {
	InOwn
	Body B
}

func (in InOwn) ids() (id sig.InterventionID, row sig.GrantID, err error) {
	if id, err = in.intervention(); err == nil {
		err = pathID(in.Own, &row)
	}
	return id, row, err
}

func (a *API) ownTaken(ctx context.Context, who *caller, in *OwnBody[OwnTaken]) error {
	id, row, err := in.ids()
	if err != nil {
		return err
	}
	_, err = a.deps.Consenting.RecordOwnEnd(ctx, who.actor, id, row, consenting.OwnTaken{
		Channel: consenting.Channel(in.Body.Channel), ReceivedAt: in.Body.ReceivedAt,
	})
	return err
}

func (a *API) ownEnd(ctx context.Context, who *caller, in *InOwn) error {
	id, row, err := in.ids()
	if err != nil {
		return err
	}
	_, err = a.deps.Consenting.EndOwn(ctx, who.actor, id, row)
	return err
}
