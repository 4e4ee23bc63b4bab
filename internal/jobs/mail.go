package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"

	"github.com/riverqueue/river"

	"sigportal/internal/fault"
	"sigportal/internal/mail"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// mailWorker sends one mail per job.
type mailWorker struct {
	river.WorkerDefaults[postgres.SendMailArgs]
	deps Deps
}

// Work checks, hands over and notes one mail. What it answers is kept in the
// queue and logged; the mail package's failures hold codes and no address.
func (w *mailWorker) Work(ctx context.Context, job *river.Job[postgres.SendMailArgs]) error {
	id := job.Args.Mail
	letter, send, err := w.check(ctx, job.Args)
	if err != nil || !send {
		return err
	}
	failed := w.deps.Sender.Send(ctx, letter)
	note := func(tx *postgres.Tx) error { return tx.MailSent(ctx, id) }
	if failed != nil {
		var final postgres.MailCancel
		if refused, ok := errors.AsType[*mail.Failure](failed); ok && refused.Permanent {
			final = postgres.MailRefused
		} else if job.Attempt >= job.MaxAttempts {
			final = postgres.MailGaveUp
		} else {
			return failed
		}
		w.deps.Log.WarnContext(ctx, "mail is cancelled",
			slog.String("mail", id.String()), slog.String("why", string(final)), slog.Any("error", failed))
		note = func(tx *postgres.Tx) error { return tx.CancelMail(ctx, id, final) }
	}
	return w.deps.DB.Do(ctx, sig.System("mail"), note)
}

// check asks under the intervention's lock whether the mail may leave, and
// writes the letter. The lock is shared: checks do not wait for each other or
// for readers, and a withdrawal waits for a check but not for a mail server.
func (w *mailWorker) check(ctx context.Context, args postgres.SendMailArgs) (mail.Letter, bool, error) {
	about, err := w.deps.DB.MailIntervention(ctx, args.Mail)
	if err != nil {
		return mail.Letter{}, false, err
	}
	var letter mail.Letter
	var send bool
	err = w.deps.DB.Do(ctx, sig.System("mail"), func(tx *postgres.Tx) error {
		if about.IsZero() {
			err = tx.ReadClock(ctx)
		} else {
			err = tx.Share(ctx, postgres.LockKey(about))
		}
		if err != nil {
			return err
		}
		out, ok, err := tx.CheckMail(ctx, args.Mail)
		if err != nil || !ok {
			return err
		}
		if letter, err = w.write(ctx, tx, out); err != nil {
			return err
		}
		if letter.To == "" {
			return tx.CancelMail(ctx, args.Mail, postgres.MailNoAddress)
		}
		send = true
		return nil
	})
	return letter, send, err
}

// contact is how a citizen wants to be reached, as it was sealed.
type contact struct {
	Email    string `json:"email"`
	Language string `json:"language"`
}

func (w *mailWorker) write(ctx context.Context, tx *postgres.Tx, out postgres.Outgoing) (mail.Letter, error) {
	letter := mail.Letter{
		To: out.Email, Kind: out.Kind, CaseNumber: out.CaseNumber, About: out.AboutAt, Language: out.Language,
		Citizen: out.Citizen, MessageID: out.MessageID.String(),
	}
	if out.Meeting != nil {
		return w.call(ctx, tx, out, letter)
	}
	if out.Kind == sig.MailMeetingReminder {
		letter.CaseNumber = "" // nor does the call say which case it is about
	}
	if len(out.Contact) == 0 {
		return letter, nil
	}
	at := seal.Place{Authority: out.Authority, Field: "contact", Object: out.Owner}
	text, err := w.deps.Sealer.Open(ctx, tx, at, out.Contact)
	if err != nil {
		return mail.Letter{}, err
	}
	var c contact
	if err := json.Unmarshal(text, &c); err != nil {
		return mail.Letter{}, fault.Wrap(fault.Internal, "error.internal", errors.New("contact data are not as they are written"))
	}
	letter.To = c.Email
	if c.Language != "" {
		letter.Language = c.Language
	}
	if out.Guest != nil {
		return w.guestCall(ctx, tx, out, letter)
	}
	return letter, nil
}
