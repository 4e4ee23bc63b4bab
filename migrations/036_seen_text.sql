-- What a signer had on screen. Under protected identity the family's text has
-- no names of authorities, units or districts, and its hash must not either:
-- the version's own could be guessed at, place by place.
alter table sig.consent_signer add column seen_hash bytea constraint consent_signer_seen_hash_is_sha256 check (length(seen_hash) = 32);
comment on column sig.consent_signer.seen_hash is 'The hash of the text that this signer signed, as it was shown; the version''s own is beside it in text_hash.';
update sig.consent_signer set seen_hash = text_hash where answer = 'signed' and channel = 'e_signed';
grant update (seen_hash) on sig.consent_signer to sig_app;

-- As whom somebody may stand, without the name of the board that has the case:
-- it says in which part of the country the young person is.
create function sig.youth_is_protected(youth uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$ begin return exists (select from sig.youth y where y.id = $1 and y.protection <> 'none'); end $$;
comment on function sig.youth_is_protected(uuid) is 'Does this young person live under protected identity? Asked where somebody chooses as whom to stand.';
revoke all on function sig.youth_is_protected(uuid) from public;
grant execute on function sig.youth_is_protected(uuid) to sig_app;
