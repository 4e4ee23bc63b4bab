-- The calls that a statement asks about: of one meeting, or of those between
-- two instants. The settings only narrow; unset, all calls are looked at, and
-- with the years there are many.
create or replace function sig.my_calls() returns sig.called[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  now timestamptz := sig.instant();
  only_one uuid := sig.setting_uuid('app.meeting');
  ends_after timestamptz := nullif(current_setting('app.meetings_from', true), '')::timestamptz;
  starts_before timestamptz := nullif(current_setting('app.meetings_to', true), '')::timestamptz;
begin
  return (
    select coalesce(array_agg(row(p.id, p.meeting, v.id,
             sig.seat_tells(s.intervention, m.authority, m.unit, m.function, s.authority, s.unit, s.function, s.districts, p.category, now)
             and sig.seat_tells(s.intervention, m.authority, m.unit, m.function, s.authority, s.unit, s.function, s.districts, p.category,
                                greatest(now, m.starts_at)))::sig.called), '{}')
      from unnest(sig.my_seats()) s
      join sig.meeting_invitation v on v.intervention = s.intervention and v.authority = s.authority and v.function = s.function
       and sig.current_unit(v.unit, v.function, now) = s.unit and v.ended_at is null
      join sig.meeting m on m.id = v.meeting
       and (only_one is null or m.id = only_one)
       and (ends_after is null or ends_after < m.ends_at) and (starts_before is null or m.starts_at < starts_before)
      join sig.meeting_presence r on r.invitation = v.id and r.ended_at is null
      join sig.meeting_point p on p.id = r.point
     where s.board <> s.authority and s.state = 'active'
       and sig.may_attend(p.id, s.authority, s.unit, s.function, s.districts));
end $$;
