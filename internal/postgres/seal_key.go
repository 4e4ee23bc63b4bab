package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// SealOwner is whose texts one data key seals: one authority's in one
// intervention, or (zero intervention) the authority's own.
type SealOwner struct {
	Authority    sig.AuthorityID
	Intervention sig.InterventionID
}

// SealKey is one wrapped data key; KEK names the key-encryption key it needs.
type SealKey struct {
	SealOwner
	KEK     []byte
	Wrapped []byte
}

const sealKeysSQL = `
select k.authority, coalesce(k.intervention, '00000000-0000-0000-0000-000000000000') as intervention,
       k.kek, k.wrapped
from unnest(@authorities::text[], @interventions::uuid[]) as o(authority, intervention)
join sig.seal_key k on k.authority = o.authority
 and coalesce(k.intervention, '00000000-0000-0000-0000-000000000000') = o.intervention`

// SealKeys fetches the wrapped data keys of the owners; one that has no key is
// left out.
func (tx *Tx) SealKeys(ctx context.Context, owners []SealOwner) ([]SealKey, error) {
	authorities := make([]string, len(owners))
	interventions := make([]uuid.UUID, len(owners))
	for i, o := range owners {
		authorities[i], interventions[i] = string(o.Authority), o.Intervention.UUID
	}
	return tx.sealKeys(ctx, sealKeysSQL, pgx.StrictNamedArgs{
		"authorities": authorities, "interventions": interventions,
	})
}

const sealKeysNotUnderSQL = `
select authority, coalesce(intervention, '00000000-0000-0000-0000-000000000000') as intervention, kek, wrapped
from sig.seal_key where kek <> @kek order by created_at limit @limit for update skip locked`

// SealKeysNotUnder fetches data keys that another key-encryption key wraps.
func (tx *Tx) SealKeysNotUnder(ctx context.Context, kek []byte, limit int) ([]SealKey, error) {
	return tx.sealKeys(ctx, sealKeysNotUnderSQL, pgx.StrictNamedArgs{"kek": kek, "limit": limit})
}

func (tx *Tx) sealKeys(ctx context.Context, query string, args pgx.StrictNamedArgs) ([]SealKey, error) {
	type row struct {
		Authority    string
		Intervention uuid.UUID
		KEK          []byte `db:"kek"`
		Wrapped      []byte
	}
	rows, err := tx.Query(ctx, query, args)
	if err != nil {
		return nil, fmt.Errorf("fetch data keys: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("fetch data keys: %w", err)
	}
	keys := make([]SealKey, len(found))
	for i, r := range found {
		owner := SealOwner{Authority: sig.AuthorityID(r.Authority)}
		owner.Intervention.UUID = r.Intervention
		keys[i] = SealKey{SealOwner: owner, KEK: r.KEK, Wrapped: r.Wrapped}
	}
	return keys, nil
}

const addSealKeySQL = `
insert into sig.seal_key (authority, intervention, kek, wrapped)
values (@authority, nullif(@intervention::uuid, '00000000-0000-0000-0000-000000000000'), @kek, @wrapped)
on conflict (authority, coalesce(intervention, '00000000-0000-0000-0000-000000000000')) do nothing`

// AddSealKey stores an owner's first data key; false means that another
// transaction was first, and that its key is the one.
func (tx *Tx) AddSealKey(ctx context.Context, key SealKey) (bool, error) {
	tag, err := tx.Exec(ctx, addSealKeySQL, pgx.StrictNamedArgs{
		"authority": string(key.Authority), "intervention": key.Intervention.UUID,
		"kek": key.KEK, "wrapped": key.Wrapped,
	})
	if err != nil {
		return false, fmt.Errorf("store a data key: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

const rewrapSealKeySQL = `
update sig.seal_key set kek = @kek, wrapped = @wrapped
where authority = @authority
  and coalesce(intervention, '00000000-0000-0000-0000-000000000000') = @intervention::uuid`

// RewrapSealKey replaces the wrapping of a data key that the transaction holds.
func (tx *Tx) RewrapSealKey(ctx context.Context, key SealKey) error {
	_, err := tx.Exec(ctx, rewrapSealKeySQL, pgx.StrictNamedArgs{
		"authority": string(key.Authority), "intervention": key.Intervention.UUID,
		"kek": key.KEK, "wrapped": key.Wrapped,
	})
	if err != nil {
		return fmt.Errorf("rewrap a data key: %w", err)
	}
	return nil
}
