-- A meeting is held by a function in a unit: whoever has the same function in
-- another unit of the board read what was said to the family alone. Whoever follows
-- in the seat reads on, also after it has moved.
do $$
declare
  old text := pg_get_functiondef('sig.points_kept_from_me()'::regprocedure);
  new text := replace(old, '(s.function = m.function', '(s.function = m.function and m.unit = any (s.units)');
begin
  if new = old then raise exception 'sig.points_kept_from_me asks for no function'; end if;
  execute new;
end $$;
comment on function sig.points_kept_from_me() is 'Points of meetings of the actor''s board at which the actor''s seat is not: it neither holds the meeting, nor tells there, nor is called to the point.';
