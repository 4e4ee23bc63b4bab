package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"pgregory.net/rapid"

	"sigportal/internal/dbtest"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// farsta is the invented city on the first of June 2026.
func farsta(t *testing.T) *dbtest.Database {
	t.Helper()
	d := dbtest.New(t)
	if err := sample.City(t.Context(), d.Owner()); err != nil {
		t.Fatal(err)
	}
	d.SetClock(t, time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC))
	return d
}

func names(list []sig.Assignment) []string {
	out := []string{}
	for _, a := range list {
		out = append(out, a.Name)
	}
	return out
}

// asked runs a question to the directory as the app's role.
func asked[T any](t *testing.T, d *dbtest.Database, ask func(*postgres.Tx) (T, error)) T {
	t.Helper()
	var answer T
	err := d.App().Do(t.Context(), sig.Actor{Kind: sig.ActorNobody}, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(t.Context()); err != nil {
			return err
		}
		var err error
		answer, err = ask(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func (w who) in(t *testing.T, d *dbtest.Database) []string {
	t.Helper()
	return names(asked(t, d, func(tx *postgres.Tx) ([]sig.Assignment, error) {
		return tx.Holders(t.Context(), w.unit, w.function, tx.Now())
	}))
}

type who struct {
	unit     sig.UnitID
	function sig.Function
}

func TestWhoSitsThereToday(t *testing.T) {
	t.Parallel()
	d := farsta(t)
	for _, tc := range []struct {
		who
		want []string
	}{
		{who{"polis-farsta", sig.RolePolice}, []string{"Kent Berg", "Rolf Åker"}},
		{who{"polis-jarva", sig.RolePolice}, []string{"Moa Lind"}},
		{who{"farsta-falt", sig.RoleFieldAssistant}, []string{"Jonas Dahl"}},
		{who{"farsta-falt", sig.RoleCoordinator}, []string{}},
		{who{"no-such-unit", sig.RolePolice}, []string{}},
	} {
		if got := tc.in(t, d); !slices.Equal(got, tc.want) {
			t.Errorf("%s in %s: %v, want %v", tc.function, tc.unit, got, tc.want)
		}
	}
	leads := asked(t, d, func(tx *postgres.Tx) ([]sig.Assignment, error) {
		return tx.Leads(t.Context(), "polis-farsta", sig.RolePolice, tx.Now())
	})
	if got := names(leads); !slices.Equal(got, []string{"Rolf Åker"}) {
		t.Errorf("Farsta's officers are led by %v", got)
	}
	office := asked(t, d, func(tx *postgres.Tx) ([]sig.Assignment, error) {
		return tx.Office(t.Context(), "polisen", sig.RoleRegistrar, tx.Now())
	})
	if got := names(office); !slices.Equal(got, []string{"Birgit Moe"}) {
		t.Errorf("the police's registrars are %v", got)
	}
}

// T12: Berg leaves Farsta on 1 February 2027 at 00:00, and not a moment later.
func TestTransferEndsAtMidnight(t *testing.T) {
	t.Parallel()
	d := farsta(t)
	end := sig.Date{Year: 2027, Month: 1, Day: 31}.End()
	if _, err := d.Super().Exec(t.Context(), `update sig.assignment set valid_to = $1 where name = 'Kent Berg'`, end); err != nil {
		t.Fatal(err)
	}
	d.FreezeClock(t, end.Add(-time.Microsecond))
	if got := (who{"polis-farsta", sig.RolePolice}).in(t, d); !slices.Contains(got, "Kent Berg") {
		t.Errorf("a moment before the transfer: %v", got)
	}
	d.FreezeClock(t, end)
	if got := (who{"polis-farsta", sig.RolePolice}).in(t, d); slices.Contains(got, "Kent Berg") {
		t.Errorf("at the transfer Berg still sits in Farsta: %v", got)
	}
}

// T07: the coordinator moves inside the own board on 1 January 2027; whoever
// holds the function moves along, and nobody else does.
func TestAMovedFunctionIsFoundWhereItIs(t *testing.T) {
	t.Parallel()
	d := farsta(t)
	_, err := d.Super().Exec(t.Context(), `
		insert into sig.function_move (id, authority, function, from_unit, to_unit, moved_at)
		values (gen_random_uuid(), 'farsta-sdn', 'coordinator', 'farsta-unga', 'farsta-oppenvard', '2026-12-31T23:00:00Z')`)
	if err != nil {
		t.Fatal(err)
	}
	before, after := who{"farsta-unga", sig.RoleCoordinator}, who{"farsta-oppenvard", sig.RoleCoordinator}
	if got := before.in(t, d); len(got) != 2 {
		t.Errorf("before the move: %v", got)
	}
	d.SetClock(t, sig.Date{Year: 2027, Month: 1, Day: 1}.Start())
	if got := before.in(t, d); len(got) != 0 {
		t.Errorf("after the move %v still sit in the old unit", got)
	}
	if got := after.in(t, d); !slices.Equal(got, []string{"Karin Ek", "Maria Sand"}) {
		t.Errorf("after the move the new unit has %v", got)
	}
	if got := (who{"farsta-unga", sig.RoleSocialSecretary}).in(t, d); len(got) != 3 {
		t.Errorf("the social secretaries stayed, but there are %v", got)
	}
}

// The rule of moves stands twice, in SQL and in Go. They must not differ.
func TestMovesAreFollowedAlikeInGoAndSQL(t *testing.T) {
	t.Parallel()
	d := farsta(t)
	units := []sig.UnitID{"farsta-unga", "farsta-oppenvard", "farsta-falt", "jarva-falt", "jarva-unga"}
	of := func(u sig.UnitID) sig.AuthorityID {
		return sig.AuthorityID(strings.SplitN(string(u), "-", 2)[0] + "-sdn")
	}
	start := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	tx, err := d.Super().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	rapid.Check(t, func(r *rapid.T) {
		if _, err := tx.Exec(t.Context(), `delete from sig.function_move`); err != nil {
			r.Fatal(err)
		}
		var dir sig.Directory
		for _, u := range units {
			dir.Units = append(dir.Units, sig.Unit{ID: u, Authority: of(u)})
		}
		taken := map[sig.FunctionMove]bool{}
		for range rapid.IntRange(0, 7).Draw(r, "moves") {
			m := sig.FunctionMove{
				Function: sig.RoleCoordinator,
				From:     rapid.SampledFrom(units).Draw(r, "from"), At: start.AddDate(0, 0, rapid.IntRange(0, 6).Draw(r, "day")),
			}
			m.Authority = of(m.From)
			if taken[m] {
				continue // one function leaves one unit once at one instant
			}
			taken[m] = true
			m.To = rapid.SampledFrom(units).Filter(func(u sig.UnitID) bool { return u != m.From }).Draw(r, "to")
			dir.Moves = append(dir.Moves, m)
			if _, err := tx.Exec(t.Context(), `insert into sig.function_move (id, authority, function, from_unit, to_unit, moved_at)
				values (gen_random_uuid(), $1, $2, $3, $4, $5)`, m.Authority, m.Function, m.From, m.To, m.At); err != nil {
				r.Fatal(err)
			}
		}
		unit := rapid.SampledFrom(units).Draw(r, "unit")
		at := start.AddDate(0, 0, rapid.IntRange(-1, 7).Draw(r, "at"))
		since := start.AddDate(0, 0, rapid.IntRange(-1, 7).Draw(r, "since"))
		var inSQL sig.UnitID
		if err := tx.QueryRow(t.Context(), `select sig.current_unit($1, 'coordinator', $2, $3)`, unit, at, since).Scan(&inSQL); err != nil {
			r.Fatal(err)
		}
		if inGo := dir.CurrentUnit(unit, sig.RoleCoordinator, at, since); inGo != inSQL {
			r.Fatalf("from %s at %v since %v: Go says %s, SQL says %s", unit, at, since, inGo, inSQL)
		}
		var leaves *time.Time
		if err := tx.QueryRow(t.Context(), `select sig.seat_leaves($1, $2, 'coordinator')`, of(unit), unit).Scan(&leaves); err != nil {
			r.Fatal(err)
		}
		inGo := dir.Leaves(sig.Seat{Authority: of(unit), Unit: unit, Function: sig.RoleCoordinator})
		if leaves == nil && !inGo.IsZero() || leaves != nil && !leaves.Equal(inGo) {
			r.Fatalf("from %s: in Go it leaves %v, in SQL %v, by %+v", unit, inGo, leaves, dir.Moves)
		}
	})
}

func TestTheDatabaseKnowsTheSameFunctions(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	rows, err := d.Super().Query(t.Context(), `select id, consentable from sig.function`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var f sig.Function
		var consentable bool
		if err := rows.Scan(&f, &consentable); err != nil {
			t.Fatal(err)
		}
		if !f.Valid() || f.Consentable() != consentable {
			t.Errorf("%s: valid %v, consentable %v in Go and %v in the database", f, f.Valid(), f.Consentable(), consentable)
		}
	}
	if n != len(sig.Functions()) {
		t.Errorf("%d functions in the database, %d in Go", n, len(sig.Functions()))
	}
}

// The database refuses by itself what must never be, whoever asks for it.
func TestTheDirectoryRefusesWhatMustNotBe(t *testing.T) {
	t.Parallel()
	d := farsta(t)
	for _, tc := range []struct{ what, sql, constraint string }{
		{"a unit whose authority is not its branch's", `insert into sig.unit (id, branch, authority, name) values ('x', 'farsta-ifo', 'polisen', 'X')`, "unit_of_a_branch"},
		{"an assignment in another authority's unit", `insert into sig.assignment (id, staff_issuer, staff_key, name, unit, authority, function, valid_from)
			values (gen_random_uuid(), 'staff', 'x', 'X', 'polis-farsta', 'farsta-sdn', 'registrar', '2026-01-01')`, "assignment_in_own_unit"},
		{"one person twice in one function", `insert into sig.assignment (id, staff_issuer, staff_key, name, unit, authority, function, valid_from)
			values (gen_random_uuid(), 'staff', 'karin.ek@farsta.example', 'Karin Ek', 'farsta-unga', 'farsta-sdn', 'coordinator', '2027-01-01')`, "assignment_does_not_overlap"},
		{"a function that nobody knows", `insert into sig.assignment (id, staff_issuer, staff_key, name, unit, authority, function, valid_from)
			values (gen_random_uuid(), 'staff', 'x', 'X', 'farsta-unga', 'farsta-sdn', 'manager', '2026-01-01')`, "assignment_of_a_function"},
		{"an end before the beginning", `update sig.assignment set valid_to = '2025-01-01' where name = 'Karin Ek'`, "assignment_ends_after_it_begins"},
		{"a district that is not there", `update sig.unit set districts = '{solna}' where id = 'farsta-unga'`, "unit_districts_exist"},
		{"leading a function that is none", `update sig.assignment set leads = '{boss}' where name = 'Karin Ek'`, "assignment_leads_are_functions"},
		{"independence without a decision", `update sig.branch set independent = true where id = 'utbildning-elevhalsa'`, "branch_independence_is_decided"},
		{"a data regime as a branch's", `update sig.branch set regime = 'criminal_record_35_3' where id = 'polisen-lokal'`, "branch_regime_is_known"},
		{"a club as a public body", `update sig.authority set public_body = true where id = 'idrottsklubben'`, "authority_body_agrees_with_kind"},
		{"a move of another board's function", `insert into sig.function_move values (gen_random_uuid(), 'jarva-sdn', 'field_assistant', 'farsta-falt', 'jarva-falt', '2027-02-01')`, "function_move_from_own_unit"},
		{"a move to nowhere", `insert into sig.function_move values (gen_random_uuid(), 'farsta-sdn', 'field_assistant', 'farsta-falt', 'nowhere', '2027-02-01')`, "function_move_to_a_unit"},
		{"a changed record of an import", `update sig.directory_import set by = 'somebody else'`, ""},
		{"a deleted record of an import", `delete from sig.directory_import`, ""},
	} {
		_, err := d.Super().Exec(t.Context(), tc.sql)
		pg, ok := errors.AsType[*pgconn.PgError](err)
		if !ok || pg.Code[:2] != "23" || tc.constraint != "" && pg.ConstraintName != tc.constraint {
			t.Errorf("%s: %v, want the refusal %s", tc.what, err, tc.constraint)
		}
	}
}

// Pages read the directory and bind a first sign-in to its assignments; jobs
// read ids. Neither can give anybody an office, and jobs see no name.
func TestTheRolesMayDoNoMoreThanTheyMust(t *testing.T) {
	t.Parallel()
	d := farsta(t)
	roles := map[string]*postgres.DB{"sig_app": d.App(), "sig_worker": d.Worker(), "sig_reviewer": d.Reviewer()}
	for _, tc := range []struct {
		what, sql string
		may       []string
	}{
		{"give an office", `insert into sig.assignment (id, staff_issuer, staff_key, name, unit, authority, function, valid_from)
			values (gen_random_uuid(), 'staff', 'x', 'X', 'farsta-unga', 'farsta-sdn', 'registrar', '2026-01-01')`, nil},
		{"lengthen an office", `update sig.assignment set valid_to = 'infinity'`, nil},
		{"change what somebody leads", `update sig.assignment set leads = '{coordinator}'`, nil},
		{"weaken a border", `update sig.branch set independent = false`, nil},
		{"move a function", `insert into sig.function_move select gen_random_uuid(), 'farsta-sdn', 'coordinator', 'farsta-unga', 'farsta-falt', now()`, nil},
		{"trust another provider", `insert into sig.identity_provider values ('evil', 'staff', 'x')`, nil},
		{"delete a person", `delete from sig.person`, nil},
		{"read staff names", `select name, email from sig.assignment`, []string{"sig_app"}},
		{"read hashes of personal numbers", `select pin_hash from sig.person`, []string{"sig_app"}},
		{"read who sits where, as ids", `select id, person, unit, function from sig.assignment`, []string{"sig_app", "sig_worker"}},
		{"read organisations' names", `select name from sig.authority`, []string{"sig_app", "sig_reviewer"}},
	} {
		for role, db := range roles {
			_, err := db.Pool().Exec(t.Context(), tc.sql)
			pg, refused := errors.AsType[*pgconn.PgError](err)
			switch may := slices.Contains(tc.may, role); {
			case may && err != nil:
				t.Errorf("%s cannot %s: %v", role, tc.what, err)
			case !may && (!refused || pg.Code != "42501"):
				t.Errorf("%s can %s (%v)", role, tc.what, err)
			}
		}
	}
}

func TestAnAssignmentIsBoundToOnePersonForEver(t *testing.T) {
	t.Parallel()
	d := farsta(t)
	for _, who := range []string{"a", "b"} {
		if _, err := d.Super().Exec(t.Context(), `insert into sig.person (id, issuer, subject, name) values (gen_random_uuid(), 'staff', $1, 'X')`, who); err != nil {
			t.Fatal(err)
		}
	}
	bind := `update sig.assignment set person = (select id from sig.person where subject = $1) where name = 'Karin Ek'`
	if _, err := d.App().Pool().Exec(t.Context(), bind, "a"); err != nil {
		t.Fatalf("the first sign-in cannot be bound: %v", err)
	}
	for _, subject := range []string{"b", "nobody"} {
		_, err := d.App().Pool().Exec(t.Context(), bind, subject)
		if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.ConstraintName != "assignment_is_bound_once" {
			t.Errorf("bound again to %s: %v", subject, err)
		}
	}
	if _, err := d.Super().Exec(t.Context(), `insert into sig.person (id, issuer, subject, name) values (gen_random_uuid(), 'police', 'p', 'X')`); err != nil {
		t.Fatal(err)
	}
	_, err := d.App().Pool().Exec(t.Context(), `update sig.assignment set person = (select id from sig.person where subject = 'p') where name = 'Eva Strand'`)
	if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.ConstraintName != "assignment_person_of_issuer" {
		t.Errorf("a person of the police's provider took a board's assignment: %v", err)
	}
}
