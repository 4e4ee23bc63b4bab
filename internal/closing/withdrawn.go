package closing

import (
	"context"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// TellWithdrawn keeps whom a withdrawal concerns and tells them: the functions
// that lose something by it, and the board's coordinators. While the
// collaboration does not end, whoever takes part there gets a mail that there is
// news, but for the one who recorded it; of an end they hear by another mail.
// It runs inside AsSystem, before anything has ended.
func TellWithdrawn(
	ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, directory *sig.Directory, w postgres.Withdrawal, lost []sig.Grant,
) error {
	participants, err := tx.Participants(ctx, i.ID)
	if err != nil {
		return err
	}
	var notices []postgres.WithdrawalNotice
	known := map[sig.Seat]int{}
	add := func(seat sig.Seat) {
		if _, ok := known[seat]; !ok && !seat.IsZero() {
			known[seat] = len(notices)
			notices = append(notices, postgres.WithdrawalNotice{Seat: seat})
		}
	}
	for _, g := range lost {
		for _, seat := range []sig.Seat{g.Discloser, g.Recipient} {
			seat.Unit = directory.CurrentUnit(seat.Unit, seat.Function, tx.Now(), g.From)
			add(seat)
		}
	}
	ended := w.Closes && len(lost) > 0
	var mails []postgres.Mail
	mailed := map[sig.AssignmentID]bool{w.RecordedBy: true}
	for _, p := range participants {
		seat := sig.Seat{Authority: p.Authority, Unit: directory.CurrentUnit(p.Unit, p.Function, tx.Now(), p.From), Function: p.Function}
		if p.Authority == i.Authority && p.Function == sig.RoleCoordinator {
			add(seat)
		}
		n, concerned := known[seat]
		if !concerned {
			continue
		}
		notices[n].Told = true
		if !ended && !mailed[p.Assignment] {
			mails = append(mails, postgres.Mail{
				Kind: sig.MailConsentNews, Assignment: p.Assignment, Intervention: i.ID, Object: w.ID.UUID, About: tx.Now(),
			})
		}
		mailed[p.Assignment] = true
	}
	tx.InsertNotices(w, notices)
	tx.QueueMail(mails...)
	return nil
}
