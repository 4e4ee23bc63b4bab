package httpd

import (
	"strings"
	"testing"
)

// What a form has answered is for the page that it leads to, not for one that
// happens to look again by itself on the way there.
func TestAPageThatLooksAgainLeavesTheAnswerOfAForm(t *testing.T) {
	p := newPortal(t, func(*Deps) {})
	const said, cookie = "Utkastet är borttaget.", "__Host-flash=flash.consent_discarded"
	again := p.ask("GET", "/help", "", "Cookie", cookie, "X-Refetch", "1")
	if strings.Contains(again.body, said) || strings.Contains(strings.Join(again.Header["Set-Cookie"], " "), flashCookie) {
		t.Error("a page that looks again has taken the answer")
	}
	opened := p.ask("GET", "/help", "", "Cookie", cookie)
	p.want(opened, 200, said)
	if !strings.Contains(strings.Join(opened.Header["Set-Cookie"], " "), flashCookie) {
		t.Error("the answer is said twice")
	}
}
