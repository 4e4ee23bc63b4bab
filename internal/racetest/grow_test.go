package racetest

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// grow makes copies of the intervention, with its rows in some tables, until
// there are so many. They belong to the same authorities.
// Every key leads somewhere afterwards, as in a city that grew by itself.
func (c *city) grow(to int, tables []copied) {
	c.t.Helper()
	ctx := context.Background()
	conn, err := c.super.Acquire(ctx)
	c.must(err, "take a connection")
	defer conn.Release()
	var have, people int
	err = conn.QueryRow(ctx, `select (select count(*) from sig.intervention), (select count(*) from sig.assignment)`).Scan(&have, &people)
	c.must(err, "count interventions and people")
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		// Past the triggers, and past foreign keys that the whole keeps.
		if _, err := tx.Exec(ctx, `set local session_replication_role = replica`); err != nil {
			return err
		}
		if people < holders {
			if err := c.insert(ctx, tx, colleagues, 0, holders-1); err != nil {
				return err
			}
		}
		for _, copied := range tables {
			if err := c.insert(ctx, tx, copied, have, to-1); err != nil {
				return err
			}
		}
		return nil
	})
	c.must(err, "grow")
	for _, statement := range []string{`vacuum analyze`, `checkpoint`} {
		_, err = conn.Exec(ctx, statement)
		c.must(err, statement)
	}
	c.dangling(ctx, conn.Conn())
}

// holders is how many people fill each seat of the copies.
const holders = 2000

// copied says which rows of a table a copy of the intervention has, and which
// of their columns differ from copy to copy, besides the keys that become the
// hash of the copy's number k and the old key.
type copied struct {
	table string
	keys  string
	where string
	other map[string]string
}

const threeItems = `(select id from sig.item where intervention = $1 order by created_at, id limit 3)`

// colleagues are the people who hold the copies: more of whoever holds the
// intervention.
var colleagues = copied{
	"assignment", "id", `exists (select from sig.participation p where p.assignment = o.id and p.intervention = $1)`,
	map[string]string{"person": `null`, "staff_key": `o.staff_key || '-' || k`},
}

// grown are copies with family, consent, rows, parts, three items and what was
// told of them, held by two thousand other people.
var grown = []copied{
	{"youth", "id", `o.id = (select youth from sig.intervention where id = $1)`, map[string]string{
		"pin_hash": `sha256(('youth' || k)::bytea)`,
	}},
	{"guardianship", "id youth", `o.youth = (select youth from sig.intervention where id = $1)`, map[string]string{
		"pin_hash": `sha256(('guardian' || k || o.name)::bytea)`,
	}},
	{"intervention", "id youth", `o.id = $1`, map[string]string{
		"case_number": `(select left(n, 4) || '-' || right(n, 4) from translate(lpad(to_hex(k), 8, '0'), '0123456789abcdef', '23456789ABCDEFGH') n)`,
	}},
	{"participation", "id intervention", `o.intervention = $1`, map[string]string{"assignment": holder}},
	{"consent", "id intervention", `o.intervention = $1`, nil},
	{"consent_grant", "id intervention consent origin", `o.intervention = $1`, nil},
	{"consent_exclusion", "id intervention consent", `o.intervention = $1`, nil},
	{"consent_signer", "consent intervention signer", `o.intervention = $1`, nil},
	{"item", "id intervention", `o.id in ` + threeItems, nil},
	{"disclosure", "id intervention item consent grant_id", `o.intervention = $1 and o.item in ` + threeItems, nil},
	{"received", "id intervention item", `o.intervention = $1 and o.item in ` + threeItems, nil},
	// Rows of the ledger get ids below zero, where nobody folds them.
	{"ledger", "intervention object_id consent", `o.intervention = $1 and o.id between 1 and
		(select min(id) + 40 from sig.ledger where id > 0) and o.kind in ('disclose', 'write_item', 'sign_consent')`, map[string]string{
		"id": `-(k::bigint * 1000 + o.id)`, "assignment": holder,
	}},
}

const holder = `case when o.assignment is not null then md5((k % 2000) || o.assignment::text)::uuid end`

// insert copies the rows of one table for every k.
func (c *city) insert(ctx context.Context, tx pgx.Tx, of copied, from, to int) error {
	rows, err := tx.Query(ctx, `select attname::text from pg_attribute
		where attrelid = ('sig.' || $1)::regclass and attnum > 0 and not attisdropped and attgenerated = ''`, of.table)
	if err != nil {
		return err
	}
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	values := make([]string, len(columns))
	for i, column := range columns {
		values[i] = "o." + column
		if strings.Contains(" "+of.keys+" ", " "+column+" ") {
			values[i] = fmt.Sprintf("case when o.%[1]s is not null then md5(k || o.%[1]s::text)::uuid end", column)
		}
		if other, ok := of.other[column]; ok {
			values[i] = other
		}
	}
	_, err = tx.Exec(ctx, fmt.Sprintf(`insert into sig.%s (%s) overriding system value select %s from sig.%s o, generate_series(%d, %d) k where %s`,
		of.table, strings.Join(columns, ", "), strings.Join(values, ", "), of.table, from, to, of.where), c.intervention)
	if err != nil {
		return fmt.Errorf("copy %s: %w", of.table, err)
	}
	return nil
}

// dangling fails where a foreign key of a row leads nowhere.
func (c *city) dangling(ctx context.Context, conn *pgx.Conn) {
	c.t.Helper()
	rows, err := conn.Query(ctx, `
select conname::text, format('select count(*) from %s a left join %s b on %s where b is null and not (%s)', conrelid::regclass, confrelid::regclass,
  (select string_agg(format('a.%I = b.%I', l.attname, r.attname), ' and ')
     from unnest(conkey, confkey) u (l, r)
     join pg_attribute l on l.attrelid = conrelid and l.attnum = u.l
     join pg_attribute r on r.attrelid = confrelid and r.attnum = u.r),
  (select string_agg(format('a.%I is null', l.attname), ' or ')
     from unnest(conkey) u (l) join pg_attribute l on l.attrelid = conrelid and l.attnum = u.l))
  from pg_constraint where contype = 'f' and connamespace = 'sig'::regnamespace`)
	c.must(err, "list the foreign keys")
	checks, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Name, SQL string }])
	c.must(err, "list the foreign keys")
	for _, check := range checks {
		var lost int
		c.must(conn.QueryRow(ctx, check.SQL).Scan(&lost), "check "+check.Name)
		if lost > 0 {
			c.t.Errorf("%d rows break %s", lost, check.Name)
		}
	}
}
