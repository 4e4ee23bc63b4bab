-- What a family sees of a meeting's minutes: the points that were sent and that
-- an officer has decided this member may see, each as it was corrected last. Of
-- the others, and of a meeting of nothing else, there is no trace.
create function sig.my_minutes(intervention uuid)
  returns table (meeting uuid, starts_at timestamptz, ends_at timestamptz, place integer, item uuid, sent_at timestamptz)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  me uuid := sig.my_standing();
  home boolean := sig.home_risk_applies();
  kept uuid[] := sig.kept_from_me();
begin
  if me is null or $1 <> all (sig.my_cases()) then
    return;
  end if;
  return query
    select distinct on (s.point) m.id, m.starts_at, m.ends_at, p.position, s.item, s.sent_at
      from sig.minutes_sent s
      join sig.item_visibility v on v.item = s.item and v.viewer = me and v.visible and (v.low_risk_at_home or not home)
      join sig.meeting m on m.id = s.meeting
      join sig.meeting_point p on p.id = s.point
     where s.intervention = $1 and s.item <> all (kept)
     order by s.point, s.version desc;
end $$;
comment on function sig.my_minutes(uuid) is 'The points of minutes that the young person or the guardian may see, with the meeting they are of; place orders them and is not shown.';
revoke all on function sig.my_minutes(uuid) from public;
grant execute on function sig.my_minutes(uuid) to sig_app;
