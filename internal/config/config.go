package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Serve is everything that `sigportal serve` is told from outside.
type Serve struct {
	Origin         string         `env:"SIG_ORIGIN,required,notEmpty" help:"The address that people type, such as https://sig.example.se: scheme and host, no path"`
	Origins        []string       `env:"SIG_REPLICA_ORIGINS" help:"Further addresses at which single replicas answer for themselves, by comma"`
	Phone          string         `env:"SIG_PHONE" help:"Telephone number for help, shown on every page of a family"`
	ExitURL        string         `env:"SIG_EXIT_URL" envDefault:"https://www.smhi.se/" help:"Where *Lämna snabbt* leads a family: a public page that says nothing about who opens it"`
	Listen         string         `env:"SIG_LISTEN" envDefault:"127.0.0.1:8080" help:"Where the portal listens; TLS ends at the proxy in front"`
	MetricsListen  string         `env:"SIG_METRICS_LISTEN" envDefault:"127.0.0.1:9464" help:"Where Prometheus reads figures; loopback only"`
	TrustedProxies []netip.Prefix `env:"SIG_TRUSTED_PROXIES" help:"Networks of the proxies whose X-Forwarded-For is believed, by comma"`
	LogLevel       string         `env:"SIG_LOG_LEVEL" envDefault:"info" help:"debug, info, warn or error"`
	StopWithin     time.Duration  `env:"SIG_STOP_WITHIN" envDefault:"15s" help:"How long requests may finish after SIGTERM"`

	AppURL      Secret `env:"SIG_APP_DATABASE_URL,required,notEmpty" help:"Database address under the role sig_app"`
	WorkerURL   Secret `env:"SIG_WORKER_DATABASE_URL,required,notEmpty" help:"Database address under the role sig_worker"`
	ReviewerURL Secret `env:"SIG_REVIEWER_DATABASE_URL,required,notEmpty" help:"Database address under the role sig_reviewer"`
	AppConns    int32  `env:"SIG_APP_CONNECTIONS" envDefault:"24" help:"Connections that pages may use, of which each replica has so many"`
	Requests    int64  `env:"SIG_REQUESTS_AT_ONCE" envDefault:"256" help:"How many requests a replica takes at the same time; one more is told to come back in two seconds (503), unless it signs somebody in or out or takes a consent back"`
	AtOnce      int64  `env:"SIG_APP_AT_ONCE" envDefault:"0" help:"How many of the staff's transactions a replica lets work in the database at the same time; the others wait for their turn, at most two seconds. As many as the database has processors for it; 0 means as many as this machine has"`

	KEK        Secret   `env:"SIG_KEK,required,notEmpty" help:"Key-encryption key of the sealed texts: openssl rand -base64 32"`
	OldKEKs    []Secret `env:"SIG_OLD_KEKS" help:"Earlier key-encryption keys, by comma, while their data keys are wrapped anew"`
	LookupKey  Secret   `env:"SIG_LOOKUP_KEY,required,notEmpty" help:"Key of the hashes by which people are found: openssl rand -base64 32; never changes"`
	LedgerKey  Secret   `env:"SIG_LEDGER_KEY,required,notEmpty" help:"Signing key of the ledger's checkpoints, from sigportal ledger key"`
	LedgerHead string   `env:"SIG_LEDGER_HEAD" help:"File outside the database where the ledger's newest signed head is kept; serve refuses a database that is older, such as a restored backup"`

	Chromium string `env:"SIG_CHROMIUM" help:"Path of Chromium, which makes PDFs of consents, receipts and diaries in a process of its own, without network; without it pages are printed from the reader's browser"`

	Providers Secret `env:"SIG_PROVIDERS,required,notEmpty" help:"The OpenID providers, as YAML; deploy/providers.yaml shows how"`

	Clamd string `env:"SIG_CLAMD_ADDRESS" help:"Where ClamAV's clamd listens, host:port or the path of a socket: every scan that is handed in is asked of it. Without it no scan is taken"`

	MailAddress  string `env:"SIG_MAIL_ADDRESS" help:"host:port of the mail server; without it no mail is sent"`
	MailFrom     string `env:"SIG_MAIL_FROM" help:"Sender of all mail"`
	MailUser     string `env:"SIG_MAIL_USER" help:"User at the mail server"`
	MailPassword Secret `env:"SIG_MAIL_PASSWORD" help:"Password at the mail server"`
	MailTLS      string `env:"SIG_MAIL_TLS" envDefault:"starttls" help:"starttls, tls, or none (loopback only)"`
	SMSURL       string `env:"SIG_SMS_URL" help:"Where text messages are handed over: POST of a JSON object with id, to, from and text, to https (http on loopback only); any 2xx takes the message, and the id, sent as Idempotency-Key too, stays the same when it is tried again. Without it nobody is offered text messages; it wants SIG_MAIL_ADDRESS beside it"`
	SMSToken     Secret `env:"SIG_SMS_TOKEN" help:"Bearer token for SIG_SMS_URL"`
	SMSFrom      string `env:"SIG_SMS_FROM" help:"What telephones show as the sender of text messages"`
	ReplyListen  string `env:"SIG_REPLY_LISTEN" help:"Where the mail server hands in answers to calls, by LMTP: host:port, or the path of a socket; it must deliver what comes to SIG_MAIL_FROM with + and anything after its first part. Without it no calendar's answers are taken"`
}

