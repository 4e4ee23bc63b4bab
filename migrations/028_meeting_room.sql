-- The room of a network meeting: when it was opened, who came and left when,
-- what is being written under a point, and what was told there. What was told
-- is an item of its teller's authority and its disclosures, as anything else
-- that is told; the row here says only under which point, and when.
alter table sig.meeting
  add column opened_at timestamptz,
  add column opened_by uuid constraint meeting_opener_exists references sig.assignment (id),
  add column ended_at timestamptz,
  add column sharing_ended_at timestamptz,
  add constraint meeting_opened_is_dated check ((state in ('live', 'ended')) = (opened_at is not null) and (opened_at is null) = (opened_by is null)),
  add constraint meeting_ended_is_dated check ((state = 'ended') = (ended_at is not null)),
  add constraint meeting_stops_only_when_open check (sharing_ended_at is null or opened_at is not null);
comment on column sig.meeting.opened_at is 'When the coordinator opened the room; from then on attendance is noted and what is told can be stamped.';
comment on column sig.meeting.ended_at is 'When the meeting was over, as the coordinator said; ends_at is when it was meant to be.';
comment on column sig.meeting.sharing_ended_at is 'When the consent ended under an open room: nothing is told there any more.';
create trigger meeting_room_keeps_its_times before update on sig.meeting
  for each row when (old.opened_at is not null and new.opened_at is distinct from old.opened_at
                     or old.ended_at is not null and new.ended_at is distinct from old.ended_at
                     or old.sharing_ended_at is not null and new.sharing_ended_at is distinct from old.sharing_ended_at)
  execute function sig.forbid_change();

create table sig.meeting_attendance (
  id uuid constraint meeting_attendance_pk primary key,
  meeting uuid not null constraint meeting_attendance_meeting_exists references sig.meeting (id),
  intervention uuid not null,
  invitation uuid not null constraint meeting_attendance_invitation_exists references sig.meeting_invitation (id),
  assignment uuid constraint meeting_attendance_person_exists references sig.assignment (id),
  came_at timestamptz not null,
  came_noted_by uuid not null constraint meeting_attendance_noter_exists references sig.assignment (id),
  left_at timestamptz,
  left_why text constraint meeting_attendance_why_is_known check (left_why in ('noted', 'cut', 'ended')),
  constraint meeting_attendance_runs_forward check (came_at <= left_at),
  constraint meeting_attendance_end_has_a_why check ((left_at is null) = (left_why is null))
);
create unique index meeting_attendance_once_at_a_time on sig.meeting_attendance (invitation, assignment) nulls not distinct where left_at is null;
create index meeting_attendance_by_meeting on sig.meeting_attendance (meeting, came_at);
comment on table sig.meeting_attendance is 'Time-coded attendance: a called seat, and where known the person, was in the room from came_at to left_at. Whoever comes back has another row.';
create trigger meeting_attendance_stays_ended before update on sig.meeting_attendance
  for each row when (old.left_at is not null and new is distinct from old) execute function sig.forbid_change();

create function sig.leave_with_the_call() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update sig.meeting_attendance a set left_at = greatest(new.ended_at, a.came_at), left_why = 'cut'
   where a.invitation = new.id and a.left_at is null;
  return null;
end $$;
comment on function sig.leave_with_the_call() is 'Trigger: whose call ends is not in the room any more, whatever took the call.';
create trigger meeting_invitation_takes_attendance after update of ended_at on sig.meeting_invitation
  for each row when (old.ended_at is null and new.ended_at is not null) execute function sig.leave_with_the_call();

