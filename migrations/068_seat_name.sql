-- Who sits, today, where a consent says that somebody may know: to the family a
-- function and its unit. A person's name stands there only by a decision of that
-- authority's registrar (domain 6.3), for whoever holds a function of a unit or
-- for one holder, until it is taken back. Without one nothing differs.
create table sig.seat_name (
  id uuid constraint seat_name_pk primary key,
  authority text not null,
  unit text not null,
  function text not null constraint seat_name_of_a_function references sig.function,
  assignment uuid constraint seat_name_holder_exists references sig.assignment (id),
  reason_sealed bytea not null,
  decided_by uuid not null constraint seat_name_decider_exists references sig.assignment (id),
  decided_at timestamptz not null,
  end_reason_sealed bytea,
  ended_by uuid constraint seat_name_ender_exists references sig.assignment (id),
  ended_at timestamptz,
  constraint seat_name_in_own_unit foreign key (unit, authority) references sig.unit (id, authority),
  constraint seat_name_end_is_whole check (num_nonnulls(end_reason_sealed, ended_by, ended_at) in (0, 3)),
  constraint seat_name_ends_after_it_began check (ended_at >= decided_at)
);
create unique index seat_name_once on sig.seat_name (unit, function, coalesce(assignment, '00000000-0000-0000-0000-000000000000'))
  where ended_at is null;
create index seat_name_in_force on sig.seat_name (authority, function) where ended_at is null;
comment on table sig.seat_name is 'A registrar''s decision that families are shown the name of whoever holds a function of a unit, or of one holder; with why, and why it was taken back.';
comment on column sig.seat_name.assignment is 'The one holder whose name is shown; null is whoever takes part in that seat.';
comment on column sig.seat_name.reason_sealed is 'Under the authority''s own key, field "seat_name", this row; the reason of its end under "seat_name_end".';
alter table sig.seat_name enable row level security;
alter table sig.seat_name force row level security;
create policy owner_all on sig.seat_name to sig_owner using (true) with check (true);
create policy system_reads on sig.seat_name for select to sig_app using ((select sig.actor_kind()) = 'system');
create policy seat_name_registrar on sig.seat_name for select to sig_app using (authority = (select sig.my_office('registrar')));
create policy seat_name_decides on sig.seat_name for insert to sig_app with check (
  authority = (select sig.my_office('registrar')) and decided_by = (select sig.setting_uuid('app.assignment')) and ended_at is null
  and (assignment is null or exists (
    select from sig.assignment a
     where a.id = seat_name.assignment and a.authority = seat_name.authority and a.function = seat_name.function
       and a.valid_from <= (select sig.instant()) and (select sig.instant()) < a.valid_to)));
create policy seat_name_takes_back on sig.seat_name for update to sig_app
  using (authority = (select sig.my_office('registrar')) and ended_at is null)
  with check (authority = (select sig.my_office('registrar')) and ended_by = (select sig.setting_uuid('app.assignment')));
grant select, insert on sig.seat_name to sig_app;
grant update (end_reason_sealed, ended_by, ended_at) on sig.seat_name to sig_app;

-- Nobody of a family may read the directory's people or who takes part. This is
-- the one way: the holders of the seats that their consent names, as it is in
-- force now, each without a name unless one may be shown.
create function sig.family_seats(of_intervention uuid)
  returns table (authority text, unit text, function text, assignment uuid, stand_in boolean, until timestamptz, name text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  if sig.my_standing() is null or not of_intervention = any (sig.my_cases()) then
    return;
  end if;
  return query
    with t as (select sig.instant() as now),
    named as (
      select distinct g.recipient_authority as authority, u.id as unit, g.recipient_function as function
        from t join sig.consent c on c.intervention = of_intervention and c.state in ('active', 'suspended')
        join sig.consent_grant g on g.consent = c.id and g.recipient_authority is not null and t.now < least(g.valid_to, c.oral_until)
        join sig.unit u on u.id = sig.current_unit(g.recipient_unit, g.recipient_function, t.now) and u.authority = g.recipient_authority)
    select n.authority, n.unit, n.function, a.id, p.stand_in_for is not null or p.meeting is not null,
           case when least(p.valid_to, a.valid_to) < '9999-12-31T00:00:00Z' then least(p.valid_to, a.valid_to) end,
           case when y.protection = 'none' and exists (
             select from sig.seat_name d
              where d.ended_at is null and d.authority = n.authority and d.function = n.function
                and (d.assignment = a.id
                     or d.assignment is null and sig.current_unit(d.unit, d.function, t.now, d.decided_at) = n.unit)) then a.name end
      from t cross join named n
      join sig.intervention i on i.id = of_intervention
      join sig.youth y on y.id = i.youth
      join sig.participation p on p.intervention = i.id and p.authority = n.authority and p.function = n.function
       and p.valid_from <= t.now and t.now < p.valid_to and sig.current_unit(p.unit, p.function, t.now, p.valid_from) = n.unit
      join sig.assignment a on a.id = p.assignment and a.authority = p.authority and a.valid_from <= t.now and t.now < a.valid_to
     where p.stand_in_for is not null
        or a.function = p.function and sig.current_unit(a.unit, a.function, t.now, a.valid_from) = n.unit;
end $$;
comment on function sig.family_seats(uuid) is
  'Who sits in the seats that the consent in force names as recipients, to a guardian or the young person; a name only by a registrar''s decision, and never where an identity is protected.';
revoke all on function sig.family_seats(uuid) from public;
grant execute on function sig.family_seats(uuid) to sig_app;
