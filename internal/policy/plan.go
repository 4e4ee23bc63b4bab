package policy

import "sigportal/internal/sig"

// plan: may the recipient's function be told the goals of the plan and its own
// commitments in it (ReadPlan), or tell the board how one went (ReportPlan)?
// The board's own participants follow the case; everybody else needs a row that
// names the plan's goals, in just that direction: everybody's or, where the goals
// are the youth's alone, the youth's own.
func plan(r *Request) Decision {
	switch {
	case r.Actor.Kind != sig.ActorStaff:
		return no(NoAssignment)
	case r.Recipient.Place.Authority == r.Planner.Authority:
		return planOnBoard(r)
	case r.Case.Ended():
		return no(CaseEnded)
	case r.Case != sig.InterventionActive:
		return no(CaseNotActive)
	}
	from, to := &r.Planner, &r.Recipient.Place
	if r.Action == ReportPlan {
		from, to = to, from
	}
	return covering(r, &telling{at: r.Now, from: from.Seat(), to: to.Seat(), districts: to.Districts, categories: goals})
}

// goals is what a plan is told as.
var goals = []sig.Category{sig.CategoryPlanGoals}

func planOnBoard(r *Request) Decision {
	switch {
	case !r.Recipient.Participates:
		return no(RecipientNotOnCase)
	case r.Case == sig.InterventionClosed:
		return no(CaseEnded)
	default:
		return yes(ByParticipation)
	}
}