create table sig.meeting_draft (
  point uuid not null constraint meeting_draft_point_exists references sig.meeting_point (id),
  kind text not null constraint meeting_draft_kind_is_known check (kind in ('told', 'internal')),
  meeting uuid not null,
  intervention uuid not null,
  authority text not null,
  unit text not null,
  function text not null,
  version integer not null constraint meeting_draft_counts_from_one check (version >= 1),
  body_sealed bytea,
  saved_at timestamptz not null,
  saved_by uuid not null constraint meeting_draft_writer_exists references sig.assignment (id),
  constraint meeting_draft_pk primary key (point, kind)
);
comment on table sig.meeting_draft is 'What is being written under a point, sealed under the key of whose it is: told is the teller''s until it is stamped, internal is the board''s own note and is never told. Without a body it has been stamped.';
comment on column sig.meeting_draft.version is 'Grows with every save; whoever saves says which one was seen, so that nothing is overwritten unseen.';
create function sig.check_draft() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if new.version <> old.version + 1 then
    raise exception 'a draft is saved over the version that was seen'
      using errcode = 'check_violation', constraint = 'meeting_draft_version_grows_by_one';
  end if;
  return new;
end $$;
comment on function sig.check_draft() is 'Trigger: every save is the next version.';
create trigger meeting_draft_counts before update on sig.meeting_draft for each row execute function sig.check_draft();

create table sig.meeting_told (
  item uuid constraint meeting_told_pk primary key constraint meeting_told_item_exists references sig.item (id),
  point uuid not null constraint meeting_told_point_exists references sig.meeting_point (id),
  meeting uuid not null,
  intervention uuid not null,
  authority text not null,
  told_at timestamptz not null,
  told_by uuid not null constraint meeting_told_teller_exists references sig.assignment (id)
);
create index meeting_told_by_meeting on sig.meeting_told (meeting, told_at);
comment on table sig.meeting_told is 'Which items were told in the room, under which point and when. To whom is said by their disclosures alone.';

-- What the second wall asks.
create function sig.my_rooms() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select coalesce(array_agg(m.id), '{}') from sig.meeting m
     where m.state = 'live' and m.intervention = any (sig.my_coordinated_cases()));
end $$;
comment on function sig.my_rooms() is 'Open rooms of meetings that the actor coordinates.';

create function sig.my_seat_writes(point uuid, kind text, authority text, unit text, function text) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return exists (
    select from sig.meeting_point p
      join sig.meeting m on m.id = p.meeting and m.state in ('live', 'ended')
      join unnest(sig.my_seats()) s on s.intervention = p.intervention and s.state <> 'closed'
     where p.id = point and s.authority = authority and s.function = function and unit = any (s.units)
       and (kind = 'told' and m.state = 'live' and p.teller_authority = s.authority and p.teller_function = s.function and p.teller_unit = any (s.units)
            or kind = 'internal' and s.board = s.authority and s.function = 'coordinator'));
end $$;
comment on function sig.my_seat_writes(uuid, text, text, text, text) is 'May a seat of the actor write this draft: the teller what is told while the room is open, the board''s coordinator the internal note?';

create function sig.my_point_is_open(point uuid, authority text) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return exists (
    select from sig.meeting_point p
      join sig.meeting m on m.id = p.meeting and m.state = 'live' and m.sharing_ended_at is null
      join unnest(sig.my_seats()) s on s.intervention = p.intervention and s.state = 'active'
       and s.authority = p.teller_authority and s.function = p.teller_function and p.teller_unit = any (s.units)
      join sig.consent c on c.intervention = p.intervention and c.state = 'active'
     where p.id = point and p.teller_authority = authority
       and exists (select from sig.consent_grant g where g.consent = c.id and g.valid_from <= sig.instant() and sig.instant() < g.valid_to));
end $$;
comment on function sig.my_point_is_open(uuid, text) is 'Can somebody in the teller''s seat stamp something now: the room open, sharing not ended, a consent in force?';

revoke all on function sig.leave_with_the_call(), sig.check_draft(), sig.my_rooms(), sig.my_seat_writes(uuid, text, text, text, text),
  sig.my_point_is_open(uuid, text) from public;
