-- What was read aloud, or stood on the paper: the language, and exactly which
-- texts in it, as a signature with eID says of the page.
alter table sig.consent_oral add column read_in text, add column wording bytea,
  add constraint consent_oral_read_a_kept_text foreign key (read_in, wording) references sig.wording (language, hash),
  add constraint consent_oral_reads_in_one_language check ((read_in is null) = (wording is null));
alter table sig.consent_paper add column read_in text, add column wording bytea,
  add constraint consent_paper_read_a_kept_text foreign key (read_in, wording) references sig.wording (language, hash),
  add constraint consent_paper_reads_in_one_language check ((read_in is null) = (wording is null));
comment on column sig.consent_oral.read_in is 'The language of the texts that were read to the signer, who may have heard them through an interpreter in another; with wording, exactly which. Null for what was said before this was kept.';
comment on column sig.consent_paper.read_in is 'The language of the texts on the paper; with wording, exactly which. Null for what was signed before this was kept.';

create function sig.read_approved_wording() returns trigger
  language plpgsql set search_path = ''
  as $$
    begin
      if new.read_in is not null and sig.wording_approved(new.read_in, new.wording) is not true then
        raise exception using errcode = 'check_violation', constraint = 'consent_is_read_in_an_approved_text',
          message = 'a yes is not taken to a translation that nobody has approved';
      end if;
      return new;
    end
  $$;
revoke all on function sig.read_approved_wording() from public;
create trigger consent_oral_reads_an_approved_text before insert on sig.consent_oral
  for each row when (new.carried_from is null) execute function sig.read_approved_wording();
create trigger consent_paper_reads_an_approved_text before insert on sig.consent_paper
  for each row execute function sig.read_approved_wording();
