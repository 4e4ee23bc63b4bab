-- Registrars, log reviewers and administrators only keep the portal, and what
-- family counselling knows stays there (OSL 26:3): nobody takes part in an
-- intervention under such a function, whoever lets them in and whatever seat they
-- would fill for somebody else.
create function sig.offices_handle_no_cases() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from sig.assignment a where a.id = new.assignment
              and a.function in ('registrar', 'log_reviewer', 'administrator', 'family_counselling')) then
    raise exception 'this office handles no cases' using errcode = 'check_violation', constraint = 'participation_by_who_handles_cases';
  end if;
  return new;
end $$;
comment on function sig.offices_handle_no_cases() is 'Trigger: nobody takes part under the function of an office that only keeps the portal.';
revoke all on function sig.offices_handle_no_cases() from public;
create trigger participation_by_who_handles_cases before insert or update of assignment on sig.participation
  for each row execute function sig.offices_handle_no_cases();
