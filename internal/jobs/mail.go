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
	"sigportal/internal/sms"
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
	out, err := w.check(ctx, job.Args)
	if err != nil || out == nil {
		return err
	}
	failed := out.leave(ctx, w.deps)
	note := func(tx *postgres.Tx) error { return tx.MailSent(ctx, id) }
	if failed != nil {
		var final postgres.MailCancel
		switch {
		case refusedForGood(failed):
			final = postgres.MailRefused
		case job.Attempt >= job.MaxAttempts:
			final = postgres.MailGaveUp
		default:
			return failed
		}
		w.deps.Log.WarnContext(ctx, "mail is cancelled",
			slog.String("mail", id.String()), slog.String("why", string(final)), slog.Any("error", failed))
		note = func(tx *postgres.Tx) error { return tx.CancelMail(ctx, id, final) }
	}
	return w.deps.DB.Do(ctx, sig.System("mail"), note)
}

// message is what leaves: a mail, or else a text message.
type message struct {
	letter mail.Letter
	text   *sms.Message
}

func (m *message) leave(ctx context.Context, deps Deps) error {
	if m.text != nil {
		return deps.Texts.Send(ctx, *m.text)
	}
	return deps.Sender.Send(ctx, m.letter)
}

func refusedForGood(err error) bool {
	if refused, ok := errors.AsType[*mail.Failure](err); ok {
		return refused.Permanent
	}
	refused, ok := errors.AsType[*sms.Failure](err)
	return ok && refused.Permanent
}

// check asks under the intervention's lock (of a day's message, under those of
// all that it stands for) whether the message may leave, and
// writes it; nil is that nothing leaves. The lock is shared: checks do not wait
// for each other or for readers, and a withdrawal waits for a check but not for
// a mail server.
func (w *mailWorker) check(ctx context.Context, args postgres.SendMailArgs) (*message, error) {
	about, err := w.deps.DB.MailInterventions(ctx, args.Mail)
	if err != nil {
		return nil, err
	}
	var written *message
	err = w.deps.DB.Do(ctx, sig.System("mail"), func(tx *postgres.Tx) error {
		var keys []int64
		for _, id := range about {
			keys = append(keys, postgres.LockKey(sig.InterventionID{UUID: id}))
		}
		if err := tx.Share(ctx, keys...); err != nil {
			return err
		}
		out, ok, err := tx.CheckMail(ctx, args.Mail, about)
		if err != nil || !ok {
			return err
		}
		m, err := w.write(ctx, tx, out)
		if err != nil {
			return err
		}
		if m.text == nil && m.letter.To == "" {
			return tx.CancelMail(ctx, args.Mail, postgres.MailNoAddress)
		}
		written = m
		return nil
	})
	return written, err
}

// contact is how a citizen is reached, as it was sealed.
type contact struct {
	Email    string `json:"email"`
	Phone    string `json:"phone"`
	Language string `json:"language"`
}

func (w *mailWorker) write(ctx context.Context, tx *postgres.Tx, out postgres.Outgoing) (*message, error) {
	c, err := w.contact(ctx, tx, out)
	if err != nil {
		return nil, err
	}
	number, err := w.number(ctx, tx, out, c)
	if err != nil {
		return nil, err
	}
	if number != "" {
		return &message{text: &sms.Message{
			ID: out.MessageID.String(), To: number, Kind: out.Kind, Language: c.Language, Citizen: out.Citizen,
		}}, nil
	}
	letter := mail.Letter{
		To: c.Email, Kind: out.Kind, CaseNumber: out.CaseNumber, About: out.AboutAt, Language: c.Language,
		Citizen: out.Citizen, MessageID: out.MessageID.String(),
	}
	switch {
	case out.Meeting != nil:
		letter, err = w.call(ctx, tx, out, letter)
	case out.Guest != nil:
		letter, err = w.guestCall(ctx, tx, out, letter)
	case !out.Asked.IsZero():
		letter.CaseNumber, letter.GuestLink = "", w.guestLink(tx, out.Asked)
	case out.Kind == sig.MailMeetingReminder, out.Kind == sig.MailMeetingPoll:
		letter.CaseNumber = "" // nor does the call say which case it is about
	}
	return &message{letter: letter}, err
}

// contact is where and in which language a recipient is reached: as the
// directory or the coordinator noted it, and as they chose themselves.
func (w *mailWorker) contact(ctx context.Context, tx *postgres.Tx, out postgres.Outgoing) (contact, error) {
	c := contact{Email: out.Email, Language: out.Language}
	if len(out.Contact) > 0 {
		at := seal.Place{Authority: out.Authority, Field: "contact", Object: out.Owner}
		text, err := w.deps.Sealer.Open(ctx, tx, at, out.Contact)
		if err != nil {
			return c, err
		}
		var noted contact
		if err := json.Unmarshal(text, &noted); err != nil {
			return c, fault.Wrap(fault.Internal, "error.internal", errors.New("contact data are not as they are written"))
		}
		c.Email, c.Phone = noted.Email, noted.Phone
		if noted.Language != "" {
			c.Language = noted.Language
		}
	}
	if out.Choice != nil && out.Choice.Language != "" {
		c.Language = out.Choice.Language
	}
	return c, nil
}

// number is where the message goes as a text message; empty where it goes by
// mail. Whoever chose nothing gets one only where no mail reaches them.
func (w *mailWorker) number(ctx context.Context, tx *postgres.Tx, out postgres.Outgoing, c contact) (sig.PhoneNumber, error) {
	if w.deps.Texts == nil || out.Kind.ByMailOnly() || out.Choice == nil && c.Email != "" {
		return "", nil
	}
	if out.Choice != nil && out.Choice.Channel != sig.ChannelSMS {
		return "", nil
	}
	if out.Choice != nil && len(out.Choice.PhoneSealed) > 0 {
		at := seal.Place{Authority: out.Authority, Field: "phone", Object: out.Owner}
		text, err := w.deps.Sealer.Open(ctx, tx, at, out.Choice.PhoneSealed)
		return sig.PhoneNumber(text), err
	}
	number, _ := sig.ReadPhoneNumber(c.Phone)
	return number, nil
}
