package casework

import (
	"context"
	"strings"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Incident is something that went wrong and must be looked into: what was told
// between the moment at which a withdrawal was received and its recording. It
// says who told whom and when it was read, and shows no content.
type Incident struct {
	ID         postgres.IncidentID
	Kind       string
	OpenedAt   time.Time
	ReceivedAt time.Time // when the withdrawal was received, which is when it took effect
	Reference  string    // of the withdrawal
	Told       postgres.LateDisclosure
	ClosedAt   *time.Time
	Done       string // what was done about it
	CanClose   bool
}

// Incidents lists an intervention's incidents, newest first, to the board's
// coordinator and social secretary.
func (s *Service) Incidents(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) ([]Incident, error) {
	var out []Incident
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		entry := ledger.Entry{Kind: ledger.ReadIntervention, Intervention: intervention}
		facts, err := tx.CaseFacts(ctx, intervention)
		if err != nil {
			return missing(tx, err, entry)
		}
		if !fills(facts, sig.RoleCoordinator, sig.RoleSocialSecretary) {
			return tx.RefuseMissing(entry)
		}
		if out, err = s.incidents(ctx, tx, intervention, fills(facts, sig.RoleSocialSecretary)); err != nil {
			return err
		}
		_, err = tx.Append(ctx, entry)
		return err
	})
	return out, err
}

func (s *Service) incidents(ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID, mayClose bool) ([]Incident, error) {
	rows, err := tx.Incidents(ctx, intervention)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var ids []sig.DisclosureID
	for _, r := range rows {
		ids = append(ids, r.Disclosure)
	}
	var told map[sig.DisclosureID]postgres.LateDisclosure
	err = tx.AsSystem("incident", func() (err error) {
		told, err = tx.LateDisclosures(ctx, ids)
		return err
	})
	if err != nil {
		return nil, err
	}
	reads, err := tx.FirstReads(ctx, intervention, ids)
	if err != nil {
		return nil, err
	}
	var out []Incident
	for _, r := range rows {
		one := Incident{
			ID: r.ID, Kind: r.Kind, OpenedAt: r.OpenedAt, Reference: r.Reference, Told: told[r.Disclosure],
			ClosedAt: r.ClosedAt, CanClose: mayClose && r.ClosedAt == nil,
		}
		if r.ReceivedAt != nil {
			one.ReceivedAt = *r.ReceivedAt
		}
		if at, read := reads[r.Disclosure]; read {
			one.Told.ReadAt = &at
		}
		if r.DoneSealed != nil {
			text, err := s.Sealer.Open(ctx, tx, donePlace(r.Authority, intervention, r.ID), r.DoneSealed)
			if err != nil {
				return nil, err
			}
			one.Done = string(text)
		}
		out = append(out, one)
	}
	return out, nil
}

func donePlace(board sig.AuthorityID, intervention sig.InterventionID, id postgres.IncidentID) seal.Place {
	return seal.Place{Authority: board, Intervention: intervention, Field: "done", Object: id.UUID}
}

// CloseIncident records what the social secretary did about an incident; the
// task on Today ends with it. It cannot be changed afterwards.
func (s *Service) CloseIncident(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id postgres.IncidentID, done string) error {
	done = strings.TrimSpace(done)
	var c fault.Check
	checkReason(&c, "done", done)
	if !sig.Writable(done) {
		c.Fail("done", "error.bad_text")
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		entry := ledger.Entry{
			Kind: ledger.Incident, Intervention: intervention, Object: ledger.Of(ledger.ObjectTask, id), Detail: ledger.Detail{"closed": true},
		}
		facts, err := tx.CaseFacts(ctx, intervention)
		if err != nil {
			return missing(tx, err, entry)
		}
		switch {
		case fills(facts, sig.RoleSocialSecretary):
		case fills(facts, sig.RoleCoordinator):
			if err := tx.Record(entry.Refuse("no_standing")); err != nil {
				return err
			}
			return tx.Refuse(fault.New(fault.Denied, "error.denied"))
		default:
			return tx.RefuseMissing(entry)
		}
		sealed, err := s.Sealer.Seal(ctx, tx, donePlace(facts.Board, intervention, id), []byte(done))
		if err != nil {
			return err
		}
		if err := tx.CloseIncident(ctx, intervention, id, sealed); err != nil {
			return missing(tx, err, entry)
		}
		if err := tx.Record(entry); err != nil {
			return err
		}
		return tx.FinishTask(ctx, intervention, postgres.TaskReviewIncident, id.UUID)
	})
}
