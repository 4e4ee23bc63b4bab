-- What is asked for every mail is planned once in a session, not at each call:
-- a function in SQL that acts with its owner's rights is planned anew whenever
-- it is called, which took longer than looking at the rows. The questions stay
-- as they are, word for word.
do $$
declare f record;
begin
  for f in
    select p.oid, p.prosrc, p.proretset, pg_get_functiondef(p.oid) as def from pg_proc p join pg_language l on l.oid = p.prolang
     where p.pronamespace = 'sig'::regnamespace and l.lanname = 'sql' and p.prosecdef
  loop
    execute replace(replace(f.def, ' LANGUAGE sql', ' LANGUAGE plpgsql'), f.prosrc,
      E'\n#variable_conflict use_column\nbegin\n  return ' || case when f.proretset then 'query ' || f.prosrc else '(' || f.prosrc || ')' end || E';\nend ');
  end loop;
end $$;
