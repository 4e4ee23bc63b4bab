package httpd

import (
	"context"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/question"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// questionData is one directed question, before either function.
type questionData struct {
	Base
	Top                                        caseTop
	Path, Key                                  string
	Category, Asker, Asked, State, Kind, Words string
	ToUs, Open, Hidden, Weaker                 bool
	AskedAt, Ends                              time.Time
	Answered                                   *time.Time
	Answer                                     string
	MayAnswer, MayTakeBack                     bool
	Handled                                    []fieldChoice
	People                                     []int
}

// questionShow opens one: its texts are opened as item and copy, each with its
// own row in the ledger.
func (a *App) questionShow(r *Request) error {
	var id sig.QuestionID
	if err := pathID(r, "question", &id); err != nil {
		return err
	}
	q, err := a.deps.Question.Read(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := questionData{Base: r.Base("question.one.title", "category", w.lang.T("category."+string(q.Category))), Key: uuid.NewString()}
	data.fill(w, q)
	for _, h := range []string{"waiver", "redacted", "none"} {
		data.Handled = append(data.Handled, fieldChoice{Value: h, Text: r.lang.T("item.concerns." + h)})
	}
	for n := range r.peopleRows() {
		data.People = append(data.People, n)
	}
	return questionPage.Send(r, data)
}

func (d *questionData) fill(w itemWords, q *question.Open) {
	d.Top = caseTop{Path: casePath(q.Intervention), Number: q.CaseNumber, Youth: q.YouthName}
	d.Path, d.Category, d.Words = questionPath(q.ID), w.lang.T("category."+string(q.Category)), q.Text
	d.Asker, d.Asked, d.ToUs = w.seat(q.Asker), w.seat(q.Asked), q.ToUs
	d.State, d.Kind, d.Open = w.lang.T("question.state."+string(q.State)), questionKinds[q.State], q.State == sig.QuestionOpen
	d.AskedAt, d.Ends, d.Answered, d.Answer, d.Hidden, d.Weaker = q.AskedAt, q.EndsAt, q.AnsweredAt, q.Answer, q.Hidden, q.Weaker
	d.MayAnswer, d.MayTakeBack = q.Actions.Answer, q.Actions.TakeBack
}

// questionAnswer answers it, once.
func (a *App) questionAnswer(r *Request) error {
	var id sig.QuestionID
	if err := pathID(r, "question", &id); err != nil {
		return err
	}
	var in struct {
		Key       string `form:"key,max=64,required"`
		Text      string `form:"text,max=8000,lines"`
		Necessity string `form:"necessity,max=1000"`
		Weaker    string `form:"weaker_reason,max=1000"`
		Concerns  []struct {
			Name    string `form:"name,max=200"`
			Handled string `form:"handled"`
		} `form:"concerns"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.questionShow)
	}
	answer := question.NewAnswer{Key: r.once(in.Key), Text: in.Text, Necessity: in.Necessity, WeakerReason: in.Weaker}
	for _, c := range in.Concerns {
		if c.Name != "" || c.Handled != "" {
			answer.Concerns = append(answer.Concerns, sharing.NewConcern{Name: c.Name, Handled: c.Handled})
		}
	}
	if err := a.deps.Question.Answer(r.Context(), r.Actor(), id, answer); err != nil {
		return r.Late(err, a.questionShow)
	}
	return r.SeeOther(questionPath(id), "flash.question_answered")
}

func (a *App) questionEnd(r *Request, end func(context.Context, sig.Actor, sig.QuestionID) error, flash string) error {
	var id sig.QuestionID
	if err := pathID(r, "question", &id); err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := end(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	return r.SeeOther(questionPath(id), flash)
}

// questionDecline says that the own function will not answer.
func (a *App) questionDecline(r *Request) error {
	return a.questionEnd(r, a.deps.Question.Decline, "flash.question_declined")
}

// questionTakeBack takes the own function's question back.
func (a *App) questionTakeBack(r *Request) error {
	return a.questionEnd(r, a.deps.Question.TakeBack, "flash.question_taken_back")
}

var questionPage = page("question_show", func(b Base) []questionData {
	b.Title = b.T("question.one.title", "category", b.T("category.attendance"))
	open := questionData{
		Base: b, Top: sampleTop, Path: "/x", Key: "k", Category: b.T("category.attendance"), Asker: "SIG-samordnare, Farsta", Asked: "Skolkurator, Farstaskolan",
		State: b.T("question.state.open"), Kind: "waiting", Words: "Har Amir varit i skolan?", ToUs: true, Open: true, Weaker: true, AskedAt: sampleNow, Ends: sampleNow,
		MayAnswer: true, People: []int{0, 1}, Handled: []fieldChoice{{Value: "waiver", Text: b.T("item.concerns.waiver")}},
	}
	mine, answered, hidden := open, open, open
	mine.ToUs, mine.MayAnswer, mine.MayTakeBack = false, false, true
	answered.Open, answered.MayAnswer, answered.Answered, answered.Answer = false, false, &sampleNow, "Ja, alla dagar."
	answered.State, answered.Kind = b.T("question.state.answered"), "done"
	hidden.Open, hidden.MayAnswer, hidden.ToUs, hidden.Answered, hidden.Hidden = false, false, false, &sampleNow, true
	return []questionData{open, mine, answered, hidden}
})
