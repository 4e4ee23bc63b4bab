-- Guests are in the room as functions are, with every stay and what ended it: a
-- guest who came back had never been away, since one row held one coming. And
-- whoever opens the room is in it from then on, unless they leave.
create table sig.meeting_guest_stay (
  id uuid constraint meeting_guest_stay_pk primary key,
  meeting uuid not null constraint meeting_guest_stay_meeting_exists references sig.meeting (id),
  intervention uuid not null,
  guest uuid not null constraint meeting_guest_stay_guest_exists references sig.meeting_guest (id),
  came_at timestamptz not null,
  came_noted_by uuid not null constraint meeting_guest_stay_noter_exists references sig.assignment (id),
  left_at timestamptz,
  left_why text constraint meeting_guest_stay_why_is_known check (left_why in ('noted', 'cut', 'ended')),
  constraint meeting_guest_stay_runs_forward check (came_at <= left_at),
  constraint meeting_guest_stay_end_has_a_why check ((left_at is null) = (left_why is null))
);
create unique index meeting_guest_stay_once_at_a_time on sig.meeting_guest_stay (guest) where left_at is null;
create index meeting_guest_stay_by_meeting on sig.meeting_guest_stay (meeting, came_at);
comment on table sig.meeting_guest_stay is 'Time-coded attendance of a guest: in the room from came_at to left_at. Whoever comes back has another row.';
create trigger meeting_guest_stay_stays_ended before update on sig.meeting_guest_stay
  for each row when (old.left_at is not null and new is distinct from old) execute function sig.forbid_change();

insert into sig.meeting_guest_stay (id, meeting, intervention, guest, came_at, came_noted_by, left_at, left_why)
select gen_random_uuid(), q.meeting, q.intervention, q.id, q.came_at, m.opened_by, q.left_at,
       case when q.left_at is null then null when q.left_at = q.ended_at then 'cut' when q.left_at = m.ended_at then 'ended' else 'noted' end
  from sig.meeting_guest q join sig.meeting m on m.id = q.meeting and m.opened_by is not null where q.came_at is not null;

insert into sig.meeting_attendance (id, meeting, intervention, invitation, assignment, came_at, came_noted_by, left_at, left_why)
select gen_random_uuid(), m.id, m.intervention, v.id, m.opened_by, m.opened_at, m.opened_by, m.ended_at, case when m.ended_at is not null then 'ended' end
  from sig.meeting m join sig.meeting_invitation v on v.meeting = m.id and v.authority = m.authority and v.function = m.function
   and v.unit = m.unit and v.ended_at is null
 where m.opened_at is not null;

drop trigger meeting_guest_leaves on sig.meeting_guest;
create or replace function sig.leave_with_the_visit() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update sig.meeting_guest_stay s set left_at = greatest(new.ended_at, s.came_at), left_why = 'cut'
   where s.guest = new.id and s.left_at is null;
  return null;
end $$;
create trigger meeting_guest_leaves after update of ended_at on sig.meeting_guest
  for each row when (old.ended_at is null and new.ended_at is not null) execute function sig.leave_with_the_visit();

do $$
declare
  old text := pg_get_functiondef('sig.texts_for_interpreter(uuid)'::regprocedure);
  new text := replace(old, 'and q.came_at is not null and q.left_at is null',
    'and exists (select from sig.meeting_guest_stay x where x.guest = q.id and x.left_at is null)');
begin
  if new = old then raise exception 'sig.texts_for_interpreter asks for no stay'; end if;
  execute new;
end $$;

alter policy guest_caller on sig.meeting_guest with check (
  intervention = any ((select sig.my_coordinated_cases())::uuid[]) and authority = (select sig.my_authority())
  and invited_by = (select sig.setting_uuid('app.assignment')) and num_nonnulls(reserved_at, answer) = 0
  and exists (select from sig.meeting m where m.id = meeting_guest.meeting and m.intervention = meeting_guest.intervention));
alter table sig.meeting_guest
  drop constraint meeting_guest_promises_before_coming,
  drop constraint meeting_guest_comes_before_leaving,
  drop column came_at, drop column left_at,
  add constraint meeting_guest_promises_before_coming check (kind = 'interpreter' or reserved_at is not null or answer is distinct from 'accepted');

alter table sig.meeting_guest_stay enable row level security;
alter table sig.meeting_guest_stay force row level security;
create policy owner_all on sig.meeting_guest_stay to sig_owner using (true) with check (true);
create policy guest_stay_board on sig.meeting_guest_stay for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy guest_stay_system on sig.meeting_guest_stay for select to sig_app using ((select sig.actor_kind()) = 'system');
create policy guest_stay_noter on sig.meeting_guest_stay for insert to sig_app with check (
  meeting = any ((select sig.my_rooms())::uuid[]) and came_noted_by = (select sig.setting_uuid('app.assignment')) and left_at is null
  and exists (select from sig.meeting_guest q where q.id = meeting_guest_stay.guest and q.meeting = meeting_guest_stay.meeting
               and q.intervention = meeting_guest_stay.intervention and q.ended_at is null
               and (q.kind = 'interpreter' or q.reserved_at is not null)));
create policy guest_stay_changer on sig.meeting_guest_stay for update to sig_app
  using (intervention = any ((select sig.my_coordinated_cases())::uuid[])) with check (left_at is not null);
grant select, insert on sig.meeting_guest_stay to sig_app;
grant update (left_at, left_why) on sig.meeting_guest_stay to sig_app;
