-- "Visa inget hemma": somebody whose phone or eID is not their own alone. While
-- it is on, the young person has no standing in the portal at all: who signs in
-- with that eID is told the same as anybody whom no authority knows. In the
-- coordinator's office it is opened for a limited time, to read there.
create table sig.youth_home (
  youth uuid primary key constraint youth_home_youth_exists references sig.youth (id),
  hidden boolean not null,
  by_youth boolean not null,
  changed_at timestamptz not null,
  office_until timestamptz
);
comment on table sig.youth_home is 'Whether a young person''s view is switched off at home, who switched it, and until when it is open in the coordinator''s office.';
grant select, insert on sig.youth_home to sig_app;
grant update (hidden, by_youth, changed_at, office_until) on sig.youth_home to sig_app;
alter table sig.youth_home enable row level security;
alter table sig.youth_home force row level security;
create policy owner_all on sig.youth_home to sig_owner using (true) with check (true);
create policy system_all on sig.youth_home to sig_app using ((select sig.actor_kind()) = 'system') with check ((select sig.actor_kind()) = 'system');

create function sig.hidden_at_home(youth uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$ begin return exists (
    select from sig.youth_home h where h.youth = $1 and h.hidden and (h.office_until is null or h.office_until <= sig.instant())); end $$;
comment on function sig.hidden_at_home(uuid) is 'Is this young person''s own view switched off now? Outside the office, while it is on.';
revoke all on function sig.hidden_at_home(uuid) from public;

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
             where i.youth = sig.setting_uuid('app.youth') and not sig.hidden_at_home(i.youth));
  else
    return '{}';
  end case;
end $$;

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
      from sig.youth y where y.pin_hash = $1 and not sig.hidden_at_home(y.id) and exists (select from sig.intervention i where i.youth = y.id);
end $$;

create or replace function sig.standing_in_force(kind text, standing uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
  declare now timestamptz := sig.instant();
  begin
    if $1 = 'guardian' then
      return exists (
        select from sig.guardianship g join sig.youth y on y.id = g.youth
         where g.id = $2 and g.valid_from <= now and now < least(g.valid_to, sig.eighteen_from(y.birth_date)));
    end if;
    return $1 = 'youth' and exists (select from sig.youth y where y.id = $2) and not sig.hidden_at_home($2);
  end $$;

-- No message to a phone at home either, also while it is open in the office.
alter function sig.mail_entitled(uuid) rename to mail_entitled_by_standing;
create function sig.mail_entitled(mail_id uuid) returns boolean
  language plpgsql volatile security definer set search_path = ''
  as $$ begin return sig.mail_entitled_by_standing(mail_id)
    and not exists (select from sig.mail m join sig.youth_home h on h.youth = m.youth where m.id = mail_id and h.hidden); end $$;
comment on function sig.mail_entitled(uuid) is 'Whether a queued mail may still be handed over, asked under the intervention''s lock: never to a young person whose view is switched off at home.';
revoke execute on function sig.mail_entitled(uuid) from public;
grant execute on function sig.mail_entitled(uuid) to sig_worker;
