-- A mark of protected identity that follows to another board's record of the same
-- person has somebody there look: each open case of that record gets an alarm,
-- which takes that case's own lock, writes to its journal and tells its coordinator.
-- The alarm knows the case that it is for and nothing of where the mark came from.
do $$
declare
  k record;
  known text;
begin
  for k in select * from (values ('task', 'task_kind_is_known'), ('alarm', 'alarm_kind_is_known')) k (tab, con) loop
    select pg_get_constraintdef(c.oid) into strict known from pg_constraint c where c.conname = k.con and c.conrelid = ('sig.' || k.tab)::regclass;
    execute format('alter table sig.%I drop constraint %I', k.tab, k.con);
    execute format('alter table sig.%I add constraint %I ', k.tab, k.con) || regexp_replace(known, '\)\s*$', ' or kind = ''protection_followed'')');
  end loop;
end $$;

create or replace function sig.protection_follows() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    if new.protection = 'none' then
      new.protection := coalesce((select y.protection from sig.youth y
        where y.pin_hash = new.pin_hash and y.protection <> 'none' order by y.created_at, y.id limit 1), 'none');
    end if;
    return new;
  end if;
  with marked as (
    update sig.youth y set protection = new.protection
     where y.pin_hash = new.pin_hash and y.id <> new.id and y.protection = 'none'
    returning y.id
  )
  insert into sig.alarm (id, kind, intervention, object_id, due_at)
  select gen_random_uuid(), 'protection_followed', i.id, i.id, sig.instant()
    from marked join sig.intervention i on i.youth = marked.id and i.state not in ('closed', 'not_started')
  on conflict on constraint alarm_once_per_object do update
     set due_at = excluded.due_at, done_at = null, cleared_at = null, attempts = 0, retry_at = null;
  if found then
    perform pg_notify('sig_alarm', '');
  end if;
  return null;
end $$;
