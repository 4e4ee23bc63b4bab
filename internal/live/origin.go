package live

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// sameOrigin demands an Origin and that it is the host asked: browsers always
// send one with an upgrade, and another site's page must not get a socket that
// runs on the person's cookie.
func sameOrigin(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	if len(origins) != 1 {
		return false
	}
	u, err := url.Parse(origins[0])
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return false
	}
	return u.User == nil && u.Path == "" && u.RawQuery == "" && u.Fragment == "" && strings.EqualFold(u.Host, r.Host)
}

// renderedAt reads when the page was rendered. A page that does not say is
// taken to be as old as one may be that has lost contact without blanking; one
// that says something strange is told to look again.
func renderedAt(text string) time.Time {
	if text == "" {
		return wallClock().Add(-contact)
	}
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
