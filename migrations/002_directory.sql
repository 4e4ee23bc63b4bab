-- The directory: who is who. It is written by `sigportal directory import`
-- (role sig_owner) and read by pages. Nothing is ever deleted from it: the
-- ledger and old consents go on naming what once was.
create extension if not exists btree_gist with schema public;

create table sig.district (
  id text constraint district_pk primary key,
  name text not null,
  constraint district_id_is_a_key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint district_has_a_name check (name = btrim(name) and name <> '')
);
comment on table sig.district is 'A geographic district (stadsdelsområde, local police area) that boards, units and consents name.';

create table sig.function (
  id text constraint function_pk primary key,
  consentable boolean not null
);
comment on table sig.function is 'The functions that the portal knows: what a consent must name. A test holds it to the list in Go.';
comment on column sig.function.consentable is 'False for offices that only keep the portal, for staff as a whole and for family counselling (OSL 26:3).';
insert into sig.function (id, consentable) values
  ('coordinator', true), ('social_secretary', true), ('open_care', true), ('field_assistant', true),
  ('community_police', true), ('principal', true), ('school_counsellor', true), ('mentor', true),
  ('pupil_health', true), ('kaa', true), ('addiction_care', true), ('psychiatry', true),
  ('club_mentor', true), ('caseworker', false), ('registrar', false), ('log_reviewer', false),
  ('administrator', false), ('family_counselling', false);

create table sig.authority (
  id text constraint authority_pk primary key,
  kind text not null,
  name text not null,
  municipality text,
  districts text[] not null default '{}',
  public_body boolean not null,
  constraint authority_id_is_a_key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint authority_has_a_name check (name = btrim(name) and name <> ''),
  constraint authority_kind_is_known check (kind in (
    'municipal_board', 'district_board', 'leisure_board', 'education_board', 'police',
    'region_health', 'state_other', 'private_school', 'private_provider', 'civil_society')),
  constraint authority_municipality_is_a_code check (municipality ~ '^[0-9]{4}$'),
  constraint authority_body_agrees_with_kind check (
    public_body = (kind not in ('private_school', 'private_provider', 'civil_society')))
);
comment on table sig.authority is 'One secrecy subject (OSL 8:1): a board, the police, a region''s health board, a private body. The secrecy border runs round it.';
comment on column sig.authority.districts is 'Districts it answers for; empty means the whole municipality, or the nation.';
comment on column sig.authority.public_body is 'True where the OSL applies directly; false means a private duty of silence, or none.';

create table sig.branch (
  id text constraint branch_pk primary key,
  authority text not null constraint branch_of_an_authority references sig.authority,
  name text not null,
  regime text not null,
  independent boolean not null default false,
  independent_on date,
  independent_reference text,
  constraint branch_id_is_a_key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint branch_has_a_name check (name = btrim(name) and name <> ''),
  constraint branch_in_authority unique (id, authority),
  constraint branch_regime_is_known check (regime in (
    'social_26_1', 'health_25_1', 'school_pupil_health_23_2a', 'school_support_23_2b',
    'school_other_23_2c', 'police_35_1', 'family_counselling_26_3', 'private_social',
    'private_school', 'none')),
  constraint branch_independence_is_decided check (
    independent = (independent_on is not null and coalesce(independent_reference, '') <> ''))
);
comment on table sig.branch is 'A branch of activity inside an authority (verksamhetsgren), with the secrecy regime that its staff work under.';
comment on column sig.branch.independent is 'OSL 8:2: a decision that the authority has taken and recorded, never inferred from an organisation chart.';
comment on column sig.branch.independent_reference is 'The reference of that decision.';

create table sig.unit (
  id text constraint unit_pk primary key,
  branch text not null,
  authority text not null,
  name text not null,
  districts text[] not null default '{}',
  constraint unit_id_is_a_key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint unit_has_a_name check (name = btrim(name) and name <> ''),
  constraint unit_of_a_branch foreign key (branch, authority) references sig.branch (id, authority),
  constraint unit_in_authority unique (id, authority)
);
comment on table sig.unit is 'A unit of staff. Unit and function together are what a consent names.';
comment on column sig.unit.authority is 'Repeated from the branch, and held to it, so that every row below can be held to its authority.';
comment on column sig.unit.districts is 'Districts it works in; empty means those of its authority.';
create index unit_by_authority on sig.unit (authority);

create table sig.function_move (
  id uuid constraint function_move_pk primary key,
  authority text not null,
  function text not null constraint function_move_of_a_function references sig.function,
  from_unit text not null,
  to_unit text not null,
  moved_at timestamptz not null,
  constraint function_move_goes_somewhere check (from_unit <> to_unit),
  constraint function_move_from_own_unit foreign key (from_unit, authority) references sig.unit (id, authority),
  constraint function_move_to_own_unit foreign key (to_unit, authority) references sig.unit (id, authority),
  constraint function_move_once unique (from_unit, function, moved_at)
);
comment on table sig.function_move is 'A function moved from one unit to another inside the same authority. Consents that name the function follow it; they never follow it to another authority.';

