-- A mark of protected identity closes what is about where the young person is,
-- to every guardian, whatever was decided before: from whom they hide may be one
-- of them (OSL 26:2; T26).
create or replace function sig.kept_from_me() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
begin
  if sig.actor_kind() <> 'guardian' then return '{}'; end if;
  return (
    select coalesce(array_agg(it.id), '{}')
      from (select c.id, sig.alone_in(c.id) || case when y.protection <> 'none' then '{whereabouts}'::text[] else '{}' end as closed
              from unnest(sig.my_cases()) m(id) join sig.intervention c on c.id = m.id join sig.youth y on y.id = c.youth) k
      join sig.item it on it.intervention = k.id and it.categories && k.closed
     where k.closed <> '{}');
end $$;
comment on function sig.kept_from_me() is 'Items that the acting guardian may know nothing of: the youth disposes alone over one of their categories, or lives under protected identity and they say where.';
