-- The second wall: row-level security, written on its own from the rules of
-- domain 3.6, 5 and 6, not generated from the Go policy. What the actor may
-- reach is worked out once per statement by the functions below (each policy
-- calls them inside a scalar subquery) and compared with the row's own columns.
-- Unset settings mean nobody, and nobody sees no row. The functions are plpgsql,
-- which keeps their plans; as SQL they cannot be inlined (they are definers) and
-- would be planned at every call.

create function sig.unit_aliases(unit text, function text, at timestamptz) returns text[]
  language plpgsql stable parallel safe
  as $$
#variable_conflict use_column
begin
  return array[$1] || coalesce((
    select array_agg(distinct m.from_unit) from sig.function_move m
     where m.function = $2 and m.from_unit <> $1 and sig.current_unit(m.from_unit, $2, $3) = $1), '{}');
end $$;
comment on function sig.unit_aliases(text, text, timestamptz) is 'The units under whose name the function that sits here may have been written down before recorded moves inside its own authority.';

create function sig.eighteen_from(birth_date date) returns timestamptz
  language sql immutable parallel safe
  as $$ select (birth_date + interval '18 years') at time zone 'Europe/Stockholm' $$;
comment on function sig.eighteen_from(date) is 'The instant at which custody ends (FB 6:2): 00:00 local on the 18th birthday; 29 February clamps to the 28th.';

create type sig.seat as (
  intervention uuid, authority text, unit text, function text, districts text[], units text[],
  board text, state text);
comment on type sig.seat is 'One place that the actor fills now in one intervention.';

create function sig.my_seats() returns sig.seat[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select coalesce(array_agg(row(
             p.intervention, p.authority, u.id, p.function, sig.assignment_districts(a.id),
             sig.unit_aliases(u.id, p.function, t.now), i.authority, i.state)::sig.seat), '{}')
      from (select sig.instant() as now) t
      join sig.assignment a on a.id = sig.setting_uuid('app.assignment') and sig.actor_kind() = 'staff'
       and a.valid_from <= t.now and t.now < a.valid_to
      join sig.participation p on p.assignment = a.id and p.authority = a.authority
       and p.valid_from <= t.now and t.now < p.valid_to
      join sig.unit u on u.id = sig.current_unit(p.unit, p.function, t.now, p.valid_from) and u.authority = p.authority
      join sig.intervention i on i.id = p.intervention
     where (p.stand_in_for is not null
            or (a.function = p.function and sig.current_unit(a.unit, a.function, t.now, a.valid_from) = u.id))
       and (sig.setting_uuid('app.intervention') is null or p.intervention = sig.setting_uuid('app.intervention')));
end $$;

create function sig.my_cases() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  case sig.actor_kind()
  when 'staff' then
    return (select coalesce(array_agg(distinct s.intervention), '{}') from unnest(sig.my_seats()) s);
  when 'guardian' then
    return (
      select coalesce(array_agg(distinct i.id), '{}')
        from sig.guardianship g
        join sig.youth y on y.id = g.youth
        join sig.intervention i on i.youth = y.id
       where g.id = sig.setting_uuid('app.guardian')
         and g.valid_from <= sig.instant() and sig.instant() < least(g.valid_to, sig.eighteen_from(y.birth_date)));
  when 'youth' then
    return (select coalesce(array_agg(distinct i.id), '{}') from sig.intervention i where i.youth = sig.setting_uuid('app.youth'));
  else
    return '{}';
  end case;
end $$;
comment on function sig.my_cases() is 'Interventions that the actor has a part in: a seat, a guardianship in force, or being the youth.';

create function sig.my_board_cases() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
 select coalesce(array_agg(distinct s.intervention), '{}') from unnest(sig.my_seats()) s where s.board = s.authority);
end $$;

create function sig.my_open_cases() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
 select coalesce(array_agg(distinct s.intervention), '{}') from unnest(sig.my_seats()) s where s.state <> 'closed');
end $$;

