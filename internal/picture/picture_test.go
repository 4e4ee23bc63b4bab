package picture

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"sigportal/internal/words"
)

func day(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s+"T00:00:00+01:00")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const long = "Kommunens aktivitetsansvar (KAA), Farsta gymnasium och vuxenutbildning med mycket långt namn"

func sampleRows(t *testing.T) []Row {
	t.Helper()
	return []Row{
		{Label: "Skolkurator <script>", Spans: []Span{{day(t, "2026-08-14"), day(t, "2026-12-19"), "may"}}},
		{Label: long, Spans: []Span{{day(t, "2026-08-14"), day(t, "2026-11-01"), "ended"}, {day(t, "2026-12-01"), day(t, "2027-02-01"), "upcoming"}}},
		{Label: "شرطة الحي", Spans: []Span{{day(t, "2025-01-01"), day(t, "2028-01-01"), "withdrawn"}}},
	}
}

// all draws every picture in every language and width.
func all(t *testing.T) map[string]SVG {
	t.Helper()
	now := day(t, "2026-11-21")
	out := map[string]SVG{}
	for _, l := range words.FamilyLanguages() {
		nodes := []Node{{"Skolan", 2, 2}, {long, 1, 0}, {"Socialsekreterare & öppenvård", 0, 3}, {"MMMMMMMMMMMMMMMMMMMMMMMMMMMMMM", 1, 1}, {"BUP", 4, 4}}
		for name, p := range map[string]Picture{
			"timeline": Timeline(l, "Så länge gäller ditt ja", now, sampleRows(t)),
			"before":   Network(l, "Före", "Alva-Linnea Margareta", nodes, false),
			"after":    Network(l, "Efter", "Alva", nodes, true),
			"one":      Network(l, "Efter", "Alva", nodes[:1], true),
			"days":     DaysLeft(l, now, day(t, "2026-08-14"), day(t, "2026-12-19")),
			"over":     DaysLeft(l, now, day(t, "2026-08-14"), day(t, "2026-11-01")),
			"progress": Progress(l, 3, 2, 1),
			"all done": Progress(l, 4, 0, 0),
			"radar":    Radar(l, now, 30, []Ending{{long, day(t, "2026-11-22")}, {"QX3M-22PP", day(t, "2027-12-19")}}),
		} {
			if name == "radar" && l != l.ForStaff() {
				continue // only staff see it
			}
			out[l.Tag()+" "+name+" wide"] = p.Wide
			if !p.Narrow.IsZero() {
				out[l.Tag()+" "+name+" narrow"] = p.Narrow
			}
			if len(p.Twin) == 0 || p.Title == "" {
				t.Errorf("%s %s has no text beside it", l.Tag(), name)
			}
		}
	}
	return out
}

type attrs map[string]string

// walk reads a drawing as XML and gives every element with its own text.
func walk(t *testing.T, name string, s SVG, visit func(element string, a attrs, text string)) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(s.HTML())))
	type open struct {
		name string
		a    attrs
		text string
	}
	var stack []*open
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s is no well-formed drawing: %v", name, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			o := &open{name: token.Name.Local, a: attrs{}}
			for _, at := range token.Attr {
				o.a[at.Name.Local] = at.Value
			}
			stack = append(stack, o)
		case xml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].text += string(token)
			}
		case xml.EndElement:
			o := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			visit(o.name, o.a, o.text)
		}
	}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatalf("%q is no number", s)
	}
	return v
}

func TestPicturesAreNamedAndCarryNoStyle(t *testing.T) {
	for name, s := range all(t) {
		titles := 0
		walk(t, name, s, func(element string, a attrs, text string) {
			for key := range a {
				if key == "style" || strings.HasPrefix(key, "on") {
					t.Errorf("%s: <%s> has the attribute %s", name, element, key)
				}
			}
			switch element {
			case "title":
				titles++
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s has an empty title", name)
				}
			case "svg":
				if a["role"] != "img" {
					t.Errorf("%s has the role %q", name, a["role"])
				}
			case "script":
				t.Errorf("%s lets a label become an element", name)
			}
		})
		if titles != 1 {
			t.Errorf("%s has %d titles, want 1", name, titles)
		}
	}
}

