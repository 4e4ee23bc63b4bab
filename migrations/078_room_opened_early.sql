-- A room may be opened up to half an hour before its time, for whoever prepares
-- it. The young person has been told the meeting's own time and no other: until
-- then they may still say something before it, change it, or take it back.
create or replace function sig.may_speak_before(meeting uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return exists (
    select from sig.meeting m join sig.intervention i on i.id = m.intervention and i.state = 'active'
     where m.id = meeting and m.state in ('planned', 'live') and sig.instant() < m.starts_at
       and (sig.actor_kind() = 'youth' and m.id = any (sig.my_family_meetings())
            or m.intervention = any (sig.my_coordinated_cases())));
end $$;
comment on function sig.may_speak_before(uuid) is 'May the actor leave a voice for this meeting or take one back: the young person, or the coordinator in their words, until its own time, whether or not the room is open?';
