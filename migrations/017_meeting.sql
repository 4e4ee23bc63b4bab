-- Network meetings: when and where, what is on the agenda, who may be told
-- what there, who is called. A meeting is a disclosure in the making (OSL 3:1):
-- nobody is called to a point whom the consent does not let be told it, at the
-- meeting's own time, and the calls are judged again at every read.
create table sig.meeting_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
comment on table sig.meeting_transition is 'The legal edges of the meeting''s state machine; sig.MeetingState says the same in Go and a test compares them.';
insert into sig.meeting_transition values ('planned', 'live'), ('planned', 'cancelled'), ('live', 'ended');

create table sig.meeting (
  id uuid constraint meeting_pk primary key,
  intervention uuid not null constraint meeting_intervention_exists references sig.intervention (id),
  authority text not null constraint meeting_authority_exists references sig.authority (id),
  unit text not null constraint meeting_unit_exists references sig.unit (id),
  function text not null,
  assignment uuid not null constraint meeting_caller_exists references sig.assignment (id),
  state text not null default 'planned' constraint meeting_state_is_known check (state in ('planned', 'live', 'ended', 'cancelled')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  sequence integer not null default 0 constraint meeting_sequence_counts_from_zero check (sequence >= 0),
  place_sealed bytea,
  link_sealed bytea,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  cancelled_at timestamptz,
  cancel_reason text constraint meeting_cancel_reason_is_known check (cancel_reason in ('by_coordinator', 'collaboration_ended')),
  constraint meeting_runs_forward check (starts_at < ends_at),
  constraint meeting_cancelled_is_dated check ((state = 'cancelled') = (cancelled_at is not null) and (cancelled_at is null) = (cancel_reason is null))
);
create index meeting_by_intervention on sig.meeting (intervention, starts_at);
create index meeting_by_start on sig.meeting (starts_at);
comment on table sig.meeting is 'NetworkMeeting: when, and sealed where. Its id is the UID of its calendar entries and never changes.';
comment on column sig.meeting.function is 'The host: the function of the board, with authority and unit, that called the meeting and tells what the board tells there.';
comment on column sig.meeting.sequence is 'SEQUENCE of the calendar entry: grows with every move and with the cancellation.';
comment on column sig.meeting.place_sealed is 'Where, sealed; never there when the young person has protected identity.';
create trigger meeting_walks_legal_edges before update of state on sig.meeting
  for each row execute function sig.check_transition('meeting_transition');

create function sig.check_meeting() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  -- What was stored before the protection is shown to nobody, and must not hold up an end.
  if new.place_sealed is not null and (tg_op = 'INSERT' or new.place_sealed is distinct from old.place_sealed) and exists (
       select from sig.intervention i join sig.youth y on y.id = i.youth
        where i.id = new.intervention and y.protection <> 'none') then
    raise exception 'the place of a meeting about somebody with protected identity is not stored'
      using errcode = 'check_violation', constraint = 'meeting_place_is_not_of_a_protected';
  end if;
  if tg_op = 'UPDATE' and new.sequence <= old.sequence and
     ((new.starts_at, new.ends_at) <> (old.starts_at, old.ends_at) or new.state = 'cancelled' and old.state <> 'cancelled') then
    raise exception 'a move or a cancellation needs a higher sequence'
      using errcode = 'check_violation', constraint = 'meeting_sequence_grows';
  end if;
  if tg_op = 'UPDATE' and old.state in ('cancelled', 'ended') and (new.starts_at, new.ends_at) <> (old.starts_at, old.ends_at) then
    raise exception 'what is over does not move'
      using errcode = 'check_violation', constraint = 'meeting_that_is_over_stays';
  end if;
  return new;
end $$;
comment on function sig.check_meeting() is 'Trigger: no place of a protected person, a higher sequence with every move, nothing moves that is over.';
create trigger meeting_is_consistent before insert or update on sig.meeting for each row execute function sig.check_meeting();

create table sig.meeting_point (
  id uuid constraint meeting_point_pk primary key,
  meeting uuid not null constraint meeting_point_meeting_exists references sig.meeting (id),
  intervention uuid not null,
  position integer not null constraint meeting_point_counts_from_one check (position >= 1),
  category text not null,
  teller_authority text not null,
  teller_unit text not null constraint meeting_point_teller_unit_exists references sig.unit (id),
  teller_function text not null,
  constraint meeting_point_position_is_unique unique (meeting, position)
);
create index meeting_point_by_intervention on sig.meeting_point (intervention);
comment on table sig.meeting_point is 'One point of an agenda: which category is told, and by which function. Who may be there follows from the consent.';

create table sig.meeting_point_text (
  point uuid constraint meeting_point_text_pk primary key constraint meeting_point_text_point_exists references sig.meeting_point (id),
  meeting uuid not null,
  intervention uuid not null,
  authority text not null,
  body_sealed bytea not null
);
comment on table sig.meeting_point_text is 'What a point is about, in the board''s own words and sealed under its key: a text of its own, because whoever may be told the category by the teller may not always be told it by the board.';

create table sig.meeting_invitation (
  id uuid constraint meeting_invitation_pk primary key,
  meeting uuid not null constraint meeting_invitation_meeting_exists references sig.meeting (id),
  intervention uuid not null,
  authority text not null,
  unit text not null constraint meeting_invitation_unit_exists references sig.unit (id),
  function text not null,
  invited_at timestamptz not null,
  answer text constraint meeting_invitation_answer_is_known check (answer in ('accepted', 'declined')),
  answered_at timestamptz,
  answered_by uuid,
  ended_at timestamptz,
  ended_by text constraint meeting_invitation_end_is_known check (ended_by in
    ('by_coordinator', 'withdrawal', 'narrowing', 'sharing_stopped', 'closed')),
  constraint meeting_invitation_once_per_seat unique (meeting, authority, unit, function),
  constraint meeting_invitation_answer_is_signed check (num_nonnulls(answer, answered_at, answered_by) in (0, 3)),
  constraint meeting_invitation_end_is_dated check ((ended_at is null) = (ended_by is null))
);
create index meeting_invitation_by_seat on sig.meeting_invitation (intervention, authority, function);
comment on table sig.meeting_invitation is 'A function that is called to a meeting, and its answer. Whoever fills the seat is called, today''s stand-in too.';

create table sig.meeting_presence (
  invitation uuid not null constraint meeting_presence_invitation_exists references sig.meeting_invitation (id),
  point uuid not null constraint meeting_presence_point_exists references sig.meeting_point (id),
  meeting uuid not null,
  intervention uuid not null,
  ended_at timestamptz,
  constraint meeting_presence_pk primary key (invitation, point)
);
create index meeting_presence_by_meeting on sig.meeting_presence (meeting);
create index meeting_presence_by_point on sig.meeting_presence (point);
comment on table sig.meeting_presence is 'Which points a called function is called to; ended when its ground goes. A row alone shows nothing: the consent is asked at every read.';

alter table sig.task drop constraint task_kind_is_known;
alter table sig.task add constraint task_kind_is_known check (kind in
  ('consider_other_measures', 'renew_consent', 'set_participation', 'decide_visibility', 'approve_disclosure', 'answer_request',
   'review_incident', 'decide_measure', 'proposal_received', 'review_meeting'));

-- What the second wall asks.
create function sig.seat_tells(
    intervention uuid, from_authority text, from_unit text, from_function text,
    to_authority text, to_unit text, to_function text, districts text[], category text, at timestamptz) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select exists (
      select from sig.consent c
        join sig.consent_grant g on g.consent = c.id
         and g.discloser_authority = $2 and g.discloser_function = $4
         and sig.current_unit(g.discloser_unit, $4, $10) = sig.current_unit($3, $4, $10)
         and g.recipient_authority = $5 and g.recipient_function = $7
         and sig.current_unit(g.recipient_unit, $7, $10) = sig.current_unit($6, $7, $10)
         and g.valid_from <= $10 and $10 < g.valid_to
         and $9 = any (g.categories) and $8 <@ g.districts
        join sig.unit du on du.id = sig.current_unit($3, $4, $10) and du.authority = $2
        join sig.unit ru on ru.id = sig.current_unit($6, $7, $10) and ru.authority = $5
       where c.intervention = $1 and c.state = 'active'
         and not exists (
               select from sig.consent_exclusion x
                where x.consent = c.id and coalesce(x.category, $9) = $9
                  and coalesce(x.recipient_authority, $5) = $5
                  and coalesce(sig.current_unit(x.recipient_unit, $7, $10), ru.id) = ru.id
                  and coalesce(x.recipient_function, $7) = $7)));
