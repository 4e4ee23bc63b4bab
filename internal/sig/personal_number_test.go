package sig_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sigportal/internal/sig"
)

// number makes twelve digits with a right check digit, by adding up on paper's
// terms: the whole with its check digit must be divisible by ten.
func number(year, month, day, serial int) string {
	head := fmt.Sprintf("%04d%02d%02d%03d", year, month, day, serial)
	for check := range 10 {
		sum := 0
		for i, c := range head[2:] + fmt.Sprint(check) {
			weighted := fmt.Sprint(int(c-'0') * (2 - i%2))
			for _, digit := range weighted {
				sum += int(digit - '0')
			}
		}
		if sum%10 == 0 {
			return fmt.Sprintf("%s%d", head, check)
		}
	}
	panic("no check digit")
}

func TestPublishedTestNumbersAreAccepted(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"201701012393", "198611239883", "198501139995", "20170101-2393", " 201701012393 "} {
		if _, err := sig.ParsePersonalNumber(s); err != nil {
			t.Errorf("a number of the tax agency's test series is refused: %v", err)
		}
	}
}

func TestWhatIsNoPersonalNumberIsRefused(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		in   string
		want error
	}{
		"empty":                     {"", sig.ErrNumberForm},
		"ten digits say no century": {"1701012393", sig.ErrNumberForm},
		"letters":                   {"2017010123T3", sig.ErrNumberForm},
		"digits of another script":  {"٢٠١٧٠١٠١٢٣٩٣", sig.ErrNumberForm},
		"plus sign":                 {"20170101+2393", sig.ErrNumberForm},
		"thirteenth month":          {number(2017, 13, 1, 239), sig.ErrNumberDate},
		"30 February":               {number(2017, 2, 30, 239), sig.ErrNumberDate},
		"29 February, common year":  {number(2017, 2, 29, 239), sig.ErrNumberDate},
		"day 60":                    {number(2017, 1, 60, 239), sig.ErrNumberDate},
		"birth number 000":          {number(2017, 1, 1, 0), sig.ErrNumberDate},
		"wrong check digit":         {"201701012394", sig.ErrNumberCheck},
		"two digits swapped":        {"201701012933", sig.ErrNumberCheck},
	} {
		if _, err := sig.ParsePersonalNumber(tc.in); err != tc.want { // the very value
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
	}
}

func TestEveryNumberKnowsItsBirthDate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(1900, 1, 1+rapid.IntRange(0, 50_000).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		coordination := rapid.Bool().Draw(t, "coordination")
		shown := day.Day()
		if coordination {
			shown += 60
		}
		n, err := sig.ParsePersonalNumber(number(day.Year(), int(day.Month()), shown, rapid.IntRange(1, 999).Draw(t, "serial")))
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		if want := (sig.Date{Year: day.Year(), Month: day.Month(), Day: day.Day()}); n.BirthDate() != want {
			t.Fatalf("born %v, want %v", n.BirthDate(), want)
		}
		if n.Coordination() != coordination {
			t.Fatalf("coordination number: %v, want %v", n.Coordination(), coordination)
		}
	})
}

func TestOneWrongDigitIsAlwaysNoticed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		right := number(1990+rapid.IntRange(0, 30).Draw(t, "y"), rapid.IntRange(1, 12).Draw(t, "m"),
			rapid.IntRange(1, 28).Draw(t, "d"), rapid.IntRange(1, 999).Draw(t, "serial"))
		at := rapid.IntRange(2, 11).Draw(t, "at") // the century is not under the check digit
		other := byte('0' + (int(right[at]-'0')+rapid.IntRange(1, 9).Draw(t, "by"))%10)
		if _, err := sig.ParsePersonalNumber(right[:at] + string(other) + right[at+1:]); err == nil {
			t.Fatalf("position %d changed and nobody noticed", at)
		}
	})
}

// A number in a log line is a child in a log line. Whatever prints, formats or
// encodes a value that holds a number must not show its digits.
func TestANumberNeverPrintsItself(t *testing.T) {
	t.Parallel()
	const digits = "201701012393"
	n, err := sig.ParsePersonalNumber(digits)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		fmt.Fprintf(&out, verb+"\n", n)
		fmt.Fprintf(&out, verb+"\n", struct{ N sig.PersonalNumber }{n})
		fmt.Fprintf(&out, verb+"\n", &struct{ N *sig.PersonalNumber }{&n})
	}
	fmt.Fprintln(&out, n, n.String(), []sig.PersonalNumber{n})
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "n", n, "in", struct{ N sig.PersonalNumber }{n})
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "n", n, "in", []any{n})
	body, err := json.Marshal(map[string]any{"n": n})
	if err == nil {
		t.Errorf("a number could be encoded")
	}
	out.Write(body)
	hex := fmt.Sprintf("%x", digits)
	if s := out.String(); strings.Contains(s, digits) || strings.Contains(s, digits[2:]) || strings.Contains(s, hex) {
		t.Errorf("the digits are shown in:\n%s", s)
	}
	if n.Digits() != digits {
		t.Errorf("Digits gave something else than was read")
	}
}
