package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// CaseFacts are what the pure policy decides about one intervention from, as
// far as the actor of the transaction may see them. They are read under the
// lock and never kept.
type CaseFacts struct {
	Intervention sig.InterventionID
	CaseNumber   string
	Board        sig.AuthorityID
	State        sig.InterventionState
	StoppedAt    time.Time // when sharing stopped; zero while it has not
	Protected    bool      // the youth lives under protected identity
	YouthName    string
	Consent      sig.ConsentID
	ConsentState sig.ConsentState
	Version      int
	Grants       []sig.Grant
	Own          []sig.Grant // the youth's own yes, as far as the actor may see it
	Exclusions   []sig.Exclusion
	Alone        []sig.Category // over which the youth disposes alone
	Office       sig.OfficeHour // the actor's own, where the actor is the youth
	Moves        []sig.FunctionMove
	Units        map[sig.UnitID]sig.AuthorityID
	Seats        []sig.Place // those that the actor fills in this case, beyond one meeting
	Instead      []Instead   // and for one meeting
}

// Instead is a seat that the actor fills for one meeting, in somebody's place.
type Instead struct {
	Place   sig.Place
	Meeting sig.MeetingID
}

// AtMeeting adds to the actor's seats those that are filled for this meeting.
func (f *CaseFacts) AtMeeting(id sig.MeetingID) *CaseFacts {
	for _, i := range f.Instead {
		if i.Meeting == id {
			f.Seats = append(f.Seats, i.Place)
		}
	}
	return f
}

// AtMeetings adds every seat that is filled for a meeting: whoever comes to one
// sees the plan as the function does.
func (f *CaseFacts) AtMeetings() *CaseFacts {
	for _, i := range f.Instead {
		f.Seats = append(f.Seats, i.Place)
	}
	return f
}

// Rows are all rows by which something may be disclosed: everybody's, and the
// youth's own.
func (f *CaseFacts) Rows() []sig.Grant {
	if len(f.Own) == 0 {
		return f.Grants
	}
	return slices.Concat(f.Grants, f.Own)
}

// Current is a seat that was written down where its function sits at an instant.
func (f *CaseFacts) Current(seat sig.Seat, at time.Time) sig.Seat {
	d := sig.Directory{Moves: f.Moves}
	seat.Unit = d.CurrentUnit(seat.Unit, seat.Function, at, time.Time{})
	return seat
}

// Ends is when a row ends: by its own date, or when a function that it names goes
// to another authority.
func (f *CaseFacts) Ends(g sig.Grant) time.Time {
	d := sig.Directory{Moves: f.Moves}
	for id, authority := range f.Units {
		d.Units = append(d.Units, sig.Unit{ID: id, Authority: authority})
	}
	at, _ := d.Ends(g)
	return at
}

const caseSQL = `
select i.case_number, i.authority, i.state, coalesce(i.sharing_stopped_at, '0001-01-01T00:00:00Z'),
       coalesce(y.protection, 'none') <> 'none', coalesce(y.name, ''), sig.alone_in(i.id),
       coalesce(o.of_age, false), coalesce(o.until, '0001-01-01T00:00:00Z'), coalesce(o.session, '00000000-0000-0000-0000-000000000000')
  from sig.intervention i left join sig.youth y on y.id = i.youth left join sig.my_office_hour() o on true
 where i.id = @intervention`

const consentInForceSQL = `
select id, case when state = 'active' and stands_until <= sig.instant() then 'suspended' else state end, version from sig.consent
 where intervention = @intervention and state in ('active', 'suspended')`

const grantsInForceSQL = `
select g.id, g.row_number, g.discloser_authority, g.discloser_unit, g.discloser_function,
       coalesce(g.recipient_authority, ''), coalesce(g.recipient_unit, ''), coalesce(g.recipient_function, ''),
       coalesce(g.private_kind, ''), g.categories, g.purpose, g.addition, g.districts, g.valid_from, least(g.valid_to, c.oral_until), g.origin
  from sig.consent c join sig.consent_grant g on g.consent = c.id
 where c.intervention = @intervention and c.state in ('active', 'suspended')
 order by g.row_number`

const exclusionsInForceSQL = `
select x.id, coalesce(x.recipient_authority, ''), coalesce(x.recipient_unit, ''), coalesce(x.recipient_function, ''),
       coalesce(x.category, '')
  from sig.consent c join sig.consent_exclusion x on x.consent = c.id
 where c.intervention = @intervention and c.state in ('active', 'suspended')`

const caseMovesSQL = `select authority, function, from_unit, to_unit, moved_at from sig.function_move`

const unitAuthoritiesSQL = `select id, authority from sig.unit`

const seatsSQL = `
select s.authority, a.kind, a.public_body, b.id, b.independent, b.regime, s.unit, s.function, s.districts, (
         select p.meeting from sig.participation p
          where p.assignment = sig.setting_uuid('app.assignment') and p.intervention = s.intervention
            and p.valid_from <= sig.instant() and sig.instant() < p.valid_to
          order by p.meeting nulls first limit 1)
  from unnest(sig.my_seats()) s
  join sig.authority a on a.id = s.authority
  join sig.unit u on u.id = s.unit
  join sig.branch b on b.id = u.branch
 where s.intervention = @intervention
 order by s.function, s.unit`

