-- The implementation plan: goals, who does what by when, and the young person's
-- own words. What a function outside the board sees of it, it is told (OSL 3:1):
-- its own commitments and the goals, while the consent in force lets the board
-- tell it what the plan's goals are. The question is asked at every read.
create table sig.plan (
  id uuid constraint plan_pk primary key,
  intervention uuid not null constraint plan_intervention_exists references sig.intervention (id),
  authority text not null constraint plan_authority_exists references sig.authority (id),
  unit text not null constraint plan_unit_exists references sig.unit (id),
  function text not null,
  version integer not null constraint plan_version_counts_from_one check (version >= 1),
  follow_up date not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  constraint plan_once_per_intervention unique (intervention)
);
comment on table sig.plan is 'ImplementationPlan: one for each intervention. Its texts lie beside it; each says in which versions it stood.';
comment on column sig.plan.function is 'The function of the board, with authority and unit, that tells others what the plan says.';

create table sig.plan_text (
  id uuid constraint plan_text_pk primary key,
  plan uuid not null constraint plan_text_plan_exists references sig.plan (id),
  intervention uuid not null,
  authority text not null,
  kind text not null constraint plan_text_kind_is_known check (kind in ('goal', 'words', 'commitment')),
  position integer not null constraint plan_text_counts_from_one check (position >= 1),
  version_from integer not null,
  version_to integer,
  body_sealed bytea not null,
  written_by uuid not null constraint plan_text_writer_exists references sig.assignment (id),
  written_at timestamptz not null,
  constraint plan_text_stood_in_a_version check (version_to is null or version_from <= version_to)
);
create index plan_text_by_plan on sig.plan_text (plan, position);
comment on table sig.plan_text is 'One goal, the young person''s own words, or what somebody has promised: sealed under the board''s key. It never changes; other words are another text.';
create trigger plan_text_never_changes before update of body_sealed, plan, intervention, authority, kind, version_from on sig.plan_text
  for each row execute function sig.forbid_change();

create table sig.commitment_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
comment on table sig.commitment_transition is 'The legal edges of the commitment''s state machine; sig.CommitmentState says the same in Go and a test compares them.';
insert into sig.commitment_transition values ('open', 'done'), ('open', 'stopped');

create table sig.commitment (
  id uuid constraint commitment_pk primary key constraint commitment_text_exists references sig.plan_text (id),
  plan uuid not null constraint commitment_plan_exists references sig.plan (id),
  intervention uuid not null,
  authority text not null,
  unit text not null constraint commitment_unit_exists references sig.unit (id),
  function text not null,
  due_on date not null,
  state text not null default 'open' constraint commitment_state_is_known check (state in ('open', 'done', 'stopped')),
  closed_at timestamptz,
  closed_by text constraint commitment_end_is_known check (closed_by in
    ('reported', 'by_coordinator', 'withdrawal', 'narrowing', 'sharing_stopped', 'closed')),
  reported_by uuid constraint commitment_reporter_exists references sig.assignment (id),
  constraint commitment_end_is_dated check ((state = 'open') = (closed_at is null) and (closed_at is null) = (closed_by is null)),
  constraint commitment_done_is_reported check ((state = 'done') = (reported_by is not null) and (state = 'done') = (coalesce(closed_by, '') = 'reported'))
);
create index commitment_by_intervention on sig.commitment (intervention, state);
create index commitment_by_plan on sig.commitment (plan);
comment on table sig.commitment is 'Commitment: which function does something, by when, and how it went; what it is stands in plan_text.';
create trigger commitment_walks_legal_edges before update of state on sig.commitment
  for each row execute function sig.check_transition('commitment_transition');

create table sig.commitment_note (
  commitment uuid constraint commitment_note_pk primary key constraint commitment_note_commitment_exists references sig.commitment (id),
  intervention uuid not null,
  authority text not null,
  body_sealed bytea not null,
  written_by uuid not null constraint commitment_note_writer_exists references sig.assignment (id),
  written_at timestamptz not null
);
comment on table sig.commitment_note is 'What a function told the board when it reported its commitment done, sealed under the board''s key.';

