package reply_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"sigportal/internal/reply"
	"sigportal/internal/sig"
)

const (
	uid   = "7b0c7d1e-0000-4000-8000-000000000001@sig.example"
	kent  = "kent.berg@polisen.example"
	other = "somebody.else@example.org"
)

func file(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".eml")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// What each calendar program sends is read alike: which call, which version of
// it, who, and what; and nothing that was written beside it.
func TestTheAnswersOfThreePrograms(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]struct {
		sequence int
		who      string
		says     sig.InvitationAnswer
		start    string
	}{
		"accept": {2, kent, sig.InvitationAccepted, ""}, "decline": {2, kent, sig.InvitationDeclined, ""},
		"tentative-comment": {2, kent, sig.InvitationTentative, ""},
		"counter":           {2, kent, sig.InvitationTentative, "2026-12-10T15:00:00Z 1h30m0s"},
		"stale":             {1, kent, sig.InvitationAccepted, ""}, "forged": {2, other, sig.InvitationAccepted, ""},
		"base64": {2, kent, sig.InvitationDeclined, ""}, "folded": {2, kent, sig.InvitationDeclined, ""},
	} {
		for _, program := range []string{"outlook", "google", "apple"} {
			a, err := reply.Read(file(t, program+"-"+kind))
			if err != nil {
				t.Errorf("%s %s: %v", program, kind, err)
				continue
			}
			says, speaks := a.Of(want.who)
			if a.UID != uid || a.Sequence != want.sequence || !speaks || says != want.says {
				t.Errorf("%s %s: %+v says %q, want %+v", program, kind, a, says, want)
			}
			if _, speaks := a.Of(map[string]string{kent: other, other: kent}[want.who]); speaks {
				t.Errorf("%s %s speaks for both", program, kind)
			}
			start := ""
			if !a.Start.IsZero() {
				start = a.Start.Format(time.RFC3339) + " " + a.End.Sub(a.Start).String()
			}
			if start != want.start {
				t.Errorf("%s %s suggests %q, want %q", program, kind, start, want.start)
			}
			if strings.Contains(fmt.Sprintf("%+v", a), "MARKER") {
				t.Errorf("%s %s: what was written beside the answer was kept", program, kind)
			}
		}
	}
}

