package live

import (
	"net"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"
)

// pipe is a socket over a connection without any buffer: a write waits until
// somebody reads. The reader has read the 101 and then stops.
func pipe(t *testing.T) (*socket, net.Conn) {
	t.Helper()
	server, browser := net.Pipe()
	held := &heldConn{}
	request := &http.Request{Method: http.MethodGet, Host: "portal", URL: &url.URL{Path: "/live"}, Header: http.Header{
		"Origin": {"http://portal"}, "Connection": {"Upgrade"}, "Upgrade": {"websocket"},
		"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="},
	}}
	conn, err := NewHub(Config{}).upgrader.Upgrade(&response{header: http.Header{}, conn: held}, request, nil)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = browser.Read(make([]byte, 4096)) }()
	if err := held.adopt(server); err != nil {
		t.Fatal(err)
	}
	return &socket{conn: conn}, browser
}

func TestABrowserThatDoesNotReadIsClosedAfterTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, browser := pipe(t)
		began := time.Now()
		gone := make(chan time.Duration)
		go func() {
			s.read()
			gone <- time.Since(began)
		}()
		for range 10_000 {
			s.tell(changed)
		}
		synctest.Wait()
		if s.pending != changed && s.pending != 0 {
			t.Errorf("what waits is %b", s.pending)
		}
		if took := <-gone; took != writeWait {
			t.Errorf("it was closed after %v, want %v", took, writeWait)
		}
		_ = browser.Close()
		synctest.Wait()
	})
}

func TestABrowserThatDoesNotAnswerPingsIsClosedAfterAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, browser := pipe(t)
		began := time.Now()
		s.read()
		if took := time.Since(began); took != pongWait {
			t.Errorf("it was closed after %v, want %v", took, pongWait)
		}
		_ = browser.Close()
	})
}

func TestHoweverOftenSomethingChangesASlowBrowserIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, browser := pipe(t)
		for range 1000 {
			s.tell(changed)
			s.tell(alive)
		}
		synctest.Wait()
		_ = browser.SetReadDeadline(time.Now().Add(time.Second))
		total := 0
		for buf := make([]byte, 4096); ; {
			n, err := browser.Read(buf)
			if err != nil {
				break
			}
			total += n
		}
		frame := len(`{"type":"changed"}`) + 2
		if total > 3*frame {
			t.Errorf("%d bytes were waiting, want at most three frames", total)
		}
		_ = browser.Close()
		synctest.Wait()
	})
}

// A replica that has not heard of the database does not know what has changed,
// so it must not say that all is well: its pages then blank by themselves.
func TestWithoutTheDatabaseThereIsNoSignOfLife(t *testing.T) {
	h := NewHub(Config{})
	s := &socket{writing: true} // what is told stays to be looked at
	h.bySlot[0][s] = struct{}{}
	h.looked = wallClock().Add(-staleAfter)
	h.beatSlot(slots)
	if s.pending != 0 {
		t.Errorf("told %b without the database", s.pending)
	}
	h.lookedAgain()
	h.beatSlot(slots)
	if s.pending != alive {
		t.Errorf("told %b with the database, want a sign of life", s.pending)
	}
}
