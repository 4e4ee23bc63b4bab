-- Schema, clock and the settings that say who acts. The roles themselves are
-- made once per cluster (deploy/roles.sql): sig_owner runs migrations and owns
-- everything; sig_app serves pages; sig_worker runs jobs on ids, instants and
-- hashes; sig_reviewer reads the ledger. None but the owner may change shapes.
create schema sig;
grant usage on schema sig to sig_app, sig_worker, sig_reviewer;

create function sig.now() returns timestamptz
  language sql volatile parallel safe
  as 'select clock_timestamp()';
comment on function sig.now() is
  'The one clock of everything that a person or a statute dates. serve refuses to start when it has been replaced; the demo and tests replace it to move time.';

-- plpgsql keeps its plan: as SQL this cannot be inlined (sig.now() is volatile)
-- and was planned anew at every call, which cost more than the call.
create function sig.instant() returns timestamptz
  language plpgsql stable parallel safe
  as $$ begin return coalesce(nullif(current_setting('app.now', true), '')::timestamptz, sig.now()); end $$;
comment on function sig.instant() is 'The one instant of this transaction (Tx.ReadClock sets app.now after the locks), else the clock.';

create function sig.setting_uuid(name text) returns uuid
  language sql stable parallel safe
  as $$ select nullif(current_setting(name, true), '')::uuid $$;
comment on function sig.setting_uuid(text) is
  'A transaction-local setting as uuid; unset means nobody, so every comparison with it is null and shows no row.';

create function sig.actor_kind() returns text
  language sql stable parallel safe
  as $$ select coalesce(nullif(current_setting('app.kind', true), ''), 'nobody') $$;

create function sig.forbid_change() returns trigger language plpgsql as $$
begin
  raise exception '% of % is not allowed: its rows never change', tg_op, tg_table_name
    using errcode = 'integrity_constraint_violation';
end $$;
comment on function sig.forbid_change() is 'Trigger of append-only tables.';
