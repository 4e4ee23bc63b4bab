package closing

import (
	"context"

	"github.com/google/uuid"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// FillSeats sees to the seats that a version in force names in other
// authorities: where nobody takes part yet, the lead of the function there
// gets the task of naming somebody, and a mail that says so. Until then the
// function receives into its inbox and nobody reads. It runs inside AsSystem.
func FillSeats(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, matrix *sig.Matrix) error {
	participants, err := tx.Participants(ctx, i.ID)
	if err != nil {
		return err
	}
	directory, err := tx.ScopeDirectory(ctx)
	if err != nil {
		return err
	}
	filled := map[sig.Seat]bool{}
	for _, p := range participants {
		unit := directory.CurrentUnit(p.Unit, p.Function, tx.Now(), p.From)
		filled[sig.Seat{Authority: p.Authority, Unit: unit, Function: p.Function}] = true
	}
	for _, seat := range vacant(i, matrix, directory, tx, filled) {
		if err := askLead(ctx, tx, i, seat); err != nil {
			return err
		}
	}
	return nil
}

// vacant lists the seats outside the board that a matrix names, where they sit
// now, and that nobody fills.
func vacant(
	i *postgres.Intervention, matrix *sig.Matrix, directory *sig.Directory, tx *postgres.Tx, filled map[sig.Seat]bool,
) []sig.Seat {
	var list []sig.Seat
	seen := map[sig.Seat]bool{}
	for _, g := range matrix.Grants {
		for _, s := range []sig.Seat{g.Discloser, g.Recipient} {
			if s.IsZero() || s.Authority == i.Authority {
				continue
			}
			if left := directory.Leaves(s); !left.IsZero() && !tx.Now().Before(left) {
				continue // there is no such seat any more
			}
			s.Unit = directory.CurrentUnit(s.Unit, s.Function, tx.Now(), g.From)
			if !seen[s] && !filled[s] {
				list = append(list, s)
			}
			seen[s] = true
		}
	}
	return list
}

func askLead(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, seat sig.Seat) error {
	tx.InsertTask(postgres.Task{
		ID: sig.TaskID{UUID: uuid.New()}, Intervention: i.ID, Authority: seat.Authority, Function: seat.Function,
		Kind: postgres.TaskSetParticipation,
	})
	leads, err := tx.Leads(ctx, seat.Unit, seat.Function, tx.Now())
	if err != nil {
		return err
	}
	var topics []uuid.UUID
	for _, lead := range leads {
		topics = append(topics, lead.ID.UUID)
		tx.QueueMail(postgres.Mail{Kind: sig.MailLeadNewGrant, Assignment: lead.ID, Intervention: i.ID})
	}
	tx.NudgeSoon(topics...)
	return nil
}

// AskForDecision gives the social secretary the task of deciding on the
// measure, now that everybody has signed. It runs inside AsSystem.
func AskForDecision(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, consent sig.ConsentID) error {
	tx.InsertTask(postgres.Task{
		ID: sig.TaskID{UUID: uuid.New()}, Intervention: i.ID, Authority: i.Authority, Function: sig.RoleSocialSecretary,
		Kind: postgres.TaskDecideMeasure, Object: consent.UUID, DueOn: NextWorkingDay(tx.Now()),
	})
	return tellAll(ctx, tx, i, false)
}
