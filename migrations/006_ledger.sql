-- The ledger: what was done, read and refused, by which office, on what ground.
-- A row is written in the same transaction as the act or the read (no row, no
-- content). One sequencer folds the rows, in the order of their ids, into one
-- Merkle log and signs its head. Nothing here is ever changed; culling may only
-- empty a row of what could point at a person, and the proof still stands.
create table sig.ledger (
  id bigint generated always as identity constraint ledger_pk primary key,
  at timestamptz not null,
  kind text not null,
  outcome text not null,
  reason text not null,
  actor text not null,
  intervention uuid,
  authority text,
  unit text,
  function text,
  system text,
  person uuid,
  assignment uuid,
  guardian uuid,
  youth uuid,
  object_kind text,
  object_id uuid,
  consent uuid,
  basis text,
  recipient_authority text,
  recipient_unit text,
  recipient_function text,
  categories text[],
  request uuid,
  detail jsonb not null default '{}',
  salt bytea,
  body bytea,
  leaf_hash bytea not null
);
comment on table sig.ledger is 'Append-only record of acts, reads and refusals: ids, codes and offices, never names or content. Written only through sig.append_ledger, which also makes the checks: as constraints they are read and compiled anew for each row, and cost as much as all the rest.';
comment on column sig.ledger.at is 'The one instant of the transaction, read after its locks; not the instant of the insert.';
comment on column sig.ledger.kind is 'What was tried; the list with its meanings is in internal/ledger.';
comment on column sig.ledger.reason is 'The reason code of the policy, empty where it had nothing to say.';
comment on column sig.ledger.intervention is 'Whose record the row belongs to; within one intervention the order of ids is the order of the locks.';
comment on column sig.ledger.authority is 'The office that acted, with unit and function; empty for citizens and machines.';
comment on column sig.ledger.consent is 'The version of the consent that the decision relied on.';
comment on column sig.ledger.detail is 'Ids, codes, counts and keyed hashes only.';
comment on column sig.ledger.salt is 'Hides the ids that the body commits to; deleting it makes the commitments dumb for ever.';
comment on column sig.ledger.body is 'The exact bytes whose hash is the leaf: offices and codes in clear, every id as a salted commitment.';
comment on column sig.ledger.leaf_hash is 'SHA-256 of a zero byte and the body (RFC 6962); stays when the body is culled.';
create index ledger_by_intervention on sig.ledger (intervention, id);
create index ledger_reads_of_copy on sig.ledger (object_id, at) where kind = 'read_copy' and outcome = 'allowed';

create table sig.ledger_leaf (
  leaf_index bigint constraint ledger_leaf_pk primary key,
  ledger_id bigint not null constraint ledger_leaf_once unique,
  leaf_hash bytea not null constraint ledger_leaf_hash_is_sha256 check (octet_length(leaf_hash) = 32),
  constraint ledger_leaf_counts_from_zero check (leaf_index >= 0)
);
comment on table sig.ledger_leaf is 'Which row became which leaf of the Merkle log: each row once, in the order of ids, without a gap.';

create table sig.ledger_hash (
  position bigint constraint ledger_hash_pk primary key,
  hash bytea not null constraint ledger_hash_is_sha256 check (octet_length(hash) = 32)
);
comment on table sig.ledger_hash is 'The hashes of all complete subtrees at their place in tlog''s dense order, from which every proof is read.';

create table sig.ledger_checkpoint (
  size bigint constraint ledger_checkpoint_pk primary key,
  root bytea not null constraint ledger_checkpoint_root_is_sha256 check (octet_length(root) = 32),
  signed text not null,
  at timestamptz not null
);
comment on table sig.ledger_checkpoint is 'Signed heads of the log (C2SP checkpoints), one for every time that rows were folded in.';

-- Rows of the ledger never change. The one exception empties a row: what goes
-- is salt, body and whatever names a person or a case; what stays must stay.
create trigger ledger_never_shrinks before delete on sig.ledger
  for each row execute function sig.forbid_change();
create trigger ledger_is_never_emptied before truncate on sig.ledger
  for each statement execute function sig.forbid_change();
