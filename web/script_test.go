package web_test

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/gorilla/websocket"

	"sigportal/internal/words"
	"sigportal/web"
)

// policy is the content security policy of ux.md 4: the script must live under it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; " +
	"require-trusted-types-for 'script'; trusted-types fragment"

// site is a portal of one page, whose content and socket the test holds.
type site struct {
	*httptest.Server
	mu      sync.Mutex
	content string
	status  int
	hold    chan struct{} // when set, the page waits for it
	left    int           // seconds of the session
	alive   bool          // when set, every new socket hears that the portal is there
	sockets chan *websocket.Conn
	refetch chan struct{}
	leaves  atomic.Int32
	before  string // a script that runs before the page's own
}

// data is what the layout asks of a page.
type data struct {
	*words.Language
	Title, Here, User, Hat, Flash, SocketURL, Phone, ExitURL string
	SignedIn, Family, HatChoices, Draft                      bool
	Nav                                                      []struct {
		Path, Text string
		Here       bool
	}
	Languages   []*words.Language
	SessionLeft int
	CutOff      *struct {
		At  time.Time
		Why string
	}
	Form struct {
		Bad     bool
		Summary []struct{ ID, Text string }
	}
	Content string
}

// Lang is the tag of the page's language.
func (d data) Lang() string { return d.Tag() }

func newSite(t *testing.T) *site {
	t.Helper()
	layout, err := template.New("").Funcs(web.Funcs()).Funcs(template.FuncMap{
		"asset": func(name string) string { return "/static/" + name },
		"args":  func(...any) map[string]any { return nil },
		"style": func() string { return "" }, // of what is printed alone
	}).ParseFS(web.Files, "templates/layout/*.html", "templates/part/*.html")
	if err == nil {
		_, err = layout.Parse(`{{define "main"}}<h1>{{.Title}}</h1><p id="secret">{{.Content}}</p>
			<form action="/say" method="post"><label for="say">Säg</label><textarea id="say" name="say"></textarea></form>
			<p lang="ar">مرحبا</p><p lang="so">Salaan</p>
			<button id="aloud" hidden data-aloud="Lyssna" data-stop="Sluta lyssna">Lyssna</button>
			<p><a id="ask" class="button" href="/?dialog" data-dialog>Fråga</a></p>{{end}}`)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := &site{content: "Alva var sen", status: 200, left: 1200, sockets: make(chan *websocket.Conn, 9), refetch: make(chan struct{}, 9)}
	mux := http.NewServeMux()
	mux.Handle("GET /static/", http.FileServerFS(web.Files))
	mux.HandleFunc("GET /live", func(w http.ResponseWriter, r *http.Request) {
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		s.mu.Lock()
		alive := s.alive
		s.mu.Unlock()
		if alive {
			keepAlive(t, conn)
		}
		select {
		case s.sockets <- conn:
		default: // the test has seen enough of them
		}
	})
	mux.HandleFunc("POST /leave", func(http.ResponseWriter, *http.Request) { s.leaves.Add(1) })
	mux.HandleFunc("GET /elsewhere", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<title>Väder</title><p id="weather">Regn</p>`))
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		content, status, left, hold := s.content, s.status, s.left, s.hold
		s.mu.Unlock()
		if r.Header.Get("X-Refetch") != "" {
			select {
			case s.refetch <- struct{}{}:
			default:
			}
			if hold != nil {
				select {
				case <-hold:
				case <-r.Context().Done():
					return
				}
			}
		}
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		d := data{
			Language: words.For("sv"), Title: "Insatsen", Here: "/", User: "Kim", SignedIn: true, Family: true,
			Flash: s.flash(r), SocketURL: "/live", SessionLeft: left, Phone: "08-1", ExitURL: "/elsewhere", Languages: words.Languages(), Content: content,
		}
		if err := layout.ExecuteTemplate(w, "layout", d); err != nil {
			t.Error(err)
		}
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

// flash is said on a page that was opened, and never again.
func (s *site) flash(r *http.Request) string {
	if r.Header.Get("X-Refetch") != "" {
		return ""
	}
	return "Det är sparat"
}

func (s *site) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// writing is held over every frame: a socket takes one writer at a time, and a
// test may say something while keepAlive does.
var writing sync.Mutex

// send writes one frame over a socket that the page has opened.
func send(conn *websocket.Conn, kind string) error {
	writing.Lock()
	defer writing.Unlock()
	return conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"`+kind+`"}`))
}