end $$;
comment on function sig.seat_tells(uuid, text, text, text, text, text, text, text[], text, timestamptz) is 'Does a row of the consent in force let this seat tell that one this category at this instant?';

create function sig.one_house(a_unit text, b_unit text) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select exists (
      select from sig.unit a join sig.branch ab on ab.id = a.branch join sig.authority o on o.id = a.authority
        join sig.unit b on b.authority = a.authority join sig.branch bb on bb.id = b.branch
       where a.id = $1 and b.id = $2 and o.public_body and (ab.id = bb.id or not (ab.independent or bb.independent))));
end $$;
comment on function sig.one_house(text, text) is 'Is there no border of secrecy between two units: one public authority, and no independent branch between them?';

-- Both now, when the function is told that there is a meeting, and when the
-- meeting begins: a row that covers only one of them is no ground.
create function sig.may_attend(point uuid, authority text, unit text, function text, districts text[]) returns boolean
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
comment on function sig.may_attend(uuid, text, text, text, text[]) is 'May somebody of this seat be there when a point is told: in an active intervention, now and at the meeting''s time?';

create function sig.my_coordinated_cases() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select coalesce(array_agg(distinct s.intervention), '{}') from unnest(sig.my_seats()) s
     where s.board = s.authority and s.function = 'coordinator' and s.state <> 'closed');
