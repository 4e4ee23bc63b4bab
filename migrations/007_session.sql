-- Logins and sessions. A session is a row, and its cookie only a secret whose
-- hash finds it: whoever reads this table cannot wear anybody's session. Limits
-- are domain time (sig.now()); what belongs to the protocol with a provider,
-- such as when a login began, is wall clock.
create table sig.session (
  id uuid constraint session_pk primary key,
  secret_hash bytea not null constraint session_secret_is_one_of_a_kind unique,
  person uuid not null constraint session_of_a_person references sig.person,
  provider text not null constraint session_of_a_provider references sig.identity_provider,
  assignment uuid constraint session_assignment_exists references sig.assignment,
  guardian uuid constraint session_guardian_exists references sig.guardianship,
  youth uuid constraint session_youth_exists references sig.youth,
  provider_session text,
  auth_time timestamptz not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  idle_limit interval not null,
  absolute_limit interval not null,
  language text not null default 'sv',
  browser text not null default 'other',
  choices integer not null default 0,
  ended_at timestamptz,
  end_reason text,
  constraint session_secret_is_hashed check (octet_length(secret_hash) = 32),
  constraint session_has_one_hat check (num_nonnulls(assignment, guardian, youth) <= 1),
  constraint session_limits_are_positive check (idle_limit > interval '0' and absolute_limit >= idle_limit),
  constraint session_language_is_a_code check (language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
  constraint session_browser_is_known check (browser in ('firefox', 'edge', 'chrome', 'safari', 'other')),
  constraint session_end_has_a_reason check ((ended_at is null) = (end_reason is null)),
  constraint session_end_reason_is_known check (end_reason in (
    'signed_out', 'ended_by_owner', 'ended_by_provider', 'replaced', 'hat_changed',
    'idle', 'absolute', 'assignment_ended', 'standing_ended'))
);
comment on table sig.session is 'One signed-in browser of one person, under at most one hat. Ended rows stay until a job culls them.';
comment on column sig.session.id is 'Public handle: stands in the list of own sessions and in the ledger. It opens nothing.';
comment on column sig.session.secret_hash is 'SHA-256 of the 256 random bits in the browser''s cookie.';
comment on column sig.session.provider_session is 'The provider''s sid, by which a logout token finds the session.';
comment on column sig.session.auth_time is 'When the provider last saw the person in the flesh; wall clock.';
comment on column sig.session.created_at is 'When the person signed in; a change of hat keeps it, so the absolute limit cannot be stretched.';
comment on column sig.session.browser is 'Family of the browser, so that the owner knows the session again; nothing finer is kept.';
comment on column sig.session.choices is 'How many hats there were at sign-in, so that the page can offer another.';
create index session_by_person on sig.session (person, id) where ended_at is null;
create index session_by_provider_session on sig.session (provider, provider_session) where ended_at is null;
create index session_by_end on sig.session (ended_at) where ended_at is not null;

create table sig.login_attempt (
  state_hash bytea constraint login_attempt_pk primary key,
  browser_hash bytea not null,
  provider text not null,
  nonce text not null,
  verifier text not null,
  redirect text not null,
  return_to text not null,
  session uuid constraint login_attempt_session_exists references sig.session on delete cascade,
  bound_hash bytea,
  purpose text,
  began_at timestamptz not null default clock_timestamp(),
  constraint login_attempt_hashes_are_sha256 check (octet_length(state_hash) = 32 and octet_length(browser_hash) = 32),
  constraint login_attempt_step_up_is_bound check (
    num_nonnulls(session, bound_hash, purpose) in (0, 3) and (bound_hash is null or octet_length(bound_hash) = 32)),
  constraint login_attempt_returns_home check (return_to ~ '^/([^/\\]|$)')
);
comment on table sig.login_attempt is 'A login on its way to a provider and back: used once, by the browser that began it, within ten minutes.';
comment on column sig.login_attempt.session is 'For a step-up: the session whose person must come back, with purpose and the hash of what they saw.';
create index login_attempt_by_age on sig.login_attempt (began_at);

create table sig.step_up (
  id uuid constraint step_up_pk primary key,
  session uuid not null constraint step_up_session_exists references sig.session on delete cascade,
  person uuid not null constraint step_up_of_a_person references sig.person,
  purpose text not null,
  bound_hash bytea not null,
  auth_time timestamptz not null,
  made_at timestamptz not null default clock_timestamp(),
  consumed_at timestamptz,
  constraint step_up_hash_is_sha256 check (octet_length(bound_hash) = 32)
);
comment on table sig.step_up is 'Proof that a person has just signed in anew for one act on one version of one text: spent once, in the transaction of the act.';
comment on column sig.step_up.bound_hash is 'Hash of what stood on the screen; the act recomputes it under its lock.';
create index step_up_by_age on sig.step_up (made_at);

create table sig.logout_token (
  provider text not null,
  token_hash bytea not null,
  expires_at timestamptz not null,
  constraint logout_token_pk primary key (provider, token_hash),
  constraint logout_token_hash_is_sha256 check (octet_length(token_hash) = 32)
);
comment on table sig.logout_token is 'Logout tokens that have been used, until they would have expired anyway: a second delivery is refused.';
create index logout_token_by_expiry on sig.logout_token (expires_at);

grant select, insert on sig.session to sig_app;
grant update (provider_session, auth_time, last_seen_at, language, ended_at, end_reason) on sig.session to sig_app;
grant select, insert, delete on sig.login_attempt to sig_app;
grant select, insert on sig.step_up to sig_app;
grant update (consumed_at) on sig.step_up to sig_app;
grant select, insert, delete on sig.logout_token to sig_app;
grant update (pin_hash) on sig.person to sig_app;

-- Jobs cull what has ended; they never see a secret's hash or a nonce.
grant select (id, person, assignment, guardian, youth, ended_at, end_reason), delete on sig.session to sig_worker;
grant select (made_at), delete on sig.step_up to sig_worker;
