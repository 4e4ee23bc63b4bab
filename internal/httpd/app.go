package httpd

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/cursor"
	"sigportal/internal/directory"
	"sigportal/internal/draft"
	"sigportal/internal/inquiry"
	"sigportal/internal/login"
	"sigportal/internal/meeting"
	"sigportal/internal/notice"
	"sigportal/internal/oversight"
	"sigportal/internal/paper"
	"sigportal/internal/plan"
	"sigportal/internal/question"
	"sigportal/internal/sharing"
)

// Config is what the operator decides about the face of the portal.
type Config struct {
	BaseURL string   // the address that people use, such as https://portal.example
	Hosts   []string // every Host that is answered; anything else is refused
	Issuers []string // origins of the issuers and of their end-session addresses
	// Providers are the ways to sign in, in the order in which pages offer them.
	Providers      []Provider
	Phone          string        // help by phone, shown on every page of a family
	ExitURL        string        // where leaving quickly leads: a public page that says nothing about the reader
	Timeout        time.Duration // of one request, 10 s unless told
	Limits         Limits
	CalendarDomain string // ends the names of meetings in calendars, as in the mails
	AtOnce         int64  // requests under way, 256 unless told
}

// Deps are what the pages need. Services are added here as fields, one each.
type Deps struct {
	Config Config
	Log    *slog.Logger
	Now    func() time.Time // wall clock, for limits and the access log only
	Files  fs.FS            // web.Files: templates and static
	// Login answers the addresses of login and logout, and tells who asks.
	Login *login.Service
	// Sharing is items, disclosures and received copies.
	Sharing *sharing.Service
	// Meeting is network meetings.
	Meeting *meeting.Service
	// Draft keeps what somebody types until it is saved.
	Draft *draft.Service
	// Question is the directed questions between functions.
	Question *question.Service
	// Notice is how each person wants to be told.
	Notice *notice.Service
	// Plan is the implementation plan.
	Plan *plan.Service
	// Printer makes documents of pages; one that cannot is no fault.
	Printer *paper.Printer
	// Inquiry is what the family asks of the authorities.
	Inquiry *inquiry.Service
	// Casework is everything around a case but its consent and its items.
	Casework *casework.Service
	// Consenting is everything that a consent goes through.
	Consenting *consenting.Service
	// Directory is who is who, for choosing whom a consent names.
	Directory *directory.Service
	// Oversight is the ledger for those who look after it.
	Oversight *oversight.Service
	// CursorKey seals where the next page of a list begins: 32 bytes, the same
	// in every replica.
	CursorKey []byte
	// Visitor tells who asks, afresh for every request; a request without a
	// session is a zero Visitor and no error. Left out, it is Login's answer.
	Visitor func(*fiber.Ctx) (Visitor, error)
	// Live answers the upgrade to a websocket.
	Live fiber.Handler
	// Answered is told of every answer, for the operator's figures; nil means
	// that nobody counts. The route is its pattern.
	Answered func(method, route string, status int, took time.Duration)
	// Alarm is told of what must never happen, by a fixed word; nil means that
	// nobody counts.
	Alarm func(kind string)
	// Healthy is nil while the replica can do its work.
	Healthy func(context.Context) error
	// LedgerKey is the public key that receipts are verified against, as text.
	LedgerKey string
	// ReportBarrier keeps what somebody says hinders them, and gives its number.
	ReportBarrier func(ctx context.Context, page, text string) (string, error)
	// Mount adds the routes of the API, inside everything that stands around the
	// pages: hosts, the cross-site rule, deadlines, headers, answers to errors.
	// nil means that there is none.
	Mount func(*fiber.App)
	// Samples adds /_pages, which shows every page with made-up data: the demo's.
	Samples bool
}

// App is the web application: the routes over the services.
type App struct {
	deps    Deps
	secure  bool
	headers [][2]string
	hosts   map[string]bool
	cross   *http.CrossOriginProtection
	limits  *limiter
	crowd   *crowd
	assets  *assets
	pages   *renderer
	cursors *cursor.Sealer
	drafts  drafts
}

// New builds the application. Whatever is wrong with the templates or the
// assets is found here and not at a request.
func New(deps Deps) (*fiber.App, error) {
	a, err := newApp(deps)
	if err != nil {
		return nil, err
	}
	return a.fiber(a.routes(), true), nil
}

func newApp(deps Deps) (*App, error) {
	a := &App{deps: deps, cross: http.NewCrossOriginProtection(), limits: newLimiter(deps.Config.Limits, deps.Now), crowd: newCrowd(deps.Config.AtOnce)}
	if a.deps.Visitor == nil {
		a.deps.Visitor = visitorOf(deps.Login)
	}
	if a.deps.Config.Timeout == 0 {
		a.deps.Config.Timeout = 10 * time.Second
	}
	if err := a.readConfig(); err != nil {
		return nil, err
	}
	var err error
	if a.assets, err = loadAssets(deps.Files); err != nil {
		return nil, err
	}
	if a.pages, err = loadPages(deps.Files, a.assets); err != nil {
		return nil, err
	}
	if a.cursors, err = cursor.New(deps.CursorKey); err != nil {
		return nil, err
	}
	return a, nil
}

// fiber makes the server. Immutable is true in the product: Fiber reuses its
// request buffers, and a kept parameter would become another person's; the
// argument exists for the test that shows what happens without.
func (a *App) fiber(routes []Route, immutable bool) *fiber.App {
	app := fiber.New(fiber.Config{
		AppName:                      "sigportal",
		Immutable:                    immutable,
		CaseSensitive:                true,
		StrictRouting:                true,
		BodyLimit:                    bodyMax,
		ReadBufferSize:               8 << 10, // the longest header
		ReadTimeout:                  10 * time.Second,
		WriteTimeout:                 30 * time.Second,
		IdleTimeout:                  60 * time.Second,
		RequestMethods:               methods,
		DisableStartupMessage:        true,
		DisablePreParseMultipartForm: true,
		EnableTrustedProxyCheck:      true, // with no proxy trusted: X-Forwarded-* is never believed
		ErrorHandler:                 a.lastResort,
	})
	// A connection that became a websocket is the hub's, whole; fasthttp then
	// gives back its buffers at once instead of keeping them for each socket.
	app.Server().KeepHijackedConns = true
	app.Server().NoDefaultServerHeader = true
	app.Server().HeaderReceived = roomFor
	inner := app.Server().Handler
	app.Server().Handler = func(c *fasthttp.RequestCtx) {
		a.setHeaders(&c.Response.Header) // also on what Fiber answers on its own
		inner(c)
	}
	app.Use(a.around)
	for _, route := range routes {
		app.Add(route.Method, route.Path, a.enter(route))
		if route.Method == fiber.MethodGet && route.Level == Public && !strings.HasPrefix(route.Path, "/login/") {
			app.Add(fiber.MethodHead, route.Path, a.enter(route))
		}
	}
	if a.deps.Mount != nil {
		a.deps.Mount(app)
	}
	return app
}
