package sms_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sigportal/internal/mailcatch"
	"sigportal/internal/sig"
	"sigportal/internal/sms"
	"sigportal/internal/words"
)

const number = sig.PhoneNumber("+46701234567")

func catcher(t *testing.T) *mailcatch.Catcher {
	t.Helper()
	c, err := mailcatch.Start(t.Context(), "127.0.0.1:0", "127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func gateway(t *testing.T, url string) *sms.Gateway {
	t.Helper()
	g, err := sms.New(sms.Config{URL: url, Token: "secret-token", From: "Samverkan", Link: "https://sig.example/"})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func message(kind sig.MailKind) sms.Message {
	return sms.Message{ID: "one", To: number, Kind: kind, Language: "sv", Citizen: true}
}

// The telephone shows one of four sentences in the reader's language, whatever
// the message is about, and the address of the front page.
func TestATextMessageIsOneOfFourSentences(t *testing.T) {
	t.Parallel()
	for _, w := range words.FamilyLanguages() {
		texts := map[string]bool{}
		for _, kind := range sig.MailKinds() {
			if kind.ByMailOnly() {
				continue
			}
			m := message(kind)
			m.Language = w.Tag()
			text := m.Text("https://sig.example/")
			if !strings.Contains(text, "https://sig.example/") || strings.ContainsAny(text, "{}…\n") || len([]rune(text)) > 140 {
				t.Errorf("%s in %s: %q", kind, w.Tag(), text)
			}
			texts[text] = true
			inSwedish := m
			inSwedish.Language, m.Citizen = "sv", false
			if staff := m.Text("https://sig.example/"); w.ForStaff().Tag() != w.Tag() && staff != inSwedish.Text("https://sig.example/") {
				t.Errorf("staff get %q in %s, a language for the family alone", staff, w.Tag())
			}
		}
		if len(texts) != 4 {
			t.Errorf("%d sentences in %s, want 4: %v", len(texts), w.Tag(), texts)
		}
	}
}

func TestAMessageIsHandedOverOnceHoweverOftenItIsTried(t *testing.T) {
	t.Parallel()
	c := catcher(t)
	g := gateway(t, c.GatewayURL())
	c.RefuseTexts(func(mailcatch.Text) int { return -http.StatusBadGateway }) // taken, and the answer lost
	if err := g.Send(t.Context(), message(sig.MailNewCopy)); err == nil {
		t.Fatal("an answer that was lost counts as taken")
	}
	c.RefuseTexts(nil)
	if err := g.Send(t.Context(), message(sig.MailNewCopy)); err != nil {
		t.Fatal(err)
	}
	got := c.Texts()
	if len(got) != 1 || c.Tries() != 2 || got[0].To != string(number) || got[0].From != "Samverkan" || got[0].ID != "one" {
		t.Errorf("%d tries left %+v, want one message", c.Tries(), got)
	}
}

func TestFailuresSayAStatusAndNeverTheNumberOrTheToken(t *testing.T) {
	t.Parallel()
	c := catcher(t)
	g := gateway(t, c.GatewayURL())
	for status, final := range map[int]bool{400: true, 401: false, 402: false, 403: false, 404: false, 410: true, 422: true, 429: false, 500: false, 503: false} {
		c.RefuseTexts(func(mailcatch.Text) int { return status })
		err := g.Send(t.Context(), message(sig.MailNewCopy))
		f, ok := errors.AsType[*sms.Failure](err)
		if !ok || f.Status != status || f.Permanent != final {
			t.Errorf("%d: %#v; want final=%t", status, err, final)
		}
		if err != nil && (strings.Contains(err.Error(), "701234567") || strings.Contains(err.Error(), "token")) {
			t.Errorf("%d: the failure tells too much: %v", status, err)
		}
	}
	_ = c.Close()
	if f, ok := errors.AsType[*sms.Failure](g.Send(t.Context(), message(sig.MailNewCopy))); !ok || f.Permanent || f.Status != 0 {
		t.Errorf("a gateway that is away: %+v; want to try again", f)
	}
}

func TestANumberCannotAddAnother(t *testing.T) {
	t.Parallel()
	c := catcher(t)
	g := gateway(t, c.GatewayURL())
	for _, to := range []sig.PhoneNumber{"", "070-123 45 67", "+46701234567,+46701234568", "+46701234567\r\nX: y", "+46812345678"} {
		m := message(sig.MailNewCopy)
		m.To = to
		if f, ok := errors.AsType[*sms.Failure](g.Send(t.Context(), m)); !ok || !f.Permanent {
			t.Errorf("%q is not refused for good", to)
		}
	}
	if c.Tries() != 0 {
		t.Errorf("%d messages came, want none", c.Tries())
	}
}

// Elsewhere than at the gateway nobody learns number, text or token.
func TestTheGatewayCannotSendAMessageElsewhere(t *testing.T) {
	t.Parallel()
	asked := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer other.Close()
	first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	}))
	defer first.Close()
	if err := gateway(t, first.URL).Send(t.Context(), message(sig.MailNewCopy)); err == nil || asked != 0 {
		t.Errorf("a redirect was followed: %v, %d requests elsewhere", err, asked)
	}
}

func TestAWrongConfigurationIsRefusedAtStart(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "http://sms.example/", "ftp://127.0.0.1/", "https://user:pass@sms.example/", "sms.example"} {
		if _, err := sms.New(sms.Config{URL: url, Token: "x"}); err == nil {
			t.Errorf("%q is accepted", url)
		}
	}
	if _, err := sms.New(sms.Config{URL: "https://sms.example/"}); err == nil {
		t.Error("a gateway without a token is accepted")
	}
}
