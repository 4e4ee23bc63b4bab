-- When the number of the hour in the office was typed has a place of its own: a
-- session keeps the time of its sign-in, which may be before the hour was opened,
-- and is culled.
alter table sig.youth_home add column office_taken_at timestamptz;
comment on column sig.youth_home.office_taken_at is 'When the number of the hour in the office was typed.';
grant update (office_taken_at) on sig.youth_home to sig_app;

create or replace function sig.take_office_hour(number text, session uuid) returns table (youth uuid, authority text)
  language plpgsql security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    update sig.youth_home h set office_session = $2, office_number = null, office_taken_at = sig.now()
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
