package closing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// SeatsChanged answers whatever may have changed who sits where a consent in
// force lets something be known. It compares with what the family was told last,
// so that one change is one notice; of a seat that is newly named they have just
// read. While a consent is paused nothing is told, and nothing forgotten.
func (s *Service) SeatsChanged(ctx context.Context, job postgres.AlarmJob) error {
	return s.handle(ctx, job, func(tx *postgres.Tx, i *postgres.Intervention) error {
		if err := Settle(ctx, tx, i); err != nil || i.State != sig.InterventionActive {
			return err
		}
		return tx.AsSystem("closing", func() error { return seatsChanged(ctx, tx, i) })
	})
}

func seatsChanged(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention) error {
	consents, err := tx.Consents(ctx, i.ID)
	if err != nil {
		return err
	}
	var consent sig.ConsentID
	for _, c := range consents {
		if c.State == sig.ConsentActive {
			consent = c.ID
		}
	}
	if consent.IsZero() {
		return nil
	}
	matrix, err := tx.MatrixInForce(ctx, i.ID)
	if err != nil {
		return err
	}
	directory, err := tx.ScopeDirectory(ctx)
	if err != nil {
		return err
	}
	told, err := seatsTold(ctx, tx, i.ID, directory)
	if err != nil {
		return err
	}
	taken, err := tx.SeatsTaken(ctx, i.ID)
	if err != nil {
		return err
	}
	var changes []postgres.SeatChange
	named := map[sig.Seat]bool{}
	for _, g := range matrix.Grants {
		end, _ := directory.Ends(g)
		seat := g.Recipient
		seat.Unit = directory.CurrentUnit(seat.Unit, seat.Function, tx.Now(), time.Time{})
		if seat.IsZero() || !tx.Now().Before(end) || named[seat] {
			continue
		}
		named[seat] = true
		holders, known := told[seat]
		kind, until, changed := sig.SeatChange(holders, taken[seat], tx.Now())
		if known && changed {
			c := postgres.SeatChange{ID: sig.SeatChangeID{UUID: uuid.New()}, Authority: seat.Authority, Unit: seat.Unit, Function: seat.Function, Kind: kind}
			if !until.IsZero() {
				c.Until = &until
			}
			changes = append(changes, c)
		}
		if err := tx.HoldSeat(i.ID, seat, taken[seat]); err != nil {
			return err
		}
	}
	return tellOfSeats(ctx, tx, i, consent, changes)
}

// seatsTold is what the family was told last, by where each seat is now. What is
// not named any more is forgotten with it, and so is where a seat was.
func seatsTold(ctx context.Context, tx *postgres.Tx, i sig.InterventionID, directory *sig.Directory) (map[sig.Seat]sig.SeatHolders, error) {
	held, err := tx.SeatsHeld(ctx, i)
	if err != nil {
		return nil, err
	}
	told := map[sig.Seat]sig.SeatHolders{}
	for _, h := range held {
		seat := sig.Seat{Authority: h.Authority, Unit: h.Unit, Function: h.Function}
		tx.ForgetSeat(i, seat)
		seat.Unit = directory.CurrentUnit(h.Unit, h.Function, tx.Now(), h.ToldAt)
		told[seat] = h.Holders
	}
	return told, nil
}

// tellOfSeats keeps what changed, nudges the family's open pages, and queues a
// message to each who decides and to the young person: that there is something to
// read. A family in which an identity is protected gets no message.
func tellOfSeats(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, consent sig.ConsentID, changes []postgres.SeatChange) error {
	if len(changes) == 0 {
		return nil
	}
	whom, err := tx.Concerned(ctx, i)
	if err != nil {
		return err
	}
	guardians := sig.CustodyAt(whom.Guardianships, whom.Youth.BirthDate, tx.Now())
	topics := []uuid.UUID{i.Youth.UUID}
	for _, g := range guardians {
		topics = append(topics, g.UUID)
	}
	var mails []postgres.Mail
	for _, c := range changes {
		tx.InsertSeatChange(i.ID, consent, c)
		if _, err := tx.Append(ctx, ledger.Entry{
			Kind: ledger.SeatChanged, Intervention: i.ID, Consent: consent, Object: ledger.Of(ledger.ObjectSeatChange, c.ID),
			Recipient: ledger.Recipient{Authority: c.Authority, Unit: c.Unit, Function: c.Function}, Detail: ledger.Detail{"change": c.Kind},
		}); err != nil {
			return err
		}
		if whom.Youth.Protection != sig.ProtectionNone {
			continue
		}
		m := postgres.Mail{Kind: sig.MailSeatChanged, Intervention: i.ID, Object: c.ID.UUID}
		for _, g := range guardians {
			one := m
			one.Guardian = g
			mails = append(mails, one)
		}
		m.Youth = whom.Youth.ID
		mails = append(mails, m)
	}
	tx.QueueMail(mails...)
	tx.Nudge(topics...)
	return nil
}
