package httpd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/words"
)

// fixed are the headers that every answer has, whoever asks for whatever.
var fixed = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
		"font-src 'self'; form-action 'self' https://eid.example https://staff.example; frame-ancestors 'none'; base-uri 'none'; " +
		"require-trusted-types-for 'script'; trusted-types fragment",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"Strict-Transport-Security":    "max-age=63072000; includeSubDomains",
}

func hasHeaders(t *testing.T, what string, got http.Header) {
	t.Helper()
	for name, value := range fixed {
		if got.Get(name) != value {
			t.Errorf("%s: %s is %q", what, name, got.Get(name))
		}
	}
	if !strings.Contains(got.Get("Permissions-Policy"), "geolocation=()") {
		t.Errorf("%s: no Permissions-Policy", what)
	}
	if got.Get("Server") != "" {
		t.Errorf("%s: the server names itself %q", what, got.Get("Server"))
	}
}

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	boom := Route{"GET", "/boom", Public, func(*Request) error { panic("child's name") }}
	p := newPortal(t, nil, boom)
	for _, route := range append(Routes(), boom, Route{Method: "GET", Path: "/no/such"}) {
		for _, who := range []string{"", "nobody", "staff", "guardian", "youth"} {
			path := strings.NewReplacer(":name", "x", ":id", uuid.NewString(), ":provider", "staff").Replace(route.Path)
			got := p.ask(route.Method, path, "", "Test-Visitor", who)
			what := fmt.Sprintf("%s %s as %q (%d)", route.Method, path, who, got.StatusCode)
			hasHeaders(t, what, got.Header)
			if got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: may be kept: %q", what, got.Header.Get("Cache-Control"))
			}
			if _, err := uuid.Parse(got.Header.Get("X-Request-Id")); err != nil {
				t.Errorf("%s: no request id", what)
			}
		}
	}
}

func TestOverPlainHTTPThereIsNoStrictTransport(t *testing.T) {
	p := newPortal(t, func(d *Deps) { d.Config.BaseURL = "http://" + testHost })
	if got := p.ask("GET", "/", "").Header.Get("Strict-Transport-Security"); got != "" {
		t.Errorf("got %q", got)
	}
}

// What does not reach a route is refused by the server itself, over a real
// connection, and has the same headers and shape.
func TestWhatCannotBeReadIsRefusedWithHeaders(t *testing.T) {
	p := newPortal(t, nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- p.app.Listener(listener) }()
	t.Cleanup(func() {
		_ = p.app.Shutdown()
		<-done
	})
	host := "Host: " + testHost + "\r\n"
	for name, c := range map[string]struct {
		request string
		status  int
	}{
		"a method nobody knows":  {"FOO / HTTP/1.1\r\n" + host + "\r\n", 400},
		"a header over 8 KiB":    {"GET / HTTP/1.1\r\n" + host + "X: " + strings.Repeat("x", 9<<10) + "\r\n\r\n", 431},
		"a body over 1 MiB":      {"POST /language HTTP/1.1\r\n" + host + "Content-Length: 2000000\r\n\r\n", 413},
		"a header without colon": {"GET / HTTP/1.1\r\n" + host + "nonsense\r\n\r\n", 400},
		"another host":           {"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421},
		"another host's URI":     {"GET http://evil.example/ HTTP/1.1\r\n" + host + "\r\n", 421},
		"no host":                {"GET / HTTP/1.1\r\n\r\n", 421},
	} {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprint(conn, c.request)
		_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			_ = conn.Close()
			continue
		}
		if answer.StatusCode != c.status {
			t.Errorf("%s: status %d, want %d", name, answer.StatusCode, c.status)
		}
		hasHeaders(t, name, answer.Header)
		_ = answer.Body.Close()
		_ = conn.Close()
	}
}

func TestForwardedHeadersAreNotBelieved(t *testing.T) {
	p := newPortal(t, nil)
	got := p.ask("GET", "/", "", "Host", "evil.example", "X-Forwarded-Host", testHost)
	p.want(got, 421)
	p.want(p.ask("GET", "/", "", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "ftp"), 200)
	p.want(p.ask("GET", "/", "", "Host", "127.0.0.1:8081"), 200)
}

