-- Data keys, the alarm that announces instants, and mail on its way out.
create table sig.seal_key (
  authority text not null constraint seal_key_authority_exists references sig.authority (id),
  intervention uuid constraint seal_key_intervention_exists references sig.intervention (id),
  kek bytea not null constraint seal_key_kek_is_an_id check (octet_length(kek) = 8),
  wrapped bytea not null,
  created_at timestamptz not null default sig.now()
);
create unique index seal_key_owner on sig.seal_key
  (authority, coalesce(intervention, '00000000-0000-0000-0000-000000000000'));
comment on table sig.seal_key is 'One data key for each authority and intervention (null: the authority''s own texts, such as contact data). Deleting the row destroys every text that it sealed.';
comment on column sig.seal_key.kek is 'Which key-encryption key wraps it; that key is never in the database.';
comment on column sig.seal_key.wrapped is 'A Tink keyset encrypted under that key and bound to this authority and intervention.';
alter table sig.seal_key enable row level security;
alter table sig.seal_key force row level security;
create policy seal_key_pages on sig.seal_key to sig_app using (true) with check (true);
create policy seal_key_contacts on sig.seal_key for select to sig_worker using (intervention is null);
create policy seal_key_operator on sig.seal_key to sig_owner using (true) with check (true);
comment on policy seal_key_pages on sig.seal_key is 'A wrapped key tells nothing; which ciphertexts a page gets is decided where they lie.';
comment on policy seal_key_contacts on sig.seal_key is 'Jobs open contact data to send mail, and never a text of an intervention.';
comment on policy seal_key_operator on sig.seal_key is 'Wrapping anew, when a key-encryption key is changed.';
grant select, insert on sig.seal_key to sig_app;
grant select on sig.seal_key to sig_worker;

create table sig.alarm (
  id uuid constraint alarm_pk primary key,
  kind text not null constraint alarm_kind_is_known check (kind in
    ('consent_expires', 'consent_lapses_unsigned', 'sharing_stopped_grace_ends', 'copy_window_ends', 'assignment_ends',
     'participation_ends', 'grant_ends', 'task_due', 'expiry_reminder', 'mail_due')),
  intervention uuid constraint alarm_intervention_exists references sig.intervention (id),
  object_id uuid not null,
  due_at timestamptz not null,
  done_at timestamptz,
  cleared_at timestamptz,
  attempts integer not null default 0,
  retry_at timestamptz,
  constraint alarm_once_per_object unique (kind, object_id),
  constraint alarm_is_done_or_cleared check (done_at is null or cleared_at is null),
  constraint alarm_never_early check (done_at >= due_at)
);
create index alarm_open on sig.alarm (due_at) where done_at is null and cleared_at is null;
comment on table sig.alarm is 'Instants at which something must be set in motion. Access never waits for it: windows are enforced where they are read.';
comment on column sig.alarm.due_at is 'By sig.now(), the one clock of the field.';
comment on column sig.alarm.retry_at is 'After a failure: not before this instant of the machine''s clock.';
grant select, insert on sig.alarm to sig_app, sig_worker;
grant update (intervention, due_at, done_at, cleared_at, attempts, retry_at) on sig.alarm to sig_app, sig_worker;

