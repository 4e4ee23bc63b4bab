package policy

import (
	"slices"

	"sigportal/internal/sig"
)

// readCopy: one received by consent is readable only while a row of the
// consent in force covers sender, reader, categories, district and instant; a
// copy by internal need follows participation; after a cut the registrar alone
// reads on, for 30 days.
func readCopy(r *Request) Decision {
	switch {
	case r.Actor.Kind != sig.ActorStaff:
		return no(NoAssignment)
	case r.Copy.Deleted:
		return no(CopyDeleted)
	case r.Actor.Place.Authority != r.Copy.Recipient.Authority:
		return no(NotRecipient)
	case r.Actor.Place.Function == sig.RoleRegistrar:
		return readAsRegistrar(r)
	case !r.Actor.Participates:
		return no(NoParticipation)
	case !r.Directory.same(r.Copy.Recipient, r.Actor.Place.Seat(), r.Now):
		return no(NotRecipient)
	case r.Copy.Cut:
		return no(CopyCut)
	case !r.Copy.ByConsent:
		if r.Case == sig.InterventionClosed {
			return no(CaseEnded)
		}
		return yes(ByNeed)
	}
	return covering(r, &telling{
		at: r.Now, from: r.Copy.Sender, to: r.Actor.Place.Seat(),
		districts: r.Actor.Place.Districts, categories: r.Copy.Categories,
	})
}

func readAsRegistrar(r *Request) Decision {
	switch {
	case !r.Copy.Cut:
		return no(NotRecipient)
	case !r.Now.Before(r.Copy.RegistrarUntil):
		return no(WindowForRegistrar)
	default:
		return yes(ByRegistrarWindow)
	}
}

// readItem: the owner's participants read their own items until Closed; in the
// board, what was said at a point of a meeting by who is at the point.
func readItem(r *Request) Decision {
	switch {
	case r.Actor.Kind != sig.ActorStaff:
		return no(NoAssignment)
	case r.Item.Owner != r.Actor.Place.Authority:
		return no(NotOwner)
	case !r.Actor.Participates:
		return no(NoParticipation)
	case r.Case == sig.InterventionClosed:
		return no(CaseEnded)
	case slices.ContainsFunc(r.Item.Said, func(m Meeting) bool {
		return m.Host.Authority == r.Item.Owner && !m.reaches(&r.Actor.Place)
	}):
		return no(NotCalled)
	default:
		return yes(ByParticipation)
	}
}

// readAsFamily: decided visible for this one person, and for a youth under 18
// released for a screen that somebody at home may be holding. Over what a youth
// disposes alone no decision opens it to a guardian (OSL 12:3).
func readAsFamily(r *Request) Decision {
	switch {
	case r.Actor.Kind != sig.ActorGuardian && r.Actor.Kind != sig.ActorYouth:
		return no(NoStanding)
	case !r.Actor.Participates:
		return no(NoStanding)
	case !r.Item.Visible, r.Actor.Kind == sig.ActorGuardian && sig.Overlap(r.Item.Categories, r.Consent.Alone):
		return no(NotVisible)
	case r.Actor.Kind == sig.ActorYouth && r.Actor.UnderAge && !r.Item.LowRisk:
		return no(HomeRisk)
	default:
		return yes(ByVisibility)
	}
}