// QueueCaseFacts puts the questions for CaseFacts into a batch, so that a read
// asks them in the same round trip as its content.
func QueueCaseFacts(b *pgx.Batch, intervention sig.InterventionID, f *CaseFacts) {
	*f = CaseFacts{Intervention: intervention, Units: map[sig.UnitID]sig.AuthorityID{}}
	args := pgx.StrictNamedArgs{"intervention": intervention}
	b.Queue(caseSQL, args).QueryRow(func(row pgx.Row) error {
		return row.Scan(&f.CaseNumber, &f.Board, &f.State, &f.StoppedAt, &f.Protected, &f.YouthName, &f.Alone,
			&f.Office.OfAge, &f.Office.Until, &f.Office.Session)
	})
	b.Queue(consentInForceSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error { return rows.Scan(&f.Consent, &f.ConsentState, &f.Version) })
	})
	b.Queue(grantsInForceSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			g, err := scanGrant(rows)
			f.Grants = append(f.Grants, g)
			return err
		})
	})
	queueOwn(b, ownRowsSQL, intervention, &f.Own)
	b.Queue(exclusionsInForceSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			var x sig.Exclusion
			err := rows.Scan(&x.ID, &x.Recipient.Authority, &x.Recipient.Unit, &x.Recipient.Function, &x.Category)
			f.Exclusions = append(f.Exclusions, x)
			return err
		})
	})
	b.Queue(caseMovesSQL).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			var m sig.FunctionMove
			err := rows.Scan(&m.Authority, &m.Function, &m.From, &m.To, &m.At)
			f.Moves = append(f.Moves, m)
			return err
		})
	})
	b.Queue(unitAuthoritiesSQL).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			var unit sig.UnitID
			var authority sig.AuthorityID
			err := rows.Scan(&unit, &authority)
			f.Units[unit] = authority
			return err
		})
	})
	b.Queue(seatsSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			var p sig.Place
			var only *sig.MeetingID
			err := rows.Scan(&p.Authority, &p.Kind, &p.PublicBody, &p.Branch, &p.Independent, &p.Regime, &p.Unit, &p.Function, &p.Districts, &only)
			if only == nil {
				f.Seats = append(f.Seats, p)
			} else {
				f.Instead = append(f.Instead, Instead{p, *only})
			}
			return err
		})
	})
}

// CaseFacts reads the facts in one round trip. An intervention that the actor
// may not see answers pgx.ErrNoRows, as one that does not exist.
func (tx *Tx) CaseFacts(ctx context.Context, intervention sig.InterventionID) (*CaseFacts, error) {
	var f CaseFacts
	b := &pgx.Batch{}
	QueueCaseFacts(b, intervention, &f)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, fmt.Errorf("read the facts of a case: %w", err)
	}
	return &f, nil
}

func each(rows pgx.Rows, scan func() error) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(); err != nil {
			return err
		}
	}
	return rows.Err()
}

func scanGrant(rows pgx.Row) (sig.Grant, error) {
	var g sig.Grant
	err := rows.Scan(&g.ID, &g.Row, &g.Discloser.Authority, &g.Discloser.Unit, &g.Discloser.Function,
		&g.Recipient.Authority, &g.Recipient.Unit, &g.Recipient.Function,
		&g.Private, &g.Categories, &g.Aim.Purpose, &g.Aim.Addition, &g.Districts, &g.From, &g.To, &g.Origin)
	return g, err
}

func scanPlace(rows pgx.Row) (sig.Place, error) {
	var p sig.Place
	err := rows.Scan(&p.Authority, &p.Kind, &p.PublicBody, &p.Branch, &p.Independent, &p.Regime, &p.Unit, &p.Function, &p.Districts)
	return p, err
}

const seatPlaceSQL = `
select u.authority, a.kind, a.public_body, b.id, b.independent, b.regime, u.id, @function::text, sig.unit_districts(u.id)
  from sig.unit u
  join sig.authority a on a.id = u.authority
  join sig.branch b on b.id = u.branch
 where u.id = @unit`

// PlaceOf is the directory's view of a function in a unit.
func (tx *Tx) PlaceOf(ctx context.Context, unit sig.UnitID, function sig.Function) (sig.Place, error) {
	p, err := scanPlace(tx.QueryRow(ctx, seatPlaceSQL, pgx.StrictNamedArgs{"unit": unit, "function": function}))
	if err != nil {
		return sig.Place{}, fmt.Errorf("look up a place: %w", err)
	}
	return p, nil
}

const ownPlaceSQL = `
select s.authority, a.kind, a.public_body, b.id, b.independent, b.regime, u.id, s.function, sig.assignment_districts(s.id)
  from sig.assignment s
  join sig.authority a on a.id = s.authority
  join sig.unit u on u.id = sig.current_unit(s.unit, s.function, sig.instant(), s.valid_from)
  join sig.branch b on b.id = u.branch
 where s.id = @assignment and s.valid_from <= sig.instant() and sig.instant() < s.valid_to`

// OwnPlace is the place of the actor's own assignment while it is in force.
func (tx *Tx) OwnPlace(ctx context.Context) (sig.Place, error) {
	p, err := scanPlace(tx.QueryRow(ctx, ownPlaceSQL, pgx.StrictNamedArgs{"assignment": tx.Actor.Assignment}))
	if err != nil {
		return sig.Place{}, fmt.Errorf("look up the actor's place: %w", err)
	}
	return p, nil
}
