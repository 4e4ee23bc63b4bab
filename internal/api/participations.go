package api

import (
	"context"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// Participations is who takes part in a case, and whom the caller could let in.
type Participations struct {
	CaseNumber string          `json:"case_number"`
	Taking     []Participation `json:"taking"`
	Could      []Assignment    `json:"could" doc:"Whom the caller may give a part."`
	StandIns   []Assignment    `json:"stand_ins" doc:"Who may fill the caller's own coordinator's seat for a time: colleagues of the same unit, or of the same function."`
	Requests   []PartRequest   `json:"requests" doc:"Waiting for the coordinator's answer."`
	MayGive    bool            `json:"may_give"`
	MayStandIn bool            `json:"may_stand_in"`
	MayAnswer  bool            `json:"may_answer"`
}

// Participation is somebody's part in a case.
type Participation struct {
	ID         ID        `json:"id"`
	Assignment ID        `json:"assignment"`
	Name       string    `json:"name,omitempty"`
	Seat       Seat      `json:"seat"`
	StandInFor ID        `json:"stand_in_for,omitempty"`
	From       time.Time `json:"from"`
	To         time.Time `json:"to,omitzero" doc:"Absent where no end is set."`
}

// Assignment is one person in one function.
type Assignment struct {
	ID   ID     `json:"id"`
	Name string `json:"name"`
	Seat Seat   `json:"seat"`
}

// NewParticipation gives an assignment a part.
type NewParticipation struct {
	Assignment ID     `json:"assignment"`
	Reason     string `json:"reason" maxLength:"4000"`
}

// NewStandIn lets a colleague fill the coordinator's own seat.
type NewStandIn struct {
	Assignment ID   `json:"assignment"`
	Until      Date `json:"until" doc:"The last day."`
}

func (a *API) registerParticipations() {
	const tag = "participations"
	const all = "/api/v1/interventions/{id}/participations"
	add(a, op{method: "GET", path: all, level: Hat, id: "list-participations", tag: tag,
		says: "Who takes part in an intervention."}, a.participationsList)
	act(a, op{method: "POST", path: all, level: Hat, id: "give-participation", tag: tag,
		says: "Let an assignment take part; giving what is given already changes nothing."}, a.participationGive)
	act(a, op{method: "DELETE", path: all + "/{participation}", level: Hat, id: "end-participation", tag: tag,
		says: "End a participation."}, a.participationEnd)
	act(a, op{method: "POST", path: "/api/v1/interventions/{id}/stand-ins", level: Hat, id: "set-stand-in", tag: tag,
		says: "Let a colleague stand in for the coordinator until a day."}, a.standInSet)
	const substitutes = "/api/v1/interventions/{id}/meetings/{meeting}/substitutes"
	add(a, op{method: "GET", path: substitutes, level: Hat, id: "list-substitutes", tag: tag,
		says: "Whom the caller, who fills a called seat, could send to a meeting instead."}, a.substitutesList)
	act(a, op{method: "POST", path: substitutes, level: Hat, id: "send-substitute", tag: tag,
		says: "Send a colleague of the same function and unit to a meeting; the colleague takes part until it is over."}, a.substituteSend)
}

func (a *API) participationsList(ctx context.Context, who *caller, in *InCase) (*Participations, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	s, err := a.deps.Casework.Seats(ctx, who.actor, id)
	if err != nil {
		return nil, err
	}
	return &Participations{
		CaseNumber: s.CaseNumber, Taking: list(s.Taking, participationOut), Requests: list(s.Requests, requestOut),
		Could: list(s.Could, assignmentOut), StandIns: list(s.StandIns, assignmentOut),
		MayGive: s.Actions.Give, MayStandIn: s.Actions.StandIn, MayAnswer: s.Actions.Answer,
	}, nil
}

func assignmentOut(x sig.Assignment) Assignment {
	return Assignment{idOut(x.ID), x.Name, Seat{Code(x.Authority), Code(x.Unit), Code(x.Function)}}
}

func participationOut(p casework.Participation) Participation {
	out := Participation{
		ID: idOut(p.ID), Assignment: idOut(p.Assignment), Name: p.Name, From: p.From, StandInFor: idOrNone(p.StandInFor),
		Seat: Seat{Code(p.Authority), Code(p.Unit), Code(p.Function)},
	}
	if p.To.Before(sig.Forever) {
		out.To = p.To
	}
	return out
}

func (a *API) participationGive(ctx context.Context, who *caller, in *CaseBody[NewParticipation]) error {
	id, err := in.intervention()
	if err != nil {
		return err
	}
	return a.deps.Casework.GivePart(ctx, who.actor, id, sig.AssignmentID{UUID: uuidOf(in.Body.Assignment)}, in.Body.Reason)
}

type inParticipation struct {
	InCase
	Participation string `path:"participation"`
}

func (a *API) participationEnd(ctx context.Context, who *caller, in *inParticipation) error {
	id, err := in.intervention()
	if err != nil {
		return err
	}
	var part sig.ParticipationID
	if err := pathID(in.Participation, &part); err != nil {
		return err
	}
	return a.deps.Casework.EndPart(ctx, who.actor, id, part)
}

func (a *API) standInSet(ctx context.Context, who *caller, in *CaseBody[NewStandIn]) error {
	id, err := in.intervention()
	if err != nil {
		return err
	}
	var check fault.Check
	until := in.Body.Until.read(&check, "until")
	if err := check.Err(); err != nil {
		return err
	}
	return a.deps.Casework.StandIn(ctx, who.actor, id, sig.AssignmentID{UUID: uuidOf(in.Body.Assignment)}, until)
}

// Substitutes are the colleagues whom the caller could send.
type Substitutes struct {
	Could []Substitute `json:"could"`
}

// Substitute is a colleague of the same function and unit.
type Substitute struct {
	Assignment ID     `json:"assignment"`
	Name       string `json:"name"`
}

// SendSubstitute names one.
type SendSubstitute struct {
	Assignment ID `json:"assignment"`
}

func (a *API) substitutesList(ctx context.Context, who *caller, in *InMeeting) (*Substitutes, error) {
	id, m, err := in.ids()
	if err != nil {
		return nil, err
	}
	could, err := a.deps.Meeting.Substitutes(ctx, who.actor, id, m)
	if err != nil {
		return nil, err
	}
	return &Substitutes{list(could, func(s meeting.Substitute) Substitute { return Substitute{idOut(s.Assignment), s.Name} })}, nil
}

func (a *API) substituteSend(ctx context.Context, who *caller, in *MeetingBody[SendSubstitute]) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.SendInstead(ctx, who.actor, id, m, sig.AssignmentID{UUID: uuidOf(in.Body.Assignment)})
}
