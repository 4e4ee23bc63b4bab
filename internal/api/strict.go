package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// strictJSON is JSON in which no field is said twice in one object. Which of
// the two counts is every reader's own choice (RFC 8259, 4): a gateway that
// looks at one and a portal that does the other must not meet.
var strictJSON = huma.Format{
	Marshal: huma.DefaultJSONFormat.Marshal,
	Unmarshal: func(data []byte, into any) error {
		if err := saidOnce(json.NewDecoder(bytes.NewReader(data))); err != nil {
			return err
		}
		return huma.DefaultJSONFormat.Unmarshal(data, into)
	},
}

var errSaidTwice = errors.New("a field is said twice")

// saidOnce reads one value and what is in it. Letters' case does not tell
// fields apart, as it does not for encoding/json.
func saidOnce(in *json.Decoder) error {
	token, err := in.Token()
	if errors.Is(err, io.EOF) {
		return nil // nothing at all is the operation's to refuse
	}
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		seen := map[string]bool{}
		for in.More() {
			key, err := in.Token()
			if err != nil {
				return err
			}
			name := strings.ToLower(key.(string)) //nolint:forcetypeassert // a key is a text, else Token has failed
			if seen[name] {
				return errSaidTwice
			}
			seen[name] = true
			if err := saidOnce(in); err != nil {
				return err
			}
		}
	case json.Delim('['):
		for in.More() {
			if err := saidOnce(in); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	_, err = in.Token() // the closing one
	return err
}
