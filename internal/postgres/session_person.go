package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// Hat is one part in which a person may act: an assignment, a guardianship, or
// the record of the young person themself.
type Hat struct {
	Kind          sig.ActorKind
	Assignment    sig.AssignmentID
	Guardian      sig.GuardianID
	Youth         sig.YouthID
	Authority     sig.AuthorityID
	AuthorityName string
	Unit          sig.UnitID
	UnitName      string
	Function      sig.Function
	Label         string // citizens: the youth's name
}

// ID is the identifier of whichever part the hat is.
func (h Hat) ID() uuid.UUID {
	switch h.Kind {
	case sig.ActorStaff:
		return h.Assignment.UUID
	case sig.ActorGuardian:
		return h.Guardian.UUID
	default:
		return h.Youth.UUID
	}
}

const knowPersonSQL = `
insert into sig.person (id, issuer, subject, name, pin_hash)
values (@id, @issuer, @subject, coalesce(nullif(@name, ''), '–'), @pin)
on conflict on constraint person_once_per_issuer do update
set name = coalesce(nullif(@name, ''), person.name), pin_hash = coalesce(excluded.pin_hash, person.pin_hash)
returning id`

// KnowPerson finds or makes the person of (issuer, subject). The pair is the
// whole key: the same name, number or subject at another provider is another.
func (tx *Tx) KnowPerson(ctx context.Context, issuer, subject, name string, pinHash []byte) (sig.PersonID, error) {
	var id sig.PersonID
	err := tx.QueryRow(ctx, knowPersonSQL, pgx.StrictNamedArgs{
		"id": uuid.New(), "issuer": issuer, "subject": subject, "name": name, "pin": pinHash,
	}).Scan(&id.UUID)
	if err != nil {
		return id, fmt.Errorf("know the person: %w", err)
	}
	return id, nil
}

// StaffClaim is the claim whose value finds assignments at a provider, as the
// directory names it; a provider that the directory does not know as one of
// staff is not found.
func (tx *Tx) StaffClaim(ctx context.Context, issuer string) (string, error) {
	var claim string
	err := tx.QueryRow(ctx, `select staff_claim from sig.identity_provider where issuer = $1 and kind = 'staff'`, issuer).Scan(&claim)
	if err != nil {
		return "", fmt.Errorf("read the staff claim of %s: %w", issuer, err)
	}
	return claim, nil
}

const bindSQL = `
update sig.assignment set person = @person
 where staff_issuer = @issuer and staff_key = any (@keys) and person is null and valid_to > sig.now()`

const boundToOtherSQL = `
select exists (
  select from sig.assignment
   where staff_issuer = @issuer and staff_key = any (@keys) and person <> @person and valid_to > sig.now())`

// BindAssignments makes the assignments of staff keys the person's own, once
// and for all. It refuses, and binds nothing, when one of the keys already
// belongs to somebody else: either the directory or the provider is wrong.
func (tx *Tx) BindAssignments(ctx context.Context, person sig.PersonID, issuer string, keys []string) error {
	args := pgx.StrictNamedArgs{"person": person.UUID, "issuer": issuer, "keys": keys}
	var taken bool
	if err := tx.QueryRow(ctx, boundToOtherSQL, args).Scan(&taken); err != nil {
		return fmt.Errorf("look for other owners of the staff keys: %w", err)
	}
	if !taken {
		if _, err := tx.Exec(ctx, bindSQL, args); err != nil {
			return fmt.Errorf("bind the assignments: %w", err)
		}
		// Another first login may have been faster while the rows were locked.
		if err := tx.QueryRow(ctx, boundToOtherSQL, args).Scan(&taken); err != nil {
			return fmt.Errorf("look for other owners of the staff keys: %w", err)
		}
	}
	if taken {
		return fault.New(fault.Denied, "error.staff_key_taken")
	}
	return nil
}

const hatsSQL = `
with clock as materialized (select sig.now() as now)
select 'staff' as kind, a.id, a.authority, o.name as authority_name, u.id as unit, u.name as unit_name, a.function, '' as label
  from clock join sig.assignment a on a.person = @person and a.valid_from <= clock.now and clock.now < a.valid_to
  join sig.authority o on o.id = a.authority
  join sig.unit u on u.id = sig.current_unit(a.unit, a.function, clock.now, a.valid_from)
union all
select s.kind, s.standing, s.authority, case when sig.youth_is_protected(s.youth) then '' else o.name end, '', '', '', s.label
  from sig.person p cross join lateral sig.standings_of(p.pin_hash) s
  join sig.authority o on o.id = s.authority
 where p.id = @person and p.pin_hash is not null
order by kind, authority_name, unit_name, function, label, id`

type hatRow struct {
	Kind          string
	ID            uuid.UUID
	Authority     string
	AuthorityName string
	Unit          string
	UnitName      string
	Function      string
	Label         string
}

// Hats are the parts that a person has at this instant: looked up afresh, in
// the directory for staff, moves followed, and in the verified records for
// citizens.
func (tx *Tx) Hats(ctx context.Context, person sig.PersonID) ([]Hat, error) {
	rows, err := tx.Query(ctx, hatsSQL, pgx.StrictNamedArgs{"person": person.UUID})
	if err != nil {
		return nil, fmt.Errorf("look up the hats: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[hatRow])
	if err != nil {
		return nil, fmt.Errorf("look up the hats: %w", err)
	}
	hats := make([]Hat, len(found))
	for i, row := range found {
		hats[i] = row.hat()
	}
	return hats, nil
}

func (r hatRow) hat() Hat {
	h := Hat{
		Kind: sig.ActorKind(r.Kind), Authority: sig.AuthorityID(r.Authority), AuthorityName: r.AuthorityName,
		Unit: sig.UnitID(r.Unit), UnitName: r.UnitName, Function: sig.Function(r.Function), Label: r.Label,
	}
	switch h.Kind {
	case sig.ActorStaff:
		h.Assignment = sig.AssignmentID{UUID: r.ID}
	case sig.ActorGuardian:
		h.Guardian = sig.GuardianID{UUID: r.ID}
	default:
		h.Youth = sig.YouthID{UUID: r.ID}
	}
	return h
}
