package httpd

import (
	"fmt"

	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// voiceData is the form on which a young person says something before a
// meeting, or the coordinator writes it down. What has been left is not on it.
type voiceData struct {
	Base
	Back      string
	Action    string // also the way to take it back
	When      string
	ByYouth   bool // who writes is the young person
	Questions []voiceQuestion
	More      []voiceQuestion
	Table     []fieldChoice
	Left      string // that something is left, and when
	For       string // who may read it
	TakeBack  bool
	May       bool
}

// voiceQuestion is one question, counted from one.
type voiceQuestion struct {
	Name, Text string
}

var voicePage = page("voice_leave", func(b Base) []voiceData {
	b.Title = b.T("voice.title")
	w := itemWords{lang: b.Language}
	one := voiceData{Base: b, Back: "/x", Action: "/x/voice", When: "10 december 2026, 14.00–15.00", ByYouth: true, May: true}
	one.ask(w)
	one.Table = []fieldChoice{{Value: "a", Text: "Kommunpolis, Lokalpolisområde Farsta"}, {Value: "b", Text: "Skolkurator, Farstaskolan", Chosen: true}}
	left := one
	left.Left, left.For, left.TakeBack = b.T("voice.again", "time", "3 december 2026"), b.T("voice.again.who", "names", "Skolkurator"), true
	late := voiceData{Base: b, Back: "/x", When: one.When, ByYouth: true}
	staff := left
	staff.ByYouth = false
	theirs := late
	theirs.ByYouth, theirs.Left = false, b.T("voice.for.youth_has")
	nobody := one
	nobody.Table = nil
	return []voiceData{one, left, late, staff, theirs, nobody}
})

func (d *voiceData) ask(w itemWords) {
	for n := range meeting.VoiceQuestions {
		q := voiceQuestion{fmt.Sprintf("answers.%d.text", n), w.lang.T(fmt.Sprintf("voice.question.%d", n+1))}
		if n < meeting.VoiceLeast {
			d.Questions = append(d.Questions, q)
		} else {
			d.More = append(d.More, q)
		}
	}
}

func familyVoicePath(id sig.InterventionID, m sig.MeetingID) string {
	return familyMeetingsPath(id) + "/" + m.String() + "/voice"
}

func voicePath(id sig.InterventionID, m sig.MeetingID) string { return meetingPath(id, m) + "/voice" }

// familyVoiceShow shows the young person the form.
func (a *App) familyVoiceShow(r *Request) error { return a.voiceForm(r, true) }

// voiceWriteShow shows it to the coordinator.
func (a *App) voiceWriteShow(r *Request) error { return a.voiceForm(r, false) }

func (a *App) voiceForm(r *Request, byYouth bool) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	form, err := a.deps.Meeting.VoiceForm(r.Context(), r.Actor(), id, m)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := voiceData{
		Base: r.Base("voice.title"), Back: familyMeetingsPath(id), Action: familyVoicePath(id, m), When: meetingTime(w, form.Start, form.End),
		ByYouth: byYouth, May: form.May,
	}
	if !byYouth {
		data.Base, data.Back, data.Action = r.Base("voice.for.title"), meetingPath(id, m), voicePath(id, m)+"/write"
	}
	data.ask(w)
	data.choose(w, form)
	return voicePage.Send(r, data)
}

// choose lays out who is at the table and what has been left for whom.
func (d *voiceData) choose(w itemWords, form *meeting.VoiceForm) {
	var readers []sig.Seat
	for _, at := range form.Table {
		one := fieldChoice{Value: at.Invitation.String(), Text: w.called(at.Seat, form.Protected)}
		if form.Left != nil {
			for _, reader := range form.Left.Readers {
				if reader == at.Invitation {
					one.Chosen = true
					readers = append(readers, at.Seat)
				}
			}
		}
		d.Table = append(d.Table, one)
	}
	switch {
	case form.Left == nil:
		return
	case !d.ByYouth && form.Left.ByYouth:
		d.Left, d.May = w.lang.T("voice.for.youth_has"), false
		return
	}
	d.Left, d.TakeBack = w.lang.T("voice.again", "time", w.lang.DateTime(form.Left.At)), d.May
	if len(readers) > 0 {
		d.For = w.lang.T("voice.again.who", "names", w.calledAll(readers, form.Protected))
	}
}

type voiceForm struct {
	Answers []struct {
		Text string `form:"text,max=1000,lines"`
	} `form:"answers"`
	Readers []sig.InvitationID `form:"readers"`
}

func (f voiceForm) voice() meeting.Voice {
	v := meeting.Voice{Readers: f.Readers}
	for _, one := range f.Answers {
		v.Answers = append(v.Answers, one.Text)
	}
	return v
}

// familyVoiceLeave leaves what the young person says.
func (a *App) familyVoiceLeave(r *Request) error {
	return a.voiceLeave(r, a.familyVoiceShow, familyVoicePath)
}

// voiceWrite writes it down for somebody without a login.
func (a *App) voiceWrite(r *Request) error {
	return a.voiceLeave(r, a.voiceWriteShow, func(id sig.InterventionID, m sig.MeetingID) string { return voicePath(id, m) + "/write" })
}

func (a *App) voiceLeave(r *Request, show Handler, back func(sig.InterventionID, sig.MeetingID) string) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var form voiceForm
	if err := r.Form(&form); err != nil {
		return r.Again(err, show)
	}
	if err := a.deps.Meeting.LeaveVoice(r.Context(), r.Actor(), id, m, form.voice()); err != nil {
		return r.Again(atAnswers(err), show)
	}
	return r.SeeOther(back(id, m), "flash.voice_left")
}

// atAnswers moves the faults of answers to the fields of the form.
func atAnswers(err error) error {
	wrong := asInvalid(err)
	if wrong == nil {
		return err
	}
	for i, f := range wrong.Fields {
		var n int
		if _, e := fmt.Sscanf(f.Name, "answers.%d", &n); e == nil {
			wrong.Fields[i].Name = fmt.Sprintf("answers.%d.text", n)
		} else if _, e := fmt.Sscanf(f.Name, "readers.%d", &n); e == nil {
			wrong.Fields[i].Name = "readers"
		}
	}
	return wrong
}

// familyVoiceTakeBack takes back what the young person has said.
func (a *App) familyVoiceTakeBack(r *Request) error { return a.voiceTakeBack(r, familyVoicePath) }

// voiceWriteTakeBack takes back what the coordinator has written.
func (a *App) voiceWriteTakeBack(r *Request) error {
	return a.voiceTakeBack(r, func(id sig.InterventionID, m sig.MeetingID) string { return voicePath(id, m) + "/write" })
}

func (a *App) voiceTakeBack(r *Request, back func(sig.InterventionID, sig.MeetingID) string) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Meeting.TakeVoiceBack(r.Context(), r.Actor(), id, m); err != nil {
		return err
	}
	return r.SeeOther(back(id, m), "flash.voice_taken_back")
}
