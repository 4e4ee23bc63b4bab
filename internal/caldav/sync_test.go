package caldav

import (
	"encoding/xml"
	"errors"
	"slices"
	"strings"
	"testing"
)

var ours, theirs = []byte(strings.Repeat("o", 32)), []byte(strings.Repeat("t", 32))

const nameA, nameB, nameC = "0a000000-0000-4000-8000-000000000001", "0b000000-0000-4000-8000-000000000002", "0c000000-0000-4000-8000-000000000003"

func calendarOf(t *testing.T, secret []byte) Resource {
	t.Helper()
	r, err := Calendar("Möten", nil, secret)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// asks is a question for what has changed, as a program writes it.
func asks(t *testing.T, since, more string) (Question, error) {
	t.Helper()
	return Report([]byte(`<d:sync-collection xmlns:d="DAV:"><d:sync-token>` + since + `</d:sync-token>` + more + `<d:prop><d:getetag/></d:prop></d:sync-collection>`))
}

// answered is what a program reads: which entries have changed, which are gone,
// and its next token.
func answered(t *testing.T, secret []byte, since string, events ...Event) (changed, gone, next string) {
	t.Helper()
	q, err := asks(t, since, "<d:sync-level>1</d:sync-level>")
	if err != nil {
		t.Fatal(err)
	}
	body, err := q.Sync(secret, events)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Responses []struct {
			Href   string `xml:"DAV: href"`
			Status string `xml:"DAV: status"`
			Prop   string `xml:"DAV: propstat>prop>getetag"`
		} `xml:"DAV: response"`
		Token string `xml:"DAV: sync-token"`
	}
	if err := xml.Unmarshal(body, &got); err != nil {
		t.Fatalf("what is written cannot be read: %v\n%s", err, body)
	}
	letter := func(href string) string { return href[len(Collection)+1 : len(Collection)+2] }
	for _, r := range got.Responses {
		switch {
		case r.Status == "HTTP/1.1 404 Not Found" && r.Prop == "":
			gone += letter(r.Href)
		case r.Status == "" && r.Prop != "":
			changed += letter(r.Href)
		default:
			t.Errorf("neither there nor gone: %+v", r)
		}
	}
	return changed, gone, got.Token
}

// A program is told what has changed since its token, and nothing else; what it
// was told of and may not be shown now is gone.
func TestAProgramIsToldWhatHasChanged(t *testing.T) {
	t.Parallel()
	a, b, c := Event{nameA, []byte("at a place")}, Event{nameB, []byte("b")}, Event{nameC, []byte("c")}
	bare := Event{nameA, []byte("at")}
	tokens := map[string]string{"": ""}
	for _, step := range []struct {
		since   string
		now     []Event
		as      string // the name of the token that it gives
		changed string
		gone    string
	}{
		{"", nil, "none", "", ""},
		{"", []Event{a, b}, "ab", "ab", ""},
		{"none", []Event{b, a}, "ab", "ba", ""},
		{"ab", []Event{a, b}, "ab", "", ""},
		{"ab", []Event{a, b, c}, "abc", "c", ""},
		{"ab", []Event{bare, b}, "without the place", "a", ""},
		{"abc", []Event{b}, "b", "", "ac"},
		{"abc", nil, "none", "", "abc"},
		{"b", []Event{c}, "c", "c", "b"},
		{"without the place", []Event{a, b}, "ab", "a", ""},
	} {
		changed, gone, next := answered(t, ours, tokens[step.since], step.now...)
		if changed != step.changed || gone != step.gone {
			t.Errorf("since %q, of %d: changed %q, gone %q, want %q and %q", step.since, len(step.now), changed, gone, step.changed, step.gone)
		}
		if known := tokens[step.as]; known != "" && known != next {
			t.Errorf("the same calendar %q has two tokens", step.as)
		}
		for name, other := range tokens {
			if name != step.as && other == next {
				t.Errorf("%q has the token of %q", step.as, name)
			}
		}
		tokens[step.as] = next
		if strings.Contains(next, nameA) || !strings.HasPrefix(next, "data:,") {
			t.Errorf("a token tells what is in it: %s", next)
		}
	}
}

