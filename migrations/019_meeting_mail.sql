-- Calls to meetings by mail. A call leaves only while its reader's function may
-- be there; whoever got one and lost the ground gets the cancellation.
--
-- The board's policies of meetings come first, as everywhere (018).
alter policy meeting_board on sig.meeting rename to meeting_whole_for_board;
alter policy point_board on sig.meeting_point rename to point_whole_for_board;
alter policy point_text_board on sig.meeting_point_text rename to point_text_whole_for_board;
alter policy invitation_board on sig.meeting_invitation rename to invitation_whole_for_board;
alter policy presence_board on sig.meeting_presence rename to presence_whole_for_board;

alter table sig.meeting add column mail_place_sealed bytea;
comment on column sig.meeting.mail_place_sealed is 'The place once more, sealed under the authority''s own key: jobs write it into the calendar entry and open no text of an intervention.';
grant update (mail_place_sealed) on sig.meeting to sig_app;

alter table sig.mail drop constraint mail_kind_is_known;
alter table sig.mail add constraint mail_kind_is_known check (kind in
  ('new_copy', 'collaboration_ended', 'consent_to_sign', 'lead_new_grant', 'part_requested', 'part_answered',
   'expiry_reminder', 'approval_needed', 'receipt_ready', 'proposal_received', 'task_due', 'meeting'));
alter table sig.mail add column method text constraint mail_method_is_known check (method in ('request', 'cancel')),
  add column sequence integer,
  add constraint mail_of_a_meeting_is_a_calendar_entry check
    (case kind when 'meeting' then num_nonnulls(method, sequence, object_id, assignment, about_at) = 5 else num_nonnulls(method, sequence) = 0 end);
create index mail_of_call on sig.mail (object_id, assignment) where kind = 'meeting';
comment on column sig.mail.method is 'Of a call to a meeting (object_id is the invitation): METHOD of its calendar entry.';
comment on column sig.mail.sequence is 'SEQUENCE of that entry, fixed when queued.';

create function sig.fills_call(invitation uuid, assignment uuid, at timestamptz) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return exists (
    select from sig.meeting_invitation v
      join sig.participation p on p.intervention = v.intervention and p.authority = v.authority and p.function = v.function
       and p.assignment = assignment and p.valid_from <= at and at < p.valid_to
      join sig.assignment a on a.id = p.assignment and a.authority = p.authority and a.valid_from <= at and at < a.valid_to
      join sig.unit u on u.id = sig.current_unit(p.unit, p.function, at, p.valid_from) and u.authority = p.authority
     where v.id = invitation and u.id = sig.current_unit(v.unit, v.function, at)
       and (p.stand_in_for is not null or (a.function = p.function and sig.current_unit(a.unit, a.function, at, a.valid_from) = u.id)));
end $$;
comment on function sig.fills_call(uuid, uuid, timestamptz) is 'Does somebody fill the seat that is called, as sig.my_seats has it?';

-- One mail with its alarm for each person of a called seat who takes part now.
create function sig.queue_meeting_calls(invitation uuid, at timestamptz) returns bigint
  language plpgsql volatile security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare queued bigint;
begin
  with whom as (
    select v.id as call, v.intervention, m.starts_at, m.sequence, p.assignment
      from sig.meeting_invitation v join sig.meeting m on m.id = v.meeting and m.state = 'planned'
      join sig.participation p on p.intervention = v.intervention and p.authority = v.authority and p.function = v.function
      join sig.assignment a on a.id = p.assignment and a.email is not null
     where v.id = invitation and v.ended_at is null and at < m.ends_at and sig.fills_call(v.id, p.assignment, at)),
  put as (
    insert into sig.mail (id, kind, assignment, intervention, object_id, about_at, language, message_id, due_at, queued_at, method, sequence)
    select gen_random_uuid(), 'meeting', w.assignment, w.intervention, w.call, w.starts_at, 'sv', gen_random_uuid(), at, at, 'request', w.sequence
      from (select distinct * from whom) w
     where not exists (select from sig.mail d where d.kind = 'meeting' and d.object_id = w.call and d.assignment = w.assignment
                        and d.method = 'request' and d.sequence = w.sequence)
    returning id, intervention),
  rung as (
    insert into sig.alarm (id, kind, intervention, object_id, due_at)
    select gen_random_uuid(), 'mail_due', p.intervention, p.id, at from put p returning id)
  select count(*) into queued from rung;
  if queued > 0 then
    perform pg_notify('sig_alarm', '');
  end if;
  return queued;
end $$;
comment on function sig.queue_meeting_calls(uuid, timestamptz) is 'Queues the call of one function, once for each sequence, to whoever takes part in it now.';

