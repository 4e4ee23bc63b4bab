package racetest

import (
	"context"
	"strconv"
	"strings"
)

// grow makes copies of the intervention, with its family, consent, rows,
// parts, three items and what was told of them, until there are so many. They
// belong to the same authorities and are held by two thousand other people.
func (c *city) grow(to int) {
	c.t.Helper()
	ctx := context.Background()
	var have int
	c.must(c.super.QueryRow(ctx, `select count(*) from sig.intervention`).Scan(&have), "count interventions")
	sql := strings.NewReplacer("%from%", strconv.Itoa(have), "%to%", strconv.Itoa(to-1), "%case%", c.intervention.String()).Replace(growSQL)
	_, err := c.super.Exec(ctx, sql)
	c.must(err, "grow")
	_, err = c.super.Exec(ctx, `vacuum analyze`)
	c.must(err, "analyze")
}

// growSQL copies row by row past the triggers. Every id becomes the hash of the
// copy's number and the old id, so that the copies hang together; rows of the
// ledger get ids below zero, where nobody folds them.
const growSQL = `
do $$
declare
  original uuid := '%case%';
  the_table text; keys text[]; picked text; extra text;
begin
  perform set_config('session_replication_role', 'replica', true);
  create temp table kept_item on commit drop as
    select id from sig.item where intervention = original order by created_at limit 3;
  for the_table, keys, picked, extra in values
    ('youth', '{id}'::text[], 'o.id = (select youth from sig.intervention where id = $1)', $x$jsonb_build_object('pin_hash', '\x' || md5(k::text) || md5('y' || k))$x$),
    ('guardianship', '{id,youth}', 'o.youth = (select youth from sig.intervention where id = $1)', $x$jsonb_build_object('pin_hash', '\x' || md5(k || o.name) || md5('g' || k))$x$),
    ('intervention', '{id,youth}', 'o.id = $1', $x$jsonb_build_object('case_number', (select left(n, 4) || '-' || right(n, 4) from translate(lpad(to_hex(k), 8, '0'), '0123456789abcdef', '23456789ABCDEFGH') n))$x$),
    ('participation', '{id,intervention}', 'o.intervention = $1', $x$jsonb_build_object('assignment', md5((k % 2000) || o.assignment::text)::uuid)$x$),
    ('consent', '{id,intervention}', 'o.intervention = $1', $x$'{}'::jsonb$x$),
    ('consent_grant', '{id,intervention,consent,origin}', 'o.intervention = $1', $x$'{}'::jsonb$x$),
    ('consent_exclusion', '{id,intervention,consent}', 'o.intervention = $1', $x$'{}'::jsonb$x$),
    ('consent_signer', '{consent,intervention,signer}', 'o.intervention = $1', $x$'{}'::jsonb$x$),
    ('item', '{id,intervention}', 'o.id in (select id from kept_item)', $x$'{}'::jsonb$x$),
    ('disclosure', '{id,intervention,item,consent,grant_id}', 'o.intervention = $1 and o.item in (select id from kept_item)', $x$'{}'::jsonb$x$),
    ('received', '{id,intervention,item}', 'o.intervention = $1 and o.item in (select id from kept_item)', $x$'{}'::jsonb$x$),
    ('ledger', '{intervention,object_id,consent}', $w$o.intervention = $1 and o.id > 0 and o.kind in ('disclose', 'write_item', 'sign_consent') and o.id < (select min(id) + 40 from sig.ledger where id > 0)$w$,
      $x$jsonb_build_object('id', -(k::bigint * 1000 + o.id), 'assignment', md5((k % 2000) || o.assignment::text)::uuid)$x$)
  loop
    execute format(
      'insert into sig.%1$I %6$s select c.* from sig.%1$I o cross join generate_series(%2$s, %3$s) k cross join lateral jsonb_populate_record(null::sig.%1$I,
         to_jsonb(o) || (select jsonb_object_agg(key, md5(k || (to_jsonb(o) ->> key))::uuid) from unnest($2) key where to_jsonb(o) ->> key is not null) || %4$s) c
       where %5$s', the_table, '%from%', '%to%', extra, picked, case the_table when 'ledger' then 'overriding system value' else '' end)
      using original, keys;
  end loop;
  insert into sig.assignment
  select c.* from sig.assignment o cross join generate_series(0, 1999) k cross join lateral jsonb_populate_record(null::sig.assignment,
      to_jsonb(o) || jsonb_build_object('id', md5(k || o.id::text)::uuid, 'person', null, 'staff_key', o.staff_key || '-' || k)) c
   where o.staff_key !~ '-[0-9]+$' and exists (select from sig.participation p where p.assignment = o.id and p.intervention = original)
  on conflict do nothing;
end $$`
