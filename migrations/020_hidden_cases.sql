-- In which of the actor's cases copies were cut, in one question for all cases:
-- asking sig.my_hidden_copies for each looked at all seats for each.
create function sig.my_hidden_cases()
  returns table (intervention uuid, case_number text, copies bigint, at timestamptz, by text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select i.id, i.case_number, count(*), max(h.cut_at), (array_agg(h.cut_by order by h.cut_at desc))[1]
      from (select distinct r.id, r.intervention, r.cut_at, r.cut_by
              from unnest(sig.my_seats()) s
              join sig.received r on r.intervention = s.intervention and r.authority = s.authority
               and r.unit = any (s.units) and r.function = s.function and r.cut_at is not null) h
      join sig.intervention i on i.id = h.intervention
     group by i.id
     order by max(h.cut_at) desc, i.id;
end $$;
comment on function sig.my_hidden_cases() is 'How many copies cuts have taken from the seats that the actor fills now, by case, and what did so last; nothing of their content, sender or category.';
revoke all on function sig.my_hidden_cases() from public;
grant execute on function sig.my_hidden_cases() to sig_app;