create trigger ledger_never_changes before update on sig.ledger
  for each row when (
    old.body is null or new.body is not null
    or num_nonnulls(new.intervention, new.person, new.assignment, new.guardian, new.youth,
                    new.object_id, new.consent, new.request) > 0
    or new.detail <> '{}'
    or (old.id, old.at, old.kind, old.outcome, old.reason, old.actor, old.leaf_hash)
       is distinct from (new.id, new.at, new.kind, new.outcome, new.reason, new.actor, new.leaf_hash)
    or (old.authority, old.unit, old.function, old.system, old.object_kind, old.basis,
        old.recipient_authority, old.recipient_unit, old.recipient_function, old.categories)
       is distinct from (new.authority, new.unit, new.function, new.system, new.object_kind, new.basis,
        new.recipient_authority, new.recipient_unit, new.recipient_function, new.categories))
  execute function sig.forbid_change();
create trigger ledger_leaf_never_changes before update or delete on sig.ledger_leaf
  for each row execute function sig.forbid_change();
create trigger ledger_leaf_is_never_emptied before truncate on sig.ledger_leaf
  for each statement execute function sig.forbid_change();
create trigger ledger_hash_never_changes before update or delete on sig.ledger_hash
  for each row execute function sig.forbid_change();
create trigger ledger_hash_is_never_emptied before truncate on sig.ledger_hash
  for each statement execute function sig.forbid_change();
create trigger ledger_checkpoint_never_changes before update or delete on sig.ledger_checkpoint
  for each row execute function sig.forbid_change();
create trigger ledger_checkpoint_is_never_emptied before truncate on sig.ledger_checkpoint
  for each statement execute function sig.forbid_change();

create function sig.append_ledger(
  at timestamptz, kind text, outcome text default 'allowed', reason text default '',
  intervention uuid default null,
  object_kind text default null, object_id uuid default null, consent uuid default null,
  basis text default null,
  recipient_authority text default null, recipient_unit text default null, recipient_function text default null,
  categories text[] default null, detail jsonb default '{}', request uuid default null,
  authority text default null, unit text default null, function text default null
) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
  -- The transaction gets its number before the row gets its id. The sequencer
  -- relies on it: whoever holds an id holds an older number than the
  -- transaction that looks for it (internal/postgres/ledger_sequencer.go).
  numbered xid8 := pg_current_xact_id();
  row_id bigint := nextval('sig.ledger_id_seq');
  actor text := coalesce(nullif(current_setting('app.kind', true), ''), 'nobody');
  person uuid := nullif(current_setting('app.person', true), '');
  assignment uuid := nullif(current_setting('app.assignment', true), '');
  guardian uuid := nullif(current_setting('app.guardian', true), '');
  youth uuid := nullif(current_setting('app.youth', true), '');
  system text := nullif(current_setting('app.system', true), '');
  salt bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
  body bytea;
