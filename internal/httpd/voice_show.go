package httpd

import (
	"fmt"

	"sigportal/internal/meeting"
)

// heardData is a young person's own words before somebody for whom they were
// meant.
type heardData struct {
	Base
	Back    string
	When    string
	Who     string // wrote them, and when
	Answers []heardAnswer
}

type heardAnswer struct{ Question, Text string }

var heardPage = page("voice_show", func(b Base) []heardData {
	return []heardData{{
		Base: b, Back: "/x", When: "10 december 2026, 14.00–15.00", Who: b.T("voice.read.by_youth", "time", "3 december 2026"),
		Answers: []heardAnswer{{b.T("voice.question.1"), "Det är bättre nu."}},
	}}
})

// voiceShow opens them: every opening is in the log.
func (a *App) voiceShow(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	heard, err := a.deps.Meeting.ReadVoice(r.Context(), r.Actor(), id, m)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := heardData{Base: r.Base("voice.read.title"), Back: meetingPath(id, m), When: meetingTime(w, heard.Start, heard.End), Who: heardBy(w, heard)}
	for _, one := range heard.Answers {
		data.Answers = append(data.Answers, heardAnswer{r.lang.T(fmt.Sprintf("voice.question.%d", one.Question)), one.Text})
	}
	return heardPage.Send(r, data)
}

func heardBy(w itemWords, h *meeting.Heard) string {
	key := "voice.read.by_coordinator"
	if h.ByYouth {
		key = "voice.read.by_youth"
	}
	return w.lang.T(key, "time", w.lang.DateTime(h.At))
}
