-- Guests of one meeting, who have no account and no assignment: interpreters
-- (FL 13 §; OSL 2:1, lag 1975:689), and private recipients whom the consent
-- names (OSL 10:14, 12:2 second paragraph). They come by a link in a mail, for
-- the time of that meeting. They act on nothing: nowhere in the database is
-- there an actor, a teller or a recipient's inbox that could be theirs.
create table sig.meeting_guest (
  id uuid constraint meeting_guest_pk primary key,
  meeting uuid not null constraint meeting_guest_meeting_exists references sig.meeting (id),
  intervention uuid not null constraint meeting_guest_intervention_exists references sig.intervention (id),
  authority text not null constraint meeting_guest_authority_exists references sig.authority (id),
  kind text not null constraint meeting_guest_kind_is_known check (kind in ('interpreter', 'private')),
  who_sealed bytea not null,
  contact_sealed bytea not null,
  language text constraint meeting_guest_language_is_a_code check (language ~ '^[a-z]{2,3}$'),
  origins uuid[] not null default '{}',
  club_authority text,
  club_unit text constraint meeting_guest_club_exists references sig.unit (id),
  club_function text,
  reserved_at timestamptz,
  answer text constraint meeting_guest_answer_is_known check (answer in ('accepted', 'declined')),
  answered_at timestamptz,
  came_at timestamptz,
  left_at timestamptz,
  invited_at timestamptz not null,
  invited_by uuid not null constraint meeting_guest_inviter_exists references sig.assignment (id),
  ended_at timestamptz,
  ended_by text constraint meeting_guest_end_is_known check (ended_by in
    ('by_coordinator', 'withdrawal', 'narrowing', 'sharing_stopped', 'closed')),
  constraint meeting_guest_is_one_of_two check (case kind
    when 'interpreter' then language is not null and origins = '{}' and num_nonnulls(club_authority, club_unit, club_function, reserved_at) = 0
    else language is null and (origins <> '{}') = (num_nonnulls(club_authority, club_unit, club_function) = 0)
     and num_nonnulls(club_authority, club_unit, club_function) in (0, 3) end),
  constraint meeting_guest_answer_is_dated check ((answer is null) = (answered_at is null)),
  constraint meeting_guest_promises_before_coming check (kind = 'interpreter' or reserved_at is not null or answer is distinct from 'accepted' and came_at is null),
  constraint meeting_guest_comes_before_leaving check (left_at is null or came_at <= left_at),
  constraint meeting_guest_end_is_dated check ((ended_at is null) = (ended_by is null))
);
create index meeting_guest_by_meeting on sig.meeting_guest (meeting);
create index meeting_guest_by_intervention on sig.meeting_guest (intervention);
comment on table sig.meeting_guest is 'Somebody without an account who comes to one meeting: an interpreter, or a private recipient whom rows of the consent name.';
comment on column sig.meeting_guest.who_sealed is 'The name, and of an interpreter the authorisation number or agency.';
comment on column sig.meeting_guest.contact_sealed is 'The mail address, under the authority''s own key as that of the family is: jobs open it.';
comment on column sig.meeting_guest.origins is 'Of a person whom rows name (close contact, expert): the rows, by the id under which each first stood.';
comment on column sig.meeting_guest.club_unit is 'Of somebody who comes for an association that rows name: its seat.';
comment on column sig.meeting_guest.reserved_at is 'When the reservation (OSL 10:14) was accepted by the link; before that nobody counts as coming.';

create function sig.leave_with_the_visit() returns trigger language plpgsql set search_path = '' as $$
begin
  if new.ended_at is not null and old.ended_at is null and new.came_at is not null and new.left_at is null then
    new.left_at := greatest(new.ended_at, new.came_at);
  end if;
  return new;
end $$;
comment on function sig.leave_with_the_visit() is 'Trigger: a guest whose call ends is not in the room any more, whatever ended it.';
create trigger meeting_guest_leaves before update of ended_at on sig.meeting_guest
  for each row execute function sig.leave_with_the_visit();

