package picture

import (
	"fmt"
	"html"
	"html/template"
	"strings"
)

// SVG is one drawing, made only by this package, with every text in it escaped.
type SVG struct{ markup string }

// HTML gives the drawing to a template as what it is. This is safe because no
// other package can make an SVG and every text and attribute here is escaped.
func (s SVG) HTML() template.HTML { //nolint:forbidigo // as the line below says
	return template.HTML(s.markup) //nolint:forbidigo,gosec // the one place where markup of our own making leaves as markup
}

// IsZero reports whether there is nothing drawn.
func (s SVG) IsZero() bool { return s.markup == "" }

// Picture is a drawing for wide windows and one for phones, and the same facts
// as text. A picture without a narrow variant shows the wide one everywhere.
type Picture struct {
	Title  string
	Wide   SVG
	Narrow SVG
	Twin   []string // whole sentences
	Legend []Mark
}

// Mark explains one look of a picture, drawn and in words.
type Mark struct {
	Look SVG
	Text string
}

// canvas collects a drawing. With mirror set every x is turned around the
// middle; letters keep their shape, and "start" of a text is the right, which
// the page's direction gives by itself.
type canvas struct {
	b             strings.Builder
	width, height float64
	mirror        bool
}

func newCanvas(width, height float64, mirror bool) *canvas {
	return &canvas{width: width, height: height, mirror: mirror}
}

func (c *canvas) x(x float64) float64 {
	if c.mirror {
		return c.width - x
	}
	return x
}

// done closes the drawing; the title is what a screen reader says for it.
func (c *canvas) done(title string) SVG {
	return SVG{fmt.Sprintf(`<svg role="img" width="%s" viewBox="0 0 %s %s" font-size="%d" focusable="false"><title>%s</title>%s</svg>`,
		num(c.width), num(c.width), num(c.height), textSize, html.EscapeString(title), c.b.String())}
}

// look closes a drawing that is decoration beside words.
func (c *canvas) look() SVG {
	return SVG{fmt.Sprintf(`<svg aria-hidden="true" viewBox="0 0 %s %s" focusable="false">%s</svg>`, num(c.width), num(c.height), c.b.String())}
}

func (c *canvas) rect(class string, x, y, w, h, r float64) {
	if c.mirror {
		x += w
	}
	fmt.Fprintf(&c.b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s" rx="%s"/>`,
		html.EscapeString(class), num(c.x(x)), num(y), num(w), num(h), num(r))
}

func (c *canvas) line(class string, x1, y1, x2, y2, width float64) {
	fmt.Fprintf(&c.b, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s" stroke-width="%s"/>`,
		html.EscapeString(class), num(c.x(x1)), num(y1), num(c.x(x2)), num(y2), num(width))
}

func (c *canvas) circle(class string, x, y, r float64) {
	fmt.Fprintf(&c.b, `<circle class="%s" cx="%s" cy="%s" r="%s"/>`, html.EscapeString(class), num(c.x(x)), num(y), num(r))
}

// anchor is which end of a text stands at its x.
type anchor string

const (
	atStart  anchor = "start"
	atMiddle anchor = "middle"
	atEnd    anchor = "end"
)

func (c *canvas) text(class, s string, x, y float64, at anchor) {
	fmt.Fprintf(&c.b, `<text class="%s" x="%s" y="%s" text-anchor="%s">%s</text>`,
		html.EscapeString(class), num(c.x(x)), num(y), at, html.EscapeString(s))
}

// num writes a length with at most one decimal.
func num(v float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
}
