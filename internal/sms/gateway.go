package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// handOver bounds one conversation with the gateway.
const handOver = 15 * time.Second

// maxAnswer is how much of the gateway's answer is read; none of it is kept.
const maxAnswer = 4 << 10

// Config says where text messages are handed over.
type Config struct {
	URL   string // https, or http on loopback
	Token string
	From  string // what the telephone shows as the sender; at most eleven letters and digits, or a number
	Link  string // the portal's front page
}

// Gateway hands messages to one gateway.
type Gateway struct {
	config Config
	client *http.Client
}

// New checks the configuration; it does not talk to the gateway.
func New(c Config) (*Gateway, error) {
	at, err := url.Parse(c.URL)
	if err != nil || at.Host == "" || at.User != nil {
		return nil, errors.New("the gateway's address is not https://…")
	}
	if at.Scheme != "https" && (at.Scheme != "http" || !loopback(at.Hostname())) {
		return nil, errors.New("the gateway's address is not https://…, which it may lack on loopback only")
	}
	if c.Token == "" {
		return nil, errors.New("the gateway's token is missing")
	}
	return &Gateway{config: c, client: &http.Client{
		Timeout: handOver,
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: handOver,
			DisableKeepAlives: true, // a gateway that goes away and comes back needs no care
		},
		// Elsewhere nobody is told the number, and the token goes nowhere else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Message is one text message to one telephone.
type Message struct {
	ID       string // fixed when it was queued
	To       sig.PhoneNumber
	Kind     sig.MailKind
	Language string
	Citizen  bool
}

// Text is what the telephone shows: one of the fixed sentences, and where to
// sign in.
func (m Message) Text(link string) string {
	w := words.For(m.Language)
	if !m.Citizen {
		w = w.ForStaff()
	}
	return w.T(sentence(m.Kind), "link", link)
}

// sentence is the fixed sentence for a kind. They are fewer than the kinds: a
// telephone on a table tells no more than that somebody should sign in.
func sentence(k sig.MailKind) string {
	switch k {
	case sig.MailCollaborationEnded:
		return "sms.changed"
	case sig.MailMeetingReminder:
		return "sms.tomorrow"
	case sig.MailConsentToSign, sig.MailPartRequested, sig.MailApprovalNeeded, sig.MailLeadNewGrant, sig.MailTaskDue,
		sig.MailProposalReceived, sig.MailExpiryReminder:
		return "sms.waits"
	default:
		return "sms.news"
	}
}

// Failure is why a message was not handed over: the step and the gateway's
// status, and never its words, which tend to repeat the number.
type Failure struct {
	Step      string
	Status    int // of HTTP; 0 when nobody answered
	Permanent bool
}

// Error names step and status.
func (f *Failure) Error() string {
	if f.Status == 0 {
		return "sms: " + f.Step
	}
	return fmt.Sprintf("sms: %s: the gateway answered %d", f.Step, f.Status)
}

// Send hands one message over; nil means that the gateway has it. Every other
// answer is a *Failure, after which the message may have arrived all the same:
// the fixed id lets the gateway see that.
func (g *Gateway) Send(ctx context.Context, m Message) error {
	if read, ok := sig.ReadPhoneNumber(string(m.To)); !ok || read != m.To {
		return &Failure{Step: "the recipient has no usable number", Permanent: true}
	}
	body, err := json.Marshal(map[string]string{"id": m.ID, "to": string(m.To), "from": g.config.From, "text": m.Text(g.config.Link)})
	if err != nil {
		return &Failure{Step: "the message cannot be written"}
	}
	ctx, cancel := context.WithTimeout(ctx, handOver)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.config.URL, bytes.NewReader(body))
	if err != nil {
		return &Failure{Step: "the gateway cannot be asked"}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+g.config.Token)
	request.Header.Set("Idempotency-Key", m.ID)
	request.Header.Set("User-Agent", "sigportal")
	answer, err := g.client.Do(request)
	if err != nil {
		return &Failure{Step: "the gateway cannot be reached"}
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer))
	if answer.StatusCode/100 == 2 {
		return nil
	}
	return &Failure{Step: "the message is not taken", Status: answer.StatusCode, Permanent: final(answer.StatusCode)}
}

// final tells an answer about this message from one about the gateway or our
// account with it, which somebody will mend.
func final(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnprocessableEntity || status == http.StatusGone
}
