package httpd

import (
	"slices"
	"strings"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// seatNamesData is a registrar's decisions that families are shown a name, and
// the form of a new one.
type seatNamesData struct {
	Base
	Rows  []seatNameRow
	Could []fieldChoice
}

// seatNameRow is one decision.
type seatNameRow struct {
	Path, Seat, Whom, Reason, EndReason string
	At, Ended                           time.Time
}

// seatNameData is one decision with the form that takes it back.
type seatNameData struct {
	Base
	Row seatNameRow
}

const seatNamesPath = "/seat-names"

var sampleSeatName = seatNameRow{
	Path: "/seat-names/x", Seat: "Kommunpolis, Lokalpolisområde Farsta", Whom: "Pelle Ström", Reason: "Familjer frågar efter en fast kontakt.",
	At: time.Date(2026, 12, 3, 8, 0, 0, 0, time.UTC),
}

var seatNamesPage = page("seat_names", func(b Base) []seatNamesData {
	ended := sampleSeatName
	ended.Ended, ended.EndReason = ended.At.AddDate(0, 1, 0), "Hot mot tjänsteman."
	return []seatNamesData{
		{Base: b, Rows: []seatNameRow{sampleSeatName, ended}, Could: []fieldChoice{{Value: "a", Text: "Kommunpolis, Lokalpolisområde Farsta"}}},
		{Base: b},
	}
})

var seatNamePage = page("seat_name", func(b Base) []seatNameData {
	ended := sampleSeatName
	ended.Ended, ended.EndReason = ended.At.AddDate(0, 1, 0), "Hot mot tjänsteman."
	return []seatNameData{{b, sampleSeatName}, {b, ended}}
})

// seatNamesList shows them.
func (a *App) seatNamesList(r *Request) error {
	found, err := a.deps.Casework.SeatNames(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := seatNamesData{Base: r.Base("seat_names.title")}
	for _, d := range found.Decisions {
		data.Rows = append(data.Rows, seatNameRowOf(w, d))
	}
	for n, c := range found.Could {
		seat := w.place(c.Function, c.Unit)
		if n == 0 || found.Could[n-1].Unit != c.Unit || found.Could[n-1].Function != c.Function {
			data.Could = append(data.Could, fieldChoice{Value: string(c.Unit) + "/" + string(c.Function), Text: w.lang.T("seat_names.everyone", "seat", seat)})
		}
		data.Could = append(data.Could, fieldChoice{
			Value: string(c.Unit) + "/" + string(c.Function) + "/" + c.ID.String(), Text: w.lang.T("seat_names.one", "seat", seat, "name", c.Name),
		})
	}
	return seatNamesPage.Send(r, data)
}

func seatNameRowOf(w itemWords, d casework.SeatName) seatNameRow {
	row := seatNameRow{
		Path: seatNamesPath + "/" + d.ID.String(), Seat: w.seat(d.Seat), Whom: w.lang.T("seat_names.whoever"), Reason: d.Reason,
		EndReason: d.EndReason, At: d.DecidedAt, Ended: d.EndedAt,
	}
	if d.One {
		row.Whom = d.Holder
	}
	return row
}

// seatNameDecide decides that a name is shown.
func (a *App) seatNameDecide(r *Request) error {
	var in struct {
		Seat   string `form:"seat,max=250"`
		Reason string `form:"reason,max=1000,lines"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.seatNamesList)
	}
	unit, rest, _ := strings.Cut(in.Seat, "/")
	function, holder, one := strings.Cut(rest, "/")
	decision := casework.NewSeatName{Unit: sig.UnitID(unit), Function: sig.Function(function), Reason: in.Reason}
	if one && decision.Holder.UnmarshalText([]byte(holder)) != nil {
		decision.Unit = "" // the service says at the field that one is to be chosen
	}
	if err := a.deps.Casework.NameSeat(r.Context(), r.Actor(), decision); err != nil {
		return r.Again(err, a.seatNamesList)
	}
	return r.SeeOther(seatNamesPath, "flash.saved")
}

// seatNameShow shows one decision.
func (a *App) seatNameShow(r *Request) error {
	var id sig.SeatNameID
	if err := pathID(r, "decision", &id); err != nil {
		return err
	}
	found, err := a.deps.Casework.SeatNames(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	n := slices.IndexFunc(found.Decisions, func(d casework.SeatName) bool { return d.ID == id })
	if n < 0 {
		return fault.Missing()
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	return seatNamePage.Send(r, seatNameData{r.Base("seat_names.one.title"), seatNameRowOf(w, found.Decisions[n])})
}

// seatNameEnd takes it back.
func (a *App) seatNameEnd(r *Request) error {
	var id sig.SeatNameID
	if err := pathID(r, "decision", &id); err != nil {
		return err
	}
	var in struct {
		Reason string `form:"reason,max=1000,lines"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.seatNameShow)
	}
	if err := a.deps.Casework.UnnameSeat(r.Context(), r.Actor(), id, in.Reason); err != nil {
		return r.Again(err, a.seatNameShow)
	}
	return r.SeeOther(seatNamesPath, "flash.saved")
}
