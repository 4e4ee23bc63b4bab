package consenting_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// faults lists the fields and codes of a refusal.
func faults(t *testing.T, err error) map[string]string {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid {
		t.Fatalf("got %v, want faults at fields", err)
	}
	list := map[string]string{}
	for _, one := range f.Fields {
		list[one.Name] = one.Code
	}
	return list
}

// T09: a draft that says only "socialtjänsten" is refused, row by row, with
// what to do; so is everything else that 3.1 forbids.
func TestDraftThatSaysTooLittleOrTooMuch(t *testing.T) {
	w := amir(t)
	whole := row(police, sig.Seat{Unit: "farsta-unga"}, sig.CategoryPlanGoals)
	all := row(police, coordinator, sig.Categories()...)
	other := row(coordinator, jarva, sig.CategoryPlanGoals)
	family := row(coordinator, sig.Seat{Unit: "farsta-familj", Function: sig.RoleCoordinator}, sig.CategoryPlanGoals)
	office := row(coordinator, sig.Seat{Unit: "polis-farsta", Function: sig.RoleRegistrar}, sig.CategoryPlanGoals)
	record := row(police, coordinator, "criminal_record")
	long := row(police, coordinator, sig.CategoryPlanGoals)
	long.To = long.To.Add(1000)
	silent := row(police, coordinator, sig.CategoryPlanGoals)
	silent.Aim = sig.Aim{Addition: "  "}
	person := row(coordinator, sig.Seat{}, sig.CategoryPlanGoals)
	person.PrivateKind = sig.PrivateCloseContact
	_, err := w.consent.SaveDraft(w.ctx(), w.actors["coordinator"], w.intervention, consenting.Draft{
		Grants: []consenting.DraftGrant{whole, all, other, family, office, record, long, silent, person},
	})
	want := map[string]string{
		"grants.1.recipient":    "error.grant_name_the_function",
		"grants.2.categories":   "error.grant_all_categories",
		"grants.3.districts":    "error.grant_name_the_district",
		"grants.4.recipient":    "error.grant_family_counselling",
		"grants.5.recipient":    "error.grant_function_not_consentable",
		"grants.6.categories":   "error.grant_unknown_category",
		"grants.7.to":           "error.grant_window_too_long",
		"grants.8.purpose":      "error.grant_no_purpose",
		"grants.9.private_name": "error.grant_no_private_name",
	}
	if diff := cmp.Diff(want, faults(t, err)); diff != "" {
		t.Fatalf("what is wrong (-want +got):\n%s", diff)
	}
	told, _ := errors.AsType[*fault.Error](err)
	for _, f := range told.Fields {
		if f.Code == "error.grant_name_the_district" && f.Args["district"] != "Järva" {
			t.Errorf("the district is told as %q, which is not its name", f.Args["district"])
		}
	}
	if n := one[int](w, `select count(*)::int from sig.consent`); n != 0 {
		t.Errorf("a refused draft left %d versions", n)
	}
	other.Districts = []sig.DistrictID{"jarva"}
	w.must(w.consent.Check(w.ctx(), w.actors["coordinator"], w.intervention, consenting.Draft{
		Grants: []consenting.DraftGrant{other},
	}), "the other district is named")
	err = w.consent.Check(w.ctx(), w.actors["secretary"], w.intervention, c1())
	w.refused(err, fault.Denied, "error.denied", "the social secretary prepares")
}

// TestExplainedVersionNeverChanges: after the first explanation the text is
// fixed; the board's own districts stand in it by themselves.
func TestExplainedVersionNeverChanges(t *testing.T) {
	w := amir(t)
	id := w.prepares(c1(), "Sara")
	_, err := w.consent.SaveDraft(w.ctx(), w.actors["coordinator"], w.intervention, c1())
	w.refused(err, fault.Conflict, "error.version_is_fixed", "the coordinator changes what was explained")
	if n := one[int](w, `select count(*)::int from sig.consent_grant where consent = $1 and recipient_unit = 'polis-farsta' and districts = '{farsta}'`, id); n != 1 {
		t.Errorf("the police's own district is not in the row")
	}
	if _, err := w.db.App().Pool().Exec(w.ctx(), `delete from sig.consent_grant where consent = $1`, id); err != nil {
		t.Logf("the database refuses too: %v", err)
	}
	if n := one[int](w, `select count(*)::int from sig.consent_grant where consent = $1`, id); n != 6 {
		t.Errorf("%d rows are left, want 6", n)
	}
	w.must(w.consent.Discard(w.ctx(), w.actors["coordinator"], w.intervention), "the coordinator discards it")
	if got := one[string](w, `select state from sig.consent where id = $1`, id); got != "discarded" {
		t.Errorf("the version is %s", got)
	}
}

