-- A pause that the social secretary has made is lifted by hand alone: when a
-- paused version gives way to another, that one is paused in the same
-- transaction, whoever has signed it.
create function sig.a_pause_stays() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from sig.consent c where c.intervention = new.intervention and c.state = 'active') then
    raise exception 'a new version lifts no pause' using errcode = 'check_violation', constraint = 'a_pause_stays';
  end if;
  return null;
end $$;
comment on function sig.a_pause_stays() is 'Trigger, at the end of the transaction: no version is active that follows one paused for another reason than a missing signature.';
revoke all on function sig.a_pause_stays() from public;
create constraint trigger a_pause_stays after update of state on sig.consent deferrable initially deferred for each row
  when (old.state = 'suspended' and new.state = 'superseded' and old.suspended_for is distinct from 'signer_missing') execute function sig.a_pause_stays();
