-- Whoever fills a called seat may name who comes instead: somebody of the same
-- function and unit, until that meeting is over and no longer.
alter table sig.participation add column meeting uuid constraint participation_meeting_exists references sig.meeting (id);
create index participation_by_meeting on sig.participation (meeting) where meeting is not null;
comment on column sig.participation.meeting is 'Of a substitute: the one meeting for which the part was given; it ends with it.';

create function sig.may_send_instead(intervention uuid, meeting uuid, assignment uuid, authority text, unit text, function text, until timestamptz) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare now timestamptz := sig.instant();
begin
  return exists (
    select from unnest(sig.my_seats()) s
      join sig.assignment a on a.id = assignment and a.authority = s.authority and a.function = s.function
       and a.valid_from <= now and now < a.valid_to and sig.current_unit(a.unit, a.function, now, a.valid_from) = s.unit
      join sig.meeting_invitation v on v.meeting = meeting and v.intervention = s.intervention and v.authority = s.authority and v.function = s.function
       and sig.current_unit(v.unit, v.function, now) = s.unit and v.ended_at is null
      join sig.meeting m on m.id = v.meeting and m.state = 'planned' and now < m.ends_at and until = m.ends_at
     where s.intervention = intervention and s.authority = authority and s.unit = unit and s.function = function and s.state = 'active'
       and exists (select from sig.meeting_presence r where r.invitation = v.id and r.ended_at is null
                    and sig.may_attend(r.point, s.authority, s.unit, s.function, s.districts)));
end $$;
comment on function sig.may_send_instead(uuid, uuid, uuid, text, text, text, timestamptz) is 'May the actor, who fills a seat called to the meeting, have this assignment of the same function and unit take part until it ends?';
revoke all on function sig.may_send_instead(uuid, uuid, uuid, text, text, text, timestamptz) from public;
grant execute on function sig.may_send_instead(uuid, uuid, uuid, text, text, text, timestamptz) to sig_app;
create policy participation_substitute on sig.participation for insert to sig_app with check (
  authority = (select sig.my_authority()) and granted_by = (select sig.setting_uuid('app.assignment')) and stand_in_for is null
  and sig.may_send_instead(intervention, meeting, assignment, authority, unit, function, valid_to));

create function sig.end_substitutes(meeting uuid, authority text, unit text, function text, at timestamptz) returns void
  language plpgsql volatile security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare
  gone uuid[];
  nudge bigint;
begin
  with ended as (
    update sig.participation p set valid_to = greatest(at, p.valid_from + interval '1 microsecond')
     where p.meeting = meeting and p.valid_to > at and coalesce(authority, p.authority) = p.authority and coalesce(function, p.function) = p.function
       and (unit is null or sig.current_unit(p.unit, p.function, at, p.valid_from) = sig.current_unit(unit, function, at))
    returning p.id, p.assignment),
  off as (
    update sig.alarm a set cleared_at = at from ended e
     where a.kind = 'participation_ends' and a.object_id = e.id and a.done_at is null and a.cleared_at is null)
  select array_agg(distinct e.assignment) into gone from ended e;
  if gone is not null then
    insert into sig.outbox (kind, topics) values ('changed', gone) returning id into nudge;
    perform pg_notify('sig_live', nudge::text);
  end if;
end $$;
comment on function sig.end_substitutes(uuid, text, text, text, timestamptz) is 'Ends the parts of those who came to a meeting instead, of one seat or, without one, of all, and tells their open pages.';
revoke all on function sig.end_substitutes(uuid, text, text, text, timestamptz) from public;
create policy outbox_owner on sig.outbox to sig_owner using (true) with check (true);

create function sig.substitutes_follow() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if new.state in ('cancelled', 'ended') then
    perform sig.end_substitutes(new.id, null, null, null, new.changed_at);
    return null;
  end if;
  with moved as (
    update sig.participation p set valid_to = new.ends_at where p.meeting = new.id and p.valid_to > new.changed_at returning p.id)
  update sig.alarm a set due_at = new.ends_at from moved p
   where a.kind = 'participation_ends' and a.object_id = p.id and a.done_at is null and a.cleared_at is null;
  if found then
    perform pg_notify('sig_alarm', '');
  end if;
  return null;
end $$;
comment on function sig.substitutes_follow() is 'Trigger: whoever came instead leaves with the meeting, whatever ended it, and is there when it has moved.';
create trigger meeting_takes_substitutes_along after update of state, ends_at on sig.meeting
  for each row when (old.state is distinct from new.state and new.state in ('cancelled', 'ended') or old.ends_at is distinct from new.ends_at)
  execute function sig.substitutes_follow();

create function sig.substitutes_leave() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform sig.end_substitutes(new.meeting, new.authority, new.unit, new.function, new.ended_at);
  return null;
end $$;
comment on function sig.substitutes_leave() is 'Trigger: with the call of a function end the parts of those who came instead.';
create trigger call_takes_substitutes_along after update of ended_at on sig.meeting_invitation
  for each row when (old.ended_at is null and new.ended_at is not null) execute function sig.substitutes_leave();

-- As in 019, but what has been held is not taken out of anybody's calendar.
create or replace function sig.queue_call_ends(intervention uuid, at timestamptz) returns bigint
  language plpgsql volatile security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare queued bigint;
begin
  with whom as (
    select d.object_id as call, d.assignment, d.language, m.starts_at,
           greatest(max(d.sequence) + 1, case when m.state = 'cancelled' then m.sequence end) as sequence
      from sig.mail d
      join sig.meeting_invitation v on v.id = d.object_id
      join sig.meeting m on m.id = v.meeting
     where d.kind = 'meeting' and d.method = 'request' and d.intervention = intervention and d.cancelled_at is null
       and (v.ended_at is not null or m.state = 'cancelled' or not sig.fills_call(v.id, d.assignment, at)) and at < m.ends_at and m.state <> 'ended'
       and not exists (select from sig.mail e where e.kind = 'meeting' and e.method = 'cancel' and e.object_id = d.object_id
                        and e.assignment = d.assignment and e.sequence > d.sequence)
     group by d.object_id, d.assignment, d.language, m.starts_at, m.state, m.sequence),
  put as (
    insert into sig.mail (id, kind, assignment, intervention, object_id, about_at, language, message_id, due_at, queued_at, method, sequence)
    select gen_random_uuid(), 'meeting', w.assignment, intervention, w.call, w.starts_at, w.language, gen_random_uuid(), at, at, 'cancel', w.sequence
      from whom w
    returning id),
  rung as (
    insert into sig.alarm (id, kind, intervention, object_id, due_at)
    select gen_random_uuid(), 'mail_due', intervention, p.id, at from put p returning id)
  select count(*) into queued from rung;
  if queued > 0 then
    perform pg_notify('sig_alarm', '');
  end if;
  return queued;
end $$;