begin
  if kind !~ '^[a-z_]+$' or outcome not in ('allowed', 'refused') or (outcome = 'refused' and reason = '') then
    raise exception 'a row needs a kind, an outcome, and a reason where it is a refusal'
      using errcode = 'check_violation', constraint = 'ledger_row_is_evidence';
  elsif actor not in ('staff', 'guardian', 'youth', 'system', 'nobody') or (actor = 'system') <> (system is not null) then
    raise exception 'nobody known acts'
      using errcode = 'check_violation', constraint = 'ledger_actor_is_known';
  elsif jsonb_typeof(detail) <> 'object' or authority = '' or unit = '' or function = '' or object_kind = '' or basis = ''
      or recipient_authority = '' or recipient_unit = '' or recipient_function = '' then
    raise exception 'absent is null, and details are an object'
      using errcode = 'check_violation', constraint = 'ledger_blank_is_null';
  end if;
  if assignment is not null and function is null then
    select a.authority, a.unit, a.function into authority, unit, function
      from sig.assignment a where a.id = assignment;
  end if;
  categories := nullif(categories, '{}');
  -- Text of jsonb is canonical: keys by length and then by bytes, one space
  -- after each colon and comma. internal/ledger writes the same bytes in Go.
  body := convert_to(jsonb_strip_nulls(jsonb_build_object(
    'v', 1, 'id', row_id,
    'at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'kind', kind, 'outcome', outcome, 'reason', nullif(reason, ''), 'actor', actor,
    'authority', authority, 'unit', unit, 'function', function, 'system', system,
    'object', object_kind, 'basis', basis, 'categories', categories,
    'recipient_authority', recipient_authority, 'recipient_unit', recipient_unit,
    'recipient_function', recipient_function,
    'committed', jsonb_build_object(
      'intervention', encode(sha256(sha256(salt || 'intervention') || intervention::text::bytea), 'hex'),
      'person', encode(sha256(sha256(salt || 'person') || person::text::bytea), 'hex'),
      'assignment', encode(sha256(sha256(salt || 'assignment') || assignment::text::bytea), 'hex'),
      'guardian', encode(sha256(sha256(salt || 'guardian') || guardian::text::bytea), 'hex'),
      'youth', encode(sha256(sha256(salt || 'youth') || youth::text::bytea), 'hex'),
      'object', encode(sha256(sha256(salt || 'object') || object_id::text::bytea), 'hex'),
      'consent', encode(sha256(sha256(salt || 'consent') || consent::text::bytea), 'hex'),
      'request', encode(sha256(sha256(salt || 'request') || request::text::bytea), 'hex'),
      'detail', encode(sha256(sha256(salt || 'detail') || convert_to(detail::text, 'UTF8')), 'hex'))
  ))::text, 'UTF8');
  insert into sig.ledger (id, at, kind, outcome, reason, actor, intervention, authority, unit, function, system,
      person, assignment, guardian, youth, object_kind, object_id, consent, basis,
      recipient_authority, recipient_unit, recipient_function, categories, request, detail, salt, body, leaf_hash)
  overriding system value
  values (row_id, at, kind, outcome, reason, actor, intervention, authority, unit, function, system,
      person, assignment, guardian, youth, object_kind, object_id, consent, basis,
      recipient_authority, recipient_unit, recipient_function, categories, request, detail, salt, body,
      sha256('\x00'::bytea || body));
  return row_id;
end $$;
comment on function sig.append_ledger is
  'The only way to write the ledger. Who acts comes from the transaction''s app.* settings; the office from the call, else from the assignment. Call it in the statement that returns the content, so that the one cannot happen without the other.';

create function sig.cull_ledger(rows bigint[], at timestamptz) returns bigint
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  culled bigint[];
begin
  with emptied as (
    update sig.ledger l
       set salt = null, body = null, intervention = null, person = null, assignment = null, guardian = null,
           youth = null, object_id = null, consent = null, request = null, detail = '{}'
     where l.id = any (rows) and l.body is not null and l.kind <> 'cull_ledger'
       and exists (select from sig.ledger_leaf f where f.ledger_id = l.id)
    returning l.id)
  select array_agg(id order by id) into culled from emptied;
  if culled is null then
    return 0;
  end if;
  perform sig.append_ledger(at, 'cull_ledger', detail => jsonb_build_object('rows', to_jsonb(culled)));
  return cardinality(culled);
end $$;
comment on function sig.cull_ledger is
  'Empties rows of everything that points at a person or a case, keeps their leaves, and records which rows, so that verification can tell culling from tampering. Rows not yet in the log, and the records of culling themselves, are left alone.';

-- The worker sees ids and hashes only. Who else may read which rows is said by
-- the policies of the walls (010).
alter table sig.ledger enable row level security;
alter table sig.ledger force row level security;
create policy ledger_owner on sig.ledger to sig_owner using (true) with check (true);
create policy ledger_worker on sig.ledger for select to sig_worker using (true);

revoke execute on function sig.append_ledger from public;
revoke execute on function sig.cull_ledger from public;
grant execute on function sig.append_ledger to sig_app, sig_worker;
grant select on sig.ledger to sig_app;
grant select (id, leaf_hash) on sig.ledger to sig_worker;
grant select (id, at, kind, outcome, reason, actor, intervention, authority, unit, function, system,
    person, assignment, guardian, youth, object_kind, object_id, consent, basis,
    recipient_authority, recipient_unit, recipient_function, categories, request, detail)
  on sig.ledger to sig_reviewer;
grant select on sequence sig.ledger_id_seq to sig_worker;
grant select on sig.ledger_leaf, sig.ledger_hash, sig.ledger_checkpoint to sig_app, sig_worker, sig_reviewer;
grant insert on sig.ledger_leaf, sig.ledger_hash, sig.ledger_checkpoint to sig_worker;