// event is a plain reply with some of its lines replaced.
func event(method string, lines ...string) string {
	return "BEGIN:VCALENDAR\r\nMETHOD:" + method + "\r\nBEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

var (
	theUID   = "UID:" + uid
	accepted = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:" + kent
)

func plain(kind, body string) []byte {
	return []byte("From: <" + kent + ">\r\nContent-Type: " + kind + "\r\n\r\n" + body)
}

func nested(depth int, inner string) string {
	if depth == 0 {
		return inner
	}
	b := fmt.Sprintf("b%d", depth)
	return "Content-Type: multipart/mixed; boundary=" + b + "\r\n\r\n--" + b + "\r\n" + nested(depth-1, inner) + "\r\n--" + b + "--\r\n"
}

func utf16Of(text string) string {
	out := []byte{0xff, 0xfe}
	for _, b := range []byte(text) {
		out = append(out, b, 0)
	}
	return string(out)
}

// Programs call things by wrong names; what they mean is read where it is clear.
func TestWhatIsWrittenCarelesslyIsRead(t *testing.T) {
	t.Parallel()
	ok := event("REPLY", theUID, accepted)
	for name, raw := range map[string][]byte{
		"no sequence is the first":     plain("text/calendar", ok),
		"a charset that there is not":  plain("text/calendar; charset=x-none", event("REPLY", "COMMENT:\xe5\xff\xfe", theUID, accepted)),
		"latin letters called UTF-8":   plain("text/calendar; charset=utf-8", event("REPLY", "SUMMARY:M\xf6te", theUID, accepted)),
		"two bytes for each letter":    plain("text/calendar; charset=utf-8", utf16Of(ok)),
		"a byte order mark":            plain("text/calendar", "\xef\xbb\xbf"+ok),
		"bare line feeds":              plain("text/calendar", strings.ReplaceAll(ok, "\r\n", "\n")),
		"small letters":                plain("Text/Calendar", strings.NewReplacer("METHOD", "method", "REPLY", "reply", "ATTENDEE", "attendee", "mailto", "MAILTO").Replace(ok)),
		"a file of no kind":            plain(`application/octet-stream; name="Reply.ICS"`, ok),
		"parts five deep":              []byte(nested(5, "Content-Type: text/calendar\r\n\r\n"+ok)),
		"lines that are none":          plain("text/calendar", event("REPLY", ";", "A;B=c", `X;Y="z`, "=", theUID, accepted)),
		"a comment of a hundred lines": plain("text/calendar", event("REPLY", "COMMENT:a"+strings.Repeat("\r\n "+strings.Repeat("b", 70), 100), theUID, accepted)),
		"base64 with spaces in it": []byte("Content-Type: text/calendar\r\nContent-Transfer-Encoding: Base64 \r\n\r\n" +
			strings.Join(strings.SplitAfter(base64.StdEncoding.EncodeToString([]byte(ok)), "V"), " \r\n")),
		"a comment as long as a line": plain("text/calendar", event("REPLY", theUID,
			`ATTENDEE;PARTSTAT=ACCEPTED;X-RESPONSE-COMMENT="`+strings.Repeat("a", 20000)+`":mailto:`+kent)),
	} {
		a, err := reply.Read(raw)
		if says, _ := a.Of(kent); err != nil || a.UID != uid || a.Sequence != 0 || says != sig.InvitationAccepted {
			t.Errorf("%s: %+v %v", name, a, err)
		}
	}
}

// Whatever is no answer to one call is none.
func TestWhatIsNoAnswer(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{
		"nothing":                  nil,
		"words":                    plain("text/plain", "Vi kommer. METHOD:REPLY"),
		"a call":                   plain("text/calendar", event("REQUEST", theUID, accepted)),
		"a published day":          plain("text/calendar", event("PUBLISH", theUID, accepted)),
		"without a method":         plain("text/calendar; method=REPLY", event("", theUID, accepted)),
		"without a UID":            plain("text/calendar", event("REPLY", accepted)),
		"without anybody":          plain("text/calendar", event("REPLY", theUID)),
		"a sequence in words":      plain("text/calendar", event("REPLY", theUID, accepted, "SEQUENCE:two")),
		"a sequence below nothing": plain("text/calendar", event("REPLY", theUID, accepted, "SEQUENCE:-1")),
		"a sequence beyond all":    plain("text/calendar", event("REPLY", theUID, accepted, "SEQUENCE:99999999999999999999")),
		"one day of a series":      plain("text/calendar", event("REPLY", theUID, accepted, "RECURRENCE-ID:20261210T140000Z")),
		"an alarm's attendee":      plain("text/calendar", event("REPLY", theUID, "BEGIN:VALARM", accepted, "END:VALARM")),
		"inside a mail sent on":    plain("message/rfc822", string(plain("text/calendar", event("REPLY", theUID, accepted)))),
		"parts without an end":     []byte("Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n"),
		"parts without a boundary": []byte("Content-Type: multipart/mixed\r\n\r\n--\r\n"),
		"parts too deep":           []byte(nested(20, "Content-Type: text/calendar\r\n\r\n"+event("REPLY", theUID, accepted))),
		"larger than any":          plain("text/calendar", event("REPLY", theUID, accepted)+strings.Repeat("X:y\r\n", reply.Most/5)),
		"hidden behind a heap of parts": []byte("Content-Type: multipart/mixed; boundary=a\r\n\r\n" + strings.Repeat("--a\r\n\r\n\r\n", 50) +
			"--a\r\nContent-Type: text/calendar\r\n\r\n" + event("REPLY", theUID, accepted) + "\r\n--a--\r\n"),
	} {
		if a, err := reply.Read(raw); !errors.Is(err, reply.ErrNoAnswer) {
			t.Errorf("%s: %+v %v", name, a, err)
		}
	}
	for name, line := range map[string]string{
		"has not answered": "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:" + kent, "sends somebody else": "ATTENDEE;PARTSTAT=DELEGATED:mailto:" + kent,
		"is no mail address": "ATTENDEE;PARTSTAT=ACCEPTED:urn:" + kent, "is unknown": "ATTENDEE;PARTSTAT=SURE:mailto:" + kent,
	} {
		a, err := reply.Read(plain("text/calendar", event("REPLY", theUID, line)))
		if says, speaks := a.Of(kent); err != nil || speaks {
			t.Errorf("who %s says %q (%v)", name, says, err)
		}
	}
}

// A suggestion of an impossible time, or of one in a place that nobody knows, is
// no answer: its sender hears so, and what was suggested before stands. Another
// time is never a yes.
func TestATimeThatCannotBeReadIsNoAnswer(t *testing.T) {
	t.Parallel()
	const end = "DTEND:20261210T150000Z"
	for name, tc := range map[string]struct {
		lines []string
		want  bool
	}{
		"UTC":                {[]string{"DTSTART:20261210T140000Z", end}, true},
		"without a zone":     {[]string{"DTSTART:20261210T140000", end}, true},
		"a zone that is not": {[]string{"DTSTART;TZID=Middle-earth:20261210T140000", end}, false},
		"out of the files":   {[]string{"DTSTART;TZID=../../etc/passwd:20261210T140000", end}, false},
		"this machine's":     {[]string{"DTSTART;TZID=Local:20261210T140000", end}, false},
		"no such day":        {[]string{"DTSTART:20270230T140000Z", "DTEND:20270230T150000Z"}, false},
		"no such end":        {[]string{"DTSTART:20261210T140000Z", "DTEND:20261210T250000Z"}, false},
		"no time at all":     {nil, false},
		"a day":              {[]string{"DTSTART;VALUE=DATE:20261210", end}, false},
		"no end":             {[]string{"DTSTART:20261210T140000Z"}, false},
		"backwards":          {[]string{"DTSTART:20261210T160000Z", end}, false},
	} {
		a, err := reply.Read(plain("text/calendar", event("COUNTER", append(tc.lines, theUID, accepted)...)))
		if says, _ := a.Of(kent); errors.Is(err, reply.ErrNoTime) == tc.want || tc.want && says != sig.InvitationTentative || a.Start.IsZero() == tc.want {
			t.Errorf("%s: %+v says %q (%v)", name, a, says, err)
		}
	}
}

// Whatever comes is read or refused, and quickly.
func FuzzRead(f *testing.F) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".eml"); ok {
			f.Add(file(f, name))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := reply.Read(raw)
		if err == nil && (a.UID == "" || a.Sequence < 0 || a.Start.IsZero() != a.End.IsZero() || a.End.Before(a.Start)) {
			t.Errorf("%+v", a)
		}
	})
}
