package directory_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sigportal/internal/dbtest"
	"sigportal/internal/directory"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// city reads the invented city after replacing old by new, pair by pair.
func city(t *testing.T, oldNew ...string) *directory.File {
	t.Helper()
	text := string(sample.FileText())
	for i := 0; i < len(oldNew); i += 2 {
		if !strings.Contains(text, oldNew[i]) {
			t.Fatalf("the city's file has no %q", oldNew[i])
		}
		text = strings.ReplaceAll(text, oldNew[i], oldNew[i+1])
	}
	f, err := directory.Read("city.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func words(t *testing.T, p *directory.Plan) string {
	t.Helper()
	var out bytes.Buffer
	if err := p.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func count(t *testing.T, d *dbtest.Database, sql string) int {
	t.Helper()
	var n int
	if err := d.Super().QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestImportIsTakenOnceAndTheSecondTimeChangesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	file := city(t)
	preview, err := directory.Preview(t.Context(), d.Owner(), file)
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, d, `select count(*) from sig.unit`); n != 0 {
		t.Fatalf("a dry run wrote %d units", n)
	}
	plan, err := directory.Import(t.Context(), d.Owner(), file, "an operator")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(words(t, preview), words(t, plan)); diff != "" {
		t.Errorf("the import did something else than the dry run said (-dry +real):\n%s", diff)
	}
	if got := count(t, d, `select count(*) from sig.assignment`); got != len(file.Directory.Assignments) {
		t.Errorf("%d assignments, want %d", got, len(file.Directory.Assignments))
	}
	again, err := directory.Import(t.Context(), d.Owner(), file, "an operator")
	if err != nil {
		t.Fatal(err)
	}
	if got := words(t, again); got != "nothing changes\n" {
		t.Errorf("the second import says:\n%s", got)
	}
	if n := count(t, d, `select count(*) from sig.directory_import`); n != 1 {
		t.Errorf("%d imports are recorded, want the one that changed something", n)
	}
	if n := count(t, d, `select count(*) from sig.ledger where kind = 'import_directory' and system = 'directory_import'`); n != 1 {
		t.Errorf("%d rows in the ledger, want 1", n)
	}
}

func TestWhatIsReadBackIsWhatTheFileSays(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	file := city(t, "regime: school_pupil_health_23_2a",
		"regime: school_pupil_health_23_2a\n        independent: {on: 2026-02-01, reference: UTN 2026/17}")
	if _, err := directory.Import(t.Context(), d.Owner(), file, "an operator"); err != nil {
		t.Fatal(err)
	}
	var have *sig.Directory
	err := d.App().Do(t.Context(), sig.Actor{Kind: sig.ActorNobody}, func(tx *postgres.Tx) (err error) {
		have, err = tx.WholeDirectory(t.Context())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := have.Branch("utbildning-elevhalsa")
	want := sig.Branch{
		ID: "utbildning-elevhalsa", Authority: "utbildning", Name: "Elevhälsa, psykosocialt", Regime: sig.RegimeSchoolPupilHealth,
		Independent: true, IndependentOn: sig.Date{Year: 2026, Month: 2, Day: 1}, IndependentReference: "UTN 2026/17",
	}
	if diff := cmp.Diff(want, b); diff != "" {
		t.Errorf("the branch (-file +database):\n%s", diff)
	}
	for _, a := range have.Assignments {
		if a.StaffKey == "karin.ek@farsta.example" && (!a.To.Equal(sig.Forever) || !a.From.Equal(sig.Date{Year: 2026, Month: 1, Day: 1}.Start())) {
			t.Errorf("Karin's assignment runs from %v to %v", a.From, a.To)
		}
	}
	if p, ok := have.Place("bup-farsta", sig.FunctionPsychiatry); !ok || p.Regime != sig.RegimeHealth || !cmp.Equal(p.Districts, []sig.DistrictID{"farsta"}) {
		t.Errorf("the place of BUP: %+v", p)
	}
}

func TestTheComparisonSaysInWordsWhatChanges(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	if err := sample.City(t.Context(), d.Owner()); err != nil {
		t.Fatal(err)
	}
	changed := city(t,
		"name: Öppenvården, Farsta", "name: Öppenvård ungdom, Farsta",
		"name: Jonas Dahl, email: jonas.dahl@farsta.example, function: field_assistant, from: 2026-01-01",
		"name: Jonas Dahl, email: jonas.dahl@farsta.example, function: field_assistant, from: 2026-01-01, to: 2999-01-31",
		"function: mentor, from: 2026-01-01", "function: mentor, leads: [mentor], from: 2026-01-01",
		"kind: region_health\n    name: Hälso- och sjukvårdsnämnden", "kind: region_health\n    name: Hälso- och sjukvårdsnämnden, Norr",
		"\n  - id: idrottsklubben\n", "\n  - {id: boxklubben, kind: civil_society, name: Boxklubben}\n  - id: idrottsklubben\n",
	)
	plan, err := directory.Import(t.Context(), d.Owner(), changed, "an operator")
	if err != nil {
		t.Fatal(err)
	}
	want := `changed  authority region: name "Hälso- och sjukvårdsnämnden" becomes "Hälso- och sjukvårdsnämnden, Norr"
added    authority boxklubben: Boxklubben, civil_society
changed  unit farsta-oppenvard: name "Öppenvården, Farsta" becomes "Öppenvård ungdom, Farsta"
ended    assignment staff/jonas.dahl@farsta.example as field_assistant in farsta-falt from 2026-01-01: Jonas Dahl, from 2999-02-01 on
changed  assignment staff/fredrik.sjo@utbildning.example as mentor in farstaskolan from 2026-01-01: leads none of its own becomes mentor
1 added, 3 changed, 1 ended
`
	if diff := cmp.Diff(want, words(t, plan)); diff != "" {
		t.Errorf("the words (-want +got):\n%s", diff)
	}
	if n := count(t, d, `select count(*) from sig.alarm where kind = 'assignment_ends' and due_at = '2999-01-31T23:00:00Z'`); n != 1 {
		t.Errorf("%d alarms for the end of Jonas's assignment, want 1", n)
	}
}

// T12: whoever leaves is out from the end on; an end that the file puts in the
// past becomes the instant of the import, because until then there was access.
func TestAnEndInThePastEndsNow(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	if err := sample.City(t.Context(), d.Owner()); err != nil {
		t.Fatal(err)
	}
	d.SetClock(t, time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC))
	const berg = "email: kent.berg@polisen.example, function: community_police, from: 2026-01-01"
	left := city(t, berg, berg+", to: 2026-05-20")
	if _, err := directory.Import(t.Context(), d.Owner(), left, "an operator"); err != nil {
		t.Fatal(err)
	}
	var end time.Time
	err := d.Super().QueryRow(t.Context(), `select valid_to from sig.assignment where name = 'Kent Berg'`).Scan(&end)
	if err != nil || end.Before(time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)) || end.After(time.Date(2026, 6, 1, 12, 1, 0, 0, time.UTC)) {
		t.Errorf("Berg's assignment ends %v, want the import's instant (%v)", end, err)
	}
	if plan, err := directory.Import(t.Context(), d.Owner(), left, "an operator"); err != nil || len(plan.Changes) != 0 {
		t.Errorf("the same file again: %v, %v", plan, err)
	}
	_, err = directory.Import(t.Context(), d.Owner(), city(t), "an operator")
	if err == nil || !strings.Contains(err.Error(), "begin a new one instead") {
		t.Errorf("an assignment that has ended came alive again: %v", err)
	}
	dismissed := city(t, berg, berg+", to: 2026-05-20}\n              - {issuer: police, staff_key: p1101@polisen.example, name: Kent Berg, "+
		"function: community_police, from: 2026-09-01")
	if _, err := directory.Import(t.Context(), d.Owner(), dismissed, "an operator"); err != nil {
		t.Errorf("Berg cannot come back in September: %v", err)
	}
}

func TestOnlyTheOwnersRoleImports(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for name, db := range map[string]*postgres.DB{"sig_app": d.App(), "sig_worker": d.Worker(), "sig_reviewer": d.Reviewer()} {
		if err := sample.City(t.Context(), db); err == nil {
			t.Errorf("%s could write the directory", name)
		}
	}
	if n := count(t, d, `select count(*) from sig.authority`); n != 0 {
		t.Errorf("%d authorities were written", n)
	}
}

func TestARefusedImportLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	if err := sample.City(t.Context(), d.Owner()); err != nil {
		t.Fatal(err)
	}
	without := city(t, "name: Öppenvården, Farsta", "name: Ett annat namn",
		"              - {issuer: staff, staff_key: gun.ask@skarpnack.example, name: Gun Ask, email: gun.ask@skarpnack.example, function: social_secretary, leads: [social_secretary], from: 2026-01-01}\n",
		"              []\n")
	_, err := directory.Import(t.Context(), d.Owner(), without, "an operator")
	problems, ok := errors.AsType[directory.Problems](err)
	if !ok || len(problems) != 1 || !strings.Contains(problems[0].Text, "gun.ask@skarpnack.example") {
		t.Fatalf("somebody left out of the file: %v", err)
	}
	if n := count(t, d, `select count(*) from sig.unit where name = 'Ett annat namn'`); n != 0 {
		t.Error("half of a refused file was taken")
	}
	if n := count(t, d, `select count(*) from sig.directory_import`); n != 1 {
		t.Errorf("%d imports recorded, want only the first", n)
	}
}

