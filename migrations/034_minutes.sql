-- The minutes of a network meeting: one text for each point, in versions, which
-- the board's coordinator writes, approves and sends. What is sent is an item
-- and its disclosures, as anything else that is told; each function gets the
-- points that the consent lets the board tell it, and knows of no others.
create table sig.minutes (
  meeting uuid constraint minutes_pk primary key constraint minutes_meeting_exists references sig.meeting (id),
  intervention uuid not null,
  authority text not null,
  version integer not null constraint minutes_count_from_one check (version >= 1),
  approved_version integer,
  approved_at timestamptz,
  approved_by uuid constraint minutes_approver_exists references sig.assignment (id),
  changed_at timestamptz not null,
  constraint minutes_approval_is_signed check (num_nonnulls(approved_version, approved_at, approved_by) in (0, 3)),
  constraint minutes_approved_were_written check (approved_version <= version)
);
comment on table sig.minutes is 'Minutes of a meeting: version grows with every save; only the version that was approved last can be sent.';

create table sig.minutes_text (
  point uuid not null constraint minutes_text_point_exists references sig.meeting_point (id),
  version_from integer not null,
  version_to integer,
  meeting uuid not null constraint minutes_text_minutes_exist references sig.minutes (meeting),
  intervention uuid not null,
  authority text not null,
  body_sealed bytea not null,
  written_by uuid not null constraint minutes_text_writer_exists references sig.assignment (id),
  written_at timestamptz not null,
  constraint minutes_text_pk primary key (point, version_from),
  constraint minutes_text_runs_forward check (version_from <= version_to)
);
create index minutes_text_by_meeting on sig.minutes_text (meeting);
comment on table sig.minutes_text is 'What the minutes say under a point, sealed under the board''s key, from one version to another: nothing is lost when it is corrected.';

create table sig.minutes_sent (
  item uuid constraint minutes_sent_pk primary key constraint minutes_sent_item_exists references sig.item (id),
  point uuid not null constraint minutes_sent_point_exists references sig.meeting_point (id),
  version integer not null,
  meeting uuid not null,
  intervention uuid not null,
  authority text not null,
  sent_at timestamptz not null,
  sent_by uuid not null constraint minutes_sent_sender_exists references sig.assignment (id),
  constraint minutes_sent_once unique (point, version)
);
create index minutes_sent_by_meeting on sig.minutes_sent (meeting);
comment on table sig.minutes_sent is 'Which item a point''s text was sent as; version is the one that the text is from. To whom is said by its disclosures alone.';

create function sig.check_minutes() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if new.version not in (old.version, old.version + 1)
     or new.approved_version is distinct from old.approved_version and (new.version <> old.version or new.approved_version <> new.version) then
    raise exception 'minutes are saved over the version that was seen, and approved as they stand'
      using errcode = 'check_violation', constraint = 'minutes_version_grows_by_one';
  end if;
  return new;
end $$;
comment on function sig.check_minutes() is 'Trigger: every save is the next version; what is approved is the version that stands there.';
create trigger minutes_count before update on sig.minutes for each row execute function sig.check_minutes();
revoke all on function sig.check_minutes() from public;

do $$
declare t text;
begin
  foreach t in array array['minutes', 'minutes_text', 'minutes_sent'] loop
    execute format('alter table sig.%I enable row level security', t);
    execute format('alter table sig.%I force row level security', t);
    execute format('create policy owner_all on sig.%I to sig_owner using (true) with check (true)', t);
  end loop;
  foreach t in array array['minutes', 'minutes_text'] loop
    execute format('create policy minutes_board on sig.%I for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]) and intervention = any ((select sig.my_open_cases())::uuid[]))', t);
    execute format('create policy minutes_writer on sig.%1$I for insert to sig_app with check (
      authority = (select sig.my_authority()) and intervention = any ((select sig.my_coordinated_cases())::uuid[])
      and exists (select from sig.meeting m where m.id = %1$I.meeting and m.intervention = %1$I.intervention and m.state in (''live'', ''ended'')))', t);
    execute format('create policy minutes_changer on sig.%I for update to sig_app using (intervention = any ((select sig.my_coordinated_cases())::uuid[]))', t);
  end loop;
end $$;
create policy sent_of_item on sig.minutes_sent for select to sig_app using (exists (select from sig.item i where i.id = minutes_sent.item));
create policy sent_of_copy on sig.minutes_sent for select to sig_app using (
  intervention = any ((select sig.my_cases())::uuid[])
  and exists (select from sig.received r where r.item = minutes_sent.item and r.intervention = minutes_sent.intervention));
create policy sent_by_coordinator on sig.minutes_sent for insert to sig_app with check (
  intervention = any ((select sig.my_coordinated_cases())::uuid[]) and authority = (select sig.my_authority())
  and sent_by = (select sig.setting_uuid('app.assignment'))
  and exists (select from sig.item i where i.id = minutes_sent.item and i.intervention = minutes_sent.intervention and i.author = minutes_sent.sent_by)
  and exists (select from sig.minutes_text t join sig.minutes m on m.meeting = t.meeting and m.approved_version = m.version
               where t.point = minutes_sent.point and t.version_from = minutes_sent.version and t.version_to is null
                 and t.meeting = minutes_sent.meeting and t.intervention = minutes_sent.intervention));

grant select, insert on sig.minutes, sig.minutes_text, sig.minutes_sent to sig_app;
grant update (version, approved_version, approved_at, approved_by, changed_at) on sig.minutes to sig_app;
grant update (version_to) on sig.minutes_text to sig_app;
