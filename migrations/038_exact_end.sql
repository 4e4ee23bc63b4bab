-- What a cut has taken is told by its own instant: between the exact end of a
-- window and the alarm that writes it down the rows here do not say yet that
-- anything ended, and whoever was called must not be told that there never was
-- a meeting. The same holds for a plan of which a function had only the goals.
create or replace function sig.my_ended_calls(meeting uuid)
  returns table (at timestamptz, by text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  now timestamptz := sig.instant();
begin
  return query
    select v.ended_at, v.ended_by
      from sig.meeting_invitation v
     where v.meeting = $1 and v.ended_at is not null
       and exists (select from unnest(sig.my_seats()) s
                    where s.intervention = v.intervention and s.authority = v.authority and s.function = v.function
                      and sig.current_unit(v.unit, v.function, now) = s.unit)
    union all
    select max(g.valid_to), 'sharing_stopped'
      from unnest(sig.my_seats()) s
      join sig.meeting_invitation v on v.meeting = $1 and v.intervention = s.intervention and v.authority = s.authority and v.function = s.function
       and sig.current_unit(v.unit, v.function, now) = s.unit and v.ended_at is null
      join sig.meeting_presence r on r.invitation = v.id and r.ended_at is null
      join sig.meeting_point p on p.id = r.point
      join sig.consent c on c.intervention = s.intervention and c.state = 'active'
      join sig.consent_grant g on g.consent = c.id and p.category = any (g.categories) and v.invited_at < g.valid_to and g.valid_to <= now
     where s.board <> s.authority and not exists (select from unnest(sig.my_calls()) k where k.meeting = $1)
    having count(*) > 0
     order by 1 desc;
end $$;
comment on function sig.my_ended_calls(uuid) is 'When and by what a call of the actor''s own seat to a meeting ended, written down already or by a window''s own end; nothing of the meeting.';

create function sig.my_hidden_plan(intervention uuid)
  returns table (at timestamptz, by text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  now timestamptz := sig.instant();
begin
  return query
    select e.at, e.by
      from unnest(sig.my_seats()) s
      join sig.plan p on p.intervention = $1
      join sig.consent c on c.intervention = $1 and c.activated_at is not null
      join sig.consent_grant g on g.consent = c.id and 'plan_goals' = any (g.categories)
       and g.discloser_authority = p.authority and g.discloser_function = p.function
       and sig.current_unit(g.discloser_unit, p.function, now) = sig.current_unit(p.unit, p.function, now)
       and g.recipient_authority = s.authority and g.recipient_function = s.function and g.recipient_unit = any (s.units)
      cross join lateral (
        select least(g.valid_to, c.ended_at) as at,
               case when g.valid_to <= coalesce(c.ended_at, 'infinity') then 'sharing_stopped'
                    when exists (select from sig.withdrawal w where w.intervention = $1 and g.id = any (w.removed_grants)) then 'withdrawal'
                    when c.state = 'superseded' then 'narrowing' when c.state = 'withdrawn' then 'withdrawal'
                    when c.state = 'expired' then 'sharing_stopped' else 'closed' end as by) e
     where s.intervention = $1 and s.board <> s.authority and p.id <> all (sig.my_plans())
       and greatest(p.created_at, g.valid_from, c.activated_at) < e.at and e.at <= now
     order by e.at desc limit 1;
end $$;
comment on function sig.my_hidden_plan(uuid) is 'When and by what the plan''s goals were taken from a seat of the actor that had been allowed to be told them; nothing of the plan.';
revoke all on function sig.my_hidden_plan(uuid) from public;
grant execute on function sig.my_hidden_plan(uuid) to sig_app;
grant select (opened_at) on sig.meeting to sig_worker; -- a room does not end before it was opened
