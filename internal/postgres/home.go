package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Home is whether a young person's own view is switched off at home.
type Home struct {
	Youth       sig.YouthID
	Hidden      bool
	ByYouth     bool
	ChangedAt   time.Time
	OfficeUntil *time.Time
}

const homeSQL = `
select y.id as youth, coalesce(h.hidden, false) as hidden, coalesce(h.by_youth, false) as by_youth,
       coalesce(h.changed_at, '0001-01-01T00:00:00Z') as changed_at, h.office_until
  from sig.youth y left join sig.youth_home h on h.youth = y.id where y.id = @youth`

// Home reads the switch; it runs inside AsSystem.
func (tx *Tx) Home(ctx context.Context, youth sig.YouthID) (Home, error) {
	return collectOne[Home](ctx, tx, "read a switch at home", homeSQL, pgx.StrictNamedArgs{"youth": youth})
}

const setHomeSQL = `
insert into sig.youth_home (youth, hidden, by_youth, changed_at, office_until)
values (@youth, @hidden, @by_youth, @at, @office)
on conflict (youth) do update set hidden = excluded.hidden, by_youth = excluded.by_youth,
       changed_at = excluded.changed_at, office_until = excluded.office_until`

// SetHome writes it; it runs inside AsSystem.
func (tx *Tx) SetHome(ctx context.Context, h Home) error {
	return tx.one(ctx, "set a switch at home", setHomeSQL, pgx.StrictNamedArgs{
		"youth": h.Youth, "hidden": h.Hidden, "by_youth": h.ByYouth, "at": h.ChangedAt, "office": h.OfficeUntil,
	})
}