create table sig.meeting_language (
  meeting uuid not null constraint meeting_language_meeting_exists references sig.meeting (id),
  intervention uuid not null,
  guardian uuid constraint meeting_language_guardian_exists references sig.guardianship (id),
  youth uuid constraint meeting_language_youth_exists references sig.youth (id),
  invitation uuid constraint meeting_language_invitation_exists references sig.meeting_invitation (id),
  guest uuid constraint meeting_language_guest_exists references sig.meeting_guest (id),
  language text not null constraint meeting_language_is_a_code check (language ~ '^[a-z]{2,3}$'),
  noted_at timestamptz not null,
  constraint meeting_language_is_of_one check (num_nonnulls(guardian, youth, invitation, guest) = 1)
);
create unique index meeting_language_once on sig.meeting_language (meeting, coalesce(guardian, youth, invitation, guest));
comment on table sig.meeting_language is 'Which language somebody at a meeting needs an interpreter for: a member of the family, a called function or a guest.';

create table sig.meeting_guest_link (
  secret_hash bytea constraint meeting_guest_link_pk primary key constraint meeting_guest_link_is_a_hash check (octet_length(secret_hash) = 32),
  guest uuid not null constraint meeting_guest_link_guest_exists references sig.meeting_guest (id),
  made_at timestamptz not null
);
comment on table sig.meeting_guest_link is 'The hash of the secret in the link of a guest''s mail; the secret itself stands in the mail and nowhere else.';

-- The second wall's answer about a private guest and a point, written from the
-- rule: a row in force names the person or the association, from this teller,
-- with this category, now and when the meeting begins; of an association, goals
-- and practical matters alone (T30); and only after the reservation.
create function sig.row_names_guest(guest uuid, teller_authority text, teller_unit text, teller_function text, category text, at timestamptz)
  returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return exists (
    select from sig.meeting_guest q
      join sig.consent c on c.intervention = q.intervention and c.state = 'active'
      join sig.consent_grant g on g.consent = c.id and g.discloser_authority = teller_authority and g.discloser_function = teller_function
       and sig.current_unit(g.discloser_unit, g.discloser_function, at) = sig.current_unit(teller_unit, teller_function, at)
       and g.valid_from <= at and at < g.valid_to and category = any (g.categories)
     where q.id = guest and (
       g.private_kind is not null and g.origin = any (q.origins)
         and not exists (select from sig.consent_exclusion x where x.consent = c.id and coalesce(x.category, category) = category
                          and x.recipient_authority is null and x.recipient_unit is null and x.recipient_function is null)
       or g.recipient_authority = q.club_authority and g.recipient_function = q.club_function
         and sig.current_unit(g.recipient_unit, g.recipient_function, at) = sig.current_unit(q.club_unit, q.club_function, at)
         and category in ('meeting_logistics', 'plan_goals')
         and sig.unit_districts(sig.current_unit(q.club_unit, q.club_function, at)) <@ g.districts
         and not exists (select from sig.consent_exclusion x where x.consent = c.id and coalesce(x.category, category) = category
                          and coalesce(x.recipient_authority, q.club_authority) = q.club_authority
                          and coalesce(x.recipient_function, q.club_function) = q.club_function
                          and coalesce(sig.current_unit(x.recipient_unit, q.club_function, at), sig.current_unit(q.club_unit, q.club_function, at))
                            = sig.current_unit(q.club_unit, q.club_function, at))));
end $$;
comment on function sig.row_names_guest(uuid, text, text, text, text, timestamptz) is 'Does a row of the consent in force let this teller tell this private guest this category at this instant?';

