package policy

import "sigportal/internal/sig"

// Decide says whether the actor may do it, given these facts (domain 3.6,
// 3.7, 5, 6.2). It is pure, allocates nothing, and everything that it is not
// told counts as no.
func Decide(r *Request) Decision {
	if !r.Actor.InForce {
		return no(NoAssignment)
	}
	switch r.Action {
	case Disclose:
		return disclose(r)
	case ReadCopy:
		return readCopy(r)
	case ReadItem:
		return readItem(r)
	case ReadAsFamily:
		return readAsFamily(r)
	case Attend:
		return attend(r)
	case ReadPoint:
		return readPoint(r)
	case VisitPoint:
		return visitPoint(r)
	case SeeCall:
		return seeCall(r)
	case ReadPlan, ReportPlan:
		return plan(r)
	case Ask:
		return ask(r)
	default:
		return no(UnknownAction)
	}
}

// disclose follows the steps of domain 3.6 by their numbers.
func disclose(r *Request) Decision {
	switch {
	case r.Actor.Kind != sig.ActorStaff:
		return no(NoAssignment)
	case !r.Actor.Participates:
		return no(NoParticipation)
	case r.Item.Owner != r.Actor.Place.Authority: // 1
		return no(NotOwner)
	case r.Case.Ended():
		return no(CaseEnded)
	}
	private := !r.Recipient.PrivateGrant.IsZero()
	border := Border(r.Actor.Place, r.Recipient.Place, r.Recipient.Participates) // 2
	switch {
	case !private && border == BorderForeign:
		return no(ForeignBorder)
	case !private && !border.Crosses():
		return discloseInside(r) // 3
	case r.Case == sig.InterventionConsentPending: // 4a
		return no(ConsentUnsigned)
	case r.Case != sig.InterventionActive:
		return no(CaseNotActive)
	}
	d := covering(r, &telling{ // 4b
		at: r.Now, from: r.Actor.Place.Seat(), to: r.Recipient.Place.Seat(), private: r.Recipient.PrivateGrant,
		districts: r.Recipient.Place.Districts, categories: r.Item.Categories,
	})
	switch {
	case !d.Allowed:
		return d
	case r.Item.ThirdParty: // 4c
		return no(ThirdParty)
	case r.Item.Blocked: // 4d
		return no(Blocked)
	case !r.Officer.Necessity: // 4e
		return no(NoNecessity)
	case !r.Officer.Acknowledged && weakens(r, private): // 7
		return no(WeakerUnanswered)
	case r.Officer.Protected && holdsWhereabouts(r.Item.Categories) && !r.Officer.SecondApproved: // 6
		return no(SecondOfficer)
	}
	return d
}

func discloseInside(r *Request) Decision {
	switch {
	case r.Item.Blocked:
		return no(Blocked)
	case !r.Recipient.Participates:
		return no(RecipientNotOnCase)
	case !r.Officer.Necessity:
		return no(NoNeedReason)
	case r.Officer.Protected && holdsWhereabouts(r.Item.Categories) && !r.Officer.SecondApproved:
		return no(SecondOfficer)
	default:
		return yes(ByNeed)
	}
}

func weakens(r *Request, private bool) bool {
	if private {
		return true
	}
	_, weaker := Weaker(r.Actor.Place.Regime, r.Recipient.Place.Regime)
	return weaker
}

func holdsWhereabouts(categories []sig.Category) bool {
	for _, c := range categories {
		if c == sig.CategoryWhereabouts {
			return true
		}
	}
	return false
}
