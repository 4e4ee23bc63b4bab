-- A no is told to the board: a mail that there is news of a consent, which leaves
-- only while the no stands and its reader takes part for the board.
do $$
declare known text;
begin
  select pg_get_constraintdef(c.oid) into strict known from pg_constraint c where c.conname = 'mail_kind_is_known' and c.conrelid = 'sig.mail'::regclass;
  alter table sig.mail drop constraint mail_kind_is_known;
  execute 'alter table sig.mail add constraint mail_kind_is_known ' || regexp_replace(known, '\)\s*$', ' or kind = ''consent_news'')');
end $$;

create function sig.news_mail_entitled(mail_id uuid) returns boolean
  language plpgsql volatile security definer set search_path = ''
  as $$
declare now timestamptz := sig.now();
begin
  return exists (
    select from sig.mail m
      join sig.intervention i on i.id = m.intervention
      join sig.assignment a on a.id = m.assignment and a.valid_from <= now and now < a.valid_to
      join sig.participation p on p.intervention = i.id and p.assignment = a.id and p.valid_from <= now and now < p.valid_to
     where m.id = mail_id and m.sent_at is null and m.cancelled_at is null and i.state not in ('closing', 'closed')
       and a.authority = i.authority and exists (
         select from sig.consent_signer s
          where s.consent = m.object_id and s.intervention = i.id and s.answer = 'refused' and s.overridden_at is null));
end $$;
comment on function sig.news_mail_entitled(uuid) is 'Whether news of a consent may still be handed over: to whoever takes part for the board, of a no that stands.';

alter function sig.mail_entitled(uuid) rename to mail_entitled_but_for_news;
create function sig.mail_entitled(mail_id uuid) returns boolean
  language plpgsql volatile security definer set search_path = ''
  as $$
begin
  return (select case when m.kind = 'consent_news' then sig.news_mail_entitled(mail_id) else sig.mail_entitled_but_for_news(mail_id) end
            from sig.mail m where m.id = mail_id);
end $$;
comment on function sig.mail_entitled(uuid) is 'Whether a queued mail may still be handed over, asked under the intervention''s lock: of every kind.';
revoke all on function sig.news_mail_entitled(uuid), sig.mail_entitled_but_for_news(uuid), sig.mail_entitled(uuid) from public;
revoke all on function sig.mail_entitled_but_for_news(uuid) from sig_worker;
grant execute on function sig.mail_entitled(uuid) to sig_worker;