create function sig.my_functions() returns text[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
 select coalesce(array_agg(distinct s.function), '{}') from unnest(sig.my_seats()) s);
end $$;

create function sig.my_authority() returns text
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select a.authority from sig.assignment a
     where a.id = sig.setting_uuid('app.assignment') and sig.actor_kind() = 'staff'
       and a.valid_from <= sig.instant() and sig.instant() < a.valid_to);
end $$;

create function sig.my_office(function text) returns text
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select a.authority from sig.assignment a
     where a.id = sig.setting_uuid('app.assignment') and sig.actor_kind() = 'staff' and a.function = $1
       and a.valid_from <= sig.instant() and sig.instant() < a.valid_to);
end $$;
comment on function sig.my_office(text) is 'The actor''s authority when the hat worn is this office (registrar, log_reviewer, coordinator), else null.';

create function sig.my_standing() returns uuid
  language sql stable parallel safe
  as $$ select case sig.actor_kind() when 'guardian' then sig.setting_uuid('app.guardian') when 'youth' then sig.setting_uuid('app.youth') end $$;

create function sig.my_youths() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
 select coalesce(array_agg(distinct i.youth), '{}') from sig.intervention i where i.id = any (sig.my_cases()));
end $$;

create function sig.home_risk_applies() returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select sig.actor_kind() = 'youth' and exists (
      select from sig.youth y where y.id = sig.setting_uuid('app.youth') and sig.instant() < sig.eighteen_from(y.birth_date)));
end $$;
comment on function sig.home_risk_applies() is 'A youth under 18 sees in the portal only what was released as low risk at home: whoever holds the eID sees it too.';

-- What the actor may be shown by consent, worked out from the consent in force.
create type sig.entitlement as (
  intervention uuid, sender_authority text, sender_units text[], sender_function text,
  authority text, units text[], function text, categories text[], excluded text[]);

create function sig.my_entitlements() returns sig.entitlement[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select coalesce(array_agg(row(
             s.intervention, g.discloser_authority, sig.unit_aliases(du.id, g.discloser_function, t.now), g.discloser_function,
             s.authority, s.units, s.function, g.categories,
             coalesce((select array_agg(x.category) from sig.consent_exclusion x
                        where x.consent = c.id and x.category is not null
                          and coalesce(x.recipient_authority, s.authority) = s.authority
                          and coalesce(x.recipient_unit, s.unit) = any (s.units)
                          and coalesce(x.recipient_function, s.function) = s.function), '{}'))::sig.entitlement), '{}')
      from (select sig.instant() as now) t
      cross join unnest(sig.my_seats()) s
      join sig.consent c on c.intervention = s.intervention and c.state = 'active'
      join sig.consent_grant g on g.consent = c.id
       and g.recipient_authority = s.authority and g.recipient_function = s.function and g.recipient_unit = any (s.units)
       and g.valid_from <= t.now and t.now < g.valid_to
       and s.districts <@ g.districts
      join sig.unit du on du.id = sig.current_unit(g.discloser_unit, g.discloser_function, t.now) and du.authority = g.discloser_authority
     where not exists (
             select from sig.consent_exclusion x
              where x.consent = c.id and x.category is null
                and coalesce(x.recipient_authority, s.authority) = s.authority
                and coalesce(x.recipient_unit, s.unit) = any (s.units)
                and coalesce(x.recipient_function, s.function) = s.function));
end $$;

