package policy_test

import (
	"testing"
	"time"

	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// visits asks whether an aunt, whom a row of the coordinator's names, may be
// there as a guest when the coordinator speaks of the goals, in two days.
func visits() *policy.Request {
	r := called()
	g := r.Consent.Grants[2]
	g.ID.UUID[0], g.Recipient, g.Private, g.Categories = 9, sig.Seat{}, sig.PrivateCloseContact, []sig.Category{sig.CategoryPlanGoals}
	r.Consent.Grants = append(r.Consent.Grants, g)
	r.Action, r.Recipient = policy.VisitPoint, policy.Recipient{PrivateGrant: g.ID, Reserved: true}
	r.Meeting.Teller, r.Meeting.Category = coordinator, sig.CategoryPlanGoals
	return r
}

// A guest hears what the consent lets the teller tell that very person, once
// the reservation is accepted.
func TestAGuestNeedsEveryFact(t *testing.T) {
	t.Parallel()
	last := func(change func(*sig.Grant)) func(*policy.Request) {
		return func(r *policy.Request) { change(&r.Consent.Grants[len(r.Consent.Grants)-1]) }
	}
	for _, tc := range []struct {
		what string
		take func(*policy.Request)
		want policy.Reason
	}{
		{"with every fact", func(*policy.Request) {}, policy.ByConsent},
		{"the reservation is not accepted", func(r *policy.Request) { r.Recipient.Reserved = false }, policy.NoReservation},
		{"another person's row", func(r *policy.Request) { r.Recipient.PrivateGrant.UUID[0] = 8 }, policy.NoGrantToRecipient},
		{"nobody's row", func(r *policy.Request) { r.Recipient.PrivateGrant = sig.GrantID{} }, policy.NoGrantToRecipient},
		{"another teller", func(r *policy.Request) {
			r.Meeting.Teller, r.Meeting.Category = policeFarsta, sig.CategoryPoliceObservation
		}, policy.NoGrantToRecipient},
		{"another category", last(func(g *sig.Grant) { g.Categories = []sig.Category{sig.CategoryAttendance} }), policy.CategoryNotCovered},
		{"the row begins later", last(func(g *sig.Grant) { g.From = noon.Add(time.Microsecond) }), policy.NotYetValid},
		{"the row ends as the meeting begins", last(func(g *sig.Grant) { g.To = noon.AddDate(0, 0, 2) }), policy.WindowOver},
		{"the category may not be shared", func(r *policy.Request) { r.Consent.Exclusions = []sig.Exclusion{{Category: sig.CategoryPlanGoals}} }, policy.Excluded},
		{"suspended", func(r *policy.Request) { r.Consent.State = sig.ConsentSuspended }, policy.ConsentSuspended},
		{"withdrawn", func(r *policy.Request) { r.Consent.State = sig.ConsentWithdrawn }, policy.NoConsent},
		{"sharing has stopped", func(r *policy.Request) { r.Case = sig.InterventionSharingStopped }, policy.CaseNotActive},
		{"the intervention is closing", func(r *policy.Request) { r.Case = sig.InterventionClosing }, policy.CaseEnded},
	} {
		r := visits()
		tc.take(r)
		if d := policy.Decide(r); d.Allowed != (tc.want == policy.ByConsent) || d.Reason != tc.want {
			t.Errorf("%s: %+v, want %s", tc.what, d, tc.want)
		}
	}
}

// T30: an association comes as a guest, for goals and practical matters, and
// never as a function.
func TestT30AnAssociationIsAGuest(t *testing.T) {
	t.Parallel()
	association := club
	association.Kind = sig.KindCivilSociety
	ask := func(action policy.Action, category sig.Category, reserved bool) policy.Reason {
		r := visits()
		g := &r.Consent.Grants[len(r.Consent.Grants)-1]
		g.Private, g.Recipient, g.Categories = "", seat(association), []sig.Category{category}
		g.Districts = append(g.Districts, association.Districts...)
		r.Action, r.Recipient = action, policy.Recipient{Place: association, Participates: true, Reserved: reserved}
		r.Meeting.Category = category
		r.Directory.Units[association.Unit] = association.Authority
		return policy.Decide(r).Reason
	}
	for _, tc := range []struct {
		action   policy.Action
		category sig.Category
		reserved bool
		want     policy.Reason
	}{
		{policy.VisitPoint, sig.CategoryPlanGoals, true, policy.ByConsent},
		{policy.VisitPoint, sig.CategoryMeetingLogistics, true, policy.ByConsent},
		{policy.VisitPoint, sig.CategoryPlanGoals, false, policy.NoReservation},
		{policy.VisitPoint, sig.CategoryAttendance, true, policy.CategoryNotCovered},
		{policy.VisitPoint, sig.CategorySubstanceUse, true, policy.CategoryNotCovered},
		{policy.Attend, sig.CategoryPlanGoals, true, policy.ComesAsGuest},
	} {
		if got := ask(tc.action, tc.category, tc.reserved); got != tc.want {
			t.Errorf("action %d, %s, reserved %v: %s, want %s", tc.action, tc.category, tc.reserved, got, tc.want)
		}
	}
}
