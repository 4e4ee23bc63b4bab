package portal

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/api"
	"sigportal/internal/config"
	"sigportal/internal/httpd"
	"sigportal/internal/ledger"
	"sigportal/internal/live"
	"sigportal/internal/login"
	"sigportal/internal/obs"
	"sigportal/internal/paper"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
	"sigportal/web"
)

// built is the portal put together: what answers, and what works beside it.
type built struct {
	app   *fiber.App
	tasks []func(context.Context) error
}

// build puts services, pages and background work together.
func build(cfg config.Serve, log *slog.Logger, dbs *databases, metrics *obs.Metrics, o options) (*built, error) {
	sealer, err := newSealer(cfg)
	if err != nil {
		return nil, err
	}
	signer, err := ledger.NewSigner(cfg.LedgerKey.Reveal())
	if err != nil {
		return nil, fmt.Errorf("SIG_LEDGER_KEY: %w", err)
	}
	providers, err := config.ReadProviders(cfg.Providers)
	if err != nil {
		return nil, err
	}
	bases := append([]string{cfg.Origin}, cfg.Origins...)
	logins, err := login.New(dbs.app, login.Config{
		Bases: bases, Providers: loginProviders(providers), PINHash: sealer.PINHash, Log: log, Language: httpd.LanguageTag,
	})
	if err != nil {
		return nil, fmt.Errorf("set up logins: %w", err)
	}
	hub := live.NewHub(live.Config{
		DB: dbs.app, Log: log, Authenticate: httpd.LiveTopics(logins), Ended: dbs.app.EndedSessions,
	})
	if err := metrics.Gauge("sig_sockets", "Open websockets.", func() float64 { return float64(hub.Open()) }); err != nil {
		return nil, fmt.Errorf("count sockets: %w", err)
	}
	cursors, err := cursorKey(cfg)
	if err != nil {
		return nil, err
	}
	served := newServices(dbs, sealer, cfg)
	programs, err := api.New(api.Deps{
		Casework: served.casework, Consenting: served.consenting, Sharing: served.sharing, Directory: served.directory, Meeting: served.meeting, Plan: served.plan, Question: served.question, Inquiry: served.inquiry, Notice: served.notice, Oversight: served.oversight,
		Login:   logins,
		BaseURL: cfg.Origin, CursorKey: cursors, Allow: httpd.Allow, SignedOut: httpd.SignedOut(),
	})
	if err != nil {
		return nil, fmt.Errorf("build the API: %w", err)
	}
	printer, err := paper.New(cfg.Chromium)
	if err != nil {
		return nil, fmt.Errorf("SIG_CHROMIUM: %w", err)
	}
	app, err := httpd.New(httpd.Deps{
		Config: httpd.Config{
			BaseURL: cfg.Origin, CalendarDomain: cfg.CalendarDomain(), Hosts: hosts(bases), Issuers: logins.FormActions(),
			Providers: frontProviders(providers), Phone: cfg.Phone, ExitURL: cfg.ExitURL, AtOnce: cfg.Requests,
		},
		Log: log, Now: time.Now, Files: web.Files, //nolint:forbidigo // limits and the access log, which are wall clock
		Sharing: served.sharing, Casework: served.casework, Consenting: served.consenting, Directory: served.directory,
		Oversight: served.oversight, Meeting: served.meeting, Plan: served.plan, Inquiry: served.inquiry, Question: served.question, Notice: served.notice, Draft: served.draft,
		CursorKey: cursors, Printer: printer,
		Login: logins, Live: hub.Handler, Healthy: dbs.healthy,
		LedgerKey: signer.VerifierKey(), Samples: o.samples,
		ReportBarrier: barriers(dbs.app), Answered: metrics.Request, Alarm: metrics.Alarm, Mount: programs.Mount,
	})
	if err != nil {
		return nil, fmt.Errorf("build the pages: %w", err)
	}
	clock := newAlarm(dbs, served.consenting, log)
	replies, err := replyAddresses(cfg)
	if err != nil {
		return nil, err
	}
	mails, err := sendMail(cfg, dbs.worker, sealer, replies, clock, log)
	if err != nil {
		return nil, err
	}
	sequencer := postgres.NewSequencer(dbs.worker, signer, log)
	sequencer.Alarmed = func() { metrics.Alarm("ledger_tampered") }
	return &built{app: app, tasks: []func(context.Context) error{
		hub.Run,
		sequencer.Run,
		func(ctx context.Context) error { clock.Run(ctx); return nil },
		mails,
		takeReplies(cfg, replies, served.meeting, log),
	}}, nil
}

// barriers keeps what somebody says hinders them. Nobody need be signed in for
// that, and who says it is not kept.
func barriers(db *postgres.DB) func(ctx context.Context, page, text string) (string, error) {
	return func(ctx context.Context, page, text string) (string, error) {
		id := uuid.New()
		err := db.Do(ctx, sig.System("accessibility report"), func(tx *postgres.Tx) error {
			return tx.InsertBarrierReport(ctx, id, page, text)
		})
		return id.String(), err
	}
}

func newSealer(cfg config.Serve) (*seal.Sealer, error) {
	lookup, err := seal.ReadKey(cfg.LookupKey.Reveal())
	if err != nil {
		return nil, fmt.Errorf("SIG_LOOKUP_KEY: %w", err)
	}
	var keys [][]byte
	for _, text := range append([]config.Secret{cfg.KEK}, cfg.OldKEKs...) {
		key, err := seal.ReadKey(text.Reveal())
		if err != nil {
			return nil, fmt.Errorf("SIG_KEK or SIG_OLD_KEKS: %w", err)
		}
		keys = append(keys, key)
	}
	sealer, err := seal.New(lookup, keys...)
	if err != nil {
		return nil, fmt.Errorf("set up sealing: %w", err)
	}
	return sealer, nil
}

// cursorKey seals the cursors of lists: derived, so that every replica has the
// same one and nobody has to keep another secret.
func cursorKey(cfg config.Serve) ([]byte, error) {
	lookup, err := seal.ReadKey(cfg.LookupKey.Reveal())
	if err != nil {
		return nil, fmt.Errorf("SIG_LOOKUP_KEY: %w", err)
	}
	key, err := hkdf.Key(sha256.New, lookup, nil, "sigportal cursors of lists", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of cursors: %w", err)
	}
	return key, nil
}

// hosts are the Host headers that are answered: config has checked the origins.
func hosts(origins []string) []string {
	var list []string
	for _, origin := range origins {
		if u, err := url.Parse(origin); err == nil {
			list = append(list, u.Host)
		}
	}
	return list
}
