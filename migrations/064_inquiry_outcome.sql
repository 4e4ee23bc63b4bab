-- A request to see the file, for an extract or for a correction is decided, not
-- only answered: whole, in part, or not at all. Whoever does not get all of it
-- is told how to have a court try that (OSL 6:3 and 6:8, FL 44 §; for the log
-- and for corrections dataskyddslagen 7:2), and by that alone.
alter table sig.inquiry add column outcome text
  constraint inquiry_outcome_is_known check (outcome in ('granted', 'in_part', 'refused'));
-- Not of what was answered before there were outcomes: answers never change.
alter table sig.inquiry add constraint inquiry_outcome_is_whole
  check ((outcome is not null) = (answered_at is not null and kind in ('file', 'extract', 'correction'))) not valid;
comment on column sig.inquiry.outcome is 'What was decided about a request that can be appealed; null for what is only asked.';
grant update (outcome) on sig.inquiry to sig_app;