// TestForgery is the matrix of what browsers say about where a request comes
// from, against what it wants to do.
func TestForgery(t *testing.T) {
	p := newPortal(t, nil)
	form := "language=en&next=/help"
	for _, c := range []struct {
		method, path, site, mode, dest, origin string
		status                                 int
	}{
		{"POST", "/language", "same-origin", "navigate", "document", "https://" + testHost, 303},
		{"POST", "/language", "none", "navigate", "document", "", 303},
		{"POST", "/language", "", "", "", "", 303}, // no browser
		{"POST", "/language", "", "", "", "https://" + testHost, 303},
		{"POST", "/language", "cross-site", "navigate", "document", "https://evil.example", 403},
		{"POST", "/language", "cross-site", "navigate", "document", "https://" + testHost, 403},
		{"POST", "/language", "same-site", "navigate", "document", "https://other.portal.example", 403},
		{"POST", "/language", "cross-site", "cors", "empty", "https://evil.example", 403},
		{"POST", "/language", "", "", "", "https://evil.example", 403},
		{"POST", "/language", "", "", "", "null", 403},
		{"POST", "/language", "", "", "", "https://" + testHost + ".evil.example", 403},
		{"GET", "/help", "cross-site", "navigate", "document", "", 200}, // a link in a mail
		{"GET", "/help", "same-origin", "cors", "empty", "", 200},
		{"GET", "/help", "cross-site", "navigate", "iframe", "", 403},
		{"GET", "/help", "cross-site", "no-cors", "image", "", 403},
		{"GET", "/help", "cross-site", "no-cors", "script", "", 403},
		{"GET", "/help", "same-site", "cors", "empty", "https://other.portal.example", 403},
	} {
		var header []string
		for _, pair := range [][2]string{
			{"Sec-Fetch-Site", c.site}, {"Sec-Fetch-Mode", c.mode}, {"Sec-Fetch-Dest", c.dest}, {"Origin", c.origin},
		} {
			if pair[1] != "" {
				header = append(header, pair[0], pair[1])
			}
		}
		body := ""
		if c.method == "POST" {
			body = form
		}
		got := p.ask(c.method, c.path, body, header...)
		if got.StatusCode != c.status {
			t.Errorf("%+v: status %d", c, got.StatusCode)
		}
		if forged := c.status == 403; forged && got.Header.Get("Set-Cookie") != "" {
			t.Errorf("%+v: a forged request set a cookie", c)
		}
	}
}

func TestOnlyListedMethodsAreAnswered(t *testing.T) {
	p := newPortal(t, nil)
	listed := map[string][]string{}
	for _, route := range Routes() {
		listed[route.Path] = append(listed[route.Path], route.Method)
		if route.Method == "GET" && route.Level == Public && !strings.HasPrefix(route.Path, "/login/") {
			listed[route.Path] = append(listed[route.Path], "HEAD")
		}
	}
	for path, methods := range listed {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "REPORT"} {
			if slices.Contains(methods, method) {
				continue
			}
			concrete := strings.NewReplacer(":name", "x", ":id", uuid.NewString(), ":provider", "staff").Replace(path)
			got := p.ask(method, concrete, "", "Test-Visitor", "staff")
			if got.StatusCode != 405 && got.StatusCode != 404 {
				t.Errorf("%s %s: status %d", method, concrete, got.StatusCode)
			}
			sort := map[bool]string{true: `"request_id"`, false: "<h1>"}[forPrograms(path)]
			if method != "HEAD" && method != "CONNECT" && !strings.Contains(got.body, sort) {
				t.Errorf("%s %s: no page: %q", method, concrete, got.body)
			}
		}
	}
}