create table sig.mail (
  id uuid constraint mail_pk primary key,
  kind text not null constraint mail_kind_is_known check (kind in
    ('new_copy', 'collaboration_ended', 'consent_to_sign', 'lead_new_grant', 'part_requested', 'part_answered',
     'expiry_reminder', 'approval_needed', 'receipt_ready', 'proposal_received', 'task_due')),
  assignment uuid constraint mail_assignment_exists references sig.assignment (id),
  guardian uuid constraint mail_guardian_exists references sig.guardianship (id),
  youth uuid constraint mail_youth_exists references sig.youth (id),
  intervention uuid constraint mail_intervention_exists references sig.intervention (id),
  object_id uuid,
  about_at timestamptz,
  language text not null constraint mail_language_is_known check (language in ('sv', 'en', 'ar')),
  message_id uuid not null constraint mail_message_id_is_unique unique,
  due_at timestamptz not null,
  queued_at timestamptz not null,
  attempts integer not null default 0,
  checked_at timestamptz,
  sent_at timestamptz,
  cancelled_at timestamptz,
  cancel_reason text constraint mail_cancel_reason_is_known check (cancel_reason in ('not_entitled', 'no_address', 'refused', 'gave_up')),
  constraint mail_has_one_recipient check (num_nonnulls(assignment, guardian, youth) = 1),
  constraint mail_is_about_an_intervention check (intervention is not null or kind = 'part_answered'),
  constraint mail_names_its_instant check (about_at is not null or kind not in ('collaboration_ended', 'expiry_reminder', 'task_due')),
  constraint mail_sent_or_cancelled check (sent_at is null or cancelled_at is null),
  constraint mail_cancelled_has_reason check ((cancelled_at is null) = (cancel_reason is null))
);
create index mail_open on sig.mail (due_at) where sent_at is null and cancelled_at is null;
create index mail_by_intervention on sig.mail (intervention, queued_at);
comment on table sig.mail is 'Mail without person data, waiting or done: ids and instants; the address is looked up when it is sent and stands nowhere here.';
comment on column sig.mail.message_id is 'The left half of the Message-ID, fixed when queued, so that a message handed over twice is seen as one.';
comment on column sig.mail.object_id is 'What the mail is about, where its kind is about one thing: the copy, the consent, the disclosure that waits, the task.';
comment on column sig.mail.about_at is 'The instant that the text names, where it names one: an end, a last day.';
comment on column sig.mail.checked_at is 'When the last check found the recipient entitled; a withdrawal after that came after the mail.';
grant insert on sig.mail to sig_app;
grant select (id, kind, intervention, due_at, queued_at, sent_at, cancelled_at, cancel_reason) on sig.mail to sig_app;
grant select, insert on sig.mail to sig_worker;
grant update (attempts, checked_at, sent_at, cancelled_at, cancel_reason) on sig.mail to sig_worker;

create function sig.mail_entitled(mail_id uuid) returns boolean
  language sql volatile security definer set search_path = ''
  as $$
    with clock as (select sig.now() as now)
    select exists (
      select from sig.mail m
      cross join clock
      left join sig.intervention i on i.id = m.intervention
      left join sig.youth y on y.id = i.youth
      left join sig.assignment a on a.id = m.assignment and a.valid_from <= clock.now and clock.now < a.valid_to
      left join sig.guardianship g on g.id = m.guardian and g.valid_from <= clock.now and clock.now < g.valid_to
       and (i.id is null or g.youth = i.youth)
      left join sig.youth own on own.id = coalesce(m.youth, g.youth)
       and (i.id is null or own.id = i.youth)
      where m.id = mail_id and m.sent_at is null and m.cancelled_at is null
        -- Whoever it is for still has the standing it was queued for ...
        and (a.id is not null or (own.id is not null and own.protection = 'none'))
        and (m.guardian is null or (g.id is not null
          and clock.now < (own.birth_date + interval '18 years')::timestamp at time zone 'Europe/Stockholm'))
        -- ... still takes part, where the message is about taking part ...
        and (a.id is null or m.kind in ('part_answered', 'lead_new_grant', 'approval_needed', 'collaboration_ended', 'task_due')
          or exists (select from sig.participation p where p.intervention = i.id and p.assignment = a.id
                      and p.valid_from <= clock.now and clock.now < p.valid_to))
        -- ... and there is still something to come and see.
        and case m.kind
          when 'part_answered' then true
          when 'receipt_ready' then true
          when 'collaboration_ended' then i.state in ('sharing_stopped', 'closing', 'closed')
          when 'task_due' then i.state <> 'closed' and (m.object_id is null or exists (
            select from sig.task t where t.id = m.object_id and t.done_at is null
              and t.authority = a.authority and t.function = a.function))
          when 'new_copy' then i.state in ('active', 'sharing_stopped') and (m.object_id is null or exists (
            select from sig.received r where r.id = m.object_id and r.cut_at is null and r.deleted_at is null))
          when 'consent_to_sign' then i.state in ('consent_pending', 'awaiting_decision', 'active', 'sharing_stopped')
            and (m.object_id is null or exists (
              select from sig.consent c join sig.consent_signer s on s.consent = c.id
               where c.id = m.object_id and c.state in ('draft', 'explained', 'partially_signed')
                 and s.signer = coalesce(m.guardian, m.youth) and s.answer is null))
          when 'approval_needed' then i.state = 'active' and (m.object_id is null or exists (
            select from sig.disclosure d where d.id = m.object_id and d.state = 'queued'))
          when 'lead_new_grant' then i.state not in ('closing', 'closed', 'not_started') and a.leads <> '{}'
          else i.state not in ('closing', 'closed', 'not_started')
        end)
  $$;
comment on function sig.mail_entitled(uuid) is
  'Whether a queued mail may still be handed over, asked under the intervention''s lock. A young person with protected identity, and the guardians, get no automatic message.';

