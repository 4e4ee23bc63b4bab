package httpd

import (
	"strings"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// hideData is the young person's own switch: off at home.
type hideData struct {
	Base
	Action string
}

var hidePage = page("home_hide", func(b Base) []hideData {
	b.Title = b.T("citizen.hide.title")
	return []hideData{{b, "/x/hide"}}
})

func hidePath(id sig.InterventionID) string { return casePath(id) + "/hide" }

// hideShow says what it does. A guardian has no such page.
func (a *App) hideShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if r.Actor().Kind != sig.ActorYouth {
		return fault.Missing()
	}
	if _, err := a.deps.Consenting.Show(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	return hidePage.Send(r, hideData{r.Base("citizen.hide.title"), hidePath(id)})
}

// hideMake switches it off: from here on whoever holds the phone is told what
// anybody is told whom no authority knows.
func (a *App) hideMake(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Consenting.SetAtHome(r.Context(), r.Actor(), id, consenting.HomeHide); err != nil {
		return err
	}
	return r.SeeOther("/start", "")
}

// atHomeData is the switch as the board's staff see it.
type atHomeData struct {
	Base
	Top     caseTop
	Hidden  bool
	ByYouth bool
	Since   time.Time
	Office  time.Time
	Number  string    // to be typed in the office, in two groups
	Reader  time.Time // when it was typed
	TooMany bool      // wrong numbers were typed
	Address string    // where it is typed
}

var atHomePage = page("at_home", func(b Base) []atHomeData {
	return []atHomeData{
		{Base: b, Top: sampleTop}, {Base: b, Top: sampleTop, Hidden: true, ByYouth: true, Since: sampleNow},
		{Base: b, Top: sampleTop, Hidden: true, Since: sampleNow, Office: sampleNow.Add(time.Hour), Number: "042 917", Address: "https://portal.example/office"},
		{Base: b, Top: sampleTop, Hidden: true, Since: sampleNow, Office: sampleNow.Add(time.Hour), Reader: sampleNow},
		{Base: b, Top: sampleTop, Hidden: true, Since: sampleNow, TooMany: true},
	}
})

// atHomeShow shows it.
func (a *App) atHomeShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	h, err := a.deps.Consenting.AtHome(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	data := atHomeData{
		Base: r.Base("home.title"), Top: caseTopOf(h.Case), Hidden: h.Hidden, ByYouth: h.ByYouth, Since: h.Since,
		Office: h.OfficeUntil, Reader: h.TakenAt, TooMany: h.Closed, Address: strings.TrimSuffix(a.deps.Config.BaseURL, "/") + officePath,
	}
	if h.Number != "" {
		data.Number = h.Number[:3] + " " + h.Number[3:]
	}
	return atHomePage.Send(r, data)
}

// atHomeMake changes it.
func (a *App) atHomeMake(r *Request) error {
	var in struct {
		Act string `form:"act,max=10"`
	}
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.atHomeShow)
	}
	if err := a.deps.Consenting.SetAtHome(r.Context(), r.Actor(), id, consenting.HomeAct(in.Act)); err != nil {
		return r.Again(err, a.atHomeShow)
	}
	return r.SeeOther(casePath(id)+"/at-home", "flash.saved")
}
