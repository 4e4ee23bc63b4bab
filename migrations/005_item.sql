-- Items, who of the family may see them, disclosures, and the frozen copies in
-- the recipients' own partitions. There is no way from one to browse another.
create table sig.item (
  id uuid primary key,
  intervention uuid not null constraint item_intervention_exists references sig.intervention (id),
  authority text not null constraint item_authority_exists references sig.authority (id),
  unit text not null,
  function text not null,
  author uuid not null constraint item_author_exists references sig.assignment (id),
  categories text[] not null constraint item_names_categories check (cardinality(categories) > 0),
  body_sealed bytea not null,
  blocked boolean not null default false,
  corrects uuid constraint item_corrects_exists references sig.item (id),
  created_at timestamptz not null
);
create index item_by_intervention on sig.item (intervention, authority, created_at);
comment on table sig.item is 'InformationItem: the smallest thing that can be disclosed. It has no title, never changes and belongs to the authority that wrote it; a correction is a new item.';

create table sig.item_concern (
  item uuid not null constraint item_concern_item_exists references sig.item (id),
  intervention uuid not null,
  authority text not null,
  position integer not null,
  name_sealed bytea not null,
  handled text not null constraint item_concern_handled_is_known check (handled in ('waiver', 'redacted', 'none')),
  primary key (item, position)
);
comment on table sig.item_concern is 'Another person whom the item concerns: without that person''s waiver or a redaction it cannot be disclosed by consent.';

create table sig.item_visibility (
  item uuid not null constraint item_visibility_item_exists references sig.item (id),
  intervention uuid not null,
  authority text not null,
  viewer uuid not null,
  viewer_kind text not null constraint item_visibility_viewer_is_known check (viewer_kind in ('youth', 'guardian')),
  visible boolean not null,
  low_risk_at_home boolean not null default false,
  ground text constraint item_visibility_ground_is_known check (ground in
    ('osl_12_3_severe_harm', 'youth_disposes_alone', 'third_party', 'osl_26_5_reporter', 'osl_26_2_whereabouts', 'none')),
  ground_sealed bytea,
  decided_by uuid not null,
  decided_at timestamptz not null,
  primary key (item, viewer),
  constraint item_hidden_has_ground check (visible or ground is not null)
);
create index item_visibility_by_viewer on sig.item_visibility (viewer, visible);
comment on table sig.item_visibility is 'What one family member may see, decided one by one by the owning authority (domain 6.2). No row: not decided, not visible.';

create table sig.disclosure (
  id uuid primary key,
  intervention uuid not null constraint disclosure_intervention_exists references sig.intervention (id),
  item uuid not null constraint disclosure_item_exists references sig.item (id),
  authority text not null,
  unit text not null,
  function text not null,
  assignment uuid not null,
  recipient_authority text,
  recipient_unit text,
  recipient_function text,
  private_grant uuid,
  basis text not null constraint disclosure_basis_is_known check (basis in ('consent', 'internal_need')),
  consent uuid,
  grant_id uuid,
  categories text[] not null,
  state text not null constraint disclosure_state_is_known check (state in ('queued', 'sent', 'cancelled')),
  necessity_sealed bytea not null,
  weaker_reason_sealed bytea,
  queued_at timestamptz not null,
  sent_at timestamptz,
  cancelled_at timestamptz,
  cancel_reason text,
  approved_by uuid,
  content_hash bytea not null,
  after_withdrawal boolean not null default false,
  constraint disclosure_by_consent_names_its_row check (basis <> 'consent' or (consent is not null and grant_id is not null)),
  constraint disclosure_sent_is_dated check ((state = 'sent') = (sent_at is not null)),
  constraint disclosure_approver_is_another check (approved_by is null or approved_by <> assignment)
);
create index disclosure_by_intervention on sig.disclosure (intervention, queued_at);
create index disclosure_by_item on sig.disclosure (item);
comment on table sig.disclosure is 'One explicit act: one item, one recipient function, one basis, one time, one officer. Queued only while a second officer is awaited.';

create table sig.received (
  id uuid primary key,
  intervention uuid not null constraint received_intervention_exists references sig.intervention (id),
  item uuid not null,
  authority text not null,
  unit text not null,
  function text not null,
  sender_authority text not null,
  sender_unit text not null,
  sender_function text not null,
  basis text not null,
  categories text[] not null,
  purpose text not null,
  body_sealed bytea,
  content_hash bytea not null,
  received_at timestamptz not null,
  cut_at timestamptz,
  cut_by text constraint received_cut_is_known check (cut_by in ('withdrawal', 'narrowing', 'sharing_stopped', 'closed')),
  registrar_until timestamptz,
  transferred_at timestamptz,
  transferred_by uuid,
  deleted_at timestamptz,
  constraint received_cut_is_dated check ((cut_at is null) = (cut_by is null)),
  constraint received_deleted_has_no_body check ((deleted_at is null) = (body_sealed is not null))
);
create index received_by_case on sig.received (intervention, authority, unit, function, received_at desc);
create index received_by_seat on sig.received (authority, unit, function, received_at desc);
comment on table sig.received is 'A frozen copy in the recipient''s own partition, sealed under the recipient''s key; id is the disclosure''s. After deletion the row stays as a receipt.';

create table sig.incident (
  id uuid primary key,
  intervention uuid not null,
  authority text not null,
  kind text not null constraint incident_kind_is_known check (kind in ('disclosed_after_withdrawal', 'looks_wrong')),
  disclosure uuid,
  withdrawal uuid,
  opened_at timestamptz not null,
  closed_at timestamptz
);
comment on table sig.incident is 'Something that must be looked into, such as what was disclosed between the receipt and the recording of a withdrawal.';

grant select, insert on sig.item, sig.item_concern, sig.disclosure, sig.received, sig.incident to sig_app;
grant select, insert, update on sig.item_visibility to sig_app;
grant update (blocked) on sig.item to sig_app;
grant update (state, sent_at, cancelled_at, cancel_reason, approved_by, after_withdrawal) on sig.disclosure to sig_app;
grant update (cut_at, cut_by, registrar_until, transferred_at, transferred_by) on sig.received to sig_app;
grant select (id, intervention, item, authority, unit, function, recipient_authority, recipient_unit, recipient_function, private_grant, grant_id, categories,
  basis, state, queued_at, sent_at) on sig.disclosure to sig_worker;
grant update (state, cancelled_at, cancel_reason) on sig.disclosure to sig_worker;
grant select (id, intervention, item, authority, unit, function, sender_authority, sender_unit, sender_function, basis, categories, received_at, cut_at, cut_by, registrar_until, transferred_at, deleted_at) on sig.received to sig_worker;
grant update (cut_at, cut_by, registrar_until, body_sealed, deleted_at) on sig.received to sig_worker;
grant select, insert on sig.incident to sig_worker;
create trigger item_text_never_changes before update of body_sealed, categories, authority, intervention on sig.item
  for each row execute function sig.forbid_change();
