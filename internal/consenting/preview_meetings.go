package consenting

import (
	"cmp"
	"context"
	"slices"

	"sigportal/internal/closing"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// countCalls counts the meetings ahead that this reader may see: those that
// would be called off with the intervention or, where it goes on, the calls that
// the policy would end, as it ends them when the change comes.
func (m *matter) countCalls(ctx context.Context, p *Preview, had, has *closing.Coverage) error {
	calls, err := m.tx.Calls(ctx, m.i.ID)
	if err != nil {
		return err
	}
	calls = slices.DeleteFunc(calls, func(c postgres.Call) bool { return !c.Ahead })
	if p.Consequence == sig.Closes {
		p.MeetingsOff = meetingsOf(calls)
		return nil
	}
	p.Calls = m.lostCalls(calls, had.Attends, has.Attends)
	return nil
}

// lostCalls counts what each function loses of calls that it had: an invitation
// of which no point stands is lost whole.
func (m *matter) lostCalls(calls []postgres.Call, had, stands func(postgres.Call) bool) []LostCalls {
	kept := map[sig.InvitationID]bool{}
	var lost []postgres.Call
	for _, c := range calls {
		switch {
		case stands(c):
			kept[c.Invitation] = true
		case had(c):
			lost = append(lost, c)
		}
	}
	var list []LostCalls
	seen := map[sig.InvitationID]bool{}
	for _, c := range lost {
		if !seen[c.Invitation] {
			seen[c.Invitation] = true
			list = m.addCall(list, c.Seat, !kept[c.Invitation])
		}
	}
	sortCalls(list)
	return list
}

func meetingsOf(calls []postgres.Call) int {
	seen := map[sig.MeetingID]bool{}
	for _, c := range calls {
		seen[c.Meeting] = true
	}
	return len(seen)
}

// addCall adds one call of a function to what it loses.
func (m *matter) addCall(list []LostCalls, seat sig.Seat, whole bool) []LostCalls {
	n := slices.IndexFunc(list, func(l LostCalls) bool { return l.Party.Seat == seat })
	if n < 0 {
		n = len(list)
		list = append(list, LostCalls{Party: m.party(seat)})
	}
	if whole {
		list[n].Meetings++
	} else {
		list[n].Fewer++
	}
	return list
}

// sortCalls puts functions into an order that does not hang on identifiers,
// which would be another one on every look.
func sortCalls(list []LostCalls) {
	slices.SortFunc(list, func(a, b LostCalls) int {
		return cmp.Or(cmp.Compare(a.Party.Seat.Authority, b.Party.Seat.Authority),
			cmp.Compare(a.Party.Seat.Unit, b.Party.Seat.Unit), cmp.Compare(a.Party.Seat.Function, b.Party.Seat.Function))
	})
}

// endedCalls counts the same of what a withdrawal has ended.
func (m *matter) endedCalls(ended []postgres.CallEnded, closes bool) (off int, calls []LostCalls) {
	seen := map[sig.MeetingID]bool{}
	for _, c := range ended {
		switch {
		case !closes:
			calls = m.addCall(calls, c.Seat, c.Whole)
		case c.CalledOff && !seen[c.Meeting]:
			seen[c.Meeting] = true
			off++
		}
	}
	sortCalls(calls)
	return off, calls
}
