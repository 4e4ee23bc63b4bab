-- As in 041. A row rests on everybody's yes: one that was said aloud and not
-- written by its day is no yes from that instant on, as sig.seat_tells has it of
-- functions. The first wall knew; a guest's page found the two at odds until the
-- alarm had rung.
create or replace function sig.row_names_guest(guest uuid, teller_authority text, teller_unit text, teller_function text, category text, at timestamptz)
  returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return exists (
    select from sig.meeting_guest q
      join sig.consent c on c.intervention = q.intervention and c.state = 'active'
      join sig.consent_grant g on g.consent = c.id and g.discloser_authority = teller_authority and g.discloser_function = teller_function
       and sig.current_unit(g.discloser_unit, g.discloser_function, at) = sig.current_unit(teller_unit, teller_function, at)
       and g.valid_from <= at and at < least(g.valid_to, c.oral_until) and category = any (g.categories)
     where q.id = guest and (
       g.private_kind is not null and g.origin = any (q.origins)
         and not exists (select from sig.consent_exclusion x where x.consent = c.id and coalesce(x.category, category) = category
                          and x.recipient_authority is null and x.recipient_unit is null and x.recipient_function is null)
       or g.recipient_authority = q.club_authority and g.recipient_function = q.club_function
         and sig.current_unit(g.recipient_unit, g.recipient_function, at) = sig.current_unit(q.club_unit, q.club_function, at)
         and category in ('meeting_logistics', 'plan_goals')
         and sig.unit_districts(sig.current_unit(q.club_unit, q.club_function, at)) <@ g.districts
         and not exists (select from sig.consent_exclusion x where x.consent = c.id and coalesce(x.category, category) = category
                          and coalesce(x.recipient_authority, q.club_authority) = q.club_authority
                          and coalesce(x.recipient_function, q.club_function) = q.club_function
                          and coalesce(sig.current_unit(x.recipient_unit, q.club_function, at), sig.current_unit(q.club_unit, q.club_function, at))
                            = sig.current_unit(q.club_unit, q.club_function, at))));
end $$;