create table sig.plan_visibility (
  text uuid not null constraint plan_visibility_text_exists references sig.plan_text (id),
  intervention uuid not null,
  authority text not null,
  viewer uuid not null,
  viewer_kind text not null constraint plan_visibility_viewer_is_known check (viewer_kind in ('youth', 'guardian')),
  visible boolean not null,
  low_risk_at_home boolean not null default false,
  ground text constraint plan_visibility_ground_is_known check (ground in
    ('osl_12_3_severe_harm', 'youth_disposes_alone', 'third_party', 'osl_26_5_reporter', 'osl_26_2_whereabouts', 'none')),
  decided_by uuid not null constraint plan_visibility_decider_exists references sig.assignment (id),
  decided_at timestamptz not null,
  constraint plan_visibility_pk primary key (text, viewer),
  constraint plan_hidden_has_ground check (visible or ground is not null)
);
create index plan_visibility_by_viewer on sig.plan_visibility (viewer, visible);
comment on table sig.plan_visibility is 'What one member of the family may see of the plan, text by text. No row: not decided, not visible.';

-- What the second wall asks.
create function sig.may_see_plan(plan uuid, authority text, unit text, function text, districts text[]) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare
  p record;
  now timestamptz := sig.instant();
  here text := sig.current_unit(unit, function, now);
begin
  select x.intervention, x.authority, x.unit, x.function into p
    from sig.plan x join sig.intervention i on i.id = x.intervention and i.state = 'active'
   where x.id = plan;
  if not found then
    return false;
  end if;
  if authority = p.authority then
    return exists (
      select from sig.participation s
        join sig.assignment a on a.id = s.assignment and a.authority = s.authority and a.valid_from <= now and now < a.valid_to
       where s.intervention = p.intervention and s.authority = authority and s.function = function
         and sig.current_unit(s.unit, s.function, now, s.valid_from) = here
         and s.valid_from <= now and now < s.valid_to);
  end if;
  return sig.seat_tells(p.intervention, p.authority, p.unit, p.function, authority, here, function, districts, 'plan_goals', now);
end $$;
comment on function sig.may_see_plan(uuid, text, text, text, text[]) is 'May this seat be told the plan''s goals now: taking part for the board, or by a row of the consent in force?';

create function sig.may_promise(plan uuid, authority text, unit text, function text) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
begin
  return sig.may_see_plan($1, $2, $3, $4, sig.unit_districts(sig.current_unit($3, $4, sig.instant())));
end $$;
comment on function sig.may_promise(uuid, text, text, text) is 'May this function have a commitment in the plan? Whatever a page says, none is stored against it.';

create function sig.my_planning_cases() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select coalesce(array_agg(distinct s.intervention), '{}') from unnest(sig.my_seats()) s
     where s.board = s.authority and s.function in ('coordinator', 'social_secretary') and s.state <> 'closed');
end $$;
comment on function sig.my_planning_cases() is 'Interventions whose plan the actor writes.';

create function sig.my_plans() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select coalesce(array_agg(distinct p.id), '{}') from unnest(sig.my_seats()) s
      join sig.plan p on p.intervention = s.intervention
     where s.board <> s.authority and s.state = 'active' and sig.may_see_plan(p.id, s.authority, s.unit, s.function, s.districts));
end $$;
comment on function sig.my_plans() is 'Plans whose goals the actor''s seats outside the board may be told now.';

create function sig.my_commitments() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select coalesce(array_agg(distinct c.id), '{}') from unnest(sig.my_seats()) s
      join sig.commitment c on c.intervention = s.intervention and c.authority = s.authority and c.function = s.function
       and c.unit = any (s.units)
     where s.state = 'active' and sig.may_see_plan(c.plan, s.authority, s.unit, s.function, s.districts));
end $$;
comment on function sig.my_commitments() is 'Commitments of the seats that the actor fills, which may be told of them now.';

