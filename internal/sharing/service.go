package sharing

import (
	"context"
	"errors"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Service does the work of this package on one database.
type Service struct {
	DB     *postgres.DB
	Sealer *seal.Sealer
}

// The names under which texts are sealed; each is its column's.
const (
	fieldBody      = "body"
	fieldConcern   = "name"
	fieldNecessity = "necessity"
	fieldWeaker    = "weaker_reason"
	fieldGround    = "ground"
)

// factsOf reads the case's facts; a case that the actor has no part in answers
// NotFound. The board's log reviewer knows of the case for its ledger alone,
// which package oversight shows.
func factsOf(ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID, e ledger.Entry) (*postgres.CaseFacts, error) {
	facts, err := tx.CaseFacts(ctx, intervention)
	if errors.Is(err, postgres.ErrNoRows) || tx.Actor.Function == sig.RoleLogReviewer {
		return nil, tx.RefuseMissing(e)
	}
	return facts, err
}

// requestFor fills in what every decision about a case shares.
func requestFor(tx *postgres.Tx, facts *postgres.CaseFacts, action policy.Action, place sig.Place, participates bool) *policy.Request {
	return &policy.Request{
		Action: action, Now: tx.Now(), Case: facts.State,
		Actor:     policy.Actor{Kind: tx.Actor.Kind, InForce: true, Participates: participates, Place: place},
		Consent:   policy.Consent{State: facts.ConsentState, Grants: facts.Rows(), Exclusions: facts.Exclusions, Alone: facts.Alone},
		Directory: policy.Directory{Moves: facts.Moves, Units: facts.Units},
		Officer:   policy.Officer{Protected: facts.Protected},
	}
}

// strips reports whether the reader is of a family in which somebody lives
// under protected identity: neither an authority nor a unit is named to them,
// because each says in which part of the country that is (OSL 21:3, 26:2).
func strips(tx *postgres.Tx, facts *postgres.CaseFacts) bool {
	return tx.Actor.IsCitizen() && facts.Protected
}

func recipientOf(s sig.Seat) ledger.Recipient {
	return ledger.Recipient{Authority: s.Authority, Unit: s.Unit, Function: s.Function}
}

// refused is the words for a decision that the actor may know about.
func refused(d policy.Decision) *fault.Error {
	return fault.New(fault.Denied, "reason."+string(d.Reason))
}
