package upload

import (
	"bytes"
	"context"

	"sigportal/internal/fault"
)

// MaxBytes is how large a file may be: a photograph or a scan of a few pages.
const MaxBytes = 20 << 20

// Kind is what a file is.
type Kind string

// The kinds of files that are taken, by their content and never by their name.
const (
	PDF  Kind = "pdf"
	PNG  Kind = "png"
	JPEG Kind = "jpeg"
)

// MediaType is the kind as it stands in the header of a download.
func (k Kind) MediaType() string {
	switch k {
	case PDF:
		return "application/pdf"
	case PNG:
		return "image/png"
	case JPEG:
		return "image/jpeg"
	default:
		return "application/octet-stream"
	}
}

// File is a file that was looked at.
type File struct {
	Kind Kind
	Data []byte // of an image, what was drawn anew from its picture alone
}

// Checker looks at files. No checker at all refuses every file, because nobody
// can be asked whether it is harmful.
type Checker struct {
	clamd string
	slot  chan struct{}
}

// New makes a checker that asks the clamd that listens at host:port, or at the
// path of a socket. It draws one picture at a time: two would take twice the
// memory, and whoever hands in a file can wait.
func New(clamd string) *Checker { return &Checker{clamd: clamd, slot: make(chan struct{}, 1)} }

// Check takes a file in: its kind by content, ClamAV's opinion of what came,
// and of an image the picture alone. Whatever is wrong is said at the field.
func (c *Checker) Check(ctx context.Context, field string, data []byte) (File, error) {
	switch {
	case len(data) == 0:
		return File{}, wrong(field, "error.file_missing")
	case len(data) > MaxBytes:
		return File{}, wrong(field, "error.file_too_big")
	}
	kind := kindOf(data)
	if kind == "" {
		return File{}, wrong(field, "error.file_kind")
	}
	if kind == PDF {
		if code := checkPDF(data); code != "" {
			return File{}, wrong(field, code)
		}
	} else if code := checkSize(data); code != "" { // before anything unpacks it
		return File{}, wrong(field, code)
	}
	harmful, err := c.scan(ctx, data)
	switch {
	case err != nil:
		return File{}, unchecked(field, err)
	case harmful:
		return File{}, wrong(field, "error.file_harmful")
	}
	if kind == PDF {
		return File{Kind: PDF, Data: data}, nil
	}
	select {
	case c.slot <- struct{}{}:
		defer func() { <-c.slot }()
	case <-ctx.Done():
		return File{}, unchecked(field, ctx.Err())
	}
	drawn, ok := redraw(kind, data)
	if !ok {
		return File{}, wrong(field, "error.file_broken")
	}
	return File{Kind: kind, Data: drawn}, nil
}

func wrong(field, code string) error {
	var check fault.Check
	check.Fail(field, code)
	return check.Err()
}

// unchecked says that the file could not be looked at; why is for the log.
func unchecked(field string, cause error) error {
	err := fault.Wrap(fault.Invalid, "error.check_fields", cause)
	err.Fields = []fault.Field{{Name: field, Code: "error.file_unchecked"}}
	return err
}

func kindOf(data []byte) Kind {
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-1.")), bytes.HasPrefix(data, []byte("%PDF-2.")):
		return PDF
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return JPEG
	default:
		return ""
	}
}
