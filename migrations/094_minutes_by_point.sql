-- Who had to leave the room reads nothing of it, in the board as elsewhere
-- (domain 5.6, 5.7): what stands under a point is read by the function that
-- holds the meeting, by the point's teller, and by who is called to the point.
create function sig.points_kept_from_me() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (select coalesce(array_agg(p.id), '{}')
    from sig.meeting_point p join sig.meeting m on m.id = p.meeting
   where m.authority = sig.my_authority() and p.intervention = any (sig.my_cases())
     and not exists (
       select from unnest(sig.my_seats()) s
        where s.intervention = p.intervention and s.authority = m.authority
          and (s.function = m.function
               or p.teller_authority = s.authority and p.teller_function = s.function and p.teller_unit = any (s.units)
               or exists (select from sig.meeting_presence r join sig.meeting_invitation v on v.id = r.invitation
                           where r.point = p.id and r.ended_at is null and v.ended_at is null
                             and v.authority = s.authority and v.function = s.function and v.unit = any (s.units)))));
end $$;
comment on function sig.points_kept_from_me() is 'Points of meetings of the actor''s board at which the actor''s function is not: it neither holds the meeting, nor tells there, nor is called to the point.';

create function sig.items_kept_from_me() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
declare kept uuid[] := sig.points_kept_from_me();
begin
  return array(select t.item from sig.meeting_told t where t.point = any (kept)
               union select s.item from sig.minutes_sent s where s.point = any (kept));
end $$;
comment on function sig.items_kept_from_me() is 'What was told, or sent as minutes, under the points that are kept from the actor.';
revoke all on function sig.points_kept_from_me(), sig.items_kept_from_me() from public;
grant execute on function sig.points_kept_from_me(), sig.items_kept_from_me() to sig_app;

alter policy point_text_whole_for_board on sig.meeting_point_text using (
  authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[])
  and point <> all ((select sig.points_kept_from_me())::uuid[]));
alter policy minutes_board on sig.minutes_text using (
  intervention = any ((select sig.my_board_cases())::uuid[]) and intervention = any ((select sig.my_open_cases())::uuid[])
  and point <> all ((select sig.points_kept_from_me())::uuid[]));
alter policy draft_internal on sig.meeting_draft using (
  kind = 'internal' and authority = (select sig.my_authority()) and intervention = any ((select sig.my_board_cases())::uuid[])
  and intervention = any ((select sig.my_open_cases())::uuid[])
  and point <> all ((select sig.points_kept_from_me())::uuid[]));
alter policy item_owner on sig.item using (
  authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[])
  and id <> all ((select sig.items_kept_from_me())::uuid[]));
alter policy concern_owner on sig.item_concern using (
  authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[])
  and item <> all ((select sig.items_kept_from_me())::uuid[]));
alter policy visibility_owner on sig.item_visibility using (
  authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[])
  and item <> all ((select sig.items_kept_from_me())::uuid[]));
