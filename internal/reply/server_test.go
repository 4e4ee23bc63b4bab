package reply_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"

	"sigportal/internal/reply"
	"sigportal/internal/sig"
)

func addresses(key byte) reply.Addresses {
	return reply.NewAddresses(bytes.Repeat([]byte{key}, 32), "Portal@sig.example")
}

var (
	call   = sig.InvitationID{UUID: uuid.MustParse("11111111-1111-4111-8111-111111111111")}
	person = sig.AssignmentID{UUID: uuid.MustParse("22222222-2222-4222-8222-222222222222")}
)

// An address stands for one call and one person, in whatever case it comes
// back; nobody makes one without the key.
func TestAnAddressIsOfOneCallAndOnePerson(t *testing.T) {
	t.Parallel()
	at := addresses(1).For(call, person)
	if local, _, _ := strings.Cut(at, "@"); len(local) > 64 || addresses(1).For(call, person) != at {
		t.Errorf("the address %s is too long, or another each time", at)
	}
	for _, as := range []string{at, strings.ToUpper(at), strings.ToLower(at)} {
		read, ok := addresses(1).Read(as)
		if !ok || read.Invitation != call || !read.Of(person) {
			t.Errorf("%s is read as %+v", as, read)
		}
		if read.Of(sig.AssignmentID{UUID: uuid.New()}) {
			t.Error("it is somebody else's too")
		}
	}
	if read, ok := addresses(2).Read(at); !ok || read.Of(person) {
		t.Error("another key takes it")
	}
	local, domain, _ := strings.Cut(at, "@")
	for _, bad := range []string{
		"", "portal@sig.example", local, local + "@other.example", "other" + local[6:] + "@" + domain, local + "a@" + domain,
		local[:len(local)-1] + "@" + domain, "portal+@" + domain, "portal+%00@" + domain, "<" + at + ">",
	} {
		if _, ok := addresses(1).Read(bad); ok {
			t.Errorf("%q is taken for one of ours", bad)
		}
	}
	flipped := []byte(at)
	flipped[len(local)-2] ^= 1
	if read, ok := addresses(1).Read(string(flipped)); ok && read.Of(person) {
		t.Error("a changed signature is taken")
	}
}

// listening starts a server on a socket and gives a way to hand mails in.
func listening(t *testing.T, take reply.Taker) func(to string, raw []byte) int {
	t.Helper()
	path := filepath.Join(t.TempDir(), "replies")
	ctx, stop := context.WithCancel(t.Context())
	l, err := reply.Listen(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	server := &reply.Server{Addresses: addresses(1), Take: take, Log: slog.New(slog.DiscardHandler)}
	go func() { ended <- server.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return func(to string, raw []byte) int {
		conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
		if err != nil {
			t.Fatal(err)
		}
		client := smtp.NewClientLMTP(conn)
		defer func() { _ = client.Close() }()
		err = client.SendMail("anybody@example.org", []string{to}, bytes.NewReader(raw))
		var all smtp.LMTPDataError
		if errors.As(err, &all) {
			err = all[to]
		}
		var refused *smtp.SMTPError
		switch {
		case err == nil:
			return 250
		case !errors.As(err, &refused):
			t.Fatal(err)
		case strings.Contains(refused.Message, "Berg") || strings.Contains(refused.Message, "MARKER"):
			t.Errorf("the refusal tells %q", refused.Message)
		}
		return refused.Code
	}
}

// A mail server hears what became of each mail, and a text that tells nothing.
func TestWhatTheMailServerHears(t *testing.T) {
	t.Parallel()
	var came []sig.InvitationAnswer
	outcome := reply.Taken
	hand := listening(t, func(_ context.Context, to reply.Address, a reply.Answer) reply.Outcome {
		says, _ := a.Of(kent)
		if to.Invitation != call || !to.Of(person) {
			t.Errorf("it came to %+v", to)
		}
		came = append(came, says)
		return outcome
	})
	ours := addresses(1).For(call, person)
	for _, tc := range []struct {
		to   string
		raw  []byte
		of   reply.Outcome
		want int
	}{
		{ours, file(t, "outlook-accept"), reply.Taken, 250},
		{ours, file(t, "google-decline"), reply.NotCounted, 550},
		{ours, file(t, "apple-accept"), reply.Later, 451},
		{ours, plain("text/plain", "Hej! Vi kommer."), reply.Taken, 550},
		{ours, plain("text/calendar", event("COUNTER", theUID, accepted, "DTSTART:20270230T140000Z", "DTEND:20270230T150000Z")), reply.Taken, 550},
		{"portal@sig.example", file(t, "outlook-accept"), reply.Taken, 550},
		{ours, append(file(t, "outlook-accept"), bytes.Repeat([]byte("abcdefgh\r\n"), reply.Most/8)...), reply.Taken, 552},
	} {
		outcome = tc.of
		if got := hand(tc.to, tc.raw); got != tc.want {
			t.Errorf("to %s, %s: %d, want %d", tc.to, tc.of, got, tc.want)
		}
	}
	if len(came) != 3 || came[0] != sig.InvitationAccepted || came[1] != sig.InvitationDeclined {
		t.Errorf("what came: %v", came)
	}
}