create function sig.guest_may_hear(guest uuid, point uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare
  p record;
  now timestamptz := sig.instant();
  at timestamptz;
begin
  select mp.category, mp.teller_authority, mp.teller_unit, mp.teller_function, m.starts_at, m.intervention,
         m.authority as host_authority, m.function as host_function, sig.current_unit(m.unit, m.function, now) as host_unit,
         sig.current_unit(mp.teller_unit, mp.teller_function, now) as sits
    into p
    from sig.meeting_guest q
    join sig.meeting_point mp on mp.id = point and mp.meeting = q.meeting
    join sig.meeting m on m.id = mp.meeting
    join sig.intervention i on i.id = m.intervention and i.state = 'active'
   where q.id = guest and q.kind = 'private' and q.ended_at is null;
  if not found then
    return false;
  end if;
  foreach at in array array[now, greatest(now, p.starts_at)] loop
    if not (p.teller_authority = p.host_authority and sig.one_house(p.sits, p.host_unit))
       and not sig.seat_tells(p.intervention, p.teller_authority, p.sits, p.teller_function,
             p.host_authority, p.host_unit, p.host_function, sig.unit_districts(p.host_unit), p.category, at) then
      return false;
    end if;
    if not sig.row_names_guest(guest, p.teller_authority, p.teller_unit, p.teller_function, p.category, at) then
      return false;
    end if;
  end loop;
  return true;
end $$;
comment on function sig.guest_may_hear(uuid, uuid) is 'Could this private guest be there for the point, once the reservation is accepted?';

-- An association is no function that is called: as sig.may_attend of 017, and that.
create or replace function sig.may_attend(point uuid, authority text, unit text, function text, districts text[]) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare
  p record;
  now timestamptz := sig.instant();
  here text := sig.current_unit(unit, function, now);
  at timestamptz;
begin
  select mp.intervention, mp.category, mp.teller_authority, mp.teller_function, m.starts_at,
         m.authority as host_authority, m.function as host_function, sig.current_unit(m.unit, m.function, now) as host_unit,
         sig.current_unit(mp.teller_unit, mp.teller_function, now) as teller_unit
    into p
    from sig.meeting_point mp join sig.meeting m on m.id = mp.meeting
    join sig.intervention i on i.id = mp.intervention and i.state = 'active'
   where mp.id = point;
  if not found then
    return false;
  end if;
  foreach at in array array[now, greatest(now, p.starts_at)] loop
    -- What is told there may be told the host, or the point does not hold.
    if not (p.teller_authority = p.host_authority and sig.one_house(p.teller_unit, p.host_unit))
       and not sig.seat_tells(p.intervention, p.teller_authority, p.teller_unit, p.teller_function,
             p.host_authority, p.host_unit, p.host_function, sig.unit_districts(p.host_unit), p.category, at) then
      return false;
    end if;
    if authority = p.teller_authority and function = p.teller_function and here = p.teller_unit then
      continue; -- whoever tells is there
    end if;
    if exists (select from sig.authority a where a.id = authority and a.kind = 'civil_society') then
      return false; -- an association comes as a guest (sig.guest_may_hear)
    end if;
    if authority = p.host_authority and p.teller_authority = p.host_authority and sig.one_house(here, p.teller_unit) then
      if not exists (
           select from sig.participation s
             join sig.assignment a on a.id = s.assignment and a.authority = s.authority and a.valid_from <= now and now < a.valid_to
            where s.intervention = p.intervention and s.authority = authority and s.function = function
              and sig.current_unit(s.unit, s.function, now, s.valid_from) = here
              and s.valid_from <= now and now < s.valid_to) then
        return false;
      end if;
      continue; -- by need, inside the board
    end if;
    -- What the own house tells is nothing that it is told there: the board must be able to tell it.
    if authority = p.teller_authority and authority <> p.host_authority then
      if not sig.seat_tells(p.intervention, p.host_authority, p.host_unit, p.host_function, authority, here, function, districts, p.category, at) then
        return false;
      end if;
    elsif not sig.seat_tells(p.intervention, p.teller_authority, p.teller_unit, p.teller_function, authority, here, function, districts, p.category, at) then
      return false;
    end if;
  end loop;
  return true;
end $$;

create function sig.guest_called(guest uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return exists (
    select from sig.meeting_guest q join sig.meeting m on m.id = q.meeting and m.state in ('planned', 'live')
      join sig.intervention i on i.id = q.intervention and i.state = 'active'
     where q.id = guest and q.ended_at is null and sig.instant() < m.ends_at
       and (q.kind = 'interpreter' or exists (select from sig.meeting_point p where p.meeting = q.meeting and sig.guest_may_hear(q.id, p.id))));
end $$;
comment on function sig.guest_called(uuid) is 'Is the guest still called to a meeting that is not over, with a ground for it?';

-- Only whom a secret speaks for is looked up.
create function sig.guest_of_link(secret_hash bytea)
  returns table (guest uuid, meeting uuid, intervention uuid)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  if sig.actor_kind() <> 'system' then
    return;
  end if;
  return query
    select q.id, q.meeting, q.intervention from sig.meeting_guest_link l join sig.meeting_guest q on q.id = l.guest
     where l.secret_hash = secret_hash and sig.guest_called(q.id);
end $$;
comment on function sig.guest_of_link(bytea) is 'Whose link it is; nobody''s from the instant at which the call or its ground ends.';

-- What an interpreter reads: while being in an open room, the points of those
-- for whom the interpreting is done. A called function has its own points; of
-- the family, all.
create function sig.texts_for_interpreter(guest uuid) returns table (point uuid, body_sealed bytea)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  if sig.actor_kind() <> 'system' then
    return;
  end if;
  return query
    select t.point, t.body_sealed
      from sig.meeting_guest q
      join sig.meeting m on m.id = q.meeting and m.state = 'live' and m.sharing_ended_at is null
      join sig.meeting_point_text t on t.meeting = m.id
     where q.id = guest and q.kind = 'interpreter' and q.came_at is not null and q.left_at is null and sig.guest_called(q.id)
       and exists (
         select from sig.meeting_language l where l.meeting = m.id and l.language = q.language and case
           when l.invitation is not null then exists (
             select from sig.meeting_invitation v join sig.meeting_presence r on r.invitation = v.id and r.point = t.point and r.ended_at is null
              where v.id = l.invitation and v.ended_at is null
                and sig.may_attend(r.point, v.authority, v.unit, v.function, sig.unit_districts(sig.current_unit(v.unit, v.function, sig.instant()))))
           when l.guest is not null then exists (select from sig.meeting_guest o where o.id = l.guest and o.reserved_at is not null)
             and sig.guest_may_hear(l.guest, t.point)
           else true end);
end $$;
comment on function sig.texts_for_interpreter(uuid) is 'The texts that an interpreter may read now: in the open room, and of the points at which somebody is interpreted for.';

-- Mail to guests: the call, as a calendar entry, and its end.
alter table sig.mail add column guest uuid constraint mail_guest_exists references sig.meeting_guest (id);
alter table sig.mail drop constraint mail_has_one_recipient;
alter table sig.mail add constraint mail_has_one_recipient check (num_nonnulls(assignment, guardian, youth, guest) = 1);
alter table sig.mail drop constraint mail_kind_is_known;
alter table sig.mail add constraint mail_kind_is_known check (kind in
  ('new_copy', 'collaboration_ended', 'consent_to_sign', 'lead_new_grant', 'part_requested', 'part_answered',
   'expiry_reminder', 'approval_needed', 'receipt_ready', 'proposal_received', 'task_due', 'meeting', 'meeting_reminder', 'meeting_guest'));
alter table sig.mail drop constraint mail_of_a_meeting_is_a_calendar_entry;
alter table sig.mail add constraint mail_of_a_meeting_is_a_calendar_entry check
  (case kind when 'meeting' then num_nonnulls(method, sequence, object_id, assignment, about_at) = 5
             when 'meeting_guest' then num_nonnulls(method, sequence, guest, about_at) = 4
             when 'meeting_reminder' then method is null and num_nonnulls(sequence, object_id, assignment, about_at) = 4
             else num_nonnulls(method, sequence) = 0 end);
create index mail_of_guest on sig.mail (guest) where kind = 'meeting_guest';

create function sig.queue_guest_call(guest uuid, at timestamptz) returns void
  language plpgsql volatile security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  with put as (
    insert into sig.mail (id, kind, guest, intervention, about_at, language, message_id, due_at, queued_at, method, sequence)
    select gen_random_uuid(), 'meeting_guest', q.id, q.intervention, m.starts_at, 'sv', gen_random_uuid(), at, at, 'request', m.sequence
      from sig.meeting_guest q join sig.meeting m on m.id = q.meeting and m.state = 'planned'
     where q.id = guest and q.ended_at is null and at < m.ends_at
       and not exists (select from sig.mail d where d.guest = q.id and d.method = 'request' and d.sequence = m.sequence)
    returning id, intervention)
  insert into sig.alarm (id, kind, intervention, object_id, due_at)
  select gen_random_uuid(), 'mail_due', p.intervention, p.id, at from put p;
  if found then
    perform pg_notify('sig_alarm', '');
  end if;
end $$;
comment on function sig.queue_guest_call(uuid, timestamptz) is 'Queues the call of one guest, once for each sequence of the meeting.';

create function sig.queue_guest_ends(intervention uuid, at timestamptz) returns bigint
  language plpgsql volatile security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare queued bigint;
begin
  with put as (
    insert into sig.mail (id, kind, guest, intervention, about_at, language, message_id, due_at, queued_at, method, sequence)
    select gen_random_uuid(), 'meeting_guest', q.id, intervention, m.starts_at, 'sv', gen_random_uuid(), at, at, 'cancel',
           greatest(max(d.sequence) + 1, case when m.state = 'cancelled' then m.sequence end)
      from sig.meeting_guest q join sig.meeting m on m.id = q.meeting
      join sig.mail d on d.guest = q.id and d.method = 'request' and d.cancelled_at is null
     where q.intervention = intervention and (q.ended_at is not null or m.state = 'cancelled') and at < m.ends_at
       and not exists (select from sig.mail e where e.guest = q.id and e.method = 'cancel')
     group by q.id, m.starts_at, m.state, m.sequence
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
comment on function sig.queue_guest_ends(uuid, timestamptz) is 'Queues the cancellation for every guest to whom a call was queued and whose visit has ended since, once.';

alter function sig.queue_meeting_ends(uuid, timestamptz) rename to queue_call_ends;
create function sig.queue_meeting_ends(intervention uuid, at timestamptz) returns bigint
  language plpgsql volatile security definer set search_path = ''
  as $$ begin return sig.queue_call_ends(intervention, at) + sig.queue_guest_ends(intervention, at); end $$;
comment on function sig.queue_meeting_ends(uuid, timestamptz) is 'Queues the cancellation for everybody, of a function or a guest, to whom a call was queued that has ended since, once.';

create function sig.guest_mail_entitled(mail_id uuid) returns boolean
  language sql volatile security definer set search_path = ''
  as $$
    select exists (
      select from sig.mail m
        join sig.meeting_guest q on q.id = m.guest
        join sig.meeting t on t.id = q.meeting
       where m.id = mail_id and m.kind = 'meeting_guest' and m.sent_at is null and m.cancelled_at is null
         and case m.method
           when 'cancel' then (q.ended_at is not null or t.state = 'cancelled') and exists (
             select from sig.mail d where d.guest = q.id and d.method = 'request' and d.sequence < m.sequence and d.checked_at is not null)
           else t.state = 'planned' and t.sequence = m.sequence and sig.guest_called(q.id) end)
  $$;
comment on function sig.guest_mail_entitled(uuid) is 'Whether a guest''s mail may still be handed over: the call while its ground holds, the end to whoever has, or may have, got the call.';

create or replace function sig.mail_entitled(mail_id uuid) returns boolean
  language sql volatile security definer set search_path = ''
  as $$
    select case (select m.kind from sig.mail m where m.id = mail_id)
           when 'meeting' then sig.meeting_mail_entitled(mail_id)
           when 'meeting_guest' then sig.guest_mail_entitled(mail_id)
           when 'meeting_reminder' then sig.reminder_entitled(mail_id)
           else sig.letter_entitled(mail_id) end
  $$;

create or replace function sig.mail_contact(mail_id uuid)
  returns table (email text, authority text, owner uuid, contact_sealed bytea)
  language sql stable security definer set search_path = ''
  as $$
    select a.email, coalesce(a.authority, g.authority, y.authority, q.authority), coalesce(a.id, g.id, y.id, q.id),
           coalesce(g.contact_sealed, y.contact_sealed, q.contact_sealed)
    from sig.mail m
    left join sig.assignment a on a.id = m.assignment
    left join sig.guardianship g on g.id = m.guardian
    left join sig.youth y on y.id = m.youth
    left join sig.meeting_guest q on q.id = m.guest
    where m.id = mail_id and m.checked_at is not null and m.sent_at is null and m.cancelled_at is null
  $$;

create function sig.mail_guest(mail_id uuid)
  returns table (guest uuid, meeting uuid, authority text, method text, sequence integer, starts_at timestamptz, ends_at timestamptz, place_sealed bytea)
  language sql stable security definer set search_path = ''
  as $$
    select q.id, t.id, t.authority, m.method, m.sequence, t.starts_at, t.ends_at,
           case when y.protection = 'none' and m.method = 'request' then t.mail_place_sealed end
      from sig.mail m
      join sig.meeting_guest q on q.id = m.guest
      join sig.meeting t on t.id = q.meeting
      join sig.intervention i on i.id = t.intervention
      join sig.youth y on y.id = i.youth
     where m.id = mail_id and m.kind = 'meeting_guest' and m.checked_at is not null and m.sent_at is null and m.cancelled_at is null
  $$;
comment on function sig.mail_guest(uuid) is 'What a guest''s checked, unsent call says; the place unless the young person has protected identity.';

revoke all on function sig.leave_with_the_visit(), sig.row_names_guest(uuid, text, text, text, text, timestamptz), sig.guest_may_hear(uuid, uuid),
  sig.guest_called(uuid), sig.texts_for_interpreter(uuid), sig.guest_of_link(bytea), sig.queue_guest_call(uuid, timestamptz), sig.queue_guest_ends(uuid, timestamptz),
  sig.queue_call_ends(uuid, timestamptz), sig.queue_meeting_ends(uuid, timestamptz), sig.guest_mail_entitled(uuid), sig.mail_guest(uuid) from public;
revoke execute on function sig.queue_call_ends(uuid, timestamptz) from sig_app, sig_worker;
grant execute on function sig.queue_meeting_ends(uuid, timestamptz) to sig_app, sig_worker;
grant execute on function sig.guest_of_link(bytea), sig.queue_guest_call(uuid, timestamptz), sig.guest_may_hear(uuid, uuid), sig.guest_called(uuid), sig.texts_for_interpreter(uuid) to sig_app;
grant execute on function sig.mail_guest(uuid) to sig_worker;

do $$
declare t text;
begin
  foreach t in array array['meeting_guest', 'meeting_language', 'meeting_guest_link'] loop
    execute format('alter table sig.%I enable row level security', t);
    execute format('alter table sig.%I force row level security', t);
    execute format('create policy owner_all on sig.%I to sig_owner using (true) with check (true)', t);
  end loop;
  foreach t in array array['meeting_guest', 'meeting_language'] loop
    execute format('create policy system_all on sig.%I to sig_app using ((select sig.actor_kind()) = ''system'') with check ((select sig.actor_kind()) = ''system'')', t);
  end loop;
end $$;
create policy guest_worker on sig.meeting_guest to sig_worker using (sig.actor_kind() = 'system') with check (sig.actor_kind() = 'system');
create policy guest_link_worker on sig.meeting_guest_link for insert to sig_worker with check (
  sig.actor_kind() = 'system' and exists (select from sig.mail m where m.kind = 'meeting_guest' and m.method = 'request' and m.guest = meeting_guest_link.guest));
create policy guest_whole_for_board on sig.meeting_guest for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy guest_caller on sig.meeting_guest for insert to sig_app with check (
  intervention = any ((select sig.my_coordinated_cases())::uuid[]) and authority = (select sig.my_authority())
  and invited_by = (select sig.setting_uuid('app.assignment')) and num_nonnulls(reserved_at, answer, came_at) = 0
  and exists (select from sig.meeting m where m.id = meeting_guest.meeting and m.intervention = meeting_guest.intervention));
create policy guest_changer on sig.meeting_guest for update to sig_app using (intervention = any ((select sig.my_coordinated_cases())::uuid[]));
create policy language_whole_for_board on sig.meeting_language for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy language_family on sig.meeting_language for select to sig_app using (
  (select sig.my_standing()) is not null and coalesce(guardian, youth) = (select sig.my_standing()));
create policy language_noter on sig.meeting_language to sig_app
  using (intervention = any ((select sig.my_coordinated_cases())::uuid[]))
  with check (intervention = any ((select sig.my_coordinated_cases())::uuid[])
    and exists (select from sig.meeting m where m.id = meeting_language.meeting and m.intervention = meeting_language.intervention));

grant select, insert on sig.meeting_guest, sig.meeting_language to sig_app;
grant delete on sig.meeting_language to sig_app;
grant update (reserved_at, answer, answered_at, came_at, left_at, ended_at, ended_by) on sig.meeting_guest to sig_app;
grant select (id, meeting, intervention, kind, origins, club_authority, club_unit, club_function, ended_at, ended_by, came_at, left_at) on sig.meeting_guest to sig_worker;
grant update (ended_at, ended_by, left_at) on sig.meeting_guest to sig_worker;
grant insert on sig.meeting_guest_link to sig_worker;
