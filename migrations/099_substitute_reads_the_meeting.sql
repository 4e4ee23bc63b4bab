-- Whoever comes to one meeting in somebody's place was in the whole case as long:
-- the copies, the items, the questions, the other meetings with their places. A
-- substitute reads the meeting, what was told there, and the plan as the function
-- sees it; the walls of 010 and after say what the function may be told, these
-- say that of it only that much is for the day.
create function sig.my_cases_for_a_meeting() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
declare at timestamptz := sig.instant();
begin
  if sig.actor_kind() <> 'staff' then
    return '{}';
  end if;
  return (
    select coalesce(array_agg(k.intervention), '{}') from (
      select p.intervention from sig.participation p
       where p.assignment = sig.setting_uuid('app.assignment') and p.valid_from <= at and at < p.valid_to
       group by p.intervention having bool_and(p.meeting is not null)) k);
end $$;
comment on function sig.my_cases_for_a_meeting() is 'Interventions in which the actor takes part for a meeting alone, in somebody''s place.';

create function sig.my_substituted_meetings() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
declare at timestamptz := sig.instant();
begin
  if sig.actor_kind() <> 'staff' then
    return '{}';
  end if;
  return (
    select coalesce(array_agg(p.meeting), '{}') from sig.participation p
     where p.assignment = sig.setting_uuid('app.assignment') and p.valid_from <= at and at < p.valid_to and p.meeting is not null);
end $$;
comment on function sig.my_substituted_meetings() is 'Meetings to which the actor comes in somebody''s place.';

create function sig.my_heard_items() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
begin
  return (select coalesce(array_agg(t.item), '{}') from sig.meeting_told t where t.meeting = any (sig.my_substituted_meetings()));
end $$;
comment on function sig.my_heard_items() is 'What was told in the rooms of meetings to which the actor comes in somebody''s place.';
revoke all on function sig.my_cases_for_a_meeting(), sig.my_substituted_meetings(), sig.my_heard_items() from public;
grant execute on function sig.my_cases_for_a_meeting(), sig.my_substituted_meetings(), sig.my_heard_items() to sig_app;

do $$
declare
  not_only constant text := 'intervention <> all ((select sig.my_cases_for_a_meeting())::uuid[])';
  t record;
begin
  for t in select * from (values
      ('task', null), ('incident', null), ('journal_note', null), ('part_request', null), ('inquiry', null), ('directed_question', null), ('ledger', null),
      ('item', 'author = (select sig.setting_uuid(''app.assignment''))'),
      ('item_concern', null), ('item_visibility', null),
      ('disclosure', 'assignment = (select sig.setting_uuid(''app.assignment''))'),
      ('received', 'item = any ((select sig.my_heard_items())::uuid[])'),
      ('meeting', 'id = any ((select sig.my_substituted_meetings())::uuid[])')) as w(name, beside)
  loop
    execute format('create policy for_a_meeting_alone on sig.%I as restrictive for select to sig_app using (%s)',
      t.name, case when t.name = 'ledger' then 'intervention is null or ' else '' end || not_only || coalesce(' or ' || t.beside, ''));
  end loop;
  for t in select unnest(array['meeting_point', 'meeting_point_text', 'meeting_invitation', 'meeting_presence', 'meeting_attendance', 'meeting_guest',
      'meeting_guest_stay', 'meeting_language', 'meeting_draft', 'meeting_told', 'minutes', 'minutes_text', 'minutes_sent', 'voice']) as name
  loop
    execute format('create policy for_a_meeting_alone on sig.%I as restrictive for select to sig_app using (%s or meeting = any ((select sig.my_substituted_meetings())::uuid[]))',
      t.name, not_only);
  end loop;
  -- and is called to it alone
  execute replace(pg_get_functiondef('sig.fills_call(uuid, uuid, timestamptz)'::regprocedure),
    'and m.starts_at < p.valid_to', 'and m.starts_at < p.valid_to and (p.meeting is null or p.meeting = m.id)');
end $$;
