package reply

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// Taker answers the call that an address stands for, and says what became of it.
type Taker func(context.Context, Address, Answer) Outcome

// Outcome is what became of an answer.
type Outcome string

// The outcomes.
const (
	Taken      Outcome = "taken"
	NotCounted Outcome = "not_counted" // to an older time, for somebody else, or to what is over
	NoTime     Outcome = "no_time"     // it suggests a time that no meeting can have
	NoAnswer   Outcome = "no_answer"   // a mail that answers nothing
	Later      Outcome = "later"       // the database could not be asked
)

// Server takes mails from the municipality's mail server. It knows nobody but
// by the signed address, so that only that server need reach it.
type Server struct {
	Addresses Addresses
	Take      Taker
	Log       *slog.Logger
}

const (
	patience       = 30 * time.Second
	mostRecipients = 20
	mostMailLine   = 8 << 10
)

// Listen opens host:port or, for what begins with a slash, a socket in the file
// system, which its directory protects.
func Listen(ctx context.Context, at string) (net.Listener, error) {
	network := "tcp"
	if strings.HasPrefix(at, "/") {
		network = "unix"
		if err := os.Remove(at); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("clear the socket for replies: %w", err)
		}
	}
	l, err := new(net.ListenConfig).Listen(ctx, network, at)
	if err != nil {
		return nil, fmt.Errorf("listen for replies: %w", err)
	}
	return l, nil
}

// Serve takes mails until the context ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{server: s, ctx: ctx}, nil
	}))
	server.LMTP = true
	server.Domain = s.Addresses.domain
	server.MaxMessageBytes = Most
	server.MaxRecipients = mostRecipients
	server.MaxLineLength = mostMailLine
	server.ReadTimeout, server.WriteTimeout = patience, patience
	server.ErrorLog = silent{} // it repeats what clients say
	stop := context.AfterFunc(ctx, func() { _ = server.Close(); _ = l.Close() })
	defer stop()
	if err := server.Serve(l); err != nil && ctx.Err() == nil {
		return fmt.Errorf("take replies: %w", err)
	}
	return nil
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

// session is one conversation with the mail server.
type session struct {
	server *Server
	ctx    context.Context //nolint:containedctx // the library gives a session none
	to     []string
}

// Mail asks nothing about the sender: whoever wants to can claim to be anybody.
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if _, ok := s.server.Addresses.Read(to); !ok {
		return said(550, 1, 1, "no such address")
	}
	s.to = append(s.to, to)
	return nil
}

// Data is for a plain SMTP conversation, which the server does not hold.
func (s *session) Data(io.Reader) error { return said(502, 5, 1, "only LMTP is spoken here") }

// LMTPData reads a mail and says for each address what became of it. What did
// not count goes back to the sender in words that tell of nothing.
func (s *session) LMTPData(r io.Reader, status smtp.StatusCollector) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err //nolint:wrapcheck // the library's own answer, such as 552 to what is too large
	}
	answer, err := Read(raw)
	for _, to := range s.to {
		outcome := NoAnswer
		switch {
		case errors.Is(err, ErrNoTime):
			outcome = NoTime
		case err == nil:
			address, _ := s.server.Addresses.Read(to)
			outcome = s.server.Take(s.ctx, address, answer)
		}
		s.server.Log.InfoContext(s.ctx, "a mail came to an address for answers", slog.String("outcome", string(outcome)))
		status.SetStatus(to, outcome.status())
	}
	return nil
}

func (o Outcome) status() error { // as the mail server hears it
	switch o {
	case Taken:
		return nil
	case Later:
		return said(451, 3, 0, "please try again later")
	case NotCounted:
		return said(550, 7, 1, "the answer could not be taken; please sign in to answer")
	case NoTime:
		return said(550, 6, 1, "the suggested time cannot be read, is too long, has passed or is too far ahead; "+
			"what was answered before stands, please sign in to answer")
	default:
		return said(550, 6, 1, "only answers of calendar programs are read here; please sign in instead")
	}
}

func (s *session) Reset() { s.to = nil }

func (s *session) Logout() error { return nil }

func said(code, subject, detail int, text string) *smtp.SMTPError {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, subject, detail}, Message: text}
}
