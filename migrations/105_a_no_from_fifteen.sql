-- From fifteen on a young person's yes is needed beside the guardians' (domain
-- 3.2): a no that was gone against before the birthday hinders again from it on.
create function sig.a_no_from_fifteen() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if exists (
    select from sig.consent_signer s
      join sig.intervention i on i.id = new.intervention
      join sig.youth y on y.id = i.youth
     where s.consent = new.id and s.kind = 'youth' and s.answer = 'refused'
       and (new.activated_at at time zone 'Europe/Stockholm')::date >= (y.birth_date + interval '15 years')::date) then
    raise exception 'nobody goes against a no from fifteen on' using errcode = 'check_violation', constraint = 'a_no_from_fifteen';
  end if;
  return new;
end $$;
comment on function sig.a_no_from_fifteen() is 'Trigger: no version comes into force over the no of somebody who is fifteen by then; one that only narrows is signed by any one.';
revoke all on function sig.a_no_from_fifteen() from public;
create trigger a_no_from_fifteen before update of state on sig.consent for each row
  when (new.state = 'active' and old.state <> 'suspended' and new.change <> 'narrowing') execute function sig.a_no_from_fifteen();
