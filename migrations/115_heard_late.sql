-- What was told in a room after a withdrawal had been received was heard there: the
-- incident asks, as the system, which disclosures were.
create policy system_reads on sig.meeting_told for select to sig_app using ((select sig.actor_kind()) = 'system');
