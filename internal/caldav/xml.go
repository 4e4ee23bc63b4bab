package caldav

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// The bounds of what is read: a program's question about one calendar is far
// below each of them.
const (
	longest = 64 << 10
	deepest = 12
	most    = 1000 // elements and attributes
)

// Refusals of a question.
var (
	ErrMalformed = errors.New("not a question that CalDAV knows")
	ErrTooLong   = errors.New("the question is too long")
	// ErrFilter is a well-formed filter that is not answered here (RFC 4791, 7.8).
	ErrFilter = errors.New("the filter is not supported")
	// ErrReport is a report that is not answered here (RFC 3253, 3.6).
	ErrReport = errors.New("the report is not supported")
	// ErrDepth is a search without an end (RFC 4918, 9.1).
	ErrDepth = errors.New("the depth is not finite")
)

const (
	nsDAV    = "DAV:"
	nsCalDAV = "urn:ietf:params:xml:ns:caldav"
	nsServer = "http://calendarserver.org/ns/"
)

func dav(local string) xml.Name  { return xml.Name{Space: nsDAV, Local: local} }
func cald(local string) xml.Name { return xml.Name{Space: nsCalDAV, Local: local} }

// element is one element as it is read and as it is written.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

func (e element) attr(local string) string {
	for _, a := range e.Attrs {
		if a.Name.Space == "" && a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

func (e element) child(name xml.Name) (element, bool) {
	for _, c := range e.Children {
		if c.XMLName == name {
			return c, true
		}
	}
	return element{}, false
}

// read reads a document without a document type: there are no entities to
// expand, nothing outside to fetch, and an end to depth and number.
func read(body []byte) (element, error) {
	if len(body) > longest {
		return element{}, ErrTooLong
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	top := element{}
	path := []*element{&top}
	count := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return element{}, ErrMalformed
		}
		here := path[len(path)-1]
		switch t := token.(type) {
		case xml.StartElement:
			count += 1 + len(t.Attr)
			if len(path) > deepest || count > most {
				return element{}, ErrMalformed
			}
			here.Children = append(here.Children, element{XMLName: t.Name, Attrs: t.Copy().Attr})
			path = append(path, &here.Children[len(here.Children)-1])
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			here.Text += string(t)
		case xml.Directive:
			return element{}, ErrMalformed
		case xml.ProcInst:
			if t.Target != "xml" {
				return element{}, ErrMalformed
			}
		}
	}
	if len(top.Children) != 1 || strings.TrimSpace(top.Text) != "" {
		return element{}, ErrMalformed
	}
	return top.Children[0], nil
}

// write gives the bytes of a document.
func write(e element) ([]byte, error) {
	body, err := xml.Marshal(e)
	return append([]byte(xml.Header), body...), err
}
