package obs

import (
	"encoding"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"time"
)

// Logger writes JSON lines that are fit for a log: see the package comment.
func Logger(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: fit}))
}

// fit is asked about every attribute, groups opened and LogValuers resolved.
func fit(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(strike(a.Value.String()))
	case slog.KindAny:
		a.Value = fitAny(a.Value.Any())
	default: // numbers, booleans, instants and durations say nothing about anybody
	}
	return a
}

// fitAny lets errors and ids through. Structs, slices and maps may hold a
// child's data whatever their type is called, so they show their type only.
func fitAny(v any) slog.Value {
	switch v := v.(type) {
	case nil:
		return slog.AnyValue(nil)
	case error:
		return slog.StringValue(strike(errorText(v)))
	case slog.Level, time.Time, time.Duration, *slog.Source:
		return slog.AnyValue(v)
	case id:
		return slog.StringValue(v.String())
	default:
		return slog.StringValue(fmt.Sprintf("[%T]", v))
	}
}

// id is how identifiers are known without importing them: random bits that
// can tell whether they are zero, with a text form.
type id interface {
	fmt.Stringer
	encoding.TextMarshaler
	IsZero() bool
	ClockSequence() int // only uuid.UUID, which sig.ID embeds, has one
}

// sqlFault is PostgreSQL's own error. Its message may quote the value that it
// could not read, so its state stands in the log instead.
type sqlFault interface {
	error
	SQLState() string
}

func errorText(err error) string {
	text := err.Error()
	if sql, ok := errors.AsType[sqlFault](err); ok {
		text = strings.ReplaceAll(text, sql.Error(), "SQLSTATE "+sql.SQLState())
	}
	return text
}

// personalNumber is everything in the shape of a Swedish personal number or
// coordination number, with or without century and sign.
var personalNumber = regexp.MustCompile(`\b(?:19|20)?\d{6}[-+]?\d{4}\b`)

func strike(s string) string { return personalNumber.ReplaceAllString(s, "[number]") }
