-- Consent: one row per immutable version, its matrix of grants, what may not be
-- shared, who must sign and who did, and withdrawals with their receipts.
create table sig.consent_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
comment on table sig.consent_transition is 'The legal edges of the consent''s state machine (domain 3.3).';
insert into sig.consent_transition values
  ('draft', 'explained'), ('explained', 'partially_signed'), ('explained', 'active'), ('draft', 'active'),
  ('partially_signed', 'active'), ('explained', 'signed'), ('partially_signed', 'signed'), ('signed', 'active'),
  ('draft', 'declined'), ('explained', 'declined'), ('partially_signed', 'declined'), ('signed', 'declined'),
  ('draft', 'discarded'), ('explained', 'discarded'),
  ('partially_signed', 'lapsed_unsigned'),
  ('partially_signed', 'withdrawn'), ('signed', 'withdrawn'),
  ('active', 'superseded'), ('active', 'withdrawn'), ('active', 'expired'), ('active', 'lapsed'),
  ('active', 'suspended'), ('suspended', 'active'), ('suspended', 'withdrawn'), ('suspended', 'expired'),
  ('suspended', 'lapsed'), ('suspended', 'superseded');

create table sig.consent (
  id uuid primary key,
  intervention uuid not null constraint consent_intervention_exists references sig.intervention (id),
  version integer not null constraint consent_version_counts_from_one check (version >= 1),
  state text not null default 'draft' constraint consent_state_is_known check (state in
    ('draft', 'explained', 'partially_signed', 'signed', 'active', 'declined', 'discarded', 'lapsed_unsigned',
     'superseded', 'withdrawn', 'expired', 'lapsed', 'suspended')),
  change text not null constraint consent_change_is_known check (change in ('first', 'widening', 'narrowing', 'renewal', 'withdrawal', 'imported')),
  previous uuid constraint consent_previous_exists references sig.consent (id),
  text_hash bytea constraint consent_text_hash_is_sha256 check (length(text_hash) = 32),
  prepared_by uuid,
  prepared_at timestamptz not null,
  first_signed_at timestamptz,
  decided_on date,
  decision_reference text,
  activated_at timestamptz,
  ended_at timestamptz,
  constraint consent_version_is_unique unique (intervention, version)
);
create unique index consent_one_in_force on sig.consent (intervention) where state in ('active', 'suspended');
create unique index consent_one_in_preparation on sig.consent (intervention)
  where state in ('draft', 'explained', 'partially_signed', 'signed');
comment on table sig.consent is 'One immutable version of a waiver of secrecy (OSL 12:2-3). "signed" waits for the decision on the measure; only "active" lets anybody tell anything.';
create trigger consent_walks_legal_edges before update of state on sig.consent
  for each row execute function sig.check_transition('consent_transition');

create table sig.consent_grant (
  id uuid primary key,
  consent uuid not null constraint consent_grant_consent_exists references sig.consent (id),
  intervention uuid not null constraint consent_grant_intervention_exists references sig.intervention (id),
  row_number integer not null,
  discloser_authority text not null,
  discloser_unit text not null constraint consent_grant_discloser_unit_exists references sig.unit (id),
  discloser_function text not null,
  recipient_authority text,
  recipient_unit text constraint consent_grant_recipient_unit_exists references sig.unit (id),
  recipient_function text,
  private_kind text constraint consent_grant_private_kind_is_known check (private_kind in ('close_contact', 'expert')),
  private_name_sealed bytea,
  categories text[] not null constraint consent_grant_names_categories check (cardinality(categories) > 0),
  purpose text not null constraint consent_grant_has_purpose check (purpose <> ''),
  districts text[] not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  origin uuid not null,
  constraint consent_grant_window_runs_forward check (valid_from < valid_to),
  constraint consent_grant_has_one_recipient check (
    (recipient_unit is not null and recipient_function is not null and recipient_authority is not null and private_kind is null and private_name_sealed is null)
    or (recipient_unit is null and recipient_function is null and recipient_authority is null and private_kind is not null and private_name_sealed is not null)),
  constraint consent_grant_is_not_family_counselling check (recipient_function is distinct from 'family_counselling' and discloser_function <> 'family_counselling'),
  constraint consent_grant_category_can_be_consented check (not (categories && array['criminal_record', 'family_counselling'])),
  constraint consent_grant_row_is_unique unique (consent, row_number)
);
create index consent_grant_by_intervention on sig.consent_grant (intervention, consent);
create index consent_grant_by_recipient on sig.consent_grant (recipient_unit, recipient_function);
comment on table sig.consent_grant is 'One row of the matrix: who tells whom, which categories, why, where and when ([from, to)). Blank scope is nobody.';
comment on column sig.consent_grant.origin is 'The id of this row in the first version that had it, so that a row keeps its identity through narrowing.';

