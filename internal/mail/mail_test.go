package mail_test

import (
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"sigportal/internal/mail"
	"sigportal/internal/mailcatch"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

func catcher(t *testing.T) *mailcatch.Catcher {
	t.Helper()
	c, err := mailcatch.Start(t.Context(), "127.0.0.1:0", "127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func config(c *mailcatch.Catcher) mail.Config {
	return mail.Config{
		Address: c.SMTPAddr(), From: "portal@sig.example", TLS: "none", Link: "https://sig.example/", Phone: "08-000 00 00",
	}
}

func sender(t *testing.T, c mail.Config) *mail.Sender {
	t.Helper()
	s, err := mail.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func letter(kind sig.MailKind) mail.Letter {
	return mail.Letter{
		To: "eva@farsta.example", Kind: kind, CaseNumber: "ABCD-2345", Language: "sv", MessageID: "fixed",
		About: time.Date(2026, 12, 3, 13, 32, 0, 0, time.UTC),
	}
}

// Only these may differ between two mails of a kind and language: the case
// number, which is random, and the instant that the text names.
func TestTwoMailsOfAKindDifferOnlyInNumberAndDate(t *testing.T) {
	t.Parallel()
	c := catcher(t)
	s := sender(t, config(c))
	varying := regexp.MustCompile(`(?m)^(Date|Message-Id|To|Content-Type): .*$|[A-Z]{4}-2345|\d+ \S+ 202\d|\d\d[.:]\d\d`)
	count := 0
	for _, language := range []string{"sv", "en", "ar"} {
		for _, kind := range sig.MailKinds() {
			for _, citizen := range []bool{false, true} {
				var texts [2]string
				for i := range texts {
					l := letter(kind)
					l.Language, l.Citizen = language, citizen
					if i == 1 {
						l.To, l.CaseNumber, l.MessageID, l.About = "bo@skolan.example", "WXYZ-2345", "other", l.About.AddDate(1, 2, 3)
					}
					if err := s.Send(t.Context(), l); err != nil {
						t.Fatal(err)
					}
					count++
					caught := c.Messages()[count-1]
					read, err := caught.Read()
					if err != nil {
						t.Fatal(err)
					}
					if !strings.Contains(read.Subject, l.CaseNumber) || !strings.HasPrefix(read.Subject, words.For(language).T("mail."+string(kind)+".subject")) {
						t.Errorf("%s %s: subject %q", language, kind, read.Subject)
					}
					texts[i] = varying.ReplaceAllString(read.Subject+"\n"+read.Text, "*")
				}
				if texts[0] != texts[1] {
					t.Errorf("%s %s: more than number and date differs:\n%s\n%s", language, kind, texts[0], texts[1])
				}
			}
		}
	}
}

func TestAMailThatNamesNoCaseShowsNone(t *testing.T) {
	t.Parallel()
	c := catcher(t)
	l := letter(sig.MailPartAnswered)
	l.CaseNumber = ""
	if err := sender(t, config(c)).Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	read, err := c.Messages()[0].Read()
	if err != nil || read.Subject != words.For("sv").T("mail.part_answered.subject") {
		t.Errorf("subject %q, %v", read.Subject, err)
	}
}

func TestStaffGetNoMailInALanguageOfTheFamilyAlone(t *testing.T) {
	t.Parallel()
	for _, l := range words.FamilyLanguages() {
		for citizen, want := range map[bool]*words.Language{true: l, false: l.ForStaff()} {
			c := catcher(t)
			one := letter(sig.MailExpiryReminder)
			one.Language, one.Citizen = l.Tag(), citizen
			if err := sender(t, config(c)).Send(t.Context(), one); err != nil {
				t.Fatal(err)
			}
			read, err := c.Messages()[0].Read()
			if err != nil || !strings.HasPrefix(read.Subject, want.T("mail.expiry_reminder.subject")) || read.Language != want.Tag() {
				t.Errorf("in %s, to a citizen %v: %q in %s, %v", l.Tag(), citizen, read.Subject, read.Language, err)
			}
		}
	}
}

func TestAnAddressCannotAddHeadersOrRecipients(t *testing.T) {
	t.Parallel()
	c := catcher(t)
	s := sender(t, config(c))
	for _, to := range []string{
		"", "eva", "Eva <eva@farsta.example>", "eva@farsta.example, bo@skolan.example",
		"eva@farsta.example\r\nBcc: bo@skolan.example", "eva@farsta.example\nSubject: x", "eva@farsta.example>\r\nRCPT TO:<bo@skolan.example",
		"\"eva\r\nBcc: bo\"@farsta.example", "eva@farsta.example\x00", " eva@farsta.example",
	} {
		l := letter(sig.MailNewCopy)
		l.To = to
		err := s.Send(t.Context(), l)
		f, ok := errors.AsType[*mail.Failure](err)
		if !ok || !f.Permanent {
			t.Errorf("%q: %v; want a refusal for good", to, err)
		}
		if err != nil && to != "" && strings.Contains(err.Error(), to) {
			t.Errorf("%q: the refusal repeats the address", to)
		}
	}
	if n := len(c.Messages()); n != 0 {
		t.Errorf("%d mails came, want none", n)
	}
}

func TestFailuresSayCodesAndNeverWhatTheServerSaid(t *testing.T) {
	t.Parallel()
	c := catcher(t)
	s := sender(t, config(c))
	for code, permanent := range map[int]bool{450: false, 452: false, 550: true, 553: true} {
		c.Refuse(func(string) int { return code })
		err := s.Send(t.Context(), letter(sig.MailNewCopy))
		f, ok := errors.AsType[*mail.Failure](err)
		if !ok || f.Code != code || f.Permanent != permanent {
			t.Errorf("%d: %#v; want permanent=%t", code, err, permanent)
		}
		if err != nil && strings.Contains(err.Error(), "eva") {
			t.Errorf("%d: the failure repeats the address: %v", code, err)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	err := s.Send(t.Context(), letter(sig.MailNewCopy))
	if f, ok := errors.AsType[*mail.Failure](err); !ok || f.Permanent || f.Code != 0 {
		t.Errorf("a server that is away: %v; want to try again", err)
	}
}

func TestMailDoesNotGoInClearWhereTLSIsDemanded(t *testing.T) {
	t.Parallel()
	c := catcher(t) // offers no TLS
	for _, demand := range []string{"starttls", "tls"} {
		cfg := config(c)
		cfg.TLS = demand
		if err := sender(t, cfg).Send(t.Context(), letter(sig.MailNewCopy)); err == nil {
			t.Errorf("%s: mail went out in clear", demand)
		}
	}
	if n := len(c.Messages()); n != 0 {
		t.Errorf("%d mails came, want none", n)
	}
}

func TestAWrongConfigurationIsRefusedAtStart(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*mail.Config){
		"no port":             func(c *mail.Config) { c.Address = "mail.example" },
		"a port in words":     func(c *mail.Config) { c.Address = "mail.example:smtp" },
		"a sender with name":  func(c *mail.Config) { c.From = "Portal <portal@sig.example>" },
		"no sender":           func(c *mail.Config) { c.From = "" },
		"an unknown TLS mode": func(c *mail.Config) { c.TLS = "maybe" },
	} {
		c := mail.Config{Address: "127.0.0.1:25", From: "portal@sig.example", TLS: "none"}
		spoil(&c)
		if _, err := mail.New(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