create function sig.may_send(
    intervention uuid, sender_authority text, sender_unit text, sender_function text,
    recipient_authority text, recipient_unit text, recipient_function text, categories text[]) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select exists (
      select from (select sig.instant() as now) t
        join sig.intervention i on i.id = $1 and i.state = 'active'
        join sig.consent c on c.intervention = i.id and c.state = 'active'
        join sig.consent_grant g on g.consent = c.id
         and g.discloser_authority = $2 and g.discloser_function = $4
         and sig.current_unit(g.discloser_unit, $4, t.now) = sig.current_unit($3, $4, t.now)
         and g.recipient_authority = $5 and g.recipient_function = $7
         and sig.current_unit(g.recipient_unit, $7, t.now) = sig.current_unit($6, $7, t.now)
         and g.valid_from <= t.now and t.now < g.valid_to
         and $8 <@ g.categories
        join sig.unit du on du.id = sig.current_unit($3, $4, t.now) and du.authority = $2
        join sig.unit ru on ru.id = sig.current_unit($6, $7, t.now) and ru.authority = $5
       where sig.unit_districts(ru.id) <@ g.districts
         and not exists (
               select from sig.consent_exclusion x
                where x.consent = c.id and coalesce(x.category = any ($8), true)
                  and coalesce(x.recipient_authority, $5) = $5
                  and coalesce(sig.current_unit(x.recipient_unit, $7, t.now), ru.id) = ru.id
                  and coalesce(x.recipient_function, $7) = $7)));
end $$;
comment on function sig.may_send(uuid, text, text, text, text, text, text, text[]) is 'Does one single row of the consent in force let this seat tell that function all of these categories now?';

create function sig.my_disclosure(disclosure uuid, sender_authority text, sender_unit text, sender_function text) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select exists (
      select from sig.disclosure d
       where d.id = $1 and d.state = 'sent' and d.authority = $2 and d.unit = $3 and d.function = $4
         and sig.setting_uuid('app.assignment') in (d.assignment, d.approved_by)));
end $$;
comment on function sig.my_disclosure(uuid, text, text, text) is 'Is the copy to be delivered that of a disclosure which the actor sent, or approved as second officer?';

