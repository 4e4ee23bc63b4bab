-- Keys under which programs have acted. A row is written by the transaction of
-- the act itself, so that a request sent again is known for what it is whatever
-- became of the first answer. No answer is kept: whoever repeats an act is told
-- how it stands now, through both walls.
create table sig.act_key (
  person uuid not null constraint act_key_of_a_person references sig.person,
  key text not null,
  said bytea not null,
  at timestamptz not null default clock_timestamp(),
  constraint act_key_pk primary key (person, key),
  constraint act_key_length check (char_length(key) between 8 and 64),
  constraint act_key_said_is_hashed check (octet_length(said) = 32)
);
comment on table sig.act_key is 'What programs have done under which idempotency key: kept for 30 days, each seen by its own person alone.';
comment on column sig.act_key.key is 'Drawn by the client for one act.';
comment on column sig.act_key.said is 'SHA-256 of what was asked, and under which hat.';
comment on column sig.act_key.at is 'Wall clock: the key belongs to the protocol with the client.';
alter table sig.act_key enable row level security;
alter table sig.act_key force row level security;
create policy owner_all on sig.act_key to sig_owner using (true) with check (true);
create policy act_key_own on sig.act_key to sig_app
  using (person = (select sig.setting_uuid('app.person'))) with check (person = (select sig.setting_uuid('app.person')));
grant select (person, key, said, at), delete on sig.act_key to sig_app;
grant insert (person, key, said) on sig.act_key to sig_app;