create table sig.consent_exclusion (
  id uuid primary key,
  consent uuid not null constraint consent_exclusion_consent_exists references sig.consent (id),
  intervention uuid not null,
  recipient_authority text,
  recipient_unit text,
  recipient_function text,
  category text,
  constraint consent_exclusion_says_something check (coalesce(recipient_authority, recipient_unit, recipient_function, category) is not null)
);
create index consent_exclusion_by_consent on sig.consent_exclusion (consent);
comment on table sig.consent_exclusion is 'What may not be shared; beats every grant. A null column means any.';

create table sig.consent_signer (
  consent uuid not null constraint consent_signer_consent_exists references sig.consent (id),
  intervention uuid not null,
  signer uuid not null,
  kind text not null constraint consent_signer_kind_is_known check (kind in ('guardian', 'youth')),
  required boolean not null,
  explained_at timestamptz,
  explained_method text constraint consent_signer_method_is_known check (explained_method in ('meeting', 'phone', 'video', 'letter', 'interpreter')),
  explained_language text,
  explained_by uuid,
  answer text constraint consent_signer_answer_is_known check (answer in ('signed', 'refused')),
  answered_at timestamptz,
  text_hash bytea,
  person uuid,
  auth_time timestamptz,
  channel text constraint consent_signer_channel_is_known check (channel in ('e_signed', 'paper', 'oral', 'carried_over')),
  view_sealed bytea,
  overridden_at timestamptz,
  overridden_by uuid,
  override_reason_sealed bytea,
  primary key (consent, signer),
  constraint consent_signer_answer_is_dated check ((answer is null) = (answered_at is null)),
  constraint consent_signer_signs_a_text check (answer is distinct from 'signed' or text_hash is not null),
  constraint consent_signer_override_is_of_a_refusal check (overridden_at is null or
    (answer = 'refused' and kind = 'youth' and overridden_by is not null and override_reason_sealed is not null)),
  constraint consent_signer_is_explained_first check (answer is distinct from 'signed' or explained_at is not null or channel = 'carried_over')
);
comment on column sig.consent_signer.view_sealed is 'What a young person who does not sign had to say about it (SoL 3:2).';
comment on column sig.consent_signer.overridden_at is 'A mature 12-14-year-old''s no, against which the social secretary went on with a written reason.';
comment on table sig.consent_signer is 'Who must sign this version (OSL 12:3, FB 6:13) and what each answered; signer is a guardianship or the youth.';

create table sig.maturity_assessment (
  id uuid primary key,
  intervention uuid not null,
  outcome text not null constraint maturity_outcome_is_known check (outcome in ('mature', 'not_mature')),
  reason_sealed bytea not null,
  assessed_by uuid not null,
  assessed_at timestamptz not null
);
create index maturity_by_intervention on sig.maturity_assessment (intervention, assessed_at);
comment on table sig.maturity_assessment is 'Age and maturity of a 12-14-year-old (OSL 12:3): a mature youth signs too. The latest row counts.';

