-- What is kept from a function of the board is kept with what corrects it, and
-- with why, when and to whom it was disclosed.
create or replace function sig.items_kept_from_me() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
declare kept uuid[] := sig.points_kept_from_me();
begin
  return array(
    with recursive said (item) as (
      select t.item from sig.meeting_told t where t.point = any (kept)
      union select s.item from sig.minutes_sent s where s.point = any (kept)
      union select i.id from said join sig.item i on i.corrects = said.item)
    select item from said);
end $$;
comment on function sig.items_kept_from_me() is 'What was told, or sent as minutes, under the points that are kept from the actor, with what corrects it.';

alter policy disclosure_owner on sig.disclosure using (
  authority = (select sig.my_authority()) and intervention = any ((select sig.my_open_cases())::uuid[])
  and item <> all ((select sig.items_kept_from_me())::uuid[]));
