-- A stand-in is in the very seat that they stand in for, while somebody else holds
-- it for themself, and not a moment longer: the row's own case, unit and function
-- were not compared with the seat, its end was not that of the seat, and one person
-- could stand in for themself under another assignment.
update sig.participation p set valid_to = greatest(seat.valid_to, p.valid_from + interval '1 microsecond')
  from sig.participation seat where seat.id = p.stand_in_for and seat.valid_to < p.valid_to and p.valid_to > sig.now();

create function sig.stand_ins_are_in_the_seat() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  at timestamptz := sig.instant();
  seat sig.participation;
begin
  select * into seat from sig.participation p where p.id = new.stand_in_for;
  if new.valid_to > greatest(seat.valid_to, new.valid_from + interval '1 microsecond') then
    raise exception 'a stand-in stays no longer than the seat is held' using errcode = 'check_violation', constraint = 'stand_in_ends_with_the_seat';
  end if;
  if tg_op = 'INSERT' and (
       (new.intervention, new.authority, new.function) is distinct from (seat.intervention, seat.authority, seat.function)
       or sig.current_unit(new.unit, new.function, at, new.valid_from) <> sig.current_unit(seat.unit, seat.function, at, seat.valid_from)
       or seat.stand_in_for is not null or seat.meeting is not null or at < seat.valid_from or seat.valid_to <= at
       or sig.same_officer(new.assignment, seat.assignment)) then
    raise exception 'a stand-in is in the seat that another person holds' using errcode = 'check_violation', constraint = 'stand_in_is_in_the_seat';
  end if;
  return new;
end $$;
comment on function sig.stand_ins_are_in_the_seat() is 'Trigger: a stand-in fills the seat, of that case, unit and function, that another person holds now, no longer than that.';
create trigger participation_stand_in_seat before insert or update of valid_to on sig.participation
  for each row when (new.stand_in_for is not null) execute function sig.stand_ins_are_in_the_seat();

create function sig.stand_ins_end_with_the_seat() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update sig.participation p set valid_to = greatest(new.valid_to, p.valid_from + interval '1 microsecond')
   where p.intervention = new.intervention and p.stand_in_for = new.id and p.valid_to > new.valid_to;
  return null;
end $$;
comment on function sig.stand_ins_end_with_the_seat() is 'Trigger: whatever ends a seat ends the parts of those who stand in for it.';
revoke all on function sig.stand_ins_are_in_the_seat(), sig.stand_ins_end_with_the_seat() from public;
create trigger participation_ends_stand_ins after update of valid_to on sig.participation
  for each row when (new.stand_in_for is null and new.valid_to < old.valid_to) execute function sig.stand_ins_end_with_the_seat();
