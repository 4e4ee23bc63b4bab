package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"sigportal/internal/words"
)

// handOver bounds one conversation with the mail server.
const handOver = 20 * time.Second

// Config says where mail is handed over and what it says of the portal.
type Config struct {
	Address  string // host:port of the mail server
	From     string // the sender's bare address
	User     string
	Password string
	TLS      string // starttls, tls, or none (a server on loopback)
	Link     string // the portal's front page
	Phone    string // for help; may be empty
}

// Sender hands mails to one mail server. It keeps no connection between mails,
// so that a server that goes away and comes back needs no care.
type Sender struct {
	config Config
	host   string
	port   int
	domain string // right half of From: names us to the server and ends Message-IDs
}

// New checks the configuration; it does not talk to the server.
func New(c Config) (*Sender, error) {
	host, portText, err := net.SplitHostPort(c.Address)
	if err != nil {
		return nil, errors.New("the mail server's address is not host:port")
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, errors.New("the mail server's port is not a number")
	}
	from, err := netmail.ParseAddress(c.From)
	if err != nil || from.Address != c.From {
		return nil, errors.New("the sender is not a bare mail address")
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	s := &Sender{config: c, host: host, port: port, domain: domain}
	_, err = s.client()
	return s, err
}

// From is the sender's bare address.
func (s *Sender) From() string { return s.config.From }

// Domain is the right half of it.
func (s *Sender) Domain() string { return s.domain }

// Page is the address of one of the portal's pages.
func (s *Sender) Page(path string) string { return strings.TrimSuffix(s.config.Link, "/") + path }

// Send hands one mail over; nil means that the server has it. Every other
// answer is a *Failure, after which the mail may have arrived all the same: the
// fixed Message-ID lets the receiving side see that.
func (s *Sender) Send(ctx context.Context, letter Letter) error {
	message, err := s.compose(letter)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, handOver)
	defer cancel()
	return failure(client.DialAndSendWithContext(ctx, message))
}

func (s *Sender) client() (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithHELO(s.domain), gomail.WithTimeout(handOver), gomail.WithoutSMTPUTF8(),
	}
	switch s.config.TLS {
	case "starttls":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "tls":
		options = append(options, gomail.WithSSL())
	case "none":
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, errors.New("TLS to the mail server is one of starttls, tls, none")
	}
	if s.config.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(s.config.User), gomail.WithPassword(s.config.Password))
	}
	client, err := gomail.NewClient(s.host, options...)
	if err != nil {
		return nil, fmt.Errorf("prepare the mail client: %w", err)
	}
	return client, nil
}

// compose writes the message. It is plain text, and for a meeting the calendar
// entry beside it: nothing in it can be loaded from afar, and every reader shows
// it the same.
func (s *Sender) compose(letter Letter) (*gomail.Msg, error) {
	w := words.For(letter.Language)
	if !letter.Citizen {
		w = w.ForStaff()
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.FromFormat(w.T("mail.sender"), s.config.From); err != nil {
		return nil, &Failure{Step: "the sender is no mail address"}
	}
	to, err := netmail.ParseAddress(letter.To)
	if err != nil || to.Address != letter.To {
		return nil, &Failure{Step: "the recipient has no usable address", Permanent: true}
	}
	if err := m.To(to.Address); err != nil {
		return nil, &Failure{Step: "the recipient has no usable address", Permanent: true}
	}
	m.Subject(letter.subject(w))
	m.SetMessageIDWithValue(letter.MessageID + "@" + s.domain)
	m.SetDate() // wall clock: what mail servers compare with
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	m.SetGenHeader("Content-Language", w.Tag())
	if letter.Answers != nil && letter.Answers.ReplyTo != "" {
		if err := m.ReplyTo(letter.Answers.ReplyTo); err != nil {
			return nil, &Failure{Step: "the address for answers is no mail address"}
		}
	}
	m.SetBodyString(gomail.TypeTextPlain, letter.text(w, s.config.Link, s.config.Phone))
	if letter.Entry != nil {
		m.AddAlternativeString(gomail.ContentType("text/calendar; method="+letter.Entry.Method), string(letter.Entry.Text))
	}
	return m, nil
}