func TestUnknownAndForbiddenAreTheSameBytes(t *testing.T) {
	theirs := uuid.NewString()
	more := []Route{
		{"GET", "/things/:id", Hat, func(r *Request) error {
			if r.Params("id") == theirs {
				return fault.Wrap(fault.NotFound, "error.no_part", errors.New("exists, and is not theirs"))
			}
			return fault.Missing()
		}},
		{"GET", "/mine", Citizen, func(*Request) error { return nil }},
	}
	p := newPortal(t, nil, more...)
	for _, who := range []string{"staff", "guardian", "nobody"} {
		bodies, sizes := map[string]string{}, map[string]string{}
		for _, path := range []string{
			"/things/" + theirs, "/things/" + uuid.NewString(), "/things/1", "/no-such-page",
		} {
			got := p.ask("GET", path, "", "Test-Visitor", who)
			p.want(got, 404)
			id := got.Header.Get("X-Request-Id")
			bodies[path] = strings.ReplaceAll(got.body, id, "ID")
			got.Header.Del("X-Request-Id")
			got.Header.Del("Date")
			sizes[path] = fmt.Sprint(got.Header)
		}
		for path, body := range bodies {
			if body != bodies["/no-such-page"] {
				t.Errorf("as %s, %s can be told from a page that does not exist", who, path)
			}
			if sizes[path] != sizes["/no-such-page"] {
				t.Errorf("as %s, the headers of %s differ: %s, %s", who, path, sizes[path], sizes["/no-such-page"])
			}
		}
	}
	p.want(p.ask("GET", "/mine", "", "Test-Visitor", "staff"), 404)
	p.want(p.ask("GET", "/mine", "", "Test-Visitor", "guardian"), 200)
}

func TestWithoutASessionTheWayInIsShown(t *testing.T) {
	p := newPortal(t, nil)
	got := p.ask("GET", "/start", "")
	p.want(got, 401, `href="/login/citizen?return=%2fstart"`, `href="/login/staff`)
	p.want(p.ask("GET", "/start", "", "Test-Visitor", "nobody"), 200)
}

func TestAPanicIsAFixedPageAndTheProcessLives(t *testing.T) {
	p := newPortal(t, nil, Route{"GET", "/boom/:id", Public, func(r *Request) error {
		_ = r.SendString("half a page about Alva")
		panic("Alva Lind")
	}})
	got := p.ask("GET", "/boom/19790101-0000", "")
	p.want(got, 500, got.Header.Get("X-Request-Id"))
	for _, secret := range []string{"Alva", "19790101"} {
		if strings.Contains(got.body, secret) || strings.Contains(p.log.String(), secret) {
			t.Errorf("%q is on the page or in the log", secret)
		}
	}
	p.want(p.ask("GET", "/help", ""), 200)
}

func TestTheAccessLogHasPatternsAndNoAddresses(t *testing.T) {
	p := newPortal(t, nil, Route{"GET", "/things/:id", Hat, func(*Request) error { return nil }})
	id := uuid.NewString()
	p.ask("GET", "/things/"+id+"?name=Alva", "", "Test-Visitor", "staff")
	p.ask("GET", "/no/such/Alva", "")
	log := p.log.String()
	if strings.Contains(log, id) || strings.Contains(log, "Alva") {
		t.Errorf("the log names what was asked for:\n%s", log)
	}
	if !strings.Contains(log, "route=/things/:id status=200") {
		t.Errorf("the log lacks the pattern:\n%s", log)
	}
}

func TestARequestHasADeadline(t *testing.T) {
	p := newPortal(t, func(d *Deps) { d.Config.Timeout = 20 * time.Millisecond },
		Route{"GET", "/slow", Public, func(r *Request) error {
			<-r.Context().Done()
			return fault.Wrap(fault.Unavailable, "error.unavailable", context.Cause(r.Context()))
		}})
	got := p.ask("GET", "/slow", "")
	p.want(got, 503)
	if got.Header.Get("Retry-After") == "" {
		t.Error("it does not say when to come back")
	}
}

