package policy_test

import (
	"testing"
	"time"

	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

var noon = time.Date(2026, 12, 3, 12, 0, 0, 0, time.UTC)

func seat(p sig.Place) sig.Seat {
	return sig.Seat{Authority: p.Authority, Unit: p.Unit, Function: p.Function}
}

// asked is a disclosure by the police to the coordinator that one row covers;
// each test takes one thing away.
func asked() *policy.Request {
	id := sig.GrantID{}
	id.UUID[0] = 1
	return &policy.Request{
		Action: policy.Disclose, Now: noon, Case: sig.InterventionActive,
		Actor: policy.Actor{Kind: sig.ActorStaff, InForce: true, Participates: true, Place: policeFarsta},
		Consent: policy.Consent{State: sig.ConsentActive, Grants: []sig.Grant{{
			ID: id, Row: 1, Discloser: seat(policeFarsta), Recipient: seat(coordinator),
			Categories: []sig.Category{sig.CategoryPoliceObservation, sig.CategoryPlanGoals}, Districts: []sig.DistrictID{"farsta"},
			From: noon.Add(-time.Hour), To: noon.Add(time.Hour),
		}}},
		Directory: policy.Directory{Units: map[sig.UnitID]sig.AuthorityID{
			policeFarsta.Unit: policeFarsta.Authority, coordinator.Unit: coordinator.Authority, mentor.Unit: mentor.Authority,
		}},
		Item:      policy.Item{Owner: policeFarsta.Authority, Categories: []sig.Category{sig.CategoryPoliceObservation}},
		Recipient: policy.Recipient{Place: coordinator, Participates: true},
		Officer:   policy.Officer{Necessity: true, Acknowledged: true},
	}
}

// One fact at a time: which no follows, by which code.
func TestDisclosureByConsentNeedsEveryFact(t *testing.T) {
	t.Parallel()
	if d := policy.Decide(asked()); !d.Allowed || d.Reason != policy.ByConsent || d.Grant != 0 {
		t.Fatalf("with every fact: %+v", d)
	}
	for _, tc := range []struct {
		what string
		take func(*policy.Request)
		want policy.Reason
	}{
		{"the assignment has ended", func(r *policy.Request) { r.Actor.InForce = false }, policy.NoAssignment},
		{"a guardian asks", func(r *policy.Request) { r.Actor.Kind = sig.ActorGuardian }, policy.NoAssignment},
		{"no part in the case", func(r *policy.Request) { r.Actor.Participates = false }, policy.NoParticipation},
		{"another authority's item", func(r *policy.Request) { r.Item.Owner = coordinator.Authority }, policy.NotOwner},
		{"the intervention is closing", func(r *policy.Request) { r.Case = sig.InterventionClosing }, policy.CaseEnded},
		{"before everybody has signed", func(r *policy.Request) { r.Case = sig.InterventionConsentPending }, policy.ConsentUnsigned},
		{"before the decision", func(r *policy.Request) { r.Case = sig.InterventionAwaitingDecision }, policy.CaseNotActive},
		{"no consent", func(r *policy.Request) { r.Consent.State = "" }, policy.NoConsent},
		{"withdrawn", func(r *policy.Request) { r.Consent.State = sig.ConsentWithdrawn }, policy.NoConsent},
		{"superseded", func(r *policy.Request) { r.Consent.State = sig.ConsentSuperseded }, policy.NoConsent},
		{"suspended", func(r *policy.Request) { r.Consent.State = sig.ConsentSuspended }, policy.ConsentSuspended},
		{"the other direction only", func(r *policy.Request) {
			g := &r.Consent.Grants[0]
			g.Discloser, g.Recipient = g.Recipient, g.Discloser
		}, policy.NoGrantToRecipient},
		{"another function of the unit", func(r *policy.Request) { r.Consent.Grants[0].Recipient.Function = sig.RoleSocialSecretary }, policy.NoGrantToRecipient},
		{"one category too many", func(r *policy.Request) { r.Item.Categories = append(r.Item.Categories, sig.CategoryAttendance) }, policy.CategoryNotCovered},
		{"no category at all", func(r *policy.Request) { r.Item.Categories = nil }, policy.CategoryNotCovered},
		{"a district that is not named", func(r *policy.Request) { r.Recipient.Place.Districts = []sig.DistrictID{"farsta", "jarva"} }, policy.DistrictNotCovered},
		{"begins this instant later", func(r *policy.Request) { r.Consent.Grants[0].From = noon.Add(time.Microsecond) }, policy.NotYetValid},
		{"ends this instant", func(r *policy.Request) { r.Consent.Grants[0].To = noon }, policy.WindowOver},
		{"may not be shared", func(r *policy.Request) {
			r.Consent.Exclusions = []sig.Exclusion{{Category: sig.CategoryPoliceObservation}}
		}, policy.Excluded},
		{"the recipient may not be told", func(r *policy.Request) {
			r.Consent.Exclusions = []sig.Exclusion{{Recipient: sig.Seat{Function: sig.RoleCoordinator}}}
		}, policy.Excluded},
		{"the function went to another authority", func(r *policy.Request) { r.Directory.Units[coordinator.Unit] = "jarva-sdn" }, policy.RecipientMoved},
		{"the function goes to another authority at this instant", func(r *policy.Request) { r.Directory = leaving(coordinator, noon) }, policy.RecipientMoved},
		{"the discloser's function goes at this instant", func(r *policy.Request) { r.Directory = leaving(policeFarsta, noon) }, policy.RecipientMoved},
		{"it left, and came back since", func(r *policy.Request) {
			r.Directory = leaving(coordinator, noon.Add(-2*time.Hour))
			r.Directory.Moves = append(r.Directory.Moves, sig.FunctionMove{
				Authority: "jarva-sdn", Function: coordinator.Function, From: "jarva-unga", To: coordinator.Unit, At: noon.Add(-time.Hour),
			})
		}, policy.RecipientMoved},
		{"somebody else is concerned", func(r *policy.Request) { r.Item.ThirdParty = true }, policy.ThirdParty},
		{"blocked", func(r *policy.Request) { r.Item.Blocked = true }, policy.Blocked},
		{"no necessity note", func(r *policy.Request) { r.Officer.Necessity = false }, policy.NoNecessity},
		{"abroad", func(r *policy.Request) { r.Recipient.Place.Foreign = true }, policy.ForeignBorder},
		{"an action that does not exist", func(r *policy.Request) { r.Action = 0 }, policy.UnknownAction},
	} {
		r := asked()
		tc.take(r)
		if d := policy.Decide(r); d.Allowed || d.Reason != tc.want {
			t.Errorf("%s: %+v, want %s", tc.what, d, tc.want)
		}
	}
}

// leaving is a directory in which the function of a place goes to Järva's board.
func leaving(p sig.Place, at time.Time) policy.Directory {
	d := asked().Directory
	d.Units["jarva-unga"] = "jarva-sdn"
	d.Moves = []sig.FunctionMove{{Authority: p.Authority, Function: p.Function, From: p.Unit, To: "jarva-unga", At: at}}
	return d
}

// A row lasts to the last microsecond before a function that it names goes to
// another authority; that another function of the unit goes is nothing to it.
func TestARowLastsUntilItsFunctionLeaves(t *testing.T) {
	t.Parallel()
	for what, p := range map[string]sig.Place{"the recipient": coordinator, "the discloser": policeFarsta} {
		r := asked()
		r.Directory = leaving(p, noon.Add(time.Microsecond))
		if d := policy.Decide(r); !d.Allowed {
			t.Errorf("%s leaves a microsecond later: %+v", what, d)
		}
		p.Function = sig.RoleRegistrar
		r.Directory = leaving(p, noon)
		if d := policy.Decide(r); !d.Allowed {
			t.Errorf("another function of the unit of %s leaves: %+v", what, d)
		}
	}
}

// Two rows never add up, and of two rows that fail the one that came furthest
// gives the reason.
func TestOneSingleRowMustCover(t *testing.T) {
	t.Parallel()
	r := asked()
	r.Item.Categories = []sig.Category{sig.CategoryPoliceObservation, sig.CategoryAttendance}
	second := r.Consent.Grants[0]
	second.Categories = []sig.Category{sig.CategoryAttendance}
	r.Consent.Grants = append(r.Consent.Grants, second)
	if d := policy.Decide(r); d.Allowed || d.Reason != policy.CategoryNotCovered {
		t.Errorf("two rows that would add up: %+v", d)
	}
	over := r.Consent.Grants[0]
	over.Categories, over.To = r.Item.Categories, noon
	r.Consent.Grants = append(r.Consent.Grants, over)
	if d := policy.Decide(r); d.Reason != policy.WindowOver {
		t.Errorf("the row that came furthest: %+v", d)
	}
}

// T29: from strong to weak secrecy the officer must have answered the warning.
func TestWeakerSecrecyMustBeAnswered(t *testing.T) {
	t.Parallel()
	r := asked()
	r.Actor.Place, r.Item.Owner = coordinator, coordinator.Authority
	r.Recipient.Place = mentor
	r.Consent.Grants[0].Discloser, r.Consent.Grants[0].Recipient = seat(coordinator), seat(mentor)
	r.Officer.Acknowledged = false
	if d := policy.Decide(r); d.Reason != policy.WeakerUnanswered {
		t.Errorf("unanswered: %+v", d)
	}
	r.Officer.Acknowledged = true
	if d := policy.Decide(r); !d.Allowed {
		t.Errorf("answered: %+v", d)
	}
}

// T26: whereabouts of a protected person leave only with a second officer.
func TestWhereaboutsNeedASecondOfficer(t *testing.T) {
	t.Parallel()
	r := asked()
	r.Item.Categories = []sig.Category{sig.CategoryWhereabouts}
	r.Consent.Grants[0].Categories = r.Item.Categories
	r.Officer.Protected = true
	if d := policy.Decide(r); d.Reason != policy.SecondOfficer {
		t.Errorf("one officer: %+v", d)
	}
	r.Officer.SecondApproved = true
	if d := policy.Decide(r); !d.Allowed {
		t.Errorf("two officers: %+v", d)
	}
}

// A decision is fast and allocates nothing: over one million a second a core
// (goal). Twenty rows, of which the last covers.
func BenchmarkDecision(b *testing.B) {
	r := asked()
	row := r.Consent.Grants[0]
	other := row
	other.Recipient.Function = sig.RoleMentor
	r.Consent.Grants = nil
	for range 19 {
		r.Consent.Grants = append(r.Consent.Grants, other)
	}
	r.Consent.Grants = append(r.Consent.Grants, row)
	b.ReportAllocs()
	for b.Loop() {
		if !policy.Decide(r).Allowed {
			b.Fatal("refused")
		}
	}
}

// No allocation, whatever the answer.
func TestADecisionAllocatesNothing(t *testing.T) {
	r := asked()
	if n := testing.AllocsPerRun(100, func() { policy.Decide(r) }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// Over what a youth disposes alone no decision opens it to a guardian; to the
// youth, and of anything else, it does (OSL 12:3).
func TestNoGuardianReadsWhatTheYouthDisposesOverAlone(t *testing.T) {
	t.Parallel()
	of := func(c ...sig.Category) []sig.Category { return c }
	for _, tc := range []struct {
		what       string
		who        sig.ActorKind
		categories []sig.Category
		alone      []sig.Category
		want       policy.Reason
	}{
		{"nothing is the youth's alone", sig.ActorGuardian, of(sig.CategoryPupilHealth), nil, policy.ByVisibility},
		{"another category is", sig.ActorGuardian, of(sig.CategoryPupilHealth), of(sig.CategorySubstanceUse), policy.ByVisibility},
		{"its only category is", sig.ActorGuardian, of(sig.CategoryPupilHealth), of(sig.CategoryPupilHealth), policy.NotVisible},
		{"one of two categories is", sig.ActorGuardian, of(sig.CategoryAttendance, sig.CategoryPupilHealth), of(sig.CategoryPupilHealth), policy.NotVisible},
		{"the youth asks", sig.ActorYouth, of(sig.CategoryPupilHealth), of(sig.CategoryPupilHealth), policy.ByVisibility},
	} {
		d := policy.Decide(&policy.Request{
			Action: policy.ReadAsFamily, Now: noon, Actor: policy.Actor{Kind: tc.who, InForce: true, Participates: true},
			Consent: policy.Consent{Alone: tc.alone}, Item: policy.Item{Categories: tc.categories, Visible: true, LowRisk: true},
		})
		if d.Reason != tc.want || d.Allowed != (tc.want == policy.ByVisibility) {
			t.Errorf("%s: %+v, want %s", tc.what, d, tc.want)
		}
	}
}

// What a youth alone has said yes to lets it be told, over what is the youth's
// alone and nothing else; everybody's rows let nothing of that be told.
func TestTheYouthsOwnYesIsARowOverWhatIsTheYouthsAlone(t *testing.T) {
	t.Parallel()
	all := []sig.Category{sig.CategoryPoliceObservation, sig.CategoryPlanGoals}
	for _, tc := range []struct {
		what  string
		take  func(*policy.Request)
		want  policy.Reason
		whose bool
	}{
		{"it is the youth's alone", func(*policy.Request) {}, policy.ByConsent, true},
		{"the assessment does not name it", func(r *policy.Request) { r.Consent.Alone = nil }, policy.CategoryNotCovered, true},
		{"the assessment names one of the row's two", func(r *policy.Request) { r.Consent.Alone = all[:1] }, policy.CategoryNotCovered, true},
		{"the row has ended", func(r *policy.Request) { r.Consent.Grants[0].To = noon }, policy.WindowOver, true},
		{"everybody's is paused", func(r *policy.Request) { r.Consent.State = sig.ConsentSuspended }, policy.ConsentSuspended, true},
		{"there is nobody else's consent", func(r *policy.Request) { r.Consent.State = "" }, policy.NoConsent, true},
		{"may not be shared", func(r *policy.Request) { r.Consent.Exclusions = []sig.Exclusion{{Category: all[0]}} }, policy.Excluded, true},
		{"everybody's row names it", func(*policy.Request) {}, policy.CategoryNotCovered, false},
		{"everybody's row, of another category", func(r *policy.Request) { r.Consent.Alone = all[1:] }, policy.ByConsent, false},
		{"everybody's row, of one of two", func(r *policy.Request) { r.Consent.Alone, r.Item.Categories = all[1:], all }, policy.CategoryNotCovered, false},
	} {
		r := asked()
		r.Consent.Alone, r.Consent.Grants[0].Own = all, tc.whose
		tc.take(r)
		if d := policy.Decide(r); d.Reason != tc.want {
			t.Errorf("%s: %+v, want %s", tc.what, d, tc.want)
		}
	}
}
