package caldav

import (
	"encoding/xml"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Question is what a program wants to know of the things that it names.
type Question struct {
	All   bool // what there is to say
	Names bool // only which properties there are
	props []xml.Name
	// A query asks for what touches a span of time; zero is no limit.
	From, To time.Time
	// Nothing is a query that no meeting can answer, such as one for tasks.
	Nothing bool
	// Multiget is about named things, and a query is not.
	Multiget bool
	Hrefs    []string // of a multiget, as the program wrote them
	// Changes is about what has changed since Token was given, of which at most so
	// many are wanted at once; 0 is as many as there are.
	Changes bool
	Token   string
	Most    int
}

// WantsTag reports whether the tag or the token of the whole calendar is asked
// for: only then is the calendar read for it.
func (q Question) WantsTag() bool {
	return q.All || slices.Contains(q.props, tagName) || slices.Contains(q.props, syncName)
}

// Depth reads a Depth header: the thing itself, or with what is in it. Left
// out it means without an end.
func Depth(header string) (members bool, err error) {
	switch header {
	case "0", "1":
		return header == "1", nil
	case "", "infinity":
		return false, ErrDepth
	}
	return false, ErrMalformed
}

// PropFind reads the body of a PROPFIND; none asks for everything.
func PropFind(body []byte) (Question, error) {
	if len(body) == 0 {
		return Question{All: true}, nil
	}
	e, err := read(body)
	if err != nil {
		return Question{}, err
	}
	q := asked(e)
	if e.XMLName != dav("propfind") || !q.All && !q.Names && q.props == nil {
		return Question{}, ErrMalformed
	}
	return q, nil
}

func asked(e element) Question {
	q := Question{}
	for _, c := range e.Children {
		switch c.XMLName {
		case dav("allprop"):
			q.All = true
		case dav("propname"):
			q.Names = true
		case dav("prop"):
			q.props = []xml.Name{}
			for _, p := range c.Children {
				if !slices.Contains(q.props, p.XMLName) {
					q.props = append(q.props, p.XMLName)
				}
			}
		}
	}
	return q
}

// Report reads the body of a REPORT: a query by time, a multiget, or what has
// changed.
func Report(body []byte) (Question, error) {
	e, err := read(body)
	if err != nil {
		return Question{}, err
	}
	q := asked(e)
	q.All = q.All || !q.Names && q.props == nil
	switch e.XMLName {
	case cald("calendar-query"):
		filter, ok := e.child(cald("filter"))
		if !ok || len(filter.Children) != 1 {
			return Question{}, ErrMalformed
		}
		return q, q.filter(filter.Children[0])
	case cald("calendar-multiget"):
		q.Multiget = true
		for _, c := range e.Children {
			if c.XMLName == dav("href") {
				q.Hrefs = append(q.Hrefs, strings.TrimSpace(c.Text))
			}
		}
		return q, nil
	case dav("sync-collection"):
		return q, q.changes(e)
	}
	return Question{}, ErrReport
}

// changes reads since when; without a token, from the beginning. A calendar holds
// no other, so it is all the same how deep a program looks.
func (q *Question) changes(e element) error {
	since, ok := e.child(syncName)
	level, leveled := e.child(dav("sync-level"))
	if deep := strings.TrimSpace(level.Text); !ok || !leveled || deep != "1" && deep != "infinite" {
		return ErrMalformed
	}
	q.Changes, q.Token = true, strings.TrimSpace(since.Text)
	limit, limited := e.child(dav("limit"))
	if !limited {
		return nil
	}
	number, _ := limit.child(dav("nresults"))
	var err error
	if q.Most, err = strconv.Atoi(strings.TrimSpace(number.Text)); err != nil || q.Most < 1 {
		return ErrMalformed
	}
	return nil
}

// filter reads the filter of a query: which component, in which span. One by
// other properties is refused rather than answered with too much.
func (q *Question) filter(top element) error {
	if top.XMLName != cald("comp-filter") {
		return ErrMalformed
	}
	if top.attr("name") != "VCALENDAR" {
		q.Nothing = true
		return nil
	}
	for _, c := range top.Children {
		switch {
		case c.XMLName == cald("is-not-defined"):
			q.Nothing = true
		case c.XMLName != cald("comp-filter"):
			return ErrFilter
		case c.attr("name") == "VEVENT":
			if err := q.events(c); err != nil {
				return err
			}
		default: // nothing else is in here
			if _, absent := c.child(cald("is-not-defined")); !absent {
				q.Nothing = true
			}
		}
	}
	return nil
}

func (q *Question) events(e element) error {
	for _, c := range e.Children {
		switch c.XMLName {
		case cald("is-not-defined"):
			q.Nothing = true
		case cald("time-range"):
			var err error
			if q.From, err = instant(c.attr("start")); err != nil {
				return err
			}
			if q.To, err = instant(c.attr("end")); err != nil {
				return err
			}
			if q.From.IsZero() && q.To.IsZero() || !q.To.IsZero() && !q.From.Before(q.To) {
				return ErrMalformed
			}
		default:
			return ErrFilter
		}
	}
	return nil
}

func instant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse("20060102T150405Z", text)
	if err != nil {
		return time.Time{}, ErrMalformed
	}
	return at, nil
}

// Named is the name of the entry at an address that a program wrote, without
// its ending; empty for whatever is no entry of this calendar.
func Named(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	name, ok := strings.CutPrefix(u.Path, Collection)
	if !ok {
		return ""
	}
	name, ok = strings.CutSuffix(name, ending)
	if !ok {
		return ""
	}
	return name
}
