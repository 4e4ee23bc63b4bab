-- What a young person disposes over alone (domain 3.2; OSL 12:3): categories
-- that the social secretary has named in an assessment of age and maturity.
-- Guardians have no view of them: no item, no disclosure, no read, whatever was
-- decided about it before.
alter table sig.maturity_assessment add column alone text[] not null default '{}'
  constraint maturity_alone_wants_maturity check (alone = '{}' or outcome = 'mature');
comment on column sig.maturity_assessment.alone is 'The categories over which the youth disposes alone from this assessment on; the latest assessment counts.';

create function sig.alone_in(intervention uuid) returns text[]
  language plpgsql stable security definer set search_path = ''
  as $$ begin return coalesce((
    select m.alone from sig.maturity_assessment m where m.intervention = $1 order by m.assessed_at desc, m.id limit 1), '{}'); end $$;
comment on function sig.alone_in(uuid) is 'The categories over which the youth of an intervention disposes alone now. Codes, of an intervention that the asker sees.';

create function sig.kept_from_me() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
begin
  if sig.actor_kind() <> 'guardian' then return '{}'; end if;
  return (
    select coalesce(array_agg(it.id), '{}')
      from (select c.id, sig.alone_in(c.id) as alone from unnest(sig.my_cases()) c(id)) k
      join sig.item it on it.intervention = k.id and it.categories && k.alone
     where k.alone <> '{}');
end $$;
comment on function sig.kept_from_me() is 'Items that the acting guardian may know nothing of, because the youth disposes alone over one of their categories.';
revoke all on function sig.alone_in(uuid), sig.kept_from_me() from public;
grant execute on function sig.alone_in(uuid), sig.kept_from_me() to sig_app;

-- A guardian's three ways to an item; the ledger's rows follow them.
alter policy item_family on sig.item using (
  (select sig.my_standing()) is not null and intervention = any ((select sig.my_cases())::uuid[])
  and not id = any ((select sig.kept_from_me())::uuid[])
  and exists (select from sig.item_visibility v where v.item = item.id and v.viewer = (select sig.my_standing())
               and v.visible and (v.low_risk_at_home or not (select sig.home_risk_applies()))));
alter policy visibility_family on sig.item_visibility using (
  viewer = (select sig.my_standing()) and visible and (low_risk_at_home or not (select sig.home_risk_applies()))
  and intervention = any ((select sig.my_cases())::uuid[])
  and not item = any ((select sig.kept_from_me())::uuid[]));
alter policy disclosure_family on sig.disclosure using (
  (select sig.my_standing()) is not null and intervention = any ((select sig.my_cases())::uuid[])
  and not item = any ((select sig.kept_from_me())::uuid[])
  and exists (select from sig.item_visibility v where v.item = disclosure.item and v.viewer = (select sig.my_standing())));

-- For a guardian nothing is left to decide about them.
create or replace function sig.undecided_visibility(item uuid) returns bigint
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select count(*) from sig.item it, sig.family_of(it.intervention) f
     where it.id = $1 and it.authority = sig.my_authority()
       and not (f.kind = 'guardian' and it.categories && sig.alone_in(it.intervention))
       and not exists (select from sig.item_visibility v where v.item = it.id and v.viewer = f.viewer));
end $$;
