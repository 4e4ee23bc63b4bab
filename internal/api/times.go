package api

import (
	"context"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// BusyTime is when the caller cannot come to meetings. Why stands nowhere.
type BusyTime struct {
	ID      ID         `json:"id,omitempty" doc:"Not when it is entered."`
	Weekday int        `json:"weekday,omitempty" minimum:"0" maximum:"7" doc:"1 for Monday to 7 for Sunday of a weekly time; left out of a single one."`
	From    int        `json:"from_minute,omitempty" minimum:"0" maximum:"1439" doc:"Of a weekly time: minutes after midnight, by the clock on the wall in Stockholm."`
	To      int        `json:"to_minute,omitempty" minimum:"0" maximum:"1440"`
	Start   *time.Time `json:"start,omitempty" doc:"Of a single time."`
	End     *time.Time `json:"end,omitempty"`
}

// BusyTimes are all of the caller's.
type BusyTimes struct {
	Busy []BusyTime `json:"busy"`
}

// TimesWish is what times are looked for by.
type TimesWish struct {
	From    Date   `json:"from" doc:"The first day."`
	Minutes int    `json:"minutes" minimum:"0" maximum:"1440"`
	Call    []Seat `json:"call" maxItems:"100" doc:"The functions that should be able to come."`
}

// ProposedTimes are at most three, of different days, the earliest first.
type ProposedTimes struct {
	Times []ProposedTime `json:"times"`
}

// ProposedTime is one of them and why it is proposed.
type ProposedTime struct {
	Start   time.Time `json:"start"`
	End     time.Time `json:"end"`
	Suits   bool      `json:"suits" doc:"Every function can come, as far as they have said."`
	Cannot  []Seat    `json:"cannot"`
	Unsaid  []Seat    `json:"unsaid" doc:"They have not entered when they can."`
	OnBreak []Seat    `json:"on_break" doc:"Schools on a break."`
	Own     bool      `json:"own" doc:"The caller has called another meeting then."`
}

type inBusy struct {
	Busy string `path:"busy"`
}

func (a *API) registerTimes() {
	const tag = "meetings"
	add(a, op{method: "GET", path: "/api/v1/busy", level: Hat, id: "list-busy", tag: tag,
		says: "When the caller cannot come to meetings."}, a.busyList)
	add(a, op{method: "POST", path: "/api/v1/busy", level: Hat, id: "add-busy", tag: tag, created: true,
		says: "Enter a time at which the caller cannot come. A coordinator only learns whether a time suits a function."}, a.busyAdd)
	act(a, op{method: "DELETE", path: "/api/v1/busy/{busy}", level: Hat, id: "end-busy", tag: tag,
		says: "Take such a time away."}, a.busyEnd)
	add(a, op{method: "POST", path: "/api/v1/interventions/{id}/meetings/times", level: Hat, id: "propose-times", tag: tag, asks: true,
		says: "Three times that would suit the functions, on working days and outside school breaks."}, a.timesPropose)
}

func (a *API) busyList(ctx context.Context, who *caller, _ *none) (BusyTimes, error) {
	found, err := a.deps.Meeting.Busy(ctx, who.actor)
	if err != nil {
		return BusyTimes{}, err
	}
	return BusyTimes{list(found, func(b sig.BusyTime) BusyTime {
		out := BusyTime{ID: idOut(b.ID), Weekday: b.Weekday, From: b.FromMinute, To: b.ToMinute}
		if b.Weekday == 0 {
			out.Start, out.End = &b.Start, &b.End
		}
		return out
	})}, nil
}

func (a *API) busyAdd(ctx context.Context, who *caller, in *body[BusyTime]) (Made, error) {
	b := sig.BusyTime{Weekday: in.Body.Weekday, FromMinute: in.Body.From, ToMinute: in.Body.To}
	if in.Body.Start != nil && in.Body.End != nil {
		b.Start, b.End = *in.Body.Start, *in.Body.End
	}
	id, err := a.deps.Meeting.AddBusy(ctx, who.actor, who.key, b)
	return Made{idOut(id)}, err
}

func (a *API) busyEnd(ctx context.Context, who *caller, in *inBusy) error {
	var id sig.BusyID
	if err := pathID(in.Busy, &id); err != nil {
		return err
	}
	return a.deps.Meeting.EndBusy(ctx, who.actor, id)
}

func (a *API) timesPropose(ctx context.Context, who *caller, in *CaseBody[TimesWish]) (*ProposedTimes, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	var check fault.Check
	day := in.Body.From.read(&check, "from")
	if err := check.Err(); err != nil {
		return nil, err
	}
	found, err := a.deps.Meeting.ProposeTimes(ctx, who.actor, meeting.Wish{
		Intervention: id, Call: list(in.Body.Call, Seat.read), Minutes: in.Body.Minutes, From: day,
	})
	if err != nil {
		return nil, err
	}
	return &ProposedTimes{list(found.List, func(p meeting.Proposal) ProposedTime {
		return ProposedTime{p.Start, p.End, p.Suits(), list(p.Cannot, seatOut), list(p.Unsaid, seatOut), list(p.OnBreak, seatOut), p.Own}
	})}, nil
}
