-- The same walls, asked in a better order. Permissive policies of a table are
-- tried from the last name to the first, and whatever lets a row through is the
-- last that is asked: the board's own policy now comes before those of partners
-- and families, whose questions cost four looks at the actor's seats. What each
-- lets through is unchanged.
alter policy consent_board on sig.consent rename to consent_whole_for_board;
alter policy grant_board on sig.consent_grant rename to grant_whole_for_board;
alter policy exclusion_board on sig.consent_exclusion rename to exclusion_whole_for_board;
alter policy signer_board on sig.consent_signer rename to signer_whole_for_board;
alter policy withdrawal_board on sig.withdrawal rename to withdrawal_whole_for_board;
alter policy ledger_board on sig.ledger rename to ledger_whole_for_board;

-- The actor's own office is looked up once, not once for every case.
create or replace function sig.my_seats() returns sig.seat[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    with me as materialized (
      select a.id, a.authority, a.function, sig.current_unit(a.unit, a.function, t.now, a.valid_from) as unit,
             sig.assignment_districts(a.id) as districts, t.now, sig.setting_uuid('app.intervention') as only
        from (select sig.instant() as now) t
        join sig.assignment a on a.id = sig.setting_uuid('app.assignment') and sig.actor_kind() = 'staff'
         and a.valid_from <= t.now and t.now < a.valid_to)
    select coalesce(array_agg(row(
             p.intervention, p.authority, u.id, p.function, me.districts,
             sig.unit_aliases(u.id, p.function, me.now), i.authority, i.state)::sig.seat), '{}')
      from me
      join sig.participation p on p.assignment = me.id and p.authority = me.authority
       and p.valid_from <= me.now and me.now < p.valid_to
       and (me.only is null or p.intervention = me.only)
      join sig.unit u on u.id = sig.current_unit(p.unit, p.function, me.now, p.valid_from) and u.authority = p.authority
      join sig.intervention i on i.id = p.intervention
     where p.stand_in_for is not null or (me.function = p.function and me.unit = u.id));
end $$;
