package mailcatch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// kept is how many mails stay in memory; the oldest go first.
const kept = 1000

// maxSize bounds one mail; the portal's own are below 4 kB.
const maxSize = 1 << 20

// Message is one mail as it came in.
type Message struct {
	Number int
	From   string
	To     []string
	Raw    []byte
}

// Catcher is a running mail server with a page. Close ends it.
type Catcher struct {
	smtp     *smtp.Server
	web      *http.Server
	smtpAddr string
	webAddr  string
	listener net.Listener // of SMTP

	mu       sync.Mutex
	messages []Message
	count    int
	arrived  chan struct{} // closed and replaced at every arrival
	refuse   func(recipient string) *smtp.SMTPError
	keepAll  bool
	phone    gateway
	replies  string // where calendar programs' answers are handed in; empty where nowhere
	serving  sync.WaitGroup
}

// Start listens for mail and for the page, both on loopback. The address is
// 127.0.0.1:port; port 0 takes a free one.
func Start(ctx context.Context, smtpAddr, webAddr string, log *slog.Logger) (*Catcher, error) {
	c := &Catcher{arrived: make(chan struct{})}
	smtpListener, err := listen(ctx, smtpAddr)
	if err != nil {
		return nil, err
	}
	webListener, err := listen(ctx, webAddr)
	if err != nil {
		return nil, errors.Join(err, smtpListener.Close())
	}
	c.listener = smtpListener
	c.smtpAddr, c.webAddr = smtpListener.Addr().String(), webListener.Addr().String()
	c.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{catcher: c}, nil }))
	c.smtp.Domain = "mailcatch.localhost"
	c.smtp.MaxMessageBytes = maxSize
	c.smtp.ReadTimeout, c.smtp.WriteTimeout = 30*time.Second, 30*time.Second
	c.smtp.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelDebug)
	c.web = &http.Server{Handler: c.pages(), ReadHeaderTimeout: 5 * time.Second}
	c.serving.Go(func() { c.end(log, c.smtp.Serve(smtpListener)) })
	c.serving.Go(func() { c.end(log, c.web.Serve(webListener)) })
	return c, nil
}

// listen refuses every address that others could reach.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen at %s: %w", addr, err)
	}
	if tcp, ok := l.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		return nil, errors.Join(fmt.Errorf("%s is not on loopback", addr), l.Close())
	}
	return l, nil
}

func (c *Catcher) end(log *slog.Logger, err error) {
	if err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		log.Error("the mail catcher ended", slog.Any("error", err))
	}
}

// SMTPAddr is where mail is handed in, as host:port.
func (c *Catcher) SMTPAddr() string { return c.smtpAddr }

// URL is the address of the page.
func (c *Catcher) URL() string { return "http://" + c.webAddr }

// Close ends both servers and waits for them.
func (c *Catcher) Close() error {
	err := errors.Join(c.smtp.Close(), c.web.Close())
	_ = c.listener.Close() // where the library had not yet begun to serve it, it does not close it
	c.serving.Wait()
	if errors.Is(err, smtp.ErrServerClosed) {
		return nil // closed before
	}
	return err
}

// Messages are the mails kept, oldest first.
func (c *Catcher) Messages() []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.messages)
}

// KeepAll lets no mail go, for whoever counts them.
func (c *Catcher) KeepAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keepAll = true
}

// Wait returns when n mails have come in since the start, or with the
// context's error.
func (c *Catcher) Wait(ctx context.Context, n int) error {
	for {
		c.mu.Lock()
		count, arrived := c.count, c.arrived
		c.mu.Unlock()
		if count >= n {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d mails: %w", count, n, ctx.Err())
		case <-arrived:
		}
	}
}

// Refuse makes the server answer a recipient with a code of SMTP from now on,
// such as 450 (try again) or 550 (never); 0 takes the mail. It repeats the
// address, as many servers do, so that tests find it where it must not be.
func (c *Catcher) Refuse(code func(recipient string) int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refuse = func(recipient string) *smtp.SMTPError {
		if n := code(recipient); n != 0 {
			return &smtp.SMTPError{Code: n, EnhancedCode: smtp.NoEnhancedCode, Message: "not to <" + recipient + ">"}
		}
		return nil
	}
}

func (c *Catcher) refusal(recipient string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refuse == nil {
		return nil
	}
	if refused := c.refuse(recipient); refused != nil {
		return refused
	}
	return nil
}

func (c *Catcher) keep(m Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	m.Number = c.count
	if len(c.messages) == kept && !c.keepAll {
		c.messages = c.messages[1:]
	}
	c.messages = append(c.messages, m)
	close(c.arrived)
	c.arrived = make(chan struct{})
}

// session is one client's conversation.
type session struct {
	catcher *Catcher
	message Message
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.message = Message{From: from}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.catcher.refusal(to); err != nil {
		return err
	}
	s.message.To = append(s.message.To, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("read the mail: %w", err)
	}
	s.message.Raw = raw
	s.catcher.keep(s.message)
	return nil
}

func (s *session) Reset() { s.message = Message{} }

func (s *session) Logout() error { return nil }
