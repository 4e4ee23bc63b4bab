-- A change of custody that a court has decided on for a day ahead (domain 3.2,
-- 3.3): from 00:00 of that day somebody decides no more, or somebody begins to,
-- or one replaces the other. The windows of the guardianships say so from the
-- moment it is recorded, so that view, signing and withdrawing end and begin in
-- that instant by both walls; this table says on what evidence, by whom, and
-- whether it was taken back before it came about.
create table sig.custody_change (
  id uuid constraint custody_change_pk primary key,
  intervention uuid not null constraint custody_change_intervention_exists references sig.intervention (id),
  ends uuid constraint custody_change_ends_a_guardianship references sig.guardianship (id),
  begins uuid constraint custody_change_begins_a_guardianship references sig.guardianship (id),
  at timestamptz not null,
  source text not null constraint custody_change_source_is_known check (source in ('population_register', 'judgment')),
  reference text not null,
  verified_on date not null,
  recorded_by uuid not null constraint custody_change_recorder_exists references sig.assignment (id),
  recorded_at timestamptz not null,
  taken_back_at timestamptz,
  taken_back_by uuid constraint custody_change_taker_exists references sig.assignment (id),
  reason_sealed bytea,
  done_at timestamptz,
  constraint custody_change_changes_something check (num_nonnulls(ends, begins) > 0),
  constraint custody_change_is_ahead check (recorded_at < at),
  constraint custody_change_taken_back_ahead check (taken_back_at < at),
  constraint custody_change_taken_back_with_reason check (num_nonnulls(taken_back_at, taken_back_by, reason_sealed) in (0, 3)),
  constraint custody_change_done_when_it_came check (done_at >= at),
  constraint custody_change_goes_one_way check (num_nonnulls(taken_back_at, done_at) < 2)
);
create index custody_change_by_intervention on sig.custody_change (intervention) where taken_back_at is null and done_at is null;
create unique index custody_change_ends_once on sig.custody_change (ends) where taken_back_at is null;
comment on table sig.custody_change is 'A change of custody recorded before the day on which it comes about: who stops and who begins to decide, from when, on what evidence. No family member sees it; a window of a guardianship says the same to the walls.';
grant select, insert on sig.custody_change to sig_app;
grant update (taken_back_at, taken_back_by, reason_sealed, done_at) on sig.custody_change to sig_app;
alter table sig.custody_change enable row level security;
alter table sig.custody_change force row level security;
create policy owner_all on sig.custody_change to sig_owner using (true) with check (true);
create policy system_all on sig.custody_change to sig_app using ((select sig.actor_kind()) = 'system') with check ((select sig.actor_kind()) = 'system');
create policy custody_change_reader on sig.custody_change for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy custody_change_recorder on sig.custody_change for insert to sig_app with check (
  intervention = any ((select sig.my_board_cases())::uuid[]) and recorded_by = (select sig.setting_uuid('app.assignment'))
  and exists (select from unnest((select sig.my_seats())::sig.seat[]) s
               where s.intervention = custody_change.intervention and s.authority = s.board and s.function in ('coordinator', 'social_secretary')));
create policy custody_change_taker on sig.custody_change for update to sig_app
  using (intervention = any ((select sig.my_board_cases())::uuid[]) and taken_back_at is null and done_at is null
    and exists (select from unnest((select sig.my_seats())::sig.seat[]) s
                 where s.intervention = custody_change.intervention and s.authority = s.board and s.function in ('coordinator', 'social_secretary')))
  with check (taken_back_by = (select sig.setting_uuid('app.assignment')) and done_at is null);

-- What was to begin and was taken back is an empty window: it never holds.
alter table sig.guardianship drop constraint guardianship_window_runs_forward;
alter table sig.guardianship add constraint guardianship_window_runs_forward check (valid_from <= valid_to);
alter table sig.guardianship drop constraint guardianship_once_per_youth;
create unique index guardianship_once_per_youth on sig.guardianship (youth, pin_hash, valid_from) where valid_from < valid_to;

-- From which instant a version in force waits for somebody who decides from
-- then on and has not signed, as far as that is recorded: the walls stop at it
-- by themselves, and the alarm only writes it down.
alter table sig.consent add column carried_until timestamptz;
comment on column sig.consent.carried_until is 'From when the version is paused because custody changes then and somebody''s yes is missing, or nobody is left who decides; null while no such change is recorded.';
grant update (carried_until) on sig.consent to sig_app;

do $$
declare
  f regprocedure;
  old text;
  new text;
begin
  foreach f in array array[
      'sig.my_entitlements()', 'sig.may_send(uuid, text, text, text, text, text, text, text[])',
      'sig.all_let_send(uuid, text, text, text, text, text, text, text[])',
      'sig.seat_tells(uuid, text, text, text, text, text, text, text[], text, timestamptz)', 'sig.my_point_is_open(uuid, text)',
      'sig.rows_of_meeting(uuid)', 'sig.row_names_guest(uuid, text, text, text, text, timestamptz)',
      'sig.my_voices()', 'sig.my_ended_calls(uuid)']::regprocedure[] loop
    old := pg_get_functiondef(f);
    new := replace(old, 'c.state = ''active''', 'c.state = ''active'' and (c.carried_until is null or sig.instant() < c.carried_until)');
    if new = old then raise exception 'the wall % does not ask for a version in force', f; end if;
    execute new;
  end loop;
end $$;

do $$
declare known text;
begin
  select pg_get_constraintdef(c.oid) into strict known from pg_constraint c where c.conname = 'alarm_kind_is_known' and c.conrelid = 'sig.alarm'::regclass;
  execute 'alter table sig.alarm drop constraint alarm_kind_is_known';
  execute 'alter table sig.alarm add constraint alarm_kind_is_known ' || regexp_replace(known, '\)\s*$', ' or kind = ''custody_changes'')');
end $$;