// A portal with more to do than it can is left alone before it is asked anything;
// signing in and taking a consent back are never turned away.
func TestOneMoreThanTheCrowdComesBackLaterAndWithdrawalsGoIn(t *testing.T) {
	inside, leave := make(chan struct{}), make(chan struct{})
	answer := func(r *Request) error { return r.SendString("in") }
	p := newPortal(t, func(d *Deps) { d.Config.AtOnce = 1 },
		Route{"GET", "/long", Public, func(r *Request) error {
			close(inside)
			<-leave
			return answer(r)
		}},
		Route{"GET", "/short", Public, answer}, Route{"GET", "/login/a/way/in", Public, answer},
		Route{"POST", "/cases/:id/withdraw", Public, answer}, Route{"POST", "/cases/:id/withdrawals/new", Public, answer},
	)
	done := make(chan answered)
	go func() { done <- p.ask("GET", "/long", "") }()
	<-inside
	got := p.ask("GET", "/short", "")
	p.want(got, 503)
	if got.Header.Get("Retry-After") == "" {
		t.Error("it does not say when to come back")
	}
	p.want(p.ask("GET", "/login/a/way/in", ""), 200)
	p.want(p.ask("POST", "/cases/x/withdraw", ""), 200)
	p.want(p.ask("POST", "/cases/x/withdrawals/new", ""), 200)
	close(leave)
	p.want(<-done, 200)
	p.want(p.ask("GET", "/short", ""), 200)
}

func TestASessionThatAsksTooMuchWaitsAndOthersDoNot(t *testing.T) {
	now := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	p := newPortal(t, func(d *Deps) {
		d.Config.Limits = Limits{PerSecond: 1, Burst: 3}
		d.Now = func() time.Time { return now }
	})
	for range 3 {
		p.want(p.ask("GET", "/start", "", "Test-Visitor", "nobody"), 200)
	}
	p.want(p.ask("GET", "/start", "", "Test-Visitor", "nobody"), 429)
	p.want(p.ask("GET", "/help", "", "Test-Visitor", "guardian"), 200)
	now = now.Add(time.Second)
	p.want(p.ask("GET", "/start", "", "Test-Visitor", "nobody"), 200)
}

func TestHealth(t *testing.T) {
	var down error
	p := newPortal(t, func(d *Deps) { d.Healthy = func(context.Context) error { return down } })
	p.want(p.ask("GET", "/healthz", ""), 200, "ok")
	down = errors.New("no database")
	p.want(p.ask("GET", "/healthz", ""), 503)
}

func TestEveryRefusalHasWordsInEveryLanguage(t *testing.T) {
	refusals := []error{
		errSignIn, errForeignHost, errCrossSite, errTooMany, errPanic, errMalformed, fault.Missing(),
		fault.New(fault.Denied, "error.denied"), fault.New(fault.Conflict, "error.conflict"), fault.New(fault.Conflict, "error.consent_lapsed"),
		fault.New(fault.Unavailable, "error.unavailable"), fault.New(fault.StepUp, "error.step_up"),
	}
	for _, code := range []int{400, 401, 403, 404, 405, 408, 413, 426, 429, 431, 500, 502, 503} {
		refusals = append(refusals, fiber.NewError(code))
	}
	for _, language := range words.Languages() {
		for _, refusal := range refusals {
			says := answerTo(refusal)
			for _, key := range []string{says.code, titleOf(says)} {
				if language.T(key) == key {
					t.Errorf("%s: %s has no words for %v", language.Tag(), key, refusal)
				}
			}
		}
		for _, key := range []string{"error.required", "error.too_long", "error.bad_text", "error.bad_number", "error.bad_date", "error.choose_one"} {
			if language.T(key, "max", 3) == key {
				t.Errorf("%s: %s has no words", language.Tag(), key)
			}
		}
	}
}