// say sends a frame that must arrive.
func say(t *testing.T, conn *websocket.Conn, kind string) {
	t.Helper()
	if err := send(conn, kind); err != nil {
		t.Fatal(err)
	}
}

// keepAlive says every few milliseconds that the portal is there, since a fast
// clock would take quiet for silence.
func keepAlive(t *testing.T, conn *websocket.Conn) {
	t.Helper()
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for send(conn, "alive") == nil {
			select {
			case <-tick.C:
			case <-t.Context().Done():
				return
			}
		}
	}()
}

// browser is one Chromium for all tests, each in a tab of its own.
var browser context.Context

func TestMain(m *testing.M) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	var leave context.CancelFunc
	browser, leave = chromedp.NewContext(allocator)
	if err := chromedp.Do(browser); err != nil {
		fmt.Fprintln(os.Stderr, "start Chromium (apt-get install chromium):", err)
		os.Exit(1)
	}
	code := m.Run()
	leave()
	stop()
	os.Exit(code)
}

// open shows the site in a tab whose clock runs fast times as fast.
func open(t *testing.T, s *site, fast int) (context.Context, *websocket.Conn) {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	before := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		source := fmt.Sprintf(`window.violations = []; addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective));
			const later = setTimeout; window.setTimeout = (f, ms) => later(f, ms / %d);%s`, fast, s.before)
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source})
		return err
	})
	if err := chromedp.Do(ctx, before, chromedp.Navigate(s.URL)); err != nil {
		t.Fatal(err)
	}
	select {
	case conn := <-s.sockets:
		return ctx, conn
	case <-ctx.Done():
		t.Fatal("the page opened no socket")
	}
	return nil, nil
}

// becomes waits until an expression is true in the page.
func becomes(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	poll := fmt.Sprintf(`new Promise((done) => { const look = () => { if (%s) done("yes"); else requestAnimationFrame(look); }; look(); })`, expression)
	ctx, cancel := context.WithTimeout(ctx, 40*time.Second)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[string](poll, chromedp.EvalAwaitPromise)); err != nil {
		last, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer stop()
		state, _ := chromedp.Run(last, chromedp.Evaluate[string](`document.body.innerText`))
		t.Fatalf("never true: %s (%v); the page reads\n%s", expression, err, state)
	}
}

func noViolations(t *testing.T, ctx context.Context) {
	t.Helper()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`violations`))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) > 0 {
		t.Errorf("the browser reports violations of %s", strings.Join(found, ", "))
	}
}

const secretGone = `!document.documentElement.innerText.includes("Alva var sen")`

func TestAChangeBlanksThePageAtOnceAndFetchesItAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, conn := open(t, s, 1)
	if err := chromedp.Do(ctx, chromedp.SendKeys("#say", "halvskrivet")); err != nil {
		t.Fatal(err)
	}
	hold := make(chan struct{})
	s.set(func() { s.content, s.hold = "Uppgifterna är dolda", hold })
	say(t, conn, "changed")
	<-s.refetch
	becomes(t, ctx, secretGone+` && document.querySelector("main [role=status]") !== null && document.querySelector("#secret") === null`)
	close(hold)
	becomes(t, ctx, `document.querySelector("#secret")?.textContent === "Uppgifterna är dolda"`)
	becomes(t, ctx, `document.querySelector("#say").value === "halvskrivet" && document.activeElement.id === "say"`)
	becomes(t, ctx, `document.querySelector("main > .banner.yes")?.innerText.includes("Det är sparat")`) // said once, and kept
	noViolations(t, ctx)
}

func TestAnEndedSessionLeavesNothingOnThePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, conn := open(t, s, 1)
	say(t, conn, "ended")
	becomes(t, ctx, secretGone+` && document.querySelector("main").innerText.includes("Du är utloggad")`)
	noViolations(t, ctx)
}

func TestARefusedRefetchLeavesNothingOnThePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, conn := open(t, s, 1)
	s.set(func() { s.status = http.StatusUnauthorized })
	say(t, conn, "changed")
	becomes(t, ctx, secretGone+` && document.querySelector("main").innerText.includes("Du är utloggad")`)
}

