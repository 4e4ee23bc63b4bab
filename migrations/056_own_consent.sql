-- A young person's own yes (domain 3.2; OSL 12:3): one row of who tells whom
-- what, over a category that the youth disposes over alone. The coordinator
-- writes it down, the youth gives it and takes it back; nobody else signs. It
-- has no versions and stands in no version of everybody's consent: a guardian's
-- view of that is the same with it and without.
create table sig.own_consent (
  id uuid constraint own_consent_pk primary key,
  intervention uuid not null constraint own_consent_intervention_exists references sig.intervention (id),
  discloser_authority text not null,
  discloser_unit text not null constraint own_consent_discloser_unit_exists references sig.unit (id),
  discloser_function text not null,
  recipient_authority text not null,
  recipient_unit text not null constraint own_consent_recipient_unit_exists references sig.unit (id),
  recipient_function text not null,
  categories text[] not null constraint own_consent_names_categories check (cardinality(categories) > 0),
  purpose text not null constraint own_consent_has_purpose check (purpose <> ''),
  districts text[] not null,
  text_hash bytea not null constraint own_consent_text_hash_is_sha256 check (length(text_hash) = 32),
  proposed_by uuid not null constraint own_consent_proposer_exists references sig.assignment (id),
  proposed_at timestamptz not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  given_at timestamptz,
  auth_time timestamptz,
  language text,
  wording bytea,
  ended_at timestamptz,
  ended_by text constraint own_consent_end_is_known check (ended_by in ('youth', 'recorded', 'refused', 'discarded', 'assessment')),
  reference text constraint own_consent_reference_is_unique unique,
  constraint own_consent_window_runs_forward check (valid_from < valid_to),
  constraint own_consent_given_is_proven check (num_nonnulls(given_at, auth_time, language, wording) in (0, 4)),
  constraint own_consent_end_is_whole check (num_nonnulls(ended_at, ended_by) in (0, 2)),
  constraint own_consent_refused_was_not_given check (ended_by not in ('refused', 'discarded') or given_at is null)
);
create index own_consent_by_intervention on sig.own_consent (intervention);
comment on table sig.own_consent is 'What a young person alone has said yes to, over what the latest assessment names as the youth''s alone. Guardians have no way to it.';
comment on column sig.own_consent.reference is 'Stands on the receipt of what was taken back.';

create function sig.own_is_immutable() returns trigger language plpgsql set search_path = '' as $$
begin
  if tg_op = 'DELETE' or old.ended_at is not null or old.given_at is not null and new.given_at is distinct from old.given_at then
    raise exception 'what was given or has ended stays' using errcode = 'check_violation', constraint = 'own_consent_stays';
  end if;
  return new;
end $$;
create trigger own_consent_stays before update or delete on sig.own_consent for each row execute function sig.own_is_immutable();

-- Whoever holds a young person's phone holds the eID too: under 18 the own yes
-- is shown in the coordinator's office alone, while that hour lasts.
create function sig.in_the_office() returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$ begin return sig.actor_kind() = 'youth' and exists (
    select from sig.youth y left join sig.youth_home h on h.youth = y.id
     where y.id = sig.setting_uuid('app.youth')
       and (sig.eighteen_from(y.birth_date) <= sig.instant() or sig.instant() < h.office_until)); end $$;
comment on function sig.in_the_office() is 'Does the acting youth read in the coordinator''s office now, or is of age?';
revoke all on function sig.in_the_office(), sig.own_is_immutable() from public;
grant execute on function sig.in_the_office() to sig_app;
grant execute on function sig.alone_in(uuid) to sig_worker;

alter table sig.own_consent enable row level security;
alter table sig.own_consent force row level security;
create policy owner_all on sig.own_consent to sig_owner using (true) with check (true);
create policy worker_all on sig.own_consent for select to sig_worker using (sig.actor_kind() = 'system');
create policy system_all on sig.own_consent to sig_app using ((select sig.actor_kind()) = 'system') with check ((select sig.actor_kind()) = 'system');
create policy own_whole_for_board on sig.own_consent for select to sig_app using (intervention = any ((select sig.my_board_cases())::uuid[]));
create policy own_proposer on sig.own_consent for insert to sig_app with check (
  given_at is null and ended_at is null and proposed_by = (select sig.setting_uuid('app.assignment'))
  and intervention = any ((select sig.my_board_cases())::uuid[]) and 'coordinator' = any ((select sig.my_functions())::text[]));