-- Questions that must be answered without showing rows.
create function sig.standings_of(pin_hash bytea)
  returns table (kind text, standing uuid, youth uuid, authority text, label text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select 'guardian', g.id, g.youth, g.authority, y.name
      from sig.guardianship g join sig.youth y on y.id = g.youth
     where g.pin_hash = $1 and g.valid_from <= sig.instant()
       and sig.instant() < least(g.valid_to, sig.eighteen_from(y.birth_date))
       and exists (select from sig.intervention i where i.youth = y.id)
    union all
    select 'youth', y.id, y.id, y.authority, y.name
      from sig.youth y where y.pin_hash = $1 and exists (select from sig.intervention i where i.youth = y.id);
end $$;
comment on function sig.standings_of(bytea) is 'As whom a citizen with this personal number may stand. Called at sign-in only, with the hash of the number that the eID proved.';

create function sig.standing_in_force(kind text, standing uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
  declare now timestamptz := sig.instant();
  begin
    if $1 = 'guardian' then
      return exists (
        select from sig.guardianship g join sig.youth y on y.id = g.youth
         where g.id = $2 and g.valid_from <= now and now < least(g.valid_to, sig.eighteen_from(y.birth_date)));
    end if;
    return $1 = 'youth' and exists (select from sig.youth y where y.id = $2);
  end $$;
comment on function sig.standing_in_force(text, uuid) is 'Whether a guardianship or a youth''s own standing holds now; asked at every request of a citizen. plpgsql, so that its plan is kept.';

create function sig.open_intervention_of(pin_hash bytea) returns table (youth uuid, intervention uuid)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select y.id, i.id from sig.youth y
      left join sig.intervention i on i.youth = y.id and i.state not in ('closing', 'closed', 'not_started')
     where y.pin_hash = $1 and y.authority = sig.my_authority()
       and exists (select from sig.assignment a where a.id = sig.setting_uuid('app.assignment')
                    and a.function in ('coordinator', 'social_secretary', 'caseworker', 'field_assistant', 'open_care'));
end $$;
comment on function sig.open_intervention_of(bytea) is 'For a proposal or an internal request: the own board''s record and open intervention. The service answers the asker the same whatever this returns.';

create function sig.led_seats() returns table (intervention uuid, case_number text, unit text, function text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select distinct i.id, i.case_number, l.unit, l.function
      from (select a.authority, f.function, sig.current_unit(a.unit, f.function, sig.instant(), a.valid_from) as unit
              from sig.assignment a cross join unnest(a.leads) as f(function)
             where a.id = sig.setting_uuid('app.assignment') and sig.actor_kind() = 'staff'
               and a.valid_from <= sig.instant() and sig.instant() < a.valid_to) l
      join sig.consent_grant g on
             (g.recipient_authority = l.authority and g.recipient_function = l.function
              and sig.current_unit(g.recipient_unit, l.function, sig.instant()) = l.unit)
          or (g.discloser_authority = l.authority and g.discloser_function = l.function
              and sig.current_unit(g.discloser_unit, l.function, sig.instant()) = l.unit)
      join sig.consent c on c.id = g.consent and c.state in ('active', 'suspended')
      join sig.intervention i on i.id = c.intervention;
end $$;
comment on function sig.led_seats() is 'Seats that the actor, as lead of a function in a unit, may fill: those that a consent in force names.';

create function sig.leads_seat(intervention uuid, unit text, function text) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select exists (select from sig.led_seats() l
      where l.intervention = $1 and l.function = $3 and ($2 is null or l.unit = sig.current_unit($2, $3, sig.instant()))));
end $$;
comment on function sig.leads_seat(uuid, text, text) is 'Does the actor lead this function in this unit, in this case? A null unit asks for the function in any unit that the actor leads.';

create function sig.family_of(intervention uuid) returns table (viewer uuid, kind text, name text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select y.id, 'youth', y.name from sig.intervention i join sig.youth y on y.id = i.youth
     where i.id = $1 and i.id = any (sig.my_cases()) and sig.actor_kind() = 'staff'
    union all
    select g.id, 'guardian', g.name from sig.intervention i join sig.youth y on y.id = i.youth join sig.guardianship g on g.youth = y.id
     where i.id = $1 and i.id = any (sig.my_cases()) and sig.actor_kind() = 'staff'
       and g.valid_from <= sig.instant() and sig.instant() < least(g.valid_to, sig.eighteen_from(y.birth_date));
end $$;
comment on function sig.family_of(uuid) is 'Youth and guardians in force, by name only, for staff of any authority who take part: they decide visibility for each.';

create function sig.undecided_visibility(item uuid) returns bigint
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select count(*) from sig.item it, sig.family_of(it.intervention) f
     where it.id = $1 and it.authority = sig.my_authority()
       and not exists (select from sig.item_visibility v where v.item = it.id and v.viewer = f.viewer));
end $$;

create function sig.seated_now(authority text, unit text, function text, intervention uuid)
  returns table (assignment uuid, name text, participates boolean)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select a.id, a.name, exists (
             select from sig.participation p where p.assignment = a.id and p.intervention = $4 and p.authority = $1
              and p.function = $3 and p.valid_from <= t.now and t.now < p.valid_to)
      from (select sig.instant() as now) t
      join sig.assignment a on a.valid_from <= t.now and t.now < a.valid_to and a.authority = $1
     where $4 = any (sig.my_cases()) and sig.actor_kind() = 'staff'
       and (a.function = $3 and sig.current_unit(a.unit, a.function, t.now, a.valid_from) = sig.current_unit($2, $3, t.now)
            or exists (select from sig.participation p where p.assignment = a.id and p.intervention = $4 and p.authority = $1
                        and p.function = $3 and sig.current_unit(p.unit, $3, t.now, p.valid_from) = sig.current_unit($2, $3, t.now)
                        and p.stand_in_for is not null and p.valid_from <= t.now and t.now < p.valid_to));
end $$;
comment on function sig.seated_now(text, text, text, uuid) is 'Who sits in a function of a unit today, and who of them takes part in the case: for "Vem ser detta?" and for telling them.';

create function sig.opened_by_me() returns table (id uuid)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select distinct l.object_id from sig.ledger l
     where l.assignment = sig.setting_uuid('app.assignment') and l.kind = 'read_copy' and l.outcome = 'allowed'
       and l.object_kind = 'disclosure';
end $$;
comment on function sig.opened_by_me() is 'Copies that the hat worn has opened: own acts only, to show what is new.';
create index ledger_by_assignment on sig.ledger (assignment, kind) where assignment is not null;

revoke all on all functions in schema sig from public;
grant execute on function sig.now(), sig.instant(), sig.setting_uuid(text), sig.actor_kind() to sig_app, sig_worker, sig_reviewer;
grant execute on function sig.my_seats(), sig.my_cases(), sig.my_board_cases(), sig.my_open_cases(), sig.my_functions(), sig.my_authority(),
  sig.my_office(text), sig.my_standing(), sig.my_youths(), sig.home_risk_applies(), sig.my_entitlements(),
  sig.may_send(uuid, text, text, text, text, text, text, text[]), sig.my_disclosure(uuid, text, text, text), sig.standings_of(bytea), sig.standing_in_force(text, uuid),
  sig.open_intervention_of(bytea), sig.led_seats(), sig.leads_seat(uuid, text, text), sig.opened_by_me(), sig.family_of(uuid), sig.undecided_visibility(uuid), sig.seated_now(text, text, text, uuid),
  sig.unit_aliases(text, text, timestamptz), sig.eighteen_from(date) to sig_app;
grant execute on function sig.current_unit(text, text, timestamptz, timestamptz), sig.unit_districts(text), sig.assignment_districts(uuid) to sig_app, sig_worker;
grant execute on function sig.eighteen_from(date), sig.unit_aliases(text, text, timestamptz) to sig_worker;

-- Owner's own policy on every walled table: migrations and the functions above.
do $$
declare t text;
begin
  foreach t in array array['youth', 'guardianship', 'intervention', 'participation', 'task', 'journal_note', 'part_request',
      'consent', 'consent_grant', 'consent_exclusion', 'consent_signer', 'maturity_assessment', 'withdrawal',
      'item', 'item_concern', 'item_visibility', 'disclosure', 'received', 'incident'] loop
    execute format('alter table sig.%I enable row level security', t);
    execute format('alter table sig.%I force row level security', t);
    execute format('create policy owner_all on sig.%I to sig_owner using (true) with check (true)', t);
  end loop;
  -- Jobs: their column grants keep bodies, names and numbers from them.
  foreach t in array array['youth', 'guardianship', 'intervention', 'participation', 'task', 'journal_note',
      'consent', 'consent_grant', 'consent_exclusion', 'consent_signer', 'disclosure', 'received', 'incident'] loop
    execute format('create policy worker_all on sig.%I to sig_worker using (sig.actor_kind() = ''system'') with check (sig.actor_kind() = ''system'')', t);
  end loop;
  -- Closing and activating reach across partitions; that part of a transaction runs as a named system actor.
  foreach t in array array['youth', 'guardianship', 'intervention', 'participation', 'task', 'journal_note',
      'consent', 'consent_grant', 'consent_exclusion', 'consent_signer', 'maturity_assessment', 'disclosure', 'received', 'incident', 'withdrawal'] loop
    execute format('create policy system_all on sig.%I to sig_app using ((select sig.actor_kind()) = ''system'') with check ((select sig.actor_kind()) = ''system'')', t);
  end loop;
end $$;

create policy case_reader on sig.intervention for select to sig_app using (
  id = any ((select sig.my_cases())::uuid[])
  or (created_by = (select sig.setting_uuid('app.assignment')) and authority = (select sig.my_authority())));
create policy case_proposer on sig.intervention for insert to sig_app with check (
  authority = (select sig.my_office('coordinator')) and created_by = (select sig.setting_uuid('app.assignment')));
create policy case_board on sig.intervention for update to sig_app using (id = any ((select sig.my_board_cases())::uuid[]));

create policy youth_reader on sig.youth for select to sig_app using (
  id = any ((select sig.my_youths())::uuid[]) or id = (select sig.my_standing())
  or authority = (select sig.my_office('coordinator')) and not exists (select from sig.intervention i where i.youth = youth.id));
create policy youth_creator on sig.youth for insert to sig_app with check (authority = (select sig.my_office('coordinator')));
create policy youth_board on sig.youth for update to sig_app using (
  authority = (select sig.my_authority()) and id = any ((select sig.my_youths())::uuid[]));

create policy guardianship_board on sig.guardianship to sig_app
  using (authority = (select sig.my_authority()) and youth = any ((select sig.my_youths())::uuid[]))
  with check (authority = (select sig.my_authority()));
create policy guardianship_self on sig.guardianship for select to sig_app using (id = (select sig.my_standing()));

create policy participation_own on sig.participation for select to sig_app using (
  assignment = (select sig.setting_uuid('app.assignment'))
  or (intervention = any ((select sig.my_cases())::uuid[]) and authority = (select sig.my_authority()))
  or intervention = any ((select sig.my_board_cases())::uuid[]));
create policy participation_coordinator on sig.participation for insert to sig_app with check (
  authority = (select sig.my_authority())
  and (intervention = any ((select sig.my_board_cases())::uuid[])
       or exists (select from sig.intervention i where i.id = participation.intervention and i.created_by = (select sig.setting_uuid('app.assignment'))
                   and i.state = 'proposed')
       or sig.leads_seat(intervention, unit, function)));
create policy participation_ender on sig.participation for update to sig_app using (
  authority = (select sig.my_authority())
  and (intervention = any ((select sig.my_board_cases())::uuid[])
       or sig.leads_seat(intervention, unit, function)));
create policy participation_led on sig.participation for select to sig_app using (
  authority = (select sig.my_authority())
  and sig.leads_seat(intervention, unit, function));

create policy task_reader on sig.task for select to sig_app using (
  authority = (select sig.my_authority())
  and (intervention = any ((select sig.my_cases())::uuid[]) and function = any ((select sig.my_functions())::text[])
       or kind = 'set_participation' and sig.leads_seat(intervention, null, function)));
create policy task_writer on sig.task for insert to sig_app with check (
  authority = (select sig.my_authority()) and intervention = any ((select sig.my_cases())::uuid[]));
create policy task_doer on sig.task for update to sig_app using (
  authority = (select sig.my_authority())
  and (intervention = any ((select sig.my_cases())::uuid[]) and function = any ((select sig.my_functions())::text[])
       or kind = 'set_participation' and sig.leads_seat(intervention, null, function)));

create policy journal_board on sig.journal_note to sig_app
  using (authority = (select sig.my_authority()) and intervention = any ((select sig.my_board_cases())::uuid[]))
  with check (authority = (select sig.my_authority()) and intervention = any ((select sig.my_board_cases())::uuid[]));

create policy request_own on sig.part_request for select to sig_app using (assignment = (select sig.setting_uuid('app.assignment')));
create policy request_filer on sig.part_request for insert to sig_app with check (
  assignment = (select sig.setting_uuid('app.assignment')) and authority = (select sig.my_authority()));
create policy request_coordinator on sig.part_request to sig_app
  using (authority = (select sig.my_authority()) and intervention = any ((select sig.my_board_cases())::uuid[])
         and 'coordinator' = any ((select sig.my_functions())::text[]));

create policy consent_board on sig.consent to sig_app
  using (intervention = any ((select sig.my_board_cases())::uuid[]))
  with check (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy consent_partner on sig.consent for select to sig_app using (
  state not in ('draft', 'explained', 'partially_signed', 'signed', 'declined', 'discarded', 'lapsed_unsigned')
  and sig.actor_kind() = 'staff' and intervention = any ((select sig.my_cases())::uuid[]));
create policy consent_family on sig.consent for select to sig_app using (
  state not in ('draft', 'discarded') and (select sig.my_standing()) is not null
  and intervention = any ((select sig.my_cases())::uuid[]));

create policy grant_board on sig.consent_grant to sig_app
  using (intervention = any ((select sig.my_board_cases())::uuid[]))
  with check (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy grant_partner on sig.consent_grant for select to sig_app using (
  intervention = any ((select sig.my_cases())::uuid[])
  and (discloser_authority = (select sig.my_authority()) and discloser_function = any ((select sig.my_functions())::text[])
       or recipient_authority = (select sig.my_authority()) and recipient_function = any ((select sig.my_functions())::text[]))
  and exists (select from sig.consent c where c.id = consent_grant.consent));
create policy grant_family on sig.consent_grant for select to sig_app using (
  (select sig.my_standing()) is not null and intervention = any ((select sig.my_cases())::uuid[])
  and exists (select from sig.consent c where c.id = consent_grant.consent));

create policy exclusion_board on sig.consent_exclusion to sig_app
  using (intervention = any ((select sig.my_board_cases())::uuid[]))
  with check (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy exclusion_partner on sig.consent_exclusion for select to sig_app using (
  intervention = any ((select sig.my_cases())::uuid[]) and sig.actor_kind() = 'staff'
  and (recipient_authority is null or recipient_authority = (select sig.my_authority())
       or exists (select from sig.consent_grant g where g.consent = consent_exclusion.consent
                   and g.recipient_authority = consent_exclusion.recipient_authority)));
create policy exclusion_family on sig.consent_exclusion for select to sig_app using (
  (select sig.my_standing()) is not null and intervention = any ((select sig.my_cases())::uuid[])
  and exists (select from sig.consent c where c.id = consent_exclusion.consent));

create policy signer_board on sig.consent_signer to sig_app
  using (intervention = any ((select sig.my_board_cases())::uuid[]))
  with check (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy signer_self on sig.consent_signer for select to sig_app using (
  signer = (select sig.my_standing()) and intervention = any ((select sig.my_cases())::uuid[]));
create policy signer_signs on sig.consent_signer for update to sig_app using (
  signer = (select sig.my_standing()) and intervention = any ((select sig.my_cases())::uuid[]));

create policy maturity_board on sig.maturity_assessment to sig_app
  using (intervention = any ((select sig.my_board_cases())::uuid[]))
  with check (intervention = any ((select sig.my_board_cases())::uuid[]) and 'social_secretary' = any ((select sig.my_functions())::text[]));

create policy withdrawal_board on sig.withdrawal to sig_app
  using (intervention = any ((select sig.my_board_cases())::uuid[]))
  with check (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy withdrawal_self on sig.withdrawal to sig_app
  using (signer = (select sig.my_standing()) and intervention = any ((select sig.my_cases())::uuid[]))
  with check (signer = (select sig.my_standing()) and intervention = any ((select sig.my_cases())::uuid[]));

create policy item_owner on sig.item for select to sig_app using (
  authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[]));
create policy item_author on sig.item for insert to sig_app with check (
  authority = (select sig.my_authority()) and author = (select sig.setting_uuid('app.assignment'))
  and intervention = any ((select sig.my_open_cases())::uuid[]));
create policy item_blocker on sig.item for update to sig_app using (
  authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[]));
create policy item_family on sig.item for select to sig_app using (
  (select sig.my_standing()) is not null and intervention = any ((select sig.my_cases())::uuid[])
  and exists (select from sig.item_visibility v where v.item = item.id and v.viewer = (select sig.my_standing())
               and v.visible and (v.low_risk_at_home or not (select sig.home_risk_applies()))));

create policy concern_owner on sig.item_concern to sig_app
  using (authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[]))
  with check (authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[]));

create policy visibility_owner on sig.item_visibility to sig_app
  using (authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[]))
  with check (authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[]));
create policy visibility_family on sig.item_visibility for select to sig_app using (
  viewer = (select sig.my_standing()) and visible and (low_risk_at_home or not (select sig.home_risk_applies()))
  and intervention = any ((select sig.my_cases())::uuid[]));

create policy disclosure_owner on sig.disclosure to sig_app
  using (authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[]))
  with check (authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[]));
