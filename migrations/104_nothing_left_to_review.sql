-- What becomes of a meeting ends the question of what to do with it: called off
-- by whatever cause, ended in its room, or dropped as a question of times. The
-- task stood until somebody pressed a button for a meeting that was no more.
create function sig.nothing_left_to_review() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update sig.task set done_at = new.changed_at, outcome = 'done' where kind = 'review_meeting' and object = new.id and done_at is null;
  return null;
end $$;
comment on function sig.nothing_left_to_review() is 'Trigger: nobody is asked to look at a meeting that is over.';
revoke all on function sig.nothing_left_to_review() from public;
create trigger nothing_left_to_review after update of state on sig.meeting for each row
  when (new.state in ('ended', 'cancelled', 'dropped')) execute function sig.nothing_left_to_review();

update sig.task t set done_at = sig.now(), outcome = 'done'
  from sig.meeting m
 where m.id = t.object and t.kind = 'review_meeting' and t.done_at is null and m.state in ('ended', 'cancelled', 'dropped');
