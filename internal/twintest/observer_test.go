package twintest

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"sigportal/internal/mailcatch"
)

// observer is somebody who looks at everything that the portal has for them.
type observer struct {
	w       *world
	persona string
	hat     string
	cookie  string
	asked   int
	seen    map[string]bool
	wrote   []exchange
}

// exchange is one request and its whole answer.
type exchange struct {
	What   string // method and path
	Status int
	Header string
	Body   string
}

func (w *world) observer(persona, hat string) *observer {
	return &observer{w: w, persona: persona, hat: hat, seen: map[string]bool{}}
}

// mostAsked stays inside what one session may ask at once.
const mostAsked = 120

func (o *observer) session() string {
	if o.cookie == "" || o.asked >= mostAsked {
		cookie, _, err := o.w.town.OpenSession(o.w.t.Context(), o.persona, o.hat)
		o.w.must(err, "sign in "+o.persona)
		o.cookie, o.asked = cookie, 0
	}
	o.asked++
	return o.cookie
}

var browser = &http.Client{
	Timeout:       30 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// ask sends one request and keeps the answer.
func (o *observer) ask(method, path string, form url.Values) exchange {
	o.w.t.Helper()
	req, err := http.NewRequestWithContext(o.w.t.Context(), method, o.w.origin+path, strings.NewReader(form.Encode()))
	o.w.must(err, "make a request")
	req.Header.Set("Accept-Language", "sv")
	req.Header.Set("Cookie", o.session())
	if method != http.MethodGet {
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := browser.Do(req)
	o.w.must(err, method+" "+path)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	o.w.must(err, "read the answer")
	var lines []string
	for name, values := range res.Header {
		if name != "Date" && name != "Content-Length" { // the body itself is compared
			lines = append(lines, name+": "+strings.Join(values, ", "))
		}
	}
	slices.Sort(lines)
	x := exchange{method + " " + path, res.StatusCode, strings.ReplaceAll(strings.Join(lines, "\n"), o.w.origin, "ORIGIN"), strings.ReplaceAll(string(body), o.w.origin, "ORIGIN")}
	o.wrote = append(o.wrote, x)
	return x
}

// crawl opens the start page and everything that it leads to.
func (o *observer) crawl() {
	o.w.t.Helper()
	clear(o.seen)
	for queue := []string{"/start"}; len(queue) > 0; queue = queue[1:] {
		if o.seen[queue[0]] {
			continue
		}
		o.seen[queue[0]] = true
		x := o.ask(http.MethodGet, queue[0], nil)
		queue = append(queue, leadsTo(x)...)
	}
}

// leadsTo lists where a page's links and its forms that ask lead, each choice
// of a form on its own.
func leadsTo(x exchange) []string {
	if at := location.FindStringSubmatch(x.Header); at != nil && strings.HasPrefix(at[1], "/") {
		return []string{at[1]}
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(x.Body))
	if err != nil || !strings.Contains(x.Header, "Content-Type: text/html") {
		return nil
	}
	var paths []string
	doc.Find("a[href]").Each(func(_ int, a *goquery.Selection) { paths = append(paths, a.AttrOr("href", "")) })
	doc.Find("form").Each(func(_ int, form *goquery.Selection) {
		if strings.EqualFold(form.AttrOr("method", "get"), "get") {
			form.Find("option").Each(func(_ int, choice *goquery.Selection) {
				name := choice.Closest("select").AttrOr("name", "")
				paths = append(paths, form.AttrOr("action", "")+"?"+url.Values{name: {choice.AttrOr("value", "")}}.Encode())
			})
		}
	})
	return slices.DeleteFunc(paths, func(path string) bool {
		return !strings.HasPrefix(path, "/") || slices.ContainsFunc([]string{"/static/", "/login", "/logout"}, func(p string) bool { return strings.HasPrefix(path, p) })
	})
}

var location = regexp.MustCompile(`(?m)^Location: (?:ORIGIN)?(\S+)$`)

// api asks every operation that reads, as a program would.
func (o *observer) api() {
	o.w.t.Helper()
	at := "/api/v1/interventions/" + o.w.id.String()
	for _, path := range []string{"/api/v1/me", "/api/v1/sessions", "/api/v1/directory", "/api/v1/interventions", at, at + "/consent", at + "/diary", at + "/items", at + "/meetings", at + "/plan", at + "/disclosures", at + "/copies", at + "/journal"} {
		o.ask(http.MethodGet, path, nil)
	}
}

// takesBack withdraws the whole consent and takes the receipt and its file.
func (o *observer) takesBack() {
	o.w.t.Helper()
	at := "/interventions/" + o.w.id.String() + "/withdraw"
	x := o.ask(http.MethodPost, at, url.Values{"key": {"0b4ee46e-cc2f-4b6b-bc9a-8a4b1a6d2d10"}, "scope": {"all"}})
	to := leadsTo(x)
	if x.Status != http.StatusSeeOther || len(to) != 1 {
		o.w.t.Fatalf("%s takes back: %d\n%s", o.persona, x.Status, x.Body)
	}
	o.w.await("the withdrawal is not in the log", `select exists (select from sig.ledger l join sig.ledger_leaf f on f.ledger_id = l.id where l.kind = 'withdraw_consent')`)
	o.crawl()
}

// reads keeps the mails that came for the observer, in their order.
func (o *observer) reads() {
	o.w.settle()
	for _, m := range o.w.mails.Messages() {
		if slices.Contains(m.To, o.persona+"@familj.example") {
			o.wrote = append(o.wrote, exchange{What: "mail", Body: strings.ReplaceAll(textOf(m), o.w.origin, "ORIGIN")})
		}
	}
}

func textOf(m mailcatch.Message) string {
	return fmt.Sprintf("from %s to %v\n%s", m.From, m.To, mailDate.ReplaceAllString(string(m.Raw), "Date: WHEN"))
}

var mailDate = regexp.MustCompile(`(?m)^Date: .*$`)
