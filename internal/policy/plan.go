package policy

import "sigportal/internal/sig"

// plan: may the recipient's function be told the goals of the plan and its own
// commitments in it (ReadPlan), or tell the board how one went (ReportPlan)?
// The board's own participants follow the case; everybody else needs a row of
// the consent that names the plan's goals, in just that direction.
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
	q := *r
	q.Actor.Place, q.Item.Categories = r.Planner, []sig.Category{sig.CategoryPlanGoals}
	if r.Action == ReportPlan {
		q.Actor.Place, q.Recipient.Place = r.Recipient.Place, r.Planner
	}
	return coveringRow(&q, false)
}

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
