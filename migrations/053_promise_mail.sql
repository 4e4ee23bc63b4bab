-- A commitment that names a function is told to whoever takes part there, by
-- the mail that says there is something to do by a day. Like every mail it is
-- looked at once more before it leaves: while the promise stands, the reader
-- takes part in that very seat, and the consent still lets it be told the plan.
alter function sig.letter_entitled(uuid) rename to plain_letter_entitled;
create function sig.letter_entitled(mail_id uuid) returns boolean
  language plpgsql volatile security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  now timestamptz := sig.now();
begin
  if not exists (select from sig.mail m join sig.commitment c on c.id = m.object_id where m.id = $1 and m.kind = 'task_due') then
    return sig.plain_letter_entitled($1);
  end if;
  return exists (
    select from sig.mail m
      join sig.commitment c on c.id = m.object_id and c.intervention = m.intervention and c.state = 'open'
      join sig.plan l on l.id = c.plan
      join sig.intervention i on i.id = m.intervention and i.state = 'active'
      join sig.assignment a on a.id = m.assignment and a.valid_from <= now and now < a.valid_to
      join sig.participation p on p.intervention = i.id and p.assignment = a.id and p.authority = a.authority
       and p.valid_from <= now and now < p.valid_to and p.authority = c.authority and p.function = c.function
       and sig.current_unit(p.unit, p.function, now, p.valid_from) = sig.current_unit(c.unit, c.function, now)
     where m.id = $1 and m.sent_at is null and m.cancelled_at is null
       and (c.authority = i.authority
            or sig.seat_tells(i.id, l.authority, sig.current_unit(l.unit, l.function, now), l.function,
                 c.authority, sig.current_unit(c.unit, c.function, now), c.function,
                 sig.unit_districts(sig.current_unit(c.unit, c.function, now)), 'plan_goals', now)));
end $$;
comment on function sig.letter_entitled(uuid) is 'Whether a queued letter may still be handed over; that of a commitment while it stands and its function may be told of it.';
revoke all on function sig.letter_entitled(uuid) from public;
revoke all on function sig.letter_entitled(uuid), sig.plain_letter_entitled(uuid) from sig_app, sig_worker;
