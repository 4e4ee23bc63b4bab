package meeting

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Office hours, by the clock on the wall, and how far ahead times are looked for.
const (
	opens, closes  = 8 * 60, 17 * 60
	lunch          = 12 * 60
	everyMinutes   = 30
	lookDays       = 42
	ProposedTimes  = 3
	MeetingAtLeast = 15 // minutes
)

// Wish is what a meeting's time is looked for by.
type Wish struct {
	Intervention sig.InterventionID
	Call         []sig.Seat
	Minutes      int
	From         sig.Date // the first day
}

// Proposal is a time that would suit, and why: of a seat it is told that it can
// or cannot come, never whose reason or which.
type Proposal struct {
	Start, End time.Time
	Cannot     []sig.Seat // nobody who takes part there can come
	Unsaid     []sig.Seat // somebody there has entered nothing, and nobody else can be said to come
	OnBreak    []sig.Seat // schools on a break
	Own        bool       // the coordinator has another meeting then
}

// Suits reports whether every called function can come, as far as they have said.
func (p *Proposal) Suits() bool { return len(p.Cannot) == 0 && !p.Own }

// Times is what was found.
type Times struct {
	Protected bool
	List      []Proposal // at most three, of different days, the earliest first
}

// ProposeTimes looks for three times within six weeks: on working days, in
// office hours, when most of those can come who take part in the called
// functions, and no school is on a break. It never reaches beyond the consent.
func (s *Service) ProposeTimes(ctx context.Context, actor sig.Actor, in Wish) (*Times, error) {
	var c fault.Check
	switch {
	case in.Minutes < MeetingAtLeast:
		c.Fail("minutes", "error.meeting_ends_before")
	case time.Duration(in.Minutes)*time.Minute > sig.MeetingLongest, in.Minutes > closes-opens:
		c.Fail("minutes", "error.meeting_too_long")
	}
	if !in.From.Valid() {
		c.Fail("from", "error.required")
	}
	switch {
	case len(in.Call) == 0:
		c.Fail("call", "error.choose_some")
	case len(in.Call) > MaxCalls:
		c.Fail("call", "error.too_many", "max", MaxCalls)
	}
	for i, seat := range in.Call {
		if !seat.Function.HandlesCases() {
			c.Fail(fmt.Sprintf("call.%d", i), "error.bad_id")
		}
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	var out *Times
	err := s.previewing(ctx, actor, in.Intervention, func(m *matter) (err error) {
		if err := m.known(ctx, &NewMeeting{Call: in.Call}); err != nil {
			return err
		}
		out = &Times{Protected: m.facts.Protected}
		out.List, err = m.times(ctx, &in)
		return err
	})
	return out, err
}

func (m *matter) times(ctx context.Context, in *Wish) ([]Proposal, error) {
	from := in.From
	if tomorrow := sig.DateOf(m.tx.Now()).AddDays(1); from.Compare(tomorrow) < 0 {
		from = tomorrow
	}
	look := &looking{minutes: in.Minutes, from: from, until: m.lastGrantEnds()}
	if last := sig.AddMonths(m.tx.Now(), sig.MeetingFarthest); last.Before(look.until) {
		look.until = last
	}
	busy, err := m.tx.BusyIn(ctx, in.Intervention)
	if err != nil {
		return nil, err
	}
	if look.school, err = m.tx.SchoolPeriods(ctx); err != nil {
		return nil, err
	}
	if look.own, err = m.tx.OwnMeetings(ctx, m.tx.Now()); err != nil {
		return nil, err
	}
	for _, seat := range in.Call {
		seat = m.current(seat)
		if slices.ContainsFunc(look.seats, func(s seatTimes) bool { return s.seat == seat }) {
			continue
		}
		_, people, err := m.recipient(ctx, seat)
		if err != nil {
			return nil, err
		}
		one := seatTimes{seat: seat}
		for _, p := range people {
			one.people = append(one.people, busy[p.Assignment])
		}
		look.seats = append(look.seats, one)
	}
	return look.best(), nil
}

// lastGrantEnds is when the last row of the consent in force ends.
func (m *matter) lastGrantEnds() time.Time {
	var last time.Time
	for _, g := range m.facts.Grants {
		if g.To.After(last) {
			last = g.To
		}
	}
	return last
}

// seatTimes is one called function: of everybody who takes part there, when
// they cannot come.
type seatTimes struct {
	seat   sig.Seat
	people [][]sig.BusyTime
}

// looking is everything that times are found from.
type looking struct {
	minutes int
	from    sig.Date
	until   time.Time
	seats   []seatTimes
	school  []sig.SchoolPeriod
	own     []postgres.Span // the coordinator's other meetings
}

// best takes the best time of each day, and of the days the three best.
func (l *looking) best() []Proposal {
	var days []Proposal
	for n := range lookDays {
		day := l.from.AddDays(n)
		if !closing.WorkingDay(day) {
			continue
		}
		var first *Proposal
		for minute := opens; minute+l.minutes <= closes; minute += everyMinutes {
			p := l.at(day, minute)
			if p.End.After(l.until) {
				break
			}
			if first == nil || l.cost(&p) < l.cost(first) {
				first = &p
			}
		}
		if first != nil {
			days = append(days, *first)
		}
	}
	slices.SortStableFunc(days, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(weight(&a), weight(&b)), a.Start.Compare(b.Start))
	})
	days = days[:min(len(days), ProposedTimes)]
	slices.SortFunc(days, func(a, b Proposal) int { return a.Start.Compare(b.Start) })
	return days
}

// at judges a time of a day; the clock on the wall is what counts.
func (l *looking) at(day sig.Date, minute int) Proposal {
	start := time.Date(day.Year, day.Month, day.Day, minute/60, minute%60, 0, 0, sig.Stockholm)
	p := Proposal{Start: start, End: start.Add(time.Duration(l.minutes) * time.Minute)}
	for _, s := range l.seats {
		can, said := len(s.people) == 0, false
		for _, busy := range s.people {
			free := !slices.ContainsFunc(busy, func(b sig.BusyTime) bool { return b.Meets(p.Start, p.End) })
			can, said = can || free, said || free && len(busy) > 0
		}
		switch {
		case !can:
			p.Cannot = append(p.Cannot, s.seat)
		case !said:
			p.Unsaid = append(p.Unsaid, s.seat)
		}
		if sig.SchoolBreak(l.school, s.seat.Authority, s.seat.Unit, day) {
			p.OnBreak = append(p.OnBreak, s.seat)
		}
	}
	p.Own = slices.ContainsFunc(l.own, func(o postgres.Span) bool { return o.Start.Before(p.End) && p.Start.Before(o.End) })
	return p
}

// weight orders days: who cannot come first of all, then a school on a break.
func weight(p *Proposal) int {
	w := 10 * len(p.Cannot)
	if p.Own {
		w += 10
	}
	return w + len(p.OnBreak)
}

// cost orders the times of one day: as days, and then the middle of a morning or
// an afternoon before the hour of lunch and the ends of the day.
func (l *looking) cost(p *Proposal) int {
	start := p.Start.Hour()*60 + p.Start.Minute()
	end := start + l.minutes
	c := 10 * weight(p)
	if start < lunch+60 && lunch < end {
		c += 2
	}
	if start < opens+60 || end > closes-60 {
		c++
	}
	return c
}
