-- Whoever fills a seat until a certain time, as a substitute does for one meeting
-- and a stand-in for some weeks, is called to what begins within that time: what
-- comes later is for whoever fills the seat then.
create or replace function sig.fills_call(invitation uuid, assignment uuid, at timestamptz) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return exists (
    select from sig.meeting_invitation v
      join sig.meeting m on m.id = v.meeting
      join sig.participation p on p.intervention = v.intervention and p.authority = v.authority and p.function = v.function
       and p.assignment = assignment and p.valid_from <= at and at < p.valid_to and m.starts_at < p.valid_to
      join sig.assignment a on a.id = p.assignment and a.authority = p.authority and a.valid_from <= at and at < a.valid_to
      join sig.unit u on u.id = sig.current_unit(p.unit, p.function, at, p.valid_from) and u.authority = p.authority
     where v.id = invitation and u.id = sig.current_unit(v.unit, v.function, at)
       and (p.stand_in_for is not null or (a.function = p.function and sig.current_unit(a.unit, a.function, at, a.valid_from) = u.id)));
end $$;
comment on function sig.fills_call(uuid, uuid, timestamptz) is 'Does somebody fill the seat that is called, as sig.my_seats has it, and still when the meeting begins?';

create function sig.i_fill_call(invitation uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return sig.fills_call(invitation, sig.setting_uuid('app.assignment'), sig.instant());
end $$;
comment on function sig.i_fill_call(uuid) is 'Is the actor called by this: in the seat now, and when the meeting begins?';
revoke all on function sig.i_fill_call(uuid) from public;
grant execute on function sig.i_fill_call(uuid) to sig_app;
