package login

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"
)

var errAbsent = errors.New("absent")

// text reads a member that must be a text.
func (m members) text(name string) (string, error) {
	raw, ok := m[name]
	if !ok {
		return "", fmt.Errorf("%s: %w", name, errAbsent)
	}
	var s *string
	if err := json.Unmarshal(raw, &s); err != nil || s == nil {
		return "", fmt.Errorf("%s is not a text", name)
	}
	return *s, nil
}

// optional reads a member that must be a text where it is there.
func (m members) optional(name string) (string, error) {
	s, err := m.text(name)
	if errors.Is(err, errAbsent) {
		return "", nil
	}
	return s, err
}

// instant reads a member that must be seconds since 1970, a plain number.
func (m members) instant(name string) (time.Time, error) {
	raw, ok := m[name]
	if !ok {
		return time.Time{}, fmt.Errorf("%s: %w", name, errAbsent)
	}
	if raw[0] == '"' {
		return time.Time{}, fmt.Errorf("%s is not a number", name)
	}
	seconds, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || seconds <= 0 || seconds > 1e11 {
		return time.Time{}, fmt.Errorf("%s is not an instant", name)
	}
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), int64(part*1e9)), nil
}

// audience reads aud, which is one text or a list of texts.
func (m members) audience() ([]string, error) {
	if one, err := m.text("aud"); err == nil {
		return []string{one}, nil
	}
	var many []string
	if err := json.Unmarshal(m["aud"], &many); err != nil {
		return nil, errors.New("aud is neither a text nor a list of texts")
	}
	return many, nil
}

// checkSubject holds sub to what OpenID Connect allows: at most 255 ASCII
// characters; here visible ones only, so that no two subjects look alike.
func checkSubject(sub string) error {
	if sub == "" || len(sub) > 255 {
		return errors.New("sub is empty or too long")
	}
	for _, b := range []byte(sub) {
		if b <= ' ' || b >= 0x7f {
			return errors.New("sub has other than visible ASCII characters")
		}
	}
	return nil
}
