package httpd

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// answerRoutes are those of the links in the mails that call to meetings. The
// secret in the address is all that they know of who asks.
func (a *App) answerRoutes() []Route {
	return []Route{
		{"GET", "/answer/:secret/:answer", Public, a.answerShow},
		{"POST", "/answer/:secret/:answer", Public, a.answerMake},
		{"GET", "/guest/:secret", Public, a.guestShow},
		{"POST", "/guest/:secret", Public, a.guestAnswer},
	}
}

// answerData asks for one press on a button, or says that it is done. It names
// no case, no meeting and nobody.
type answerData struct {
	Base
	Answer string // as the address has it
	Path   string // with the secret
	Others []string
	Done   bool
	Gone   bool // unknown, over, moved or no longer the reader's: all alike
}

var answerPage = page("answer", func(b Base) []answerData {
	bad := answerData{Base: b, Answer: answerOther, Path: "/x", Others: []string{answerAccept, answerDecline}}
	bad.Form = Fields{
		byName: map[string]string{"start": b.T("error.meeting_in_the_past")}, Summary: []FieldFault{{ID: "start", Text: b.T("error.meeting_in_the_past")}},
	}
	return []answerData{
		{Base: b, Answer: answerAccept, Path: "/x", Others: []string{answerDecline, answerOther}},
		{Base: b, Answer: answerOther, Path: "/x", Others: []string{answerAccept, answerDecline}}, bad,
		{Base: b, Answer: answerDecline, Path: "/x", Done: true}, {Base: b, Gone: true},
	}
})

// The answers as the links have them.
const (
	answerAccept  = "accept"
	answerDecline = "decline"
	answerOther   = "other"
)

var linkAnswers = map[string]sig.InvitationAnswer{
	answerAccept: sig.InvitationAccepted, answerDecline: sig.InvitationDeclined, answerOther: sig.InvitationTentative,
}

// answerShow asks for the press. Nothing has happened yet: programs that look
// at mails open every link.
func (a *App) answerShow(r *Request) error {
	secret, ok := r.answerSecret()
	if !ok {
		return r.answerGone()
	}
	switch err := a.deps.Meeting.Answerable(r.Context(), secret); {
	case err == nil:
		return answerPage.Send(r, r.answerData())
	case fault.KindOf(err) == fault.NotFound:
		return r.answerGone()
	default:
		return err
	}
}

// answerMake answers for the function that the mail went to.
func (a *App) answerMake(r *Request) error {
	secret, ok := r.answerSecret()
	if !ok {
		return r.answerGone()
	}
	said := meeting.Said{Answer: linkAnswers[r.Params("answer")]}
	if err := r.answerForm(&said); err != nil {
		return r.Again(err, a.answerShow)
	}
	switch err := a.deps.Meeting.AnswerByLink(r.Context(), secret, said); {
	case err == nil:
		data := r.answerData()
		data.Done, data.Form = true, Fields{}
		return answerPage.Send(r, data)
	case fault.KindOf(err) == fault.NotFound:
		return r.answerGone()
	default:
		return r.Again(err, a.answerShow)
	}
}

// answerForm reads the other time, which only one of the answers has.
func (r *Request) answerForm(said *meeting.Said) error {
	if r.Params("answer") != answerOther {
		return r.Form(&struct{}{})
	}
	var in struct {
		Start time.Time `form:"start,max=16,required"`
		End   time.Time `form:"end,max=16,required"`
	}
	err := r.Form(&in)
	said.Start, said.End = in.Start, in.End
	return err
}

// answerSecret reads the address; what is not one of the links' is like one
// that nobody was sent.
func (r *Request) answerSecret() (meeting.Secret, bool) {
	secret, ok := secretOf(r.Params("secret"))
	_, known := linkAnswers[r.Params("answer")]
	return secret, ok && known
}

func (r *Request) answerData() answerData {
	data := answerData{Base: r.Base("answer.title"), Answer: r.Params("answer"), Path: "/answer/" + r.Params("secret")}
	for _, other := range []string{answerAccept, answerDecline, answerOther} {
		if other != data.Answer {
			data.Others = append(data.Others, other)
		}
	}
	return data
}

func (r *Request) answerGone() error {
	r.status, r.fields = fiber.StatusNotFound, Fields{}
	return answerPage.Send(r, answerData{Base: r.Base("answer.title"), Gone: true})
}
