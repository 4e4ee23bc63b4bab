package policy_test

import (
	"testing"
	"time"

	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// called asks whether the mentor may be there when the police tell what they
// have seen, in two days, at a meeting that the coordinator has called; rows
// from the police to the host and to the mentor, and from the host to the
// mentor, cover it. Each test takes one thing away.
func called() *policy.Request {
	r := asked()
	row := func(n byte, from, to sig.Place) sig.Grant {
		g := r.Consent.Grants[0]
		g.ID.UUID[0], g.Discloser, g.Recipient, g.To = n, seat(from), seat(to), noon.AddDate(0, 0, 5)
		g.Districts = append([]sig.DistrictID{"farsta"}, to.Districts...)
		return g
	}
	r.Consent.Grants = []sig.Grant{row(1, policeFarsta, coordinator), row(2, policeFarsta, mentor), row(3, coordinator, mentor)}
	r.Action, r.Recipient = policy.Attend, policy.Recipient{Place: mentor, Participates: true}
	r.Meeting = policy.Meeting{Host: coordinator, Teller: policeFarsta, Category: sig.CategoryPoliceObservation, Start: noon.AddDate(0, 0, 2)}
	return r
}

func without(n int) func(*policy.Request) {
	return func(r *policy.Request) {
		r.Consent.Grants = append(append([]sig.Grant{}, r.Consent.Grants[:n]...), r.Consent.Grants[n+1:]...)
	}
}

// Whoever hears a point is told it by its teller: the rows must carry that, now
// and when the meeting begins.
func TestBeingAtAPointNeedsEveryFact(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		what      string
		take      func(*policy.Request)
		attends   policy.Reason
		readsText policy.Reason
	}{
		{"with every fact", func(*policy.Request) {}, policy.ByConsent, policy.ByConsent},
		{"the teller may not tell the host", without(0), policy.NoGrantToRecipient, policy.NoGrantToRecipient},
		{"the teller may not tell the function", without(1), policy.NoGrantToRecipient, policy.NoGrantToRecipient},
		{"the host may not tell the function", without(2), policy.ByConsent, policy.NoGrantToRecipient},
		{"the row is not open yet", func(r *policy.Request) { r.Consent.Grants[1].From = noon.Add(time.Microsecond) }, policy.NotYetValid, policy.NotYetValid},
		{"the row ends as the meeting begins", func(r *policy.Request) { r.Consent.Grants[1].To = r.Meeting.Start }, policy.WindowOver, policy.WindowOver},
		{"the teller's row ends as the meeting begins", func(r *policy.Request) { r.Consent.Grants[0].To = r.Meeting.Start }, policy.WindowOver, policy.WindowOver},
		{"the row ends just after the meeting begins", func(r *policy.Request) { r.Consent.Grants[1].To = r.Meeting.Start.Add(time.Microsecond) }, policy.ByConsent, policy.ByConsent},
		{"a meeting that was, under a row that begins after it", func(r *policy.Request) {
			r.Meeting.Start = noon.AddDate(0, 0, -9)
		}, policy.ByConsent, policy.ByConsent},
		{"another category", func(r *policy.Request) { r.Meeting.Category = sig.CategorySubstanceUse }, policy.CategoryNotCovered, policy.CategoryNotCovered},
		{"may not be shared with the function", func(r *policy.Request) {
			r.Consent.Exclusions = []sig.Exclusion{{Recipient: sig.Seat{Function: mentor.Function}}}
		}, policy.Excluded, policy.Excluded},
		{"suspended", func(r *policy.Request) { r.Consent.State = sig.ConsentSuspended }, policy.ConsentSuspended, policy.ConsentSuspended},
		{"withdrawn", func(r *policy.Request) { r.Consent.State = sig.ConsentWithdrawn }, policy.NoConsent, policy.NoConsent},
		{"sharing has stopped", func(r *policy.Request) { r.Case = sig.InterventionSharingStopped }, policy.CaseNotActive, policy.CaseNotActive},
		{"the intervention is closing", func(r *policy.Request) { r.Case = sig.InterventionClosing }, policy.CaseEnded, policy.CaseEnded},
		{"a guardian asks", func(r *policy.Request) { r.Actor.Kind = sig.ActorGuardian }, policy.NoAssignment, policy.NoAssignment},
		{"the assignment has ended", func(r *policy.Request) { r.Actor.InForce = false }, policy.NoAssignment, policy.NoAssignment},
	} {
		for action, want := range map[policy.Action]policy.Reason{policy.Attend: tc.attends, policy.ReadPoint: tc.readsText} {
			r := called()
			r.Action = action
			tc.take(r)
			allowed := want == policy.ByConsent
			if d := policy.Decide(r); d.Allowed != allowed || d.Reason != want {
				t.Errorf("%s (action %d): %+v, want %s", tc.what, action, d, want)
			}
		}
	}
}

