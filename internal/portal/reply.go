package portal

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/google/uuid"

	"sigportal/internal/config"
	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/reply"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// replyAddresses are where calendar programs answer calls; nil where nothing
// listens for that. The key is derived, so that every replica has the same one
// and nobody has to keep another secret.
func replyAddresses(cfg config.Serve) (*reply.Addresses, error) {
	if cfg.ReplyListen == "" || cfg.MailFrom == "" {
		return nil, nil //nolint:nilnil // nil is the answer
	}
	lookup, err := seal.ReadKey(cfg.LookupKey.Reveal())
	if err != nil {
		return nil, fmt.Errorf("SIG_LOOKUP_KEY: %w", err)
	}
	key, err := hkdf.Key(sha256.New, lookup, nil, "sigportal addresses of answers", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of addresses: %w", err)
	}
	addresses := reply.NewAddresses(key, cfg.MailFrom)
	return &addresses, nil
}

// takeReplies gives the task that listens for answers by mail.
func takeReplies(cfg config.Serve, addresses *reply.Addresses, meetings *meeting.Service, log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		if addresses == nil {
			return nil
		}
		listener, err := reply.Listen(ctx, cfg.ReplyListen)
		if err != nil {
			return err
		}
		_, domain, _ := strings.Cut(cfg.MailFrom, "@")
		server := &reply.Server{Addresses: *addresses, Take: Taker(meetings, domain, log), Log: log}
		return server.Serve(ctx, listener)
	}
}

// Taker holds a reply to the call that its address stands for. The domain is
// that of the portal's own mail address, with which the UIDs of its entries end.
func Taker(meetings *meeting.Service, domain string, log *slog.Logger) reply.Taker {
	return func(ctx context.Context, to reply.Address, said reply.Answer) reply.Outcome {
		id, ours := strings.CutSuffix(strings.ToLower(said.UID), "@"+strings.ToLower(domain))
		called, err := uuid.Parse(id)
		if !ours || err != nil {
			return reply.NotCounted
		}
		err = meetings.AnswerByReply(ctx, meeting.Reply{
			Invitation: to.Invitation, Mine: to.Of, Meeting: sig.MeetingID{UUID: called}, Sequence: said.Sequence,
			Said: func(email string) (meeting.Said, bool) {
				answer, ok := said.Of(email)
				return meeting.Said{Answer: answer, Start: said.Start, End: said.End}, ok
			},
		})
		switch {
		case err == nil:
			return reply.Taken
		case fault.KindOf(err) == fault.Invalid:
			return reply.NoTime
		case slices.Contains([]fault.Kind{fault.NotFound, fault.Denied, fault.Conflict}, fault.KindOf(err)):
			return reply.NotCounted
		default:
			log.WarnContext(ctx, "an answer by mail could not be taken", slog.Any("error", err))
			return reply.Later
		}
	}
}
