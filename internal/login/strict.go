package login

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	longestToken = 32 << 10
	deepestJSON  = 8
)

// members is one JSON object with its names exactly as written: unlike
// encoding/json into a struct, "ISS" is not iss.
type members map[string]json.RawMessage

// parseStrict reads one JSON object and refuses what parsers disagree about:
// a name given twice, bytes that are no UTF-8, anything after the end, depth.
func parseStrict(raw []byte) (members, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := walk(d, 0); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the object")
	}
	var m members
	if err := json.Unmarshal(raw, &m); err != nil || m == nil {
		return nil, fmt.Errorf("not an object: %w", err)
	}
	return m, nil
}

func walk(d *json.Decoder, depth int) error {
	token, err := d.Token()
	if err != nil {
		return fmt.Errorf("read JSON: %w", err)
	}
	delim, isDelim := token.(json.Delim)
	if !isDelim {
		return nil
	}
	if depth >= deepestJSON {
		return errors.New("nested too deep")
	}
	names := map[string]bool{}
	for d.More() {
		if delim == '{' {
			name, err := d.Token()
			if err != nil {
				return fmt.Errorf("read JSON: %w", err)
			}
			text, _ := name.(string)
			if names[text] {
				return errors.New("a name stands twice")
			}
			names[text] = true
		}
		if err := walk(d, depth+1); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("read JSON: %w", err)
	}
	return nil
}

// checkHeader looks at a token before any key is touched: three parts of strict
// base64, one accepted algorithm, one accepted type, no extension.
func checkHeader(token string, accepted, types []string) error {
	if len(token) > longestToken {
		return errors.New("the token is too long")
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 || parts[2] == "" {
		return errors.New("the token has not three parts")
	}
	var raw []byte
	for i, part := range parts {
		decoded, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || strings.ContainsAny(part, "\r\n") {
			return errors.New("a part of the token is not base64url")
		}
		if i == 0 {
			raw = decoded
		}
	}
	header, err := parseStrict(raw)
	if err != nil {
		return fmt.Errorf("header: %w", err)
	}
	algorithm, err := header.text("alg")
	if err != nil || !slices.Contains(accepted, algorithm) {
		return errors.New("the token's algorithm is not the configured one")
	}
	if kid, err := header.text("kid"); header["kid"] != nil && (err != nil || len(kid) > 256 || kid == "") {
		return errors.New("the token's kid is not a short text")
	}
	if header["crit"] != nil || header["b64"] != nil || header["enc"] != nil || header["zip"] != nil {
		return errors.New("the token's header asks for an extension")
	}
	if header["typ"] != nil {
		kind, err := header.text("typ")
		if err != nil || !slices.Contains(types, strings.ToLower(kind)) {
			return errors.New("the token is of another type")
		}
	}
	return nil
}
