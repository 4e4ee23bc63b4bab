package racetest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"sigportal/internal/postgres"
	"sigportal/internal/replica"
	"sigportal/internal/sig"
)

const concerned = 20 // sockets of the officer, whom a commit concerns

// BenchmarkSockets opens sockets of a tenth as many sessions on two replicas
// and measures, from the return of a commit that concerns twenty of them, when
// each has its frame; and what memory both replicas hold together.
func BenchmarkSockets(b *testing.B) {
	c := newCity(b)
	police, err := c.town.As(b.Context(), "police-farsta", "")
	c.must(err, "sign in the officer")
	for _, sockets := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(sockets, " sockets"), func(b *testing.B) {
			f := c.field(b, replica.Build(b))
			var theirs []net.Conn
			for n := range sockets / 10 {
				persona := "coordinator-farsta"
				if n < concerned/10 {
					persona = "police-farsta"
				}
				cookie := c.signIn(persona, "")
				for range 10 {
					conn := f.socket(cookie)
					b.Cleanup(func() { _ = conn.Close() })
					if persona == "police-farsta" {
						theirs = append(theirs, conn)
					}
				}
			}
			var took []time.Duration
			for range 100 {
				arrived := make(chan time.Time, concerned)
				for _, conn := range theirs {
					go awaitChanged(conn, arrived)
				}
				err := c.town.App.Do(b.Context(), sig.System("bench"), func(tx *postgres.Tx) error {
					tx.Nudge(police.Assignment.UUID)
					return nil
				})
				committed := time.Now()
				c.must(err, "nudge")
				for range concerned {
					took = append(took, (<-arrived).Sub(committed))
				}
			}
			spread(b, "frame", took)
			b.ReportMetric(f.memory(), "MB-RSS")
		})
	}
}

// socket opens one websocket, of which the client keeps next to nothing.
func (f *field) socket(cookie string) net.Conn {
	f.t.Helper()
	address := strings.TrimPrefix(f.origins[f.turn.Add(1)%2], "http://")
	conn, err := net.Dial("tcp", address)
	f.must(err, "dial")
	_, err = fmt.Fprintf(conn, "GET /live?at=%d HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nCookie: %s\r\nConnection: Upgrade\r\n"+
		"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
		time.Now().UnixMilli(), address, address, cookie)
	f.must(err, "ask for a socket")
	answer, err := http.ReadResponse(bufio.NewReaderSize(io.LimitReader(oneByte{conn}, 4096), 1), nil)
	f.must(err, "read the answer")
	if answer.StatusCode != http.StatusSwitchingProtocols {
		f.t.Fatalf("no socket: %d", answer.StatusCode)
	}
	return conn
}

// oneByte reads no further than it must, so that no frame is lost to a buffer.
type oneByte struct{ io.Reader }

func (r oneByte) Read(p []byte) (int, error) { return r.Reader.Read(p[:1]) } //nolint:wrapcheck // it stands for the reader

// awaitChanged reads a socket until a frame says that something changed.
func awaitChanged(conn net.Conn, arrived chan<- time.Time) {
	buf := make([]byte, 256)
	for {
		n, err := conn.Read(buf)
		if err != nil || bytes.Contains(buf[:n], []byte("changed")) {
			arrived <- time.Now()
			return
		}
	}
}

// memory is what both replicas hold, in megabytes.
func (f *field) memory() float64 {
	f.t.Helper()
	var pages int
	for _, pid := range f.pids {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
		f.must(err, "read a replica's memory")
		resident, err := strconv.Atoi(strings.Fields(string(text))[1])
		f.must(err, "read a replica's memory")
		pages += resident
	}
	return float64(pages*os.Getpagesize()) / 1e6
}
