package api

import (
	"context"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// Ending is the board's own decision to end the collaboration.
type Ending struct {
	Reason    Code   `json:"reason" doc:"goal_reached, moved, decision_ended, replaced_by_lvu, deceased or other."`
	On        Date   `json:"on"`
	Reference string `json:"reference" maxLength:"400" doc:"The decision's number in the board's own system."`
}

// Incidents are what went wrong in one intervention.
type Incidents struct {
	Incidents []Incident `json:"incidents"`
}

// Incident is something that was told after a withdrawal had been received and
// before it was recorded. It has no content.
type Incident struct {
	ID         ID         `json:"id"`
	Kind       string     `json:"kind"`
	OpenedAt   time.Time  `json:"opened_at"`
	ReceivedAt time.Time  `json:"received_at,omitzero" doc:"When the withdrawal was received."`
	Reference  string     `json:"reference,omitempty"`
	Disclosure ID         `json:"disclosure"`
	Sender     Seat       `json:"sender"`
	Recipient  Seat       `json:"recipient"`
	Categories []string   `json:"categories"`
	SentAt     time.Time  `json:"sent_at,omitzero"`
	Heard      bool       `json:"heard" doc:"It was told in the room of a meeting, to those who were there."`
	ReadAt     *time.Time `json:"read_at,omitempty" doc:"When it was first read there."`
	ClosedAt   *time.Time `json:"closed_at,omitempty"`
	Done       string     `json:"done,omitempty"`
}

// Done is what was done about an incident.
type Done struct {
	Done string `json:"done" maxLength:"8000"`
}

// InIncident is one incident with what was done.
type InIncident struct {
	InCase

	Incident string `path:"incident"`
	Body     Done
}

func (a *API) registerIncidents() {
	const tag = "interventions"
	const one = "/api/v1/interventions/{id}"
	addOnce(a, op{method: "POST", path: one + "/ending", level: Hat, id: "end-intervention", tag: tag,
		says: "Record the board's decision to end the collaboration: all sharing ends at once."}, a.interventionEnd, standsNow[CaseBody[Ending]](a))
	add(a, op{method: "GET", path: one + "/incidents", level: Hat, id: "list-incidents", tag: tag,
		says: "What must be, or was, looked into, for the board."}, a.incidentsList)
	act(a, op{method: "PUT", path: one + "/incidents/{incident}/done", level: Hat, id: "close-incident", tag: tag,
		says: "Record what was done about an incident, once."}, a.incidentClose)
}

func (a *API) interventionEnd(ctx context.Context, who *caller, in *CaseBody[Ending]) (*Consent, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	var check fault.Check
	on := in.Body.On.read(&check, "on")
	if err := check.Err(); err != nil {
		return nil, err
	}
	return consentOr(a.deps.Consenting.End(ctx, who.actor, id, consenting.Ending{
		Reason: sig.ClosedReason(in.Body.Reason), On: on, Reference: in.Body.Reference,
	}))
}

func (a *API) incidentsList(ctx context.Context, who *caller, in *InCase) (*Incidents, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	found, err := a.deps.Casework.Incidents(ctx, who.actor, id)
	if err != nil {
		return nil, err
	}
	return &Incidents{list(found, incidentOut)}, nil
}

func incidentOut(n casework.Incident) Incident {
	return Incident{
		ID: idOut(n.ID), Kind: n.Kind, OpenedAt: n.OpenedAt, ReceivedAt: n.ReceivedAt, Reference: n.Reference,
		Disclosure: idOut(n.Told.ID), Sender: seatOut(n.Told.Sender), Recipient: seatOut(n.Told.Recipient),
		Categories: strs(n.Told.Categories), SentAt: n.Told.SentAt, Heard: n.Told.Heard, ReadAt: n.Told.ReadAt, ClosedAt: n.ClosedAt, Done: n.Done,
	}
}

func (a *API) incidentClose(ctx context.Context, who *caller, in *InIncident) error {
	id, err := in.intervention()
	if err != nil {
		return err
	}
	var incident casework.IncidentID
	if err := pathID(in.Incident, &incident); err != nil {
		return err
	}
	return a.deps.Casework.CloseIncident(ctx, who.actor, id, incident, in.Body.Done)
}
