-- That an interpreter, or somebody whom the consent names, is called to a meeting
-- that the family sees. No name: the language is told to the one alone for whom
-- it was noted, since under protected identity the other is not to know it.
create function sig.my_family_guests(intervention uuid) returns table (meeting uuid, kind text, language text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  me uuid := sig.my_standing();
  points uuid[] := sig.my_family_points();
begin
  if me is null or $1 <> all (sig.my_cases()) then
    return;
  end if;
  return query
    select distinct q.meeting, q.kind,
           (select l.language from sig.meeting_language l
             where l.meeting = q.meeting and coalesce(l.guardian, l.youth) = me and l.language = q.language and q.kind = 'interpreter')
      from sig.meeting_guest q
     where q.intervention = $1 and q.meeting = any (sig.my_family_meetings()) and sig.guest_called(q.id)
       and (q.kind = 'interpreter' or exists (
         select from sig.meeting_point p where p.meeting = q.meeting and p.id = any (points) and sig.guest_may_hear(q.id, p.id)))
     order by 1, 2, 3 nulls last;
end $$;
comment on function sig.my_family_guests(uuid) is 'What kinds of guests are called to the meetings that the acting member of the family sees, and the language of an interpreter who comes for this one.';
revoke all on function sig.my_family_guests(uuid) from public;
grant execute on function sig.my_family_guests(uuid) to sig_app;
