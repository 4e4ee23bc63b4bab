-- A young person's own yes (056) carries the plan, where its goals are the
-- youth's alone, and a directed question about what is. No guardian reads a plan
-- of which the youth disposes alone, whatever was decided before.
do $$
declare
  f regprocedure;
  old text;
  new text;
begin
  foreach f in array array['sig.may_see_plan(uuid, text, text, text, text[])', 'sig.may_note(uuid)', 'sig.letter_entitled(uuid)',
      'sig.may_ask(uuid, text, text, text, text, text, text, text, timestamptz)']::regprocedure[] loop
    old := pg_get_functiondef(f);
    new := replace(replace(old, 'sig.all_tell(', 'sig.seat_tells('), 'sig.all_let_send(', 'sig.may_send(');
    if new = old then raise exception '% asks for no row', f; end if;
    execute new;
  end loop;
end $$;
drop function sig.all_tell(uuid, text, text, text, text, text, text, text[], text, timestamptz);
drop function sig.all_let_send(uuid, text, text, text, text, text, text, text[]);

create or replace function sig.my_plan_texts() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  cases uuid[] := sig.my_cases();
  at_home boolean := sig.home_risk_applies();
begin
  if sig.actor_kind() = 'guardian' then
    cases := array(select c from unnest(cases) c where 'plan_goals' <> all (sig.alone_in(c)));
  end if;
  return (
    select coalesce(array_agg(v.text), '{}') from sig.plan_visibility v
     where v.viewer = sig.my_standing() and v.visible and v.intervention = any (cases)
       and (v.low_risk_at_home or not at_home));
end $$;
comment on function sig.my_plan_texts() is 'Texts of plans that were decided visible for this member of the family, on this screen; for a guardian, of no plan whose goals are the youth''s alone.';
alter policy plan_visibility_family on sig.plan_visibility using (
  viewer = (select sig.my_standing()) and text = any ((select sig.my_plan_texts())::uuid[]));

-- What an own yes has carried is told by its own instant too, as in 038.
do $$
declare
  old text := pg_get_functiondef('sig.my_ended_calls(uuid)'::regprocedure);
  new text := replace(old, 'join sig.consent_grant g on g.consent = c.id and p.category', 'join lateral (
        select r.categories, r.valid_to from sig.consent_grant r where r.consent = c.id
        union all
        select o.categories, o.valid_to from sig.own_consent o where o.intervention = c.intervention and o.given_at is not null and o.ended_at is null) g
        on p.category');
begin
  if new = old then raise exception 'sig.my_ended_calls asks for no row'; end if;
  execute new;
end $$;

create or replace function sig.my_hidden_plan(intervention uuid)
  returns table (at timestamptz, by text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  now timestamptz := sig.instant();
begin
  return query
    select e.at, e.by
      from unnest(sig.my_seats()) s
      join sig.plan p on p.intervention = $1
      join sig.consent c on c.intervention = $1 and c.activated_at is not null
      join lateral (
        select r.id, r.discloser_authority, r.discloser_unit, r.discloser_function, r.recipient_authority, r.recipient_unit, r.recipient_function,
               r.categories, r.valid_from, r.valid_to, null::timestamptz as taken_back
          from sig.consent_grant r where r.consent = c.id
        union all
        select o.id, o.discloser_authority, o.discloser_unit, o.discloser_function, o.recipient_authority, o.recipient_unit, o.recipient_function,
               o.categories, o.given_at, o.valid_to, o.ended_at
          from sig.own_consent o where o.intervention = $1 and o.given_at is not null) g
        on 'plan_goals' = any (g.categories)
       and g.discloser_authority = p.authority and g.discloser_function = p.function
       and sig.current_unit(g.discloser_unit, p.function, now) = sig.current_unit(p.unit, p.function, now)
       and g.recipient_authority = s.authority and g.recipient_function = s.function and g.recipient_unit = any (s.units)
      cross join lateral (
        select least(g.valid_to, c.ended_at, g.taken_back) as at,
               case when g.taken_back <= least(g.valid_to, c.ended_at) then 'withdrawal'
                    when g.valid_to <= coalesce(c.ended_at, 'infinity') then 'sharing_stopped'
                    when exists (select from sig.withdrawal w where w.intervention = $1 and g.id = any (w.removed_grants)) then 'withdrawal'
                    when c.state = 'superseded' then 'narrowing' when c.state = 'withdrawn' then 'withdrawal'
                    when c.state = 'expired' then 'sharing_stopped' else 'closed' end as by) e
     where s.intervention = $1 and s.board <> s.authority and p.id <> all (sig.my_plans())
       and greatest(p.created_at, g.valid_from, c.activated_at) < e.at and e.at <= now
     order by e.at desc limit 1;
end $$;
