-- Changes of custody (domain 3.2, 3.3): somebody stops deciding for a child,
-- somebody else begins to, somebody is prevented for a time (FB 6:13 second
-- paragraph). A new guardian's yes is missing until it is given, and until
-- then nothing is shared.
grant update (custody) on sig.guardianship to sig_app;

create table sig.guardian_prevented (
  id uuid primary key,
  guardianship uuid not null constraint guardian_prevented_is_of_one references sig.guardianship (id),
  intervention uuid not null constraint guardian_prevented_intervention_exists references sig.intervention (id),
  reason_sealed bytea not null,
  recorded_by uuid not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  constraint guardian_prevented_window_runs_forward check (valid_from <= valid_to)
);
create index guardian_prevented_by_intervention on sig.guardian_prevented (intervention);
comment on table sig.guardian_prevented is 'A guardian who is absent, ill or otherwise kept from deciding, from and until when, with the reason: the other decides alone for what cannot wait, never about what is drastic for the child''s future.';
grant select, insert on sig.guardian_prevented to sig_app;
grant update (valid_to) on sig.guardian_prevented to sig_app;
alter table sig.guardian_prevented enable row level security;
alter table sig.guardian_prevented force row level security;
create policy owner_all on sig.guardian_prevented to sig_owner using (true) with check (true);
create policy system_all on sig.guardian_prevented to sig_app using ((select sig.actor_kind()) = 'system') with check ((select sig.actor_kind()) = 'system');
create policy prevented_reader on sig.guardian_prevented for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy prevented_writer on sig.guardian_prevented for insert to sig_app with check (
  intervention = any ((select sig.my_board_cases())::uuid[]) and 'social_secretary' = any ((select sig.my_functions())::text[])
  and recorded_by = (select sig.setting_uuid('app.assignment')));
create policy prevented_ender on sig.guardian_prevented for update to sig_app using (
  intervention = any ((select sig.my_board_cases())::uuid[]) and 'social_secretary' = any ((select sig.my_functions())::text[]));

-- Why a version is paused. What is paused because somebody's yes is missing
-- goes on when it is given, and by nobody's button.
alter table sig.consent add column suspended_for text constraint consent_suspended_for_is_known check (suspended_for in
  ('protected_identity', 'maturity_in_doubt', 'suspected_coercion', 'signer_missing'));
comment on column sig.consent.suspended_for is 'Why the version was last paused; it says something while the state is suspended.';
grant update (suspended_for) on sig.consent to sig_app, sig_worker;

-- The task of explaining a version in force to a guardian who is new to it.
do $$
declare known text;
begin
  select pg_get_constraintdef(c.oid) into known from pg_constraint c where c.conname = 'task_kind_is_known' and c.conrelid = 'sig.task'::regclass;
  execute 'alter table sig.task drop constraint task_kind_is_known';
  execute 'alter table sig.task add constraint task_kind_is_known ' || regexp_replace(known, '\)\s*$', ' or kind = ''explain_consent'')');
end $$;