// T09: a consent on paper is mapped by hand; addiction care for adults gets
// nothing from it, and it waits for the decision like any other.
func TestImportFromPaper(t *testing.T) {
	w := amir(t)
	paper := consenting.Import{
		Draft: c1(), Method: consenting.MethodMeeting, Language: "sv",
		SignedBy: []consenting.SignerRef{w.ref("Sara"), w.ref("Omid")},
	}
	adults := paper
	adults.Grants = append(c1().Grants,
		row(coordinator, sig.Seat{Unit: "farsta-vuxen", Function: sig.FunctionAddictionCare}, sig.CategoryPlanGoals),
		row(coordinator, sig.Seat{Unit: "farsta-vuxen", Function: sig.RoleCaseworker}, sig.CategoryPlanGoals),
		row(coordinator, sig.Seat{Unit: "farsta-unga"}, sig.CategoryPlanGoals))
	_, err := w.consent.ImportLegacy(w.ctx(), w.actors["coordinator"], w.intervention, adults)
	want := map[string]string{
		"grants.7.recipient": "error.grant_not_from_import", "grants.8.recipient": "error.grant_function_not_consentable",
		"grants.9.recipient": "error.grant_name_the_function",
	}
	if diff := cmp.Diff(want, faults(t, err)); diff != "" {
		t.Fatalf("what is wrong (-want +got):\n%s", diff)
	}
	_, err = w.consent.ImportLegacy(w.ctx(), w.actors["coordinator"], w.intervention, paper)
	if diff := cmp.Diff(map[string]string{"signed_by": "error.import_signer_missing"}, faults(t, err)); diff != "" {
		t.Fatalf("Amir has not signed the paper (-want +got):\n%s", diff)
	}
	paper.SignedBy = append(paper.SignedBy, w.ref("youth"))
	view, err := w.consent.ImportLegacy(w.ctx(), w.actors["coordinator"], w.intervention, paper)
	w.must(err, "the coordinator takes the paper over")
	if view.State != sig.InterventionAwaitingDecision || view.Preparing.Change != consenting.ChangeImported {
		t.Fatalf("imported: %s, %+v", view.State, view.Preparing)
	}
	if got := w.decides(); got.State != sig.InterventionActive {
		t.Fatalf("decided: %s", got.State)
	}
}

// TestVacantSeatsAreAskedFor: where a version names a function in another
// authority that nobody fills, its lead gets a task and a mail.
func TestVacantSeatsAreAskedFor(t *testing.T) {
	w := amir(t)
	d := c1()
	far := row(coordinator, jarva, sig.CategoryPlanGoals)
	far.Districts = []sig.DistrictID{"jarva"}
	d.Grants = append(d.Grants, far)
	w.allSign(w.prepares(d, "Sara", "Omid", "youth"), "Sara", "Omid", "youth")
	w.decides()
	if n := one[int](w, `select count(*)::int from sig.task where kind = 'set_participation' and authority = 'polisen' and function = 'community_police'`); n != 1 {
		t.Errorf("%d tasks to name a participant, want one: only Järva is vacant", n)
	}
	if n := one[int](w, `select count(*)::int from sig.mail m join sig.assignment a on a.id = m.assignment where m.kind = 'lead_new_grant' and a.name = 'lead'`); n != 1 {
		t.Errorf("%d mails to the lead in Järva, want one", n)
	}
}

// TestCloseContactIsAPerson: a named close person's row is one person's. The
// name is sealed, and another name in its place is a widening for everybody.
func TestCloseContactIsAPerson(t *testing.T) {
	w := amir(t)
	d := c1()
	aunt := row(coordinator, sig.Seat{}, sig.CategoryMeetingLogistics)
	aunt.PrivateKind, aunt.PrivateName = sig.PrivateCloseContact, "Moster Leila"
	d.Grants = append(d.Grants, aunt)
	w.allSign(w.prepares(d, "Sara", "Omid", "youth"), "Sara", "Omid", "youth")
	w.decides()
	w.db.SetClock(t, stockholm("2026-12-03 10:00:00"))
	rows := w.shown("Sara").InForce.Rows
	if got := rows[6].Recipient; got.PrivateName != "Moster Leila" || got.Private != sig.PrivateCloseContact {
		t.Fatalf("Sara reads that the row is for %+v", got)
	}
	sealed := one[[]byte](w, `select private_name_sealed from sig.consent_grant where private_kind is not null`)
	if len(sealed) == 0 || bytes.Contains(sealed, []byte("Leila")) {
		t.Error("the name lies open in the database")
	}
	view, err := w.consent.Amend(w.ctx(), w.actors["coordinator"], w.intervention)
	w.must(err, "the coordinator amends")
	for n := range d.Grants {
		d.Grants[n].From, d.Grants[n].Origin = view.Preparing.Rows[n].From, rows[n].ID
	}
	d.Grants[0].Categories = d.Grants[0].Categories[:1] // one category less, and by stealth another aunt
	d.Grants[6].PrivateName = "Moster Mina"
	w.prepares(d, "Sara")
	if got := w.shown("coordinator").Preparing; got.Change != consenting.ChangeWidening {
		t.Errorf("another person in the row is a %s", got.Change)
	}
	w.must(w.consent.Discard(w.ctx(), w.actors["coordinator"], w.intervention), "the coordinator discards it")
	d.Grants[6].PrivateName = " Moster Leila "
	w.prepares(d, "Sara")
	if got := w.shown("coordinator").Preparing; got.Change != consenting.ChangeNarrowing {
		t.Errorf("the same person with one category less elsewhere is a %s", got.Change)
	}
	w.takesBack("Sara", sig.WithdrawalScope{Rows: []sig.GrantID{rows[6].ID}})
	if got := w.shown("Sara").InForce; len(got.Rows) != 6 {
		t.Errorf("after the row was taken back: %d rows", len(got.Rows))
	}
}
