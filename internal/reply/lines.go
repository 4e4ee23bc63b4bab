package reply

import (
	"bytes"
	"strings"
	"unicode/utf16"
)

// The bounds of what is looked at; a reply of a calendar program has far less.
const (
	mostLines  = 2000
	mostLine   = 64 << 10 // octets, unfolded; what is beyond is left out
	mostParams = 32
)

// line is one content line: a name, its parameters and its value, unfolded and
// with the escapes still in it.
type line struct {
	name, value string
	params      map[string]string // by upper-case name; the first value of each
}

// lines takes a calendar's text apart. What is no content line is left out, as
// is what goes beyond the bounds: calendar programs are not all careful, and the
// lines that an answer needs are short. go-ical, with which entries are written,
// is not asked: it panics at a parameter that ends its line.
func lines(text []byte) []line {
	var out []line
	for _, raw := range unfold(utf8Of(text)) {
		if read, ok := readLine(raw); ok {
			out = append(out, read)
		}
	}
	return out
}

// utf8Of undoes UTF-16, which some programs send whatever they call it. In every
// other alphabet the lines that an answer needs are the same bytes.
func utf8Of(text []byte) []byte {
	switch {
	case bytes.HasPrefix(text, []byte{0xef, 0xbb, 0xbf}):
		return text[3:]
	case bytes.HasPrefix(text, []byte{0xff, 0xfe}):
		return fromUTF16(text[2:], 0)
	case bytes.HasPrefix(text, []byte{0xfe, 0xff}):
		return fromUTF16(text[2:], 1)
	}
	return text
}

func fromUTF16(text []byte, low int) []byte {
	units := make([]uint16, 0, len(text)/2)
	for i := 0; i+1 < len(text); i += 2 {
		units = append(units, uint16(text[i+low])|uint16(text[i+1-low])<<8)
	}
	return []byte(string(utf16.Decode(units)))
}

// unfold puts together what was broken into lines.
func unfold(text []byte) []string {
	var out []string
	for raw := range bytes.SplitSeq(text, []byte("\n")) {
		raw = bytes.TrimSuffix(raw, []byte("\r"))
		last := len(out) - 1
		if len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t') && last >= 0 {
			if len(out[last])+len(raw) <= mostLine {
				out[last] += string(raw[1:])
			}
			continue
		}
		if len(out) == mostLines {
			break
		}
		out = append(out, string(raw[:min(len(raw), mostLine)]))
	}
	return out
}

func readLine(raw string) (line, bool) {
	end := strings.IndexAny(raw, ";:")
	if end < 1 {
		return line{}, false
	}
	read := line{name: strings.ToUpper(raw[:end]), params: map[string]string{}}
	rest := raw[end:]
	for strings.HasPrefix(rest, ";") {
		name, after, ok := strings.Cut(rest[1:], "=")
		if !ok || len(read.params) == mostParams {
			return line{}, false
		}
		var value string
		if value, rest, ok = paramValue(after); !ok {
			return line{}, false
		}
		if name = strings.ToUpper(name); read.params[name] == "" {
			read.params[name] = value
		}
	}
	if !strings.HasPrefix(rest, ":") {
		return line{}, false
	}
	read.value = rest[1:]
	return read, true
}

// paramValue reads a parameter's value, or several, of which the first counts,
// and gives what comes after it.
func paramValue(text string) (value, rest string, ok bool) {
	for first := true; ; first = false {
		var one string
		if quoted, is := strings.CutPrefix(text, `"`); is {
			if one, text, ok = strings.Cut(quoted, `"`); !ok {
				return "", "", false
			}
		} else {
			end := strings.IndexAny(text, ";:,\"")
			if end < 0 || text[end] == '"' {
				return "", "", false
			}
			one, text = text[:end], text[end:]
		}
		if first {
			value = one
		}
		if !strings.HasPrefix(text, ",") {
			return value, text, true
		}
		text = text[1:]
	}
}
