-- Messages once a day, at an hour of the clock in Stockholm. What comes before
-- it is held, and each is asked about once more when the one message leaves that
-- stands for them. What ends access, and what a calendar takes, is never held.
alter table sig.notice_choice add column digest_hour smallint
  constraint notice_choice_digest_hour_is_an_hour check (digest_hour between 0 and 23);
comment on column sig.notice_choice.digest_hour is 'Null: at once. Else at this hour of the day, in Stockholm, once for all that came.';
grant update (digest_hour) on sig.notice_choice to sig_app;

alter table sig.mail add column digest uuid constraint mail_digest_exists references sig.mail (id);
comment on column sig.mail.digest is 'The message of a day that stands for this one; it leaves no other way.';
alter table sig.mail drop constraint mail_kind_is_known;
alter table sig.mail add constraint mail_kind_is_known check (kind in
  ('new_copy', 'collaboration_ended', 'consent_to_sign', 'lead_new_grant', 'part_requested', 'part_answered',
   'expiry_reminder', 'approval_needed', 'receipt_ready', 'proposal_received', 'task_due', 'meeting', 'meeting_reminder', 'meeting_guest', 'digest'));
alter table sig.mail drop constraint mail_is_about_an_intervention;
alter table sig.mail add constraint mail_is_about_an_intervention check (intervention is not null or kind in ('part_answered', 'digest'));
alter table sig.mail add constraint mail_that_ends_something_is_never_held check
  (digest is null or kind not in ('collaboration_ended', 'meeting', 'meeting_reminder', 'meeting_guest', 'digest'));
create unique index mail_digest_once on sig.mail (coalesce(assignment, guardian, youth), due_at) where kind = 'digest';
create index mail_by_digest on sig.mail (digest) where digest is not null;
grant select (digest, checked_at) on sig.mail to sig_app;

create function sig.next_hour(hour integer, after timestamptz) returns timestamptz
  language sql immutable
  as $$
    select min(t) from (
      select (date_trunc('day', after at time zone 'Europe/Stockholm') + make_interval(days => d, hours => hour)) at time zone 'Europe/Stockholm' as t
        from generate_series(0, 2) d) u
     where t > after
  $$;
comment on function sig.next_hour(integer, timestamptz) is 'The next time that the clock in Stockholm shows this hour, across daylight saving.';

create function sig.hold_mail(mail_id uuid, hour integer, at timestamptz) returns void
  language plpgsql volatile security definer set search_path = ''
  as $$
declare
  due timestamptz := sig.next_hour(hour, at);
  of_day uuid;
  fresh boolean;
begin
  loop
    -- The row's lock is held from here: whoever sends it meanwhile comes after
    -- us, and finds this one, or came before, and then it is tomorrow's.
    insert into sig.mail as m (id, kind, assignment, guardian, youth, language, message_id, due_at, queued_at)
    select gen_random_uuid(), 'digest', h.assignment, h.guardian, h.youth, h.language, gen_random_uuid(), due, at
      from sig.mail h where h.id = mail_id
    on conflict (coalesce(assignment, guardian, youth), due_at) where kind = 'digest'
      do update set queued_at = m.queued_at where m.checked_at is null and m.cancelled_at is null
    returning m.id, m.xmax = 0 into of_day, fresh;
    exit when of_day is not null;
    due := sig.next_hour(hour, due);
  end loop;
  update sig.mail set digest = of_day where id = mail_id;
  if fresh then
    insert into sig.alarm (id, kind, object_id, due_at) values (gen_random_uuid(), 'mail_due', of_day, due);
    perform pg_notify('sig_alarm', '');
  end if;
end $$;
comment on function sig.hold_mail(uuid, integer, timestamptz) is 'Holds a checked message for the recipient''s next hour, under the one message of that day.';

create function sig.settle_digest(mail_id uuid, locked uuid[], at timestamptz) returns boolean
  language plpgsql volatile security definer set search_path = ''
  as $$
declare held record;
begin
  perform from sig.mail where id = mail_id for update;
  if exists (select from sig.mail h where h.digest = mail_id and h.sent_at is null and h.cancelled_at is null
              and h.intervention is not null and h.intervention <> all (locked)) then
    raise exception 'another intervention has come into the message of a day' using errcode = 'serialization_failure';
  end if;
  for held in select h.id from sig.mail h where h.digest = mail_id and h.sent_at is null and h.cancelled_at is null order by h.id loop
    if sig.mail_entitled(held.id) then
      update sig.mail set checked_at = at where id = held.id;
    else
      update sig.mail set cancelled_at = at, cancel_reason = 'not_entitled' where id = held.id;
    end if;
  end loop;
  return exists (select from sig.mail h where h.digest = mail_id and h.sent_at is null and h.cancelled_at is null);
end $$;
comment on function sig.settle_digest(uuid, uuid[], timestamptz) is
  'Asks about each message that is held, under the locks of their interventions, and cancels those that may not be told any more. Is anything left?';

drop function sig.mail_choice(uuid);
create function sig.mail_choice(mail_id uuid)
  returns table (channel text, language text, phone_sealed bytea, digest_hour smallint)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select n.channel, n.language, n.phone_sealed, n.digest_hour
      from sig.mail m
      join sig.notice_choice n on coalesce(n.assignment, n.guardian, n.youth) = coalesce(m.assignment, m.guardian, m.youth)
     where m.id = mail_id and m.checked_at is not null and m.sent_at is null and m.cancelled_at is null;
end $$;
comment on function sig.mail_choice(uuid) is 'How the recipient of a checked, unsent message wants it. Jobs have no other way to a choice.';
revoke all on function sig.mail_choice(uuid), sig.hold_mail(uuid, integer, timestamptz), sig.settle_digest(uuid, uuid[], timestamptz) from public;
grant execute on function sig.mail_choice(uuid), sig.hold_mail(uuid, integer, timestamptz), sig.settle_digest(uuid, uuid[], timestamptz) to sig_worker;
