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
	// SignedInAt is when the session began that the hour in the office belongs to.
	SignedInAt *time.Time
}

const homeSQL = `
select y.id as youth, coalesce(h.hidden, false) as hidden, coalesce(h.by_youth, false) as by_youth,
       coalesce(h.changed_at, '0001-01-01T00:00:00Z') as changed_at, h.office_until,
       s.created_at as signed_in_at
  from sig.youth y left join sig.youth_home h on h.youth = y.id left join sig.session s on s.id = h.office_session where y.id = @youth`

// Home reads the switch; it runs inside AsSystem.
func (tx *Tx) Home(ctx context.Context, youth sig.YouthID) (Home, error) {
	return collectOne[Home](ctx, tx, "read a switch at home", homeSQL, pgx.StrictNamedArgs{"youth": youth})
}

const setHomeSQL = `
insert into sig.youth_home (youth, hidden, by_youth, changed_at, office_until)
values (@youth, @hidden, @by_youth, @at, @office)
on conflict (youth) do update set hidden = excluded.hidden, by_youth = excluded.by_youth,
       changed_at = excluded.changed_at, office_until = excluded.office_until, office_session = null`

// SetHome writes it, and lets an hour in the office belong to nobody yet. It
// runs inside AsSystem.
func (tx *Tx) SetHome(ctx context.Context, h Home) error {
	return tx.one(ctx, "set a switch at home", setHomeSQL, pgx.StrictNamedArgs{
		"youth": h.Youth, "hidden": h.Hidden, "by_youth": h.ByYouth, "at": h.ChangedAt, "office": h.OfficeUntil,
	})
}
