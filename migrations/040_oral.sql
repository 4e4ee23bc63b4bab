-- A yes that was said aloud (domain 3.2, T05): one officer records it, another
-- person confirms it, and for fourteen days it counts as a signature of exactly
-- that version. Nothing it let be told lasts longer than that until it is
-- written: the end stands on the version itself, so that every question that
-- asks whether a row is open asks this too.
create table sig.oral_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
comment on table sig.oral_transition is 'The legal edges of an oral yes'' state machine.';
insert into sig.oral_transition values
  ('recorded', 'confirmed'), ('recorded', 'dropped'), ('confirmed', 'written'), ('confirmed', 'ended');

create table sig.consent_oral (
  id uuid constraint consent_oral_pk primary key,
  consent uuid not null constraint consent_oral_consent_exists references sig.consent (id),
  intervention uuid not null constraint consent_oral_intervention_exists references sig.intervention (id),
  signer uuid not null,
  kind text not null constraint consent_oral_kind_is_known check (kind in ('guardian', 'youth')),
  state text not null default 'recorded' constraint consent_oral_state_is_known check (state in
    ('recorded', 'confirmed', 'written', 'dropped', 'ended')),
  text_hash bytea not null constraint consent_oral_text_hash_is_sha256 check (length(text_hash) = 32),
  carried_from uuid constraint consent_oral_carried_from_exists references sig.consent_oral (id),
  received_at timestamptz not null,
  method text not null constraint consent_oral_method_is_known check (method in ('phone', 'meeting')),
  language text not null,
  interpreter text,
  recorded_by uuid not null constraint consent_oral_recorder_exists references sig.assignment (id),
  recorder uuid not null constraint consent_oral_recorder_is_somebody references sig.person (id),
  recorded_at timestamptz not null,
  confirmed_by uuid constraint consent_oral_confirmer_exists references sig.assignment (id),
  confirmer uuid constraint consent_oral_confirmer_is_somebody references sig.person (id),
  confirmed_at timestamptz,
  written_by timestamptz not null,
  ended_at timestamptz,
  written_channel text constraint consent_oral_written_channel_is_known check (written_channel in ('e_signed', 'paper')),
  constraint consent_oral_was_heard_before_it_was_recorded check (received_at <= recorded_at),
  constraint consent_oral_holds_fourteen_days check (
    written_by <= (received_at at time zone 'Europe/Stockholm' + interval '14 days') at time zone 'Europe/Stockholm' + interval '1 hour'),
  constraint consent_oral_confirmation_is_whole check (num_nonnulls(confirmed_by, confirmer, confirmed_at) in (0, 3)),
  constraint consent_oral_confirmed_by_somebody check (state in ('recorded', 'dropped') or confirmer is not null),
  constraint consent_oral_confirmed_by_another check (confirmer <> recorder),
  constraint consent_oral_confirmed_in_time check (confirmed_at < written_by),
  constraint consent_oral_written_says_how check ((state = 'written') = (written_channel is not null)),
  constraint consent_oral_end_is_dated check ((state in ('written', 'dropped', 'ended')) = (ended_at is not null))
);
create index consent_oral_by_consent on sig.consent_oral (consent, signer);
create unique index consent_oral_one_at_a_time on sig.consent_oral (consent, signer) where state in ('recorded', 'confirmed');
create trigger consent_oral_walks_legal_edges before update of state on sig.consent_oral
  for each row execute function sig.check_transition('oral_transition');
comment on table sig.consent_oral is 'A signer''s yes by phone or in a meeting: who heard it, which other person confirmed it, and by when it must be written.';
comment on column sig.consent_oral.carried_from is 'The yes to a wider version that this one narrows: its days go on.';
comment on column sig.consent_oral.recorder is 'The human being behind recorded_by: the same person never confirms, under whatever hat.';
comment on column sig.consent_oral.interpreter is 'The interpreter''s number or name; never a relative''s.';

alter table sig.consent add column oral_until timestamptz;
comment on column sig.consent.oral_until is 'Until when the version holds at the latest, because an oral yes to it is not written yet; kept by the database itself.';

alter table sig.consent_signer add column explained_interpreter text;
comment on column sig.consent_signer.explained_interpreter is 'The interpreter''s number or name, where one was used; never a relative''s.';
grant update (explained_interpreter) on sig.consent_signer to sig_app;

-- A yes is to a version that waits for answers, by one who must sign, to whom
-- it was explained, and who has not answered; one that is carried over follows
-- a confirmed one.
create function sig.check_oral() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if new.carried_from is null and not exists (
       select from sig.consent c join sig.consent_signer s on s.consent = c.id and s.signer = new.signer and s.kind = new.kind
        where c.id = new.consent and c.intervention = new.intervention and c.state in ('explained', 'partially_signed')
          and c.text_hash = new.text_hash and s.explained_at is not null and s.answer is null and new.state = 'recorded')
     or new.carried_from is not null and not exists (
       select from sig.consent_oral o
        where o.id = new.carried_from and o.intervention = new.intervention and o.signer = new.signer and o.confirmed_at is not null
          and (o.received_at, o.written_by, o.recorder, o.confirmer) = (new.received_at, new.written_by, new.recorder, new.confirmer)) then
    raise exception 'an oral yes is to a version that waits for it' using errcode = 'check_violation', constraint = 'consent_oral_answers_a_question';
  end if;
  return new;