create table sig.identity_provider (
  issuer text constraint identity_provider_pk primary key,
  kind text not null,
  staff_claim text,
  constraint identity_provider_is_a_key check (issuer ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint identity_provider_kind_is_known check (kind in ('staff', 'citizen')),
  constraint identity_provider_staff_have_a_claim check ((kind = 'staff') = (staff_claim is not null))
);
comment on table sig.identity_provider is 'An OpenID provider that the directory trusts to say who somebody is.';
comment on column sig.identity_provider.issuer is 'The provider''s short key; its address and keys stand in the configuration, so that they can change without the directory.';
comment on column sig.identity_provider.staff_claim is 'The claim whose value finds assignments (assignment.staff_key); only for staff.';

create table sig.person (
  id uuid constraint person_pk primary key,
  issuer text not null constraint person_of_an_issuer references sig.identity_provider,
  subject text not null,
  name text not null,
  pin_hash bytea,
  created_at timestamptz not null default sig.now(),
  constraint person_once_per_issuer unique (issuer, subject),
  constraint person_with_issuer unique (id, issuer),
  constraint person_has_a_subject check (subject <> ''),
  constraint person_has_a_name check (name <> ''),
  constraint person_pin_is_hashed check (octet_length(pin_hash) = 32)
);
comment on table sig.person is 'One human being as one provider knows them: (issuer, subject). An eID says who somebody is, not that they are a guardian.';
comment on column sig.person.pin_hash is 'Keyed hash (HMAC-SHA256) of the 12-digit personal number; null for staff. The number itself is not here.';
create index person_by_pin_hash on sig.person (pin_hash) where pin_hash is not null;

create table sig.assignment (
  id uuid constraint assignment_pk primary key,
  person uuid,
  staff_issuer text not null constraint assignment_of_an_issuer references sig.identity_provider,
  staff_key text not null,
  name text not null,
  email text,
  unit text not null,
  authority text not null,
  function text not null constraint assignment_of_a_function references sig.function,
  districts text[] not null default '{}',
  leads text[] not null default '{}',
  valid_from timestamptz not null,
  valid_to timestamptz not null default 'infinity',
  constraint assignment_has_a_staff_key check (staff_key <> ''),
  constraint assignment_has_a_name check (name = btrim(name) and name <> ''),
  constraint assignment_email_is_an_address check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  constraint assignment_in_own_unit foreign key (unit, authority) references sig.unit (id, authority),
  constraint assignment_person_of_issuer foreign key (person, staff_issuer) references sig.person (id, issuer),
  constraint assignment_ends_after_it_begins check (valid_from < valid_to),
  constraint assignment_does_not_overlap exclude using gist (
    staff_issuer with =, staff_key with =, unit with =, function with =,
    tstzrange(valid_from, valid_to) with &&)
);
comment on table sig.assignment is 'One person in one function in one unit, in time: [valid_from, valid_to). Ended, never deleted.';
comment on column sig.assignment.person is 'Bound at the first sign-in, once; before that only the staff key says whose it is.';
comment on column sig.assignment.name is 'The name that others see beside the function ("Vem ser detta?").';
comment on column sig.assignment.unit is 'The unit when the assignment began; a recorded move carries it along: sig.current_unit(unit, function, now, valid_from).';
comment on column sig.assignment.districts is 'Districts the person works in; empty means the unit''s.';
comment on column sig.assignment.leads is 'Functions of the same unit whose participation in interventions this person sets.';
create index assignment_by_person on sig.assignment (person) where person is not null;
create index assignment_by_place on sig.assignment (unit, function, valid_from, valid_to);
create index assignment_by_authority on sig.assignment (authority, function);

create table sig.directory_import (
  id bigint generated always as identity constraint directory_import_pk primary key,
  at timestamptz not null default sig.now(),
  by text not null,
  file_hash bytea not null,
  summary jsonb not null,
  constraint directory_import_by_somebody check (by <> ''),
  constraint directory_import_hash_is_sha256 check (octet_length(file_hash) = 32)
);
comment on table sig.directory_import is 'One applied import: who, which file (SHA-256), and how many rows were added, changed and ended.';
create trigger directory_import_never_changes before update or delete on sig.directory_import
  for each row execute function sig.forbid_change();

-- Every element of a districts column exists.
create function sig.check_districts() returns trigger language plpgsql as $$
declare missing text;
begin
  select d into missing from unnest(new.districts) d
   where not exists (select from sig.district where district.id = d) limit 1;
  if missing is not null then
    raise exception 'district % is not in the directory', missing
      using errcode = 'foreign_key_violation', constraint = tg_table_name || '_districts_exist';
  end if;
  return new;
end $$;
comment on function sig.check_districts() is 'Trigger: the districts of a row exist; what a foreign key would say if arrays could have one.';
create trigger authority_districts_exist before insert or update of districts on sig.authority
  for each row execute function sig.check_districts();
create trigger unit_districts_exist before insert or update of districts on sig.unit
  for each row execute function sig.check_districts();
create trigger assignment_districts_exist before insert or update of districts on sig.assignment
  for each row execute function sig.check_districts();

create function sig.check_leads() returns trigger language plpgsql as $$
declare missing text;
begin
  select f into missing from unnest(new.leads) f
   where not exists (select from sig.function where function.id = f) limit 1;
  if missing is not null then
    raise exception 'function % is not known', missing
      using errcode = 'foreign_key_violation', constraint = 'assignment_leads_are_functions';
  end if;
  return new;
end $$;
comment on function sig.check_leads() is 'Trigger: the functions that an assignment leads exist.';
create trigger assignment_leads_are_functions before insert or update of leads on sig.assignment
  for each row execute function sig.check_leads();

create function sig.bind_person_once() returns trigger language plpgsql as $$
begin
  if old.person is not null and new.person is distinct from old.person then
    raise exception 'the assignment is bound to a person already'
      using errcode = 'integrity_constraint_violation', constraint = 'assignment_is_bound_once';
  end if;
  return new;
end $$;
comment on function sig.bind_person_once() is 'Trigger: an assignment is bound to one person and stays so.';
create trigger assignment_is_bound_once before update of person on sig.assignment
  for each row execute function sig.bind_person_once();

-- The walls ask these many times a statement: plpgsql keeps their plans, where
-- SQL that cannot be inlined is planned at every call.
create function sig.unit_districts(unit text) returns text[]
  language plpgsql stable parallel safe
  as $$
#variable_conflict use_column
begin
  return (
    select case when u.districts <> '{}' then u.districts else a.districts end
      from sig.unit u join sig.authority a on a.id = u.authority
     where u.id = $1);
end $$;
comment on function sig.unit_districts(text) is 'The districts of a unit, its authority''s where it has none; empty means no limit, null means no such unit.';

create function sig.current_unit(unit text, function text, at timestamptz, since timestamptz default '-infinity')
  returns text
  language plpgsql stable parallel safe
  as $$
declare
  here text := $1;
  arrived timestamptz := $4;
  next record;
begin
  loop
    select m.to_unit, m.moved_at into next from sig.function_move m
     where m.from_unit = here and m.function = $2 and m.moved_at > arrived and m.moved_at <= $3
     order by m.moved_at limit 1;
    exit when not found;
    here := next.to_unit;
    arrived := next.moved_at;
  end loop;
  return here;
end $$;
comment on function sig.current_unit(text, text, timestamptz, timestamptz) is
  'Where a function named in a unit at the instant "since" sits at the instant "at", following the recorded moves inside its own authority; without a move, the unit itself.';

create function sig.assignment_districts(assignment uuid) returns text[]
  language plpgsql stable parallel safe
  as $$
#variable_conflict use_column
begin
  return (
    select case when s.districts <> '{}' then s.districts
                else sig.unit_districts(sig.current_unit(s.unit, s.function, sig.instant(), s.valid_from)) end
      from sig.assignment s where s.id = $1);
end $$;
comment on function sig.assignment_districts(uuid) is 'The districts of an assignment, its unit''s where it has none; empty means no limit.';

grant select on sig.district, sig.function, sig.authority, sig.branch, sig.unit, sig.function_move,
  sig.identity_provider, sig.person, sig.assignment, sig.directory_import to sig_app;
grant insert on sig.person to sig_app;
grant update (name) on sig.person to sig_app;
grant update (person) on sig.assignment to sig_app;

-- Jobs see ids, instants and keys, never a name, an address or a number's hash.
grant select on sig.district, sig.function, sig.unit, sig.function_move to sig_worker;
grant select (id, kind, public_body, districts) on sig.authority to sig_worker;
grant select (id, authority, regime, independent) on sig.branch to sig_worker;
grant select (id, person, unit, authority, function, districts, leads, valid_from, valid_to)
  on sig.assignment to sig_worker;
grant select (id, issuer) on sig.person to sig_worker;

-- The ledger's reader turns keys into the names of organisations, not of people.
grant select on sig.district, sig.function, sig.authority, sig.branch, sig.unit to sig_reviewer;
