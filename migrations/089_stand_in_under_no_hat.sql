-- Whoever only stands in gives no part that lasts to any assignment of their own:
-- 085 looked at the one that acts, and the same person came in under another.
create or replace function sig.stand_ins_keep_to_the_seat() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  at timestamptz := sig.instant();
begin
  if new.stand_in_for is not null and not exists (
       select from sig.participation seat join sig.assignment a on a.id = new.assignment
        where seat.id = new.stand_in_for and a.authority = seat.authority
          and (a.function = seat.function
               or sig.current_unit(a.unit, a.function, at, a.valid_from) = sig.current_unit(seat.unit, seat.function, at, seat.valid_from))) then
    raise exception 'a stand-in works in the unit of the seat, or has its function' using errcode = 'check_violation', constraint = 'stand_in_of_the_seat';
  end if;
  if new.stand_in_for is null and new.meeting is null and sig.actor_kind() = 'staff'
     and sig.same_officer(new.assignment, sig.setting_uuid('app.assignment'))
     and exists (select from sig.participation p
                  where p.intervention = new.intervention and p.assignment = sig.setting_uuid('app.assignment') and p.stand_in_for is not null
                    and p.valid_from <= at and at < p.valid_to)
     and not exists (select from sig.participation p
                  where p.intervention = new.intervention and p.assignment = sig.setting_uuid('app.assignment') and p.stand_in_for is null
                    and p.function = 'coordinator' and p.valid_from <= at and at < p.valid_to) then
    raise exception 'whoever stands in gives themself no part' using errcode = 'check_violation', constraint = 'stand_in_gives_no_part_to_oneself';
  end if;
  return new;
end $$;
