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
	p.Wide = drawNetwork(l, title, about, nodes, after)
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

// drawNetwork sets the recipients in two columns beside the person, so that any
// number of them stands without touching.
func drawNetwork(l *words.Language, title, about string, nodes []Node, after bool) SVG {
	perSide := max(1, (len(nodes)+1)/2)
	height := max(float64(perSide)*nodeRoom, 2*hubRadius) + 20
	c := newCanvas(networkWidth, height, l.RightToLeft())
	midX, midY := networkWidth/2, height/2
	type seat struct {
		node     Node
		x, y, in float64
	}
	seats := make([]seat, 0, len(nodes))
	for i, n := range nodes {
		inColumn := perSide
		if i%2 == 1 {
			inColumn = len(nodes) - perSide
		}
		s := seat{node: n, x: 6, in: 6 + nodeWidth}
		if i%2 == 1 {
			s.x, s.in = networkWidth-6-nodeWidth, networkWidth-6-nodeWidth
		}
		s.y = midY + (float64(i/2)-float64(inColumn-1)/2)*nodeRoom
		seats = append(seats, s)
	}
	for _, s := range seats {
		if n := s.node.count(after); n > 0 {
			class := "p-line"
			if after && s.node.Before == 0 {
				class = "p-line new"
			}
			x, y := towards(midX, midY, s.in, s.y, hubRadius)
			c.line(class, x, y, s.in, s.y, math.Min(2+2*float64(n-1), 9))
		}
	}
	for _, s := range seats {
		class := "p-node"
		if s.node.count(after) == 0 {
			class = "p-node off"
		}
		c.rect(class, s.x, s.y-25, nodeWidth, 50, 25)
		label := wrap(s.node.Label, nodeWidth-24, 2)
		for i, line := range label {
			y := s.y + textSize*0.35 + (float64(i)-float64(len(label)-1)/2)*lineHeight
			c.text("p-label", line, s.x+nodeWidth/2, y, atMiddle)
		}
	}
	c.circle("p-hub", midX, midY, hubRadius)
	c.text("p-hub-text", shorten(about, 2*hubRadius-12), midX, midY+textSize*0.35, atMiddle)
	return c.done(title)
}

// towards is the point on the rim of a circle in the direction of another point.
func towards(x, y, toX, toY, r float64) (float64, float64) {
	d := math.Hypot(toX-x, toY-y)
	return x + (toX-x)/d*r, y + (toY-y)/d*r
}
