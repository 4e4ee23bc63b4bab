-- A family is told when a seat that their consent names changes hands. What was
-- told last of each seat stands in seat_held; whatever changes who takes part
-- rings an alarm, and who answers it compares. So one change is told once,
-- however often the directory is imported.
create table sig.seat_held (
  intervention uuid not null constraint seat_held_intervention_exists references sig.intervention (id),
  authority text not null,
  unit text not null,
  function text not null,
  holders jsonb not null,
  told_at timestamptz not null,
  constraint seat_held_pk primary key (intervention, authority, unit, function),
  constraint seat_held_holders_are_an_object check (jsonb_typeof(holders) = 'object')
);
comment on table sig.seat_held is 'Who sat in a seat of a consent in force when the family was told last: hashes of staff keys, each with the end of a stand-in, or null. Jobs compare it with who sits there now.';
comment on column sig.seat_held.unit is 'Where the seat was at told_at; a recorded move inside its authority carries it along.';

create table sig.seat_change (
  id uuid constraint seat_change_pk primary key,
  intervention uuid not null constraint seat_change_intervention_exists references sig.intervention (id),
  consent uuid not null constraint seat_change_consent_exists references sig.consent (id),
  authority text not null,
  unit text not null,
  function text not null,
  kind text not null constraint seat_change_kind_is_known check (kind in ('new_person', 'substitute', 'vacant', 'left')),
  until timestamptz,
  at timestamptz not null,
  constraint seat_change_substitute_has_an_end check ((until is not null) = (kind = 'substitute'))
);
create index seat_change_by_intervention on sig.seat_change (intervention, at desc);
comment on table sig.seat_change is 'That a seat of a consent in force changed hands, as the family was told: no name, and nothing of why.';
create trigger seat_change_never_changes before update or delete on sig.seat_change for each row execute function sig.forbid_change();

do $$
declare t text;
begin
  foreach t in array array['seat_held', 'seat_change'] loop
    execute format('alter table sig.%I enable row level security', t);
    execute format('alter table sig.%I force row level security', t);
    execute format('create policy owner_all on sig.%I to sig_owner using (true) with check (true)', t);
    execute format('create policy worker_all on sig.%I to sig_worker using (sig.actor_kind() = ''system'') with check (sig.actor_kind() = ''system'')', t);
  end loop;
end $$;
-- A guardian or the young person: of the seats that may know something by what is
-- in force now, which they read row by row.
create policy seat_change_family on sig.seat_change for select to sig_app using (
  (select sig.my_standing()) is not null and intervention = any ((select sig.my_cases())::uuid[])
  and exists (
    select from sig.consent c join sig.consent_grant g on g.consent = c.id
     where c.intervention = seat_change.intervention and c.state in ('active', 'suspended')
       and g.recipient_authority = seat_change.authority and g.recipient_function = seat_change.function
       and (select sig.instant()) < least(g.valid_to, c.oral_until)
       and sig.current_unit(g.recipient_unit, g.recipient_function, (select sig.instant()))
         = sig.current_unit(seat_change.unit, seat_change.function, (select sig.instant()), seat_change.at)));
grant select, insert, delete on sig.seat_held to sig_worker;
grant update (unit, holders, told_at) on sig.seat_held to sig_worker;
grant select, insert on sig.seat_change to sig_worker;
grant select on sig.seat_change to sig_app;

create function sig.seats_taken(of_intervention uuid)
  returns table (authority text, unit text, function text, holder text, until timestamptz)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  if sig.actor_kind() <> 'system' then
    return;
  end if;
  return query
    select p.authority, u.id, p.function, encode(sha256(convert_to(a.staff_issuer || ' ' || a.staff_key, 'UTF8')), 'hex'),
           case when bool_and(p.stand_in_for is not null or p.meeting is not null) then max(least(p.valid_to, a.valid_to)) end
      from (select sig.instant() as now) t
      join sig.participation p on p.intervention = of_intervention and p.valid_from <= t.now and t.now < p.valid_to
      join sig.assignment a on a.id = p.assignment and a.authority = p.authority and a.valid_from <= t.now and t.now < a.valid_to
      join sig.unit u on u.id = sig.current_unit(p.unit, p.function, t.now, p.valid_from) and u.authority = p.authority
     where p.stand_in_for is not null
        or a.function = p.function and sig.current_unit(a.unit, a.function, t.now, a.valid_from) = u.id
     group by p.authority, u.id, p.function, a.staff_issuer, a.staff_key;
