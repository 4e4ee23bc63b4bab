package httpd

import (
	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// guestData is the one page of somebody without an account: it names nobody, no
// case and no unit.
type guestData struct {
	Base
	Path        string // with the secret
	Gone        bool   // unknown, over or no longer the reader's: all alike
	Saved       bool
	Reserve     bool
	Club        bool
	Interpreter bool
	When        string
	Place, Link string
	Speaks      string
	Answer      string
	Points      []agendaRow
	Times       []fieldChoice // that are asked about, while none is chosen
}

var guestPage = page("guest", func(b Base) []guestData {
	private := guestData{Base: b, Path: "/x", When: "10 december 2026, 14.00–15.00", Place: "Farsta torg 1", Points: []agendaRow{{Number: 1, Category: "Mål i planen"}}}
	interpreter := guestData{
		Base: b, Path: "/x", Interpreter: true, When: private.When, Link: "https://video.example/a", Speaks: "Dari", Saved: true,
		Answer: b.T("guest.state.accepted"),
	}
	inside := interpreter
	inside.Points, inside.Saved = []agendaRow{{Number: 1, Category: "Mål i planen", Text: "Målen till lovet"}}, false
	asked := guestData{Base: b, Path: "/x", Times: []fieldChoice{{"1", private.When, "", true}, {"2", "11 december 2026, 09.00–10.00", "", false}}, Points: private.Points}
	return []guestData{
		asked, {Base: b, Path: "/x", Reserve: true}, {Base: b, Path: "/x", Reserve: true, Club: true}, private, interpreter, inside, {Base: b, Gone: true},
	}
})

// guestShow opens the page behind a guest's link. Nothing has happened yet:
// programs that look at mails open every link.
func (a *App) guestShow(r *Request) error { return a.guestPage(r, false) }

func (a *App) guestPage(r *Request, saved bool) error {
	secret, ok := secretOf(r.Params("secret"))
	if !ok {
		return r.guestGone()
	}
	v, err := a.deps.Meeting.VisitByLink(r.Context(), secret)
	switch {
	case err == nil:
	case fault.KindOf(err) == fault.NotFound:
		return r.guestGone()
	default:
		return err
	}
	w := itemWords{lang: r.lang}
	data := guestData{
		Base: r.Base("guest.page"), Path: "/guest/" + r.Params("secret"), Saved: saved, Reserve: v.Reserve, Club: v.Club,
		Interpreter: v.Kind == sig.GuestInterpreter, Place: v.Place, Link: v.Link, Speaks: w.spoken(v.Language),
	}
	switch {
	case v.Reserve:
	case len(v.Poll) > 0:
		data.Times = pollChoices(w, v.Poll, v.Suits)
	default:
		data.When = meetingTime(w, v.Start, v.End)
	}
	switch v.Answer {
	case sig.InvitationAccepted:
		data.Answer = r.lang.T("guest.state.accepted")
	case sig.InvitationDeclined:
		data.Answer = r.lang.T("guest.state.declined")
	case sig.InvitationTentative:
	}
	for _, p := range v.Points {
		data.Points = append(data.Points, agendaRow{Number: p.Position, Category: r.lang.T("category." + string(p.Category)), Text: p.Text})
	}
	return guestPage.Send(r, data)
}

// guestAnswer does what the guest presses.
func (a *App) guestAnswer(r *Request) error {
	secret, ok := secretOf(r.Params("secret"))
	if !ok {
		return r.guestGone()
	}
	var in struct {
		Answer string `form:"answer,max=20,required"`
		Suits  []int  `form:"suits,max=1"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.guestShow)
	}
	said := meeting.GuestSaid{
		Reserve: in.Answer == "reserve", Answer: sig.InvitationAnswer(in.Answer), Poll: in.Answer == "suits", Suits: in.Suits,
	}
	switch err := a.deps.Meeting.AnswerAsGuest(r.Context(), secret, said); {
	case err == nil:
		r.fields = Fields{}
		return a.guestPage(r, true)
	case fault.KindOf(err) == fault.NotFound:
		return r.guestGone()
	default:
		return r.Again(err, a.guestShow)
	}
}

func (r *Request) guestGone() error {
	r.status, r.fields = fiber.StatusNotFound, Fields{}
	return guestPage.Send(r, guestData{Base: r.Base("guest.page"), Gone: true})
}
