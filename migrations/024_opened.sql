-- Whether one copy was opened, asked of that copy: the list of everything that
-- a hat has ever opened grows with the years and was read for every inbox.
create function sig.opened_by_me(copy uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return exists (
    select from sig.ledger l
     where l.object_id = copy and l.kind = 'read_copy' and l.outcome = 'allowed'
       and l.object_kind = 'disclosure' and l.assignment = sig.setting_uuid('app.assignment'));
end $$;
comment on function sig.opened_by_me(uuid) is 'Has the hat worn opened this copy: own acts only, to show what is new.';
revoke all on function sig.opened_by_me(uuid) from public;
grant execute on function sig.opened_by_me(uuid) to sig_app;
drop function sig.opened_by_me();