func TestNoTextIsClipped(t *testing.T) {
	for name, s := range all(t) {
		var width, height float64
		markup := string(s.HTML())
		if _, err := fmt.Sscanf(markup[strings.Index(markup, "viewBox=")+9:], "0 0 %f %f", &width, &height); err != nil {
			t.Fatal(err)
		}
		tag, _, _ := strings.Cut(name, " ")
		mirrored := words.For(tag).RightToLeft()
		walk(t, name, s, func(element string, a attrs, text string) {
			if element != "text" {
				return
			}
			x, y, w := number(t, a["x"]), number(t, a["y"]), widthOf(text)
			if mirrored {
				x = width - x
			}
			if a["text-anchor"] == string(atMiddle) {
				x -= w / 2
			}
			if x < -0.5 || x+w > width+0.5 || y < textSize*0.7 || y > height-2 {
				t.Errorf("%s: %q at %.0f,%.0f is %.0f wide and leaves %.0f×%.0f", name, text, x, y, w, width, height)
			}
		})
	}
}

func TestATimelineIsMirroredForRightToLeft(t *testing.T) {
	now, rows := day(t, "2026-11-21"), sampleRows(t)[:1]
	today := func(tag string) float64 {
		var x float64
		l := words.For(tag)
		p := Timeline(l, "t", now, rows)
		walk(t, tag, p.Wide, func(_ string, a attrs, _ string) {
			if a["class"] == "p-today" {
				x = number(t, a["x1"])
			}
		})
		return x
	}
	if sv, ar := today("sv"), today("ar"); sv <= wideWidth/2 || ar != wideWidth-sv {
		t.Errorf("today stands at %.1f in Swedish and %.1f in Arabic; want mirror images", sv, ar)
	}
}

func TestAPhoneShowsFewerMonths(t *testing.T) {
	rows := []Row{{Label: "Skolan", Spans: []Span{{day(t, "2026-01-01"), day(t, "2027-12-01"), "may"}}}}
	p := Timeline(words.For("sv"), "t", day(t, "2026-11-21"), rows)
	count := func(s SVG) int { return strings.Count(string(s.HTML()), `class="p-grid"`) }
	if wide, narrow := count(p.Wide), count(p.Narrow); wide != 14 || narrow != 6 {
		t.Errorf("wide shows %d months and narrow %d, want 14 and 6", wide, narrow)
	}
}

func TestSentencesSayWhatThePictureShows(t *testing.T) {
	l := words.For("sv")
	for _, c := range []struct {
		got  []string
		want string
	}{
		{Timeline(l, "t", day(t, "2026-11-21"), sampleRows(t)[1:2]).Twin, "har gått ut, 14 augusti 2026 till 31 oktober 2026."},
		{Network(l, "t", "Alva", []Node{{"Skolan", 1, 1}}, true).Twin, "Skolan får veta 1 sak."},
		{Network(l, "t", "Alva", []Node{{"Skolan", 1, 2}}, true).Twin, "Skolan får veta 2 saker."},
		{Network(l, "t", "Alva", []Node{{"Skolan", 1, 0}}, true).Twin, "Skolan får inte veta något."},
		{DaysLeft(l, day(t, "2026-12-17"), day(t, "2026-08-14"), day(t, "2026-12-19")).Twin, "1 dag kvar, till 18 december 2026."},
		{Radar(l, day(t, "2026-11-21"), 30, nil).Twin, "Inget samtycke går ut inom 30 dagar."},
	} {
		if joined := strings.Join(c.got, "\n"); !strings.Contains(joined, c.want) {
			t.Errorf("%q does not say %q", joined, c.want)
		}
	}
}

func TestNoLineIsDrawnToWhomNothingMayBeTold(t *testing.T) {
	nodes := []Node{{"Skolan", 1, 1}, {"Polisen", 2, 0}}
	lines := func(after bool) int {
		return strings.Count(string(Network(words.For("sv"), "t", "Alva", nodes, after).Wide.HTML()), "<line")
	}
	if before, after := lines(false), lines(true); before != 2 || after != 1 {
		t.Errorf("%d lines before and %d after Polisen is taken away; want 2 and 1", before, after)
	}
}

func TestEveryCellOfTheMatrixHasAStatus(t *testing.T) {
	m := NewMatrix([]string{"Närvaro", "Hälsa"}, []MatrixRow{
		{Name: "Skolan", Cells: []Cell{{"Närvaro", "ended", "gick ut"}, {"Närvaro", "may", "till"}}},
		{Name: "Polisen", Cells: []Cell{{"Hälsa", "may", ""}, {"Hälsa", "excluded", ""}}},
	})
	want := [][]string{{"may", "may_not"}, {"may_not", "excluded"}}
	for i, row := range m.Rows {
		for j, cell := range row.Cells {
			if cell.Kind != want[i][j] {
				t.Errorf("%s, %s is %q, want %q", row.Name, cell.Column, cell.Kind, want[i][j])
			}
		}
	}
}
