-- A meeting whose time is not decided: two or three times, which of them suit
-- whom, and then one of them, or none. It calls nobody yet and stands in no
-- calendar. Until it is decided its own time is the last of the times: so long
-- must the consent cover it.
alter table sig.meeting drop constraint meeting_state_is_known;
alter table sig.meeting add constraint meeting_state_is_known check (state in ('proposed', 'planned', 'live', 'ended', 'cancelled', 'dropped'));
insert into sig.meeting_transition values ('proposed', 'planned'), ('proposed', 'dropped');
alter table sig.meeting add column poll_starts timestamptz[], add column poll_ends timestamptz[],
  add constraint meeting_poll_is_whole check (num_nonnulls(poll_starts, poll_ends) = 0
    or cardinality(poll_starts) = cardinality(poll_ends) and cardinality(poll_starts) between 2 and 3),
  add constraint meeting_proposed_has_times check (state not in ('proposed', 'dropped') or num_nonnulls(poll_starts, poll_ends) = 2);
comment on column sig.meeting.poll_starts is 'When each of the times begins that were asked about, the earliest first; null where nobody was asked.';

alter table sig.meeting_invitation add column suits smallint[], add column suits_at timestamptz,
  add constraint meeting_invitation_suits_is_dated check (num_nonnulls(suits, suits_at) in (0, 2));
comment on column sig.meeting_invitation.suits is 'Which of the times asked about suit, counted from 1; empty is none of them, null is no answer.';
grant update (suits, suits_at) on sig.meeting_invitation to sig_app;
alter table sig.meeting_guest add column suits smallint[], add column suits_at timestamptz,
  add constraint meeting_guest_suits_is_dated check (num_nonnulls(suits, suits_at) in (0, 2)),
  add constraint meeting_guest_promises_before_saying_when check (kind = 'interpreter' or reserved_at is not null or suits is null);
grant update (suits, suits_at) on sig.meeting_guest to sig_app;

-- Mail that asks: to whoever fills a called seat, and to guests, who get a link.
do $$
declare known text;
begin
  select pg_get_constraintdef(c.oid) into strict known from pg_constraint c where c.conname = 'mail_kind_is_known' and c.conrelid = 'sig.mail'::regclass;
  alter table sig.mail drop constraint mail_kind_is_known;
  execute 'alter table sig.mail add constraint mail_kind_is_known ' || regexp_replace(known, '\)\s*$', ' or kind = ''meeting_poll'')');
end $$;
create index mail_of_poll on sig.mail (object_id) where kind = 'meeting_poll';
create policy guest_link_poller on sig.meeting_guest_link for insert to sig_worker with check (
  sig.actor_kind() = 'system' and exists (select from sig.mail m where m.kind = 'meeting_poll' and m.guest = meeting_guest_link.guest));

create function sig.queue_poll(meeting uuid, at timestamptz) returns bigint
  language plpgsql volatile security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare queued bigint;
begin
  with whom as (
    select v.id as asked, v.intervention, p.assignment, null::uuid as guest, m.starts_at
      from sig.meeting m join sig.meeting_invitation v on v.meeting = m.id and v.ended_at is null
      join sig.participation p on p.intervention = v.intervention and p.authority = v.authority and p.function = v.function
      join sig.assignment a on a.id = p.assignment and a.email is not null
     where m.id = meeting and m.state = 'proposed' and at < m.ends_at and sig.fills_call(v.id, p.assignment, at)
       and a.id <> m.assignment
    union
    select q.id, q.intervention, null, q.id, m.starts_at
      from sig.meeting m join sig.meeting_guest q on q.meeting = m.id and q.ended_at is null
     where m.id = meeting and m.state = 'proposed' and at < m.ends_at),
  put as (
    insert into sig.mail (id, kind, assignment, guest, intervention, object_id, about_at, language, message_id, due_at, queued_at)
    select gen_random_uuid(), 'meeting_poll', w.assignment, w.guest, w.intervention, w.asked, w.starts_at, 'sv', gen_random_uuid(), at, at
      from whom w
     where not exists (select from sig.mail d where d.kind = 'meeting_poll' and d.object_id = w.asked and d.assignment is not distinct from w.assignment)
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
comment on function sig.queue_poll(uuid, timestamptz) is 'Queues the question which times suit, once to each, but not to the coordinator who asks.';

-- As in 041, and while the time is not decided.
create or replace function sig.guest_called(guest uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return exists (
    select from sig.meeting_guest q join sig.meeting m on m.id = q.meeting and m.state in ('proposed', 'planned', 'live')
      join sig.intervention i on i.id = q.intervention and i.state = 'active'
     where q.id = guest and q.ended_at is null and sig.instant() < m.ends_at
       and (q.kind = 'interpreter' or exists (select from sig.meeting_point p where p.meeting = q.meeting and sig.guest_may_hear(q.id, p.id))));
end $$;

create function sig.poll_mail_entitled(mail_id uuid) returns boolean
  language plpgsql volatile security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare now timestamptz := sig.now();
begin
  return exists (
    select from sig.mail m
      left join sig.meeting_guest q on q.id = m.guest
      left join sig.meeting_invitation v on v.id = m.object_id and m.guest is null and v.ended_at is null
      join sig.meeting t on t.id = coalesce(q.meeting, v.meeting) and t.state = 'proposed' and now < t.ends_at
     where m.id = mail_id and m.sent_at is null and m.cancelled_at is null
       and case when m.guest is not null then sig.guest_called(m.guest)
           else sig.fills_call(v.id, m.assignment, now) and exists (
             select from sig.meeting_presence r
              where r.invitation = v.id and r.ended_at is null
                and sig.may_attend(r.point, v.authority, v.unit, v.function, sig.assignment_districts(m.assignment))) end);
end $$;
comment on function sig.poll_mail_entitled(uuid) is 'Whether the question which times suit may still be handed over: the time is open, and its reader may come.';

alter function sig.mail_entitled(uuid) rename to told_mail_entitled;
create function sig.mail_entitled(mail_id uuid) returns boolean
  language plpgsql volatile security definer set search_path = ''
  as $$
begin
  return case (select m.kind from sig.mail m where m.id = mail_id)
         when 'meeting_poll' then sig.poll_mail_entitled(mail_id) else sig.told_mail_entitled(mail_id) end;
end $$;
comment on function sig.mail_entitled(uuid) is 'Whether a queued mail may still be handed over, asked under the intervention''s lock: of every kind.';

create function sig.guest_of_mail(mail_id uuid) returns uuid
  language plpgsql stable security definer set search_path = ''
  as $$
begin
  return (select m.guest from sig.mail m where m.id = mail_id and m.checked_at is not null and m.sent_at is null and m.cancelled_at is null);
end $$;
comment on function sig.guest_of_mail(uuid) is 'Whom of those without an account a checked mail goes to.';
revoke all on function sig.queue_poll(uuid, timestamptz), sig.poll_mail_entitled(uuid), sig.told_mail_entitled(uuid), sig.mail_entitled(uuid), sig.guest_of_mail(uuid) from public;
grant execute on function sig.queue_poll(uuid, timestamptz) to sig_app;
grant execute on function sig.mail_entitled(uuid), sig.guest_of_mail(uuid) to sig_worker;
