package policy

import "sigportal/internal/sig"

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
	return copyCovered(r)
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

func copyCovered(r *Request) Decision {
	if d, ok := inForce(r.Consent.State); !ok {
		return d
	}
	best, rank := NoGrantToRecipient, 0
	for i := range r.Consent.Grants {
		g := &r.Consent.Grants[i]
		var reason Reason
		var got int
		switch {
		case !r.Directory.same(g.Discloser, r.Copy.Sender, r.Now):
			continue
		case !r.Directory.same(g.Recipient, r.Copy.Recipient, r.Now):
			continue
		case !g.Covers(r.Copy.Categories):
			reason, got = CategoryNotCovered, 1
		case !within(r.Actor.Place.Districts, g.Districts):
			reason, got = DistrictNotCovered, 2
		case r.Now.Before(g.From):
			reason, got = NotYetValid, 3
		case !r.Now.Before(g.To):
			reason, got = WindowOver, 4
		case excluded(r.Consent.Exclusions, r.Actor.Place.Seat(), r.Copy.Categories, &r.Directory, r.Now):
			reason, got = Excluded, 5
		default:
			return Decision{Allowed: true, Reason: ByConsent, Grant: i}
		}
		if got > rank {
			best, rank = reason, got
		}
	}
	return no(best)
}

// readItem: the owner's participants read their own items until Closed.
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
	default:
		return yes(ByParticipation)
	}
}

// readAsFamily: decided visible for this one person, and for a youth under 18
// released for a screen that somebody at home may be holding.
func readAsFamily(r *Request) Decision {
	switch {
	case r.Actor.Kind != sig.ActorGuardian && r.Actor.Kind != sig.ActorYouth:
		return no(NoStanding)
	case !r.Actor.Participates:
		return no(NoStanding)
	case !r.Item.Visible:
		return no(NotVisible)
	case r.Actor.Kind == sig.ActorYouth && r.Actor.UnderAge && !r.Item.LowRisk:
		return no(HomeRisk)
	default:
		return yes(ByVisibility)
	}
}