// Somebody was first where somebody was; what cannot be done for a reason of its
// own is not laid on anybody.
func TestAConflictIsARaceOnlyWhereItIsOne(t *testing.T) {
	sv := words.For("sv")
	for code, want := range map[string]string{
		"error.conflict": "Någon hann före", "error.meeting_has_moved": "Någon hann före", "error.plan_has_changed": "Någon hann före",
		"error.minutes_are_newer": "Någon hann före", "error.draft_is_newer": "Någon hann före", "error.version_changed": "Någon hann före",
		"error.room_too_early": "Det går inte just nu", "error.meeting_is_over": "Det går inte just nu", "error.room_consent_lapsed": "Det går inte just nu",
		"error.intervention_ended": "Det går inte just nu", "error.already_answered": "Det går inte just nu",
	} {
		if got := sv.T(titleOf(answerTo(fault.New(fault.Conflict, code)))); got != want {
			t.Errorf("%s stands under %q, want %q", code, got, want)
		}
	}
}

func TestProgramsAreRefusedInTheirOwnForm(t *testing.T) {
	p := newPortal(t, nil)
	got := p.ask("GET", "/api/v1/no-such", "", "Accept-Language", "en")
	p.want(got, 404, `"status":404`, `"code":"error.not_found"`, got.Header.Get("X-Request-Id"))
	if kind := got.Header.Get("Content-Type"); kind != "application/problem+json" {
		t.Errorf("content type %q", kind)
	}
	hasHeaders(t, "a problem", got.Header)
}

func TestAnUnknownFaultIsOursAndSaysNothing(t *testing.T) {
	p := newPortal(t, nil, Route{"GET", "/wrong", Public, func(*Request) error {
		return fmt.Errorf("read the case of 20120101-2384: %w", &dbError{})
	}})
	got := p.ask("GET", "/wrong", "")
	p.want(got, 500, "Något gick fel")
	if strings.Contains(got.body, "20120101") || strings.Contains(p.log.String(), "typed by somebody") {
		t.Errorf("the page or the log tells:\n%s\n%s", got.body, p.log.String())
	}
	if !strings.Contains(p.log.String(), "SQLSTATE 22P02") {
		t.Errorf("the log does not tell the cause: %s", p.log.String())
	}
}

// Where the two walls disagree, the reader gets the plain fixed sentence, it is
// counted under its own name, and the log says where to look: by ids alone.
func TestWallsThatDisagreeAreCountedAndLogged(t *testing.T) {
	var counted []string
	p := newPortal(t, func(d *Deps) { d.Alarm = func(kind string) { counted = append(counted, kind) } },
		Route{"GET", "/wrong", Public, func(*Request) error {
			return fmt.Errorf("open a copy: %w", fault.Disagree(fault.Disagreement{
				Passed: "database", Reason: "no_grant", Act: "read_copy", Intervention: "case-1", Object: "copy-2", Assignment: "officer-3",
			}))
		}}, Route{"GET", "/none", Public, func(*Request) error { return fault.Missing() }},
		Route{"GET", "/fault", Public, func(*Request) error { return errors.New("something else") }})
	p.want(p.ask("GET", "/none", ""), 404)
	p.want(p.ask("GET", "/fault", ""), 500)
	if len(counted) != 0 || strings.Contains(p.log.String(), "walls") {
		t.Errorf("a plain no and a plain fault are counted: %v", counted)
	}
	got := p.ask("GET", "/wrong", "")
	p.want(got, 500, "Något gick fel")
	for _, id := range []string{"case-1", "copy-2", "officer-3", "no_grant", "walls"} {
		if strings.Contains(got.body, id) {
			t.Errorf("the page tells %s", id)
		}
	}
	if !slices.Equal(counted, []string{"walls_disagree"}) {
		t.Errorf("counted %v", counted)
	}
	line := `msg="the walls disagree" passed=database reason=no_grant act=read_copy intervention=case-1 object=copy-2 assignment=officer-3 request=`
	if !strings.Contains(p.log.String(), line) {
		t.Errorf("the log does not say %s:\n%s", line, p.log.String())
	}
}

// dbError is like what a database driver returns: it quotes what was typed.
type dbError struct{}

func (*dbError) Error() string { return `invalid input syntax for type uuid: "typed by somebody"` }

func (*dbError) SQLState() string { return "22P02" }