create function sig.may_note(commitment uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return exists (
    select from unnest(sig.my_seats()) s
      join sig.commitment c on c.id = $1 and c.intervention = s.intervention and c.authority = s.authority and c.function = s.function
       and c.unit = any (s.units) and c.id = any (sig.my_commitments())
      join sig.plan p on p.id = c.plan
     where s.board = s.authority
        or sig.seat_tells(s.intervention, s.authority, s.unit, s.function, p.authority, p.unit, p.function,
             sig.unit_districts(sig.current_unit(p.unit, p.function, sig.instant())), 'plan_goals', sig.instant()));
end $$;
comment on function sig.may_note(uuid) is 'May a seat of the actor tell the board how its commitment went?';

create function sig.my_plan_texts() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select coalesce(array_agg(v.text), '{}') from sig.plan_visibility v
     where v.viewer = sig.my_standing() and v.visible and v.intervention = any (sig.my_cases())
       and (v.low_risk_at_home or not sig.home_risk_applies()));
end $$;
comment on function sig.my_plan_texts() is 'Texts of plans that were decided visible for this member of the family, on this screen.';

create function sig.my_family_plans() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select coalesce(array_agg(distinct t.plan), '{}') from sig.plan_text t where t.version_to is null and t.id = any (sig.my_plan_texts()));
end $$;
comment on function sig.my_family_plans() is 'Plans of which this member of the family may see something: a plan that is wholly hidden is none.';

create function sig.my_stopped_commitments(intervention uuid)
  returns table (at timestamptz, by text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select c.closed_at, c.closed_by
      from sig.commitment c
     where c.intervention = $1 and c.state = 'stopped' and c.closed_by <> 'by_coordinator'
       and exists (select from unnest(sig.my_seats()) s
                    where s.intervention = c.intervention and s.authority = c.authority and s.function = c.function and c.unit = any (s.units))
     order by c.closed_at desc;
end $$;
comment on function sig.my_stopped_commitments(uuid) is 'When and by what the commitments of the actor''s seats were stopped; nothing of what they were.';

revoke all on function sig.may_see_plan(uuid, text, text, text, text[]), sig.may_promise(uuid, text, text, text), sig.my_planning_cases(),
  sig.my_plans(), sig.my_commitments(), sig.may_note(uuid), sig.my_plan_texts(), sig.my_family_plans(), sig.my_stopped_commitments(uuid) from public;
grant execute on function sig.may_promise(uuid, text, text, text), sig.my_planning_cases(), sig.my_plans(), sig.my_commitments(), sig.may_note(uuid),
  sig.my_plan_texts(), sig.my_family_plans(), sig.my_stopped_commitments(uuid) to sig_app;

do $$
declare t text;
begin
  foreach t in array array['plan', 'plan_text', 'commitment', 'commitment_note', 'plan_visibility'] loop
    execute format('alter table sig.%I enable row level security', t);
    execute format('alter table sig.%I force row level security', t);
    execute format('create policy owner_all on sig.%I to sig_owner using (true) with check (true)', t);
  end loop;
  -- Cuts reach across functions, and never to a text.
  foreach t in array array['plan', 'commitment'] loop
    execute format('create policy worker_all on sig.%I to sig_worker using (sig.actor_kind() = ''system'') with check (sig.actor_kind() = ''system'')', t);
    execute format('create policy system_all on sig.%I to sig_app using ((select sig.actor_kind()) = ''system'') with check ((select sig.actor_kind()) = ''system'')', t);
  end loop;
end $$;

create policy plan_whole_for_board on sig.plan for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy plan_of_function on sig.plan for select to sig_app using (id = any ((select sig.my_plans())::uuid[]));
create policy plan_family on sig.plan for select to sig_app using (
  (select sig.my_standing()) is not null and intervention = any ((select sig.my_cases())::uuid[])
  and id = any ((select sig.my_family_plans())::uuid[]));
create policy plan_beginner on sig.plan for insert to sig_app with check (
  intervention = any ((select sig.my_coordinated_cases())::uuid[]) and authority = (select sig.my_authority()) and function = 'coordinator');
create policy plan_changer on sig.plan for update to sig_app using (intervention = any ((select sig.my_planning_cases())::uuid[]));

create policy plan_text_whole_for_board on sig.plan_text for select to sig_app using (
  authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[]));
