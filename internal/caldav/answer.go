package caldav

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"slices"
	"strings"
)

// Where things are. The first is the reader and the reader's home at once,
// whoever that is: an address tells nobody from another.
const (
	Root       = "/caldav/"
	Collection = Root + "meetings/"
	ending     = ".ics"
)

// Class is what the header DAV says can be asked here.
const Class = "1, 3, calendar-access"

var tagName = xml.Name{Space: nsServer, Local: "getctag"}

// Resource is one thing with what can be said of it.
type Resource struct {
	href  string
	props []element
}

// Event is one entry as it is delivered.
type Event struct {
	Name string // of the meeting
	Data []byte
}

// Tag is the entity tag of an entry: of the very bytes that are delivered.
func (e Event) Tag() string { return `"` + base64.RawURLEncoding.EncodeToString(e.sum()[:18]) + `"` }

func (e Event) sum() []byte {
	sum := sha256.Sum256(e.Data)
	return sum[:]
}

func of(name xml.Name, children ...element) element {
	return element{XMLName: name, Children: children}
}

func text(name xml.Name, value string) element { return element{XMLName: name, Text: value} }

func href(name xml.Name, to string) element { return of(name, text(dav("href"), to)) }

// everywhere stands with each thing: who asks, and that nothing can be written.
func everywhere(kinds ...element) []element {
	may := func(what string) element { return of(dav("privilege"), of(dav(what))) }
	return []element{
		of(dav("resourcetype"), kinds...),
		href(dav("current-user-principal"), Root),
		of(dav("current-user-privilege-set"), may("read"), may("read-current-user-privilege-set")),
	}
}

// Home is the reader, and where the one calendar of the reader is.
func Home() Resource {
	return Resource{Root, append(everywhere(of(dav("collection")), of(dav("principal"))),
		href(dav("principal-URL"), Root), href(cald("calendar-home-set"), Root))}
}

// Calendar is the one calendar. Its tag and its token are of the entries that the
// reader may see now; without the reader's secret these have not been looked at.
func Calendar(name string, events []Event, secret []byte) (Resource, error) {
	report := func(what xml.Name) element {
		return of(dav("supported-report"), of(dav("report"), of(what)))
	}
	event := element{XMLName: cald("comp"), Attrs: []xml.Attr{{Name: xml.Name{Local: "name"}, Value: "VEVENT"}}}
	kind := element{XMLName: cald("calendar-data"), Attrs: []xml.Attr{
		{Name: xml.Name{Local: "content-type"}, Value: "text/calendar"}, {Name: xml.Name{Local: "version"}, Value: "2.0"},
	}}
	props := append(everywhere(of(dav("collection")), of(cald("calendar"))),
		text(dav("displayname"), name),
		of(cald("supported-calendar-component-set"), event),
		of(cald("supported-calendar-data"), kind),
		of(dav("supported-report-set"), report(cald("calendar-query")), report(cald("calendar-multiget")), report(dav("sync-collection"))))
	if secret == nil {
		return Resource{Collection, props}, nil
	}
	next, err := token(secret, events)
	props = append(props, text(tagName, tagOf(events)), text(syncName, next))
	return Resource{Collection, props}, err
}

// tagOf is the tag of a whole calendar: another entry, one less, or one of
// which less is shown make another of it.
func tagOf(events []Event) string {
	var lines []string
	for _, e := range events {
		lines = append(lines, e.Name+" "+e.Tag())
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}

// ContentType is of one entry.
const ContentType = "text/calendar; charset=utf-8; component=VEVENT"

// Resource is the entry among others, with its bytes where a report asks.
func (e Event) Resource(reported bool) Resource {
	props := append(everywhere(), text(dav("getetag"), e.Tag()), text(dav("getcontenttype"), ContentType))
	if reported {
		props = append(props, text(cald("calendar-data"), string(e.Data)))
	}
	return Resource{Collection + e.Name + ending, props}
}

// Answer writes what is said of some things, and of addresses at which there
// is nothing: the same for what never was, what is over and what is not theirs.
func (q Question) Answer(things []Resource, gone []string) ([]byte, error) {
	all := of(dav("multistatus"))
	for _, thing := range things {
		all.Children = append(all.Children, q.response(thing))
	}
	for _, address := range gone {
		all.Children = append(all.Children, nothingAt(address))
	}
	return write(all)
}

func nothingAt(address string) element {
	return of(dav("response"), text(dav("href"), address), text(dav("status"), "HTTP/1.1 404 Not Found"))
}

func (q Question) response(thing Resource) element {
	found, missing := of(dav("prop")), of(dav("prop"))
	for _, p := range thing.props {
		switch {
		case q.Names:
			found.Children = append(found.Children, of(p.XMLName))
		case q.All && p.XMLName != cald("calendar-data") && p.XMLName != syncName || slices.Contains(q.props, p.XMLName):
			found.Children = append(found.Children, p)
		}
	}
	for _, name := range q.props {
		if !slices.ContainsFunc(thing.props, func(p element) bool { return p.XMLName == name }) {
			missing.Children = append(missing.Children, of(name))
		}
	}
	out := of(dav("response"), text(dav("href"), thing.href))
	if len(missing.Children) == 0 || len(found.Children) > 0 {
		out.Children = append(out.Children, of(dav("propstat"), found, text(dav("status"), "HTTP/1.1 200 OK")))
	}
	if len(missing.Children) > 0 {
		out.Children = append(out.Children, of(dav("propstat"), missing, text(dav("status"), "HTTP/1.1 404 Not Found")))
	}
	return out
}

// Refusal writes which condition a question does not meet.
func Refusal(err error) []byte {
	condition := map[error]xml.Name{
		ErrFilter: cald("supported-filter"), ErrReport: dav("supported-report"), ErrDepth: dav("propfind-finite-depth"),
		ErrToken: dav("valid-sync-token"), ErrLimit: dav("number-of-matches-within-limits"),
	}[err]
	body, _ := write(of(dav("error"), of(condition))) // of fixed names: never fails
	return body
}