create policy own_board_ends on sig.own_consent for update to sig_app
  using (intervention = any ((select sig.my_board_cases())::uuid[]))
  with check (ended_at is not null and ended_by in ('recorded', 'discarded'));
create policy own_partner on sig.own_consent for select to sig_app using (
  given_at is not null and intervention = any ((select sig.my_cases())::uuid[])
  and (discloser_authority = (select sig.my_authority()) and discloser_function = any ((select sig.my_functions())::text[])
       or recipient_authority = (select sig.my_authority()) and recipient_function = any ((select sig.my_functions())::text[])));
create policy own_youth on sig.own_consent for select to sig_app using (
  (select sig.in_the_office()) and intervention = any ((select sig.my_cases())::uuid[]));
create policy own_youth_answers on sig.own_consent for update to sig_app using (
  (select sig.in_the_office()) and intervention = any ((select sig.my_cases())::uuid[]));
grant select, insert on sig.own_consent to sig_app;
grant update (given_at, auth_time, language, wording, ended_at, ended_by, reference) on sig.own_consent to sig_app;
grant select (id, intervention, discloser_authority, discloser_unit, discloser_function, recipient_authority, recipient_unit,
  recipient_function, categories, districts, valid_from, valid_to, given_at, ended_at) on sig.own_consent to sig_worker;

-- What a seat may be shown, or be sent: by everybody's consent of all that is not
-- the youth's alone, and by the youth's own yes of what is. That counts only
-- while a version of everybody's is in force: without it there is no sharing.
create or replace function sig.my_entitlements() returns sig.entitlement[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select coalesce(array_agg(row(
             s.intervention, g.discloser_authority, sig.unit_aliases(du.id, g.discloser_function, t.now), g.discloser_function,
             s.authority, s.units, s.function, g.categories,
             coalesce((select array_agg(x.category) from sig.consent_exclusion x
                        where x.consent = c.id and x.category is not null
                          and coalesce(x.recipient_authority, s.authority) = s.authority
                          and coalesce(x.recipient_unit, s.unit) = any (s.units)
                          and coalesce(x.recipient_function, s.function) = s.function), '{}')
             || case when g.own then '{}' else coalesce(k.alone, '{}') end)::sig.entitlement), '{}')
      from (select sig.instant() as now) t
      cross join unnest(sig.my_seats()) s
      join sig.consent c on c.intervention = s.intervention and c.state = 'active'
      left join lateral (
        select m.alone from sig.maturity_assessment m where m.intervention = s.intervention order by m.assessed_at desc, m.id limit 1) k on true
      join lateral (
        select r.discloser_authority, r.discloser_unit, r.discloser_function, r.recipient_authority, r.recipient_unit, r.recipient_function,
               r.categories, r.districts, r.valid_from, r.valid_to, false as own
          from sig.consent_grant r where r.consent = c.id
        union all
        select o.discloser_authority, o.discloser_unit, o.discloser_function, o.recipient_authority, o.recipient_unit, o.recipient_function,
               o.categories, o.districts, o.valid_from, o.valid_to, true
          from sig.own_consent o
         where o.intervention = c.intervention and o.given_at is not null and o.ended_at is null and o.categories <@ k.alone) g
        on g.recipient_authority = s.authority and g.recipient_function = s.function and g.recipient_unit = any (s.units)
       and g.valid_from <= t.now and t.now < least(g.valid_to, c.oral_until)
       and s.districts <@ g.districts
      join sig.unit du on du.id = sig.current_unit(g.discloser_unit, g.discloser_function, t.now) and du.authority = g.discloser_authority
     where not exists (
             select from sig.consent_exclusion x
              where x.consent = c.id and x.category is null
                and coalesce(x.recipient_authority, s.authority) = s.authority
                and coalesce(x.recipient_unit, s.unit) = any (s.units)
                and coalesce(x.recipient_function, s.function) = s.function));
end $$;

create or replace function sig.may_send(
    intervention uuid, sender_authority text, sender_unit text, sender_function text,
    recipient_authority text, recipient_unit text, recipient_function text, categories text[]) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare alone text[] := sig.alone_in($1);
