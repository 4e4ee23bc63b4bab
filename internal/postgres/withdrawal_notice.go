package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// WithdrawalNotice is that one function was, or could not be, told of a
// withdrawal.
type WithdrawalNotice struct {
	Seat sig.Seat
	Told bool // somebody took part in it then
}

const insertNoticesSQL = `
insert into sig.withdrawal_notice (withdrawal, intervention, authority, unit, function, at, told)
select @withdrawal, @intervention, s.authority, s.unit, s.function, @at, s.told
  from unnest(@authorities::text[], @units::text[], @functions::text[], @told::boolean[]) s (authority, unit, function, told)`

// InsertNotices keeps whom a withdrawal concerns, and who of them was told. It
// runs inside AsSystem.
func (tx *Tx) InsertNotices(w Withdrawal, notices []WithdrawalNotice) {
	var authorities, units, functions []string
	var told []bool
	for _, n := range notices {
		authorities, units = append(authorities, string(n.Seat.Authority)), append(units, string(n.Seat.Unit))
		functions, told = append(functions, string(n.Seat.Function)), append(told, n.Told)
	}
	tx.later("keep who was told", insertNoticesSQL, pgx.StrictNamedArgs{
		"withdrawal": w.ID, "intervention": w.Intervention, "at": w.RecordedAt,
		"authorities": notNil(authorities), "units": notNil(units), "functions": notNil(functions), "told": notNil(told),
	})
}

const noticesSQL = `
select n.authority, n.unit, n.function, n.told from sig.withdrawal_notice n
 where n.withdrawal = @withdrawal order by n.authority, n.unit, n.function`

func queueNotices(batch *pgx.Batch, withdrawal WithdrawalID, into *[]WithdrawalNotice) {
	batch.Queue(noticesSQL, pgx.StrictNamedArgs{"withdrawal": withdrawal}).Query(func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (n WithdrawalNotice, err error) {
			err = row.Scan(&n.Seat.Authority, &n.Seat.Unit, &n.Seat.Function, &n.Told)
			return n, err
		})
		return err
	})
}

// Narrowing is that a part of a consent was taken back, as a function that lost
// something by it, or the coordinator, is told.
type Narrowing struct {
	Intervention sig.InterventionID
	CaseNumber   string
	YouthName    string
	At           time.Time
}

const narrowingsSQL = `
select n.intervention, i.case_number, coalesce(y.name, '') as youth_name, n.at
  from sig.withdrawal_notice n
  join unnest((select sig.my_seats())::sig.seat[]) s
    on s.intervention = n.intervention and s.authority = n.authority and n.unit = any (s.units) and s.function = n.function
  join sig.intervention i on i.id = n.intervention and i.state not in ('closing', 'closed', 'not_started')
  left join sig.youth y on y.id = i.youth
 where n.at > @since and (@intervention::uuid is null or n.intervention = @intervention::uuid)
 group by n.withdrawal, n.intervention, i.case_number, y.name, n.at
 order by n.at desc, n.intervention limit 100`

// Narrowings lists what was taken back in part since an instant, and told the
// actor's own seats: of one intervention, or of all when it is nil.
func (tx *Tx) Narrowings(ctx context.Context, intervention *sig.InterventionID, since time.Time) ([]Narrowing, error) {
	return collect[Narrowing](ctx, tx, "list what was taken back", narrowingsSQL, pgx.StrictNamedArgs{"intervention": intervention, "since": since})
}
