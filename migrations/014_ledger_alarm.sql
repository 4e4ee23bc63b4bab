-- That the stored log contradicts its signed head. The portal goes on: whoever
-- wants to take a consent back must be able to. No further head is signed and
-- no proof is handed out until an operator has looked (sigportal ledger verify).
create table sig.ledger_alarm (
  id uuid constraint ledger_alarm_pk primary key,
  at timestamptz not null,
  finding text not null constraint ledger_alarm_says_something check (finding <> ''),
  ended_at timestamptz,
  constraint ledger_alarm_runs_forward check (at <= ended_at)
);
create unique index ledger_alarm_one_open on sig.ledger_alarm ((true)) where ended_at is null;
comment on table sig.ledger_alarm is 'The sequencer found the ledger tampered with: when, what in numbers of rows and leaves, and until when.';
alter table sig.ledger_alarm enable row level security;
alter table sig.ledger_alarm force row level security;
create policy owner_all on sig.ledger_alarm to sig_owner using (true) with check (true);
create policy ledger_alarm_sequencer on sig.ledger_alarm to sig_worker using (true) with check (true);
create policy ledger_alarm_reader on sig.ledger_alarm for select to sig_app, sig_reviewer using (true);
grant select, insert on sig.ledger_alarm to sig_worker;
grant update (ended_at) on sig.ledger_alarm to sig_worker;
grant select on sig.ledger_alarm to sig_app, sig_reviewer;
