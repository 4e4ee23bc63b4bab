-- The hour in the coordinator's office is a place, not a clock: it belongs to
-- the first sign-in of the young person after it was opened. Whoever else signs
-- in with the same eID while it lasts sees what is seen at home.
alter table sig.youth_home add column office_session uuid;
comment on column sig.youth_home.office_session is 'The session that the hour in the office belongs to: the young person''s first after it was opened. No foreign key, because ended sessions are culled.';
grant update (office_session) on sig.youth_home to sig_app;

create function sig.office_takes_first_sign_in() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update sig.youth_home h set office_session = new.id
   where h.youth = new.youth and h.office_session is null and sig.now() < h.office_until;
  return null;
end $$;
comment on function sig.office_takes_first_sign_in() is 'Trigger: the hour in the office belongs to the first sign-in of the young person after it was opened.';
revoke all on function sig.office_takes_first_sign_in() from public;
create trigger office_takes_first_sign_in after insert on sig.session
  for each row when (new.youth is not null) execute function sig.office_takes_first_sign_in();

create function sig.reads_in_office(youth uuid, session uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$ begin return exists (
    select from sig.youth_home h where h.youth = $1 and h.office_session = $2 and sig.instant() < h.office_until); end $$;
comment on function sig.reads_in_office(uuid, uuid) is 'Does the hour in the office, now, belong to this session?';

create function sig.hidden_at_home(youth uuid, session uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$ begin return not sig.reads_in_office($1, $2) and exists (select from sig.youth_home h where h.youth = $1 and h.hidden); end $$;
comment on function sig.hidden_at_home(uuid, uuid) is 'Is this young person''s own view switched off for this session now? In all but the one in the office, while it is on.';

create or replace function sig.in_the_office() returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$ begin return sig.actor_kind() = 'youth' and exists (
    select from sig.youth y where y.id = sig.setting_uuid('app.youth')
       and (sig.eighteen_from(y.birth_date) <= sig.instant()
            or sig.reads_in_office(y.id, sig.setting_uuid('app.session')))); end $$;

-- For the first wall, which judges by itself.
create function sig.my_office_hour() returns table (of_age boolean, until timestamptz, session uuid)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select sig.eighteen_from(y.birth_date) <= sig.instant(), h.office_until, h.office_session
      from sig.youth y left join sig.youth_home h on h.youth = y.id
     where sig.actor_kind() = 'youth' and y.id = sig.setting_uuid('app.youth');
end $$;
comment on function sig.my_office_hour() is 'The acting youth''s hour in the coordinator''s office: until when, and the session that it belongs to.';

create or replace function sig.my_cases() returns uuid[]
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
    return (select coalesce(array_agg(distinct i.id), '{}') from sig.intervention i
             where i.youth = sig.setting_uuid('app.youth') and not sig.hidden_at_home(i.youth, sig.setting_uuid('app.session')));
  else
    return '{}';
  end case;
end $$;

-- At sign-in there is no session yet: what is switched off at home is found
-- while an hour is open that nobody has signed in to.
create or replace function sig.standings_of(pin_hash bytea)
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
      from sig.youth y
     where y.pin_hash = $1 and exists (select from sig.intervention i where i.youth = y.id)
       and not exists (select from sig.youth_home h where h.youth = y.id and h.hidden
                          and (h.office_session is not null or h.office_until is null or h.office_until <= sig.instant()));
end $$;

create function sig.standing_in_force(kind text, standing uuid, session uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
  declare now timestamptz := sig.instant();
  begin
    if $1 = 'guardian' then
      return exists (
        select from sig.guardianship g join sig.youth y on y.id = g.youth
         where g.id = $2 and g.valid_from <= now and now < least(g.valid_to, sig.eighteen_from(y.birth_date)));
    end if;
    return $1 = 'youth' and exists (select from sig.youth y where y.id = $2) and not sig.hidden_at_home($2, $3);
  end $$;
comment on function sig.standing_in_force(text, uuid, uuid) is 'Whether a guardianship or a youth''s own standing holds now for a session; asked at every request of a citizen. plpgsql, so that its plan is kept.';

create or replace function sig.my_part_holds() returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
begin
  return case when sig.actor_kind() = 'staff' then exists (
      select from sig.assignment a where a.id = sig.setting_uuid('app.assignment')
         and a.valid_from <= sig.instant() and sig.instant() < a.valid_to)
    else coalesce(sig.standing_in_force(sig.actor_kind(), sig.my_standing(), sig.setting_uuid('app.session')), false) end;
end $$;

drop function sig.standing_in_force(text, uuid);
drop function sig.hidden_at_home(uuid);
revoke all on function sig.reads_in_office(uuid, uuid), sig.hidden_at_home(uuid, uuid), sig.my_office_hour(), sig.standing_in_force(text, uuid, uuid) from public;
grant execute on function sig.my_office_hour() to sig_app;
grant execute on function sig.standing_in_force(text, uuid, uuid) to sig_app;
