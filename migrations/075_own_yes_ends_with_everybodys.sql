-- A young person's own yes counts beside everybody's consent and never without
-- it. That one ends with its last row, and from that instant on nothing is told by
-- the other: not only once the alarm has written the end down.
create function sig.consent_ends(consent uuid) returns timestamptz
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (select max(g.valid_to) from sig.consent_grant g where g.consent = $1);
end $$;
comment on function sig.consent_ends(uuid) is 'For the first wall: when the last row of a version ends, of which the asker may not see every row.';
revoke all on function sig.consent_ends(uuid) from public;
grant execute on function sig.consent_ends(uuid) to sig_app, sig_worker;

do $$
declare
  f regprocedure;
  old text;
  new text;
begin
  foreach f in array array['sig.my_entitlements()', 'sig.may_send(uuid, text, text, text, text, text, text, text[])',
      'sig.seat_tells(uuid, text, text, text, text, text, text, text[], text, timestamptz)', 'sig.my_ended_calls(uuid)', 'sig.my_hidden_plan(uuid)']::regprocedure[] loop
    old := pg_get_functiondef(f);
    new := regexp_replace(old, '(o\.valid_from, |o\.given_at, |o\.categories, )o\.valid_to',
      '\1least(o.valid_to, (select max(w.valid_to) from sig.consent_grant w where w.consent = c.id))');
    if new = old then raise exception '% knows no own yes', f; end if;
    execute new;
  end loop;
end $$;
