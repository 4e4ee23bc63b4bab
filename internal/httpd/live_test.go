package httpd

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"sigportal/internal/dbtest"
	"sigportal/internal/live"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// TestASocketThroughTheWholePortal opens a socket through every wall around a
// route, and shows that the pages go on beside it on a connection reused.
func TestASocketThroughTheWholePortal(t *testing.T) {
	db := dbtest.New(t).App()
	who := visitors["guardian"].Actor
	hub := live.NewHub(live.Config{
		DB: db, Log: slog.New(slog.DiscardHandler), Ended: db.EndedSessions,
		Authenticate: func(c *fiber.Ctx) ([]uuid.UUID, uuid.UUID, bool) {
			return []uuid.UUID{who.Session.UUID, who.Person.UUID}, who.Session.UUID, c.Get("Test-Visitor") == "guardian"
		},
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := newPortal(t, func(d *Deps) {
		d.Live = hub.Handler
		d.Config.Hosts = []string{listener.Addr().String()}
		d.Config.Limits = Limits{PerSecond: 1000, Burst: 1000}
	})
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = hub.Run(ctx) })
	running.Go(func() { _ = p.app.Listener(listener) })
	defer func() {
		cancel()
		_ = p.app.Shutdown()
		running.Wait()
	}()
	address := "ws://" + listener.Addr().String() + "/live?at="
	header := http.Header{"Origin": {"http://" + listener.Addr().String()}, "Test-Visitor": {"guardian"}}

	if _, answer, err := websocket.DefaultDialer.Dial(address, http.Header{"Origin": header["Origin"]}); err == nil || answer.StatusCode != 401 {
		t.Errorf("without a session: %v", err)
	}
	foreign := http.Header{"Origin": {"https://evil.example"}, "Test-Visitor": {"guardian"}}
	var conn *websocket.Conn
	again := time.NewTicker(20 * time.Millisecond) // until the hub listens
	defer again.Stop()
	for deadline := time.Now().Add(20 * time.Second); conn == nil && time.Now().Before(deadline); <-again.C {
		conn, _, err = websocket.DefaultDialer.Dial(fmt.Sprint(address, time.Now().UnixMilli()), header)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, answer, err := websocket.DefaultDialer.Dial(address, foreign); err == nil || answer.StatusCode != 403 {
		t.Errorf("from another site: %v", err)
	}
	frames := make(chan string, 10)
	running.Go(func() {
		defer close(frames)
		for {
			_, frame, err := conn.ReadMessage()
			if err != nil {
				return
			}
			frames <- string(frame)
		}
	})
	if got := <-frames; got != `{"type":"alive"}` {
		t.Fatalf("the first frame is %s", got)
	}
	err = db.Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error { tx.Nudge(who.Person.UUID); return nil })
	if err != nil {
		t.Fatal(err)
	}
	news := func() string { // signs of life come between
		for frame := range frames {
			if frame != `{"type":"alive"}` {
				return frame
			}
		}
		return "closed"
	}
	if got := news(); got != `{"type":"changed"}` {
		t.Errorf("the page was told %s", got)
	}
	p.want(p.ask("GET", "/help", "", "Test-Visitor", "guardian"), 200)
	// The session is in no table, so it has ended: the hub finds out by itself.
	if got := news(); got != `{"type":"ended"}` {
		t.Errorf("after the change the page was told %s", got)
	}
}
