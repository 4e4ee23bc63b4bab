package httpd

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/sig"
	"sigportal/web"
)

const testHost = "portal.example"

// portal is an application over made-up visitors: who asks stands in a header,
// where the product has a session.
type portal struct {
	t   *testing.T
	app *fiber.App
	log *syncBuffer
}

type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

var visitors = map[string]Visitor{
	"nobody":   visitor(sig.ActorNobody),
	"staff":    visitor(sig.ActorStaff),
	"guardian": visitor(sig.ActorGuardian),
	"youth":    visitor(sig.ActorYouth),
}

func visitor(kind sig.ActorKind) Visitor {
	return Visitor{
		Actor: sig.Actor{Kind: kind, Person: sig.PersonID{UUID: uuid.New()}, Session: sig.SessionID{UUID: uuid.New()}, ShownAs: "Kim <b>Berg</b>"},
		Hat:   "Fältassistent, Farsta", Left: 600 * time.Second,
	}
}

func testDeps(log io.Writer) Deps {
	return Deps{
		Config: Config{
			BaseURL: "https://" + testHost, Hosts: []string{"127.0.0.1:8081"}, Phone: "08-508 00 000",
			Issuers:   []string{"https://eid.example/oidc", "https://staff.example/logout?x=1"},
			Providers: sampleProviders,
		},
		Log: slog.New(slog.NewTextHandler(log, nil)), Now: time.Now, Files: web.Files,
		Visitor:   func(c *fiber.Ctx) (Visitor, error) { return visitors[c.Get("Test-Visitor")], nil },
		Healthy:   func(context.Context) error { return nil },
		LedgerKey: "portal.example+1a2b3c4d+AZb0",
		ReportBarrier: func(_ context.Context, _, text string) (string, error) {
			if strings.Contains(text, "broken") {
				return "", io.ErrUnexpectedEOF
			}
			return "7d3f", nil
		},
	}
}

// newPortal starts the application with a few routes beside the product's own.
func newPortal(t *testing.T, change func(*Deps), more ...Route) *portal {
	t.Helper()
	p := &portal{t: t, log: &syncBuffer{}}
	deps := testDeps(p.log)
	if change != nil {
		change(&deps)
	}
	a, err := newApp(deps)
	if err != nil {
		t.Fatal(err)
	}
	p.app = a.fiber(append(a.routes(), more...), true)
	return p
}

type answered struct {
	*http.Response
	body string
}

// ask sends one request; header is pairs of name and value.
func (p *portal) ask(method, path, body string, header ...string) answered {
	p.t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Host = testHost
	if body != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			request.Host = header[i+1]
		}
		request.Header.Set(header[i], header[i+1])
	}
	response, err := p.app.Test(request, 10_000)
	if err != nil {
		p.t.Fatalf("%s %s: %v", method, path, err)
	}
	content, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		p.t.Fatal(err)
	}
	return answered{response, string(content)}
}

func (p *portal) want(got answered, status int, contains ...string) {
	p.t.Helper()
	if got.StatusCode != status {
		p.t.Errorf("status %d, want %d: %.300s", got.StatusCode, status, got.body)
	}
	for _, text := range contains {
		if !strings.Contains(got.body, text) {
			p.t.Errorf("the page lacks %q: %.2000s", text, got.body)
		}
	}
}
