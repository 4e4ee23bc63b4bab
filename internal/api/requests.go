package api

import (
	"context"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// PartRequest is an internal request to take part.
type PartRequest struct {
	ID        ID        `json:"id"`
	Name      string    `json:"name,omitempty"`
	Unit      string    `json:"unit,omitempty"`
	Function  string    `json:"function,omitempty"`
	Reason    string    `json:"reason,omitempty" doc:"For the one who answers."`
	CreatedAt time.Time `json:"created_at"`
	Answer    string    `json:"answer,omitempty" doc:"granted or refused; absent while it waits."`
}

func requestOut(r casework.Request) PartRequest {
	return PartRequest{idOut(r.ID), r.Name, string(r.Unit), string(r.Function), r.Reason, r.CreatedAt, r.Answer}
}

// PartRequests is a list of them.
type PartRequests struct {
	Requests []PartRequest `json:"requests"`
}

// NewPartRequest asks to take part in the case of whoever has the number.
type NewPartRequest struct {
	Number string `json:"number" maxLength:"20" doc:"Personal number, twelve digits."`
	Reason string `json:"reason" maxLength:"4000"`
}

// Answer answers a request.
type Answer struct {
	Grant bool `json:"grant"`
}

func (a *API) registerRequests() {
	const tag = "participations"
	add(a, op{method: "GET", path: "/api/v1/requests", level: Hat, id: "list-requests", tag: tag,
		says: "What the caller has asked to take part in, and what came of it."}, a.requestsList)
	act(a, op{method: "POST", path: "/api/v1/requests", level: Hat, id: "request-participation", tag: tag,
		says: "Ask to take part. The answer is the same whether there is a case or not."}, a.requestMake)
	act(a, op{method: "POST", path: "/api/v1/interventions/{id}/requests/{request}/answer", level: Hat, id: "answer-request", tag: tag,
		says: "Give the asker a part, or refuse it, as the coordinator."}, a.requestAnswer)
}

func (a *API) requestsList(ctx context.Context, who *caller, _ *none) (PartRequests, error) {
	mine, err := a.deps.Casework.MyRequests(ctx, who.actor)
	return PartRequests{list(mine, requestOut)}, err
}

func (a *API) requestMake(ctx context.Context, who *caller, in *body[NewPartRequest]) error {
	var check fault.Check
	n := number(&check, "number", in.Body.Number)
	if err := check.Err(); err != nil {
		return err
	}
	return a.deps.Casework.RequestPart(ctx, who.actor, n, in.Body.Reason)
}

type inRequest struct {
	CaseBody[Answer]
	Request string `path:"request"`
}

func (a *API) requestAnswer(ctx context.Context, who *caller, in *inRequest) error {
	id, err := in.intervention()
	if err != nil {
		return err
	}
	var request sig.RequestID
	if err := pathID(in.Request, &request); err != nil {
		return err
	}
	return a.deps.Casework.AnswerRequest(ctx, who.actor, id, request, in.Body.Grant)
}