// A token that was not given to whoever shows this secret is refused whole:
// nothing is said to be gone, or there.
func TestAForgedTokenIsRefused(t *testing.T) {
	t.Parallel()
	events := []Event{{nameA, []byte("a")}, {nameB, []byte("b")}}
	_, _, given := answered(t, ours, "", events...)
	_, _, another := answered(t, theirs, "", events...)
	if given == another {
		t.Error("two readers have one token")
	}
	forged := []string{another, "data:,", "data:,AAAA", "x", strings.TrimPrefix(given, "data:,"), given + "A", given[:len(given)-1], "data:," + strings.Repeat("A", len(given)-6), "urn:1"}
	for i := len("data:,"); i < len(given); i++ {
		letter := byte('A')
		if given[i] == letter {
			letter = 'w'
		}
		forged = append(forged, given[:i]+string(letter)+given[i+1:])
	}
	for _, one := range forged {
		q, err := asks(t, one, "<d:sync-level>1</d:sync-level>")
		if err != nil {
			t.Fatal(err)
		}
		if body, err := q.Sync(ours, events); !errors.Is(err, ErrToken) || body != nil {
			t.Errorf("%q is taken: %v", one, err)
		}
	}
	if got := string(Refusal(ErrToken)); !strings.Contains(got, "valid-sync-token") {
		t.Errorf("the refusal is %s", got)
	}
}

// What is no question for changes is refused, and so is one that wants fewer
// than there are: a program that is told a part would take it for the whole.
func TestAQuestionForChanges(t *testing.T) {
	t.Parallel()
	one, events := "<d:sync-level>1</d:sync-level>", []Event{{nameA, nil}, {nameB, nil}}
	for _, c := range []struct {
		more string
		err  error
		sync error
	}{
		{more: one}, {more: "<d:sync-level> infinite </d:sync-level>"}, {more: "", err: ErrMalformed}, {more: "<d:sync-level>2</d:sync-level>", err: ErrMalformed},
		{more: one + "<d:limit><d:nresults>2</d:nresults></d:limit>"}, {more: one + "<d:limit><d:nresults>1</d:nresults></d:limit>", sync: ErrLimit},
		{more: one + "<d:limit><d:nresults>0</d:nresults></d:limit>", err: ErrMalformed}, {more: one + "<d:limit/>", err: ErrMalformed},
		{more: one + "<d:limit><d:nresults>x</d:nresults></d:limit>", err: ErrMalformed},
	} {
		q, err := asks(t, "", c.more)
		if !errors.Is(err, c.err) || c.err == nil && err != nil {
			t.Errorf("%s: %v, want %v", c.more, err, c.err)
		}
		if err != nil {
			continue
		}
		if _, err := q.Sync(ours, events); !errors.Is(err, c.sync) || c.sync == nil && err != nil {
			t.Errorf("%s is answered with %v, want %v", c.more, err, c.sync)
		}
	}
	if _, err := Report([]byte(`<d:sync-collection xmlns:d="DAV:">` + one + `</d:sync-collection>`)); !errors.Is(err, ErrMalformed) {
		t.Errorf("without a token: %v", err)
	}
	many := make([]Event, 200)
	for i := range many {
		many[i] = Event{Name: strings.Replace(nameA, "0001", strings.Repeat(string(rune('0'+i/100)), 1)+string(rune('0'+i/10%10))+string(rune('0'+i%10))+"f", 1)}
	}
	if _, gone, next := answered(t, ours, "", many...); gone != "" || len(next) > 8<<10 {
		t.Errorf("of as many entries as a calendar has, the token is %d long", len(next))
	}
	if _, err := token(ours, []Event{{Name: "one"}}); err == nil || !slices.Equal(ours, []byte(strings.Repeat("o", 32))) {
		t.Error("an entry that is named after no meeting has a token")
	}
}
