-- How each person wants to be told that there is something to read: by mail or
-- by text message, and in which language. It belongs to one part (an assignment,
-- a guardian's or a young person's standing) and is seen by its holder alone.
create table sig.notice_choice (
  assignment uuid constraint notice_choice_assignment_exists references sig.assignment (id),
  guardian uuid constraint notice_choice_guardian_exists references sig.guardianship (id),
  youth uuid constraint notice_choice_youth_exists references sig.youth (id),
  channel text not null constraint notice_choice_channel_is_known check (channel in ('mail', 'sms')),
  language text constraint notice_choice_language_is_a_code check (language ~ '^[a-z]{2,3}(-[A-Z]{2}|-[a-z]{5,8})?$'),
  phone_sealed bytea,
  changed_at timestamptz not null,
  constraint notice_choice_is_of_one check (num_nonnulls(assignment, guardian, youth) = 1)
);
create unique index notice_choice_one_each on sig.notice_choice (coalesce(assignment, guardian, youth));
comment on table sig.notice_choice is 'Somebody''s own choice of channel and language for messages. Without a row it is mail, in the language noted with the contact data.';
comment on column sig.notice_choice.language is 'Null: the one noted with the contact data, or Swedish.';
comment on column sig.notice_choice.phone_sealed is 'The number that the person gave here, under the authority''s own key as contact data are: jobs open it.';
create function sig.my_part_holds() returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
begin
  return case when sig.actor_kind() = 'staff' then exists (
      select from sig.assignment a where a.id = sig.setting_uuid('app.assignment')
         and a.valid_from <= sig.instant() and sig.instant() < a.valid_to)
    else coalesce(sig.standing_in_force(sig.actor_kind(), sig.my_standing()), false) end;
end $$;
comment on function sig.my_part_holds() is 'Does the part hold that the actor acts in: the assignment, or the standing of one whose view is not switched off at home?';
revoke all on function sig.my_part_holds() from public;
grant execute on function sig.my_part_holds() to sig_app;

alter table sig.notice_choice enable row level security;
alter table sig.notice_choice force row level security;
create policy owner_all on sig.notice_choice to sig_owner using (true) with check (true);
create policy notice_choice_own on sig.notice_choice to sig_app
  using ((select sig.my_part_holds()) and (sig.actor_kind() = 'guardian' and guardian = (select sig.my_standing())
    or sig.actor_kind() = 'youth' and youth = (select sig.my_standing())
    or sig.actor_kind() = 'staff' and assignment = (select sig.setting_uuid('app.assignment'))));
grant select, insert on sig.notice_choice to sig_app;
grant update (channel, language, phone_sealed, changed_at) on sig.notice_choice to sig_app;

create function sig.my_contact() returns table (authority text, contact_sealed bytea)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  if not sig.my_part_holds() then
    return;
  end if;
  return query
    select a.authority, null::bytea from sig.assignment a where sig.actor_kind() = 'staff' and a.id = sig.setting_uuid('app.assignment')
    union all
    select g.authority, g.contact_sealed from sig.guardianship g where sig.actor_kind() = 'guardian' and g.id = sig.my_standing()
    union all
    select y.authority, y.contact_sealed from sig.youth y where sig.actor_kind() = 'youth' and y.id = sig.my_standing();
end $$;
comment on function sig.my_contact() is 'The contact data that the coordinator noted of whoever asks, and of nobody else, with the authority under whose key they lie; nothing where the part does not hold.';

create function sig.mail_choice(mail_id uuid)
  returns table (channel text, language text, phone_sealed bytea)
  language sql stable security definer set search_path = ''
  as $$
    select n.channel, n.language, n.phone_sealed
      from sig.mail m
      join sig.notice_choice n on coalesce(n.assignment, n.guardian, n.youth) = coalesce(m.assignment, m.guardian, m.youth)
     where m.id = mail_id and m.checked_at is not null and m.sent_at is null and m.cancelled_at is null
  $$;
comment on function sig.mail_choice(uuid) is 'How the recipient of a checked, unsent message wants it. Jobs have no other way to a choice.';
revoke all on function sig.my_contact(), sig.mail_choice(uuid) from public;
grant execute on function sig.my_contact() to sig_app;
grant execute on function sig.mail_choice(uuid) to sig_worker;