create function sig.mail_contact(mail_id uuid)
  returns table (email text, authority text, owner uuid, contact_sealed bytea)
  language sql stable security definer set search_path = ''
  as $$
    select a.email, coalesce(a.authority, g.authority, y.authority), coalesce(a.id, g.id, y.id),
           coalesce(g.contact_sealed, y.contact_sealed)
    from sig.mail m
    left join sig.assignment a on a.id = m.assignment
    left join sig.guardianship g on g.id = m.guardian
    left join sig.youth y on y.id = m.youth
    where m.id = mail_id and m.checked_at is not null and m.sent_at is null and m.cancelled_at is null
  $$;
comment on function sig.mail_contact(uuid) is
  'The one address that a checked, unsent mail goes to. Jobs have no other way to an address.';
revoke execute on function sig.mail_entitled(uuid), sig.mail_contact(uuid) from public;
grant execute on function sig.mail_entitled(uuid), sig.mail_contact(uuid) to sig_worker;

-- The job queue, in a schema of its own that pages have no right to name. The
-- names and columns are those that the queue's client (river) speaks; a test
-- holds them to its own migrations, so that an update of it cannot drift away
-- unseen. Its wide search indexes are left out: nothing here searches jobs.
create schema river;
grant usage on schema river to sig_worker;

create type river.river_job_state as enum
  ('available', 'cancelled', 'completed', 'discarded', 'pending', 'retryable', 'running', 'scheduled');

create table river.river_job (
  id bigserial constraint river_job_pkey primary key,
  state river.river_job_state not null default 'available',
  attempt smallint not null default 0,
  max_attempts smallint not null default 25,
  attempted_at timestamptz,
  created_at timestamptz not null default now(),
  finalized_at timestamptz,
  scheduled_at timestamptz not null default now(),
  priority smallint not null default 1,
  args jsonb not null,
  attempted_by text[],
  errors jsonb[],
  kind text not null,
  metadata jsonb not null default '{}',
  queue text not null default 'default',
  tags varchar(255)[] not null default '{}',
  unique_key bytea,
  unique_states bit(8),
  constraint finalized_or_finalized_at_null
    check ((finalized_at is not null) = (state in ('cancelled', 'completed', 'discarded'))),
  constraint max_attempts_is_positive check (max_attempts > 0),
  constraint priority_in_range check (priority between 1 and 4),
  constraint queue_length check (char_length(queue) between 1 and 127),
  constraint kind_length check (char_length(kind) between 1 and 127)
);
comment on table river.river_job is 'Work that is due now; arguments are ids only, and errors are codes only.';

-- Which of the eight states a mask names, in the order that the client counts.
create function river.river_job_state_in_bitmask(bitmask bit(8), state river.river_job_state) returns boolean
  language sql immutable
  as $$
    select get_bit(bitmask, 8 - array_position(array['available', 'cancelled', 'completed', 'discarded',
      'pending', 'retryable', 'running', 'scheduled']::river.river_job_state[], state)) = 1
  $$;
create unique index river_job_unique_idx on river.river_job (unique_key)
  where unique_key is not null and unique_states is not null
    and river.river_job_state_in_bitmask(unique_states, state);
create index river_job_prioritized_fetching_index on river.river_job (state, queue, priority, scheduled_at, id);
create index river_job_state_and_finalized_at_index on river.river_job (state, finalized_at)
  where finalized_at is not null;

create unlogged table river.river_leader (
  elected_at timestamptz not null,
  expires_at timestamptz not null,
  leader_id text not null,
  name text not null default 'default' constraint river_leader_pkey primary key,
  constraint name_length check (name = 'default'),
  constraint leader_id_length check (char_length(leader_id) between 1 and 127)
);
comment on table river.river_leader is 'Which replica tidies the queue; mail does not wait for it.';

create table river.river_queue (
  name text not null constraint river_queue_pkey primary key,
  created_at timestamptz not null default now(),
  metadata jsonb not null default '{}',
  paused_at timestamptz,
  updated_at timestamptz not null default current_timestamp
);
comment on table river.river_queue is 'Queues that some replica serves, and whether one is paused.';

create table river.river_notification (
  id bigserial constraint river_notification_pkey primary key,
  created_at timestamptz not null default now(),
  payload text not null,
  topic text not null,
  constraint topic_length check (length(topic) between 1 and 127)
);
create index river_notification_created_at_idx on river.river_notification (created_at);
create index river_notification_topic_id_idx on river.river_notification (topic, id);
comment on table river.river_notification is 'Part of the client''s shape; PostgreSQL''s own notifications are used instead.';

grant select, insert, update, delete on river.river_job, river.river_leader, river.river_queue, river.river_notification to sig_worker;
grant usage on all sequences in schema river to sig_worker;