create policy disclosure_family on sig.disclosure for select to sig_app using (
  (select sig.my_standing()) is not null and intervention = any ((select sig.my_cases())::uuid[])
  and exists (select from sig.item_visibility v where v.item = disclosure.item and v.viewer = (select sig.my_standing())));

create policy received_by_consent on sig.received for select to sig_app using (
  basis = 'consent' and deleted_at is null and cut_at is null
  and intervention = any ((select sig.my_cases())::uuid[]) and authority = (select sig.my_authority())
  and exists (select from unnest((select sig.my_entitlements())::sig.entitlement[]) e
               where e.intervention = received.intervention and e.authority = received.authority
                 and received.unit = any (e.units) and received.function = e.function
                 and e.sender_authority = received.sender_authority
                 and received.sender_unit = any (e.sender_units) and received.sender_function = e.sender_function
                 and received.categories <@ e.categories and not received.categories && e.excluded));
create policy received_by_need on sig.received for select to sig_app using (
  basis = 'internal_need' and deleted_at is null and cut_at is null
  and intervention = any ((select sig.my_open_cases())::uuid[]) and authority = (select sig.my_authority())
  and exists (select from unnest((select sig.my_seats())::sig.seat[]) s
               where s.intervention = received.intervention and received.unit = any (s.units) and s.function = received.function));
