package consenting

import (
	"context"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Import is a consent that was signed on paper before the portal, mapped by
// hand: "socialtjänsten" becomes named functions, row by row, or nothing.
type Import struct {
	Draft
	SignedBy []SignerRef // who signed the paper; everybody who must is among them
	Method   Method      // how it had been explained
	Language string
}

// ImportLegacy takes over a consent on paper (T09). It passes every check of a
// new one and one more: economic aid and adult addiction care get nothing from
// it. It then waits for the decision on the measure like any other.
func (s *Service) ImportLegacy(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, in Import) (*Case, error) {
	var view *Case
	err := s.act(ctx, s.DB, actor, intervention, ledger.PrepareConsent, func(m *matter) error {
		if err := m.must(policy.DutyPrepare); err != nil {
			return err
		}
		if m.before() != nil || !m.beforeDecision() {
			return m.conflict("error.already_has_consent")
		}
		if err := m.checkImport(in); err != nil {
			return err
		}
		c, err := m.draftForSaving(ctx, in.Draft, true)
		if err != nil {
			return err
		}
		if err := m.fillDraft(ctx, c, in.Draft, true); err != nil {
			return err
		}
		if err := m.importSigned(ctx, c, in); err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

func (m *matter) checkImport(in Import) error {
	if gap := sig.RequiredSigners(m.signerFacts(m.tx.Now())).Missing; gap != sig.NoGap {
		return fault.New(fault.Conflict, "error.signers_"+string(gap))
	}
	rows, exclusions := m.rowsOf(in.Draft)
	if err := m.checked(rows, exclusions, in.Draft, true); err != nil {
		return err
	}
	var last sig.Matrix
	for _, r := range rows {
		last.Grants = append(last.Grants, r.Grant)
	}
	if !sig.RequiredSigners(m.signerFacts(m.tx.Now())).Youth && last.LastEnd().After(sig.AdultFrom(m.youth.BirthDate)) {
		return m.conflict("error.past_eighteen")
	}
	var c fault.Check
	for _, r := range m.required() {
		if !contains(in.SignedBy, r) {
			c.Fail("signed_by", "error.import_signer_missing")
			break
		}
	}
	if err := c.Err(); err != nil {
		return err
	}
	return Explaining{Signer: SignerRef{Youth: m.youth.ID}, Method: in.Method, Language: in.Language}.check()
}

func (m *matter) importSigned(ctx context.Context, c *postgres.Consent, in Import) error {
	hash, err := m.textHash(ctx, c)
	if err != nil {
		return err
	}
	now := m.tx.Now()
	c.Change, c.TextHash, c.FirstSignedAt = string(ChangeImported), hash, &now
	return m.tx.AsSystem("consenting", func() error {
		if err := m.tx.StepConsent(ctx, c, sig.ConsentExplained); err != nil {
			return err
		}
		for _, r := range m.required() {
			err := m.tx.AddSigner(ctx, postgres.SignerRow{
				Consent: c.ID, Intervention: m.i.ID, Signer: r.id(), Kind: r.kind(), Required: true,
				ExplainedAt: &now, ExplainedMethod: string(in.Method), ExplainedLanguage: in.Language,
				Answer: sig.AnswerSigned, AnsweredAt: &now, TextHash: hash, Channel: "paper",
			})
			if err != nil {
				return err
			}
		}
		if err := m.rereadSigners(ctx, c); err != nil {
			return err
		}
		if err := m.completed(ctx, c); err != nil {
			return err
		}
		return closing.Tell(ctx, m.tx, &m.i)
	})
}
