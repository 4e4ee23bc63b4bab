package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// CasePeople is whom a consent is about and where they stand: what deciding
// who signs and who may withdraw rests on. It is read in one round trip.
type CasePeople struct {
	Directory *sig.Directory
	Youth     Youth
	Guardians []Guardian
	Prevented []sig.Guardianship // when which guardian is kept from deciding
	Ahead     []CustodyChange    // changes of custody that are still to come, or to be written down
	Maturity  Maturity           // zero when none was assessed
	Rules     []sig.AgeRule
}

const caseYouthSQL = `
select y.id, y.authority, y.name, y.birth_date, y.protection
  from sig.intervention i join sig.youth y on y.id = i.youth where i.id = @intervention`

const caseGuardiansSQL = `
select g.id, g.youth, g.authority, g.name, g.kind, g.custody, g.valid_from as "from", g.valid_to as "to"
  from sig.intervention i join sig.guardianship g on g.youth = i.youth where i.id = @intervention and g.valid_from < g.valid_to order by g.valid_from, g.id`

const casePreventedSQL = `
select p.guardianship as id, p.valid_from as "from", p.valid_to as "to"
  from sig.guardian_prevented p where p.intervention = @intervention order by p.valid_from, p.id`

const caseRulesSQL = `
select r.municipality, r.from_age, r.guardians_sign, r.youth_signs, r.in_force_from
  from sig.age_rule r
 where r.municipality = '*' or r.municipality = (
       select a.municipality from sig.intervention i join sig.authority a on a.id = i.authority where i.id = @intervention)
 order by r.municipality, r.from_age, r.in_force_from`

// CasePeople reads the people of an intervention. It runs inside AsSystem: a
// guardian who signs may not see the other, and yet both count.
func (tx *Tx) CasePeople(ctx context.Context, intervention sig.InterventionID) (*CasePeople, error) {
	batch := &pgx.Batch{}
	p := queueCasePeople(batch, intervention)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("read the people of an intervention: %w", err)
	}
	return p, nil
}

// Case is CasePeople and CaseVersions in one round trip.
func (tx *Tx) Case(ctx context.Context, intervention sig.InterventionID) (*CasePeople, *CaseVersions, error) {
	batch := &pgx.Batch{}
	p, v := queueCasePeople(batch, intervention), queueCaseVersions(batch, intervention)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return nil, nil, fmt.Errorf("read an intervention's people and versions: %w", err)
	}
	return p, v, nil
}

func queueCasePeople(batch *pgx.Batch, intervention sig.InterventionID) *CasePeople {
	p := &CasePeople{Directory: &sig.Directory{}}
	args := pgx.StrictNamedArgs{"intervention": intervention}
	queueRows(batch, districtsSQL, &p.Directory.Districts)
	queueRows(batch, authoritiesSQL, &p.Directory.Authorities)
	queueRows(batch, branchesSQL, &p.Directory.Branches)
	queueRows(batch, unitsSQL, &p.Directory.Units)
	queueRows(batch, movesSQL, &p.Directory.Moves)
	batch.Queue(caseYouthSQL, args).Query(func(rows pgx.Rows) (err error) {
		p.Youth, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Youth])
		return err
	})
	queueRows(batch, caseGuardiansSQL, &p.Guardians, args)
	queueRows(batch, casePreventedSQL, &p.Prevented, args)
	queueRows(batch, custodyAheadSQL, &p.Ahead, args)
	batch.Queue(maturitySQL, args).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Maturity])
		if len(found) > 0 {
			p.Maturity = found[0]
		}
		return err
	})
	queueRows(batch, caseRulesSQL, &p.Rules, args)
	return p
}

// CaseVersions is every version of an intervention's consent with its rows,
// exclusions and signers, as far as the actor may see them.
type CaseVersions struct {
	Consents   []Consent // newest first
	Rows       map[sig.ConsentID][]GrantRow
	Exclusions map[sig.ConsentID][]sig.Exclusion
	Signers    map[sig.ConsentID][]SignerRow
	Orals      []Oral // newest first
	Papers     []Paper
}

const ofCase = ` in (select c.id from sig.consent c where c.intervention = @intervention)`

const caseGrantsSQL = grantColumnsSQL + ` where g.intervention = @intervention and g.consent` + ofCase + ` order by g.consent, g.row_number`

const caseExclusionsSQL = exclusionColumnsSQL + ` where consent` + ofCase + ` order by consent, id`

const caseSignersSQL = signerColumnsSQL + ` where consent` + ofCase + ` order by consent, kind, signer`

// CaseVersions reads the versions of an intervention in one round trip.
func (tx *Tx) CaseVersions(ctx context.Context, intervention sig.InterventionID) (*CaseVersions, error) {
	batch := &pgx.Batch{}
	v := queueCaseVersions(batch, intervention)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("read the versions of a consent: %w", err)
	}
	return v, nil
}

func queueCaseVersions(batch *pgx.Batch, intervention sig.InterventionID) *CaseVersions {
	v := &CaseVersions{
		Rows: map[sig.ConsentID][]GrantRow{}, Exclusions: map[sig.ConsentID][]sig.Exclusion{},
		Signers: map[sig.ConsentID][]SignerRow{},
	}
	args := pgx.StrictNamedArgs{"intervention": intervention}
	queueRows(batch, consentsSQL, &v.Consents, args)
	queueRows(batch, oralsSQL, &v.Orals, args)
	queueRows(batch, papersSQL, &v.Papers, args)
	batch.Queue(caseGrantsSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error { return scanGrantRow(rows, v.Rows) })
	})
	batch.Queue(caseExclusionsSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error { return scanExclusion(rows, v.Exclusions) })
	})
	batch.Queue(caseSignersSQL, args).Query(func(rows pgx.Rows) error {
		list, err := pgx.CollectRows(rows, pgx.RowToStructByName[SignerRow])
		for _, s := range list {
			v.Signers[s.Consent] = append(v.Signers[s.Consent], s)
		}
		return err
	})
	return v
}
