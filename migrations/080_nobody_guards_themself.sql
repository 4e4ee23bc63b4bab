-- A young person never decides for themself as a guardian: custody is somebody
-- else's, until it ends at 18 (FB 6:2). That a guardian is of age is asked where
-- the number is known; here stands only its keyed hash.
create function sig.nobody_guards_themself() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from sig.youth y where y.id = new.youth and y.pin_hash = new.pin_hash) then
    raise exception 'a young person is never their own guardian' using errcode = 'check_violation', constraint = 'guardianship_is_of_another';
  end if;
  return new;
end $$;
comment on function sig.nobody_guards_themself() is 'Trigger: no guardianship of a young person over themself.';
revoke all on function sig.nobody_guards_themself() from public;
create trigger guardianship_is_of_another before insert or update of youth, pin_hash on sig.guardianship
  for each row execute function sig.nobody_guards_themself();
