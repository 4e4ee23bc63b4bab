package login

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
)

// Config is what the operator decides about logins.
type Config struct {
	// Bases are the addresses at which this portal answers, scheme and host: the
	// one that people type first, then each replica's own. A login returns to
	// the one that it began at, and to no other.
	Bases     []string
	Providers []Provider
	// PINHash is the keyed hash by which citizens are found, of the twelve digits.
	PINHash func(digits string) []byte
	// Language is the language that the reader has chosen; nil means Swedish.
	Language func(*fiber.Ctx) string
	Log      *slog.Logger
	// Now is wall clock, for tokens only; nil means the machine's.
	Now func() time.Time
}

// Paths that logins end at; the pages there belong to the site map.
const (
	StartPath = "/start"
	HatPath   = "/hat"
)

// Service answers the addresses of login and logout, and tells every other
// handler who asks.
type Service struct {
	db        *postgres.DB
	cfg       Config
	relations map[string]*relation
	bases     map[string]string // by Host
}

// New checks the configuration. It reaches no provider: one that is down when
// the portal starts is found when somebody wants to sign in there.
func New(db *postgres.DB, cfg Config) (*Service, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now // protocol time
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.PINHash == nil || len(cfg.Bases) == 0 {
		return nil, errors.New("login needs the hash of personal numbers and its own addresses")
	}
	s := &Service{db: db, cfg: cfg, relations: map[string]*relation{}, bases: map[string]string{}}
	for _, base := range cfg.Bases {
		u, err := url.Parse(base)
		if err != nil || u.Host == "" || base != u.Scheme+"://"+u.Host {
			return nil, errors.New("a base address is scheme and host only")
		}
		s.bases[u.Host] = base
	}
	for _, p := range cfg.Providers {
		if s.relations[p.Word] != nil {
			return nil, fmt.Errorf("provider %s is configured twice", p.Word)
		}
		r, err := newRelation(p, cfg.Now)
		if err != nil {
			return nil, err
		}
		s.relations[p.Word] = r
	}
	return s, nil
}

// Mount adds the addresses of this package to a router that has no site map of
// its own, such as a test's.
func (s *Service) Mount(app fiber.Router) {
	app.Get("/login/:provider", s.Start)
	app.Post("/login/:provider", s.Start)
	app.Get("/login/:provider/callback", s.Callback)
	app.Post("/logout", s.Logout)
	app.Post("/logout/:provider/backchannel", s.BackChannel)
	app.Post(HatPath, s.ChooseHat)
	app.Post("/sessions/:id/end", s.EndSession)
}

// FormActions are the origins that a form of ours may lead to by redirect: the
// providers' own. They belong into form-action of the content policy.
func (s *Service) FormActions() []string {
	var origins []string
	for _, p := range s.cfg.Providers {
		if u, err := url.Parse(p.Issuer); err == nil {
			origins = append(origins, u.Scheme+"://"+u.Host)
		}
		for _, host := range p.Hosts {
			origins = append(origins, "https://"+host)
		}
	}
	slices.Sort(origins)
	return slices.Compact(origins)
}

// base is the address at which this request came in, if it is one of ours.
func (s *Service) base(c *fiber.Ctx) (string, error) {
	base, ok := s.bases[string(c.Request().Host())]
	if !ok {
		return "", fault.New(fault.Malformed, "error.malformed")
	}
	return base, nil
}

func (s *Service) relation(word string) (*relation, error) {
	r, ok := s.relations[word]
	if !ok {
		return nil, fault.Missing()
	}
	return r, nil
}

func (s *Service) language(c *fiber.Ctx) string {
	if s.cfg.Language != nil {
		if language := s.cfg.Language(c); language != "" {
			return language
		}
	}
	return "sv"
}

var localPath = regexp.MustCompile(`^/([A-Za-z0-9_~.-][A-Za-z0-9_~./-]*)?(\?[A-Za-z0-9_~./=&-]*)?$`)

// homeward keeps a return address inside the portal; anything that is not
// plainly one of our own paths becomes the start page.
func homeward(path string) string {
	if path == "/" || len(path) > 512 || !localPath.MatchString(path) {
		return StartPath
	}
	return path
}
