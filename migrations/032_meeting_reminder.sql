-- A reminder on the day before a meeting, queued with the call and checked again
-- when it would leave: somebody who may no longer come is reminded of nothing.
alter table sig.mail drop constraint mail_kind_is_known;
alter table sig.mail add constraint mail_kind_is_known check (kind in
  ('new_copy', 'collaboration_ended', 'consent_to_sign', 'lead_new_grant', 'part_requested', 'part_answered',
   'expiry_reminder', 'approval_needed', 'receipt_ready', 'proposal_received', 'task_due', 'meeting', 'meeting_reminder'));
alter table sig.mail drop constraint mail_of_a_meeting_is_a_calendar_entry;
alter table sig.mail add constraint mail_of_a_meeting_is_a_calendar_entry check
  (case kind when 'meeting' then num_nonnulls(method, sequence, object_id, assignment, about_at) = 5
             when 'meeting_reminder' then method is null and num_nonnulls(sequence, object_id, assignment, about_at) = 4
             else num_nonnulls(method, sequence) = 0 end);
create index mail_of_reminder on sig.mail (object_id, assignment) where kind = 'meeting_reminder';
comment on column sig.mail.sequence is 'SEQUENCE of the meeting that a call or a reminder tells of, fixed when queued.';

create function sig.day_before(at timestamptz) returns timestamptz
  language sql immutable
  as $$ select ((at at time zone 'Europe/Stockholm') - interval '1 day') at time zone 'Europe/Stockholm' $$;
comment on function sig.day_before(timestamptz) is 'The same hour of the clock on the day before, across daylight saving.';

create or replace function sig.queue_meeting_calls(invitation uuid, at timestamptz) returns bigint
  language plpgsql volatile security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare queued bigint;
begin
  with whom as (
    select distinct v.id as call, v.intervention, m.starts_at, m.sequence, p.assignment
      from sig.meeting_invitation v join sig.meeting m on m.id = v.meeting and m.state = 'planned'
      join sig.participation p on p.intervention = v.intervention and p.authority = v.authority and p.function = v.function
      join sig.assignment a on a.id = p.assignment and a.email is not null
     where v.id = invitation and v.ended_at is null and at < m.ends_at and sig.fills_call(v.id, p.assignment, at)),
  both_kinds as (
    select w.*, 'meeting' as kind, 'request' as method, at as due from whom w
    union all
    select w.*, 'meeting_reminder', null, sig.day_before(w.starts_at) from whom w where at < sig.day_before(w.starts_at)),
  put as (
    insert into sig.mail (id, kind, assignment, intervention, object_id, about_at, language, message_id, due_at, queued_at, method, sequence)
    select gen_random_uuid(), w.kind, w.assignment, w.intervention, w.call, w.starts_at, 'sv', gen_random_uuid(), w.due, at, w.method, w.sequence
      from both_kinds w
     where not exists (select from sig.mail d where d.kind = w.kind and d.object_id = w.call and d.assignment = w.assignment
                        and d.method is not distinct from w.method and d.sequence = w.sequence)
    returning id, kind, intervention, due_at),
  rung as (
    insert into sig.alarm (id, kind, intervention, object_id, due_at)
    select gen_random_uuid(), 'mail_due', p.intervention, p.id, p.due_at from put p returning id)
  select count(*) into queued from put where kind = 'meeting' and (select count(*) from rung) > 0;
  if queued > 0 then
    perform pg_notify('sig_alarm', '');
  end if;
  return queued;
end $$;
comment on function sig.queue_meeting_calls(uuid, timestamptz) is 'Queues the call of one function, once for each sequence, to whoever takes part in it now, and the reminder that follows it.';

create function sig.reminder_entitled(mail_id uuid) returns boolean
  language sql volatile security definer set search_path = ''
  as $$
    with clock as (select sig.now() as now)
    select exists (
      select from sig.mail m cross join clock
        join sig.meeting_invitation v on v.id = m.object_id and v.ended_at is null and v.answer is distinct from 'declined'
        join sig.meeting t on t.id = v.meeting and t.state = 'planned' and t.sequence = m.sequence and clock.now < t.starts_at
       where m.id = mail_id and m.kind = 'meeting_reminder' and m.sent_at is null and m.cancelled_at is null
         and sig.fills_call(v.id, m.assignment, clock.now) and exists (
           select from sig.meeting_presence r
            where r.invitation = v.id and r.ended_at is null
              and sig.may_attend(r.point, v.authority, v.unit, v.function, sig.assignment_districts(m.assignment))))
  $$;
comment on function sig.reminder_entitled(uuid) is 'Whether a reminder may still leave: its reader fills the called seat, has not said no and may be there for a point, and the meeting is ahead and as it was.';

create or replace function sig.mail_entitled(mail_id uuid) returns boolean
  language sql volatile security definer set search_path = ''
  as $$
    select case (select m.kind from sig.mail m where m.id = mail_id)
           when 'meeting' then sig.meeting_mail_entitled(mail_id)
           when 'meeting_reminder' then sig.reminder_entitled(mail_id)
           else sig.letter_entitled(mail_id) end
  $$;
revoke all on function sig.day_before(timestamptz), sig.reminder_entitled(uuid) from public;
