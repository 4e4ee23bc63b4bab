-- What was done about an incident: the board's social secretary records it,
-- once, and only that closes it.
alter table sig.incident add column closed_by uuid,
  add column done_sealed bytea,
  add constraint incident_closed_says_what_was_done
    check (num_nonnulls(closed_at, closed_by, done_sealed) in (0, 3));
comment on column sig.incident.done_sealed is 'What was done about it, sealed.';
create policy incident_secretary on sig.incident for update to sig_app
  using (closed_at is null and exists (select from unnest((select sig.my_seats())::sig.seat[]) s
          where s.intervention = incident.intervention and s.authority = incident.authority and s.function = 'social_secretary'))
  with check (intervention = any ((select sig.my_board_cases())::uuid[]) and closed_by = (select sig.setting_uuid('app.assignment')));
grant update (closed_at, closed_by, done_sealed) on sig.incident to sig_app;
