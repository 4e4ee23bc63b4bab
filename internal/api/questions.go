package api

import (
	"context"
	"time"

	"sigportal/internal/question"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// QuestionLine is a directed question in a list, without its texts.
type QuestionLine struct {
	ID           ID        `json:"id"`
	Intervention ID        `json:"intervention"`
	CaseNumber   string    `json:"case_number"`
	Category     string    `json:"category"`
	Asker        Seat      `json:"asker"`
	Asked        Seat      `json:"asked"`
	ToUs         bool      `json:"to_us" doc:"The caller's function is the asked one."`
	AskedAt      time.Time `json:"asked_at"`
	EndsAt       time.Time `json:"ends_at" doc:"From then on nobody can answer it."`
	State        string    `json:"state" doc:"open, answered, expired, declined, taken_back or cut."`
}

// QuestionOpen is a directed question with its texts.
type QuestionOpen struct {
	QuestionLine
	Text       string     `json:"text"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
	Answer     string     `json:"answer,omitempty"`
	Hidden     bool       `json:"hidden,omitempty" doc:"A cut has taken the answer from the caller."`
	Actions    []string   `json:"actions"`
}

// QuestionList is the caller's questions, what is open first.
type QuestionList struct {
	Questions []QuestionLine `json:"questions"`
}

// QuestionChoices is whom the caller's function may ask.
type QuestionChoices struct {
	Seats []QuestionChoice `json:"seats"`
}

// QuestionChoice is one function, with the categories in which it may answer.
type QuestionChoice struct {
	Seat       Seat            `json:"seat"`
	Categories []QuestionAbout `json:"categories"`
	Reads      bool            `json:"reads" doc:"Somebody there takes part and reads it at once."`
}

// QuestionAbout is a category, and until when a question about it can stand.
type QuestionAbout struct {
	Category string    `json:"category"`
	Until    time.Time `json:"until"`
}

// NewQuestion is a question to be put.
type NewQuestion struct {
	Asked     Seat      `json:"asked"`
	Category  Code      `json:"category"`
	EndsAt    time.Time `json:"ends_at"`
	Text      string    `json:"text" maxLength:"8000" doc:"Told to the asked function in the category, as a disclosure."`
	Necessity string    `json:"necessity" maxLength:"5000"`
	Weaker    string    `json:"weaker_reason,omitempty" maxLength:"5000" doc:"Why it is put although secrecy is weaker there."`
}

// QuestionAnswer is the answer.
type QuestionAnswer struct {
	Text      string    `json:"text" maxLength:"8000" doc:"Told to the asking function in the question's category, as a disclosure."`
	Concerns  []Concern `json:"concerns,omitempty" maxItems:"20"`
	Necessity string    `json:"necessity" maxLength:"5000"`
	Weaker    string    `json:"weaker_reason,omitempty" maxLength:"5000"`
}

// InQuestion is the address of a question.
type InQuestion struct {
	Question string `path:"question"`
}

func (in InQuestion) id() (id sig.QuestionID, err error) { return id, pathID(in.Question, &id) }

type questionBody[B any] struct {
	InQuestion
	Body B
}

func (a *API) registerQuestions() {
	const tag = "questions"
	const path, in = "/api/v1/questions", "/api/v1/interventions/{id}/questions"
	add(a, op{method: "GET", path: path, level: Hat, id: "list-questions", tag: tag,
		says: "The directed questions to and of the caller's functions."}, a.questionsList)
	add(a, op{method: "GET", path: path + "/{question}", level: Hat, id: "show-question", tag: tag,
		says: "One of them with its texts; each text's read is in the ledger."}, a.questionShow)
	add(a, op{method: "GET", path: in + "/choices", level: Hat, id: "list-question-choices", tag: tag,
		says: "Whom the caller's function may ask now, and what about."}, a.questionChoices)
	add(a, op{method: "POST", path: in, level: Hat, id: "ask-question", tag: tag, created: true,
		says: "Ask one function in one category until an end. Its text is disclosed to that function."}, a.questionAsk)
	act(a, op{method: "PUT", path: path + "/{question}/answer", level: Hat, id: "answer-question", tag: tag,
		says: "Answer once: a disclosure to the asking function."}, a.questionAnswer)
	act(a, op{method: "POST", path: path + "/{question}/decline", level: Hat, id: "decline-question", tag: tag,
		says: "Say that the own function will not answer."}, a.questionDecline)
	act(a, op{method: "POST", path: path + "/{question}/take-back", level: Hat, id: "take-question-back", tag: tag,
		says: "Take the own function's question back."}, a.questionTakeBack)
}

func questionLineOut(l question.Line) QuestionLine {
	return QuestionLine{
		ID: idOut(l.ID), Intervention: idOut(l.Intervention), CaseNumber: l.CaseNumber, Category: string(l.Category), Asker: seatOut(l.Asker),
		Asked: seatOut(l.Asked), ToUs: l.ToUs, AskedAt: l.AskedAt, EndsAt: l.EndsAt, State: string(l.State),
	}
}

func (a *API) questionsList(ctx context.Context, who *caller, _ *struct{}) (QuestionList, error) {
	lines, err := a.deps.Question.Mine(ctx, who.actor)
	return QuestionList{list(lines, questionLineOut)}, err
}

func (a *API) questionShow(ctx context.Context, who *caller, in *InQuestion) (*QuestionOpen, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	q, err := a.deps.Question.Read(ctx, who.actor, id)
	if err != nil {
		return nil, err
	}
	out := &QuestionOpen{
		QuestionLine: questionLineOut(q.Line), Text: q.Text, AnsweredAt: q.AnsweredAt, Answer: q.Answer, Hidden: q.Hidden, Actions: []string{},
	}
	for _, one := range []struct {
		may  bool
		name string
	}{{q.Actions.Answer, "answer"}, {q.Actions.Decline, "decline"}, {q.Actions.TakeBack, "take_back"}} {
		if one.may {
			out.Actions = append(out.Actions, one.name)
		}
	}
	return out, nil
}

func (a *API) questionChoices(ctx context.Context, who *caller, in *InCase) (QuestionChoices, error) {
	id, err := in.intervention()
	if err != nil {
		return QuestionChoices{}, err
	}
	choices, err := a.deps.Question.Choices(ctx, who.actor, id)
	if err != nil {
		return QuestionChoices{}, err
	}
	return QuestionChoices{list(choices.Seats, func(c question.Choice) QuestionChoice {
		return QuestionChoice{seatOut(c.Seat), list(c.About, func(o question.About) QuestionAbout {
			return QuestionAbout{string(o.Category), o.Until}
		}), c.Readers}
	})}, nil
}

func (a *API) questionAsk(ctx context.Context, who *caller, in *CaseBody[NewQuestion]) (Made, error) {
	id, err := in.intervention()
	if err != nil {
		return Made{}, err
	}
	put, err := a.deps.Question.Ask(ctx, who.actor, question.New{
		Key: who.key, Intervention: id, Asked: in.Body.Asked.read(), Category: sig.Category(in.Body.Category), Ends: in.Body.EndsAt,
		Text: in.Body.Text, Necessity: in.Body.Necessity, WeakerReason: in.Body.Weaker,
	})
	return Made{idOut(put)}, err
}

func (a *API) questionAnswer(ctx context.Context, who *caller, in *questionBody[QuestionAnswer]) error {
	id, err := in.id()
	if err != nil {
		return err
	}
	answer := question.NewAnswer{Key: who.key, Text: in.Body.Text, Necessity: in.Body.Necessity, WeakerReason: in.Body.Weaker}
	for _, one := range in.Body.Concerns {
		answer.Concerns = append(answer.Concerns, sharing.NewConcern{Name: one.Name, Handled: one.Handled})
	}
	return a.deps.Question.Answer(ctx, who.actor, id, answer)
}

func (a *API) questionDecline(ctx context.Context, who *caller, in *InQuestion) error {
	id, err := in.id()
	if err != nil {
		return err
	}
	return a.deps.Question.Decline(ctx, who.actor, id)
}

func (a *API) questionTakeBack(ctx context.Context, who *caller, in *InQuestion) error {
	id, err := in.id()
	if err != nil {
		return err
	}
	return a.deps.Question.TakeBack(ctx, who.actor, id)
}
