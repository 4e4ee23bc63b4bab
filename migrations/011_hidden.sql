-- What the pages say of copies that a cut has taken away. The wall hides the
-- rows whole; whoever had them in the inbox is told that they are hidden, when
-- and why, and never that nothing was disclosed.
create function sig.my_hidden_copies(intervention uuid)
  returns table (id uuid, at timestamptz, by text, deleted boolean)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select r.id, r.cut_at, r.cut_by, r.deleted_at is not null
      from sig.received r
     where r.intervention = $1 and r.cut_at is not null
       and exists (select from unnest(sig.my_seats()) s
                    where s.intervention = r.intervention and s.authority = r.authority
                      and r.unit = any (s.units) and r.function = s.function);
end $$;
comment on function sig.my_hidden_copies(uuid) is 'Copies that the seats the actor fills now had received and that were cut: when and by what, nothing of their content, sender or category.';
revoke all on function sig.my_hidden_copies(uuid) from public;
grant execute on function sig.my_hidden_copies(uuid) to sig_app;
