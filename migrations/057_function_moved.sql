-- The task of making a new version, when a reorganisation takes everybody out of
-- a function that a consent in force names.
do $$
declare known text;
begin
  select pg_get_constraintdef(c.oid) into strict known from pg_constraint c where c.conname = 'task_kind_is_known' and c.conrelid = 'sig.task'::regclass;
  execute 'alter table sig.task drop constraint task_kind_is_known';
  execute 'alter table sig.task add constraint task_kind_is_known ' || regexp_replace(known, '\)\s*$', ' or kind = ''function_moved'')');
end $$;
