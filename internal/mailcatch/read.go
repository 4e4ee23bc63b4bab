package mailcatch

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
)

// Letter is a mail as its reader sees it, with the encodings undone.
type Letter struct {
	Header   mail.Header
	Subject  string
	Language string
	Text     string
	Calendar string // the calendar entry beside the text, and how it says it is sent
	Method   string
}

// Read undoes the encodings of a mail: of its plain text and, where there is
// one beside it, of its calendar entry.
func (m Message) Read() (Letter, error) {
	parsed, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		return Letter{}, fmt.Errorf("read mail %d: %w", m.Number, err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil {
		return Letter{}, fmt.Errorf("read the subject of mail %d: %w", m.Number, err)
	}
	letter := Letter{Header: parsed.Header, Subject: subject, Language: parsed.Header.Get("Content-Language")}
	if err := letter.take(textproto.MIMEHeader(parsed.Header), parsed.Body); err != nil {
		return Letter{}, fmt.Errorf("read the text of mail %d: %w", m.Number, err)
	}
	return letter, nil
}

// take reads one part, or all parts of one that has several.
func (l *Letter) take(header textproto.MIMEHeader, body io.Reader) error {
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		return l.takeAll(multipart.NewReader(body, params["boundary"]))
	}
	switch encoding := header.Get("Content-Transfer-Encoding"); {
	case strings.EqualFold(encoding, "quoted-printable"):
		body = quotedprintable.NewReader(body)
	case strings.EqualFold(encoding, "base64"):
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("undo an encoding: %w", err)
	}
	if kind == "text/calendar" {
		l.Calendar, l.Method = string(text), params["method"]
		return nil
	}
	l.Text = strings.ReplaceAll(string(text), "\r\n", "\n")
	return nil
}

func (l *Letter) takeAll(parts *multipart.Reader) error {
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find a part: %w", err)
		}
		if err := l.take(part.Header, part); err != nil {
			return err
		}
	}
}