grant execute on function sig.my_rooms(), sig.my_seat_writes(uuid, text, text, text, text), sig.my_point_is_open(uuid, text) to sig_app;

do $$
declare t text;
begin
  foreach t in array array['meeting_attendance', 'meeting_draft', 'meeting_told'] loop
    execute format('alter table sig.%I enable row level security', t);
    execute format('alter table sig.%I force row level security', t);
    execute format('create policy owner_all on sig.%I to sig_owner using (true) with check (true)', t);
  end loop;
end $$;

create policy attendance_board on sig.meeting_attendance for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy attendance_called on sig.meeting_attendance for select to sig_app using (invitation = any ((select sig.my_invitations())::uuid[]));
create policy attendance_system on sig.meeting_attendance for select to sig_app using ((select sig.actor_kind()) = 'system');
create policy attendance_noter on sig.meeting_attendance for insert to sig_app with check (
  meeting = any ((select sig.my_rooms())::uuid[]) and came_noted_by = (select sig.setting_uuid('app.assignment')) and left_at is null
  and exists (select from sig.meeting_invitation v where v.id = meeting_attendance.invitation and v.meeting = meeting_attendance.meeting
               and v.intervention = meeting_attendance.intervention and v.ended_at is null));
create policy attendance_changer on sig.meeting_attendance for update to sig_app
  using (intervention = any ((select sig.my_coordinated_cases())::uuid[])) with check (left_at is not null);

create policy draft_internal on sig.meeting_draft for select to sig_app using (
  kind = 'internal' and authority = (select sig.my_authority()) and intervention = any ((select sig.my_board_cases())::uuid[])
  and intervention = any ((select sig.my_open_cases())::uuid[]));
create policy draft_told on sig.meeting_draft for select to sig_app using (
  kind = 'told' and exists (select from unnest((select sig.my_seats())::sig.seat[]) s
                             where s.intervention = meeting_draft.intervention and s.authority = meeting_draft.authority
                               and s.function = meeting_draft.function and meeting_draft.unit = any (s.units) and s.state <> 'closed'));
create policy draft_writer on sig.meeting_draft for insert to sig_app with check (
  saved_by = (select sig.setting_uuid('app.assignment')) and sig.my_seat_writes(point, kind, authority, unit, function));
create policy draft_changer on sig.meeting_draft for update to sig_app
  using (sig.my_seat_writes(point, kind, authority, unit, function))
  with check (saved_by = (select sig.setting_uuid('app.assignment')) and sig.my_seat_writes(point, kind, authority, unit, function));

create policy told_of_item on sig.meeting_told for select to sig_app using (exists (select from sig.item i where i.id = meeting_told.item));
create policy told_of_copy on sig.meeting_told for select to sig_app using (
  intervention = any ((select sig.my_cases())::uuid[])
  and exists (select from sig.received r where r.item = meeting_told.item and r.intervention = meeting_told.intervention));
create policy told_by_teller on sig.meeting_told for insert to sig_app with check (
  authority = (select sig.my_authority()) and told_by = (select sig.setting_uuid('app.assignment'))
  and sig.my_point_is_open(point, authority)
  and exists (select from sig.item i where i.id = meeting_told.item and i.intervention = meeting_told.intervention
               and i.author = meeting_told.told_by and i.authority = meeting_told.authority)
  and exists (select from sig.meeting_point p where p.id = meeting_told.point and p.meeting = meeting_told.meeting
               and p.intervention = meeting_told.intervention));

grant update (opened_at, opened_by, ended_at, sharing_ended_at) on sig.meeting to sig_app;
grant select (sharing_ended_at), update (sharing_ended_at) on sig.meeting to sig_worker;
grant select, insert on sig.meeting_attendance, sig.meeting_draft, sig.meeting_told to sig_app;
grant update (left_at, left_why) on sig.meeting_attendance to sig_app;
grant update (version, body_sealed, saved_at, saved_by) on sig.meeting_draft to sig_app;
