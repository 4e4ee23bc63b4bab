package consenting

import (
	"context"
	"crypto/rand"
	"slices"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// narrowed puts a version with fewer rows in place of the one in force. The
// signatures are carried over: whoever said yes to more has said yes to this.
// It runs inside AsSystem.
func (m *matter) narrowed(ctx context.Context, old *postgres.Consent, scope sig.WithdrawalScope) (*postgres.Consent, error) {
	suspended := old.State == sig.ConsentSuspended
	now := m.tx.Now()
	c := postgres.Consent{
		ID: sig.ConsentID{UUID: uuid.New()}, Intervention: m.i.ID, Change: string(ChangeWithdrawal), Previous: old.ID,
		Version: m.consents[0].Version + 1, State: sig.ConsentActive, ActivatedAt: &now, FirstSignedAt: old.FirstSignedAt,
		DecidedOn: old.DecidedOn, DecisionReference: old.DecisionReference,
	}
	left, _ := scope.Apply(m.matrix(old.ID).Grants)
	if err := m.carryRows(ctx, old, &c, left); err != nil {
		return nil, err
	}
	hash, err := m.textHash(ctx, &c)
	if err != nil {
		return nil, err
	}
	c.TextHash = hash
	if err := closing.EndVersion(m.tx, old, sig.ConsentSuperseded, now); err != nil {
		return nil, err
	}
	if err := m.tx.InsertConsent(ctx, &c); err != nil {
		return nil, err
	}
	if err := m.tx.InsertGrants(ctx, c.ID, m.i.ID, m.rows[c.ID]); err != nil {
		return nil, err
	}
	if err := m.tx.InsertExclusions(ctx, c.ID, m.i.ID, m.exclusions[c.ID]); err != nil {
		return nil, err
	}
	if err := m.carrySigners(ctx, old, &c); err != nil {
		return nil, err
	}
	if err := m.carryOrals(ctx, old, &c); err != nil {
		return nil, err
	}
	if suspended {
		m.tx.SuspendConsent(&c, old.SuspendedFor)
	}
	if err := closing.SetAlarms(ctx, m.tx, &c); err != nil {
		return nil, err
	}
	if err := m.nameGuardians(ctx, &c); err != nil {
		return nil, err
	}
	_, err = m.tx.Append(ctx, ledger.Entry{
		Kind: ledger.AmendConsent, Intervention: m.i.ID, Object: ledger.Of(ledger.ObjectConsent, c.ID), Consent: c.ID,
		Detail: ledger.Detail{"version": c.Version, "change": c.Change},
	})
	m.consents = slices.Insert(m.consents, 0, c)
	return &m.consents[0], err
}

// carryRows copies what is left, each row under its old number and origin.
func (m *matter) carryRows(ctx context.Context, old, c *postgres.Consent, left []sig.Grant) error {
	names, err := m.privateNames(ctx, m.rows[old.ID])
	if err != nil {
		return err
	}
	var rows []postgres.GrantRow
	for _, g := range left {
		name := names[g.ID]
		g.ID = sig.GrantID{UUID: uuid.New()}
		row := postgres.GrantRow{Grant: g}
		if g.Private != "" {
			at := seal.Place{Authority: m.i.Authority, Intervention: m.i.ID, Field: sharing.FieldPrivateName, Object: g.ID.UUID}
			if row.PrivateNameSealed, err = m.service.Sealer.Seal(ctx, m.tx, at, []byte(name)); err != nil {
				return err
			}
		}
		rows = append(rows, row)
	}
	var exclusions []sig.Exclusion
	for _, x := range m.exclusions[old.ID] {
		x.ID = sig.ExclusionID{UUID: uuid.New()}
		exclusions = append(exclusions, x)
	}
	m.rows[c.ID], m.exclusions[c.ID] = rows, exclusions
	return nil
}

func (m *matter) carrySigners(ctx context.Context, old, c *postgres.Consent) error {
	for _, row := range m.signers[old.ID] {
		if row.Answer != sig.AnswerSigned {
			continue
		}
		row.Consent, row.Channel = c.ID, "carried_over"
		if err := m.tx.AddSigner(ctx, row); err != nil {
			return err
		}
		m.signers[c.ID] = append(m.signers[c.ID], row)
	}
	return nil
}

// takePending lets what had been taken back of a version before it came into
// force take effect, in the instant in which it does (3.7.8).
func (m *matter) takePending(ctx context.Context, c *postgres.Consent) error {
	pending, err := m.tx.PendingWithdrawals(ctx, c.ID)
	if err != nil {
		return err
	}
	rows := slices.Clone(m.rows[c.ID])
	for _, w := range pending {
		k, err := keptOf(w)
		if err != nil {
			return err
		}
		scope := k.Scope
		current := m.inForce()
		if current == nil {
			return nil
		}
		for _, row := range rows { // rows that an earlier one left stand under new ids now
			if !contains(scope.Rows, row.ID) {
				continue
			}
			for _, now := range m.rows[current.ID] {
				if now.Origin == row.Origin {
					scope.Rows = append(scope.Rows, now.ID)
				}
			}
		}
		matrix := m.matrix(current.ID)
		if _, removed := scope.Apply(matrix.Grants); len(removed) == 0 {
			continue
		}
		consequence := sig.ConsequenceOf(m.directory.Live(matrix), scope, m.tx.Now(), m.place)
		if err := m.takeFromForce(ctx, current, m.takenFacts(w), scope, consequence, m.tx.Now()); err != nil {
			return err
		}
	}
	return nil
}

// referenceAlphabet has no letters or digits that are heard or read as others.
const referenceAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// newReference draws what stands on a receipt: random, so that it tells
// nothing, and short enough to be read out on the phone.
func newReference() string {
	raw := make([]byte, 12)
	_, _ = rand.Read(raw) // never fails
	for n := range raw {
		raw[n] = referenceAlphabet[raw[n]%32]
	}
	return string(raw[:4]) + "-" + string(raw[4:8]) + "-" + string(raw[8:])
}