create policy received_registrar on sig.received for select to sig_app using (
  authority = (select sig.my_office('registrar')) and deleted_at is null
  and cut_at is not null and (select sig.instant()) < registrar_until);
create policy received_transfer on sig.received for update to sig_app using (
  authority = (select sig.my_office('registrar')) and deleted_at is null
  and cut_at is not null and (select sig.instant()) < registrar_until);
create policy received_sender on sig.received for insert to sig_app with check (
  sender_authority = (select sig.my_authority()) and cut_at is null
  and intervention = any ((select sig.my_open_cases())::uuid[])
  and sig.my_disclosure(id, sender_authority, sender_unit, sender_function)
  and (basis = 'consent' and sig.may_send(intervention, sender_authority, sender_unit, sender_function, authority, unit, function, categories)
       or basis = 'internal_need' and authority = sender_authority));

create policy case_registrar on sig.intervention for select to sig_app using (
  exists (select from sig.received r where r.intervention = intervention.id and r.authority = (select sig.my_office('registrar'))));

create policy incident_board on sig.incident for select to sig_app using (
  intervention = any ((select sig.my_board_cases())::uuid[]) or authority = (select sig.my_office('log_reviewer')));
create policy case_reviewer on sig.intervention for select to sig_app using (authority = (select sig.my_office('log_reviewer')));

