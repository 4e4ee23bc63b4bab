package httpd

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// busyData is the page on which somebody enters when not to be able to come.
type busyData struct {
	Base
	Key, OtherKey string
	Now           string
	Rows          []busyRow
	Weekdays      []fieldChoice
}

// busyRow is one time in words, and where it is taken away.
type busyRow struct{ Path, When string }

var busyPage = page("busy", func(b Base) []busyData {
	one := busyData{Base: b, Key: "k", OtherKey: "o", Now: "2026-12-03T10:00", Weekdays: weekdayChoices(b)}
	some := one
	some.Rows = []busyRow{{"/busy/x/end", b.T("busy.weekly", "day", b.T("weekday.1"), "from", "09.00", "to", "12.00")}}
	return []busyData{one, some}
})

func weekdayChoices(b Base) []fieldChoice {
	var list []fieldChoice
	for day := 1; day <= 7; day++ {
		list = append(list, fieldChoice{Value: strconv.Itoa(day), Text: b.T("weekday." + strconv.Itoa(day))})
	}
	return list
}

// busyShow lists the own times and offers to enter another.
func (a *App) busyShow(r *Request) error {
	list, err := a.deps.Meeting.Busy(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	today, err := a.deps.Meeting.Week(r.Context(), r.Actor(), sig.Date{})
	if err != nil {
		return err
	}
	w := itemWords{lang: r.lang}
	data := busyData{Base: r.Base("busy.title"), Key: uuid.NewString(), OtherKey: uuid.NewString(), Now: today.Now.In(sig.Stockholm).Format(clockForm)}
	data.Weekdays = weekdayChoices(data.Base)
	for _, b := range list {
		data.Rows = append(data.Rows, busyRow{"/busy/" + b.ID.String() + "/end", busyWords(w, b)})
	}
	return busyPage.Send(r, data)
}

func busyWords(w itemWords, b sig.BusyTime) string {
	if b.Weekday == 0 {
		return w.lang.T("busy.once", "from", w.lang.DateTime(b.Start), "to", w.lang.DateTime(b.End))
	}
	// Some day on which the clock is not changed gives a minute its words.
	clock := func(minute int) string {
		return w.lang.Clock(time.Date(2026, time.January, 5, minute/60, minute%60, 0, 0, sig.Stockholm))
	}
	return w.lang.T("busy.weekly", "day", w.lang.T("weekday."+strconv.Itoa(b.Weekday)), "from", clock(b.FromMinute), "to", clock(b.ToMinute))
}

// busyAdd enters a time: weekly where a weekday is sent, else a single one.
func (a *App) busyAdd(r *Request) error {
	var in struct {
		Key     string    `form:"key,max=64,required"`
		Weekly  bool      `form:"weekly"`
		Weekday int       `form:"weekday,max=1"`
		From    string    `form:"from,max=5"`
		To      string    `form:"to,max=5"`
		Start   time.Time `form:"start,max=16"`
		End     time.Time `form:"end,max=16"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.busyShow)
	}
	b := sig.BusyTime{Start: in.Start, End: in.End}
	field := "end"
	if in.Weekly {
		var c fault.Check
		b = sig.BusyTime{Weekday: in.Weekday, FromMinute: minuteOf(&c, "from", in.From), ToMinute: minuteOf(&c, "to", in.To)}
		if b.ToMinute == 0 {
			b.ToMinute = 24 * 60 // midnight ends the day
		}
		if in.Weekday == 0 {
			c.Fail("weekday", "error.choose_one")
		}
		if err := c.Err(); err != nil {
			return r.Again(err, a.busyShow)
		}
		field = "to"
	}
	if _, err := a.deps.Meeting.AddBusy(r.Context(), r.Actor(), r.once(in.Key), b); err != nil {
		if wrong := asInvalid(err); wrong != nil {
			for i := range wrong.Fields {
				wrong.Fields[i].Name = field
			}
		}
		return r.Again(err, a.busyShow)
	}
	return r.SeeOther("/busy", "flash.busy_added")
}

// minuteOf reads what a time field sends.
func minuteOf(c *fault.Check, field, text string) int {
	t, err := time.Parse("15:04", text)
	if err != nil {
		c.Fail(field, "error.bad_time")
		return 0
	}
	return t.Hour()*60 + t.Minute()
}

// busyEnd takes a time away.
func (a *App) busyEnd(r *Request) error {
	var id sig.BusyID
	if err := pathID(r, "busy", &id); err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Meeting.EndBusy(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	return r.SeeOther("/busy", "flash.busy_ended")
}
