package httpd

import (
	"time"

	"github.com/google/uuid"

	"sigportal/internal/question"
	"sigportal/internal/sig"
)

// questionNewData is the form of a directed question.
type questionNewData struct {
	Base
	Top           caseTop
	Key           string
	Asked         []fieldChoice
	Categories    []fieldChoice
	Ends, Soonest string
	Latest        string
	Weaker        []string // warnings about functions where secrecy is weaker
}

// questionNew shows whom the own function may ask what.
func (a *App) questionNew(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	choices, err := a.deps.Question.Choices(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := questionNewData{
		Base: r.Base("question.new.title"), Key: uuid.NewString(),
		Top: caseTop{Path: casePath(id), Number: choices.CaseNumber, Youth: choices.YouthName, Live: true},
	}
	data.fill(w, choices)
	return questionNewPage.Send(r, data)
}

// fill offers the functions with what each may answer about, and an end a week
// from now.
func (d *questionNewData) fill(w itemWords, choices *question.Choices) {
	offered := map[sig.Category]bool{}
	var latest time.Time
	for _, c := range choices.Seats {
		var about []sig.Category
		for _, one := range c.About {
			about, offered[one.Category] = append(about, one.Category), true
			if one.Until.After(latest) {
				latest = one.Until
			}
		}
		hint := w.lang.T("question.may_answer", "categories", w.categories(about))
		if len(c.People) > 0 {
			hint += " " + w.lang.T("question.sits", "names", w.lang.List(c.People))
		}
		if !c.Readers {
			hint += " " + w.lang.T("question.nobody_reads")
		}
		d.Asked = append(d.Asked, fieldChoice{Value: seatValue(c.Seat), Text: w.seat(c.Seat), Hint: hint})
		if c.Weaker != "" {
			d.Weaker = append(d.Weaker, w.seat(c.Seat)+": "+w.lang.T(c.Weaker))
		}
	}
	for _, c := range sig.Categories() {
		if offered[c] {
			d.Categories = append(d.Categories, fieldChoice{Value: string(c), Text: w.lang.T("category." + string(c))})
		}
	}
	today := sig.DateOf(choices.Now)
	day := today.AddDays(7).Start().Add(16 * time.Hour)
	if latest.Before(day) {
		day = latest
	}
	d.Soonest, d.Ends, d.Latest = today.Start().In(sig.Stockholm).Format(clockForm), day.In(sig.Stockholm).Format(clockForm), latest.In(sig.Stockholm).Format(clockForm)
}

// questionAsk puts it.
func (a *App) questionAsk(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Key       string       `form:"key,max=64,required"`
		Asked     string       `form:"asked,max=300"`
		Category  sig.Category `form:"category,max=60"`
		Ends      time.Time    `form:"ends,max=16"`
		Text      string       `form:"text,max=8000,lines"`
		Necessity string       `form:"necessity,max=1000"`
		Weaker    string       `form:"weaker_reason,max=1000"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.questionNew)
	}
	asked := question.New{
		Key: r.once(in.Key), Intervention: id, Category: in.Category, Ends: in.Ends, Text: in.Text, Necessity: in.Necessity, WeakerReason: in.Weaker,
	}
	if in.Asked != "" {
		var err error
		if asked.Asked, err = readSeat(in.Asked); err != nil {
			return err
		}
	}
	put, err := a.deps.Question.Ask(r.Context(), r.Actor(), asked)
	if err != nil {
		return r.Late(err, a.questionNew)
	}
	return r.SeeOther(questionPath(put), "flash.question_put")
}

var questionNewPage = page("question_new", func(b Base) []questionNewData {
	b.Title = b.T("question.new.title")
	one := questionNewData{
		Base: b, Top: sampleTop, Key: "k", Ends: "2026-12-10T16:00", Soonest: "2026-12-03T00:00", Latest: "2027-02-01T00:00",
		Asked:      []fieldChoice{{"a/b/c", "Skolkurator, Farstaskolan", b.T("question.may_answer", "categories", b.T("category.attendance")) + " " + b.T("question.nobody_reads"), false}},
		Categories: []fieldChoice{{Value: "attendance", Text: b.T("category.attendance")}}, Weaker: []string{"Mentor, Farstaskolan: " + b.T("strength.weaker.none")},
	}
	return []questionNewData{one, {Base: b, Top: sampleTop, Key: "k"}}
})
