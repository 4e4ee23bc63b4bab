package sig

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// PersonalNumber is a 12-digit personal or coordination number. It never
// prints itself: whatever formats, logs or encodes it gets a placeholder, so
// that a number reaches the outside only through Digits, which can be found.
type PersonalNumber struct{ digits string }

const hiddenNumber = "(personal number)"

// What can be wrong with a personal number. The errors never carry the number.
var (
	ErrNumberForm  = errors.New("a personal number has twelve digits: YYYYMMDDNNNN")
	ErrNumberDate  = errors.New("the personal number begins with a day that does not exist")
	ErrNumberCheck = errors.New("the personal number's check digit does not agree")
)

// ParsePersonalNumber reads YYYYMMDDNNNN, with or without a hyphen before the
// last four and with blanks around. Ten digits are refused: they do not say
// the century, and a guess would find another person.
func ParsePersonalNumber(s string) (PersonalNumber, error) {
	s = strings.TrimSpace(s)
	if len(s) == 13 && s[8] == '-' {
		s = s[:8] + s[9:]
	}
	if len(s) != 12 || strings.Trim(s, "0123456789") != "" {
		return PersonalNumber{}, ErrNumberForm
	}
	n := PersonalNumber{s}
	if !n.BirthDate().Valid() || s[8:11] == "000" {
		return PersonalNumber{}, ErrNumberDate
	}
	if luhn(s[2:11]) != s[11] {
		return PersonalNumber{}, ErrNumberCheck
	}
	return n, nil
}

// luhn is the check digit of nine digits, weights 2 1 2 1 … from the left.
func luhn(digits string) byte {
	sum := 0
	for i := range len(digits) {
		v := int(digits[i] - '0')
		if i%2 == 0 {
			v *= 2
		}
		sum += v/10 + v%10
	}
	return '0' + byte((10-sum%10)%10)
}

// Digits are the twelve digits: for the keyed hash and for sealing.
func (n PersonalNumber) Digits() string { return n.digits }

// IsZero reports whether there is no number.
func (n PersonalNumber) IsZero() bool { return n.digits == "" }

// Coordination reports whether it is a coordination number (day + 60).
func (n PersonalNumber) Coordination() bool { return n.number(6, 8) > 60 }

// BirthDate is the day of birth, also behind a coordination number: 65 is the
// 5th. Whoever asks for the day of the month must ask here, never the digits.
func (n PersonalNumber) BirthDate() Date {
	day := n.number(6, 8)
	if day > 60 {
		day -= 60
	}
	return Date{n.number(0, 4), time.Month(n.number(4, 6)), day}
}

func (n PersonalNumber) number(from, to int) int {
	if n.IsZero() {
		return 0
	}
	v := 0
	for _, c := range n.digits[from:to] {
		v = v*10 + int(c-'0')
	}
	return v
}

// String is a placeholder.
func (n PersonalNumber) String() string { return hiddenNumber }

// Format is a placeholder for every verb, %#v and %x too.
func (n PersonalNumber) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hiddenNumber)) }

// LogValue is a placeholder.
func (n PersonalNumber) LogValue() slog.Value { return slog.StringValue(hiddenNumber) }

// MarshalText refuses, so that no encoder can carry a number off unnoticed.
func (n PersonalNumber) MarshalText() ([]byte, error) {
	return nil, errors.New("a personal number is not encoded; seal its digits")
}
