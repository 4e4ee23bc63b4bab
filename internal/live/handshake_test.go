package live_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"sigportal/internal/dbtest"
)

func TestOnlyAPageOfThePortalGetsASocket(t *testing.T) {
	r := start(t, dbtest.New(t).App())
	session := uuid.New()
	r.open(t, session)
	host := r.address
	for _, origin := range []string{
		"", "null", "http://evil.example", "http://" + host + ".evil.example", "http://evil.example/" + host,
		"http://" + host + "@evil.example", "http://user@" + host, "http://" + host + "/", "http://" + host + "?x", "ftp://" + host,
		"//" + host, host, "http://localhost:1", "http://127.0.0.1", "http://[::1]", "https://" + host + ":443",
		"http://" + host + "\thttp://evil.example", "javascript:alert(1)", "file://", "data:text/html,x", "chrome-extension://abc",
		"http://" + host + "#x", "http://" + host + "0", "http://0.0.0.0", "HTTP//" + host, "http:/" + host, "http:", "http://", "http://%zz", " ", "*",
	} {
		header := r.header(session)
		header.Del("Origin")
		if origin != "" {
			header.Set("Origin", origin)
		}
		conn, status, err := r.dial("", header)
		if err == nil {
			_ = conn.Close()
			t.Errorf("origin %q got a socket", origin)
		} else if status != http.StatusForbidden && status != http.StatusBadRequest {
			t.Errorf("origin %q was answered %d", origin, status)
		}
	}
	twice := r.header(session)
	twice["Origin"] = []string{"http://" + host, "http://evil.example"}
	if conn, status, err := r.dial("", twice); err == nil {
		_ = conn.Close()
		t.Errorf("two origins got a socket (%d)", status)
	}
}

func TestWithoutASessionThereIsNoSocket(t *testing.T) {
	r := start(t, dbtest.New(t).App())
	r.open(t, uuid.New())
	if _, status, err := r.dial("", http.Header{"Origin": {"http://" + r.address}}); err == nil || status != http.StatusUnauthorized {
		t.Errorf("the answer is %d, %v", status, err)
	}
}

func TestWhatIsNoUpgradeIsAnsweredLikeAnyRequest(t *testing.T) {
	r := start(t, dbtest.New(t).App())
	r.open(t, uuid.New())
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+r.address+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = r.header(uuid.New())
	request.Close = true
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusBadRequest {
		t.Errorf("status %d", answer.StatusCode)
	}
}

func TestASessionHasAtMostTenSockets(t *testing.T) {
	r := start(t, dbtest.New(t).App())
	session := uuid.New()
	for range 9 {
		r.open(t, session)
	}
	last := r.open(t, session)
	conn, status, err := r.dial("", r.header(session))
	if err == nil {
		_ = conn.Close()
		t.Fatal("an eleventh socket was opened")
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("the eleventh was answered %d", status)
	}
	r.open(t, uuid.New()) // somebody else is not hindered
	_ = last.conn.Close()
	for range last.frames {
	}
	for deadline := time.Now().Add(5 * time.Second); ; {
		conn, _, err := r.dial("", r.header(session))
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("a place that was left was not given again")
		}
	}
}

func TestAMessageFromTheBrowserEndsTheSocket(t *testing.T) {
	r := start(t, dbtest.New(t).App())
	p := r.open(t, uuid.New())
	if err := p.conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"subscribe","topic":"everything"}`)); err != nil {
		t.Fatal(err)
	}
	if got := p.news(t); got != fmt.Sprint("closed ", websocket.CloseMessageTooBig) && got != fmt.Sprint("closed ", websocket.ClosePolicyViolation) {
		t.Errorf("the socket is %s", got)
	}
}

func TestBytesBeforeTheHandshakeIsDoneEndTheConnection(t *testing.T) {
	r := start(t, dbtest.New(t).App())
	r.open(t, uuid.New())
	conn, err := net.Dial("tcp", r.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, err = fmt.Fprintf(conn, "GET /live HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nTest-Topics: %s\r\nConnection: Upgrade\r\n"+
		"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81\x85smuggled",
		r.address, r.address, uuid.New())
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	if line, err := bufio.NewReader(conn).ReadString('\n'); err == nil {
		t.Errorf("it was answered: %q", line)
	}
}

func TestABrowserThatDoesNotReadHoldsUpNobody(t *testing.T) {
	db := dbtest.New(t).App()
	r := start(t, db)
	topic := uuid.New()
	good := r.open(t, uuid.New(), topic)
	deaf, _, err := (&websocket.Dialer{NetDial: func(network, address string) (net.Conn, error) {
		conn, err := net.Dial(network, address)
		if err == nil {
			_ = conn.(*net.TCPConn).SetReadBuffer(1)
		}
		return conn, err
	}}).Dial("ws://"+r.address+"/live", r.header(uuid.New(), topic))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = deaf.Close() }()
	var worst time.Duration
	for range 200 {
		began := time.Now()
		nudge(t, db, topic)
		if got := good.news(t); got != told {
			t.Fatal(got)
		}
		worst = max(worst, time.Since(began))
	}
	t.Logf("200 nudges beside a deaf browser, the slowest in %v", worst)
	if worst > time.Second {
		t.Errorf("the slowest took %v", worst)
	}
}

func TestAReplicaThatStopsSendsItsPagesAway(t *testing.T) {
	db := dbtest.New(t).App()
	var p *page
	t.Run("a replica", func(t *testing.T) {
		r := start(t, db)
		p = r.open(t, uuid.New())
	})
	if got := p.news(t); got != fmt.Sprint("closed ", websocket.CloseGoingAway) && got != "closed -1" {
		t.Errorf("the socket is %s", got)
	}
}
