-- When people cannot come to meetings, as they have entered it themselves:
-- times, never a reason. A coordinator is told of a seat that a time suits it or
-- does not. And the terms of the schools, as the directory gives them.
create table sig.busy_time (
  id uuid constraint busy_time_pk primary key,
  assignment uuid not null constraint busy_time_assignment_exists references sig.assignment (id),
  weekday smallint constraint busy_time_weekday_is_one check (weekday between 1 and 7),
  from_minute smallint,
  to_minute smallint,
  starts_at timestamptz,
  ends_at timestamptz,
  entered_at timestamptz not null,
  constraint busy_time_is_weekly_or_single check (case when weekday is null
    then num_nonnulls(from_minute, to_minute) = 0 and starts_at < ends_at
    else num_nonnulls(starts_at, ends_at) = 0 and 0 <= from_minute and from_minute < to_minute and to_minute <= 1440 end
    and num_nonnulls(weekday, starts_at) = 1)
);
create index busy_time_by_assignment on sig.busy_time (assignment);
comment on table sig.busy_time is 'When somebody in an assignment cannot come to meetings. Why stands nowhere.';
comment on column sig.busy_time.weekday is '1 for Monday to 7 for Sunday: every week, by the clock on the wall in Stockholm; null for a single time.';
alter table sig.busy_time enable row level security;
alter table sig.busy_time force row level security;
create policy owner_all on sig.busy_time to sig_owner using (true) with check (true);
create policy busy_time_own on sig.busy_time to sig_app
  using (sig.actor_kind() = 'staff' and assignment = (select sig.setting_uuid('app.assignment')))
  with check (sig.actor_kind() = 'staff' and assignment = (select sig.setting_uuid('app.assignment')));
grant select, insert, delete on sig.busy_time to sig_app;

create function sig.busy_in(intervention uuid)
  returns table (assignment uuid, weekday smallint, from_minute smallint, to_minute smallint, starts_at timestamptz, ends_at timestamptz)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare now timestamptz := sig.instant();
begin
  if not exists (select from unnest(sig.my_seats()) s join sig.intervention i on i.id = s.intervention and i.authority = s.authority and i.state = 'active'
                  where s.intervention = intervention and s.function = 'coordinator') then
    return;
  end if;
  return query
    select b.assignment, b.weekday, b.from_minute, b.to_minute, b.starts_at, b.ends_at
      from sig.busy_time b
     where b.assignment in (select p.assignment from sig.participation p
                             where p.intervention = intervention and p.valid_from <= now and now < p.valid_to)
       and (b.ends_at is null or now < b.ends_at);
end $$;
comment on function sig.busy_in(uuid) is 'When those who take part in a case cannot come, for the board''s coordinator who looks for a time.';
revoke all on function sig.busy_in(uuid) from public;
grant execute on function sig.busy_in(uuid) to sig_app;

create table sig.school_period (
  id uuid constraint school_period_pk primary key,
  authority text not null constraint school_period_authority_exists references sig.authority (id),
  unit text constraint school_period_unit_exists references sig.unit (id),
  is_break boolean not null,
  name text,
  first_on date not null,
  last_on date not null,
  constraint school_period_runs_forward check (first_on <= last_on),
  constraint school_period_break_has_a_name check (is_break = (name is not null))
);
create index school_period_by_authority on sig.school_period (authority);
comment on table sig.school_period is 'Terms of the schools and the breaks within them, of an authority or of one unit, from the directory file.';
grant select on sig.school_period to sig_app;
