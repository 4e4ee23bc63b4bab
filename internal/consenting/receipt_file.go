package consenting

import (
	"context"
	"errors"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// ReceiptFile is the receipt as a file that proves itself: the ledger's row of
// the withdrawal, opened as far as the withdrawal's own particulars, with the
// proof that it stands in the signed log. It can be checked without the portal
// (sigportal ledger verify -receipt FILE -key KEY). Until the row is in the
// log, which takes up to a second, it is Unavailable (error.receipt_pending).
func (s *Service) ReceiptFile(ctx context.Context, actor sig.Actor, reference string) ([]byte, error) {
	id, err := s.interventionOfWithdrawal(ctx, actor, reference)
	if err != nil {
		return nil, err
	}
	var file []byte
	err = s.look(ctx, actor, id, ledger.ReadConsent, func(m *matter) error {
		w, err := m.tx.WithdrawalByReference(ctx, reference)
		if errors.Is(err, postgres.ErrNoRows) {
			return m.refuse("unknown_receipt", fault.Missing())
		}
		if err != nil {
			return err
		}
		m.entry.Object = ledger.Of(ledger.ObjectWithdrawal, w.ID)
		proof, err := m.tx.Receipt(ctx, w.LedgerID, "detail")
		if err != nil {
			return err
		}
		file, err = proof.Marshal()
		return err
	})
	return file, err
}
