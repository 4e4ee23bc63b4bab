package httpd

import (
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// requestData is the form for asking to take part, with what was asked before.
type requestData struct {
	Base
	Mine []requestRow
}

// requestRow is one request of one's own.
type requestRow struct {
	At     time.Time
	Answer string // waiting, granted or refused
}

var requestPage = page("request", func(b Base) []requestData {
	at := time.Date(2026, 12, 3, 8, 0, 0, 0, time.UTC)
	return []requestData{{Base: b}, {Base: b, Mine: []requestRow{{at, "waiting"}, {at, "granted"}, {at, "refused"}}}}
})

// requestShow shows the form. Whether there is a case is never said.
func (a *App) requestShow(r *Request) error {
	mine, err := a.deps.Casework.MyRequests(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	data := requestData{Base: r.Base("request.title")}
	for _, m := range mine {
		row := requestRow{At: m.CreatedAt, Answer: m.Answer}
		if row.Answer == "" {
			row.Answer = "waiting"
		}
		data.Mine = append(data.Mine, row)
	}
	return requestPage.Send(r, data)
}

// requestMake sends the request.
func (a *App) requestMake(r *Request) error {
	var in struct {
		Number string `form:"number,max=20,required"`
		Reason string `form:"reason,max=1000,lines,required"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.requestShow)
	}
	number, err := readNumber("number", in.Number)
	if err == nil {
		err = a.deps.Casework.RequestPart(r.Context(), r.Actor(), number, in.Reason)
	}
	if err != nil {
		return r.Again(err, a.requestShow)
	}
	return r.SeeOther("/requests", "request.sent")
}

// readNumber reads a personal number, or says at its field what is wrong.
func readNumber(field, text string) (sig.PersonalNumber, error) {
	number, err := sig.ParsePersonalNumber(text)
	if err != nil {
		var c fault.Check
		c.Fail(field, "error.search_personal_number")
		return number, c.Err()
	}
	return number, nil
}
