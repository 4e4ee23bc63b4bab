package portal

import (
	"context"
	"fmt"
	"log/slog"

	"sigportal/internal/alarm"
	"sigportal/internal/config"
	"sigportal/internal/jobs"
	"sigportal/internal/mail"
	"sigportal/internal/postgres"
	"sigportal/internal/reply"
	"sigportal/internal/seal"
	"sigportal/internal/sms"
)

// sendMail lets the alarm queue due mails and gives the task that sends them.
// Without a mail server nothing is sent: mails wait, and are checked before
// they leave on the day that there is one.
func sendMail(
	cfg config.Serve, db *postgres.DB, sealer *seal.Sealer, replies *reply.Addresses, clock *alarm.Alarm, log *slog.Logger,
) (func(context.Context) error, error) {
	if cfg.MailAddress == "" {
		log.Warn("no mail server is configured, so no mail is sent")
		return func(context.Context) error { return nil }, nil
	}
	sender, err := mail.New(mail.Config{
		Address: cfg.MailAddress, From: cfg.MailFrom, User: cfg.MailUser, Password: cfg.MailPassword.Reveal(),
		TLS: cfg.MailTLS, Link: cfg.Origin + "/", Phone: cfg.Phone,
	})
	if err != nil {
		return nil, fmt.Errorf("SIG_MAIL_…: %w", err)
	}
	texts, err := gateway(cfg)
	if err != nil {
		return nil, err
	}
	work, err := jobs.New(jobs.Deps{DB: db, Sealer: sealer, Sender: sender, Texts: texts, Replies: replies, Log: log})
	if err != nil {
		return nil, fmt.Errorf("set up the job queue: %w", err)
	}
	clock.Handle(postgres.AlarmMailDue, work.MailDue)
	return work.Run, nil
}

// gateway is where text messages are handed over; nil where there is none.
func gateway(cfg config.Serve) (*sms.Gateway, error) {
	if cfg.SMSURL == "" {
		return nil, nil //nolint:nilnil // nobody is offered them then
	}
	g, err := sms.New(sms.Config{URL: cfg.SMSURL, Token: cfg.SMSToken.Reveal(), From: cfg.SMSFrom, Link: cfg.Origin + "/"})
	if err != nil {
		return nil, fmt.Errorf("SIG_SMS_…: %w", err)
	}
	return g, nil
}
