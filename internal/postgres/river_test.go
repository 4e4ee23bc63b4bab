package postgres_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"sigportal/internal/dbtest"
	"sigportal/internal/postgres"
)

// The queue's tables are written in our own migration, so that pages get no
// rights to them and one command migrates everything. An update of the queue's
// client that expects another shape must not pass unseen.
func TestTheQueueHasTheShapeThatItsClientExpects(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if _, err := db.Super().Exec(t.Context(), `create schema theirs`); err != nil {
		t.Fatal(err)
	}
	migrator, err := rivermigrate.New(riverpgxv5.New(db.Super()), &rivermigrate.Config{Schema: "theirs"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := migrator.Migrate(t.Context(), rivermigrate.DirectionUp, nil); err != nil {
		t.Fatal(err)
	}
	for what, query := range map[string]string{
		"columns": `
select format('%s.%s %s%s null=%s default=%s', table_name, column_name, udt_name, character_maximum_length, is_nullable,
              replace(replace(column_default, $1 || '.', ''), 'CURRENT_TIMESTAMP', 'now()'))
from information_schema.columns where table_schema = $1 and table_name like 'river\_%' and table_name <> 'river_migration'
order by 1`,
		"persistence": `
select format('%s %s', relname, relpersistence) from pg_class
where relnamespace = $1::regnamespace and relkind = 'r' and relname <> 'river_migration' order by 1`,
		"states": `
select enumlabel from pg_enum where enumtypid = ($1 || '.river_job_state')::regtype order by enumsortorder`,
		"unique indexes": `
select replace(pg_get_indexdef(indexrelid), $1 || '.', '') from pg_index i join pg_class c on c.oid = i.indrelid
where c.relnamespace = $1::regnamespace and indisunique and c.relname <> 'river_migration' order by 1`,
		"masks of states": `
select string_agg(case when river_job_state_in_bitmask(m::bit(8), s) then '1' else '0' end, '' order by m, s)
from generate_series(0, 255) m, unnest(enum_range(null::river_job_state)) s where $1 <> ''`,
	} {
		want, got := shape(t, db, query, "theirs"), shape(t, db, query, postgres.QueueSchema)
		if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
			t.Errorf("%s of the queue (-its own migrations +ours):\n%s", what, diff)
		}
	}
}

func shape(t *testing.T, db *dbtest.Database, query, schema string) []string {
	t.Helper()
	tx, err := db.Super().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	if _, err := tx.Exec(t.Context(), `set local search_path = `+pgx.Identifier{schema}.Sanitize()); err != nil {
		t.Fatal(err)
	}
	rows, err := tx.Query(t.Context(), query, schema)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
