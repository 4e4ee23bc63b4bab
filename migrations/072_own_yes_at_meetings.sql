-- A young person's own yes (056) reaches meetings: a point about what the youth
-- disposes over alone can be told there by the rows that the youth alone has
-- given, and by those only. No guardian learns of such a point: not of it, nor of
-- whoever is called to it, nor that anything of it ended. The youth sees it where
-- own yeses are seen: in the coordinator's office, or of age.

-- The plan, and directed questions, rest on everybody's rows as they did.
do $$
declare
  f regprocedure;
  old text := pg_get_functiondef('sig.seat_tells(uuid, text, text, text, text, text, text, text[], text, timestamptz)'::regprocedure);
  new text := replace(old, 'FUNCTION sig.seat_tells(', 'FUNCTION sig.all_tell(');
begin
  if new = old then raise exception 'sig.seat_tells has another name'; end if;
  execute new;
  foreach f in array array['sig.may_see_plan(uuid, text, text, text, text[])', 'sig.may_note(uuid)', 'sig.letter_entitled(uuid)',
      'sig.may_ask(uuid, text, text, text, text, text, text, text, timestamptz)']::regprocedure[] loop
    old := pg_get_functiondef(f);
    new := replace(old, 'sig.seat_tells(', 'sig.all_tell(');
    if new = old then raise exception '% asks for no row', f; end if;
    execute new;
  end loop;
end $$;
comment on function sig.all_tell(uuid, text, text, text, text, text, text, text[], text, timestamptz) is 'sig.seat_tells by everybody''s consent alone.';
revoke all on function sig.all_tell(uuid, text, text, text, text, text, text, text[], text, timestamptz) from public;

create or replace function sig.seat_tells(
    intervention uuid, from_authority text, from_unit text, from_function text,
    to_authority text, to_unit text, to_function text, districts text[], category text, at timestamptz) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  teller text := sig.current_unit($3, $4, $10);
  told text := sig.current_unit($6, $7, $10);
  alone text[] := sig.alone_in($1);
begin
  return (
    select exists (
      select from sig.consent c
        join lateral (
          select r.discloser_authority, r.discloser_unit, r.discloser_function, r.recipient_authority, r.recipient_unit, r.recipient_function,
                 r.categories, r.districts, r.valid_from, r.valid_to
            from sig.consent_grant r where $9 <> all (alone) and r.consent = c.id
          union all
          select o.discloser_authority, o.discloser_unit, o.discloser_function, o.recipient_authority, o.recipient_unit, o.recipient_function,
                 o.categories, o.districts, o.valid_from, o.valid_to
            from sig.own_consent o
           where $9 = any (alone) and o.intervention = $1 and o.given_at is not null and o.ended_at is null and o.categories <@ alone) g
          on g.discloser_authority = $2 and g.discloser_function = $4
         and sig.current_unit(g.discloser_unit, $4, $10) = teller
         and g.recipient_authority = $5 and g.recipient_function = $7
         and sig.current_unit(g.recipient_unit, $7, $10) = told
         and g.valid_from <= $10 and $10 < least(g.valid_to, c.oral_until)
         and $9 = any (g.categories) and $8 <@ g.districts
        join sig.unit du on du.id = teller and du.authority = $2
        join sig.unit ru on ru.id = told and ru.authority = $5
       where c.intervention = $1 and c.state = 'active' and (c.carried_until is null or sig.instant() < c.carried_until)
         and not exists (
               select from sig.consent_exclusion x
                where x.consent = c.id and coalesce(x.category, $9) = $9
                  and coalesce(x.recipient_authority, $5) = $5
                  and coalesce(sig.current_unit(x.recipient_unit, $7, $10), ru.id) = ru.id
                  and coalesce(x.recipient_function, $7) = $7)));
end $$;
comment on function sig.seat_tells(uuid, text, text, text, text, text, text, text[], text, timestamptz) is
  'Does a row let this seat tell that one this category at this instant: of everybody''s consent in force or, over what is the youth''s alone, of the youth''s own beside it?';

create function sig.own_rows_of_meeting(meeting uuid) returns setof sig.own_consent
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select distinct o.* from sig.meeting m
      join sig.meeting_point p on p.meeting = m.id
      join sig.own_consent o on o.intervention = m.intervention and o.given_at is not null and o.ended_at is null
       and o.discloser_authority = p.teller_authority and o.discloser_function = p.teller_function
       and o.recipient_authority = m.authority and o.recipient_function = m.function and p.category = any (o.categories)
     where m.id = $1 and p.id = any (sig.my_points());
end $$;
comment on function sig.own_rows_of_meeting(uuid) is 'For the first wall, as sig.rows_of_meeting: the youth''s own rows by which the tellers of the points that the actor may be at tell the host.';
revoke all on function sig.own_rows_of_meeting(uuid) from public;
grant execute on function sig.own_rows_of_meeting(uuid) to sig_app;

-- No association and no close person is told what is the youth's alone: an own
-- yes names functions. And an interpreter who comes for a guardian reads nothing
-- that the guardian may not know of.
do $$
declare
  old text := pg_get_functiondef('sig.guest_may_hear(uuid, uuid)'::regprocedure);
  new text := replace(old, 'if not found then', 'if not found or p.category = any (sig.alone_in(p.intervention)) then');
