-- What families read is data: which texts a signature was given to, and which
-- of them an authorised translator has approved.
create table sig.wording (
  language text not null constraint wording_language_is_a_tag check (language ~ '^[a-z]{2,3}(-[a-z]+)?$'),
  hash bytea not null,
  texts text not null,
  kept_at timestamptz not null default sig.now(),
  constraint wording_pk primary key (language, hash),
  constraint wording_is_what_its_hash_says check (hash = sha256(convert_to(texts, 'UTF8')))
);
comment on table sig.wording is 'One state of all texts that a family reads in one language, kept when it is first signed in or approved: what stood around the rows of a consent can be shown for as long as the signature.';
alter table sig.wording enable row level security;
alter table sig.wording force row level security;
create policy wording_reader on sig.wording for select to sig_app using (true);
create policy wording_keeper on sig.wording for insert to sig_app with check (true);
create policy owner_all on sig.wording to sig_owner using (true) with check (true);
comment on policy wording_reader on sig.wording is 'Public texts; they name nobody.';
grant select, insert on sig.wording to sig_app;

create table sig.wording_approval (
  id uuid constraint wording_approval_pk primary key,
  language text not null,
  hash bytea not null,
  approved boolean not null,
  translator text constraint wording_approval_translator_is_named check (length(translator) between 2 and 100),
  translated_on date,
  recorded_by uuid not null constraint wording_approval_recorder_exists references sig.assignment (id),
  recorded_at timestamptz not null,
  constraint wording_approval_is_of_a_kept_text foreign key (language, hash) references sig.wording (language, hash),
  constraint wording_approval_says_by_whom check (not approved or (translator is not null and translated_on is not null))
);
create index wording_approval_newest on sig.wording_approval (language, hash, recorded_at desc);
comment on table sig.wording_approval is 'That an authorised translator has approved exactly these texts, or that this was taken back; the newest row of a text counts. A changed text has no row, and so no approval.';
comment on column sig.wording_approval.translator is 'The number of the authorisation (Kammarkollegiet), or the agency''s reference: no private person''s address.';
alter table sig.wording_approval enable row level security;
alter table sig.wording_approval force row level security;
create policy approval_reader on sig.wording_approval for select to sig_app using (true);
create policy approval_administrator on sig.wording_approval for insert to sig_app with check (
  (select sig.my_office('administrator')) is not null and recorded_by = (select sig.setting_uuid('app.assignment')));
create policy owner_all on sig.wording_approval to sig_owner using (true) with check (true);
grant select, insert on sig.wording_approval to sig_app;

create function sig.wording_approved(of_language text, of_hash bytea) returns boolean
  language sql stable
  return of_language = 'sv' or coalesce((
    select a.approved from sig.wording_approval a where a.language = of_language and a.hash = of_hash
     order by a.recorded_at desc, a.id desc limit 1), false);
comment on function sig.wording_approved(text, bytea) is 'Whether a consent can be signed in these texts. Swedish is what was written, and needs nobody''s approval.';
revoke execute on function sig.wording_approved(text, bytea) from public;
grant execute on function sig.wording_approved(text, bytea) to sig_app;

alter table sig.consent_signer
  add column language text,
  add column wording bytea,
  add constraint consent_signer_read_a_kept_text foreign key (language, wording) references sig.wording (language, hash),
  add constraint consent_signer_reads_in_one_language check ((language is null) = (wording is null));
comment on column sig.consent_signer.language is 'The language of the page that was signed; with wording, exactly which texts stood there. Null where nobody signed on a page, and for what was signed before this was kept.';
grant update (language, wording) on sig.consent_signer to sig_app;

create function sig.sign_approved_wording() returns trigger
  language plpgsql set search_path = ''
  as $$
    begin
      if new.answer = 'signed' and new.channel = 'e_signed' and sig.wording_approved(new.language, new.wording) is not true then
        raise exception using errcode = 'check_violation', constraint = 'consent_signer_reads_an_approved_text',
          message = 'a consent is not signed in a translation that nobody has approved';
      end if;
      return new;
    end
  $$;
create trigger consent_signer_reads_an_approved_text before insert or update of answer on sig.consent_signer
  for each row execute function sig.sign_approved_wording();
