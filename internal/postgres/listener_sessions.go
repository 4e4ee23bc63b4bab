package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// The same conditions as sessionSQL: a session that this finds would be refused
// at its next request. A session that does not exist has ended as well.
const endedSessionsSQL = `
with clock as materialized (select sig.now() as now)
select asked.id
  from unnest(@sessions::uuid[]) as asked (id)
  cross join clock
  left join sig.session s on s.id = asked.id
  left join sig.assignment a on a.id = s.assignment
 where s.id is null or s.ended_at is not null
    or s.last_seen_at + s.idle_limit <= clock.now or s.created_at + s.absolute_limit <= clock.now
    or not coalesce(a.valid_from <= clock.now and clock.now < a.valid_to and a.person = s.person, true)
    or not case when s.guardian is not null then sig.standing_in_force('guardian', s.guardian, s.id)
                when s.youth is not null then sig.standing_in_force('youth', s.youth, s.id)
                else true end`

// EndedSessions gives those of the sessions that have ended, passed a limit or
// lost their hat. It ends none: it is asked every two seconds for the sockets of
// a whole replica, and the next request does.
func (db *DB) EndedSessions(ctx context.Context, sessions []uuid.UUID) ([]uuid.UUID, error) {
	rows, err := db.pool.Query(ctx, endedSessionsSQL, pgx.StrictNamedArgs{"sessions": sessions})
	if err != nil {
		return nil, fmt.Errorf("ask for ended sessions: %w", err)
	}
	ended, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("ask for ended sessions: %w", err)
	}
	return ended, nil
}
