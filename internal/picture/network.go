package picture

import (
	"math"

	"sigportal/internal/words"
)

// Node is one recipient and how many kinds of information it may know, before
// and after a change; equal where nothing changes.
type Node struct {
	Label         string
	Before, After int
}

const (
	networkWidth = 520.0
	nodeWidth    = 172.0
	nodeRoom     = 66.0
	hubRadius    = 50.0
)

// Network draws who may know something about somebody: a line only where
// something may be shared, thicker for more, dashed where it is new.
func Network(l *words.Language, title, about string, nodes []Node, after bool) Picture {
	p := Picture{Title: title}
	for _, n := range nodes {
		p.Twin = append(p.Twin, sentenceOf(l, n.Label, n.count(after)))
	}
	p.Wide = drawNetwork(l, title, about, widePlan(nodes), after)
	p.Narrow = drawNetwork(l, title, about, narrowPlan(nodes), after)
	return p
}

func (n Node) count(after bool) int {
	if after {
		return n.After
	}
	return n.Before
}

func sentenceOf(l *words.Language, recipient string, count int) string {
	if count == 0 {
		return l.T("picture.network.none", "recipient", recipient)
	}
	return l.N("picture.network.row", count, "recipient", recipient)
}

// seat is where one recipient stands; in is the side that lines come to.
type seat struct {
	node     Node
	x, y, in float64
}

// plan is where everything of a network stands.
type plan struct {
	width, height, hubX, hubY, hub float64
	seats                          []seat
}

// widePlan sets the recipients in two columns beside the person, so that any
// number of them stands without touching.
func widePlan(nodes []Node) plan {
	perSide := max(1, (len(nodes)+1)/2)
	p := plan{width: networkWidth, height: max(float64(perSide)*nodeRoom, 2*hubRadius) + 20, hub: hubRadius}
	p.hubX, p.hubY = networkWidth/2, p.height/2
	for i, n := range nodes {
		s := seat{node: n, x: 6, in: 6 + nodeWidth}
		inColumn := perSide
		if i%2 == 1 {
			s.x, s.in = networkWidth-6-nodeWidth, networkWidth-6-nodeWidth
			inColumn = len(nodes) - perSide
		}
		s.y = p.hubY + (float64(i/2)-float64(inColumn-1)/2)*nodeRoom
		p.seats = append(p.seats, s)
	}
	return p
}

// narrowPlan sets all recipients in one column, for a phone.
func narrowPlan(nodes []Node) plan {
	const width, radius = 320.0, 40.0
	p := plan{width: width, height: max(float64(len(nodes))*nodeRoom, 2*radius) + 16, hub: radius, hubX: radius + 4}
	p.hubY = p.height / 2
	for i, n := range nodes {
		at := width - 4 - nodeWidth
		y := p.hubY + (float64(i)-float64(len(nodes)-1)/2)*nodeRoom
		p.seats = append(p.seats, seat{node: n, x: at, in: at, y: y})
	}
	return p
}

func drawNetwork(l *words.Language, title, about string, p plan, after bool) SVG {
	c := newCanvas(p.width, p.height, l.RightToLeft())
	for _, s := range p.seats {
		if n := s.node.count(after); n > 0 {
			class := "p-line"
			if after && s.node.Before == 0 {
				class = "p-line new"
			}
			x, y := towards(p.hubX, p.hubY, s.in, s.y, p.hub)
			c.line(class, x, y, s.in, s.y, math.Min(2+2*float64(n-1), 9))
		}
	}
	for _, s := range p.seats {
		class := "p-node"
		if s.node.count(after) == 0 {
			class = "p-node off"
		}
		c.rect(class, s.x, s.y-25, nodeWidth, 50, 25)
		label := wrap(s.node.Label, nodeWidth-24, 2)
		for i, line := range label {
			y := s.y + textSize*0.35 + (float64(i)-float64(len(label)-1)/2)*lineHeight
			c.text("p-name", line, s.x+nodeWidth/2, y, atMiddle)
		}
	}
	c.circle("p-hub", p.hubX, p.hubY, p.hub)
	c.text("p-hub-text", shorten(about, 2*p.hub-10), p.hubX, p.hubY+textSize*0.35, atMiddle)
	return c.done(title)
}

// towards is the point on the rim of a circle in the direction of another point.
func towards(x, y, toX, toY, r float64) (float64, float64) {
	d := math.Hypot(toX-x, toY-y)
	return x + (toX-x)/d*r, y + (toY-y)/d*r
}