begin
  return (
    select exists (
      select from (select sig.instant() as now) t
        join sig.intervention i on i.id = $1 and i.state = 'active'
        join sig.consent c on c.intervention = i.id and c.state = 'active'
        join lateral (
          select r.discloser_authority, r.discloser_unit, r.discloser_function, r.recipient_authority, r.recipient_unit, r.recipient_function,
                 r.categories, r.districts, r.valid_from, r.valid_to
            from sig.consent_grant r where r.consent = c.id and not $8 && alone
          union all
          select o.discloser_authority, o.discloser_unit, o.discloser_function, o.recipient_authority, o.recipient_unit, o.recipient_function,
                 o.categories, o.districts, o.valid_from, o.valid_to
            from sig.own_consent o
           where o.intervention = i.id and o.given_at is not null and o.ended_at is null and o.categories <@ alone) g
          on g.discloser_authority = $2 and g.discloser_function = $4
         and sig.current_unit(g.discloser_unit, $4, t.now) = sig.current_unit($3, $4, t.now)
         and g.recipient_authority = $5 and g.recipient_function = $7
         and sig.current_unit(g.recipient_unit, $7, t.now) = sig.current_unit($6, $7, t.now)
         and g.valid_from <= t.now and t.now < least(g.valid_to, c.oral_until)
         and $8 <@ g.categories
        join sig.unit du on du.id = sig.current_unit($3, $4, t.now) and du.authority = $2
        join sig.unit ru on ru.id = sig.current_unit($6, $7, t.now) and ru.authority = $5
       where sig.unit_districts(ru.id) <@ g.districts
         and not exists (
               select from sig.consent_exclusion x
                where x.consent = c.id and coalesce(x.category = any ($8), true)
                  and coalesce(x.recipient_authority, $5) = $5
                  and coalesce(sig.current_unit(x.recipient_unit, $7, t.now), ru.id) = ru.id
                  and coalesce(x.recipient_function, $7) = $7)));
end $$;

-- A directed question rests on what everybody has signed, and on no own yes.
create function sig.all_let_send(
    intervention uuid, sender_authority text, sender_unit text, sender_function text,
    recipient_authority text, recipient_unit text, recipient_function text, categories text[]) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare alone text[] := sig.alone_in($1);
begin
  return (
    select exists (
      select from (select sig.instant() as now) t
        join sig.intervention i on i.id = $1 and i.state = 'active'
        join sig.consent c on c.intervention = i.id and c.state = 'active'
        join sig.consent_grant g
          on g.consent = c.id and not $8 && alone and g.discloser_authority = $2 and g.discloser_function = $4
         and sig.current_unit(g.discloser_unit, $4, t.now) = sig.current_unit($3, $4, t.now)
         and g.recipient_authority = $5 and g.recipient_function = $7
         and sig.current_unit(g.recipient_unit, $7, t.now) = sig.current_unit($6, $7, t.now)
         and g.valid_from <= t.now and t.now < least(g.valid_to, c.oral_until)
         and $8 <@ g.categories
        join sig.unit du on du.id = sig.current_unit($3, $4, t.now) and du.authority = $2
        join sig.unit ru on ru.id = sig.current_unit($6, $7, t.now) and ru.authority = $5
       where sig.unit_districts(ru.id) <@ g.districts
         and not exists (
               select from sig.consent_exclusion x
                where x.consent = c.id and coalesce(x.category = any ($8), true)
                  and coalesce(x.recipient_authority, $5) = $5
                  and coalesce(sig.current_unit(x.recipient_unit, $7, t.now), ru.id) = ru.id
                  and coalesce(x.recipient_function, $7) = $7)));
end $$;

comment on function sig.all_let_send(uuid, text, text, text, text, text, text, text[]) is 'sig.may_send by everybody''s consent alone.';
revoke all on function sig.all_let_send(uuid, text, text, text, text, text, text, text[]) from public;
do $$
declare
  old text := pg_get_functiondef('sig.may_ask(uuid, text, text, text, text, text, text, text, timestamptz)'::regprocedure);
  new text := replace(old, 'sig.may_send(', 'sig.all_let_send(');
begin
  if new = old then raise exception 'a question is asked of no row'; end if;
  execute new;
end $$;
