package live_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/dbtest"
	"sigportal/internal/postgres"
)

// BenchmarkCommitToFrame measures, among 1 000 and 10 000 open sockets of which
// 20 are concerned, the time from sending COMMIT until each of the 20 has its
// frame, and what one socket costs the server in memory.
func BenchmarkCommitToFrame(b *testing.B) {
	for _, sockets := range []int{1_000, 9_000} {
		b.Run(fmt.Sprint(sockets, " sockets"), func(b *testing.B) { commitToFrame(b, sockets) })
	}
}

const concerned = 20

func commitToFrame(b *testing.B, sockets int) {
	db := dbtest.New(b).App()
	r := start(b, db)
	r.open(b, uuid.New())
	before := memory()
	var idle []net.Conn
	session := uuid.New()
	for i := range sockets - concerned {
		if i%10 == 0 {
			session = uuid.New()
		}
		idle = append(idle, r.raw(b, session, uuid.New(), uuid.New()))
	}
	b.Cleanup(func() {
		for _, conn := range idle {
			_ = conn.Close()
		}
	})
	perSocket := float64(memory()-before) / float64(len(idle))
	topic := uuid.New()
	var pages []*page
	for range concerned {
		pages = append(pages, r.open(b, uuid.New(), topic))
	}
	var took []time.Duration
	for b.Loop() {
		arrived := make(chan time.Time, concerned)
		for _, p := range pages {
			go func() {
				for frame := range p.frames {
					if frame == told {
						arrived <- time.Now()
						return
					}
				}
			}()
		}
		var committing time.Time
		do(b, db, func(tx *postgres.Tx) error {
			tx.Nudge(topic)
			committing = time.Now()
			return nil
		})
		for range concerned {
			took = append(took, (<-arrived).Sub(committing))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
	b.ReportMetric(perSocket/1024, "KiB/socket")
}

// memory is what the process holds in heap and stacks.
func memory() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// raw is an open socket that costs its own side next to nothing.
func (r *replica) raw(t testing.TB, topics ...uuid.UUID) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", r.address)
	if err != nil {
		t.Fatal(err)
	}
	words := make([]string, len(topics))
	for i, topic := range topics {
		words[i] = topic.String()
	}
	_, err = fmt.Fprintf(conn, "GET /live?at=%d HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nTest-Topics: %s\r\nConnection: Upgrade\r\n"+
		"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
		time.Now().UnixMilli(), r.address, r.address, strings.Join(words, " "))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReaderSize(conn, 512), nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("open a raw socket: %v", err)
	}
	return conn
}
