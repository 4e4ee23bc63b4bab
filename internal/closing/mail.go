package closing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// mailEnded queues the mail that says that the collaboration has ended, and
// nothing else. A young person with protected identity, and the guardians, get
// no automatic message; their page tells them. Nor does the family of one who
// has died.
func mailEnded(
	tx *postgres.Tx, i *postgres.Intervention, at time.Time,
	participants []postgres.Participant, guardians []sig.GuardianID, youth postgres.YouthDates,
) error {
	ended := postgres.Mail{Kind: sig.MailCollaborationEnded, Intervention: i.ID, About: at}
	var mails []postgres.Mail
	told := map[sig.AssignmentID]bool{}
	for _, p := range participants {
		if !told[p.Assignment] {
			m := ended
			m.Assignment = p.Assignment
			mails = append(mails, m)
		}
		told[p.Assignment] = true
	}
	if youth.Protection == sig.ProtectionNone && i.ClosedReason != sig.ClosedDeceased {
		for _, g := range guardians {
			m := ended
			m.Guardian = g
			mails = append(mails, m)
		}
		ended.Youth = youth.ID
		mails = append(mails, ended)
	}
	tx.QueueMail(mails...)
	return nil
}

// AskToSign queues the mail that there is a consent to read and answer, for
// one signer. It runs as the actor who explained it, or inside AsSystem.
func AskToSign(
	ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, consent sig.ConsentID, guardian sig.GuardianID, youth sig.YouthID,
) error {
	if guardian.IsZero() && youth.IsZero() {
		return nil
	}
	return tx.AsSystem("closing", func() error {
		dates, err := tx.YouthDates(ctx, i.Youth)
		if err != nil || dates.Protection != sig.ProtectionNone {
			return err
		}
		tx.QueueMail(postgres.Mail{
			Kind: sig.MailConsentToSign, Guardian: guardian, Youth: youth, Intervention: i.ID, Object: consent.UUID,
		})
		return nil
	})
}

// SendReceipt queues the mail that a receipt is waiting, for a signer whose
// withdrawal somebody else has recorded.
func SendReceipt(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, kind sig.SignerKind, signer uuid.UUID) error {
	return tx.AsSystem("closing", func() error {
		dates, err := tx.YouthDates(ctx, i.Youth)
		if err != nil || dates.Protection != sig.ProtectionNone {
			return err
		}
		m := postgres.Mail{Kind: sig.MailReceiptReady, Intervention: i.ID}
		if kind == sig.SignerGuardian {
			m.Guardian = sig.GuardianID{UUID: signer}
		} else {
			m.Youth = sig.YouthID{UUID: signer}
		}
		tx.QueueMail(m)
		return nil
	})
}

// MailNews tells the board's coordinators that somebody said no, or that not
// everybody signed in time, and their social secretaries where it is for them to
// take a position. Who, and to what, stands in the portal. It runs inside AsSystem.
func MailNews(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, consent sig.ConsentID, blocks bool) error {
	participants, err := tx.Participants(ctx, i.ID)
	if err != nil {
		return err
	}
	told := map[sig.AssignmentID]bool{}
	for _, p := range participants {
		if p.Authority != i.Authority || told[p.Assignment] {
			continue
		}
		if p.Function == sig.RoleCoordinator || blocks && p.Function == sig.RoleSocialSecretary {
			told[p.Assignment] = true
			tx.QueueMail(postgres.Mail{
				Kind: sig.MailConsentNews, Assignment: p.Assignment, Intervention: i.ID, Object: consent.UUID, About: tx.Now(),
			})
		}
	}
	return nil
}

// mailReminder tells the coordinators who take part that the consent is about
// to end.
func mailReminder(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, c *postgres.Consent, ends time.Time) error {
	participants, err := tx.Participants(ctx, i.ID)
	if err != nil {
		return err
	}
	for _, p := range participants {
		if p.Authority != i.Authority || p.Function != sig.RoleCoordinator {
			continue
		}
		tx.QueueMail(postgres.Mail{
			Kind: sig.MailExpiryReminder, Assignment: p.Assignment, Intervention: i.ID, Object: c.ID.UUID, About: ends,
		})
	}
	return nil
}