end $$;
create trigger consent_oral_answers_a_question before insert on sig.consent_oral for each row execute function sig.check_oral();

create function sig.keep_oral_until() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update sig.consent c
     set oral_until = (select min(o.written_by) from sig.consent_oral o where o.consent = c.id and o.state = 'confirmed')
   where c.id = new.consent;
  return null;
end $$;
create trigger consent_oral_keeps_the_end after insert or update of state on sig.consent_oral
  for each row execute function sig.keep_oral_until();

-- Nobody counts a yes as said that no second person has confirmed.
create function sig.check_oral_answer() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if new.channel = 'oral' and new.answer = 'signed' and not exists (
       select from sig.consent_oral o
        where o.consent = new.consent and o.signer = new.signer and o.text_hash = new.text_hash and o.confirmed_at is not null) then
    raise exception 'an oral yes counts once a second person has confirmed it'
      using errcode = 'check_violation', constraint = 'consent_signer_oral_is_confirmed';
  end if;
  return new;
end $$;
create trigger consent_signer_oral_is_confirmed before insert or update of answer, channel on sig.consent_signer
  for each row execute function sig.check_oral_answer();
revoke all on function sig.check_oral(), sig.keep_oral_until(), sig.check_oral_answer() from public;

-- Not written in time, a version ends wherever it stands.
insert into sig.consent_transition values ('partially_signed', 'expired'), ('signed', 'expired');

alter table sig.consent_oral enable row level security;
alter table sig.consent_oral force row level security;
create policy owner_all on sig.consent_oral to sig_owner using (true) with check (true);
create policy worker_all on sig.consent_oral to sig_worker using (sig.actor_kind() = 'system') with check (sig.actor_kind() = 'system');
create policy system_all on sig.consent_oral to sig_app using ((select sig.actor_kind()) = 'system') with check ((select sig.actor_kind()) = 'system');
create policy oral_board on sig.consent_oral for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy oral_self on sig.consent_oral for select to sig_app using (
  signer = (select sig.my_standing()) and intervention = any ((select sig.my_cases())::uuid[]));
create policy oral_recorder on sig.consent_oral for insert to sig_app with check (
  state = 'recorded' and intervention = any ((select sig.my_board_cases())::uuid[])
  and recorded_by = (select sig.setting_uuid('app.assignment'))
  and exists (select from sig.assignment a where a.id = consent_oral.recorded_by and a.person = consent_oral.recorder)
  and exists (select from unnest((select sig.my_seats())::sig.seat[]) s
               where s.intervention = consent_oral.intervention and s.authority = s.board and s.function in ('coordinator', 'social_secretary')));
create policy oral_second on sig.consent_oral for update to sig_app
  using (intervention = any ((select sig.my_board_cases())::uuid[]))
  with check (state <> 'confirmed' or confirmed_by = (select sig.setting_uuid('app.assignment'))
    and exists (select from sig.assignment a where a.id = consent_oral.confirmed_by and a.person = consent_oral.confirmer));
grant select, insert on sig.consent_oral to sig_app;
grant update (state, confirmed_by, confirmer, confirmed_at, ended_at, written_channel) on sig.consent_oral to sig_app;
grant select, update (state, ended_at) on sig.consent_oral to sig_worker;
grant select on sig.oral_transition to sig_app, sig_worker;

-- The walls: a row is open until its own end and, while a yes is not written,
-- until that must be.
do $$
declare
  f regprocedure;
  old text;
  new text;
begin
  foreach f in array array[
      'sig.my_entitlements()', 'sig.may_send(uuid, text, text, text, text, text, text, text[])',
      'sig.seat_tells(uuid, text, text, text, text, text, text, text[], text, timestamptz)', 'sig.my_point_is_open(uuid, text)']::regprocedure[] loop
    old := pg_get_functiondef(f);
    new := replace(old, '< g.valid_to', '< least(g.valid_to, c.oral_until)');
    if new = old then raise exception 'the wall % asks for no row''s end', f; end if;
    execute new;
  end loop;
end $$;

-- Whatever is known already stays known.
do $$
declare known text;
begin
  select pg_get_constraintdef(c.oid) into strict known from pg_constraint c where c.conname = 'task_kind_is_known' and c.conrelid = 'sig.task'::regclass;
  alter table sig.task drop constraint task_kind_is_known;
  execute 'alter table sig.task add constraint task_kind_is_known '
    || regexp_replace(known, '\)\s*$', ' or kind in (''confirm_oral'', ''write_oral''))');
end $$;
