package api

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/cursor"
	"sigportal/internal/directory"
	"sigportal/internal/inquiry"
	"sigportal/internal/login"
	"sigportal/internal/meeting"
	"sigportal/internal/notice"
	"sigportal/internal/oversight"
	"sigportal/internal/plan"
	"sigportal/internal/question"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// Deps are what the API asks: the services of the pages, and how the pages
// tell who asks.
type Deps struct {
	Casework   *casework.Service
	Consenting *consenting.Service
	Sharing    *sharing.Service
	Meeting    *meeting.Service
	Plan       *plan.Service
	Question   *question.Service
	Inquiry    *inquiry.Service
	Directory  *directory.Service
	Notice     *notice.Service
	Oversight  *oversight.Service
	// Login lists and ends the person's own sessions.
	Login *login.Service
	// BaseURL is the portal's own address, for AuthZEN's configuration.
	BaseURL string
	// CursorKey seals where the next page of a list begins: 32 bytes, the same
	// in every replica.
	CursorKey []byte
	// Actor tells who asks, afresh for every request; a request without a
	// session is a zero Actor and no error. Left out, it is Login's answer.
	Actor func(*fiber.Ctx) (sig.Actor, error)
	// Allow takes one request out of the limits that pages and API share.
	Allow func(c *fiber.Ctx, session uuid.UUID) error
	// SignedOut is the pages' answer where a session is needed.
	SignedOut error
}

// API is the set of operations over the services.
type API struct {
	deps     Deps
	cursors  *cursor.Sealer
	huma     huma.API
	ops      []op
	document []byte
}

// New reads the settings; the routes are made by Mount.
func New(deps Deps) (*API, error) {
	a := &API{deps: deps}
	var err error
	if a.cursors, err = cursor.New(deps.CursorKey); err != nil {
		return nil, err
	}
	if a.deps.Actor == nil {
		a.deps.Actor = actorOf(deps.Login)
	}
	return a, nil
}

// actorOf tells who asks by the session's cookie.
func actorOf(s *login.Service) func(*fiber.Ctx) (sig.Actor, error) {
	return func(c *fiber.Ctx) (sig.Actor, error) {
		current, err := s.Current(c)
		if err != nil || !current.SignedIn() {
			return sig.Actor{}, err
		}
		return current.Actor, nil
	}
}

// strict sets the library's switches, which are variables of its package, once
// for the process: nothing else in it uses the library.
var strict = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true  // "Text" is not "text"
	huma.DefaultArrayNullable = false // a list is a list
	huma.NewError = func(status int, _ string, _ ...error) huma.StatusError { return &Problem{Status: status} }
	huma.NewErrorWithContext = noteWrong
})

// Mount adds every operation to an application that stands around it as
// package httpd's does. It is called once.
func (a *API) Mount(app *fiber.App) {
	strict()
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "sigportal", Version: "1",
				Description: "Every job of the portal, for programs. The session is that of the pages: sign in there, " +
					"send the cookie, and send requests from the portal's own origin.",
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", schemaName),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"session": {Type: "apiKey", In: "cookie", Name: "__Host-sig", Description: "The session of the pages."},
				},
			},
		},
		// The second is what the library looks up for application/problem+json.
		Formats:                      map[string]huma.Format{"application/json": strictJSON, "json": strictJSON},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	}
	a.huma = humafiber.NewWithGroup(app, door{app, a}, config)
	a.register()
	a.serveDocument(app)
}

// serveDocument answers with the OpenAPI document, made once.
func (a *API) serveDocument(app *fiber.App) {
	document, err := json.MarshalIndent(a.huma.OpenAPI(), "", " ")
	if err != nil {
		panic(fmt.Errorf("write the OpenAPI document: %w", err)) // the operations are compiled in
	}
	a.document = document
	o := op{method: fiber.MethodGet, path: DocumentPath, level: Public}
	a.ops = append(a.ops, o)
	app.Add(o.method, o.path, a.enter(o, func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, "application/openapi+json")
		return c.Send(a.document)
	}))
}

// DocumentPath is where the OpenAPI document is.
const DocumentPath = "/api/v1/openapi.json"
