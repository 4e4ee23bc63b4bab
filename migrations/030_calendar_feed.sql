-- A secret address per assignment at which a calendar program asks for the
-- meetings that its holder is called to. The walls are asked at every reading,
-- as that assignment.
create table sig.calendar_feed (
  secret_hash bytea constraint calendar_feed_pk primary key constraint calendar_feed_is_a_hash check (octet_length(secret_hash) = 32),
  assignment uuid not null constraint calendar_feed_assignment_exists references sig.assignment (id),
  made_at timestamptz not null,
  ended_at timestamptz,
  constraint calendar_feed_runs_forward check (made_at <= ended_at)
);
create unique index calendar_feed_one_each on sig.calendar_feed (assignment) where ended_at is null;
comment on table sig.calendar_feed is 'The hash of the secret in the address of somebody''s calendar; the address itself is shown once and kept nowhere.';
comment on column sig.calendar_feed.ended_at is 'Taken back by its holder, or replaced by another. With the assignment it ends by itself.';
alter table sig.calendar_feed enable row level security;
alter table sig.calendar_feed force row level security;
create policy owner_all on sig.calendar_feed to sig_owner using (true) with check (true);
create policy calendar_feed_own on sig.calendar_feed to sig_app
  using (sig.actor_kind() = 'staff' and assignment = (select sig.setting_uuid('app.assignment')))
  with check (sig.actor_kind() = 'staff' and assignment = (select sig.setting_uuid('app.assignment')));
grant insert on sig.calendar_feed to sig_app;
grant select (assignment, made_at, ended_at) on sig.calendar_feed to sig_app;
grant update (ended_at) on sig.calendar_feed to sig_app;

create function sig.feed_of(secret_hash bytea)
  returns table (assignment uuid, person uuid, authority text, unit text, function text)
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  if sig.actor_kind() <> 'system' then
    return;
  end if;
  return query
    select a.id, a.person, a.authority, u.id, a.function
      from sig.calendar_feed f
      join sig.assignment a on a.id = f.assignment and a.valid_from <= sig.now() and sig.now() < a.valid_to
      join sig.unit u on u.id = sig.current_unit(a.unit, a.function, sig.now(), a.valid_from)
     where f.secret_hash = secret_hash and f.ended_at is null;
end $$;
comment on function sig.feed_of(bytea) is 'Whose calendar an address is; nobody''s once it was taken back or the assignment has ended.';
revoke all on function sig.feed_of(bytea) from public;
grant execute on function sig.feed_of(bytea) to sig_app;
