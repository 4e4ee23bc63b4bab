package casework

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Request is an internal request to take part, as its answerer or its asker
// sees it.
type Request struct {
	ID        sig.RequestID
	Name      string
	Unit      sig.UnitID
	Function  sig.Function
	Reason    string // for the one who answers
	CreatedAt time.Time
	Answer    string // empty, granted or refused
}

// RequestPart asks to take part in the case of whoever has this number, with a
// reason (T10). The answer is the same whether there is a case or not.
func (s *Service) RequestPart(ctx context.Context, actor sig.Actor, number sig.PersonalNumber, reason string) error {
	reason = strings.TrimSpace(reason)
	var c fault.Check
	checkReason(&c, "reason", reason)
	if number.IsZero() {
		c.Fail("number", "error.required")
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		hash := s.Sealer.PINHash(number.Digits())
		_, open, err := tx.OpenIntervention(ctx, hash)
		if err != nil {
			return err
		}
		id := sig.RequestID{UUID: uuid.New()}
		// Sealed as the authority's own, so that the sizes and keys are the same
		// whether there is a case or not.
		at := seal.Place{Authority: actor.Authority, Field: "reason", Object: id.UUID}
		sealed, err := s.Sealer.Seal(ctx, tx, at, []byte(reason))
		if err != nil {
			return err
		}
		if err := tx.InsertPartRequest(ctx, id, open, hash, sealed); err != nil {
			return err
		}
		if err := tx.Record(ledger.Entry{Kind: ledger.RequestPart, Object: ledger.Of(ledger.ObjectRequest, id)}); err != nil {
			return err
		}
		if open.IsZero() {
			return nil
		}
		return tx.AsSystem("request", func() error {
			return tellCoordinators(ctx, tx, open, actor.Authority, postgres.TaskAnswerRequest, id.UUID, sig.MailPartRequested)
		})
	})
}

// waiting lists the unanswered requests of a case with their reasons.
func (s *Service) waiting(ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID) ([]Request, error) {
	rows, err := tx.PartRequests(ctx, intervention)
	if err != nil {
		return nil, err
	}
	var out []Request
	for _, r := range rows {
		at := seal.Place{Authority: tx.Actor.Authority, Field: "reason", Object: r.ID.UUID}
		reason, err := s.Sealer.Open(ctx, tx, at, r.ReasonSealed)
		if err != nil {
			return nil, err
		}
		out = append(out, Request{ID: r.ID, Name: r.Name, Unit: r.Unit, Function: r.Function, Reason: string(reason), CreatedAt: r.CreatedAt})
	}
	return out, nil
}

// MyRequests lists what the actor has asked for and what came of it.
func (s *Service) MyRequests(ctx context.Context, actor sig.Actor) ([]Request, error) {
	var out []Request
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		rows, err := tx.OwnPartRequests(ctx)
		for _, r := range rows {
			out = append(out, Request{ID: r.ID, CreatedAt: r.CreatedAt, Answer: r.Answer})
		}
		return err
	})
	return out, err
}

// AnswerRequest gives the asker a part, or refuses it.
func (s *Service) AnswerRequest(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.RequestID, grant bool) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		entry := ledger.Entry{
			Kind: ledger.AnswerRequest, Intervention: intervention, Object: ledger.Of(ledger.ObjectRequest, id),
			Detail: ledger.Detail{"granted": grant},
		}
		waiting, err := s.coordinatorsRequest(ctx, tx, intervention, id)
		if err != nil {
			return missing(tx, err, entry)
		}
		answer := "refused"
		if grant {
			answer = "granted"
			if err := notOneself(ctx, tx, intervention, waiting.Assignment, entry); err != nil {
				return err
			}
		}
		if err := tx.AnswerPartRequest(ctx, intervention, id, answer); err != nil {
			return missing(tx, err, entry)
		}
		if err := tx.Record(entry); err != nil {
			return err
		}
		if err := tx.FinishTask(ctx, intervention, postgres.TaskAnswerRequest, id.UUID); err != nil {
			return err
		}
		tx.QueueMail(postgres.Mail{Kind: sig.MailPartAnswered, Assignment: waiting.Assignment})
		if !grant {
			return nil
		}
		a, err := tx.Assignment(ctx, waiting.Assignment)
		if err != nil {
			return err
		}
		part := ledger.Entry{Kind: ledger.SetParticipation, Intervention: intervention, Object: ledger.Of(ledger.ObjectAssignment, a.ID)}
		return s.letIn(ctx, tx, intervention, a, "request", part)
	})
}

// coordinatorsRequest finds a waiting request for the case's coordinator;
// postgres.ErrNoRows for anybody else.
func (s *Service) coordinatorsRequest(ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID, id sig.RequestID) (postgres.PartRequest, error) {
	facts, err := tx.CaseFacts(ctx, intervention)
	if err != nil {
		return postgres.PartRequest{}, err
	}
	if !fills(facts, sig.RoleCoordinator) {
		return postgres.PartRequest{}, postgres.ErrNoRows
	}
	rows, err := tx.PartRequests(ctx, intervention)
	if err != nil {
		return postgres.PartRequest{}, err
	}
	for _, r := range rows {
		if r.ID == id {
			return r, nil
		}
	}
	return postgres.PartRequest{}, postgres.ErrNoRows
}

// tellCoordinators gives a case's coordinators a task and a mail that says only
// that there is one. It runs as a system actor: whoever caused it need not
// know that there is a case.
func tellCoordinators(
	ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID, board sig.AuthorityID,
	kind postgres.TaskKind, object uuid.UUID, mail sig.MailKind,
) error {
	tx.InsertTask(postgres.Task{
		ID: sig.TaskID{UUID: uuid.New()}, Intervention: intervention, Authority: board, Function: sig.RoleCoordinator,
		Kind: kind, Object: object,
	})
	people, err := tx.Participants(ctx, intervention)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.Authority != board || p.Function != sig.RoleCoordinator {
			continue
		}
		tx.QueueMail(postgres.Mail{Kind: mail, Assignment: p.Assignment, Intervention: intervention})
		tx.Nudge(p.Assignment.UUID)
	}
	return nil
}