begin
  if new = old then raise exception 'sig.guest_may_hear asks for no point'; end if;
  execute new;
  old := pg_get_functiondef('sig.texts_for_interpreter(uuid)'::regprocedure);
  new := replace(old, 'else true end', 'when l.guardian is not null then not exists (
             select from sig.meeting_point p where p.id = t.point and p.category = any (sig.alone_in(m.intervention)))
           else true end');
  if new = old then raise exception 'sig.texts_for_interpreter interprets for nobody'; end if;
  execute new;
end $$;

create function sig.alone_at(intervention uuid, at timestamptz) returns text[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return coalesce((
    select m.alone from sig.maturity_assessment m where m.intervention = $1 and m.assessed_at <= $2 order by m.assessed_at desc, m.id limit 1), '{}');
end $$;
comment on function sig.alone_at(uuid, timestamptz) is 'The categories over which the youth of an intervention disposed alone at an instant.';
revoke all on function sig.alone_at(uuid, timestamptz) from public;

create or replace function sig.my_family_calls() returns sig.called[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  now timestamptz := sig.instant();
  cases uuid[];
  unseen boolean;
begin
  if sig.my_standing() is null then
    return '{}';
  end if;
  cases := sig.my_cases();
  unseen := sig.in_the_office();
  return (
    with mine as materialized (
      select i.id, case when unseen then '{}' else sig.alone_in(i.id) end as hidden
        from sig.intervention i where i.id = any (cases) and i.state = 'active'),
    calls as materialized (
      select p.id as point, p.meeting, v.id as invitation, sig.told_by_need(p.id, v.authority, v.unit, v.function) as by_need
        from mine i
        join sig.meeting m on m.intervention = i.id and m.state in ('planned', 'live', 'cancelled') and now < m.ends_at
        join sig.meeting_point p on p.meeting = m.id and p.category <> all (i.hidden)
        join sig.meeting_presence r on r.point = p.id and r.ended_at is null
        join sig.meeting_invitation v on v.id = r.invitation and v.ended_at is null
       where sig.may_attend(p.id, v.authority, v.unit, v.function, sig.unit_districts(sig.current_unit(v.unit, v.function, now))))
    select coalesce(array_agg(row(c.point, c.meeting, c.invitation, false)::sig.called), '{}')
      from calls c where exists (select from calls o where o.point = c.point and not o.by_need));
end $$;
comment on function sig.my_family_calls() is 'Which functions are called to which points of the meetings ahead, for the young person and the guardians: points at which something is told by the consent; what is the youth''s alone to the youth, where nobody at home looks on.';

-- A call is over for the family when no point is left of it that the family could
-- see: whoever stays for a point that is hidden from them has lost all the same.
create or replace function sig.calls_ended(intervention uuid, ended timestamptz)
  returns table (meeting uuid, authority text, unit text, function text, whole boolean, called_off boolean)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  board boolean := $1 = any (sig.my_board_cases());
  hidden text[] := case when sig.in_the_office() then '{}' else sig.alone_at($1, $2) end;
begin
  if not board and (sig.my_standing() is null or $1 <> all (sig.my_cases())) then
    return;
  end if;
  return query
    with stood as materialized (
      select m.id as meeting, m.starts_at, m.cancelled_at, v.id as invitation, v.authority, v.unit, v.function, v.ended_at as over,
             r.ended_at, p.id as point, p.category <> all (hidden) as open,
             sig.told_by_need(p.id, v.authority, v.unit, v.function) as by_need
        from sig.meeting m
        join sig.meeting_invitation v on v.meeting = m.id
        join sig.meeting_presence r on r.invitation = v.id and (r.ended_at is null or r.ended_at >= $2)
        join sig.meeting_point p on p.id = r.point
       where m.intervention = $1 and $2 < m.ends_at),
    seen as materialized (
      select s.* from stood s where board or s.open and exists (select from stood o where o.point = s.point and not o.by_need))
    select s.meeting, s.authority, s.unit, s.function,
           case when board then s.over is not distinct from $2 else not bool_or(s.ended_at is distinct from $2) end,
           s.cancelled_at is not distinct from $2
      from seen s
     group by s.meeting, s.starts_at, s.cancelled_at, s.invitation, s.authority, s.unit, s.function, s.over
    having bool_or(s.ended_at = $2)
     order by s.starts_at, s.meeting, s.authority, s.unit, s.function;
end $$;

-- At home nobody chooses, or is shown to have chosen, a reader of whom they do
-- not know that it comes.
do $$
declare
  old text := pg_get_functiondef('sig.may_hear(uuid)'::regprocedure);
  new text := replace(old, 'v.id = invitation and', 'v.id = invitation and (sig.actor_kind() <> ''youth'' or v.id = any (sig.my_family_invitations())) and');
begin
  if new = old then raise exception 'sig.may_hear hears nobody'; end if;
  execute new;
end $$;
alter policy reader_of_youth on sig.voice_reader using (
  (select sig.actor_kind()) = 'youth' and intervention = any ((select sig.my_cases())::uuid[])
  and invitation = any ((select sig.my_family_invitations())::uuid[]));
