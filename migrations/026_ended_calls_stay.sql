-- A call that has ended stays ended, whoever writes: what a cut took away comes
-- back with a new call alone, which both walls judge anew.
create trigger meeting_invitation_stays_ended before update on sig.meeting_invitation
  for each row when (old.ended_at is not null and new is distinct from old) execute function sig.forbid_change();
create trigger meeting_presence_stays_ended before update on sig.meeting_presence
  for each row when (old.ended_at is not null and new is distinct from old) execute function sig.forbid_change();
