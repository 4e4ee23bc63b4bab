package policy

import (
	"time"

	"sigportal/internal/sig"
)

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
	case SeeCall:
		return seeCall(r)
	case ReadPlan, ReportPlan:
		return plan(r)
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
	case r.Case != sig.InterventionActive: // 4a
		return no(CaseNotActive)
	}
	d := coveringRow(r, private) // 4b
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

// coveringRow looks for one single row that covers the whole act; among rows
// that fail, the one that came furthest gives the reason.
func coveringRow(r *Request, private bool) Decision {
	if d, ok := inForce(r.Consent.State); !ok {
		return d
	}
	best, rank := NoGrantToRecipient, 0
	for i := range r.Consent.Grants {
		g := &r.Consent.Grants[i]
		var reason Reason
		var got int
		switch {
		case private && g.ID != r.Recipient.PrivateGrant:
			continue
		case !r.Directory.same(g.Discloser, r.Actor.Place.Seat(), r.Now):
			continue
		case !private && !r.Directory.same(g.Recipient, r.Recipient.Place.Seat(), r.Now):
			continue
		case !g.Covers(r.Item.Categories):
			reason, got = CategoryNotCovered, 1
		case !private && !within(r.Recipient.Place.Districts, g.Districts):
			reason, got = DistrictNotCovered, 2
		case r.Now.Before(g.From):
			reason, got = NotYetValid, 3
		case !r.Now.Before(g.To):
			reason, got = WindowOver, 4
		case excluded(r.Consent.Exclusions, r.Recipient.Place.Seat(), r.Item.Categories, &r.Directory, r.Now):
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

func inForce(s sig.ConsentState) (Decision, bool) {
	switch s {
	case sig.ConsentActive:
		return Decision{}, true
	case sig.ConsentSuspended:
		return no(ConsentSuspended), false
	default:
		return no(NoConsent), false
	}
}

// excluded reports whether "may not be shared" speaks of the recipient, under
// the name of today's unit or of one it was moved from.
func excluded(xs []sig.Exclusion, recipient sig.Seat, categories []sig.Category, d *Directory, now time.Time) bool {
	for _, x := range xs {
		if x.Recipient.Unit != "" && x.Recipient.Unit != recipient.Unit {
			named := sig.Seat{Authority: recipient.Authority, Unit: x.Recipient.Unit, Function: recipient.Function}
			if !d.same(named, recipient, now) {
				continue
			}
			x.Recipient.Unit = recipient.Unit
		}
		if x.Hits(recipient, categories) {
			return true
		}
	}
	return false
}
