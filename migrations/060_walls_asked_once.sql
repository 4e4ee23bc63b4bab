-- The same walls, asked once where they were asked for every row. What the actor
-- may reach is the same throughout a statement; written into a condition as it
-- stood, a table read row by row asked for it again at each. What each function
-- lets through is unchanged.

-- The names that a unit was written down under are the unit's, not the seat's.
create or replace function sig.my_seats() returns sig.seat[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    with me as materialized (
      select a.id, a.authority, a.function, sig.current_unit(a.unit, a.function, t.now, a.valid_from) as unit,
             sig.assignment_districts(a.id) as districts, t.now, sig.setting_uuid('app.intervention') as only
        from (select sig.instant() as now) t
        join sig.assignment a on a.id = sig.setting_uuid('app.assignment') and sig.actor_kind() = 'staff'
         and a.valid_from <= t.now and t.now < a.valid_to),
    mine as materialized (
      select p.intervention, p.authority, p.function, u.id as unit, i.authority as board, i.state
        from me
        join sig.participation p on p.assignment = me.id and p.authority = me.authority
         and p.valid_from <= me.now and me.now < p.valid_to
         and (me.only is null or p.intervention = me.only)
        join sig.unit u on u.id = sig.current_unit(p.unit, p.function, me.now, p.valid_from) and u.authority = p.authority
        join sig.intervention i on i.id = p.intervention
       where p.stand_in_for is not null or (me.function = p.function and me.unit = u.id)),
    named as materialized (
      select k.unit, k.function, sig.unit_aliases(k.unit, k.function, me.now) as units
        from me cross join (select distinct unit, function from mine) k)
    select coalesce(array_agg(row(
             m.intervention, m.authority, m.unit, m.function, me.districts, n.units, m.board, m.state)::sig.seat), '{}')
      from me cross join mine m join named n on n.unit = m.unit and n.function = m.function);
end $$;

create or replace function sig.my_youths() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select coalesce(array_agg(distinct i.youth), '{}') from sig.intervention i where i.id = any ((select sig.my_cases())::uuid[]));
end $$;

-- Whether a point's text may be told as well is asked only by what shows texts.
drop function sig.my_calls();
create function sig.my_calls(texts boolean default false) returns sig.called[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  now timestamptz := sig.instant();
  only_one uuid := sig.setting_uuid('app.meeting');
  ends_after timestamptz := nullif(current_setting('app.meetings_from', true), '')::timestamptz;
  starts_before timestamptz := nullif(current_setting('app.meetings_to', true), '')::timestamptz;
begin
  return (
    select coalesce(array_agg(row(p.id, p.meeting, v.id,
             $1 and sig.seat_tells(s.intervention, m.authority, m.unit, m.function, s.authority, s.unit, s.function, s.districts, p.category, now)
             and sig.seat_tells(s.intervention, m.authority, m.unit, m.function, s.authority, s.unit, s.function, s.districts, p.category,
                                greatest(now, m.starts_at)))::sig.called), '{}')
      from unnest(sig.my_seats()) s
      join sig.meeting_invitation v on v.intervention = s.intervention and v.authority = s.authority and v.function = s.function
       and sig.current_unit(v.unit, v.function, now) = s.unit and v.ended_at is null
      join sig.meeting m on m.id = v.meeting
       and (only_one is null or m.id = only_one)
       and (ends_after is null or ends_after < m.ends_at) and (starts_before is null or m.starts_at < starts_before)
      join sig.meeting_presence r on r.invitation = v.id and r.ended_at is null
      join sig.meeting_point p on p.id = r.point
     where s.board <> s.authority and s.state = 'active'
       and sig.may_attend(p.id, s.authority, s.unit, s.function, s.districts));
end $$;
comment on function sig.my_calls(boolean) is 'What the actor''s seats outside the board are called to and may be at, by the consent in force; told is asked only with texts.';
revoke all on function sig.my_calls(boolean) from public;
grant execute on function sig.my_calls(boolean) to sig_app;

create or replace function sig.my_point_texts() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$ begin return (select coalesce(array_agg(distinct c.point), '{}') from unnest(sig.my_calls(texts => true)) c where c.told); end $$;

create or replace function sig.my_family_calls() returns sig.called[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  now timestamptz := sig.instant();
  cases uuid[];
begin
  if sig.my_standing() is null then
    return '{}';
  end if;
  cases := sig.my_cases();
  return (
    with calls as materialized (
      select p.id as point, p.meeting, v.id as invitation, sig.told_by_need(p.id, v.authority, v.unit, v.function) as by_need
        from sig.intervention i
        join sig.meeting m on m.intervention = i.id and m.state in ('planned', 'live', 'cancelled') and now < m.ends_at
        join sig.meeting_point p on p.meeting = m.id
        join sig.meeting_presence r on r.point = p.id and r.ended_at is null
        join sig.meeting_invitation v on v.id = r.invitation and v.ended_at is null
       where i.id = any (cases) and i.state = 'active'
         and sig.may_attend(p.id, v.authority, v.unit, v.function, sig.unit_districts(sig.current_unit(v.unit, v.function, now))))
    select coalesce(array_agg(row(c.point, c.meeting, c.invitation, false)::sig.called), '{}')
      from calls c where exists (select from calls o where o.point = c.point and not o.by_need));
end $$;

create or replace function sig.my_plan_texts() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  cases uuid[] := sig.my_cases();
  at_home boolean := sig.home_risk_applies();
begin
  return (
    select coalesce(array_agg(v.text), '{}') from sig.plan_visibility v
     where v.viewer = sig.my_standing() and v.visible and v.intervention = any (cases)
       and (v.low_risk_at_home or not at_home));
end $$;

create or replace function sig.my_family_plans() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  texts uuid[] := sig.my_plan_texts();
begin
  return (
    select coalesce(array_agg(distinct t.plan), '{}') from sig.plan_text t where t.version_to is null and t.id = any (texts));
end $$;

create or replace function sig.my_rooms() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  cases uuid[] := sig.my_coordinated_cases();
begin
  return (
    select coalesce(array_agg(m.id), '{}') from sig.meeting m
     where m.state = 'live' and m.intervention = any (cases));
end $$;