end $$;
comment on function sig.my_coordinated_cases() is 'Interventions in which the actor fills the board''s seat of coordinator.';

create type sig.called as (point uuid, meeting uuid, invitation uuid, told boolean);
comment on type sig.called is 'One point that a seat of the actor is called to and may be at now; told: the board may tell that seat its text.';

create function sig.my_calls() returns sig.called[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  now timestamptz := sig.instant();
begin
  return (
    select coalesce(array_agg(row(p.id, p.meeting, v.id,
             sig.seat_tells(s.intervention, m.authority, m.unit, m.function, s.authority, s.unit, s.function, s.districts, p.category, now)
             and sig.seat_tells(s.intervention, m.authority, m.unit, m.function, s.authority, s.unit, s.function, s.districts, p.category,
                                greatest(now, m.starts_at)))::sig.called), '{}')
      from unnest(sig.my_seats()) s
      join sig.meeting_invitation v on v.intervention = s.intervention and v.authority = s.authority and v.function = s.function
       and sig.current_unit(v.unit, v.function, now) = s.unit and v.ended_at is null
      join sig.meeting_presence r on r.invitation = v.id and r.ended_at is null
      join sig.meeting_point p on p.id = r.point
      join sig.meeting m on m.id = p.meeting
     where s.board <> s.authority and s.state = 'active'
       and sig.may_attend(p.id, s.authority, s.unit, s.function, s.districts));
end $$;
comment on function sig.my_calls() is 'What the actor''s seats outside the board are called to and may be at, by the consent in force.';

create function sig.my_meetings() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$ begin return (select coalesce(array_agg(distinct c.meeting), '{}') from unnest(sig.my_calls()) c); end $$;

create function sig.my_points() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$ begin return (select coalesce(array_agg(distinct c.point), '{}') from unnest(sig.my_calls()) c); end $$;

create function sig.my_point_texts() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$ begin return (select coalesce(array_agg(distinct c.point), '{}') from unnest(sig.my_calls()) c where c.told); end $$;

create function sig.my_invitations() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$ begin return (select coalesce(array_agg(distinct c.invitation), '{}') from unnest(sig.my_calls()) c); end $$;

create function sig.rows_of_meeting(meeting uuid) returns setof sig.consent_grant
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select distinct g.* from sig.meeting m
      join sig.meeting_point p on p.meeting = m.id
      join sig.consent c on c.intervention = m.intervention and c.state = 'active'
      join sig.consent_grant g on g.consent = c.id and g.discloser_authority = p.teller_authority and g.discloser_function = p.teller_function
       and g.recipient_authority = m.authority and g.recipient_function = m.function
     where m.id = $1 and p.id = any (sig.my_points());
end $$;
comment on function sig.rows_of_meeting(uuid) is 'For the first wall: the rows by which the tellers of the points that the actor may be at tell the host. Whoever is called sees of the consent only the rows that name the own function.';

create function sig.my_ended_calls(meeting uuid)
  returns table (at timestamptz, by text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select v.ended_at, v.ended_by
      from sig.meeting_invitation v
     where v.meeting = $1 and v.ended_at is not null
       and exists (select from unnest(sig.my_seats()) s
                    where s.intervention = v.intervention and s.authority = v.authority and s.function = v.function
                      and sig.current_unit(v.unit, v.function, sig.instant()) = s.unit)
     order by v.ended_at desc;
end $$;
comment on function sig.my_ended_calls(uuid) is 'When and by what a call of the actor''s own seat to a meeting ended; nothing of the meeting.';

create function sig.seat_may_attend(point uuid, invitation uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare v record;
begin
  select i.authority, i.unit, i.function into v from sig.meeting_invitation i
    join sig.meeting_point p on p.id = point and p.meeting = i.meeting
   where i.id = invitation;
  return found and sig.may_attend(point, v.authority, v.unit, v.function,
    sig.unit_districts(sig.current_unit(v.unit, v.function, sig.instant())));
end $$;
comment on function sig.seat_may_attend(uuid, uuid) is 'May the called function be at this point of the same meeting? Whatever a page says, no call is stored against it.';

revoke all on function sig.seat_tells(uuid, text, text, text, text, text, text, text[], text, timestamptz), sig.one_house(text, text),
  sig.may_attend(uuid, text, text, text, text[]), sig.my_coordinated_cases(), sig.my_calls(), sig.my_meetings(), sig.my_points(),
  sig.my_point_texts(), sig.my_invitations(), sig.my_ended_calls(uuid), sig.rows_of_meeting(uuid), sig.seat_may_attend(uuid, uuid), sig.check_meeting() from public;
grant execute on function sig.my_coordinated_cases(), sig.my_calls(), sig.my_meetings(), sig.my_points(), sig.my_point_texts(),
  sig.my_invitations(), sig.my_ended_calls(uuid), sig.rows_of_meeting(uuid), sig.seat_may_attend(uuid, uuid) to sig_app;

do $$
declare t text;
begin
  foreach t in array array['meeting', 'meeting_point', 'meeting_point_text', 'meeting_invitation', 'meeting_presence'] loop
    execute format('alter table sig.%I enable row level security', t);
    execute format('alter table sig.%I force row level security', t);
    execute format('create policy owner_all on sig.%I to sig_owner using (true) with check (true)', t);
  end loop;
  -- Cuts and jobs reach across functions, and never to a text.
  foreach t in array array['meeting', 'meeting_point', 'meeting_invitation', 'meeting_presence'] loop
    execute format('create policy worker_all on sig.%I to sig_worker using (sig.actor_kind() = ''system'') with check (sig.actor_kind() = ''system'')', t);
    execute format('create policy system_all on sig.%I to sig_app using ((select sig.actor_kind()) = ''system'') with check ((select sig.actor_kind()) = ''system'')', t);
  end loop;
end $$;

create policy meeting_board on sig.meeting for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy meeting_called on sig.meeting for select to sig_app using (id = any ((select sig.my_meetings())::uuid[]));
create policy meeting_caller on sig.meeting for insert to sig_app with check (
  intervention = any ((select sig.my_coordinated_cases())::uuid[]) and authority = (select sig.my_authority())
  and assignment = (select sig.setting_uuid('app.assignment')));
create policy meeting_changer on sig.meeting for update to sig_app using (intervention = any ((select sig.my_coordinated_cases())::uuid[]));

create policy point_board on sig.meeting_point for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy point_called on sig.meeting_point for select to sig_app using (id = any ((select sig.my_points())::uuid[]));
create policy point_caller on sig.meeting_point for insert to sig_app with check (
  intervention = any ((select sig.my_coordinated_cases())::uuid[])
  and exists (select from sig.meeting m where m.id = meeting_point.meeting and m.intervention = meeting_point.intervention));

create policy point_text_board on sig.meeting_point_text for select to sig_app using (
  authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[]));
create policy point_text_called on sig.meeting_point_text for select to sig_app using (point = any ((select sig.my_point_texts())::uuid[]));
create policy point_text_caller on sig.meeting_point_text for insert to sig_app with check (
  authority = (select sig.my_authority()) and intervention = any ((select sig.my_coordinated_cases())::uuid[])
  and exists (select from sig.meeting_point p where p.id = meeting_point_text.point and p.meeting = meeting_point_text.meeting));

create policy invitation_board on sig.meeting_invitation for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy invitation_called on sig.meeting_invitation for select to sig_app using (id = any ((select sig.my_invitations())::uuid[]));
create policy invitation_caller on sig.meeting_invitation for insert to sig_app with check (
  intervention = any ((select sig.my_coordinated_cases())::uuid[])
  and exists (select from sig.meeting m where m.id = meeting_invitation.meeting and m.intervention = meeting_invitation.intervention));
create policy invitation_changer on sig.meeting_invitation for update to sig_app using (intervention = any ((select sig.my_coordinated_cases())::uuid[]));
create policy invitation_answer on sig.meeting_invitation for update to sig_app
  using (id = any ((select sig.my_invitations())::uuid[])
         or exists (select from unnest((select sig.my_seats())::sig.seat[]) s
                     where s.intervention = meeting_invitation.intervention and s.authority = meeting_invitation.authority
                       and s.function = meeting_invitation.function and s.board = s.authority and meeting_invitation.unit = any (s.units)))
  with check (ended_at is null and (answered_by is null or answered_by = (select sig.setting_uuid('app.assignment'))));

create policy presence_board on sig.meeting_presence for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy presence_called on sig.meeting_presence for select to sig_app using (
  invitation = any ((select sig.my_invitations())::uuid[]) and point = any ((select sig.my_points())::uuid[]));
create policy presence_caller on sig.meeting_presence for insert to sig_app with check (
  intervention = any ((select sig.my_coordinated_cases())::uuid[]) and ended_at is null and sig.seat_may_attend(point, invitation));
create policy presence_changer on sig.meeting_presence for update to sig_app
  using (intervention = any ((select sig.my_coordinated_cases())::uuid[]))
  with check (ended_at is not null or sig.seat_may_attend(point, invitation));

grant select on sig.meeting_transition to sig_app, sig_worker;
grant select, insert on sig.meeting, sig.meeting_point, sig.meeting_point_text, sig.meeting_invitation, sig.meeting_presence to sig_app;
grant update (state, starts_at, ends_at, sequence, place_sealed, link_sealed, changed_at, cancelled_at, cancel_reason) on sig.meeting to sig_app;
grant update (answer, answered_at, answered_by, ended_at, ended_by) on sig.meeting_invitation to sig_app;
grant update (ended_at) on sig.meeting_presence to sig_app;
grant select (id, intervention, authority, unit, function, state, starts_at, ends_at, sequence) on sig.meeting to sig_worker;
grant update (state, sequence, changed_at, cancelled_at, cancel_reason) on sig.meeting to sig_worker;
grant select on sig.meeting_point, sig.meeting_invitation, sig.meeting_presence to sig_worker;
grant update (ended_at, ended_by) on sig.meeting_invitation to sig_worker;
grant update (ended_at) on sig.meeting_presence to sig_worker;
