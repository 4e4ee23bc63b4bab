-- Skyddade personuppgifter follow the person, not the file (OSL 21:3, 21:3 a):
-- a mark that one board has set holds in every board's record of the same
-- number, whoever writes it and whenever. No board is told which other one
-- knows of it. Taking it away is each board's own decision about its own record.
create function sig.protection_follows() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    if new.protection = 'none' then
      new.protection := coalesce((select y.protection from sig.youth y
        where y.pin_hash = new.pin_hash and y.protection <> 'none' order by y.created_at, y.id limit 1), 'none');
    end if;
    return new;
  end if;
  update sig.youth y set protection = new.protection
   where y.pin_hash = new.pin_hash and y.id <> new.id and y.protection = 'none';
  return null;
end $$;
comment on function sig.protection_follows() is 'What one board has marked as protected is protected in every board''s record of the same person.';
create trigger youth_is_born_protected before insert on sig.youth
  for each row execute function sig.protection_follows();
create trigger youth_protection_follows after update of protection on sig.youth
  for each row when (old.protection = 'none' and new.protection <> 'none') execute function sig.protection_follows();

-- What stood before: whoever is marked anywhere is marked everywhere.
update sig.youth y set protection = o.protection
  from sig.youth o where o.pin_hash = y.pin_hash and y.protection = 'none' and o.protection <> 'none';