create table sig.withdrawal (
  id uuid primary key,
  intervention uuid not null constraint withdrawal_intervention_exists references sig.intervention (id),
  consent uuid,
  reference text not null constraint withdrawal_reference_is_unique unique,
  scope text not null constraint withdrawal_scope_is_known check (scope in ('whole', 'part')),
  signer uuid,
  signer_kind text,
  recorded_by uuid,
  channel text not null constraint withdrawal_channel_is_known check (channel in ('portal', 'phone', 'text', 'paper', 'meeting')),
  received_at timestamptz not null,
  recorded_at timestamptz not null,
  effective boolean not null,
  closes boolean not null,
  removed_grants uuid[] not null default '{}',
  removed jsonb not null default '[]',
  ledger_id bigint,
  key text constraint withdrawal_key_is_unique unique
);
create index withdrawal_by_intervention on sig.withdrawal (intervention, recorded_at);
create trigger withdrawal_never_changes before delete on sig.withdrawal
  for each row execute function sig.forbid_change();
comment on table sig.withdrawal is 'One taking back, whole or part: who, through which channel, when received (which is when it took effect) and when recorded. One without standing or of nothing in force is kept with effective = false.';

create table sig.age_rule (
  id uuid primary key,
  municipality text not null,
  from_age integer not null constraint age_rule_age_is_a_minors check (from_age between 0 and 18),
  guardians_sign boolean not null,
  youth_signs text not null constraint age_rule_youth_is_known check (youth_signs in ('no', 'if_mature', 'yes')),
  in_force_from date not null,
  set_by text not null,
  set_at timestamptz not null,
  constraint age_rule_is_unique unique (municipality, from_age, in_force_from)
);
comment on table sig.age_rule is 'Who must sign at which age, per municipality and date; ''*'' is the default table of domain 3.2.';
insert into sig.age_rule values
  (gen_random_uuid(), '*', 0, true, 'no', '2000-01-01', 'migration', '2026-01-01'),
  (gen_random_uuid(), '*', 12, true, 'if_mature', '2000-01-01', 'migration', '2026-01-01'),
  (gen_random_uuid(), '*', 15, true, 'yes', '2000-01-01', 'migration', '2026-01-01'),
  (gen_random_uuid(), '*', 18, false, 'yes', '2000-01-01', 'migration', '2026-01-01');

grant select, insert on sig.consent, sig.consent_grant, sig.consent_exclusion, sig.consent_signer, sig.maturity_assessment, sig.withdrawal to sig_app;
grant update (state, text_hash, first_signed_at, decided_on, decision_reference, activated_at, ended_at, change) on sig.consent to sig_app;
grant update (state, ended_at) on sig.consent to sig_worker;
grant delete on sig.consent_grant, sig.consent_exclusion, sig.consent_signer to sig_app;
grant update (required, explained_at, explained_method, explained_language, explained_by, answer, answered_at, text_hash, person, auth_time, channel,
  view_sealed, overridden_at, overridden_by, override_reason_sealed) on sig.consent_signer to sig_app;
grant update (ledger_id) on sig.withdrawal to sig_app;
grant select on sig.consent, sig.consent_signer, sig.consent_exclusion to sig_worker;
grant select (id, consent, intervention, row_number, discloser_authority, discloser_unit, discloser_function, recipient_authority,
  recipient_unit, recipient_function, private_kind, categories, districts, valid_from, valid_to, origin) on sig.consent_grant to sig_worker;
grant select on sig.consent_transition, sig.age_rule to sig_app, sig_worker;
grant insert on sig.age_rule to sig_app;

create function sig.only_draft_rows_go() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from sig.consent c where c.id = old.consent and c.state = 'draft') then
    raise exception 'a version that has been explained never changes'
      using errcode = 'check_violation', constraint = 'consent_version_is_immutable';
  end if;
  return old;
end $$;
create trigger consent_grant_is_immutable before delete on sig.consent_grant for each row execute function sig.only_draft_rows_go();
create trigger consent_exclusion_is_immutable before delete on sig.consent_exclusion for each row execute function sig.only_draft_rows_go();
