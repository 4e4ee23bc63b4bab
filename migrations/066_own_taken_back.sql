-- A young person who takes the own yes back by telephone is heard at that moment,
-- not when somebody has written it down (domain 3.3): what was told in between is
-- late, and somebody looks into it, as with everybody's consent.
alter table sig.own_consent
  add column recorded_at timestamptz,
  add column channel text constraint own_consent_channel_is_known check (channel in ('phone', 'text', 'paper', 'meeting')),
  add constraint own_consent_recorded_is_whole check (num_nonnulls(recorded_at, channel) in (0, 2)),
  add constraint own_consent_recorded_after_it_came check (recorded_at is null or recorded_at >= ended_at and ended_by = 'recorded'),
  add constraint own_consent_ends_after_it_began check (ended_at >= given_at);
comment on column sig.own_consent.ended_at is 'When it took effect: of one that staff recorded, when it reached them.';
comment on column sig.own_consent.recorded_at is 'When staff wrote down that it had been taken back; null where they did not.';
grant update (recorded_at, channel) on sig.own_consent to sig_app;

alter table sig.incident
  add column own_consent uuid constraint incident_own_consent_exists references sig.own_consent (id),
  add constraint incident_comes_after_one check (num_nonnulls(withdrawal, own_consent) <= 1);
comment on column sig.incident.own_consent is 'The young person''s own yes that had been taken back when the disclosure was sent.';
