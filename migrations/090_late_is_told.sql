-- What was disclosed between the moment at which a withdrawal was received and
-- the one at which it was recorded is marked where its recipient sees it too.
-- The mark stays where it is, on the disclosure; these say it of a copy. A
-- withdrawal may also have come by e-mail.
create function sig.disclosed_late(copy uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
begin
  return exists (
    select from sig.received r join sig.disclosure d on d.id = r.id
     where r.id = copy and r.authority = (select sig.my_authority()) and d.after_withdrawal);
end $$;
comment on function sig.disclosed_late(uuid) is 'Whether a copy that the actor''s own authority had received was disclosed after the consent had been taken back, before that was recorded.';

drop function sig.my_hidden_copies(uuid);
create function sig.my_hidden_copies(intervention uuid)
  returns table (id uuid, at timestamptz, by text, deleted boolean, late boolean)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select r.id, r.cut_at, r.cut_by, r.deleted_at is not null, sig.disclosed_late(r.id)
      from sig.received r
     where r.intervention = $1 and r.cut_at is not null
       and exists (select from unnest(sig.my_seats()) s
                    where s.intervention = r.intervention and s.authority = r.authority
                      and r.unit = any (s.units) and r.function = s.function);
end $$;
comment on function sig.my_hidden_copies(uuid) is 'Copies that the seats the actor fills now had received and that were cut: when, by what and whether they came after the consent was taken back; nothing of their content, sender or category.';

drop function sig.my_hidden_cases();
create function sig.my_hidden_cases()
  returns table (intervention uuid, case_number text, copies bigint, at timestamptz, by text, late bigint)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return query
    select i.id, i.case_number, count(*), max(h.cut_at), (array_agg(h.cut_by order by h.cut_at desc))[1],
           count(*) filter (where sig.disclosed_late(h.id))
      from (select distinct r.id, r.intervention, r.cut_at, r.cut_by
              from unnest(sig.my_seats()) s
              join sig.received r on r.intervention = s.intervention and r.authority = s.authority
               and r.unit = any (s.units) and r.function = s.function and r.cut_at is not null) h
      join sig.intervention i on i.id = h.intervention
     group by i.id
     order by max(h.cut_at) desc, i.id;
end $$;
comment on function sig.my_hidden_cases() is 'How many copies cuts have taken from the seats that the actor fills now, by case, what did so last, and how many came after the consent was taken back; nothing of their content, sender or category.';

revoke all on function sig.disclosed_late(uuid), sig.my_hidden_copies(uuid), sig.my_hidden_cases() from public;
grant execute on function sig.disclosed_late(uuid), sig.my_hidden_copies(uuid), sig.my_hidden_cases() to sig_app;

alter table sig.withdrawal drop constraint withdrawal_channel_is_known,
  add constraint withdrawal_channel_is_known check (channel in ('portal', 'phone', 'text', 'email', 'paper', 'meeting'));
alter table sig.own_consent drop constraint own_consent_channel_is_known,
  add constraint own_consent_channel_is_known check (channel in ('phone', 'text', 'email', 'paper', 'meeting'));
