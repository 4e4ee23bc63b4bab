-- Two officers are two persons (domain 3.6): whoever holds two functions sent a
-- protected address under one and approved it under the other.
create function sig.same_officer(a uuid, b uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return a = b or exists (
    select from sig.assignment one join sig.assignment other
        on (other.staff_issuer, other.staff_key) = (one.staff_issuer, one.staff_key) or other.person = one.person
     where one.id = a and other.id = b);
end $$;
comment on function sig.same_officer(uuid, uuid) is 'Are two assignments one person''s?';
revoke all on function sig.same_officer(uuid, uuid) from public;
grant execute on function sig.same_officer(uuid, uuid) to sig_app;

create function sig.approver_is_another_person() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if new.approved_by is not null and sig.same_officer(new.assignment, new.approved_by) then
    raise exception 'whoever tells it does not approve it, under whatever function'
      using errcode = 'check_violation', constraint = 'disclosure_approver_is_another_person';
  end if;
  return new;
end $$;
comment on function sig.approver_is_another_person() is 'Trigger: what waits for a second officer is approved by another person.';
revoke all on function sig.approver_is_another_person() from public;
create trigger disclosure_approver_is_another_person before insert or update of approved_by on sig.disclosure
  for each row execute function sig.approver_is_another_person();
