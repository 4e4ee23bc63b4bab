package httpd

import (
	"strconv"
	"strings"
	"time"

	"sigportal/internal/words"
)

// Base is what every page has; page structs embed it, so templates say
// {{$.T "key"}}, {{$.Title}}, {{$.Form.Fault "text"}}.
type Base struct {
	*words.Language // the reader's language: T, N, Date, Until, Tag, Dir …

	Title      string            // of the document and, usually, the h1
	Here       string            // where this page is, for the language switch
	RequestID  string            // the number to mention when asking for help
	SignedIn   bool              // there is a session
	Family     bool              // a guardian's or a young person's page
	Draft      bool              // no authorised translator has approved the language's texts
	User       string            // the person's own name
	Hat        string            // the hat worn, in words
	HatChoices bool              // another hat could be worn
	AboutYouth string            // whom the page is about, to a guardian who has other hats
	Nav        []NavItem         // the main menu of this hat
	Languages  []*words.Language // to choose from, each in its own name
	// SessionLeft is in how many seconds the session ends if nothing is done;
	// 0 where there is none.
	SessionLeft int
	Flash       string  // a sentence to show once, after a form
	SocketURL   string  // where to listen for "something changed"; empty: nowhere
	CutOff      *CutOff // set when this page's content has been cut off
	Phone       string  // help by phone
	ExitURL     string  // where leaving quickly leads
	Form        Fields  // what was typed and what was wrong with it
}

// bad reports whether the page's form came back with faults.
func (b Base) bad() bool { return b.Form.Bad() }

// Lang is the tag for the lang attribute.
func (b Base) Lang() string { return b.Tag() }

// NavItem is one entry of the main menu.
type NavItem struct {
	Path string
	Text string
	Here bool // this page, or one under it
}

// CutOff says when and why content is hidden. It says "hidden" and never that
// nothing has been disclosed.
type CutOff struct {
	At  time.Time
	Why string // a whole sentence in the reader's language
}

// Tel is the number for help as a telephone dials it.
func (b Base) Tel() string {
	return strings.Map(func(c rune) rune {
		if c == '+' || '0' <= c && c <= '9' {
			return c
		}
		return -1
	}, b.Phone)
}

// phoneIn is a number as it is read: on one line. The words that it stands in
// keep its groups in their order where the text runs from right to left.
var phoneIn = strings.NewReplacer(" ", "\u00a0", "-", "-\u2060").Replace

// Base fills in what every page has; title is a message key.
func (r *Request) Base(title string, args ...any) Base {
	v := r.visitor
	b := Base{
		Language:    r.lang,
		Title:       r.lang.T(title, args...),
		Here:        r.here(),
		RequestID:   r.RequestID(),
		SignedIn:    v.SignedIn(),
		Family:      v.Actor.IsCitizen(),
		Draft:       r.app.draft(r.Context(), r.lang),
		User:        v.Actor.ShownAs,
		Hat:         v.Hat,
		HatChoices:  v.HatChoices,
		AboutYouth:  v.Youth,
		Languages:   v.languages(),
		SessionLeft: int(v.Left.Seconds()),
		Phone:       phoneIn(r.app.deps.Config.Phone),
		ExitURL:     r.app.deps.Config.ExitURL,
		Flash:       r.takeFlash(),
		Form:        r.fields,
	}
	if b.SignedIn {
		// When the page was rendered, so that what changes before the socket is
		// open is told as soon as it is.
		b.SocketURL = "/live?at=" + strconv.FormatInt(r.app.deps.Now().UnixMilli(), 10)
		b.Nav = r.nav(r.Path())
	}
	return b
}

// here is the page to come back to after a change of language: this one if it
// can be fetched, else the start page.
func (r *Request) here() string {
	if r.status >= 400 || r.Method() != "GET" {
		return "/start"
	}
	return r.Path()
}
