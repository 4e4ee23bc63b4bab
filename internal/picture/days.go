package picture

import (
	"time"

	"sigportal/internal/words"
)

// DaysLeft draws how much of a window is left as a bar, with "23 dagar kvar" as
// its text. What is over is white, what is left is filled.
func DaysLeft(l *words.Language, now, from, to time.Time) Picture {
	days := words.Days(now, to)
	p := Picture{Title: l.T("picture.days.title"), Twin: []string{l.Beside(l.N("date.days_left", days), l.Until(to)) + "."}}
	const width, height = 300.0, 18.0
	c := newCanvas(width, height, l.RightToLeft())
	c.rect("p-track", 1, 1, width-2, height-2, 4)
	if whole := to.Sub(from); whole > 0 && now.Before(to) {
		left := min(1, float64(to.Sub(now))/float64(whole))
		c.rect("p-bar", width-1-(width-2)*left, 1, (width-2)*left, height-2, 4)
	}
	p.Wide = c.done(l.N("date.days_left", days))
	return p
}

// Ending is one consent that ends soon.
type Ending struct {
	Label string
	To    time.Time
}

const radarRows = 12

// Radar draws the coordinator's consents that end within some days, the most
// urgent first; the picture shows twelve, the sentences all.
func Radar(l *words.Language, now time.Time, within int, endings []Ending) Picture {
	p := Picture{Title: l.T("picture.radar.title")}
	if len(endings) == 0 {
		p.Twin = []string{l.T("picture.radar.none", "days", within)}
		return p
	}
	for _, e := range endings {
		last, _ := words.LastDay(e.To)
		p.Twin = append(p.Twin, l.N("picture.radar.row", words.Days(now, e.To), "name", e.Label, "date", last))
	}
	shown := endings[:min(len(endings), radarRows)]
	const width, plot, row = 340.0, 130.0, 30.0
	right := width - 124
	c := newCanvas(width, float64(len(shown))*row+8, l.RightToLeft())
	for i, e := range shown {
		days := min(words.Days(now, e.To), within)
		y := float64(i)*row + 6
		end := plot + (right-plot)*float64(days)/float64(max(1, within))
		c.text("p-label", shorten(e.Label, plot-14), 4, y+15, atStart)
		c.line("p-line", plot, y+10, end, y+10, 4)
		c.circle("p-node", end, y+10, 6)
		c.text("p-soft", l.N("date.days_left", days), end+12, y+15, atStart)
	}
	p.Wide = c.done(p.Title)
	return p
}