-- The ledger: family members see what was done with items decided visible for
-- them and their own acts; the board's participants and the authority's log
-- reviewer see the rows of their interventions; nobody else sees any.
create policy ledger_board on sig.ledger for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy ledger_log_reviewer on sig.ledger for select to sig_app using (
  exists (select from sig.intervention i where i.id = ledger.intervention and i.authority = (select sig.my_office('log_reviewer'))));
create policy ledger_self on sig.ledger for select to sig_app using (
  guardian = (select sig.my_standing()) or youth = (select sig.my_standing()));
create policy ledger_family on sig.ledger for select to sig_app using (
  (select sig.my_standing()) is not null and outcome = 'allowed'
  and intervention = any ((select sig.my_cases())::uuid[])
  and actor = 'staff'
  and (object_kind = 'disclosure' and exists (select from sig.disclosure d where d.id = ledger.object_id)
       or object_kind = 'item' and kind in ('read_item', 'disclose') and exists (select from sig.item i where i.id = ledger.object_id)));

-- The age table: an administrator changes the rows of the own municipality.
alter table sig.age_rule enable row level security;
alter table sig.age_rule force row level security;
create policy owner_all on sig.age_rule to sig_owner using (true) with check (true);
create policy age_rule_reader on sig.age_rule for select to sig_app, sig_worker using (true);
create policy age_rule_administrator on sig.age_rule for insert to sig_app with check (
  municipality = (select a.municipality from sig.authority a where a.id = (select sig.my_office('administrator'))));
