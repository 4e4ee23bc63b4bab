package devidp

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// jar is a cookie jar that treats loopback as browsers do: Secure cookies are
// kept and sent although the address is plain http. Go's own jar drops them.
type jar struct{ inner *cookiejar.Jar }

// SetCookies keeps the cookies under the address's https form.
func (j jar) SetCookies(u *url.URL, cookies []*http.Cookie) { j.inner.SetCookies(secured(u), cookies) }

// Cookies gives what belongs to the address's https form.
func (j jar) Cookies(u *url.URL) []*http.Cookie { return j.inner.Cookies(secured(u)) }

// secured is the https form of a loopback address. The port stays and plays no
// part: cookies are shared between the ports of one host, as in browsers.
func secured(u *url.URL) *url.URL {
	if host := u.Hostname(); u.Scheme != "http" || (host != "localhost" && host != "127.0.0.1") {
		return u
	}
	safe := *u
	safe.Scheme = "https"
	return &safe
}

// NewBrowser is an HTTP client that a script can sign in with: it follows
// redirects and keeps cookies, Secure ones on loopback too.
func NewBrowser() *http.Client {
	inner, _ := cookiejar.New(nil) // fails only on options that we do not set
	return &http.Client{Jar: jar{inner}, Timeout: 20 * time.Second}
}

// SignIn signs a persona in at the portal by its provider's word, the way a
// person does: the portal's login address, the provider's page, the form. It
// returns the portal's answer at the end of the redirects; its body is read
// and replaced, so the caller need not close it.
func SignIn(browser *http.Client, portal, word, persona string) (*http.Response, error) {
	page, err := get(browser, strings.TrimSuffix(portal, "/")+"/login/"+word)
	if err != nil {
		return nil, err
	}
	return Choose(browser, page, persona)
}

// Choose answers a provider's sign-in page that the browser stands at. A page
// that is not one is returned as it is: single sign-on has answered already,
// or the portal refused.
func Choose(browser *http.Client, page *http.Response, persona string) (*http.Response, error) {
	if !strings.HasSuffix(page.Request.URL.Path, "/signin") {
		return page, nil
	}
	res, err := browser.PostForm(page.Request.URL.String(), url.Values{"persona": {persona}})
	if err != nil {
		return nil, fmt.Errorf("choose %s: %w", persona, err)
	}
	return whole(res)
}

func get(browser *http.Client, address string) (*http.Response, error) {
	res, err := browser.Get(address) //nolint:noctx // the client's own timeout holds
	if err != nil {
		return nil, fmt.Errorf("open the login: %w", err)
	}
	return whole(res)
}

// whole reads the body so that the connection is free and the text is kept.
func whole(res *http.Response) (*http.Response, error) {
	text, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	err = errors.Join(err, res.Body.Close())
	res.Body = io.NopCloser(strings.NewReader(string(text)))
	return res, err
}
