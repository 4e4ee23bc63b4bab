package httpd

import (
	"strconv"

	"sigportal/internal/notice"
	"sigportal/internal/sig"
)

// noticePath is where somebody chooses how to be told.
const noticePath = "/settings"

// The page offers the hours at which most are awake; a program may choose any.
const firstHour, lastHour = 6, 22

// noticeData is how somebody is told that there is something to read, and the
// form that changes it.
type noticeData struct {
	Base
	Choice   notice.Choice
	Channels []fieldChoice
	Options  []fieldChoice // languages
	Times    []fieldChoice // at once, or an hour of the day
	When     string
	Meetings string // said to staff: calls to meetings go by mail
}

var noticePage = page("notice", func(b Base) []noticeData {
	b.Title = b.T("notice.title")
	return []noticeData{
		noticeOf(b, &notice.Choice{Channel: sig.ChannelMail, Language: "sv"}),
		noticeOf(b, &notice.Choice{Channel: sig.ChannelMail, Language: "sv", Texts: true}),
		noticeOf(b, &notice.Choice{Channel: sig.ChannelSMS, Language: "ar", Tail: "67", Own: true, Texts: true, DigestHour: new(16)}),
		noticeOf(b, &notice.Choice{Channel: sig.ChannelMail, Language: "sv", Silent: true}),
	}
})

func noticeOf(b Base, c *notice.Choice) noticeData {
	data := noticeData{Base: b, Choice: *c, Channels: []fieldChoice{{Value: string(sig.ChannelMail), Text: b.T("notice.mail")}}}
	if c.Texts {
		data.Channels = append(data.Channels, fieldChoice{Value: string(sig.ChannelSMS), Text: b.T("notice.sms")})
	}
	data.Times = append(data.Times, fieldChoice{Text: b.T("notice.at_once")})
	for hour := firstHour; hour <= lastHour; hour++ {
		data.Times = append(data.Times, fieldChoice{Value: strconv.Itoa(hour), Text: b.T("notice.daily", "hour", strconv.Itoa(hour))})
	}
	if c.DigestHour != nil {
		data.When = strconv.Itoa(*c.DigestHour)
	}
	if !b.Family {
		data.Meetings = b.T("notices.meetings")
	}
	for _, l := range b.Languages {
		data.Options = append(data.Options, fieldChoice{Value: l.Tag(), Text: l.Name()})
	}
	return data
}

// noticeShow shows it to whoever acts in a part.
func (a *App) noticeShow(r *Request) error {
	c, err := a.deps.Notice.Show(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	return noticePage.Send(r, noticeOf(r.Base("notice.title"), c))
}

// noticeChoose keeps a choice.
func (a *App) noticeChoose(r *Request) error {
	var in struct {
		Channel  string `form:"channel,max=10"`
		Language string `form:"language,max=20"`
		Phone    string `form:"phone,max=40"`
		Forget   bool   `form:"forget"`
		When     string `form:"when,max=2"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.noticeShow)
	}
	wish := notice.Wish{Channel: sig.Channel(in.Channel), Language: in.Language, Phone: in.Phone, Forget: in.Forget}
	if in.When != "" {
		hour, err := strconv.Atoi(in.When)
		if err != nil {
			hour = -1 // the service has words for an hour that is none
		}
		wish.DigestHour = &hour
	}
	err := a.deps.Notice.Choose(r.Context(), r.Actor(), wish)
	if err != nil {
		return r.Again(err, a.noticeShow)
	}
	return r.SeeOther(noticePath, "flash.notice_saved")
}
