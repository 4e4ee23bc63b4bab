-- What is told in a room goes to whoever is called to the point, and to the
-- function that holds the meeting: one that only may hear it, and is called to
-- another point, has to leave first, inside the board as elsewhere.
create function sig.told_to_who_is_called() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  at timestamptz := sig.instant();
begin
  if exists (
       select from sig.received c join sig.meeting m on m.id = new.meeting
        where c.intervention = new.intervention and c.item = new.item
          and (c.authority, c.function, c.unit) <> (m.authority, m.function, sig.current_unit(m.unit, m.function, at))
          and not exists (
            select from sig.meeting_presence r join sig.meeting_invitation v on v.id = r.invitation
             where r.point = new.point and r.ended_at is null and v.ended_at is null
               and v.authority = c.authority and v.function = c.function and sig.current_unit(v.unit, v.function, at) = c.unit)) then
    raise exception 'told to a function that is not called to the point' using errcode = 'check_violation', constraint = 'meeting_told_where_called';
  end if;
  return null;
end $$;
comment on function sig.told_to_who_is_called() is 'Trigger: what is told under a point has made copies for the host and for functions that are called to the point alone.';
revoke all on function sig.told_to_who_is_called() from public;
create trigger meeting_told_where_called after insert on sig.meeting_told for each row execute function sig.told_to_who_is_called();
