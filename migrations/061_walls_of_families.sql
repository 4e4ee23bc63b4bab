-- The walls as families meet them. A guardian fills no seat: what asks for seats
-- ends at once, instead of joining tables that hold nothing for them, and what
-- only staff may pass is not asked of others. What is let through is unchanged.
do $$
declare old text; new text;
begin
  old := pg_get_functiondef('sig.my_seats()'::regprocedure);
  new := regexp_replace(old, '(?n)^begin$', E'begin\n  if sig.actor_kind() <> ''staff'' then\n    return ''{}'';\n  end if;');
  if new = old then raise exception 'sig.my_seats() begins nowhere'; end if;
  execute new;
end $$;

alter policy grant_partner on sig.consent_grant using (
  (select sig.actor_kind()) = 'staff' and intervention = any ((select sig.my_cases())::uuid[])
  and (discloser_authority = (select sig.my_authority()) and discloser_function = any ((select sig.my_functions())::text[])
       or recipient_authority = (select sig.my_authority()) and recipient_function = any ((select sig.my_functions())::text[]))
  and exists (select from sig.consent c where c.id = consent_grant.consent));
alter policy exclusion_partner on sig.consent_exclusion using (
  (select sig.actor_kind()) = 'staff' and intervention = any ((select sig.my_cases())::uuid[])
  and (recipient_authority is null or recipient_authority = (select sig.my_authority())
       or exists (select from sig.consent_grant g where g.consent = consent_exclusion.consent
                   and g.recipient_authority = consent_exclusion.recipient_authority)));

-- "null and x" still asks x: whoever is no coordinator had every intervention of
-- the city looked at for each young person that they may not see.
alter policy youth_reader on sig.youth using (
  id = any ((select sig.my_youths())::uuid[]) or id = (select sig.my_standing())
  or case when authority = (select sig.my_office('coordinator'))
          then not exists (select from sig.intervention i where i.youth = youth.id) else false end);

-- Where the two seats sit at that instant is the same for every row.
create or replace function sig.seat_tells(
    intervention uuid, from_authority text, from_unit text, from_function text,
    to_authority text, to_unit text, to_function text, districts text[], category text, at timestamptz) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
declare
  teller text := sig.current_unit($3, $4, $10);
  told text := sig.current_unit($6, $7, $10);
begin
  return (
    select exists (
      select from sig.consent c
        join sig.consent_grant g on g.consent = c.id
         and g.discloser_authority = $2 and g.discloser_function = $4
         and sig.current_unit(g.discloser_unit, $4, $10) = teller
         and g.recipient_authority = $5 and g.recipient_function = $7
         and sig.current_unit(g.recipient_unit, $7, $10) = told
         and g.valid_from <= $10 and $10 < least(g.valid_to, c.oral_until)
         and $9 = any (g.categories) and $8 <@ g.districts
        join sig.unit du on du.id = teller and du.authority = $2
        join sig.unit ru on ru.id = told and ru.authority = $5
       where c.intervention = $1 and c.state = 'active'
         and not exists (
               select from sig.consent_exclusion x
                where x.consent = c.id and coalesce(x.category, $9) = $9
                  and coalesce(x.recipient_authority, $5) = $5
                  and coalesce(sig.current_unit(x.recipient_unit, $7, $10), ru.id) = ru.id
                  and coalesce(x.recipient_function, $7) = $7)));
end $$;

-- A meeting that has begun is asked about once: now is its time.
do $$
declare old text; new text;
begin
  old := pg_get_functiondef('sig.may_attend(uuid, text, text, text, text[])'::regprocedure);
  new := replace(replace(old, '  at timestamptz;', E'  at timestamptz;\n  asked timestamptz;'),
    'array[now, greatest(now, p.starts_at)] loop', E'array[now, greatest(now, p.starts_at)] loop\n    exit when at = asked;\n    asked := at;');
  if new not like '%exit when at = asked%asked := at%' or new not like '%asked timestamptz;%' then
    raise exception 'sig.may_attend asks at no instants';
  end if;
  execute new;
end $$;
