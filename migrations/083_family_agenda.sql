-- What a member of the family sees of the meetings ahead, with its points and
-- who is called to each, in one answer. Read from four tables, the same question
-- (who may be at which point) was asked by each one's policy anew: it was more
-- than half of the work of the family's start page.
create function sig.my_family_agenda(intervention uuid)
  returns table (meeting uuid, authority text, unit text, function text, state text, starts_at timestamptz, ends_at timestamptz,
                 sequence integer, place_sealed bytea, link_sealed bytea, cancelled_at timestamptz, cancel_reason text,
                 point uuid, "position" integer, category text, teller_authority text, teller_unit text, teller_function text,
                 family_alone boolean, called_authority text, called_unit text, called_function text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select m.id, m.authority, m.unit, m.function, m.state, m.starts_at, m.ends_at, m.sequence, m.place_sealed, m.link_sealed, m.cancelled_at,
           m.cancel_reason, p.id, p.position, p.category, p.teller_authority, p.teller_unit, p.teller_function, p.family_alone,
           v.authority, v.unit, v.function
      from unnest(sig.my_family_calls()) c
      join sig.meeting m on m.id = c.meeting and m.intervention = $1
      join sig.meeting_point p on p.id = c.point
      join sig.meeting_invitation v on v.id = c.invitation
     order by m.starts_at, m.id, p.position, v.authority, v.unit, v.function;
end $$;
comment on function sig.my_family_agenda(uuid) is 'The meetings ahead of an intervention as the acting member of the family sees them: a row for each function called to each point (sig.my_family_calls). No texts.';

create or replace function sig.my_family_guests(intervention uuid) returns table (meeting uuid, kind text, language text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  me uuid := sig.my_standing();
  calls sig.called[];
begin
  if me is null or $1 <> all (sig.my_cases())
     or not exists (select from sig.meeting_guest q join sig.meeting m on m.id = q.meeting where q.intervention = $1 and sig.instant() < m.ends_at) then
    return;
  end if;
  calls := sig.my_family_calls();
  return query
    select distinct q.meeting, q.kind,
           (select l.language from sig.meeting_language l
             where l.meeting = q.meeting and coalesce(l.guardian, l.youth) = me and l.language = q.language and q.kind = 'interpreter')
      from sig.meeting_guest q
     where q.intervention = $1 and q.meeting in (select c.meeting from unnest(calls) c) and sig.guest_called(q.id)
       and (q.kind = 'interpreter' or exists (
         select from unnest(calls) c where c.meeting = q.meeting and sig.guest_may_hear(q.id, c.point)))
     order by 1, 2, 3 nulls last;
end $$;

revoke all on function sig.my_family_agenda(uuid) from public;
grant execute on function sig.my_family_agenda(uuid) to sig_app;