// Inside the board a participant is there by need; whoever tells is there; what
// the own house tells, another function of it is told by the board.
func TestBeingAtAPointWithoutARowFromItsTeller(t *testing.T) {
	t.Parallel()
	colleague := coordinator
	colleague.Function = sig.RoleSocialSecretary
	for _, tc := range []struct {
		what string
		ask  func(*policy.Request)
		want policy.Reason
	}{
		{"the teller itself", func(r *policy.Request) { r.Recipient.Place = policeFarsta }, policy.ByConsent},
		{"the host hears the police", func(r *policy.Request) { r.Recipient.Place = coordinator }, policy.ByConsent},
		{"a colleague of the host hears the police", func(r *policy.Request) { r.Recipient.Place = colleague }, policy.NoGrantToRecipient},
		{"the host tells, a colleague hears", func(r *policy.Request) { r.Meeting.Teller, r.Recipient.Place = coordinator, colleague }, policy.ByNeed},
		{"the host tells, a colleague without a part", func(r *policy.Request) {
			r.Meeting.Teller, r.Recipient = coordinator, policy.Recipient{Place: colleague}
		}, policy.RecipientNotOnCase},
		{"a colleague of the police hears the police", func(r *policy.Request) {
			r.Recipient.Place = policeFarsta
			r.Recipient.Place.Function = sig.RoleSchoolCounsellor
		}, policy.NoGrantToRecipient},
	} {
		r := called()
		tc.ask(r)
		if d := policy.Decide(r); d.Reason != tc.want {
			t.Errorf("%s: %+v, want %s", tc.what, d, tc.want)
		}
	}
}

// The family sees a call while the function may be there, in a standing of its
// own; staff do not see by it.
func TestTheFamilySeesACallWhileItHolds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		what string
		take func(*policy.Request)
		want policy.Reason
	}{
		{"a guardian", func(*policy.Request) {}, policy.ByConsent},
		{"the young person", func(r *policy.Request) { r.Actor.Kind = sig.ActorYouth }, policy.ByConsent},
		{"staff", func(r *policy.Request) { r.Actor.Kind = sig.ActorStaff }, policy.NoStanding},
		{"another family's guardian", func(r *policy.Request) { r.Actor.Participates = false }, policy.NoStanding},
		{"the guardianship has ended", func(r *policy.Request) { r.Actor.InForce = false }, policy.NoAssignment},
		{"the teller may not tell the function", without(1), policy.NoGrantToRecipient},
		{"the row ends as the meeting begins", func(r *policy.Request) { r.Consent.Grants[1].To = r.Meeting.Start }, policy.WindowOver},
		{"withdrawn", func(r *policy.Request) { r.Consent.State = sig.ConsentWithdrawn }, policy.NoConsent},
		{"sharing has stopped", func(r *policy.Request) { r.Case = sig.InterventionSharingStopped }, policy.CaseNotActive},
	} {
		r := called()
		r.Action, r.Actor.Kind = policy.SeeCall, sig.ActorGuardian
		tc.take(r)
		if d := policy.Decide(r); d.Allowed != (tc.want == policy.ByConsent) || d.Reason != tc.want {
			t.Errorf("%s: %+v, want %s", tc.what, d, tc.want)
		}
	}
}

