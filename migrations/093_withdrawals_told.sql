-- Who is told of a withdrawal, seat by seat: the functions that lose something,
-- and the coordinator. The mail, Today, the case's page and the receipt are all
-- written from these rows.
create table sig.withdrawal_notice (
  withdrawal uuid not null constraint withdrawal_notice_withdrawal_exists references sig.withdrawal (id),
  intervention uuid not null constraint withdrawal_notice_intervention_exists references sig.intervention (id),
  authority text not null,
  unit text not null,
  function text not null,
  at timestamptz not null,
  told boolean not null,
  constraint withdrawal_notice_pk primary key (withdrawal, authority, unit, function)
);
create index withdrawal_notice_by_intervention on sig.withdrawal_notice (intervention, at desc);
comment on table sig.withdrawal_notice is 'That a function was told of a withdrawal: no name, and nothing of who took back what.';
comment on column sig.withdrawal_notice.told is 'Whether somebody took part in the function then. Nobody else is told on anybody''s behalf.';
comment on column sig.withdrawal_notice.unit is 'Where the function sat at that instant.';
create trigger withdrawal_notice_never_changes before update or delete on sig.withdrawal_notice for each row execute function sig.forbid_change();

alter table sig.withdrawal_notice enable row level security;
alter table sig.withdrawal_notice force row level security;
create policy owner_all on sig.withdrawal_notice to sig_owner using (true) with check (true);
create policy system_all on sig.withdrawal_notice to sig_app using ((select sig.actor_kind()) = 'system') with check ((select sig.actor_kind()) = 'system');
create policy notice_board on sig.withdrawal_notice for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy notice_seat on sig.withdrawal_notice for select to sig_app using (
  exists (select from unnest((select sig.my_seats())::sig.seat[]) s
           where s.intervention = withdrawal_notice.intervention and s.authority = withdrawal_notice.authority
             and withdrawal_notice.unit = any (s.units) and s.function = withdrawal_notice.function));
-- Whoever may read the withdrawal: of the family, who took back.
create policy notice_signer on sig.withdrawal_notice for select to sig_app using (
  exists (select from sig.withdrawal w where w.id = withdrawal_notice.withdrawal));
grant select, insert on sig.withdrawal_notice to sig_app;

-- Until now everybody who took part was told of an end, and nobody of a part.
insert into sig.withdrawal_notice (withdrawal, intervention, authority, unit, function, at, told)
select distinct w.id, w.intervention, s.authority, s.unit, s.function, w.recorded_at,
       w.closes and exists (select from sig.participation p
                             where p.intervention = w.intervention and p.authority = s.authority and p.function = s.function and p.unit = s.unit
                               and p.valid_from <= w.recorded_at and w.recorded_at < p.valid_to)
  from sig.withdrawal w
  join sig.consent c on c.id = w.consent and c.activated_at <= w.recorded_at
  join sig.consent_grant g on g.consent = c.id and (w.closes or g.id = any (w.removed_grants))
  cross join lateral (values (g.discloser_authority, g.discloser_unit, g.discloser_function),
                             (g.recipient_authority, g.recipient_unit, g.recipient_function)) s (authority, unit, function)
 where w.effective and s.unit is not null;

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
        or exists (
         select from sig.withdrawal_notice n
          where n.withdrawal = m.object_id and n.intervention = i.id and n.told and n.authority = p.authority and n.function = p.function
            and sig.current_unit(n.unit, n.function, now, n.at) = sig.current_unit(p.unit, p.function, now, p.valid_from))));
end $$;
comment on function sig.news_mail_entitled(uuid) is 'Whether news of a consent may still be handed over: of a no that stands, to whoever takes part for the board; of a withdrawal, to whoever takes part in a function that was told.';
