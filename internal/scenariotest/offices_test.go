package scenariotest

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/policy"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// Offices that only keep the portal handle no cases: a coordinator lets none of
// them in, neither to a part of their own nor to her seat, and the database
// refuses it too. Nobody of them then reads anything.
func TestAnOfficeThatKeepsThePortalTakesNoPart(t *testing.T) {
	c := inForce(t)
	until := sig.Date{Year: 2027, Month: 1, Day: 31}
	for _, office := range []string{"administrator-farsta", "registrar-farsta", "log-reviewer-farsta"} {
		who := c.as(office).Assignment
		err := c.Casework.GivePart(c.ctx(), c.as(karin), c.id, who, "behöver se")
		c.refusedWith(err, "error.not_found", office+" is let in")
		err = c.Casework.StandIn(c.ctx(), c.as(karin), c.id, who, until)
		c.refusedWith(err, "error.not_found", office+" stands in for Karin")
		if _, err := c.Consenting.Show(c.ctx(), c.as(office), c.id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s reads the consent: %v", office, err)
		}
		_, err = c.db.Super().Exec(c.ctx(), `insert into sig.participation (id, intervention, assignment, authority, unit, function, stand_in_for, valid_from, valid_to)
			select gen_random_uuid(), p.intervention, $2, p.authority, p.unit, p.function, p.id, p.valid_from, p.valid_to
			  from sig.participation p where p.intervention = $1 and p.function = 'coordinator'`, c.id, who)
		if err == nil {
			t.Errorf("the database seats %s in the coordinator's place", office)
		}
	}
	c.must(c.Casework.GivePart(c.ctx(), c.as(karin), c.id, c.as(jonas).Assignment, "arbetar med den unge"), "Karin lets Jonas in")
	forged := meeting.NewPoint{Category: sig.CategoryPlanGoals, Teller: sig.Seat{Authority: "farsta-sdn", Unit: "farsta-unga", Function: sig.RoleAdministrator}, Text: "Målen."}
	_, err := c.Meeting.Schedule(c.ctx(), c.as(karin), c.meets("2026-12-10 14:00:00", network, forged))
	c.refusedWith(err, "points.0.teller error.bad_id", "an administrator is to tell")
	unseen := meeting.NewPoint{Category: sig.CategoryPlanGoals, Teller: sample.Coordinator, Text: "\u200b"}
	_, err = c.Meeting.Schedule(c.ctx(), c.as(karin), c.meets("2026-12-10 14:00:00", network, unseen))
	c.refusedWith(err, "points.0.text error.required", "a point says what nobody sees")
}

