-- 063 had a row that names an association end when its function leaves for
-- another authority; 065, written beside it from 041, put the function back
-- without that. It ends again. (Of a teller who left, sig.guest_may_hear asks.)
do $$
declare
  old text := pg_get_functiondef('sig.row_names_guest(uuid, text, text, text, text, timestamptz)'::regprocedure);
  new text := replace(old, 'and category in (''meeting_logistics'', ''plan_goals'')', 'and category in (''meeting_logistics'', ''plan_goals'')
         and exists (select from sig.unit u where u.id = sig.current_unit(q.club_unit, q.club_function, at) and u.authority = q.club_authority)');
begin
  if new = old then raise exception 'sig.row_names_guest names no association'; end if;
  execute new;
end $$;