// calledAlone is called, at a point about what the youth disposes over alone: the
// same three rows are the youth's own, beside a row of everybody's about something
// else.
func calledAlone() *policy.Request {
	r := called()
	r.Meeting.Category, r.Consent.Alone = sig.CategoryPupilHealth, []sig.Category{sig.CategoryPupilHealth, sig.CategorySubstanceUse}
	others := r.Consent.Grants[1]
	for i := range r.Consent.Grants {
		r.Consent.Grants[i].Own, r.Consent.Grants[i].Categories = true, []sig.Category{sig.CategoryPupilHealth}
	}
	r.Consent.Grants = append(r.Consent.Grants, others)
	return r
}

// Over what the youth disposes alone, a point rests on the youth's own rows and on
// no other, now and when the meeting begins, beside everybody's consent.
func TestAPointOfTheYouthsAlone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		what      string
		take      func(*policy.Request)
		attends   policy.Reason
		readsText policy.Reason
	}{
		{"with every fact", func(*policy.Request) {}, policy.ByConsent, policy.ByConsent},
		{"no own row lets the teller tell the host", without(0), policy.NoGrantToRecipient, policy.NoGrantToRecipient},
		{"no own row lets the teller tell the function", without(1), policy.CategoryNotCovered, policy.CategoryNotCovered},
		{"no own row lets the host tell the function", without(2), policy.ByConsent, policy.NoGrantToRecipient},
		{"the row is everybody's", func(r *policy.Request) { r.Consent.Grants[1].Own = false }, policy.CategoryNotCovered, policy.CategoryNotCovered},
		{"an own row names something that is not the youth's alone", func(r *policy.Request) {
			r.Consent.Grants[1].Categories = []sig.Category{sig.CategoryPupilHealth, sig.CategoryAttendance}
		}, policy.CategoryNotCovered, policy.CategoryNotCovered},
		{"the assessment no longer names it", func(r *policy.Request) { r.Consent.Alone = r.Consent.Alone[1:] }, policy.CategoryNotCovered, policy.CategoryNotCovered},
		{"the own row is not open yet", func(r *policy.Request) { r.Consent.Grants[1].From = noon.Add(time.Microsecond) }, policy.NotYetValid, policy.NotYetValid},
		{"the own row ends as the meeting begins", func(r *policy.Request) { r.Consent.Grants[1].To = r.Meeting.Start }, policy.WindowOver, policy.WindowOver},
		{"the own row ends just after the meeting begins", func(r *policy.Request) { r.Consent.Grants[1].To = r.Meeting.Start.Add(time.Microsecond) }, policy.ByConsent, policy.ByConsent},
		{"everybody's consent is withdrawn", func(r *policy.Request) { r.Consent.State = sig.ConsentWithdrawn }, policy.NoConsent, policy.NoConsent},
		{"everybody's consent is suspended", func(r *policy.Request) { r.Consent.State = sig.ConsentSuspended }, policy.ConsentSuspended, policy.ConsentSuspended},
		{"may not be shared with the function", func(r *policy.Request) {
			r.Consent.Exclusions = []sig.Exclusion{{Recipient: sig.Seat{Function: mentor.Function}}}
		}, policy.Excluded, policy.Excluded},
	} {
		for action, want := range map[policy.Action]policy.Reason{policy.Attend: tc.attends, policy.ReadPoint: tc.readsText} {
			r := calledAlone()
			r.Action = action
			tc.take(r)
			if d := policy.Decide(r); d.Allowed != (want == policy.ByConsent) || d.Reason != want {
				t.Errorf("%s (action %d): %+v, want %s", tc.what, action, d, want)
			}
		}
	}
}

