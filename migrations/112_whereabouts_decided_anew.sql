-- Guardians are decided one by one (domain 6.2), under a mark of protected
-- identity too: of two, one may live where the young person does, and from the
-- other they may hide. So the mark closes what says where somebody is by undoing
-- what was decided before it, and leaves it to be decided anew.
create or replace function sig.kept_from_me() returns uuid[]
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

create function sig.whereabouts_decided_anew() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  delete from sig.item_visibility v using sig.item it, sig.intervention i
   where i.youth = new.id and it.intervention = i.id and 'whereabouts' = any (it.categories)
     and v.item = it.id and v.viewer_kind = 'guardian' and v.visible;
  return null;
end $$;
comment on function sig.whereabouts_decided_anew() is 'Trigger: what was opened to guardians of where somebody is, before a mark of protected identity, is not decided any more.';
revoke all on function sig.whereabouts_decided_anew() from public;
create trigger youth_whereabouts_decided_anew after update of protection on sig.youth
  for each row when (old.protection = 'none' and new.protection <> 'none') execute function sig.whereabouts_decided_anew();
