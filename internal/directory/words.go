package directory

import (
	"strings"
	"time"

	"sigportal/internal/sig"
)

// instant writes a point in time as people in Stockholm say it: a day where it
// is midnight, else with hour and minute.
func instant(at time.Time) string {
	at = at.In(sig.Stockholm)
	switch {
	case !at.Before(sig.Forever):
		return "no end"
	case at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 && at.Nanosecond() == 0:
		return at.Format(time.DateOnly)
	case at.Second() == 0 && at.Nanosecond() == 0:
		return at.Format("2006-01-02 15:04")
	default:
		return at.Format("2006-01-02 15:04:05.999999")
	}
}

func quote(s string) string {
	if s == "" {
		return "nothing"
	}
	return `"` + s + `"`
}

func keys[T ~string](list []T) string {
	if len(list) == 0 {
		return "none of its own"
	}
	words := make([]string, len(list))
	for i, k := range list {
		words[i] = string(k)
	}
	return strings.Join(words, ", ")
}
