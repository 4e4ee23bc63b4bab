package api

import (
	"errors"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"sigportal/internal/fault"
)

// Problem is the shape of every refusal (RFC 9457). It is written by package
// httpd, as every answer to an error is; this type describes it in the document.
type Problem struct {
	Type      string       `json:"type" doc:"Always about:blank."`
	Title     string       `json:"title" doc:"A heading in the reader's language."`
	Status    int          `json:"status"`
	Detail    string       `json:"detail" doc:"One sentence in the reader's language."`
	Code      string       `json:"code" doc:"What is wrong, for programs; it does not change with the language."`
	RequestID string       `json:"request_id" doc:"Mention it when asking for help."`
	Errors    []FieldFault `json:"errors,omitempty" doc:"What is wrong at which field."`
}

// FieldFault is one thing wrong with one field. What was sent is not repeated.
type FieldFault struct {
	Field  string `json:"field" doc:"Such as grants.2.categories; rows of a consent count from 1, other lists from 0."`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Error gives the code alone.
func (p *Problem) Error() string { return p.Code }

// GetStatus is the status that the library writes until httpd overwrites it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of problems.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// noteWrong turns what the library found wrong with the input into the fault
// that a form of the pages would have. Its own texts quote what was sent, and
// are dropped.
func noteWrong(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	who := callerOf(ctx.Context())
	if status >= 500 {
		who.failed = errors.Join(append([]error{errors.New(msg)}, errs...)...)
		return &Problem{Status: status}
	}
	var check fault.Check
	for _, err := range errs {
		detail, ok := errors.AsType[*huma.ErrorDetail](err)
		if !ok || !readWrong(&check, detail) {
			who.failed = fault.New(fault.Malformed, codeOf(detail))
			return &Problem{Status: status}
		}
	}
	if who.failed = check.Err(); who.failed == nil {
		who.failed = fault.New(fault.Malformed, "error.malformed")
	}
	return &Problem{Status: status}
}

func codeOf(detail *huma.ErrorDetail) string {
	if detail != nil && (detail.Message == "unexpected property" || detail.Message == "unknown query parameter") {
		return "error.unknown_field"
	}
	return "error.malformed"
}

// readWrong notes a value that is not right at its field. It is false where the
// whole is no input of ours: a field that we do not know, another type.
func readWrong(check *fault.Check, detail *huma.ErrorDetail) bool {
	field := fieldOf(detail.Location)
	msg := detail.Message
	has := func(part string) bool { return strings.Contains(msg, part) }
	switch {
	case strings.HasPrefix(msg, "expected required property "):
		name, _, _ := strings.Cut(strings.TrimPrefix(msg, "expected required property "), " ")
		check.Fail(strings.TrimPrefix(field+"."+name, "."), "error.required")
	case strings.HasPrefix(msg, "required ") && has("parameter is missing"), strings.HasPrefix(msg, "expected length >="),
		strings.HasPrefix(msg, "expected array length >="):
		check.Fail(field, "error.required")
	case strings.HasPrefix(msg, "expected length <="):
		most, err := strconv.Atoi(strings.TrimSpace(msg[strings.LastIndex(msg, " ")+1:]))
		if err != nil {
			return false
		}
		check.Fail(field, "error.too_long", "max", most)
	case has("to be one of"):
		check.Fail(field, "error.choose_one")
	case has("date-time") || has("RFC 3339 date-time"):
		check.Fail(field, "error.bad_time")
	case has("date"):
		check.Fail(field, "error.bad_date")
	case has("match pattern") || has("to be "+idDescription) || has("to be a code"):
		check.Fail(field, "error.bad_id")
	default:
		return false
	}
	return true
}

// fieldOf writes body.grants[0].to as grants.0.to.
func fieldOf(location string) string {
	_, rest, _ := strings.Cut(location, ".")
	return strings.NewReplacer("[", ".", "]", "").Replace(rest)
}