// No guardian learns who is called to it, and no screen at home; a guest hears
// nothing of it.
func TestWhoLearnsOfAPointOfTheYouthsAlone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		what string
		ask  func(*policy.Request)
		want policy.Reason
	}{
		{"a guardian", func(*policy.Request) {}, policy.NotVisible},
		{"a guardian in the office", func(r *policy.Request) { r.Actor.InOffice = true }, policy.NotVisible},
		{"the young person at home", func(r *policy.Request) { r.Actor.Kind = sig.ActorYouth }, policy.HomeRisk},
		{"the young person in the office", func(r *policy.Request) { r.Actor.Kind, r.Actor.InOffice = sig.ActorYouth, true }, policy.ByConsent},
		{"another young person in the office", func(r *policy.Request) {
			r.Actor.Kind, r.Actor.InOffice, r.Actor.Participates = sig.ActorYouth, true, false
		}, policy.NoStanding},
		{"a guardian, of a point inside the board", func(r *policy.Request) { r.Meeting.Teller, r.Recipient.Place = coordinator, coordinator }, policy.NotVisible},
	} {
		r := calledAlone()
		r.Action, r.Actor.Kind = policy.SeeCall, sig.ActorGuardian
		tc.ask(r)
		if d := policy.Decide(r); d.Allowed != (tc.want == policy.ByConsent) || d.Reason != tc.want {
			t.Errorf("%s: %+v, want %s", tc.what, d, tc.want)
		}
	}
	r := calledAlone()
	r.Action = policy.VisitPoint
	r.Consent.Grants[1].Own = false
	r.Consent.Grants[1].Recipient, r.Consent.Grants[1].Private = sig.Seat{}, sig.PrivateCloseContact
	r.Recipient = policy.Recipient{PrivateGrant: r.Consent.Grants[1].ID, Reserved: true}
	if d := policy.Decide(r); d.Reason != policy.CategoryNotCovered {
		t.Errorf("a guest hears it: %+v", d)
	}
}

// familyAlone is called, at a point of the host's for the family alone: the same
// rows would let the mentor be told there what it is about.
func familyAlone() *policy.Request {
	r := called()
	r.Meeting.Teller, r.Meeting.Category, r.Meeting.FamilyAlone = coordinator, sig.CategoryPoliceObservation, true
	return r
}

// At a point for the family alone nobody stays but the host, whatever the consent
// lets them be told; of the board only, somebody reads what it has written.
func TestAPointForTheFamilyAlone(t *testing.T) {
	t.Parallel()
	colleague := coordinator
	colleague.Function = sig.RoleSocialSecretary
	elsewhere := coordinator
	elsewhere.Unit = "farsta-oppenvard"
	for _, tc := range []struct {
		what      string
		ask       func(*policy.Request)
		attends   policy.Reason
		readsText policy.Reason
	}{
		{"the host", func(r *policy.Request) { r.Recipient.Place = coordinator }, policy.ByNeed, policy.ByParticipation},
		{"a function that may be told it", func(*policy.Request) {}, policy.FamilyAlone, policy.FamilyAlone},
		{"it would be there, were others", func(r *policy.Request) { r.Meeting.FamilyAlone = false }, policy.ByConsent, policy.ByConsent},
		{"a coordinator of another unit of the board", func(r *policy.Request) { r.Recipient.Place = elsewhere }, policy.FamilyAlone, policy.NotCalled},
		{"a colleague of the host", func(r *policy.Request) { r.Recipient.Place = colleague }, policy.FamilyAlone, policy.NotCalled},
		{"the police, telling it", func(r *policy.Request) { r.Meeting.Teller, r.Recipient.Place = policeFarsta, policeFarsta }, policy.FamilyAlone, policy.FamilyAlone},
		{"the host, of a point that the police tell", func(r *policy.Request) {
			r.Meeting.Teller, r.Recipient.Place = policeFarsta, coordinator
		}, policy.FamilyAlone, policy.ByParticipation},
		{"sharing has stopped", func(r *policy.Request) { r.Recipient.Place, r.Case = coordinator, sig.InterventionSharingStopped }, policy.CaseNotActive, policy.ByParticipation},
		{"the consent is withdrawn and the case has ended", func(r *policy.Request) {
			r.Recipient.Place, r.Case = coordinator, sig.InterventionClosing
		}, policy.CaseEnded, policy.ByParticipation},
	} {
		for action, want := range map[policy.Action]policy.Reason{policy.Attend: tc.attends, policy.ReadPoint: tc.readsText} {
			r := familyAlone()
			r.Action = action
			tc.ask(r)
			if d := policy.Decide(r); d.Reason != want {
				t.Errorf("%s (action %d): %+v, want %s", tc.what, action, d, want)
			}
		}
	}
	r := visits()
	r.Meeting.FamilyAlone = true
	if d := policy.Decide(r); d.Allowed || d.Reason != policy.FamilyAlone {
		t.Errorf("a guest whom the consent names stays: %+v", d)
	}
}