create policy plan_text_of_function on sig.plan_text for select to sig_app using (
  version_to is null and plan = any ((select sig.my_plans())::uuid[])
  and (kind = 'goal' or kind = 'commitment' and id = any ((select sig.my_commitments())::uuid[])));
create policy plan_text_family on sig.plan_text for select to sig_app using (
  (select sig.my_standing()) is not null and version_to is null and id = any ((select sig.my_plan_texts())::uuid[]));
create policy plan_text_writer on sig.plan_text for insert to sig_app with check (
  authority = (select sig.my_authority()) and intervention = any ((select sig.my_planning_cases())::uuid[])
  and written_by = (select sig.setting_uuid('app.assignment'))
  and exists (select from sig.plan p where p.id = plan_text.plan and p.intervention = plan_text.intervention));
create policy plan_text_changer on sig.plan_text for update to sig_app using (intervention = any ((select sig.my_planning_cases())::uuid[]));

create policy commitment_whole_for_board on sig.commitment for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy commitment_of_function on sig.commitment for select to sig_app using (id = any ((select sig.my_commitments())::uuid[]));
create policy commitment_family on sig.commitment for select to sig_app using (
  (select sig.my_standing()) is not null and id = any ((select sig.my_plan_texts())::uuid[]));
create policy commitment_writer on sig.commitment for insert to sig_app with check (
  intervention = any ((select sig.my_planning_cases())::uuid[]) and state = 'open' and sig.may_promise(plan, authority, unit, function)
  and exists (select from sig.plan p where p.id = commitment.plan and p.intervention = commitment.intervention));
create policy commitment_stopper on sig.commitment for update to sig_app
  using (intervention = any ((select sig.my_planning_cases())::uuid[]))
  with check (state = 'stopped' and intervention = any ((select sig.my_planning_cases())::uuid[]));
create policy commitment_reporter on sig.commitment for update to sig_app
  using (id = any ((select sig.my_commitments())::uuid[]))
  with check (state = 'done' and id = any ((select sig.my_commitments())::uuid[]) and reported_by = (select sig.setting_uuid('app.assignment')));

create policy note_whole_for_board on sig.commitment_note for select to sig_app using (
  authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[]));
create policy note_of_function on sig.commitment_note for select to sig_app using (commitment = any ((select sig.my_commitments())::uuid[]));
create policy note_writer on sig.commitment_note for insert to sig_app with check (
  written_by = (select sig.setting_uuid('app.assignment')) and sig.may_note(commitment));

create policy plan_visibility_whole_for_board on sig.plan_visibility to sig_app
  using (authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[]))
  with check (authority = (select sig.my_authority()) and intervention = any ((select sig.my_planning_cases())::uuid[])
    and exists (select from sig.plan_text t where t.id = plan_visibility.text and t.intervention = plan_visibility.intervention));
create policy plan_visibility_family on sig.plan_visibility for select to sig_app using (
  viewer = (select sig.my_standing()) and visible and (low_risk_at_home or not (select sig.home_risk_applies()))
  and intervention = any ((select sig.my_cases())::uuid[]));

grant select on sig.commitment_transition to sig_app, sig_worker;
grant select, insert on sig.plan, sig.plan_text, sig.commitment, sig.commitment_note, sig.plan_visibility to sig_app;
grant update (version, follow_up, changed_at) on sig.plan to sig_app;
grant update (version_to) on sig.plan_text to sig_app;
grant update (state, closed_at, closed_by, reported_by) on sig.commitment to sig_app;
grant update (visible, low_risk_at_home, ground, decided_by, decided_at) on sig.plan_visibility to sig_app;
grant select (id, intervention, authority, unit, function) on sig.plan to sig_worker;
grant select on sig.commitment to sig_worker;
grant update (state, closed_at, closed_by) on sig.commitment to sig_worker;
