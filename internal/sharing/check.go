package sharing

import (
	"context"
	"fmt"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// CheckDisclosure asks for every recipient the question that sending will ask
// again, and sends nothing. What would be refused is Invalid at the
// recipient's field; else the chosen recipients come back, in their order.
func (s *Service) CheckDisclosure(ctx context.Context, actor sig.Actor, in NewDisclosure) ([]Candidate, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	var out []Candidate
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		tx.ShareCase(in.Intervention)
		entry := ledger.Entry{Kind: ledger.PreviewDisclosure, Intervention: in.Intervention, Object: ledger.Of(ledger.ObjectItem, in.Item)}
		a, err := s.beginDisclosure(ctx, tx, in, entry)
		if err != nil {
			return err
		}
		var noes fault.Check
		out = a.checkAll(tx, in, &noes)
		if err := nameEach(ctx, s, tx, a.facts, out, ofCandidate); err != nil {
			return err
		}
		if _, err := tx.Append(ctx, entry); err != nil {
			return err
		}
		if err := noes.Err(); err != nil {
			return tx.Refuse(err)
		}
		return nil
	})
	return out, err
}

func (a *act) checkAll(tx *postgres.Tx, in NewDisclosure, noes *fault.Check) []Candidate {
	var out []Candidate
	for i, seat := range in.Recipients {
		p := a.planSeat(tx, in, seat)
		if !p.decision.Allowed {
			failAt(noes, fmt.Sprintf("recipients.%d", i), p.decision.Reason)
			continue
		}
		out = append(out, a.candidate(tx, seat))
	}
	for i, grant := range in.Private {
		p := a.planPrivate(tx, in, grant)
		if !p.decision.Allowed {
			failAt(noes, fmt.Sprintf("private.%d", i), p.decision.Reason)
			continue
		}
		out = append(out, a.privateCandidate(tx, p.grant))
	}
	return out
}

// failAt puts a no at the recipient, or at the reason that is missing.
func failAt(noes *fault.Check, field string, why policy.Reason) {
	if why == policy.WeakerUnanswered {
		field = "weaker_reason"
	}
	noes.Fail(field, "reason."+string(why))
}

// WeakerAt reports whether what is told is less secret where it arrives: the
// recipient's page says so.
func WeakerAt(d *sig.Directory, from, to sig.Seat) bool {
	sender, okFrom := d.Place(from.Unit, from.Function)
	recipient, okTo := d.Place(to.Unit, to.Function)
	if !okFrom || !okTo || from.Authority == to.Authority {
		return false
	}
	_, weaker := policy.Weaker(sender.Regime, recipient.Regime)
	return weaker
}