// The family sees its own point, although nothing is told there by the consent; of
// what the youth disposes over alone, the youth does, where nobody looks on.
func TestTheFamilySeesItsOwnPoint(t *testing.T) {
	t.Parallel()
	alone := func(r *policy.Request) { r.Consent.Alone = []sig.Category{r.Meeting.Category} }
	for _, tc := range []struct {
		what string
		ask  func(*policy.Request)
		want policy.Reason
	}{
		{"a guardian", func(*policy.Request) {}, policy.ByFamilyAlone},
		{"the young person at home", func(r *policy.Request) { r.Actor.Kind = sig.ActorYouth }, policy.ByFamilyAlone},
		{"staff", func(r *policy.Request) { r.Actor.Kind = sig.ActorStaff }, policy.NoStanding},
		{"another family's guardian", func(r *policy.Request) { r.Actor.Participates = false }, policy.NoStanding},
		{"the guardianship has ended", func(r *policy.Request) { r.Actor.InForce = false }, policy.NoAssignment},
		{"that somebody else comes to it", func(r *policy.Request) { r.Recipient.Place = mentor }, policy.FamilyAlone},
		{"a guardian, of what is the youth's alone", alone, policy.NotVisible},
		{"the young person at home, of that", func(r *policy.Request) {
			alone(r)
			r.Actor.Kind = sig.ActorYouth
		}, policy.HomeRisk},
		{"the young person in the office, of that", func(r *policy.Request) {
			alone(r)
			r.Actor.Kind, r.Actor.InOffice = sig.ActorYouth, true
		}, policy.ByFamilyAlone},
		{"sharing has stopped", func(r *policy.Request) { r.Case = sig.InterventionSharingStopped }, policy.CaseNotActive},
		{"the board's own affair", func(r *policy.Request) { r.Meeting.FamilyAlone = false }, policy.ByNeed},
	} {
		r := familyAlone()
		r.Action, r.Actor.Kind, r.Recipient.Place = policy.SeeCall, sig.ActorGuardian, coordinator
		tc.ask(r)
		yes := tc.want == policy.ByFamilyAlone || tc.want == policy.ByNeed
		if d := policy.Decide(r); d.Allowed != yes || d.Reason != tc.want {
			t.Errorf("%s: %+v, want %s", tc.what, d, tc.want)
		}
	}
}

// T26: what would have to wait for a second officer cannot be told in a room,
// where nobody waits; said to the family alone, it is told to nobody.
func TestWhereaboutsOfSomebodyProtectedAreNotForARoom(t *testing.T) {
	for _, tc := range []struct {
		protected, alone bool
		category         sig.Category
		waits            bool
	}{
		{true, false, sig.CategoryWhereabouts, true},
		{false, false, sig.CategoryWhereabouts, false},
		{true, true, sig.CategoryWhereabouts, false},
		{true, false, sig.CategoryPlanGoals, false},
	} {
		m := policy.Meeting{Category: tc.category, FamilyAlone: tc.alone}
		if got := m.Waits(policy.Officer{Protected: tc.protected}); got != tc.waits {
			t.Errorf("%+v: waits %t", tc, got)
		}
	}
}
