package consenting

import (
	"context"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// AgeTable shows who must sign at which age: the default table and the rows of
// the administrator's own municipality.
func (s *Service) AgeTable(ctx context.Context, actor sig.Actor) ([]sig.AgeRule, error) {
	var rules []sig.AgeRule
	err := s.administer(ctx, actor, func(tx *postgres.Tx, own sig.MunicipalityCode) error {
		var err error
		rules, err = tx.AgeRules(ctx, own)
		return err
	})
	return rules, err
}

// SetAgeRule adds a row to the age table of the administrator's own
// municipality, in force from a day that has not begun. It changes who must
// sign versions that are still going round on that day, and no version that is
// in force. Guardians never sign for an adult, whatever a table says.
func (s *Service) SetAgeRule(ctx context.Context, actor sig.Actor, rule sig.AgeRule) error {
	return s.administer(ctx, actor, func(tx *postgres.Tx, own sig.MunicipalityCode) error {
		rule.Municipality = own
		if err := checkAgeRule(rule, sig.DateOf(tx.Now())); err != nil {
			return err
		}
		if err := tx.InsertAgeRule(ctx, rule); err != nil {
			return err
		}
		_, err := tx.Append(ctx, ledger.Entry{Kind: ledger.ChangePolicy, Detail: ledger.Detail{
			"rule": "age", "municipality": own, "from_age": rule.FromAge, "guardians_sign": rule.GuardiansSign,
			"youth_signs": rule.YouthSigns, "in_force_from": rule.InForceFrom.String(),
		}})
		return err
	})
}

func checkAgeRule(rule sig.AgeRule, today sig.Date) error {
	var c fault.Check
	if rule.FromAge < 0 || rule.FromAge > 18 {
		c.Fail("from_age", "error.bad_number")
	}
	switch rule.YouthSigns {
	case sig.YouthSignsNo, sig.YouthSignsIfMature, sig.YouthSignsYes:
	default:
		c.Fail("youth_signs", "error.choose_one")
	}
	if !rule.GuardiansSign && rule.YouthSigns != sig.YouthSignsYes {
		c.Fail("guardians_sign", "error.nobody_signs")
	}
	if !rule.InForceFrom.Valid() || rule.InForceFrom.Compare(today) <= 0 {
		c.Fail("in_force_from", "error.bad_date")
	}
	return c.Err()
}

// administer opens a transaction for the administrator of an authority that
// lies in a municipality; anybody else finds nothing.
func (s *Service) administer(ctx context.Context, actor sig.Actor, fn func(*postgres.Tx, sig.MunicipalityCode) error) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		d, err := tx.Organisations(ctx)
		if err != nil {
			return err
		}
		own, ok := d.Authority(actor.Authority)
		if actor.Kind != sig.ActorStaff || actor.Function != sig.RoleAdministrator || !ok || own.Municipality == "" {
			e := ledger.Entry{Kind: ledger.ChangePolicy}
			if err := tx.Record(e.Refuse(string(policy.NoStanding))); err != nil {
				return err
			}
			return tx.Refuse(fault.Missing())
		}
		return fn(tx, own.Municipality)
	})
}
