package closing

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// tellAll nudges every open page of everybody concerned and queues the mails.
// It says that something changed, never what, why or by whom. It runs inside
// AsSystem, because nobody concerned may see all the others.
func tellAll(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, ended bool) error {
	whom, err := tx.Concerned(ctx, i)
	if err != nil {
		return err
	}
	return tellThem(tx, i, whom, ended)
}

func tellThem(tx *postgres.Tx, i *postgres.Intervention, whom postgres.Concerned, ended bool) error {
	guardians := sig.CustodyAt(whom.Guardianships, whom.Youth.BirthDate, tx.Now())
	topics := []uuid.UUID{i.ID.UUID, i.Youth.UUID}
	for _, p := range whom.Participants {
		topics = append(topics, p.Assignment.UUID)
	}
	for _, g := range guardians {
		topics = append(topics, g.UUID)
	}
	tx.Nudge(topics...)
	if !ended {
		return nil
	}
	return mailEnded(tx, i, i.StateSince, whom.Participants, guardians, whom.Youth)
}

// tellBoard nudges the open pages of whoever takes part, without any mail.
func tellBoard(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention) error {
	return tellAll(ctx, tx, i, false)
}

// Tell nudges the open pages of everybody concerned that something about the
// consent changed, in the transaction of the change.
func Tell(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention) error {
	return tx.AsSystem("closing", func() error { return tellAll(ctx, tx, i, false) })
}

// TellSeats nudges the open pages of the board and of whoever takes part in
// these seats that something was added. Nobody need see whom it reaches.
func TellSeats(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, seats []sig.Seat) error {
	return tx.AsSystem("tell", func() error {
		taking, err := tx.Participants(ctx, facts.Intervention)
		if err != nil {
			return err
		}
		var topics []uuid.UUID
		for _, p := range taking {
			seat := facts.Current(sig.Seat{Authority: p.Authority, Unit: p.Unit, Function: p.Function}, tx.Now())
			if p.Authority == facts.Board || slices.Contains(seats, seat) {
				topics = append(topics, p.Assignment.UUID)
			}
		}
		tx.NudgeSoon(topics...)
		return nil
	})
}

// MailPromised queues a mail to whoever takes part in a function that has
// promised something, but for the writer: that there is something to do, by its
// day, and nothing of what.
func MailPromised(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, added []postgres.Commitment) error {
	if len(added) == 0 {
		return nil
	}
	by := tx.Actor.Assignment
	return tx.AsSystem("tell", func() error {
		taking, err := tx.Participants(ctx, facts.Intervention)
		if err != nil {
			return err
		}
		var mails []postgres.Mail
		for _, c := range added {
			for _, p := range taking {
				seat := facts.Current(sig.Seat{Authority: p.Authority, Unit: p.Unit, Function: p.Function}, tx.Now())
				if seat == facts.Current(c.Seat, tx.Now()) && p.Assignment != by {
					mails = append(mails, postgres.Mail{
						Kind: sig.MailTaskDue, Assignment: p.Assignment, Intervention: facts.Intervention, Object: c.ID.UUID, About: c.DueOn.Start(),
					})
				}
			}
		}
		tx.QueueMail(mails...)
		return nil
	})
}
