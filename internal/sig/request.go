package sig

import (
	"context"

	"github.com/google/uuid"
)

type requestKey struct{}

// WithRequest notes the identifier of the HTTP request, so that the ledger's
// rows and a fault report name the same one.
func WithRequest(ctx context.Context, id uuid.UUID) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestOf is the identifier noted by WithRequest, nil for work that no
// request began.
func RequestOf(ctx context.Context) *uuid.UUID {
	id, ok := ctx.Value(requestKey{}).(uuid.UUID)
	if !ok {
		return nil
	}
	return &id
}
