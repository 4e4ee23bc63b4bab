package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// SaidAt is a point of a meeting at which an item, or what it corrects, was told,
// or of whose minutes it is the text, with who holds the meeting, tells there and
// is called to it.
type SaidAt struct {
	Host, Teller sig.Seat
	Called       []sig.Seat
}

const saidAtSQL = `
with recursive line (id, corrects) as (
  select i.id, i.corrects from sig.item i where i.id = @item
  union select i.id, i.corrects from line join sig.item i on i.id = line.corrects)
select m.authority, m.unit, m.function, p.teller_authority, p.teller_unit, p.teller_function,
       coalesce(c.authorities, '{}'), coalesce(c.units, '{}'), coalesce(c.functions, '{}')
  from (select t.point from line join sig.meeting_told t on t.item = line.id union select s.point from line join sig.minutes_sent s on s.item = line.id) said
  join sig.meeting_point p on p.id = said.point
  join sig.meeting m on m.id = p.meeting
  left join lateral (
    select array_agg(v.authority) as authorities, array_agg(v.unit) as units, array_agg(v.function) as functions
      from sig.meeting_presence r join sig.meeting_invitation v on v.id = r.invitation
     where r.point = p.id and r.ended_at is null and v.ended_at is null) c on true`

// SaidAt reads at which points an item was told or minuted.
func (tx *Tx) SaidAt(ctx context.Context, item sig.ItemID) ([]SaidAt, error) {
	rows, err := tx.Query(ctx, saidAtSQL, pgx.StrictNamedArgs{"item": item})
	if err != nil {
		return nil, wrap("read where an item was told", err)
	}
	said, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (SaidAt, error) {
		var s SaidAt
		var authorities []sig.AuthorityID
		var units []sig.UnitID
		var functions []sig.Function
		err := row.Scan(&s.Host.Authority, &s.Host.Unit, &s.Host.Function, &s.Teller.Authority, &s.Teller.Unit, &s.Teller.Function,
			&authorities, &units, &functions)
		for i := range units {
			s.Called = append(s.Called, sig.Seat{Authority: authorities[i], Unit: units[i], Function: functions[i]})
		}
		return s, err
	})
	return said, wrap("read where an item was told", err)
}