func TestSilenceForFifteenSecondsBlanksUntilContactIsBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, _ := open(t, s, 30) // the socket stays open and says nothing
	becomes(t, ctx, secretGone+` && document.querySelector("main [role=alert]").innerText.includes("Sidan uppdateras inte just nu")`)
	s.set(func() { s.alive = true })
	becomes(t, ctx, `document.querySelector("#secret")?.textContent === "Alva var sen"`)
	noViolations(t, ctx)
}

func TestAFormOpensInADialogThatEscapeCloses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, conn := open(t, s, 1)
	if err := chromedp.Do(ctx, chromedp.Focus("#ask"), chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatal(err)
	}
	becomes(t, ctx, `document.querySelector("dialog[open]") !== null && document.activeElement === document.querySelector("dialog h1")`)
	if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Escape)); err != nil {
		t.Fatal(err)
	}
	becomes(t, ctx, `document.querySelector("dialog") === null && document.activeElement.id === "ask"`)
	if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatal(err)
	}
	becomes(t, ctx, `document.querySelector("dialog[open]") !== null`)
	say(t, conn, "ended")
	becomes(t, ctx, secretGone+` && document.querySelector("dialog") === null`)
	noViolations(t, ctx)
}

func TestASessionsEndIsToldBefore(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.alive, s.left = true, 130
	ctx, _ := open(t, s, 20)
	becomes(t, ctx, `document.querySelector("dialog[open]")?.innerText.includes("Du loggas snart ut")`)
}

func TestLeavingQuicklyLeavesNoWayBack(t *testing.T) {
	t.Parallel()
	for name, leaves := range map[string][]chromedp.Action[chromedp.Void]{
		"the button":                 {chromedp.Click(chromedp.CSS("header .exit"))},
		"the button beside a dialog": {chromedp.Click(chromedp.CSS("#ask")), chromedp.Click(chromedp.CSS("dialog[open] .exit"))},
		"shift three times":          {chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift)},
	} {
		s := newSite(t)
		s.alive = true
		ctx, _ := open(t, s, 1)
		before := pages(t, ctx)
		if err := chromedp.Do(ctx, leaves...); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		becomes(t, ctx, `location.pathname === "/elsewhere" && document.querySelector("#weather") !== null`)
		if after := pages(t, ctx); after != before {
			t.Errorf("%s: the history has %d pages, want the %d of before", name, after, before)
		}
		if s.leaves.Load() != 1 {
			t.Errorf("%s: the session was ended %d times", name, s.leaves.Load())
		}
	}
}

func pages(t *testing.T, ctx context.Context) int {
	t.Helper()
	n, err := chromedp.Run(ctx, chromedp.Evaluate[int](`history.length`))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// voices are what a telephone has: the device's own Swedish and Arabic, and a
// Somali one that would send the text to somebody else.
const voices = `window.heard = []; window.SpeechSynthesisUtterance = function (text) { this.text = text; };
	Object.defineProperty(window, "speechSynthesis", { value: {
		getVoices: () => [{lang: "sv-SE", localService: true}, {lang: "ar_SA", localService: true}, {lang: "so-SO", localService: false}],
		speak: (u) => heard.push(u.voice.lang + " " + u.text), cancel: () => heard.push("silence") } });`

func TestThePageIsReadAloudByTheDevicesOwnVoices(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.alive = true
	s.before = voices
	ctx, conn := open(t, s, 1)
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS("#aloud"))); err != nil {
		t.Fatal(err)
	}
	becomes(t, ctx, `heard.includes("sv-SE Alva var sen") && heard.includes("ar_SA مرحبا") && !heard.some((h) => h.includes("Salaan"))`)
	becomes(t, ctx, `document.querySelector("#aloud").innerText === "Sluta lyssna" && document.querySelector("#aloud").ariaPressed === "true"`)
	say(t, conn, "changed") // nothing is read on that may have been taken back
	becomes(t, ctx, `heard.at(-1) === "silence"`)
	becomes(t, ctx, `document.querySelector("#aloud")?.innerText === "Lyssna" && !document.querySelector("#aloud").hidden`)
	noViolations(t, ctx)

	without := newSite(t)
	without.alive = true
	without.before = `Object.defineProperty(window, "speechSynthesis", { value: { getVoices: () => [{lang: "en-GB", localService: true}, {lang: "sv-SE", localService: false}], cancel() {} } });`
	ctx, _ = open(t, without, 1)
	becomes(t, ctx, `document.querySelector("#aloud").hidden && document.readyState === "complete"`)
}