end $$;
comment on function sig.seats_taken(uuid) is 'Who takes part in an intervention now, seat by seat: a hash for each person, and the end of whoever is there as a stand-in alone. For jobs.';
revoke all on function sig.seats_taken(uuid) from public;
grant execute on function sig.seats_taken(uuid) to sig_worker;

do $$
declare known text;
begin
  select pg_get_constraintdef(c.oid) into strict known from pg_constraint c where c.conname = 'alarm_kind_is_known' and c.conrelid = 'sig.alarm'::regclass;
  alter table sig.alarm drop constraint alarm_kind_is_known;
  execute 'alter table sig.alarm add constraint alarm_kind_is_known ' || regexp_replace(known, '\)\s*$', ' or kind = ''seats_changed'')');
  select pg_get_constraintdef(c.oid) into strict known from pg_constraint c where c.conname = 'mail_kind_is_known' and c.conrelid = 'sig.mail'::regclass;
  alter table sig.mail drop constraint mail_kind_is_known;
  execute 'alter table sig.mail add constraint mail_kind_is_known ' || regexp_replace(known, '\)\s*$', ' or kind = ''seat_changed'')');
end $$;

create function sig.ring_for_seats(of_intervention uuid) returns void
  language plpgsql volatile security definer set search_path = ''
  as $$
begin
  insert into sig.alarm as a (id, kind, intervention, object_id, due_at)
  select gen_random_uuid(), 'seats_changed', i.id, i.id, sig.instant()
    from sig.intervention i join sig.consent c on c.intervention = i.id and c.state = 'active'
   where i.id = of_intervention
  on conflict on constraint alarm_once_per_object do update
     set due_at = excluded.due_at, done_at = null, cleared_at = null, attempts = 0, retry_at = null;
  if found then
    perform pg_notify('sig_alarm', '');
  end if;
end $$;
comment on function sig.ring_for_seats(uuid) is 'Has somebody look, once this commits, whether a seat of the consent in force has changed hands.';
revoke all on function sig.ring_for_seats(uuid) from public;
grant execute on function sig.ring_for_seats(uuid) to sig_worker;

create function sig.seats_follow() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  case tg_table_name
  when 'participation' then perform sig.ring_for_seats(new.intervention);
  when 'consent' then perform sig.ring_for_seats(new.intervention);
  else
    perform sig.ring_for_seats(p.intervention)
       from (select distinct p.intervention from sig.participation p where p.assignment = new.id order by 1) p;
  end case;
  return null;
end $$;
comment on function sig.seats_follow() is 'Trigger: whatever changes who takes part, and a consent that comes into force, rings for the seats.';
revoke all on function sig.seats_follow() from public;
create trigger participation_rings_for_seats after insert or update of valid_to on sig.participation for each row execute function sig.seats_follow();
create trigger assignment_rings_for_seats after update of valid_to on sig.assignment
  for each row when (old.valid_to is distinct from new.valid_to) execute function sig.seats_follow();
create trigger consent_rings_for_seats after update of state on sig.consent
  for each row when (new.state = 'active' and old.state is distinct from new.state) execute function sig.seats_follow();
create trigger consent_comes_with_seats after insert on sig.consent for each row when (new.state = 'active') execute function sig.seats_follow();
select sig.ring_for_seats(c.intervention) from sig.consent c where c.state = 'active';

-- As before, and of a seat that changed hands: while the consent in force names it.
alter function sig.mail_entitled(uuid) rename to mail_entitled_but_for_seats;
create function sig.mail_entitled(mail_id uuid) returns boolean
  language plpgsql volatile security definer set search_path = ''
  as $$
declare now timestamptz := sig.now();
begin
  return sig.mail_entitled_but_for_seats(mail_id) and not exists (
    select from sig.mail m where m.id = mail_id and m.kind = 'seat_changed'
       and (m.assignment is not null or not exists (
         select from sig.seat_change s
           join sig.consent c on c.intervention = s.intervention and c.state = 'active'
           join sig.consent_grant g on g.consent = c.id and g.recipient_authority = s.authority and g.recipient_function = s.function
            and now < least(g.valid_to, c.oral_until)
            and sig.current_unit(g.recipient_unit, g.recipient_function, now) = sig.current_unit(s.unit, s.function, now, s.at)
          where s.id = m.object_id and s.intervention = m.intervention)));
end $$;
comment on function sig.mail_entitled(uuid) is 'Whether a queued mail may still be handed over, asked under the intervention''s lock: of every kind.';
revoke all on function sig.mail_entitled_but_for_seats(uuid), sig.mail_entitled(uuid) from public;
grant execute on function sig.mail_entitled(uuid) to sig_worker;
