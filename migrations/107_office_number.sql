-- The hour in the coordinator's office belongs to whoever types the number that
-- stands on the coordinator's page, not to the first who signs in: somebody at
-- home who holds the same eID does not see that page. Five wrong numbers, and
-- the hour is over.
alter table sig.youth_home
  add column office_number text,
  add column office_tries smallint not null default 0,
  add constraint youth_home_number_is_six_digits check (office_number ~ '^[0-9]{6}$'),
  add constraint youth_home_tries_are_few check (office_tries between 0 and 5);
comment on column sig.youth_home.office_number is 'Six digits on the coordinator''s page, until somebody has typed them.';
comment on column sig.youth_home.office_tries is 'How many wrong numbers were typed since the hour was opened.';
comment on column sig.youth_home.office_session is 'The session that the hour in the office belongs to: the one in which its number was typed. No foreign key, because ended sessions are culled.';
grant update (office_number, office_tries) on sig.youth_home to sig_app;

drop trigger office_takes_first_sign_in on sig.session;
drop function sig.office_takes_first_sign_in();

create function sig.take_office_hour(number text, session uuid) returns table (youth uuid, authority text)
  language plpgsql security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    update sig.youth_home h set office_session = $2, office_number = null
      from sig.person p join sig.youth y on y.pin_hash = p.pin_hash
     where p.id = sig.setting_uuid('app.person') and h.youth = y.id and sig.now() < h.office_until and h.office_number = $1
    returning h.youth, y.authority;
  if not found then
    update sig.youth_home h set office_tries = h.office_tries + 1,
           office_until = case when h.office_tries < 4 then h.office_until end,
           office_number = case when h.office_tries < 4 then h.office_number end
      from sig.person p join sig.youth y on y.pin_hash = p.pin_hash
     where p.id = sig.setting_uuid('app.person') and h.youth = y.id and sig.now() < h.office_until and h.office_number is not null;
  end if;
end $$;
comment on function sig.take_office_hour(text, uuid) is 'Gives the acting person''s open hour to a session for the number on the coordinator''s page, once; no row, and a try less, for any other number.';
revoke all on function sig.take_office_hour(text, uuid) from public;
grant execute on function sig.take_office_hour(text, uuid) to sig_app;

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
       and not exists (select from sig.youth_home h where h.youth = y.id and h.hidden);
end $$;
