-- Which rows of a consent have been used: the board that answers for a consent
-- asks it, to take away what nobody needs (data minimisation). It reads in the
-- ledger who told which category already; the row stands in the disclosure,
-- which belongs to the authority that told.
create function sig.told_rows() returns table (intervention uuid, origin uuid, categories text[])
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select distinct d.intervention, g.origin, d.categories
      from sig.disclosure d join sig.consent_grant g on g.id = d.grant_id
     where d.basis = 'consent' and d.state <> 'cancelled'
       and d.intervention = any ((select sig.my_board_cases())::uuid[]);
end $$;
comment on function sig.told_rows() is 'Rows of consents, by the id under which they first stood, and which of their categories have been told, in the cases of the own board that the actor takes part in; nothing for anybody else.';
revoke all on function sig.told_rows() from public;
grant execute on function sig.told_rows() to sig_app;
