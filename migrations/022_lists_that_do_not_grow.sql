-- Lists that cost the same in a city of a thousand interventions and in one of
-- a hundred thousand. A policy is a choice between rules of which one, that of
-- the portal's own acts, names no column, so no index serves it: each list says
-- itself where its rows can lie, and the policies decide about what lies there.

create function sig.my_copied_cases() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  office text := sig.my_office('registrar');
begin
  if office is null then
    return sig.my_cases();
  end if;
  return sig.my_cases() || coalesce((
    select array_agg(distinct r.intervention) from sig.received r
     where r.authority = office and r.cut_at is not null and r.deleted_at is null and sig.instant() < r.registrar_until), '{}');
end $$;
comment on function sig.my_copied_cases() is 'Interventions in which a copy can be open to the actor: own ones and, for a registrar, those with a copy that was cut.';
revoke all on function sig.my_copied_cases() from public;
grant execute on function sig.my_copied_cases() to sig_app;

create index received_for_registrar on sig.received (authority, registrar_until, id) where cut_at is not null and deleted_at is null;
create index grant_by_recipient on sig.consent_grant (recipient_authority, recipient_function, recipient_unit);
create index grant_by_discloser on sig.consent_grant (discloser_authority, discloser_function, discloser_unit);

-- What a lead leads is found by the names that a seat may have been written
-- down under; that it still is that seat is asked as before.
create or replace function sig.led_seats() returns table (intervention uuid, case_number text, unit text, function text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    with l as materialized (
      select s.authority, s.function, s.unit, sig.unit_aliases(s.unit, s.function, sig.instant()) as units
        from (select a.authority, f.function, sig.current_unit(a.unit, f.function, sig.instant(), a.valid_from) as unit
                from sig.assignment a cross join unnest(a.leads) as f(function)
               where a.id = sig.setting_uuid('app.assignment') and sig.actor_kind() = 'staff'
                 and a.valid_from <= sig.instant() and sig.instant() < a.valid_to) s),
    named as (
      select g.consent, l.unit, l.function from l join sig.consent_grant g
          on g.recipient_authority = l.authority and g.recipient_function = l.function and g.recipient_unit = any (l.units)
         and sig.current_unit(g.recipient_unit, l.function, sig.instant()) = l.unit
      union
      select g.consent, l.unit, l.function from l join sig.consent_grant g
          on g.discloser_authority = l.authority and g.discloser_function = l.function and g.discloser_unit = any (l.units)
         and sig.current_unit(g.discloser_unit, l.function, sig.instant()) = l.unit)
    select distinct i.id, i.case_number, n.unit, n.function
      from named n
      join sig.consent c on c.id = n.consent and c.state in ('active', 'suspended')
      join sig.intervention i on i.id = c.intervention;
end $$;