create function sig.queue_new_meeting_calls(intervention uuid, at timestamptz) returns bigint
  language plpgsql volatile security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return (select coalesce(sum(sig.queue_meeting_calls(v.id, at)), 0) from sig.meeting_invitation v
           where v.intervention = intervention and v.ended_at is null);
end $$;
comment on function sig.queue_new_meeting_calls(uuid, timestamptz) is 'Queues the calls of an intervention to whoever fills a called seat and has not been sent them: a new participant.';

create function sig.queue_meeting_ends(intervention uuid, at timestamptz) returns bigint
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
       and (v.ended_at is not null or m.state = 'cancelled' or not sig.fills_call(v.id, d.assignment, at)) and at < m.ends_at
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
comment on function sig.queue_meeting_ends(uuid, timestamptz) is 'Queues the cancellation for everybody to whom a call was queued that has ended since, once.';

create function sig.meeting_mail_entitled(mail_id uuid) returns boolean
  language sql volatile security definer set search_path = ''
  as $$
    with clock as (select sig.now() as now)
    select exists (
      select from sig.mail m cross join clock
        join sig.meeting_invitation v on v.id = m.object_id
        join sig.meeting t on t.id = v.meeting
       where m.id = mail_id and m.sent_at is null and m.cancelled_at is null
         and case m.method
           -- The cancellation goes to whoever has, or may have, got the call, and to nobody else.
           when 'cancel' then (v.ended_at is not null or t.state = 'cancelled' or not sig.fills_call(v.id, m.assignment, clock.now)) and exists (
             select from sig.mail d where d.kind = 'meeting' and d.method = 'request' and d.object_id = m.object_id
                and d.assignment = m.assignment and d.sequence < m.sequence and d.checked_at is not null)
           else v.ended_at is null and t.state = 'planned' and t.sequence = m.sequence and clock.now < t.ends_at
            and sig.fills_call(v.id, m.assignment, clock.now) and exists (
             select from sig.meeting_presence r
              where r.invitation = v.id and r.ended_at is null
                and sig.may_attend(r.point, v.authority, v.unit, v.function, sig.assignment_districts(m.assignment)))
         end)
  $$;
comment on function sig.meeting_mail_entitled(uuid) is 'Whether a call may still be handed over: its reader fills the called seat and may be there for a point, and the meeting is as the mail says it.';

alter function sig.mail_entitled(uuid) rename to letter_entitled;
create function sig.mail_entitled(mail_id uuid) returns boolean
  language sql volatile security definer set search_path = ''
  as $$
    select case when (select m.kind from sig.mail m where m.id = mail_id) = 'meeting'
                then sig.meeting_mail_entitled(mail_id) else sig.letter_entitled(mail_id) end
  $$;
comment on function sig.mail_entitled(uuid) is 'Whether a queued mail may still be handed over, asked under the intervention''s lock.';

create function sig.mail_meeting(mail_id uuid)
  returns table (meeting uuid, authority text, method text, sequence integer, starts_at timestamptz, ends_at timestamptz, place_sealed bytea)
  language sql stable security definer set search_path = ''
  as $$
    select t.id, t.authority, m.method, m.sequence, t.starts_at, t.ends_at,
           case when y.protection = 'none' and m.method = 'request' then t.mail_place_sealed end
      from sig.mail m
      join sig.meeting_invitation v on v.id = m.object_id
      join sig.meeting t on t.id = v.meeting
      join sig.intervention i on i.id = t.intervention
      join sig.youth y on y.id = i.youth
     where m.id = mail_id and m.kind = 'meeting' and m.checked_at is not null and m.sent_at is null and m.cancelled_at is null
  $$;
comment on function sig.mail_meeting(uuid) is 'What a checked, unsent call says: times, and the place unless the young person has protected identity. Jobs have no other way to a place.';

revoke all on function sig.fills_call(uuid, uuid, timestamptz), sig.queue_new_meeting_calls(uuid, timestamptz),
  sig.queue_meeting_calls(uuid, timestamptz), sig.queue_meeting_ends(uuid, timestamptz), sig.meeting_mail_entitled(uuid),
  sig.letter_entitled(uuid), sig.mail_entitled(uuid), sig.mail_meeting(uuid) from public;
revoke execute on function sig.letter_entitled(uuid) from sig_worker;
grant execute on function sig.queue_meeting_calls(uuid, timestamptz), sig.queue_meeting_ends(uuid, timestamptz) to sig_app, sig_worker;
grant execute on function sig.queue_new_meeting_calls(uuid, timestamptz) to sig_app;
grant execute on function sig.mail_entitled(uuid), sig.mail_meeting(uuid) to sig_worker;