// Terms are plans and no record: a file that says other ones replaces them, and
// leaves those of other authorities alone.
func TestSchoolTermsAreWhatTheFileSays(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	if _, err := directory.Import(t.Context(), d.Owner(), city(t), "an operator"); err != nil {
		t.Fatal(err)
	}
	const periods = `select count(*) from sig.school_period where authority = 'utbildning' and unit is null`
	if n := count(t, d, periods); n != 5 {
		t.Fatalf("%d terms and breaks, want 5", n)
	}
	other := city(t, "      - {name: Sportlov, from: 2027-03-01, to: 2027-03-05}\n", "", "          - id: farstaskolan\n",
		"          - id: farstaskolan\n            terms: [{from: 2026-08-20, to: 2026-12-21}]\n")
	plan, err := directory.Import(t.Context(), d.Owner(), other, "an operator")
	if err != nil {
		t.Fatal(err)
	}
	if got := words(t, plan); !strings.Contains(got, "changed  terms of utbildning: 5 terms and breaks, where there were 5\n0 added, 1 changed") {
		t.Errorf("the import says:\n%s", got)
	}
	if n := count(t, d, periods); n != 4 {
		t.Errorf("%d terms and breaks of all schools, want 4", n)
	}
	if n := count(t, d, `select count(*) from sig.school_period where unit = 'farstaskolan' and not is_break`); n != 1 {
		t.Errorf("%d terms of the one school, want 1", n)
	}
}
