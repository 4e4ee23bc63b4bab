package httpd

import "sigportal/internal/sig"

// substituteData names who comes instead.
type substituteData struct {
	Base
	Path string // of the meeting
	When string
	Who  []fieldChoice
}

var substitutePage = page("meeting_substitute", func(b Base) []substituteData {
	one := substituteData{Base: b, Path: "/x", When: "10 december 2026, 14.00–15.00", Who: []fieldChoice{{"a", "Eva Ek", "", false}}}
	return []substituteData{one, {Base: b, Path: "/x", When: one.When}}
})

// substituteShow offers the colleagues of the own seat.
func (a *App) substituteShow(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	open, err := a.deps.Meeting.Open(r.Context(), r.Actor(), id, m)
	if err != nil {
		return err
	}
	who, err := a.deps.Meeting.Substitutes(r.Context(), r.Actor(), id, m)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := substituteData{Base: r.Base("substitute.title"), Path: meetingPath(id, m), When: meetingTime(w, open.Start, open.End)}
	for _, s := range who {
		data.Who = append(data.Who, fieldChoice{Value: s.Assignment.String(), Text: s.Name})
	}
	return substitutePage.Send(r, data)
}

// substituteSend has somebody come instead.
func (a *App) substituteSend(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Who sig.AssignmentID `form:"substitute,max=36,required"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.substituteShow)
	}
	if err := a.deps.Meeting.SendInstead(r.Context(), r.Actor(), id, m, in.Who); err != nil {
		return r.Again(err, a.substituteShow)
	}
	return r.SeeOther(meetingPath(id, m), "flash.substitute_named")
}
