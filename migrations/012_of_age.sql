-- The eighteenth birthday. Custody ends in that instant whatever happens here
-- (sig.eighteen_from); the alarm tells the open pages, writes the journal and
-- asks for a renewal with the adult's own consent.
alter table sig.alarm drop constraint alarm_kind_is_known;
alter table sig.alarm add constraint alarm_kind_is_known check (kind in
  ('consent_expires', 'consent_lapses_unsigned', 'sharing_stopped_grace_ends', 'copy_window_ends', 'assignment_ends',
   'participation_ends', 'grant_ends', 'task_due', 'expiry_reminder', 'mail_due', 'comes_of_age'));

insert into sig.alarm (id, kind, intervention, object_id, due_at)
select gen_random_uuid(), 'comes_of_age', i.id, i.id, sig.eighteen_from(y.birth_date)
  from sig.intervention i join sig.youth y on y.id = i.youth
 where i.state not in ('closing', 'closed', 'not_started') and sig.eighteen_from(y.birth_date) > sig.now();
