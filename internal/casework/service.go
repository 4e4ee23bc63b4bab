package casework

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"github.com/google/uuid"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Service does the work of this package on one database.
type Service struct {
	DB     *postgres.DB
	Sealer *seal.Sealer
}

// missing turns "no row" into the recorded no.
func missing(tx *postgres.Tx, err error, e ledger.Entry) error {
	if errors.Is(err, postgres.ErrNoRows) {
		return tx.RefuseMissing(e)
	}
	return err
}

const codeLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// caseNumber draws a code that says nothing: no year, no programme, no order.
func caseNumber() string {
	random := make([]byte, 8)
	_, _ = rand.Read(random) // never fails (crypto/rand)
	var b strings.Builder
	for i, r := range random {
		if i == 4 {
			b.WriteByte('-')
		}
		b.WriteByte(codeLetters[int(r)%len(codeLetters)])
	}
	return b.String()
}

// fills reports whether the actor fills a seat with the function in the case's
// own board.
func fills(facts *postgres.CaseFacts, functions ...sig.Function) bool {
	for _, seat := range facts.Seats {
		for _, f := range functions {
			if seat.Function == f && seat.Authority == facts.Board {
				return true
			}
		}
	}
	return false
}

// sealReason seals why somebody was given a part.
func (s *Service) sealReason(ctx context.Context, tx *postgres.Tx, authority sig.AuthorityID, intervention sig.InterventionID, object uuid.UUID, reason string) ([]byte, error) {
	at := seal.Place{Authority: authority, Intervention: intervention, Field: "reason", Object: object}
	return s.Sealer.Seal(ctx, tx, at, []byte(reason))
}

// Directory is the organisations of the directory, for the words of a page.
func (s *Service) Directory(ctx context.Context) (*sig.Directory, error) {
	return s.DB.Organisations(ctx)
}
