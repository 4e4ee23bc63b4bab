-- Nobody coordinates for a meeting alone: a substitute in the coordinator's seat
-- could give lasting parts, end the coordinator's, and move the meeting that the
-- own part ends with. For the coordinator there are stand-ins, with a day and
-- the rules of 085 and 089.
create function sig.nobody_coordinates_for_a_meeting() returns trigger language plpgsql set search_path = '' as $$
begin
  raise exception 'for the coordinator somebody stands in, until a day' using errcode = 'check_violation', constraint = 'nobody_coordinates_for_a_meeting';
end $$;
comment on function sig.nobody_coordinates_for_a_meeting() is 'Trigger: a part for one meeting alone is in no coordinator''s seat.';
revoke all on function sig.nobody_coordinates_for_a_meeting() from public;
create trigger nobody_coordinates_for_a_meeting before insert on sig.participation for each row
  when (new.meeting is not null and new.function = 'coordinator') execute function sig.nobody_coordinates_for_a_meeting();
update sig.participation set valid_to = greatest(valid_from + interval '1 microsecond', sig.now()) where meeting is not null and function = 'coordinator' and valid_to > sig.now();
