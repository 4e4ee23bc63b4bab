package sharing

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// tellRecipients nudges the open pages of those who may read the copy now and
// queues them a mail that says only that something is new.
func (s *Service) tellRecipients(ctx context.Context, tx *postgres.Tx, d postgres.Disclosure) error {
	people, err := tx.SeatedInCase(ctx, d.Intervention, d.Recipient)
	if err != nil {
		return err
	}
	var topics []uuid.UUID
	for _, p := range people {
		if !p.Participates {
			continue
		}
		topics = append(topics, p.Assignment.UUID)
		tx.QueueMail(postgres.Mail{
			Kind: sig.MailNewCopy, Assignment: p.Assignment, Intervention: d.Intervention, Object: d.ID.UUID,
		})
	}
	if len(topics) == 0 {
		return nil
	}
	tx.NudgeSoon(topics...) // something was added; what is taken away is told at commit
	return nil
}

// askSecondOfficer puts a waiting disclosure onto the Today of the colleagues
// who take part.
func (s *Service) askSecondOfficer(ctx context.Context, tx *postgres.Tx, d postgres.Disclosure) error {
	colleagues, err := tx.Participations(ctx, d.Intervention)
	if err != nil {
		return err
	}
	for _, c := range colleagues {
		if c.Authority != d.Sender.Authority || c.Assignment == d.Assignment {
			continue
		}
		tx.QueueMail(postgres.Mail{
			Kind: sig.MailApprovalNeeded, Assignment: c.Assignment, Intervention: d.Intervention, Object: d.ID.UUID,
		})
	}
	seats, err := tx.InternalSeats(ctx, d.Intervention, d.Sender.Authority)
	if err != nil {
		return err
	}
	asked := map[sig.Function]bool{}
	for _, seat := range seats {
		if asked[seat.Function] {
			continue
		}
		asked[seat.Function] = true
		tx.InsertTask(postgres.Task{
			ID: sig.TaskID{UUID: uuid.New()}, Intervention: d.Intervention, Authority: seat.Authority, Function: seat.Function,
			Kind: postgres.TaskApproveDisclosure, Object: d.ID.UUID,
		})
	}
	return nil
}

// Approve lets a waiting disclosure leave. Another officer of the same
// authority who takes part decides; everything is tested again now.
func (s *Service) Approve(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.DisclosureID) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		entry := ledger.Entry{Kind: ledger.ApproveDisclosure, Intervention: intervention, Object: ledger.Of(ledger.ObjectDisclosure, id)}
		d, err := tx.Disclosure(ctx, intervention, id)
		if errors.Is(err, postgres.ErrNoRows) {
			return refuseMissing(ctx, tx, entry)
		}
		if err != nil {
			return err
		}
		if d.Assignment == actor.Assignment {
			return refuse(ctx, tx, entry, policy.SecondOfficer, fault.New(fault.Denied, "error.approver_is_another"))
		}
		if d.State != "queued" {
			return fault.New(fault.Conflict, "error.disclosure_not_waiting")
		}
		return s.approve(ctx, tx, d, entry)
	})
}

func (s *Service) approve(ctx context.Context, tx *postgres.Tx, d postgres.Disclosure, entry ledger.Entry) error {
	a, err := s.beginDisclosure(ctx, tx, d.Intervention, d.Item, entry)
	if err != nil {
		return err
	}
	if a.place, err = tx.PlaceOf(ctx, d.Sender.Unit, d.Sender.Function); err != nil {
		return err
	}
	r, err := a.requestAgain(ctx, tx, d)
	if err != nil {
		return err
	}
	r.Officer.SecondApproved = true
	decision := policy.Decide(r)
	if !decision.Allowed {
		return refuse(ctx, tx, entry, decision.Reason, refused(decision))
	}
	text, err := s.Sealer.Open(ctx, tx, bodyPlace(a.item), a.item.BodySealed)
	if err != nil {
		return err
	}
	if err := tx.SendQueued(ctx, d.Intervention, d.ID, tx.Actor.Assignment); err != nil {
		return err
	}
	if _, err := tx.Append(ctx, entry); err != nil {
		return err
	}
	if err := finishApproval(ctx, tx, d.Intervention, d.ID); err != nil {
		return err
	}
	if !d.PrivateGrant.IsZero() {
		return nil // told by voice or letter; there is no inbox
	}
	purpose := ""
	if decision.Grant >= 0 {
		purpose = a.facts.Grants[decision.Grant].Purpose
	}
	return s.deliver(ctx, tx, d, purpose, text)
}

// requestAgain is the question about a disclosure that has waited, as things
// stand now.
func (a *act) requestAgain(ctx context.Context, tx *postgres.Tx, d postgres.Disclosure) (*policy.Request, error) {
	if !d.PrivateGrant.IsZero() {
		r := a.request(tx, sig.Place{Regime: sig.RegimeNone}, false)
		r.Recipient.PrivateGrant = d.PrivateGrant
		return r, nil
	}
	to, err := tx.PlaceOf(ctx, d.Recipient.Unit, d.Recipient.Function)
	if err != nil {
		return nil, err
	}
	readers, err := readersOf(ctx, tx, d.Intervention, d.Recipient)
	if err != nil {
		return nil, err
	}
	return a.request(tx, to, len(readers) > 0), nil
}

// finishApproval takes the question off the Today of every function that was
// asked, the officer's own among them.
func finishApproval(ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID, id sig.DisclosureID) error {
	return tx.AsSystem("approval", func() error {
		return tx.FinishTask(ctx, intervention, postgres.TaskApproveDisclosure, id.UUID)
	})
}

// CancelWaiting takes a waiting disclosure back before anybody received it.
func (s *Service) CancelWaiting(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.DisclosureID) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		entry := ledger.Entry{Kind: ledger.CancelDisclosure, Intervention: intervention, Object: ledger.Of(ledger.ObjectDisclosure, id)}
		err := tx.CancelQueued(ctx, intervention, id, "by_officer")
		if errors.Is(err, postgres.ErrNoRows) {
			return refuseMissing(ctx, tx, entry)
		}
		if err != nil {
			return err
		}
		if _, err = tx.Append(ctx, entry); err != nil {
			return err
		}
		return finishApproval(ctx, tx, intervention, id)
	})
}
