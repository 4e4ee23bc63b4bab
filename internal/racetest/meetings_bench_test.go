package racetest

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"sigportal/internal/replica"
)

// BenchmarkStopCard is how long after the family's withdrawal was sent, and
// after it was answered, an officer who sits in the room has the stop card: the
// frame comes, the page is asked for again, and says that the room has stopped.
func BenchmarkStopCard(b *testing.B) {
	c := newCity(b)
	c.meet()
	f := c.field(b, replica.Build(b))
	var sinceSent, sinceAnswered []time.Duration
	for range 200 {
		f.rewind(b)
		officer := pick(f.officers)
		room := f.path() + "/meetings/" + f.live.String() + "/room"
		if status, text, err := f.ask("GET", room, officer, nil); err != nil || status != http.StatusOK || !strings.Contains(text, agendaSeen) {
			b.Fatalf("the officer is not in the room: %d, %v", status, err)
		}
		stopped := make(chan time.Time, 1)
		conn := f.socket(officer)
		go func() { stopped <- f.stopCard(conn, room, officer) }()
		sent := time.Now()
		if status, err := f.withdraw(); err != nil || status != http.StatusSeeOther {
			b.Fatalf("withdraw: %d, %v", status, err)
		}
		answered := time.Now()
		at := <-stopped
		_ = conn.Close()
		sinceSent, sinceAnswered = append(sinceSent, at.Sub(sent)), append(sinceAnswered, max(0, at.Sub(answered)))
	}
	spread(b, "stop-card-after-sent", sinceSent)
	spread(b, "stop-card-after-answer", sinceAnswered)
}

// stopCard is when a page that follows its socket shows that the room stopped.
func (f *field) stopCard(conn net.Conn, room, cookie string) time.Time {
	arrived := make(chan time.Time, 1)
	for range 20 {
		awaitChanged(conn, arrived)
		<-arrived
		status, text, err := f.ask("GET", room, cookie, nil)
		if err == nil && status == http.StatusGone && !strings.Contains(text, agendaSeen) {
			return time.Now()
		}
	}
	f.t.Error("the room never stopped for the officer")
	return time.Now()
}

// held are copies of the intervention that the same people hold, with its
// meetings; rows of the ledger belong to who read, and are not copied.
func held() []copied {
	list := []copied{
		{"meeting", "id intervention", `o.intervention = $1`, nil}, {"meeting_point", "id meeting intervention", `o.intervention = $1`, nil},
		{"meeting_invitation", "id meeting intervention", `o.intervention = $1`, nil},
		{"meeting_presence", "invitation point meeting intervention", `o.intervention = $1`, nil},
	}
	for _, of := range grown {
		switch of.table {
		case "ledger":
		case "participation":
			list = append(list, copied{of.table, of.keys, of.where, nil})
		default:
			list = append(list, of)
		}
	}
	return list
}

// BenchmarkWeek is the week of a coordinator with forty interventions, each with
// a meeting in that week, and of an officer who is called to all of them.
func BenchmarkWeek(b *testing.B) {
	const interventions = 40
	c := newCity(b)
	c.meet()
	c.grow(interventions, held())
	f := c.field(b, replica.Build(b))
	for _, who := range []struct {
		name    string
		cookies []string
	}{{"coordinator", c.readers}, {"officer", c.officers}} {
		week := func() string {
			status, page, err := f.ask("GET", "/meetings", pick(who.cookies), nil)
			if err != nil || status != http.StatusOK {
				b.Fatalf("the week: %d, %v", status, err)
			}
			return page
		}
		if n := strings.Count(week(), "/meetings/"); n < interventions {
			b.Fatalf("the week of the %s shows %d meetings, want %d", who.name, n, interventions)
		}
		spread(b, who.name, timed(1000, func() { _ = week() }))
	}
}
