package policy_test

import (
	"testing"
	"time"

	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// planned asks whether the mentor may be told of the coordinator's plan, under
// a row in each direction. Each test takes one thing away.
func planned() *policy.Request {
	r := asked()
	row := func(n byte, from, to sig.Place) sig.Grant {
		g := r.Consent.Grants[0]
		g.ID.UUID[0], g.Discloser, g.Recipient, g.Categories = n, seat(from), seat(to), []sig.Category{sig.CategoryPlanGoals}
		g.Districts = append([]sig.DistrictID{"farsta"}, to.Districts...)
		return g
	}
	r.Consent.Grants = []sig.Grant{row(1, coordinator, mentor), row(2, mentor, coordinator)}
	r.Recipient, r.Planner = policy.Recipient{Place: mentor, Participates: true}, coordinator
	return r
}

// The plan is told in one direction and answered in the other: each needs its
// own row, and the plan's goals alone carry it.
func TestThePlanNeedsARowInJustThatDirection(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		what  string
		take  func(*policy.Request)
		reads policy.Reason
		tells policy.Reason
	}{
		{"with every fact", func(*policy.Request) {}, policy.ByConsent, policy.ByConsent},
		{"the board may not tell", without(0), policy.NoGrantToRecipient, policy.ByConsent},
		{"the function may not tell", without(1), policy.ByConsent, policy.NoGrantToRecipient},
		{"another category", func(r *policy.Request) { r.Consent.Grants[0].Categories = []sig.Category{sig.CategoryMeetingLogistics} }, policy.CategoryNotCovered, policy.ByConsent},
		{"the row is not open yet", func(r *policy.Request) { r.Consent.Grants[0].From = noon.Add(time.Microsecond) }, policy.NotYetValid, policy.ByConsent},
		{"the row ends at this instant", func(r *policy.Request) { r.Consent.Grants[0].To = noon }, policy.WindowOver, policy.ByConsent},
		{"may not be shared with the function", func(r *policy.Request) {
			r.Consent.Exclusions = []sig.Exclusion{{Recipient: sig.Seat{Function: mentor.Function}}}
		}, policy.Excluded, policy.ByConsent},
		{"suspended", func(r *policy.Request) { r.Consent.State = sig.ConsentSuspended }, policy.ConsentSuspended, policy.ConsentSuspended},
		{"no consent", func(r *policy.Request) { r.Consent.State = "" }, policy.NoConsent, policy.NoConsent},
		{"sharing stopped", func(r *policy.Request) { r.Case = sig.InterventionSharingStopped }, policy.CaseNotActive, policy.CaseNotActive},
		{"ended", func(r *policy.Request) { r.Case = sig.InterventionClosing }, policy.CaseEnded, policy.CaseEnded},
		{"a citizen", func(r *policy.Request) { r.Actor.Kind = sig.ActorGuardian }, policy.NoAssignment, policy.NoAssignment},
		{"the board's own", func(r *policy.Request) { r.Recipient.Place = coordinator }, policy.ByParticipation, policy.ByParticipation},
		{"the board's own, who takes no part", func(r *policy.Request) {
			r.Recipient = policy.Recipient{Place: coordinator}
		}, policy.RecipientNotOnCase, policy.RecipientNotOnCase},
		{"the board's own, after the case is closed", func(r *policy.Request) {
			r.Recipient.Place, r.Case = coordinator, sig.InterventionClosed
		}, policy.CaseEnded, policy.CaseEnded},
	} {
		r := planned()
		tc.take(r)
		for action, want := range map[policy.Action]policy.Reason{policy.ReadPlan: tc.reads, policy.ReportPlan: tc.tells} {
			r.Action = action
			if got := policy.Decide(r); got.Reason != want {
				t.Errorf("%s, action %d: %s, want %s", tc.what, action, got.Reason, want)
			}
		}
	}
}

// Where the plan's goals are what the youth disposes over alone, the youth's own
// rows carry the plan, in the same two directions, and everybody's do not.
func TestThePlanOfWhatIsTheYouthsAlone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		what  string
		take  func(*policy.Request)
		reads policy.Reason
		tells policy.Reason
	}{
		{"with every fact", func(*policy.Request) {}, policy.ByConsent, policy.ByConsent},
		{"no own row lets the board tell", without(0), policy.NoGrantToRecipient, policy.ByConsent},
		{"no own row lets the function tell", without(1), policy.ByConsent, policy.NoGrantToRecipient},
		{"the board's row is everybody's", func(r *policy.Request) { r.Consent.Grants[0].Own = false }, policy.CategoryNotCovered, policy.ByConsent},
		{"the assessment does not name the goals", func(r *policy.Request) { r.Consent.Alone = nil }, policy.CategoryNotCovered, policy.CategoryNotCovered},
		{"the own row ends at this instant", func(r *policy.Request) { r.Consent.Grants[0].To = noon }, policy.WindowOver, policy.ByConsent},
		{"the own row ends an instant later", func(r *policy.Request) { r.Consent.Grants[0].To = noon.Add(time.Microsecond) }, policy.ByConsent, policy.ByConsent},
		{"everybody's consent is paused", func(r *policy.Request) { r.Consent.State = sig.ConsentSuspended }, policy.ConsentSuspended, policy.ConsentSuspended},
		{"everybody's consent is withdrawn", func(r *policy.Request) { r.Consent.State = sig.ConsentWithdrawn }, policy.NoConsent, policy.NoConsent},
	} {
		r := planned()
		r.Consent.Alone = []sig.Category{sig.CategoryPlanGoals}
		r.Consent.Grants[0].Own, r.Consent.Grants[1].Own = true, true
		tc.take(r)
		for action, want := range map[policy.Action]policy.Reason{policy.ReadPlan: tc.reads, policy.ReportPlan: tc.tells} {
			r.Action = action
			if got := policy.Decide(r); got.Reason != want {
				t.Errorf("%s, action %d: %s, want %s", tc.what, action, got.Reason, want)
			}
		}
	}
}
