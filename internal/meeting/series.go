package meeting

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// Repeat says how often a meeting comes again: every so many weeks, so many
// times in all. Each time is a meeting of its own, judged by itself; nothing
// binds them together afterwards.
type Repeat struct{ Weeks, Times int }

// MaxTimes bounds a series.
const MaxTimes = 26

// SeriesWeeks are the intervals of a series that are offered; there are no others.
func SeriesWeeks() []int { return []int{1, 2, 4} }

func (r Repeat) check(c *fault.Check) {
	if r == (Repeat{}) {
		return
	}
	if !slices.Contains(SeriesWeeks(), r.Weeks) {
		c.Fail("weeks", "error.choose_one")
	}
	if r.Times < 2 || r.Times > MaxTimes {
		c.Fail("times", "error.meeting_times", "max", MaxTimes)
	}
}

// Occurrence is one later meeting of a series.
type Occurrence struct {
	ID         sig.MeetingID // zero where it is not made
	Start, End time.Time
	Reason     policy.Reason // why it is not made, where the consent does not allow it
	TooFar     bool          // it lies further ahead than meetings may
}

// CanBe reports whether the meeting can be called.
func (o *Occurrence) CanBe() bool { return o.Reason == "" && !o.TooFar }

// Made is what Schedule has made.
type Made struct {
	First sig.MeetingID
	Later []Occurrence
}

// NotMade counts the later meetings that the consent did not reach.
func (m *Made) NotMade() int {
	n := 0
	for i := range m.Later {
		if !m.Later[i].CanBe() {
			n++
		}
	}
	return n
}

// at is one meeting of a series, at the same hour of the clock on the wall and
// as long as the first: an end that were moved by itself could meet its start on
// the night when the clocks change. An hour that this night leaps over is counted
// as if they had not changed, as calendars do (RFC 5545, 3.3.5).
func (n *NewMeeting) at(number int) *NewMeeting {
	one := *n
	days := 7 * n.Repeat.Weeks * number
	one.Start = n.Start.In(sig.Stockholm).AddDate(0, 0, days)
	one.End = one.Start.Add(n.End.Sub(n.Start))
	return &one
}

// later judges each later meeting at its own time.
func (m *matter) later(ctx context.Context, in *NewMeeting) ([]Occurrence, error) {
	var list []Occurrence
	for number := 1; number < in.Repeat.Times; number++ {
		one := in.at(number)
		o, _, err := m.occurrence(ctx, one)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

func (m *matter) occurrence(ctx context.Context, one *NewMeeting) (Occurrence, *Plan, error) {
	o := Occurrence{Start: one.Start, End: one.End}
	plan, err := m.plan(ctx, one)
	if err != nil {
		wrong, ok := errors.AsType[*fault.Error](err)
		if !ok || wrong.Kind != fault.Invalid {
			return o, nil, err
		}
		for _, f := range wrong.Fields {
			if reason := reasonOf(f.Code); reason != "" && o.Reason == "" {
				o.Reason = policy.Reason(reason)
			}
		}
		o.TooFar = o.Reason == ""
		return o, nil, nil
	}
	for i := range plan.Functions {
		if f := &plan.Functions[i]; !f.Called() {
			o.Reason = f.Why()
			break
		}
	}
	return o, plan, nil
}

// scheduleLater makes the later meetings of a series that the consent lets be
// held at their own times; the first that it does not, and why, is in the ledger.
func (m *matter) scheduleLater(ctx context.Context, in *NewMeeting) ([]Occurrence, error) {
	var list []Occurrence
	whole := m.entry
	defer func() { m.entry = whole }()
	for number := 1; number < in.Repeat.Times; number++ {
		one := in.at(number)
		o, plan, err := m.occurrence(ctx, one)
		if err != nil {
			return nil, err
		}
		id := sig.MeetingID{UUID: idFrom(m.tx.Actor, in.Key, "meeting", strconv.Itoa(number))}
		m.entry.Object = ledger.Of(ledger.ObjectMeeting, id)
		switch {
		case o.CanBe():
			if err := m.schedule(ctx, id, one, plan); err != nil {
				return nil, err
			}
			o.ID = id
		case o.Reason != "":
			if err := m.tx.Record(m.entry.Refuse(string(o.Reason))); err != nil {
				return nil, err
			}
		}
		list = append(list, o)
	}
	return list, nil
}
