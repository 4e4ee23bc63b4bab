package postgres

import (
	"context"
	"errors"
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
	// OfficeNumber opens it in the office: six digits, empty once they were typed.
	OfficeNumber string
	// OfficeClosed tells that wrong numbers ended the hour.
	OfficeClosed bool
	// OfficeTakenAt is when the number was typed.
	OfficeTakenAt *time.Time
}

const homeSQL = `
select y.id as youth, coalesce(h.hidden, false) as hidden, coalesce(h.by_youth, false) as by_youth,
       coalesce(h.changed_at, '0001-01-01T00:00:00Z') as changed_at, h.office_until,
       coalesce(h.office_number, '') as office_number, coalesce(h.office_tries > 0 and h.office_until is null, false) as office_closed,
       h.office_taken_at
  from sig.youth y left join sig.youth_home h on h.youth = y.id where y.id = @youth`

// Home reads the switch; it runs inside AsSystem.
func (tx *Tx) Home(ctx context.Context, youth sig.YouthID) (Home, error) {
	return collectOne[Home](ctx, tx, "read a switch at home", homeSQL, pgx.StrictNamedArgs{"youth": youth})
}

const setHomeSQL = `
insert into sig.youth_home (youth, hidden, by_youth, changed_at, office_until, office_number)
values (@youth, @hidden, @by_youth, @at, @office, nullif(@number, ''))
on conflict (youth) do update set hidden = excluded.hidden, by_youth = excluded.by_youth,
       changed_at = excluded.changed_at, office_until = excluded.office_until, office_number = excluded.office_number,
       office_session = null, office_taken_at = null, office_tries = 0`

// SetHome writes it, and lets an hour in the office belong to nobody yet. It
// runs inside AsSystem.
func (tx *Tx) SetHome(ctx context.Context, h Home) error {
	return tx.one(ctx, "set a switch at home", setHomeSQL, pgx.StrictNamedArgs{
		"youth": h.Youth, "hidden": h.Hidden, "by_youth": h.ByYouth, "at": h.ChangedAt, "office": h.OfficeUntil, "number": h.OfficeNumber,
	})
}

const takeOfficeSQL = `select youth, authority from sig.take_office_hour(@number, @session)`

// TakeOfficeHour gives the acting person's open hour in the office to a session
// that is about to begin, for the number on the coordinator's page. The hat is
// empty where no open hour has that number; the try is counted.
func (tx *Tx) TakeOfficeHour(ctx context.Context, number string, session sig.SessionID) (Hat, error) {
	hat := Hat{Kind: sig.ActorYouth}
	err := tx.QueryRow(ctx, takeOfficeSQL, pgx.StrictNamedArgs{"number": number, "session": session.UUID}).Scan(&hat.Youth, &hat.Authority)
	if errors.Is(err, pgx.ErrNoRows) {
		return Hat{}, nil
	}
	return hat, wrap("take an hour in the office", err)
}
