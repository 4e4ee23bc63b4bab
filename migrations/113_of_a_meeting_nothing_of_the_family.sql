-- What 106 left open to whoever comes to one meeting in somebody's place: of the
-- young person's own yes only what may be told by it can be read, and nothing of who
-- has custody, nor when that changes. Somebody with a lasting part in another case
-- of the same young person reads the guardians there.
do $$
declare
  not_only constant text := 'intervention <> all ((select sig.my_cases_for_a_meeting())::uuid[])';
  family constant text := '(select sig.my_cases_for_a_meeting()) = ''{}'' or youth = any (array(
    select i.youth from sig.intervention i where i.id <> all ((select sig.my_cases_for_a_meeting())::uuid[])))';
  t record;
begin
  for t in select * from (values
      ('own_consent', not_only || ' or given_at is not null and ended_at is null', not_only),
      ('custody_change', not_only, not_only),
      ('guardianship', family, family)) as w(name, reads, writes)
  loop
    execute format('create policy for_a_meeting_alone on sig.%I as restrictive for select to sig_app using (%s)', t.name, t.reads);
    execute format('create policy for_a_meeting_nothing_new on sig.%I as restrictive for insert to sig_app with check (%s)', t.name, t.writes);
    execute format('create policy for_a_meeting_nothing_else on sig.%I as restrictive for update to sig_app using (%s)', t.name, t.writes);
  end loop;
end $$;
