-- Of which interventions somebody may learn what a change of the directory would
-- end (domain 3.3, before a reorganisation): those that the actor coordinates,
-- and to an administrator or a registrar those of the own authority, of which the
-- portal gives them numbers alone.
create function sig.cases_to_foresee() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select coalesce(array_agg(i.id order by i.case_number), '{}') from sig.intervention i
     where i.state = 'active' and (
           i.authority in (sig.my_office('administrator'), sig.my_office('registrar'))
           or exists (select from unnest(sig.my_seats()) s where s.intervention = i.id and s.board = s.authority and s.function = 'coordinator')));
end $$;
comment on function sig.cases_to_foresee() is 'Interventions going on of which the actor may learn what a reorganisation would end: the own ones in full, an office''s in numbers.';
revoke all on function sig.cases_to_foresee() from public;
grant execute on function sig.cases_to_foresee() to sig_app;
