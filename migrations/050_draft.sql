-- What somebody is typing into a form and has not saved: kept so that it
-- survives a lost connection, a session's end and another page. It is its
-- writer's alone, in the hat in which it is written, and content for nobody.
-- Each window has a draft of its own, so that none is written over another.
create table sig.draft (
  id uuid constraint draft_pk primary key,
  assignment uuid not null constraint draft_writer_exists references sig.assignment (id),
  intervention uuid not null constraint draft_intervention_exists references sig.intervention (id),
  form text not null constraint draft_form_is_an_address check (form ~ '^[a-z0-9/-]{1,200}$'),
  version integer not null constraint draft_counts_from_one check (version >= 1),
  body_sealed bytea not null,
  saved_at timestamptz not null
);
create index draft_by_writer on sig.draft (assignment, intervention, form);
create index draft_by_intervention on sig.draft (intervention);
comment on table sig.draft is 'A form as it was typed in one window, sealed under the key of the writer''s authority; nobody else reads it, and nothing is decided by it.';
comment on column sig.draft.form is 'Which form: its address under the intervention''s.';
comment on column sig.draft.version is 'Grows with every save; whoever saves says which one was seen, so that a second window overwrites nothing.';
create trigger draft_counts before update on sig.draft for each row execute function sig.check_draft();

alter table sig.draft enable row level security;
alter table sig.draft force row level security;
create policy owner_all on sig.draft to sig_owner using (true) with check (true);
create policy draft_own on sig.draft to sig_app
  using (assignment = (select sig.setting_uuid('app.assignment')) and intervention = any ((select sig.my_open_cases())::uuid[]))
  with check (assignment = (select sig.setting_uuid('app.assignment')) and intervention = any ((select sig.my_open_cases())::uuid[]));
grant select, insert, delete on sig.draft to sig_app;
grant update (form, version, body_sealed, saved_at) on sig.draft to sig_app;

-- Whatever ends a part ends its drafts in the same transaction: the part's own
-- end, the end of a call for what was typed under that meeting, of sharing for
-- everybody outside the board, and of the intervention for all. The board's own
-- stay until then: what was said in the room is still to be noted.
create function sig.drafts_end_with_the_part() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  delete from sig.draft d where d.assignment = new.assignment and d.intervention = new.intervention
    and not exists (select from sig.participation p where p.assignment = d.assignment and p.intervention = d.intervention and p.id <> new.id
                     and p.valid_from <= new.valid_to and new.valid_to < p.valid_to);
  return null;
end $$;
comment on function sig.drafts_end_with_the_part() is 'Trigger: whoever has no part any more has no drafts.';
create trigger participation_ends_drafts after update of valid_to on sig.participation
  for each row when (new.valid_to < old.valid_to and new.valid_to <= sig.now()) execute function sig.drafts_end_with_the_part();

create function sig.drafts_end_with_the_call() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  delete from sig.draft d using sig.participation p, sig.intervention i
   where d.intervention = new.intervention and d.form like 'meetings/' || new.meeting || '/%'
     and p.assignment = d.assignment and p.intervention = d.intervention and p.authority = new.authority and p.function = new.function
     and i.id = d.intervention and i.authority <> new.authority;
  return null;
end $$;
comment on function sig.drafts_end_with_the_call() is 'Trigger: a function of another authority that is called to a meeting no more has nothing more to tell there.';
create trigger invitation_ends_drafts after update of ended_at on sig.meeting_invitation
  for each row when (new.ended_at is not null and old.ended_at is null) execute function sig.drafts_end_with_the_call();

create function sig.drafts_end_with_sharing() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  delete from sig.draft d using sig.assignment a
   where d.intervention = new.id and a.id = d.assignment and (new.state in ('closed', 'not_started') or a.authority <> new.authority);
  return null;
end $$;
comment on function sig.drafts_end_with_sharing() is 'Trigger: where sharing stops, drafts of other authorities go; where the intervention is closed, all.';
create trigger intervention_ends_drafts after update of state on sig.intervention
  for each row when (new.state in ('sharing_stopped', 'closing', 'closed', 'not_started')) execute function sig.drafts_end_with_sharing();
revoke all on function sig.drafts_end_with_the_part(), sig.drafts_end_with_the_call(), sig.drafts_end_with_sharing() from public;
