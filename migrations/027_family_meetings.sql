-- What a family sees of the meetings that lie ahead: when, who is called and
-- about what, by the consent that it has signed. A point at which nothing is
-- told by that consent is the board's own affair and is not shown, nor is a
-- meeting that has no other; and of nothing does the family see the text.
create function sig.told_by_need(point uuid, authority text, unit text, function text) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare
  p record;
  now timestamptz := sig.instant();
  here text := sig.current_unit(unit, function, now);
begin
  select mp.teller_authority, mp.teller_function, sig.current_unit(mp.teller_unit, mp.teller_function, now) as teller_unit,
         m.authority as host_authority, sig.current_unit(m.unit, m.function, now) as host_unit
    into p
    from sig.meeting_point mp join sig.meeting m on m.id = mp.meeting
   where mp.id = point;
  if authority = p.teller_authority and function = p.teller_function and here = p.teller_unit then
    return p.teller_authority = p.host_authority and sig.one_house(p.teller_unit, p.host_unit);
  end if;
  return authority = p.host_authority and p.teller_authority = p.host_authority and sig.one_house(here, p.teller_unit);
end $$;
comment on function sig.told_by_need(uuid, text, text, text) is 'Is the function at this point without any row of the consent: inside the board''s own house?';

create function sig.my_family_calls() returns sig.called[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  now timestamptz := sig.instant();
begin
  if sig.my_standing() is null then
    return '{}';
  end if;
  return (
    with calls as materialized (
      select p.id as point, p.meeting, v.id as invitation, sig.told_by_need(p.id, v.authority, v.unit, v.function) as by_need
        from sig.intervention i
        join sig.meeting m on m.intervention = i.id and m.state in ('planned', 'live', 'cancelled') and now < m.ends_at
        join sig.meeting_point p on p.meeting = m.id
        join sig.meeting_presence r on r.point = p.id and r.ended_at is null
        join sig.meeting_invitation v on v.id = r.invitation and v.ended_at is null
       where i.id = any (sig.my_cases()) and i.state = 'active'
         and sig.may_attend(p.id, v.authority, v.unit, v.function, sig.unit_districts(sig.current_unit(v.unit, v.function, now))))
    select coalesce(array_agg(row(c.point, c.meeting, c.invitation, false)::sig.called), '{}')
      from calls c where exists (select from calls o where o.point = c.point and not o.by_need));
end $$;
comment on function sig.my_family_calls() is 'Which functions are called to which points of the meetings ahead, for the young person and the guardians: points at which something is told by the consent.';

create function sig.my_family_meetings() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$ begin return (select coalesce(array_agg(distinct c.meeting), '{}') from unnest(sig.my_family_calls()) c); end $$;

create function sig.my_family_points() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$ begin return (select coalesce(array_agg(distinct c.point), '{}') from unnest(sig.my_family_calls()) c); end $$;

create function sig.my_family_invitations() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$ begin return (select coalesce(array_agg(distinct c.invitation), '{}') from unnest(sig.my_family_calls()) c); end $$;

-- What a receipt says of meetings. Afterwards nothing of them is in sight any
-- more, so it is asked of what ended in that very instant.
create function sig.calls_ended(intervention uuid, ended timestamptz)
  returns table (meeting uuid, authority text, unit text, function text, whole boolean, called_off boolean)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select m.id, v.authority, v.unit, v.function, v.ended_at is not distinct from $2, m.cancelled_at is not distinct from $2
      from sig.meeting m
      join sig.meeting_invitation v on v.meeting = m.id
     where m.intervention = $1 and $2 < m.ends_at
       and exists (select from sig.meeting_presence r where r.invitation = v.id and r.ended_at = $2)
       and ($1 = any (sig.my_board_cases())
            or sig.my_standing() is not null and $1 = any (sig.my_cases())
               and exists (select from sig.meeting_presence r join sig.meeting_presence o on o.point = r.point
                             join sig.meeting_invitation w on w.id = o.invitation
                            where r.invitation = v.id and r.ended_at = $2 and (o.ended_at is null or o.ended_at = $2)
                              and not sig.told_by_need(r.point, w.authority, w.unit, w.function)))
     order by m.starts_at, m.id, v.authority, v.unit, v.function;
end $$;
comment on function sig.calls_ended(uuid, timestamptz) is 'The calls to meetings then ahead that ended at an instant, wholly or at some points, and whether the meeting was called off: all for the board, for the family those that it could see.';

revoke all on function sig.told_by_need(uuid, text, text, text), sig.my_family_calls(), sig.my_family_meetings(), sig.my_family_points(),
  sig.my_family_invitations(), sig.calls_ended(uuid, timestamptz) from public;
grant execute on function sig.my_family_calls(), sig.my_family_meetings(), sig.my_family_points(), sig.my_family_invitations(),
  sig.calls_ended(uuid, timestamptz) to sig_app;

create policy meeting_family on sig.meeting for select to sig_app using (
  (select sig.my_standing()) is not null and id = any ((select sig.my_family_meetings())::uuid[]));
create policy point_family on sig.meeting_point for select to sig_app using (
  (select sig.my_standing()) is not null and id = any ((select sig.my_family_points())::uuid[]));
create policy invitation_family on sig.meeting_invitation for select to sig_app using (
  (select sig.my_standing()) is not null and id = any ((select sig.my_family_invitations())::uuid[]));
create policy presence_family on sig.meeting_presence for select to sig_app using (
  (select sig.my_standing()) is not null
  and (point, invitation) in (select c.point, c.invitation from unnest((select sig.my_family_calls())::sig.called[]) c));
