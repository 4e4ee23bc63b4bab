package policy_test

import (
	"testing"
	"time"

	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// question is the coordinator's to the police, under a row in each direction
// that ends in an hour. Each test takes one thing away.
func question() *policy.Request {
	r := asked()
	back := r.Consent.Grants[0]
	out := back
	out.ID.UUID[0], out.Discloser, out.Recipient = 2, back.Recipient, back.Discloser
	out.Districts = append([]sig.DistrictID{"farsta"}, policeFarsta.Districts...)
	r.Consent.Grants = []sig.Grant{back, out}
	r.Action, r.Actor.Place, r.Item.Owner = policy.Ask, coordinator, coordinator.Authority
	r.Recipient = policy.Recipient{Place: policeFarsta, Participates: true}
	asker := coordinator
	asker.Districts = []sig.DistrictID{"farsta"}
	r.Question = policy.Question{Asker: asker, Ends: noon.Add(time.Hour)}
	return r
}

// A question tells something and asks for something: both directions need their
// row, the answer's until the question's end.
func TestAQuestionNeedsARowInBothDirections(t *testing.T) {
	t.Parallel()
	if d := policy.Decide(question()); !d.Allowed || d.Reason != policy.ByConsent || d.Grant != 1 {
		t.Fatalf("with every fact: %+v", d)
	}
	for _, tc := range []struct {
		what string
		take func(*policy.Request)
		want policy.Reason
	}{
		{"the answer may not come back", func(r *policy.Request) { r.Consent.Grants = r.Consent.Grants[1:] }, policy.AnswerNotCovered},
		{"the question may not be told", func(r *policy.Request) { r.Consent.Grants = r.Consent.Grants[:1] }, policy.NoGrantToRecipient},
		{"the answer's row has another category", func(r *policy.Request) { r.Consent.Grants[0].Categories = []sig.Category{sig.CategoryPlanGoals} }, policy.AnswerNotCovered},
		{"the question's row has another category", func(r *policy.Request) { r.Consent.Grants[1].Categories = []sig.Category{sig.CategoryPlanGoals} }, policy.CategoryNotCovered},
		{"the answer's row names another district", func(r *policy.Request) { r.Consent.Grants[0].Districts = []sig.DistrictID{"jarva"} }, policy.AnswerNotCovered},
		{"the answer's row ends now", func(r *policy.Request) { r.Consent.Grants[0].To = noon }, policy.AnswerNotCovered},
		{"the answer's row begins later", func(r *policy.Request) { r.Consent.Grants[0].From = noon.Add(time.Microsecond) }, policy.AnswerNotCovered},
		{"the answer's row ends before the question", func(r *policy.Request) { r.Consent.Grants[0].To = noon.Add(time.Hour - time.Microsecond) }, policy.AnswerEndsBefore},
		{"the question ends now", func(r *policy.Request) { r.Question.Ends = noon }, policy.WindowOver},
		{"no end", func(r *policy.Request) { r.Question.Ends = time.Time{} }, policy.WindowOver},
		{"may not be shared with the asker", func(r *policy.Request) {
			r.Consent.Exclusions = []sig.Exclusion{{Recipient: seat(coordinator)}}
		}, policy.AnswerNotCovered},
		{"may not be shared with the asked", func(r *policy.Request) {
			r.Consent.Exclusions = []sig.Exclusion{{Recipient: seat(policeFarsta)}}
		}, policy.Excluded},
		{"suspended", func(r *policy.Request) { r.Consent.State = sig.ConsentSuspended }, policy.ConsentSuspended},
		{"sharing stopped", func(r *policy.Request) { r.Case = sig.InterventionSharingStopped }, policy.CaseNotActive},
		{"ended", func(r *policy.Request) { r.Case = sig.InterventionClosing }, policy.CaseEnded},
		{"no part in the case", func(r *policy.Request) { r.Actor.Participates = false }, policy.NoParticipation},
		{"a guardian", func(r *policy.Request) { r.Actor.Kind = sig.ActorGuardian }, policy.NoAssignment},
		{"no necessity", func(r *policy.Request) { r.Officer.Necessity = false }, policy.NoNecessity},
		{"a colleague of the own board", func(r *policy.Request) {
			r.Recipient.Place = coordinator
			r.Recipient.Place.Function = sig.RoleFieldAssistant
		}, policy.OwnHouse},
	} {
		r := question()
		tc.take(r)
		if got := policy.Decide(r); got.Allowed || got.Reason != tc.want {
			t.Errorf("%s: %+v, want %s", tc.what, got, tc.want)
		}
	}
}

// Over what the youth disposes alone a question and its answer rest on the youth's
// own rows, each in its direction and the answer's until the question's end.
func TestAQuestionAboutWhatIsTheYouthsAlone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		what string
		take func(*policy.Request)
		want policy.Reason
	}{
		{"with every fact", func(*policy.Request) {}, policy.ByConsent},
		{"everybody's row lets the answer come back", func(r *policy.Request) { r.Consent.Grants[0].Own = false }, policy.AnswerNotCovered},
		{"everybody's row lets the question be told", func(r *policy.Request) { r.Consent.Grants[1].Own = false }, policy.CategoryNotCovered},
		{"the assessment does not name it", func(r *policy.Request) { r.Consent.Alone = nil }, policy.CategoryNotCovered},
		{"the answer's own row ends before the question", func(r *policy.Request) { r.Consent.Grants[0].To = noon.Add(time.Hour - time.Microsecond) }, policy.AnswerEndsBefore},
		{"everybody's consent is withdrawn", func(r *policy.Request) { r.Consent.State = sig.ConsentWithdrawn }, policy.NoConsent},
	} {
		r := question()
		r.Consent.Alone = r.Item.Categories
		for i := range r.Consent.Grants {
			r.Consent.Grants[i].Own, r.Consent.Grants[i].Categories = true, r.Item.Categories
		}
		tc.take(r)
		if got := policy.Decide(r); got.Allowed != (tc.want == policy.ByConsent) || got.Reason != tc.want {
			t.Errorf("%s: %+v, want %s", tc.what, got, tc.want)
		}
	}
}
