package mailcatch

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// Letter is a mail as its reader sees it, with the encodings undone.
type Letter struct {
	Header   mail.Header
	Subject  string
	Language string
	Text     string
}

// Read undoes the encodings of a plain-text mail.
func (m Message) Read() (Letter, error) {
	parsed, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		return Letter{}, fmt.Errorf("read mail %d: %w", m.Number, err)
	}
	body := parsed.Body
	if strings.EqualFold(parsed.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return Letter{}, fmt.Errorf("read the text of mail %d: %w", m.Number, err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil {
		return Letter{}, fmt.Errorf("read the subject of mail %d: %w", m.Number, err)
	}
	return Letter{
		Header: parsed.Header, Subject: subject, Language: parsed.Header.Get("Content-Language"),
		Text: strings.ReplaceAll(string(text), "\r\n", "\n"),
	}, nil
}
