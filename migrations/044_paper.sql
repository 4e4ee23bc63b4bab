-- A signature on paper: the scan is kept sealed, and where the paper itself lies
-- is noted. It is the signer's signature of exactly that version, or what an
-- oral yes had to be followed by.
create table sig.file (
  id uuid constraint file_pk primary key,
  intervention uuid not null constraint file_intervention_exists references sig.intervention (id),
  authority text not null constraint file_authority_exists references sig.authority (id),
  kind text not null constraint file_kind_is_allowed check (kind in ('pdf', 'png', 'jpeg')),
  size integer not null constraint file_size_is_allowed check (size between 1 and 20971520),
  body_sealed bytea not null,
  stored_by uuid not null constraint file_storer_exists references sig.assignment (id),
  stored_at timestamptz not null
);
comment on table sig.file is 'A file that somebody handed in, looked at and sealed. Its name is not kept: nobody''s program chooses what a download is called.';
create index file_by_intervention on sig.file (intervention);

create table sig.consent_paper (
  id uuid constraint consent_paper_pk primary key,
  consent uuid not null constraint consent_paper_consent_exists references sig.consent (id),
  intervention uuid not null constraint consent_paper_intervention_exists references sig.intervention (id),
  signer uuid not null,
  kind text not null constraint consent_paper_kind_is_known check (kind in ('guardian', 'youth')),
  text_hash bytea not null constraint consent_paper_text_hash_is_sha256 check (length(text_hash) = 32),
  signed_on date not null,
  kept_sealed bytea not null,
  file uuid not null constraint consent_paper_file_exists references sig.file (id) constraint consent_paper_has_its_own_file unique,
  recorded_by uuid not null constraint consent_paper_recorder_exists references sig.assignment (id),
  recorded_at timestamptz not null,
  constraint consent_paper_one_for_each_signer unique (consent, signer),
  constraint consent_paper_was_signed_before check (signed_on <= (recorded_at at time zone 'Europe/Stockholm')::date)
);
create index consent_paper_by_intervention on sig.consent_paper (intervention);
comment on table sig.consent_paper is 'One signer''s signature of a version on paper, with its scan.';
comment on column sig.consent_paper.kept_sealed is 'Where the paper itself is kept.';

create function sig.check_paper() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if not exists (
       select from sig.consent c join sig.consent_signer s on s.consent = c.id and s.signer = new.signer and s.kind = new.kind
         join sig.file f on f.id = new.file and f.intervention = c.intervention
        where c.id = new.consent and c.intervention = new.intervention and c.text_hash = new.text_hash
          and (c.state in ('explained', 'partially_signed') and s.answer is null and s.explained_at is not null
               or exists (select from sig.consent_oral o where o.consent = c.id and o.signer = s.signer and o.state = 'confirmed'))) then
    raise exception 'a paper is signed for a version that waits for it' using errcode = 'check_violation', constraint = 'consent_paper_answers_a_question';
  end if;
  return new;
end $$;
create trigger consent_paper_answers_a_question before insert on sig.consent_paper for each row execute function sig.check_paper();

-- Nobody counts a paper that nobody has handed in; what was signed before the
-- portal and taken over row by row is the exception that its version says.
create function sig.check_paper_answer() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if new.channel = 'paper' and new.answer = 'signed'
     and not exists (select from sig.consent_paper p where p.consent = new.consent and p.signer = new.signer and p.text_hash = new.text_hash)
     and not exists (select from sig.consent c where c.id = new.consent and c.change = 'imported') then
    raise exception 'a signature on paper has its scan' using errcode = 'check_violation', constraint = 'consent_signer_paper_is_kept';
  end if;
  return new;
end $$;
create trigger consent_signer_paper_is_kept before insert or update of answer, channel on sig.consent_signer
  for each row execute function sig.check_paper_answer();
revoke all on function sig.check_paper(), sig.check_paper_answer() from public;

do $$
declare t text;
begin
  foreach t in array array['file', 'consent_paper'] loop
    execute format('alter table sig.%I enable row level security', t);
    execute format('alter table sig.%I force row level security', t);
    execute format('create policy owner_all on sig.%I to sig_owner using (true) with check (true)', t);
    execute format('create policy board on sig.%I for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]))', t);
  end loop;
end $$;
create policy system_reads on sig.consent_paper for select to sig_app using ((select sig.actor_kind()) = 'system');
create policy file_coordinator on sig.file for insert to sig_app with check (
  stored_by = (select sig.setting_uuid('app.assignment'))
  and exists (select from unnest((select sig.my_seats())::sig.seat[]) s
               where s.intervention = file.intervention and s.authority = file.authority and s.authority = s.board and s.function = 'coordinator'));
create policy paper_coordinator on sig.consent_paper for insert to sig_app with check (
  recorded_by = (select sig.setting_uuid('app.assignment'))
  and exists (select from unnest((select sig.my_seats())::sig.seat[]) s
               where s.intervention = consent_paper.intervention and s.authority = s.board and s.function = 'coordinator'));
grant select, insert on sig.file, sig.consent_paper to sig_app;
