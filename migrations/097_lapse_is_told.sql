-- That not everybody signed in time is told to the board as a no is.
create or replace function sig.news_mail_entitled(mail_id uuid) returns boolean
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
       and (a.authority = i.authority and exists (
         select from sig.consent_signer s
          where s.consent = m.object_id and s.intervention = i.id and s.answer = 'refused' and s.overridden_at is null)
        or a.authority = i.authority and exists (
         select from sig.consent c where c.id = m.object_id and c.intervention = i.id and c.state = 'lapsed_unsigned')
        or exists (
         select from sig.withdrawal_notice n
          where n.withdrawal = m.object_id and n.intervention = i.id and n.told and n.authority = p.authority and n.function = p.function
            and sig.current_unit(n.unit, n.function, now, n.at) = sig.current_unit(p.unit, p.function, now, p.valid_from))));
end $$;
comment on function sig.news_mail_entitled(uuid) is 'Whether news of a consent may still be handed over: of a no that stands, and of a version that not everybody signed in time, to whoever takes part for the board; of a withdrawal, to whoever takes part in a function that was told.';
