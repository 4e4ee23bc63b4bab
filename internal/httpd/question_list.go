package httpd

import (
	"time"

	"sigportal/internal/question"
	"sigportal/internal/sig"
)

// questionsData is the directed questions of the reader's functions.
type questionsData struct {
	Base
	ToUs, FromUs []questionRow
}

// questionRow is one of them, without anything of its texts.
type questionRow struct {
	Path, Category, Other, Case, State, Kind string
	Ends                                     time.Time
	Open                                     bool
}

func questionPath(id sig.QuestionID) string { return questionsPath + "/" + id.String() }

const questionsPath = "/directed-questions"

// questionsList lists them, what is open first.
func (a *App) questionsList(r *Request) error {
	lines, err := a.deps.Question.Mine(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := questionsData{Base: r.Base("question.title")}
	for _, l := range lines {
		row := questionRowOf(w, l)
		if l.ToUs {
			data.ToUs = append(data.ToUs, row)
		} else {
			data.FromUs = append(data.FromUs, row)
		}
	}
	return questionsPage.Send(r, data)
}

func questionRowOf(w itemWords, l question.Line) questionRow {
	other := w.lang.T("question.to", "function", w.seat(l.Asked))
	if l.ToUs {
		other = w.lang.T("question.from", "function", w.seat(l.Asker))
	}
	return questionRow{
		Path: questionPath(l.ID), Category: w.lang.T("category." + string(l.Category)), Other: other, Case: l.CaseNumber,
		State: w.lang.T("question.state." + string(l.State)), Kind: questionKinds[l.State], Ends: l.EndsAt, Open: l.State == sig.QuestionOpen,
	}
}

// questionKinds are the status that a question's state is drawn with.
var questionKinds = map[sig.QuestionState]string{
	sig.QuestionOpen: "waiting", sig.QuestionAnswered: "done", sig.QuestionExpired: "ended", sig.QuestionDeclined: "ended",
	sig.QuestionTakenBack: "ended", sig.QuestionCut: "closed",
}

var questionsPage = page("question_list", func(b Base) []questionsData {
	b.Title = b.T("question.title")
	row := func(state sig.QuestionState) questionRow {
		return questionRow{
			"/x", b.T("category.attendance"), b.T("question.to", "function", "Skolkurator, Farstaskolan"), "7KMN-4TRX",
			b.T("question.state." + string(state)), questionKinds[state], sampleNow, state == sig.QuestionOpen,
		}
	}
	return []questionsData{
		{b, []questionRow{row(sig.QuestionOpen), row(sig.QuestionExpired)}, []questionRow{row(sig.QuestionAnswered), row(sig.QuestionCut), row(sig.QuestionDeclined), row(sig.QuestionTakenBack)}},
		{Base: b},
	}
})
