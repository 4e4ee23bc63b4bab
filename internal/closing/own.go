package closing

import (
	"context"

	"github.com/google/uuid"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// OwnEnds fits copies to what is left of a young person's own consent, once
// some of it has ended. It runs inside AsSystem.
func OwnEnds(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, by string) error {
	matrix, err := tx.MatrixInForce(ctx, i.ID)
	if err != nil || i.State != sig.InterventionActive {
		return err
	}
	_, err = Narrow(ctx, tx, i, &matrix, by, tx.Now())
	return err
}

// TellOwn nudges the open pages of whom a young person's own consent concerns:
// of those who take part, and of the youth. No guardian's page is nudged, not
// even to look the same, and no mail is sent. It runs inside AsSystem.
func TellOwn(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention) error {
	taking, err := tx.Participants(ctx, i.ID)
	if err != nil {
		return err
	}
	topics := []uuid.UUID{i.Youth.UUID}
	for _, p := range taking {
		topics = append(topics, p.Assignment.UUID)
	}
	tx.Nudge(topics...)
	return nil
}
