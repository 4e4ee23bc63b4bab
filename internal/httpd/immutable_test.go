package httpd

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
)

// TestWhatIsKeptOfARequestStaysThatRequests shows why Immutable is on. Fiber
// hands out texts that lie in the connection's buffer; the next request on the
// connection writes over them, and a kept parameter is then another person's.
// Without Immutable the same keeper sees it happen.
func TestWhatIsKeptOfARequestStaysThatRequests(t *testing.T) {
	if wrong := overwritten(t, true); wrong != 0 {
		t.Errorf("%d of 200 kept parameters were overwritten by later requests", wrong)
	}
	if wrong := overwritten(t, false); wrong == 0 {
		t.Error("the test cannot fail: nothing was overwritten without Immutable either")
	}
}

func overwritten(t *testing.T, immutable bool) int {
	t.Helper()
	var kept []string
	a, err := newApp(testDeps(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	a.deps.Log = slog.New(slog.DiscardHandler)
	app := a.fiber([]Route{{"GET", "/keep/:id", Public, func(r *Request) error {
		kept = append(kept, r.Params("id"))
		return nil
	}}}, immutable)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- app.Listener(listener) }()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(conn)
	for i := range 200 {
		_, _ = fmt.Fprintf(conn, "GET /keep/youth-%06d HTTP/1.1\r\nHost: %s\r\n\r\n", i, testHost)
		answer, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
	}
	_ = conn.Close()
	_ = app.Shutdown()
	<-done
	wrong := 0
	for i, id := range kept {
		if id != fmt.Sprintf("youth-%06d", i) {
			wrong++
		}
	}
	return wrong
}
