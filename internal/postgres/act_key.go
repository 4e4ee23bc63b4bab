package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// noteActSQL notes a program's act in the transaction that did it, and nothing
// where the transaction has written nothing. What the same person noted long
// ago goes with it.
const noteActSQL = `
with written as materialized (select where pg_current_xact_id_if_assigned() is not null),
     old as (delete from sig.act_key using written where person = @person and at < clock_timestamp() - interval '30 days')
insert into sig.act_key (person, key, said) select @person, @key, @said from written`

// noteAct notes the act before the commit, once per request. A second request
// under the same key waits here for the first and then fails as a whole.
func (tx *Tx) noteAct(ctx context.Context) (noted bool, err error) {
	act := tx.Actor.Act
	if act == nil || act.Noted {
		return false, nil
	}
	tag, err := tx.Exec(ctx, noteActSQL, pgx.StrictNamedArgs{"person": tx.Actor.Person, "key": act.Key, "said": act.Said[:]})
	if err != nil {
		return false, fmt.Errorf("note the act: %w", err)
	}
	return tag.RowsAffected() > 0, nil
}

const actedSQL = `select said = @said from sig.act_key where person = @person and key = @key`

// Acted reports whether the actor has done an act before under its key. A key
// under which something else was asked is refused.
func (tx *Tx) Acted(ctx context.Context, act sig.Act) (bool, error) {
	rows, err := tx.Query(ctx, actedSQL, pgx.StrictNamedArgs{"person": tx.Actor.Person, "key": act.Key, "said": act.Said[:]})
	if err != nil {
		return false, fmt.Errorf("look for an earlier act: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[bool])
	switch {
	case err != nil:
		return false, fmt.Errorf("look for an earlier act: %w", err)
	case len(found) == 0:
		return false, nil
	case !found[0]:
		return false, fault.New(fault.Conflict, "error.key_used")
	}
	return true, nil
}
