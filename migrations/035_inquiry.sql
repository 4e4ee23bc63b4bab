-- What somebody in the family asks of the authorities, and the answer. It is
-- kept: nobody can delete it, and neither words nor answer change.
create table sig.inquiry (
  id uuid constraint inquiry_pk primary key,
  intervention uuid not null constraint inquiry_intervention_exists references sig.intervention (id),
  kind text not null constraint inquiry_kind_is_known check (kind in
    ('question', 'not_right', 'looks_wrong', 'file', 'extract', 'correction', 'interpreter')),
  asker text not null constraint inquiry_asker_is_family check (asker in ('guardian', 'youth')),
  asked_by uuid not null,
  authority text not null constraint inquiry_authority_exists references sig.authority (id),
  function text not null,
  item uuid constraint inquiry_item_exists references sig.item (id),
  line bigint,
  words_sealed bytea not null,
  asked_at timestamptz not null,
  due_on date not null,
  answered_at timestamptz,
  answered_by uuid constraint inquiry_answerer_exists references sig.assignment (id),
  answer_sealed bytea,
  constraint inquiry_answer_is_whole check (num_nonnulls(answered_at, answered_by, answer_sealed) in (0, 3)),
  constraint inquiry_is_about_what_it_says check ((kind = 'looks_wrong') = (line is not null) and (kind <> 'not_right' or item is not null))
);
create index inquiry_by_intervention on sig.inquiry (intervention, asked_at);
create index inquiry_waiting on sig.inquiry (authority, function, due_on) where answered_at is null;
comment on table sig.inquiry is 'What a guardian or the young person asks, says is not right, or wants: addressed to one function of one authority, to be answered by a day.';
comment on column sig.inquiry.asked_by is 'The guardianship, or the youth: only this person and whoever answers sees it, never the other guardian.';
comment on column sig.inquiry.line is 'The row of the ledger that looks wrong to whoever asks; without a constraint, because nothing may stand in the way of the ledger.';
comment on column sig.inquiry.words_sealed is 'Their own words, sealed under the key of the authority that answers.';

create function sig.check_inquiry() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if old.answered_at is not null
     or (new.id, new.intervention, new.kind, new.asker, new.asked_by, new.authority, new.function, new.words_sealed, new.asked_at, new.due_on)
        is distinct from (old.id, old.intervention, old.kind, old.asker, old.asked_by, old.authority, old.function, old.words_sealed, old.asked_at, old.due_on)
     or (new.item, new.line) is distinct from (old.item, old.line) then
    raise exception 'an inquiry is answered once, and its words stay'
      using errcode = 'check_violation', constraint = 'inquiry_words_stay';
  end if;
  return new;
end $$;
comment on function sig.check_inquiry() is 'Trigger: an inquiry is answered once, and its words stay.';
create trigger inquiry_stays before update on sig.inquiry for each row execute function sig.check_inquiry();
revoke all on function sig.check_inquiry() from public;

alter table sig.task drop constraint task_kind_is_known;
alter table sig.task add constraint task_kind_is_known check (kind in
  ('consider_other_measures', 'renew_consent', 'set_participation', 'decide_visibility', 'approve_disclosure', 'answer_request',
   'review_incident', 'decide_measure', 'proposal_received', 'review_meeting', 'answer_inquiry'));

alter table sig.inquiry enable row level security;
alter table sig.inquiry force row level security;
create policy owner_all on sig.inquiry to sig_owner using (true) with check (true);
create policy inquiry_asker on sig.inquiry for select to sig_app using (
  asked_by = (select sig.my_standing()) and intervention = any ((select sig.my_cases())::uuid[]));
create policy inquiry_office on sig.inquiry for select to sig_app using (
  function = 'log_reviewer' and authority = (select sig.my_office('log_reviewer'))
  or function = 'registrar' and authority = (select sig.my_office('registrar')));
create policy inquiry_seat on sig.inquiry for select to sig_app using (
  exists (select from unnest((select sig.my_seats())::sig.seat[]) s
           where s.intervention = inquiry.intervention and s.authority = inquiry.authority and s.function = inquiry.function));
create policy inquiry_family on sig.inquiry for insert to sig_app with check (
  asked_by = (select sig.my_standing()) and asker = (select sig.actor_kind())
  and intervention = any ((select sig.my_cases())::uuid[]) and answered_at is null
  and (item is null or exists (select from sig.item i where i.id = inquiry.item and i.intervention = inquiry.intervention))
  and (line is null or exists (select from sig.ledger l where l.id = inquiry.line and l.intervention = inquiry.intervention and l.actor = 'staff')));
create policy inquiry_answerer on sig.inquiry for update to sig_app
  using (function = 'log_reviewer' and authority = (select sig.my_office('log_reviewer'))
         or function = 'registrar' and authority = (select sig.my_office('registrar'))
         or exists (select from unnest((select sig.my_seats())::sig.seat[]) s
                     where s.intervention = inquiry.intervention and s.authority = inquiry.authority and s.function = inquiry.function))
  with check (answered_by = (select sig.setting_uuid('app.assignment')));
grant select, insert on sig.inquiry to sig_app;
grant update (answered_at, answered_by, answer_sealed) on sig.inquiry to sig_app;
