package consenting

import (
	"context"

	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// Signers lists who must sign now by the age table, for the board's staff who
// prepare a consent or take one over from paper. It is empty while that cannot
// be said (Case.Gap), and what counts is decided anew when the last one signs.
func (s *Service) Signers(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) ([]Signer, error) {
	var list []Signer
	err := s.look(ctx, actor, intervention, ledger.ReadConsent, func(m *matter) error {
		if err := m.must(policy.DutyRead); err != nil {
			return err
		}
		for _, r := range m.required() {
			list = append(list, Signer{Kind: r.kind(), Guardian: r.Guardian, Youth: r.Youth, Name: m.nameOf(r), Required: true})
		}
		return nil
	})
	return list, err
}
