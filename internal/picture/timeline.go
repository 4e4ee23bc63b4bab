package picture

import (
	"strings"
	"time"

	"sigportal/internal/words"
)

// Span is one window of time of one recipient. Kind is a status of the
// stylesheet and of the words status.*: may, upcoming, ended, withdrawn, paused.
type Span struct {
	From, To time.Time // [From, To)
	Kind     string
}

// Row is one recipient with its windows.
type Row struct {
	Label string
	Spans []Span
}

const (
	wideWidth   = 860.0
	narrowWidth = 360.0
	barHeight   = 18.0
	axisHeight  = 34.0
)

// Timeline draws how long a consent lasts for each recipient, with today as a
// dashed line. The wide one shows at most fourteen months, the narrow one six;
// a window that goes on beyond the edge is cut there, and its dates stand whole
// in the sentences.
func Timeline(l *words.Language, title string, now time.Time, rows []Row) Picture {
	p := Picture{Title: title}
	if len(rows) == 0 {
		return p
	}
	seen := map[string]bool{}
	for _, r := range rows {
		for _, s := range r.Spans {
			p.Twin = append(p.Twin, l.T("picture.timeline.row",
				"recipient", r.Label, "state", strings.ToLower(l.T("status."+s.Kind)), "range", l.Range(s.From, s.To)))
			if !seen[s.Kind] {
				seen[s.Kind] = true
				p.Legend = append(p.Legend, Mark{Look: lookOf(s.Kind), Text: l.T("status." + s.Kind)})
			}
		}
	}
	p.Twin = append(p.Twin, l.T("picture.timeline.today", "date", now))
	p.Legend = append(p.Legend, Mark{Look: lookOfToday(), Text: l.T("date.today")})
	p.Wide = drawTimeline(l, title, now, rows, wideFrame(rows, now))
	p.Narrow = drawTimeline(l, title, now, rows, narrowFrame(rows, now))
	return p
}

// frame is where a timeline's parts stand.
type frame struct {
	width, plot, right float64 // plot is where time begins, right where it ends
	from, to           time.Time
	above              bool // labels stand above their bars
	labels             [][]string
}

func wideFrame(rows []Row, now time.Time) frame {
	widest := 0.0
	for _, r := range rows {
		widest = max(widest, widthOf(r.Label))
	}
	f := frame{width: wideWidth, plot: min(widest, 250) + 16, right: wideWidth - 12}
	f.from, f.to = months(rows, now, 14)
	for _, r := range rows {
		f.labels = append(f.labels, wrap(r.Label, 252, 2))
	}
	return f
}

func narrowFrame(rows []Row, now time.Time) frame {
	f := frame{width: narrowWidth, plot: 4, right: narrowWidth - 4, above: true}
	f.from, f.to = months(rows, now, 6)
	for _, r := range rows {
		f.labels = append(f.labels, wrap(r.Label, narrowWidth-8, 2))
	}
	return f
}

// months chooses which whole months are shown: those of all windows if they fit,
// else from the month before today on.
func months(rows []Row, now time.Time, most int) (from, to time.Time) {
	from, to = now, now
	for _, r := range rows {
		for _, s := range r.Spans {
			if s.From.Before(from) {
				from = s.From
			}
			if s.To.After(to) {
				to = s.To
			}
		}
	}
	from, to = monthOf(from), monthOf(to.Add(-time.Second)).AddDate(0, 1, 0)
	if from.AddDate(0, most, 0).Before(to) {
		if early := monthOf(now).AddDate(0, -1, 0); from.Before(early) {
			from = early
		}
		if late := from.AddDate(0, most, 0); to.After(late) {
			to = late
		}
	}
	return from, to
}

func monthOf(t time.Time) time.Time {
	t = words.Local(t)
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, t.Location())
}

func (f frame) at(t time.Time) float64 {
	share := float64(t.Sub(f.from)) / float64(f.to.Sub(f.from))
	return f.plot + (f.right-f.plot)*min(1, max(0, share))
}

// heightOf is how much room row i takes.
func (f frame) heightOf(i int) float64 {
	lines := float64(len(f.labels[i])) * lineHeight
	if f.above {
		return lines + barHeight + 16
	}
	return max(lines, barHeight) + 14
}

func drawTimeline(l *words.Language, title string, now time.Time, rows []Row, f frame) SVG {
	height := axisHeight + 6
	for i := range rows {
		height += f.heightOf(i)
	}
	c := newCanvas(f.width, height, l.RightToLeft())
	drawAxis(c, l, f, height)
	ys := make([]float64, len(rows))
	y := axisHeight + 4
	for i, r := range rows {
		ys[i] = y
		drawSpans(c, f, r, f.barAt(i, y))
		y += f.heightOf(i)
	}
	if !now.Before(f.from) && now.Before(f.to) {
		c.line("p-today", f.at(now), axisHeight-4, f.at(now), height-2, 2.5)
	}
	for i := range rows {
		first := f.labelAt(i, ys[i])
		for n, line := range f.labels[i] {
			c.text("p-label", line, 4, first+float64(n)*lineHeight, atStart)
		}
	}
	return c.done(title)
}

func drawSpans(c *canvas, f frame, r Row, y float64) {
	for _, s := range r.Spans {
		if x, end := f.at(s.From), f.at(s.To); end > x {
			c.rect("p-bar "+s.Kind, x, y, end-x, barHeight, 3)
		}
	}
}

// barAt is the top of the bar of row i, which begins at y.
func (f frame) barAt(i int, y float64) float64 {
	if f.above {
		return y + float64(len(f.labels[i]))*lineHeight + 4
	}
	return y + (f.heightOf(i)-14-barHeight)/2
}

// labelAt is the baseline of the first line of row i's label.
func (f frame) labelAt(i int, y float64) float64 {
	if f.above {
		return y + lineHeight - 4
	}
	return y + (f.heightOf(i)-14)/2 - float64(len(f.labels[i])-1)*lineHeight/2 + textSize*0.35
}

// drawAxis writes the months, leaving out those whose names would touch.
func drawAxis(c *canvas, l *words.Language, f frame, height float64) {
	free := 0.0
	for m := f.from; m.Before(f.to); m = m.AddDate(0, 1, 0) {
		x := f.at(m)
		c.line("p-grid", x, axisHeight-6, x, height-2, 1)
		name := l.MonthShort(m.Month())
		if w := widthOf(name); x >= free && x+w <= f.width-2 {
			c.text("p-soft", name, x+2, textSize+4, atStart)
			free = x + w + 14
		}
	}
}

func lookOf(kind string) SVG {
	c := newCanvas(30, 18, false)
	c.rect("p-bar "+kind, 1, 2, 28, 14, 3)
	return c.look()
}

func lookOfToday() SVG {
	c := newCanvas(30, 18, false)
	c.line("p-today", 15, 0, 15, 18, 2.5)
	return c.look()
}
