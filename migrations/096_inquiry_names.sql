-- A registrar cannot answer for a file without knowing whose it is and who asks:
-- the names of what is addressed to the own authority's registrar, and of
-- nothing else. Any other function that answers is told none.
create function sig.inquiry_names(ids uuid[])
  returns table (id uuid, youth text, protection text, asker text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select q.id, y.name, y.protection, case q.asker when 'youth' then y.name else g.name end
      from sig.inquiry q
      join sig.intervention i on i.id = q.intervention
      join sig.youth y on y.id = i.youth
      left join sig.guardianship g on g.id = q.asked_by and g.youth = y.id
     where q.id = any (ids) and q.function = 'registrar' and q.authority = (select sig.my_office('registrar'));
end $$;
comment on function sig.inquiry_names(uuid[]) is 'Of what is addressed to the actor''s own office as registrar: whom it is about, how they are protected, and who asks.';
revoke all on function sig.inquiry_names(uuid[]) from public;
grant execute on function sig.inquiry_names(uuid[]) to sig_app;
