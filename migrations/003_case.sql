-- The young person, the guardians, the intervention and who takes part in it.
create table sig.youth (
  id uuid primary key,
  authority text not null constraint youth_authority_exists references sig.authority (id),
  name text not null constraint youth_name_is_given check (name <> ''),
  birth_date date not null,
  pin_hash bytea not null constraint youth_pin_hash_is_hmac check (length(pin_hash) = 32),
  pin_sealed bytea not null,
  protection text not null default 'none'
    constraint youth_protection_is_known check (protection in ('none', 'marked', 'registration', 'fictitious')),
  contact_sealed bytea,
  created_at timestamptz not null,
  constraint youth_once_per_authority unique (authority, pin_hash)
);
comment on table sig.youth is 'One authority''s own record of a young person; no authority sees another''s.';
comment on column sig.youth.pin_hash is 'Keyed hash of the twelve digits, for finding; the digits themselves are sealed.';
comment on column sig.youth.protection is 'Skyddade personuppgifter: sekretessmarkering, skyddad folkbokföring, fingerade personuppgifter (OSL 21:3, 21:3 a).';

create table sig.guardianship (
  id uuid primary key,
  youth uuid not null constraint guardianship_youth_exists references sig.youth (id),
  authority text not null constraint guardianship_authority_exists references sig.authority (id),
  name text not null constraint guardianship_name_is_given check (name <> ''),
  pin_hash bytea not null constraint guardianship_pin_hash_is_hmac check (length(pin_hash) = 32),
  pin_sealed bytea not null,
  kind text not null default 'parent' constraint guardianship_kind_is_known check (kind in ('parent', 'appointed')),
  custody text not null constraint guardianship_custody_is_known check (custody in ('joint', 'sole')),
  contact_sealed bytea,
  source text not null constraint guardianship_source_is_known check (source in ('population_register', 'judgment', 'manual')),
  verified_on date not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null default '9999-12-31T00:00:00Z',
  constraint guardianship_window_runs_forward check (valid_from < valid_to),
  constraint guardianship_once_per_youth unique (youth, pin_hash, valid_from)
);
create index guardianship_by_pin on sig.guardianship (pin_hash);
comment on table sig.guardianship is 'A verified record that this person decides for this youth (FB 6:2, 6:11); an eID proves identity, never this.';

create table sig.intervention_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
comment on table sig.intervention_transition is 'The legal edges of the intervention''s state machine (domain 3.4); sig.InterventionState says the same in Go and a test compares them.';
insert into sig.intervention_transition values
  ('proposed', 'consent_pending'), ('proposed', 'not_started'),
  ('consent_pending', 'awaiting_decision'), ('consent_pending', 'not_started'),
  ('awaiting_decision', 'active'), ('awaiting_decision', 'not_started'),
  ('awaiting_decision', 'consent_pending'),
  ('active', 'sharing_stopped'), ('sharing_stopped', 'active'),
  ('active', 'closing'), ('sharing_stopped', 'closing'),
  ('closing', 'closed');

create table sig.intervention (
  id uuid primary key,
  case_number text not null constraint intervention_case_number_is_unique unique
    constraint intervention_case_number_is_a_code check (case_number ~ '^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$'),
  authority text not null constraint intervention_authority_exists references sig.authority (id),
  youth uuid not null constraint intervention_youth_exists references sig.youth (id),
  programme text not null constraint intervention_programme_is_known check (programme in ('sig', 'sspf')),
  state text not null default 'proposed',
  state_since timestamptz not null,
  closed_reason text constraint intervention_closed_reason_is_known check (closed_reason in
    ('goal_reached', 'consent_withdrawn', 'consent_expired', 'consent_lapsed', 'moved', 'decision_ended', 'deceased', 'replaced_by_lvu', 'declined', 'refused', 'other')),
  sharing_stopped_at timestamptz,
  created_at timestamptz not null,
  created_by uuid not null constraint intervention_creator_exists references sig.assignment (id),
  constraint intervention_state_is_known check (state in
    ('proposed', 'consent_pending', 'awaiting_decision', 'active', 'sharing_stopped', 'closing', 'closed', 'not_started')),
  constraint intervention_ended_has_reason check ((state in ('closing', 'closed', 'not_started')) = (closed_reason is not null))
);
create unique index intervention_one_open_per_youth on sig.intervention (youth)
  where state not in ('closing', 'closed', 'not_started');
comment on table sig.intervention is 'One granted, coordinated measure around one youth. Closed is terminal: a new start is a new row.';
comment on column sig.intervention.case_number is 'Random code without year, programme or running number; may stand in mail subjects.';

create function sig.check_transition() returns trigger language plpgsql security definer set search_path = '' as $$
declare legal boolean;
begin
  if new.state = old.state then return new; end if;
  execute format('select exists (select from sig.%I where from_state = $1 and to_state = $2)', tg_argv[0])
    into legal using old.state, new.state;
  if not legal then
    raise exception 'no edge from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = tg_argv[0];
  end if;
  return new;
