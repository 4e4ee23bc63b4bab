-- With the last row between the police and social services everything stops that
-- the version lets be told (domain 3.3), also when a function that leaves for
-- another authority takes it. The instant is known from when the move is recorded:
-- every
-- wall that asks whether a version is in force stops at it by itself, and the
-- alarm only writes it down.
alter table sig.consent add column core_until timestamptz;
comment on column sig.consent.core_until is 'From when no row is left between the police and social services, because a function leaves for another authority then; null while no such move is recorded.';
alter table sig.consent add column stands_until timestamptz generated always as (least(carried_until, core_until)) stored;
comment on column sig.consent.stands_until is 'From when the version lets nothing be told, as far as it is known ahead: whichever comes first of carried_until and core_until.';
grant update (core_until) on sig.consent to sig_app, sig_worker;

do $$
declare wall regprocedure;
begin
  for wall in select oid from pg_proc where pronamespace = 'sig'::regnamespace and prosrc like '%c.carried_until%' loop
    execute replace(pg_get_functiondef(wall), 'c.carried_until', 'c.stands_until');
  end loop;
end $$;
