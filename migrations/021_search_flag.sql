-- A search for somebody of whom the searcher has no case is shown to the log
-- reviewer of the searcher's own authority (domain T38): who, when and by which
-- field. That it found nothing says nothing about whether there is a case
-- elsewhere, and the term is not among what is asked.
create policy ledger_search_without_a_case on sig.ledger for select to sig_app using (
  kind = 'search' and intervention is null and authority = (select sig.my_office('log_reviewer')) and detail->>'found' = '0');
create index ledger_search_without_a_case on sig.ledger (authority, id) where kind = 'search' and detail->>'found' = '0';