end $$;
create trigger intervention_walks_legal_edges before update of state on sig.intervention
  for each row execute function sig.check_transition('intervention_transition');

create table sig.participation (
  id uuid primary key,
  intervention uuid not null constraint participation_intervention_exists references sig.intervention (id),
  assignment uuid not null constraint participation_assignment_exists references sig.assignment (id),
  authority text not null,
  unit text not null,
  function text not null,
  stand_in_for uuid constraint participation_stands_in_for_one references sig.participation (id),
  reason_sealed bytea,
  granted_by uuid constraint participation_granter_exists references sig.assignment (id),
  valid_from timestamptz not null,
  valid_to timestamptz not null default '9999-12-31T00:00:00Z',
  constraint participation_window_runs_forward check (valid_from < valid_to)
);
create index participation_by_assignment on sig.participation (assignment, intervention);
create index participation_by_intervention on sig.participation (intervention, authority);
comment on table sig.participation is 'CaseParticipation: need-to-know of one assignment on one intervention, in the seat (unit, function) that it fills; a stand-in fills another''s seat until an end date.';

create table sig.task (
  id uuid primary key,
  intervention uuid not null constraint task_intervention_exists references sig.intervention (id),
  authority text not null,
  function text not null,
  kind text not null constraint task_kind_is_known check (kind in
    ('consider_other_measures', 'renew_consent', 'set_participation', 'decide_visibility', 'approve_disclosure', 'answer_request', 'review_incident', 'decide_measure', 'proposal_received')),
  object uuid,
  due_on date,
  created_at timestamptz not null,
  done_at timestamptz,
  done_by uuid,
  outcome text constraint task_outcome_is_known check (outcome in ('new_inquiry', 'other_measure', 'lvu_considered', 'no_further', 'done')),
  outcome_reason_sealed bytea,
  constraint task_done_has_outcome check ((done_at is null) = (outcome is null)),
  constraint task_no_further_has_reason check (outcome is distinct from 'no_further' or outcome_reason_sealed is not null)
);
create index task_open on sig.task (intervention) where done_at is null;
comment on table sig.task is 'Something one function of one authority must do about one intervention; ids and dates only.';

create table sig.journal_note (
  id uuid primary key,
  intervention uuid not null constraint journal_note_intervention_exists references sig.intervention (id),
  authority text not null,
  kind text not null,
  at timestamptz not null,
  facts jsonb not null default '{}'
);
create index journal_note_by_intervention on sig.journal_note (intervention, at);
create trigger journal_note_never_changes before update or delete on sig.journal_note
  for each row execute function sig.forbid_change();
comment on table sig.journal_note is 'What the board must write in the social journal: kind and ids, codes, dates; the words come from the message files when it is read.';

create table sig.part_request (
  id uuid primary key,
  authority text not null,
  pin_hash bytea not null,
  assignment uuid not null constraint part_request_assignment_exists references sig.assignment (id),
  intervention uuid constraint part_request_intervention_exists references sig.intervention (id),
  reason_sealed bytea not null,
  created_at timestamptz not null,
  answered_at timestamptz,
  answer text constraint part_request_answer_is_known check (answer in ('granted', 'refused')),
  answered_by uuid
);
comment on table sig.part_request is 'An internal request, with reason, to take part in a case (domain T10). The one who asks never learns whether there is a case until an answer grants a part.';

grant select, insert on sig.youth, sig.guardianship, sig.intervention, sig.participation, sig.task, sig.journal_note, sig.part_request to sig_app;
grant update (name, protection, contact_sealed) on sig.youth to sig_app;
grant update (valid_to, contact_sealed) on sig.guardianship to sig_app;
grant update (state, state_since, closed_reason, sharing_stopped_at) on sig.intervention to sig_app, sig_worker;
grant update (valid_to) on sig.participation to sig_app, sig_worker;
grant update (done_at, done_by, outcome, outcome_reason_sealed) on sig.task to sig_app;
grant update (done_at, outcome) on sig.task to sig_worker;
grant update (answered_at, answer, answered_by, intervention) on sig.part_request to sig_app;
grant select on sig.intervention_transition to sig_app, sig_worker;
grant select (id, authority, birth_date, protection) on sig.youth to sig_worker;
grant select (id, youth, authority, valid_from, valid_to) on sig.guardianship to sig_worker;
grant select on sig.intervention to sig_worker;
grant select (id, intervention, assignment, authority, unit, function, stand_in_for, valid_from, valid_to) on sig.participation to sig_worker;
grant select (id, intervention, authority, function, kind, object, due_on, created_at, done_at), insert on sig.task to sig_worker;
grant select, insert on sig.journal_note to sig_worker;
grant select (id, case_number, authority, programme, state, state_since, closed_reason, created_at) on sig.intervention to sig_reviewer;
