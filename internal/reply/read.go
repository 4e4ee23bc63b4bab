package reply

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"path"
	"strings"
)

// Most is how large a mail may be. Calendar programs send a few kilobytes, and
// some a picture in somebody's signature.
const Most = 512 << 10

// The bounds of a mail's inner shape.
const (
	mostDepth = 6
	mostParts = 32
)

// ErrNoAnswer is of a mail in which no calendar program answers anything.
var ErrNoAnswer = errors.New("the mail holds no answer of a calendar program")

// ErrNoTime is of a mail in which a calendar program suggests another time that
// cannot be read.
var ErrNoTime = errors.New("the mail suggests a time that cannot be read")

// Read finds the answer in a mail as it came over the wire. A mail that holds
// none, or more than Most, is ErrNoAnswer; one that was forwarded inside another
// is not looked into.
func Read(raw []byte) (Answer, error) {
	if len(raw) > Most {
		return Answer{}, ErrNoAnswer
	}
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Answer{}, ErrNoAnswer
	}
	f := finder{parts: mostParts, err: ErrNoAnswer}
	f.look(textproto.MIMEHeader(message.Header), message.Body, mostDepth)
	return f.answer, f.err
}

// finder goes through a mail's parts until one holds an answer.
type finder struct {
	answer Answer
	err    error // nil once one is found
	parts  int   // that may still be looked at
}

func (f *finder) look(header textproto.MIMEHeader, body io.Reader, depth int) {
	if f.err == nil || f.parts == 0 || depth == 0 {
		return
	}
	f.parts--
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil && kind == "" {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		f.lookInto(multipart.NewReader(body, params["boundary"]), depth-1)
		return
	}
	if !isCalendar(kind, params, header) {
		return
	}
	text, err := io.ReadAll(io.LimitReader(decoded(header, body), Most))
	if err != nil && len(text) == 0 {
		return
	}
	answer, err := answerIn(lines(text))
	if err == nil || errors.Is(err, ErrNoTime) {
		f.answer, f.err = answer, err
	}
}

func (f *finder) lookInto(parts *multipart.Reader, depth int) {
	for f.err != nil && f.parts > 0 {
		part, err := parts.NextRawPart()
		if err != nil {
			return // the end, or no parts after all
		}
		f.look(part.Header, part, depth)
	}
}

// isCalendar also takes the files that some programs attach instead.
func isCalendar(kind string, params map[string]string, header textproto.MIMEHeader) bool {
	switch kind {
	case "text/calendar", "application/ics", "text/x-vcalendar":
		return true
	case "application/octet-stream", "text/plain":
		name := params["name"]
		if _, attached, err := mime.ParseMediaType(header.Get("Content-Disposition")); err == nil && attached["filename"] != "" {
			name = attached["filename"]
		}
		return strings.EqualFold(path.Ext(name), ".ics")
	}
	return false
}

func decoded(header textproto.MIMEHeader, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(header.Get("Content-Transfer-Encoding"))) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, &onlyBase64{body})
	}
	return body
}

// onlyBase64 leaves out what does not belong to base64, such as the spaces that
// gateways put in.
type onlyBase64 struct{ from io.Reader }

func (o *onlyBase64) Read(into []byte) (int, error) {
	for {
		n, err := o.from.Read(into)
		kept := 0
		for _, b := range into[:n] {
			if b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '+' || b == '/' || b == '=' {
				into[kept] = b
				kept++
			}
		}
		if kept > 0 || err != nil {
			return kept, err //nolint:wrapcheck // it stands for what it reads from
		}
	}
}