// What names one person or one function twice, or two people at once, is not
// half done and is not our fault.
func TestNobodyIsNamedTwice(t *testing.T) {
	c := inForce(t)
	item, err := c.Sharing.WriteItem(c.ctx(), c.as(karin), sharing.NewItem{
		Key: uuid.NewString(), Intervention: c.id, Categories: []sig.Category{sig.CategoryPlanGoals, sig.CategoryPlanGoals}, Text: "Målen.",
	})
	c.must(err, "Karin names a category twice")
	if n := one[int](c, `select cardinality(categories) from sig.item where id = $1`, item); n != 1 {
		t.Errorf("the item has %d categories", n)
	}
	sent, err := c.Sharing.Disclose(c.ctx(), c.as(karin), sharing.NewDisclosure{
		Key: uuid.NewString(), Intervention: c.id, Item: item, Recipients: []sig.Seat{sample.Police, sample.Police}, Necessity: "mötet på fredag",
		WeakerReason: "behövs ändå",
	})
	c.must(err, "Karin names the police twice")
	if len(sent) != 1 {
		t.Errorf("the police got it %d times", len(sent))
	}
	_, err = c.Consenting.Amend(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin amends")
	wider := append(c1(), row(sample.Principal, sample.Coordinator, sig.CategoryPlanGoals))
	for n := range wider {
		wider[n].From = c.db.Now(t)
	}
	c.explains(wider...)
	view := c.shown(karin)
	var guardian, youth consenting.Signer
	for _, s := range view.Preparing.Signers {
		if s.Youth.IsZero() {
			guardian = s
		} else {
			youth = s
		}
	}
	if guardian.Guardian.IsZero() || youth.Youth.IsZero() {
		t.Fatalf("the draft names %+v to sign", view.Preparing.Signers)
	}
	for _, wrong := range []consenting.SignerRef{
		{Guardian: guardian.Guardian, Youth: youth.Youth}, {Guardian: sig.GuardianID{UUID: youth.Youth.UUID}}, {Youth: sig.YouthID{UUID: guardian.Guardian.UUID}}, {},
	} {
		_, err := c.Consenting.Explain(c.ctx(), c.as(karin), view.Preparing.ID, consenting.Explaining{Signer: wrong, Method: consenting.MethodMeeting, Language: "sv"})
		if kind := fault.KindOf(err); kind != fault.NotFound && kind != fault.Invalid {
			t.Errorf("explaining to %+v: %v", wrong, err)
		}
		p, err := c.Consenting.PreviewWithdrawal(c.ctx(), c.as(karin), c.id, wrong, everything)
		if c.must(err, "look ahead"); p.HasStanding {
			t.Errorf("%+v may take back", wrong)
		}
	}
	for _, both := range []sig.WithdrawalScope{
		{Whole: true, Category: sig.CategoryPlanGoals}, {Whole: true, Recipient: sample.Police},
	} {
		_, err := c.Consenting.Withdraw(c.ctx(), c.as("omid"), consenting.WithdrawInput{Intervention: c.id, Scope: both, Key: uuid.NewString()})
		c.refusedWith(err, "scope error.choose_some", "everything and a part are taken back at once")
	}
}

// Somebody private is put to the policy as every seat is: before the row begins,
// and for what it does not name, the chooser says no and why.
func TestSomebodyPrivateIsAskedAboutAsEverySeatIs(t *testing.T) {
	later := named("Elsa Rahimi", sig.CategoryAttendance)
	later.From = stockholm("2027-01-10 00:00:00")
	c := inForce(t, named("Moa Lind", sig.CategoryPlanGoals), later)
	var said []string
	for _, category := range []sig.Category{sig.CategoryPlanGoals, sig.CategoryAttendance} {
		found, err := c.Sharing.Candidates(c.ctx(), c.as(karin), c.id, c.writes(karin, category))
		c.must(err, "Karin chooses")
		for _, one := range found.List {
			if !one.PrivateGrant.IsZero() {
				said = append(said, string(one.Reason))
				if one.Internal || one.Allowed != (one.Reason == policy.ByConsent) {
					t.Errorf("somebody private is answered %+v", one)
				}
			}
		}
	}
	if want := []string{"by_consent", "category_not_covered", "category_not_covered", "not_yet_valid"}; !slices.Equal(said, want) {
		t.Errorf("the chooser says %v, want %v", said, want)
	}
}

// Two close persons are told apart by their names: where the sender chooses and
// checks, on the receipt and in the case, to the police as to the board, and
// when the yes has ended.
func TestSomebodyPrivateIsNamedToTheSender(t *testing.T) {
	police := named("Farid Rahimi", sig.CategoryPoliceObservation)
	police.DiscloserUnit, police.DiscloserFunction = sample.Police.Unit, sample.Police.Function
	c := inForce(t, named("Moa Lind", sig.CategoryPlanGoals), named("Elsa Rahimi", sig.CategoryPlanGoals), police)
	for who, want := range map[string][]string{karin: {"Elsa Rahimi", "Moa Lind"}, berg: {"Farid Rahimi"}} {
		category := sig.CategoryPlanGoals
		if who == berg {
			category = sig.CategoryPoliceObservation
		}
		in := sharing.NewDisclosure{
			Key: uuid.NewString(), Intervention: c.id, Item: c.writes(who, category), Necessity: "behövs för planen", WeakerReason: "behövs där",
		}
		found, err := c.Sharing.Candidates(c.ctx(), c.as(who), c.id, in.Item)
		c.must(err, who+" chooses")
		in.Private = privateRows(found.List)
		c.isNamed(who+" chooses", namesIn(found.List), want)
		chosen, err := c.Sharing.CheckDisclosure(c.ctx(), c.as(who), in)
		c.must(err, who+" checks")
		c.isNamed(who+" checks", namesIn(chosen), want)
		sent, err := c.Sharing.Disclose(c.ctx(), c.as(who), in)
		c.must(err, who+" tells")
		c.receiptNames(who, sent[0].ID, want)
		defer c.receiptNames(who, sent[0].ID, want)
	}
	seen, err := c.Sharing.Overview(c.ctx(), c.as(jonas), c.id)
	c.must(err, "Jonas looks at the case")
	for _, p := range seen.Parts {
		if p.PrivateName != "" {
			t.Errorf("the field assistant reads %s in a row that is not the own", p.PrivateName)
		}
	}
	c.withdraws("sara", everything)
}

func (c *city) receiptNames(who string, id sig.DisclosureID, want []string) {
	c.t.Helper()
	act, err := c.Sharing.Act(c.ctx(), c.as(who), c.id, id)
	c.must(err, who+" reads the receipt")
	var receipt, told, rows []string
	for _, p := range act.Parts {
		receipt = append(receipt, p.PrivateName)
	}
	seen, err := c.Sharing.Overview(c.ctx(), c.as(who), c.id)
	c.must(err, who+" looks at the case")
	for _, d := range seen.Disclosures {
		told = append(told, d.PrivateName)
	}
	for _, p := range seen.Parts {
		if p.Private != "" {
			rows = append(rows, p.PrivateName)
		}
	}
	c.isNamed(who+"'s receipt", receipt, want)
	c.isNamed("what "+who+" has told", told, want)
	if act.Live() {
		c.isNamed("the rows of "+who, rows, want)
	}
}

func (c *city) isNamed(where string, got, want []string) {
	c.t.Helper()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		c.t.Errorf("%s: named are %q, want %q", where, got, want)
	}
}

func privateRows(list []sharing.Candidate) []sig.GrantID {
	var rows []sig.GrantID
	for _, one := range list {
		if !one.PrivateGrant.IsZero() {
			rows = append(rows, one.PrivateGrant)
		}
	}
	return rows
}

func namesIn(list []sharing.Candidate) []string {
	var names []string
	for _, one := range list {
		if !one.PrivateGrant.IsZero() {
			names = append(names, one.PrivateName)
		}
	}
	return names
}
