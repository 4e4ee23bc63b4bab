-- A point of a meeting for the family alone: the young person and the guardians,
-- with the host, and an interpreter who interprets for one of them. No other
-- function stays for it, and whoever is not of the board does not learn of it.
-- What stands about guardians stays so: of what the youth disposes over alone no
-- guardian learns, whomever the point is for.
alter table sig.meeting_point add column family_alone boolean not null default false;
comment on column sig.meeting_point.family_alone is 'For the young person and the guardians alone, held by the host: nobody else is called to it.';

-- At such a point nobody tells but the host.
alter policy point_caller on sig.meeting_point with check (
  intervention = any ((select sig.my_coordinated_cases())::uuid[])
  and exists (select from sig.meeting m where m.id = meeting_point.meeting and m.intervention = meeting_point.intervention
               and (not family_alone or (teller_authority, teller_unit, teller_function) = (m.authority, m.unit, m.function))));

do $$
declare old text; new text;
begin
  old := pg_get_functiondef('sig.may_attend(uuid, text, text, text, text[])'::regprocedure);
  new := replace(replace(old, 'select mp.intervention, mp.category,', 'select mp.intervention, mp.family_alone, mp.category,'),
    'foreach at in array', 'if p.family_alone and ((p.teller_authority, p.teller_function, p.teller_unit) is distinct from (p.host_authority, p.host_function, p.host_unit)
     or (authority, function, here) is distinct from (p.host_authority, p.host_function, p.host_unit)) then
    return false; -- the host alone stays with the family
  end if;
  foreach at in array');
  if new not like '%mp.family_alone,%' or new not like '%stays with the family%' then raise exception 'sig.may_attend asks for no point'; end if;
  execute new;

  old := pg_get_functiondef('sig.guest_may_hear(uuid, uuid)'::regprocedure);
  new := replace(replace(old, 'select mp.category,', 'select mp.family_alone, mp.category,'), 'if not found or p.category', 'if not found or p.family_alone or p.category');
  if new not like '%mp.family_alone,%or p.family_alone or%' then raise exception 'sig.guest_may_hear asks for no point'; end if;
  execute new;

  -- The family's own point is no affair of the board's, although the consent is
  -- not needed for it.
  old := pg_get_functiondef('sig.told_by_need(uuid, text, text, text)'::regprocedure);
  new := replace(replace(old, 'select mp.teller_authority,', 'select mp.family_alone, mp.teller_authority,'),
    'if authority = p.teller_authority', 'if p.family_alone then
    return false;
  end if;
  if authority = p.teller_authority');
  if new not like '%mp.family_alone,%if p.family_alone then%' then raise exception 'sig.told_by_need asks for no point'; end if;
  execute new;
end $$;
comment on function sig.told_by_need(uuid, text, text, text) is 'Is the function at this point without any row of the consent, inside the board''s own house, and not for the family''s own sake?';
