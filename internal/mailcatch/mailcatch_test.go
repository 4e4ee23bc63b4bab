package mailcatch_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/smtp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"sigportal/internal/mailcatch"
)

func start(t *testing.T) *mailcatch.Catcher {
	t.Helper()
	c, err := mailcatch.Start(t.Context(), "127.0.0.1:0", "127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func send(t *testing.T, c *mailcatch.Catcher, to, text string) {
	t.Helper()
	err := smtp.SendMail(c.SMTPAddr(), nil, "portal@sig.example", []string{to},
		[]byte("Subject: =?utf-8?q?Hej_d=C3=A5?=\r\nContent-Language: ar\r\n\r\n"+text+"\r\n"))
	if err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func TestThePageShowsMailNewestFirstAndToWhomAskedFor(t *testing.T) {
	t.Parallel()
	c := start(t)
	send(t, c, "a@x.example", "one")
	send(t, c, "b@x.example", "two <script>alert(1)</script>")
	_, body := get(t, c.URL())
	page, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if n := page.Find("article").Length(); n != 2 {
		t.Fatalf("%d mails are shown, want 2", n)
	}
	first := page.Find("article").First()
	if got := first.Find("h2").Text(); got != "Hej då" {
		t.Errorf("subject %q", got)
	}
	if text := first.Find("pre").Text(); !strings.Contains(text, "two <script>") || page.Find("script").Length() != 0 {
		t.Errorf("the newest mail's text is %q", text)
	}
	if dir, _ := first.Attr("dir"); dir != "rtl" {
		t.Errorf("an Arabic mail is shown in direction %q", dir)
	}
	if _, body := get(t, c.URL()+"/?to=a@x.example"); strings.Contains(body, "two") || !strings.Contains(body, "one") {
		t.Error("asked for one address, the page shows others or not that one")
	}
}

func TestMailIsThereAsJSONAndAsItCame(t *testing.T) {
	t.Parallel()
	c := start(t)
	send(t, c, "a@x.example", "one")
	_, body := get(t, c.URL()+"/messages.json?to=a@x.example")
	var list []struct {
		Number        int
		To            []string
		Subject, Text string
	}
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].Subject != "Hej då" || list[0].Text != "one\n" || list[0].To[0] != "a@x.example" {
		t.Errorf("JSON: %+v", list)
	}
	if status, raw := get(t, c.URL()+"/messages/1"); status != http.StatusOK || !strings.Contains(raw, "=?utf-8?q?") {
		t.Errorf("mail 1 as it came: %d %q", status, raw)
	}
	for _, unknown := range []string{"/messages/2", "/messages/x", "/other"} {
		if status, _ := get(t, c.URL()+unknown); status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", unknown, status)
		}
	}
}

func TestItListensForNobodyElse(t *testing.T) {
	t.Parallel()
	for _, addresses := range [][2]string{{"0.0.0.0:0", "127.0.0.1:0"}, {"127.0.0.1:0", "0.0.0.0:0"}} {
		c, err := mailcatch.Start(t.Context(), addresses[0], addresses[1], slog.New(slog.DiscardHandler))
		if err == nil {
			_ = c.Close()
			t.Errorf("%v: it listens beyond loopback", addresses)
		}
	}
}
