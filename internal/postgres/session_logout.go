package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/fault"
)

// ProviderLogout is what a checked logout token asks for. Subject or SID may
// be empty, not both; where both are given a session must match both.
type ProviderLogout struct {
	Provider  string
	TokenHash []byte
	Expires   time.Time
	Subject   string
	SID       string
}

const useLogoutTokenSQL = `
with old as (delete from sig.logout_token where expires_at < clock_timestamp() - interval '1 minute')
insert into sig.logout_token (provider, token_hash, expires_at) values (@provider, @token, @expires)
on conflict do nothing`

const endByProviderSQL = `
update sig.session s set ended_at = sig.now(), end_reason = @reason
  from sig.person p
 where p.id = s.person and s.provider = @provider and p.issuer = @provider and s.ended_at is null
   and (@subject = '' or p.subject = @subject)
   and (@sid = '' or s.provider_session = @sid)
returning s.id`

// EndByProvider spends the logout token and ends the sessions that it names.
// A token that was used before is refused and ends nothing.
func (tx *Tx) EndByProvider(ctx context.Context, out ProviderLogout) ([]uuid.UUID, error) {
	fresh, err := tx.Exec(ctx, useLogoutTokenSQL, pgx.StrictNamedArgs{
		"provider": out.Provider, "token": out.TokenHash, "expires": out.Expires,
	})
	if err != nil {
		return nil, fmt.Errorf("use the logout token: %w", err)
	}
	if fresh.RowsAffected() == 0 {
		return nil, fault.New(fault.Malformed, "error.logout_token_used")
	}
	rows, err := tx.Query(ctx, endByProviderSQL, pgx.StrictNamedArgs{
		"provider": out.Provider, "subject": out.Subject, "sid": out.SID, "reason": EndByProvider,
	})
	if err != nil {
		return nil, fmt.Errorf("end the provider's sessions: %w", err)
	}
	ended, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("end the provider's sessions: %w", err)
	}
	tx.EndSockets(ended...)
	return ended, nil
}
