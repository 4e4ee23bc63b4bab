-- Inner secrecy is normally no obstacle inside the board, but the family is told
-- which of its functions work with the case (domain 3.1, T07): functions alone,
-- nobody's name. Nobody of a family may read who takes part in any other way.
create function sig.board_functions(of_intervention uuid) returns text[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  now timestamptz := sig.instant();
begin
  if sig.my_standing() is null or not of_intervention = any (sig.my_cases()) then
    return '{}';
  end if;
  return (
    select coalesce(array_agg(distinct p.function order by p.function), '{}')
      from sig.intervention i
      join sig.participation p on p.intervention = i.id and p.authority = i.authority and p.valid_from <= now and now < p.valid_to
      join sig.assignment a on a.id = p.assignment and a.authority = p.authority and a.valid_from <= now and now < a.valid_to
     where i.id = of_intervention and i.state not in ('closing', 'closed', 'not_started'));
end $$;
comment on function sig.board_functions(uuid) is 'Which functions of the board work with an intervention, to the young person or a guardian.';
revoke all on function sig.board_functions(uuid) from public;
grant execute on function sig.board_functions(uuid) to sig_app;
