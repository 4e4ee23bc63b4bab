package sharing

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// tellRecipients nudges the open pages of those who may read the copy now and
// queues them a mail that says only that something is new.
func tellRecipients(tx *postgres.Tx, d postgres.Disclosure, readers []postgres.Seated) {
	var topics []uuid.UUID
	for _, p := range readers {
		topics = append(topics, p.Assignment.UUID)
		tx.QueueMail(postgres.Mail{
			Kind: sig.MailNewCopy, Assignment: p.Assignment, Intervention: d.Intervention, Object: d.ID.UUID,
		})
	}
	tx.NudgeSoon(topics...) // something was added; what is taken away is told at commit
}

// askSecondOfficer puts a waiting disclosure onto the Today of the colleagues
// who take part.
func askSecondOfficer(ctx context.Context, tx *postgres.Tx, d postgres.Disclosure) error {
	colleagues, err := tx.Participations(ctx, d.Intervention)
	if err != nil {
		return err
	}
	sender, err := tx.SameOfficer(ctx, d.Assignment)
	if err != nil {
		return err
	}
	for _, c := range colleagues {
		if c.Authority != d.Sender.Authority || slices.Contains(sender, c.Assignment) {
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
// authority who takes part decides, another person under whatever function;
// everything is tested again now.
func (s *Service) Approve(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.DisclosureID) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		entry := ledger.Entry{Kind: ledger.ApproveDisclosure, Intervention: intervention, Object: ledger.Of(ledger.ObjectDisclosure, id)}
		d, err := tx.Disclosure(ctx, intervention, id)
		if errors.Is(err, postgres.ErrNoRows) {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		sender, err := tx.SameOfficer(ctx, d.Assignment)
		if err != nil {
			return err
		}
		if len(sender) == 0 || slices.Contains(sender, actor.Assignment) {
			return tx.RefuseRecorded(entry, string(policy.SecondOfficer), fault.New(fault.Denied, "error.approver_is_another"))
		}
		if d.State != "queued" {
			return fault.New(fault.Conflict, "error.disclosure_not_waiting")
		}
		return s.approve(ctx, tx, d, entry)
	})
}

func (s *Service) approve(ctx context.Context, tx *postgres.Tx, d postgres.Disclosure, entry ledger.Entry) error {
	in := NewDisclosure{Intervention: d.Intervention, Item: d.Item}
	if d.PrivateGrant.IsZero() {
		in.Recipients = []sig.Seat{d.Recipient}
	}
	a, err := s.beginDisclosure(ctx, tx, in, entry)
	if err != nil {
		return err
	}
	if a.place, err = tx.PlaceOf(ctx, d.Sender.Unit, d.Sender.Function); err != nil {
		return err
	}
	r := a.requestAgain(tx, d)
	r.Officer.SecondApproved = true
	decision := policy.Decide(r)
	if !decision.Allowed {
		return tx.RefuseRecorded(entry, string(decision.Reason), refused(decision))
	}
	keys, err := s.Sealer.Keys(ctx, tx, bodyPlace(a.item), seal.Place{Authority: d.Recipient.Authority, Intervention: d.Intervention})
	if err != nil {
		return err
	}
	text, err := keys.Open(bodyPlace(a.item), a.item.BodySealed)
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
	var aim sig.Aim
	if decision.Grant >= 0 {
		aim = r.Consent.Grants[decision.Grant].Aim
	}
	return deliver(ctx, tx, keys, d, a.seats[d.Recipient].Readers(), aim, text)
}

// requestAgain is the question about a disclosure that has waited, as things
// stand now.
func (a *act) requestAgain(tx *postgres.Tx, d postgres.Disclosure) *policy.Request {
	to := a.seats[d.Recipient]
	if !d.PrivateGrant.IsZero() {
		to.Place = sig.Place{Regime: sig.RegimeNone}
	}
	r := a.request(tx, to.Place, len(to.Readers()) > 0)
	r.Recipient.PrivateGrant = d.PrivateGrant
	return r
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
			return tx.RefuseMissing(entry)
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
