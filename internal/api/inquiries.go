package api

import (
	"context"
	"time"

	"sigportal/internal/inquiry"
	"sigportal/internal/sig"
)

// Inquiry is what somebody of the family asks of the authorities, as whoever
// asked, or answers, reads it. Of those who answer, the registrar alone is told names.
type Inquiry struct {
	ID           ID         `json:"id"`
	Intervention ID         `json:"intervention"`
	CaseNumber   string     `json:"case_number,omitempty"`
	Kind         string     `json:"kind"`
	Asker        string     `json:"asker" doc:"guardian or youth."`
	YouthName    string     `json:"youth_name,omitempty" doc:"For the registrar: whom it is about."`
	Protection   Code       `json:"protection,omitempty" doc:"For the registrar: how that person is protected."`
	AskerName    string     `json:"asker_name,omitempty" doc:"For the registrar."`
	Authority    Code       `json:"authority" doc:"Whose function answers."`
	Function     Code       `json:"function"`
	Item         ID         `json:"item,omitempty" doc:"What it is about."`
	AskedAt      time.Time  `json:"asked_at"`
	DueOn        Date       `json:"due_on"`
	Late         bool       `json:"late"`
	Words        string     `json:"words,omitempty" doc:"Not in the list of what waits."`
	AnsweredAt   *time.Time `json:"answered_at,omitempty"`
	Answer       string     `json:"answer,omitempty"`
	Outcome      Code       `json:"outcome,omitempty" doc:"Of a file, extract or correction: granted, in_part or refused. The last two can be appealed within three weeks."`
}

// Inquiries is a list of them.
type Inquiries struct {
	Inquiries []Inquiry `json:"inquiries"`
}

// NewInquiry is something to be asked.
type NewInquiry struct {
	Kind  Code   `json:"kind" doc:"question, not_right (of an item), looks_wrong (of a row of the diary), file, extract, correction or interpreter."`
	Item  ID     `json:"item,omitempty" doc:"What it is about; the caller must be able to see it."`
	Line  string `json:"line,omitempty" maxLength:"400" doc:"The row of the diary that looks wrong, as the diary gives it to the caller in this session."`
	Words string `json:"words" maxLength:"10000"`
}

// InquiryAnswer is the answer, which is given once.
type InquiryAnswer struct {
	Answer  string `json:"answer" maxLength:"10000"`
	Outcome Code   `json:"outcome,omitempty" doc:"granted, in_part or refused: demanded of a file, extract or correction, and of nothing else."`
}

// InInquiry is the address of an inquiry.
type InInquiry struct {
	Inquiry string `path:"inquiry"`
}

type inquiryBody[B any] struct {
	InInquiry
	Body B
}

func (in InInquiry) id() (id sig.InquiryID, err error) { return id, pathID(in.Inquiry, &id) }

func (a *API) registerInquiries() {
	const path, in, tag = "/api/v1/inquiries", "/api/v1/interventions/{id}/inquiries", "inquiries"
	add(a, op{method: "GET", path: in, level: Citizen, id: "list-own-inquiries", tag: tag,
		says: "What the caller, of the family, has asked, with the answers."}, a.inquiriesMine)
	add(a, op{method: "POST", path: in, level: Citizen, id: "ask-inquiry", tag: tag, created: true,
		says: "Ask something of the authorities; it goes to whoever answers that, with a day by which."}, a.inquiryAsk)
	add(a, op{method: "GET", path: path, level: Hat, id: "list-waiting-inquiries", tag: tag,
		says: "What waits for the caller's answer, the soonest due first, without the words."}, a.inquiriesWaiting)
	add(a, op{method: "GET", path: path + "/{inquiry}", level: Hat, id: "show-inquiry", tag: tag,
		says: "One of them with its words; the read is in the ledger."}, a.inquiryShow)
	act(a, op{method: "PUT", path: path + "/{inquiry}/answer", level: Hat, id: "answer-inquiry", tag: tag,
		says: "Answer it, once."}, a.inquiryAnswer)
}

func inquiryOut(q inquiry.Inquiry) Inquiry {
	out := Inquiry{
		ID: idOut(q.ID), Intervention: idOut(q.Intervention), CaseNumber: q.CaseNumber, Kind: string(q.Kind), Asker: string(q.Asker),
		Authority: Code(q.Seat.Authority), Function: Code(q.Seat.Function), Item: idOrNone(q.Item), AskedAt: q.AskedAt,
		DueOn: Date(q.DueOn.String()), Late: q.Late, Words: q.Words, AnsweredAt: q.AnsweredAt, Answer: q.Answer, Outcome: Code(q.Outcome),
	}
	if n := q.Names; n != nil {
		out.YouthName, out.Protection, out.AskerName = n.Youth, Code(n.Protection), n.Asker
	}
	return out
}

func (a *API) inquiriesMine(ctx context.Context, who *caller, in *InCase) (Inquiries, error) {
	id, err := in.intervention()
	if err != nil {
		return Inquiries{}, err
	}
	mine, err := a.deps.Inquiry.Mine(ctx, who.actor, id)
	return Inquiries{list(mine, inquiryOut)}, err
}

func (a *API) inquiryAsk(ctx context.Context, who *caller, in *CaseBody[NewInquiry]) (Made, error) {
	id, err := in.intervention()
	if err != nil {
		return Made{}, err
	}
	line, err := a.cursors.ReadLine(who.actor, id, in.Body.Line)
	if err != nil {
		return Made{}, err
	}
	asked, err := a.deps.Inquiry.Ask(ctx, who.actor, inquiry.New{
		Key: who.key, Intervention: id, Kind: sig.InquiryKind(in.Body.Kind), Item: sig.ItemID{UUID: uuidOf(in.Body.Item)}, Line: line, Words: in.Body.Words,
	})
	return Made{idOut(asked)}, err
}

func (a *API) inquiriesWaiting(ctx context.Context, who *caller, _ *struct{}) (Inquiries, error) {
	waiting, err := a.deps.Inquiry.Waiting(ctx, who.actor)
	return Inquiries{list(waiting, inquiryOut)}, err
}

func (a *API) inquiryShow(ctx context.Context, who *caller, in *InInquiry) (*Inquiry, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	q, err := a.deps.Inquiry.Read(ctx, who.actor, id)
	if err != nil {
		return nil, err
	}
	out := inquiryOut(*q)
	return &out, nil
}

func (a *API) inquiryAnswer(ctx context.Context, who *caller, in *inquiryBody[InquiryAnswer]) error {
	id, err := in.id()
	if err != nil {
		return err
	}
	return a.deps.Inquiry.Answer(ctx, who.actor, id, inquiry.Answer{Words: in.Body.Answer, Outcome: sig.InquiryOutcome(in.Body.Outcome)})
}