// Migrate is what `sigportal migrate` is told from outside. The owner's
// password is kept from the environment of serve.
type Migrate struct {
	OwnerURL Secret `env:"SIG_OWNER_DATABASE_URL,required,notEmpty" help:"Database address under the role sig_owner"`
}

// LoadServe reads what serve needs from an environment such as os.Environ.
// Its error names every variable at fault and shows no value of a secret.
func LoadServe(environ []string) (Serve, error) {
	var c Serve
	if err := load(environ, &c); err != nil {
		return Serve{}, err
	}
	return c, c.check()
}

// LoadMigrate reads what migrate needs.
func LoadMigrate(environ []string) (Migrate, error) {
	var c Migrate
	return c, load(environ, &c)
}

func (c Serve) check() error {
	var errs []error
	errs = append(errs, checkOrigin("SIG_ORIGIN", c.Origin))
	for _, origin := range c.Origins {
		errs = append(errs, checkOrigin("SIG_REPLICA_ORIGINS", origin))
	}
	if exit, err := url.Parse(c.ExitURL); err != nil || exit.Scheme != "https" || exit.Host == "" {
		errs = append(errs, errors.New("SIG_EXIT_URL: want https://…"))
	}
	if host, _, err := net.SplitHostPort(c.MetricsListen); err != nil || !loopback(host) {
		errs = append(errs, errors.New("SIG_METRICS_LISTEN: want a port on loopback, such as 127.0.0.1:9464"))
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		errs = append(errs, errors.New("SIG_LISTEN: want host:port"))
	}
	if _, _, err := net.SplitHostPort(c.Clamd); err != nil && c.Clamd != "" && !strings.HasPrefix(c.Clamd, "/") {
		errs = append(errs, errors.New("SIG_CLAMD_ADDRESS: want host:port, or a path"))
	}
	errs = append(errs, c.checkMail(), c.checkTexts())
	return errors.Join(errs...)
}

// checkOrigin accepts plain http on loopback only, where the demo lives.
func checkOrigin(name, text string) error {
	origin, err := url.Parse(text)
	switch {
	case err != nil || origin.Host == "" || text != origin.Scheme+"://"+origin.Host:
		return fmt.Errorf("%s: want scheme and host only, such as https://sig.example.se", name)
	case origin.Scheme == "https", origin.Scheme == "http" && loopback(origin.Hostname()):
		return nil
	default:
		return fmt.Errorf("%s: want https", name)
	}
}

// CalendarDomain ends the name that a meeting has in every calendar: the same in
// what is mailed, in a feed and over CalDAV, so that a program that reads two of
// them shows one meeting.
func (c Serve) CalendarDomain() string {
	if _, domain, ok := strings.Cut(c.MailFrom, "@"); ok {
		return domain
	}
	u, err := url.Parse(c.Origin)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func (c Serve) checkMail() error {
	if c.MailAddress == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(c.MailAddress)
	if err != nil {
		return errors.New("SIG_MAIL_ADDRESS: want host:port")
	}
	if c.MailFrom == "" {
		return errors.New("SIG_MAIL_FROM: required when SIG_MAIL_ADDRESS is set")
	}
	if _, _, err := net.SplitHostPort(c.ReplyListen); err != nil && c.ReplyListen != "" && !strings.HasPrefix(c.ReplyListen, "/") {
		return errors.New("SIG_REPLY_LISTEN: want host:port, or a path")
	}
	switch c.MailTLS {
	case "starttls", "tls":
		return nil
	case "none":
		if loopback(host) {
			return nil
		}
		return errors.New("SIG_MAIL_TLS: none is only for a mail server on loopback")
	default:
		return fmt.Errorf("SIG_MAIL_TLS: %q is none of starttls, tls, none", c.MailTLS)
	}
}

// checkTexts: whoever has a gateway for text messages has a mail server too,
// because calls to meetings go by mail whatever their reader chose.
func (c Serve) checkTexts() error {
	at, err := url.Parse(c.SMSURL)
	switch {
	case c.SMSURL == "":
		return nil
	case err != nil || at.Host == "" || at.User != nil || at.Scheme != "https" && (at.Scheme != "http" || !loopback(at.Hostname())):
		return errors.New("SIG_SMS_URL: want https://…")
	case c.SMSToken.Reveal() == "":
		return errors.New("SIG_SMS_TOKEN: required when SIG_SMS_URL is set")
	case c.MailAddress == "":
		return errors.New("SIG_MAIL_ADDRESS: required when SIG_SMS_URL is set")
	default:
		return nil
	}
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
