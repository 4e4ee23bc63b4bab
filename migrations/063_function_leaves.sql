-- A function moves to another board (domain 3.3; OSL 8:1): that is another
-- authority, so the rows of a consent that name the function end when it leaves.
-- Such a move is recorded as any other, and what follows moves stops at it: the
-- unit that it ends in is another authority's, which no row named, so the walls
-- of 010 and after answer no from that instant on. A function that comes back
-- comes as another: a move out of another authority brings no row back.
alter table sig.function_move drop constraint function_move_to_own_unit;
alter table sig.function_move add constraint function_move_to_a_unit foreign key (to_unit) references sig.unit (id);
comment on table sig.function_move is 'A function moved from one unit to another. Inside the authority consents that name it follow it; rows that name one which leaves for another authority end.';

create or replace function sig.current_unit(unit text, function text, at timestamptz, since timestamptz default '-infinity')
  returns text
  language plpgsql stable parallel safe
  as $$
declare
  here text := $1;
  arrived timestamptz := $4;
  home text;
  next record;
begin
  loop
    select m.to_unit, m.moved_at, m.authority into next from sig.function_move m
     where m.from_unit = here and m.function = $2 and m.moved_at > arrived and m.moved_at <= $3
       and m.authority = coalesce(home, m.authority)
     order by m.moved_at limit 1;
    exit when not found;
    here := next.to_unit;
    arrived := next.moved_at;
    home := next.authority;
  end loop;
  return here;
end $$;
comment on function sig.current_unit(text, text, timestamptz, timestamptz) is
  'Where a function named in a unit at the instant "since" sits at the instant "at", following the recorded moves of its own authority. One that has left it ends in a unit of another, and every wall asks whose the unit is.';

create function sig.seat_leaves(authority text, unit text, function text) returns timestamptz
  language plpgsql stable parallel safe
  as $$
declare
  here text := $2;
  arrived timestamptz := '-infinity';
  next record;
begin
  loop
    select m.to_unit, m.moved_at, u.authority = $1 as stays into next
      from sig.function_move m join sig.unit u on u.id = m.to_unit
     where m.from_unit = here and m.function = $3 and m.authority = $1 and m.moved_at > arrived
     order by m.moved_at limit 1;
    if not found then
      return null;
    end if;
    if not next.stays then
      return next.moved_at;
    end if;
    here := next.to_unit;
    arrived := next.moved_at;
  end loop;
end $$;
comment on function sig.seat_leaves(text, text, text) is
  'When a function that was written down in a unit leaves for another authority, as far as that is recorded; null when it stays. Nothing of it may be asked by a wall, which asks where the function sits.';
revoke all on function sig.seat_leaves(text, text, text) from public;
grant execute on function sig.seat_leaves(text, text, text) to sig_app, sig_worker;

do $$
declare known text;
begin
  select pg_get_constraintdef(c.oid) into strict known from pg_constraint c where c.conname = 'alarm_kind_is_known' and c.conrelid = 'sig.alarm'::regclass;
  execute 'alter table sig.alarm drop constraint alarm_kind_is_known';
  execute 'alter table sig.alarm add constraint alarm_kind_is_known ' || regexp_replace(known, '\)\s*$', ' or kind = ''function_leaves'')');
end $$;

-- Two functions asked where a seat sits and not whose that unit is.
do $$
declare
  edits text[] := array[
    ['led_seats()', 'and a.valid_from <= sig.instant() and sig.instant() < a.valid_to) s)',
     'and a.valid_from <= sig.instant() and sig.instant() < a.valid_to) s
       where exists (select from sig.unit u where u.id = s.unit and u.authority = s.authority))'],
    ['row_names_guest(uuid, text, text, text, text, timestamptz)', 'where q.id = guest and (',
     'where q.id = guest
       and exists (select from sig.unit u where u.id = sig.current_unit(teller_unit, teller_function, at) and u.authority = teller_authority)
       and (q.club_unit is null
            or exists (select from sig.unit u where u.id = sig.current_unit(q.club_unit, q.club_function, at) and u.authority = q.club_authority))
       and (']];
  e text[];
  old text;
begin
  foreach e slice 1 in array edits loop
    old := pg_get_functiondef(('sig.' || e[1])::regprocedure);
    if position(e[2] in old) = 0 then raise exception '% has no %', e[1], e[2]; end if;
    execute replace(old, e[2], e[3]);
  end loop;
end $$;
