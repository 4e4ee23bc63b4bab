-- Answers to calls without the portal: by a link in the mail, and by the reply
-- that a calendar program sends. Either is bound to one call, to the person it
-- was sent to and to the version of the meeting that the mail told of.
alter table sig.meeting_invitation drop constraint meeting_invitation_answer_is_known;
alter table sig.meeting_invitation add constraint meeting_invitation_answer_is_known check (answer in ('accepted', 'declined', 'tentative'));
alter table sig.meeting_invitation add column proposed_start timestamptz, add column proposed_end timestamptz,
  add constraint meeting_invitation_proposal_is_whole check (
    num_nonnulls(proposed_start, proposed_end) in (0, 2) and (proposed_start is null or answer is not null and proposed_start < proposed_end));
comment on column sig.meeting_invitation.proposed_start is 'Another time that the called function suggests, with its answer. What was written beside it is not kept: nobody has judged who may read it.';
grant update (proposed_start, proposed_end) on sig.meeting_invitation to sig_app;

create table sig.meeting_answer_link (
  secret_hash bytea constraint meeting_answer_link_pk primary key constraint meeting_answer_link_is_a_hash check (octet_length(secret_hash) = 32),
  mail uuid not null constraint meeting_answer_link_mail_exists references sig.mail (id),
  made_at timestamptz not null
);
comment on table sig.meeting_answer_link is 'The hash of the secret in the links of one mail that calls to a meeting. A mail that is tried again has several: any of them may have arrived.';
alter table sig.meeting_answer_link enable row level security;
alter table sig.meeting_answer_link force row level security;
create policy owner_all on sig.meeting_answer_link to sig_owner using (true) with check (true);
create policy answer_link_worker on sig.meeting_answer_link for insert to sig_worker with check (
  sig.actor_kind() = 'system' and exists (select from sig.mail m where m.id = mail and m.kind = 'meeting' and m.method = 'request'));
grant insert on sig.meeting_answer_link to sig_worker;

create type sig.sent_call as (
  invitation uuid, meeting uuid, intervention uuid, sequence integer,
  assignment uuid, person uuid, authority text, unit text, function text, email text);
comment on type sig.sent_call is 'A call that was sent to somebody who has the assignment still, with what that person acts as.';

-- Only whom a secret or a signature speaks for is looked up; whether they may
-- still answer is asked of the walls as of anybody else.
create function sig.calls_sent(invitation uuid) returns setof sig.sent_call
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  if sig.actor_kind() <> 'system' then
    return;
  end if;
  return query
    select d.object_id, v.meeting, d.intervention, d.sequence, a.id, a.person, a.authority, u.id, a.function, a.email
      from sig.mail d
      join sig.meeting_invitation v on v.id = d.object_id
      join sig.assignment a on a.id = d.assignment and a.valid_from <= sig.now() and sig.now() < a.valid_to
      join sig.unit u on u.id = sig.current_unit(a.unit, a.function, sig.now(), a.valid_from)
     where d.object_id = invitation and d.kind = 'meeting' and d.method = 'request' and d.checked_at is not null;
end $$;
comment on function sig.calls_sent(uuid) is 'To whom one function''s call was sent, once for each version of the meeting.';

create function sig.call_of_link(secret_hash bytea) returns setof sig.sent_call
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return query
    select c.* from sig.meeting_answer_link l
      join sig.mail d on d.id = l.mail
      cross join lateral sig.calls_sent(d.object_id) c
     where l.secret_hash = secret_hash and c.assignment = d.assignment and c.sequence = d.sequence;
end $$;
comment on function sig.call_of_link(bytea) is 'Which call a link answers.';

revoke all on function sig.calls_sent(uuid), sig.call_of_link(bytea) from public;
grant execute on function sig.calls_sent(uuid), sig.call_of_link(bytea) to sig_app;
