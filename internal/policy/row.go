package policy

import (
	"time"

	"sigportal/internal/sig"
)

// telling is one act of telling somebody something, as the rows of the consent
// are asked about it.
type telling struct {
	at         time.Time
	from, to   sig.Seat
	private    sig.GrantID // a named person in the row, instead of a seat
	districts  []sig.DistrictID
	categories []sig.Category
	guest      bool // an own yes names functions: it lets no guest be told
}

// covering looks for one single row that covers the whole act (domain 3.6, 4b);
// among rows that fail, the one that came furthest gives the reason. Over what
// the youth disposes alone, only the youth's own rows are rows (OSL 12:3).
func covering(r *Request, t *telling) Decision {
	if d, ok := inForce(r.Consent.State); !ok {
		return d
	}
	best, rank := NoGrantToRecipient, 0
	for i := range r.Consent.Grants {
		g := &r.Consent.Grants[i]
		if g.Own && t.guest {
			continue
		}
		if !r.Directory.same(g.Discloser, t.from, t.at) || !names(r, g, t) {
			if rank == 0 && written(r, g, t) {
				best = RecipientMoved
			}
			continue
		}
		var reason Reason
		var got int
		switch {
		case !g.Covers(t.categories), g.Own && !within(g.Categories, r.Consent.Alone), !g.Own && sig.Overlap(t.categories, r.Consent.Alone):
			reason, got = CategoryNotCovered, 1
		case t.private.IsZero() && !within(t.districts, g.Districts):
			reason, got = DistrictNotCovered, 2
		case t.at.Before(g.From):
			reason, got = NotYetValid, 3
		case !t.at.Before(g.To):
			reason, got = WindowOver, 4
		case excluded(r.Consent.Exclusions, t.to, t.categories, &r.Directory, t.at):
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

// names reports whether a row is about whoever is told.
func names(r *Request, g *sig.Grant, t *telling) bool {
	if !t.private.IsZero() {
		return g.ID == t.private
	}
	return r.Directory.same(g.Recipient, t.to, t.at)
}

// written reports whether a row is about just these two, and one of them has gone
// to another authority: there the row ends (domain 3.3).
func written(r *Request, g *sig.Grant, t *telling) bool {
	if g.Discloser != t.from || g.Recipient != t.to || !t.private.IsZero() && g.ID != t.private {
		return false
	}
	_, from := r.Directory.whereSits(g.Discloser, t.at)
	_, to := r.Directory.whereSits(g.Recipient, t.at)
	return !from || !to && t.private.IsZero()
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
