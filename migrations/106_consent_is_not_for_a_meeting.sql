-- Whoever comes to one meeting in somebody's place reads and changes nothing of the
-- consent: 099 left its tables out. By the rows that are in force it is decided what
-- may be told at the meeting; they alone can be read, and nothing of who signed them.
do $$
declare
  not_only constant text := 'intervention <> all ((select sig.my_cases_for_a_meeting())::uuid[])';
  t record;
begin
  for t in select * from (values
      ('consent', 'state in (''active'', ''suspended'')'),
      ('consent_grant', 'exists (select from sig.consent c where c.id = consent and c.state in (''active'', ''suspended''))'),
      ('consent_exclusion', 'exists (select from sig.consent c where c.id = consent and c.state in (''active'', ''suspended''))'),
      ('consent_signer', 'false'), ('consent_oral', 'false'), ('consent_paper', 'false'), ('withdrawal', 'false'), ('maturity_assessment', 'false')) as w(name, beside)
  loop
    execute format('create policy for_a_meeting_alone on sig.%I as restrictive for select to sig_app using (%s or %s)', t.name, not_only, t.beside);
    execute format('create policy for_a_meeting_nothing_new on sig.%I as restrictive for insert to sig_app with check (%s)', t.name, not_only);
    execute format('create policy for_a_meeting_nothing_else on sig.%I as restrictive for update to sig_app using (%s)', t.name, not_only);
  end loop;
end $$;
