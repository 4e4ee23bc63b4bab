-- What open pages are told: that something changed, or that their session has
-- ended, and nothing else. The outbox is transport and not a record: it holds
-- identifiers for ten minutes. A row is written in the transaction of the
-- change itself, so that there is no nudge without the change, nor a change
-- without its nudge.
create table sig.outbox (
  id     bigint generated always as identity,
  kind   text        not null,
  topics uuid[]      not null,
  xid    xid8        not null default pg_current_xact_id(),
  at     timestamptz not null default clock_timestamp(),
  constraint outbox_pkey primary key (id),
  constraint outbox_kind check (kind in ('changed', 'ended')),
  constraint outbox_topics check (cardinality(topics) between 1 and 10000)
);
create index outbox_xid on sig.outbox (xid);
comment on table sig.outbox is
  'Nudges on their way to open pages. Ids and instants only; rows older than ten minutes may be deleted by whoever reads them.';
comment on column sig.outbox.topics is
  'Whom it concerns: sessions, persons, assignments, guardianships, youths or interventions. Random ids; a browser never sees them.';
comment on column sig.outbox.xid is
  'The writing transaction. Rows commit out of id order, so readers go by snapshots: what is below the oldest running transaction is complete.';
comment on column sig.outbox.at is
  'Wall clock of the transport, not sig.now(): nobody dates anything by it.';

alter table sig.outbox enable row level security;
alter table sig.outbox force row level security;
create policy outbox_read on sig.outbox for select to sig_app, sig_worker using (true);
create policy outbox_write on sig.outbox for insert to sig_app, sig_worker with check (true);
create policy outbox_sweep on sig.outbox for delete to sig_app, sig_worker
  using (at < clock_timestamp() - interval '10 minutes');
grant select, delete on sig.outbox to sig_app, sig_worker;
grant insert (kind, topics) on sig.outbox to sig_app, sig_worker;

-- What somebody says hinders them from using the portal. The law asks for a way
-- to say so; the form asks for no name. The pages write and never read it.
create table sig.accessibility_report (
  id   uuid        not null,
  at   timestamptz not null default clock_timestamp(),
  page text        not null,
  body text        not null,
  constraint accessibility_report_pkey primary key (id),
  constraint accessibility_report_page check (char_length(page) <= 200),
  constraint accessibility_report_body check (char_length(body) between 1 and 4000)
);
comment on table sig.accessibility_report is
  'Faults of accessibility that somebody reported on the public page. Free text by anybody; read by the owner role, which the operator uses.';
alter table sig.accessibility_report enable row level security;
alter table sig.accessibility_report force row level security;
create policy accessibility_report_write on sig.accessibility_report for insert to sig_app with check (true);
create policy accessibility_report_read on sig.accessibility_report for select to sig_owner using (true);
grant insert (id, page, body) on sig.accessibility_report to sig_app;
