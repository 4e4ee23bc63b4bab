package live

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"
)

// upgrade runs gorilla's Upgrader inside Fiber. It runs in the handler, on a
// copy of the request, over a connection that holds the 101 back: a refusal is
// then an ordinary answer of Fiber's, and an acceptance is sent first thing
// once fasthttp has let go of the connection. Serve gets the open socket in a
// goroutine of fasthttp's and must not keep it: see adopt.
func upgrade(c *fiber.Ctx, u *websocket.Upgrader, serve func(*websocket.Conn)) error {
	held := &heldConn{local: c.Context().LocalAddr(), remote: c.Context().RemoteAddr()}
	w := &response{header: http.Header{}, conn: held}
	conn, err := u.Upgrade(w, copyRequest(c), nil)
	if err != nil {
		status := w.status
		if status == 0 {
			status = http.StatusBadRequest
		}
		return fiber.NewError(status, "the socket was refused")
	}
	c.Status(http.StatusSwitchingProtocols) // for the access log; what is sent is gorilla's answer
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(raw net.Conn) {
		if err := held.adopt(raw); err != nil {
			_ = held.Close()
			return
		}
		serve(conn)
	})
	return nil
}

// copyRequest is a deep copy of what the Upgrader looks at: Fiber's own buffers
// belong to the next request as soon as the handler returns.
func copyRequest(c *fiber.Ctx) *http.Request {
	r := &http.Request{
		Method: c.Method(), Host: string(c.Request().Host()), Header: http.Header{},
		URL: &url.URL{Path: string(c.Request().URI().Path())},
	}
	for name, value := range c.Request().Header.All() {
		r.Header.Add(string(name), string(value))
	}
	return r
}

// response catches what the Upgrader answers.
type response struct {
	header http.Header
	status int
	conn   *heldConn
}

func (w *response) Header() http.Header { return w.header }

func (w *response) WriteHeader(status int) { w.status = status }

func (w *response) Write(p []byte) (int, error) { return len(p), nil }

func (w *response) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	empty := bufio.NewReadWriter(bufio.NewReaderSize(w.conn, 16), bufio.NewWriterSize(w.conn, 16))
	return w.conn, empty, nil
}

// heldConn is a connection that does not exist yet: until adopt it keeps what
// is written; from then on it is the raw connection, without any of fasthttp's
// pooled wrappers, so nothing that outlives the handler can touch another's.
type heldConn struct {
	local, remote net.Addr

	mu     sync.Mutex
	held   []byte
	raw    net.Conn
	closed bool
}

var errNotYet = errors.New("the connection is still the server's")

// adopt takes over the raw connection and sends what was held. Whatever the
// client sent before it had the answer is a fault: it has broken the handshake,
// and its bytes lie in a buffer that goes back to fasthttp.
func (h *heldConn) adopt(c net.Conn) error {
	raw := c
	if wrapped, ok := c.(interface{ UnsafeConn() net.Conn }); ok {
		raw = wrapped.UnsafeConn()
	}
	h.mu.Lock()
	h.raw = raw
	answer := h.held
	h.held = nil
	h.mu.Unlock()
	// A read with a deadline in the past gives what is buffered and no more.
	past := time.Unix(1, 0)
	if err := raw.SetReadDeadline(past); err != nil {
		return err
	}
	if n, _ := c.Read(make([]byte, 1)); n > 0 {
		return errors.New("bytes before the handshake was done")
	}
	if err := raw.SetDeadline(wallClock().Add(writeWait)); err != nil {
		return err
	}
	if _, err := raw.Write(answer); err != nil {
		return err
	}
	return raw.SetDeadline(time.Time{})
}

func (h *heldConn) conn() net.Conn {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.raw
}

// Read reads from the raw connection.
func (h *heldConn) Read(p []byte) (int, error) {
	if raw := h.conn(); raw != nil {
		return raw.Read(p)
	}
	return 0, io.EOF
}

// Write holds the bytes back until the connection is there.
func (h *heldConn) Write(p []byte) (int, error) {
	h.mu.Lock()
	if h.raw == nil {
		defer h.mu.Unlock()
		if h.closed {
			return 0, net.ErrClosed
		}
		h.held = append(h.held, p...)
		return len(p), nil
	}
	raw := h.raw
	h.mu.Unlock()
	return raw.Write(p)
}

// Close closes the raw connection, or gives up before there is one.
func (h *heldConn) Close() error {
	h.mu.Lock()
	h.closed = true
	raw := h.raw
	h.mu.Unlock()
	if raw == nil {
		return nil
	}
	return raw.Close()
}

// LocalAddr is the server's side.
func (h *heldConn) LocalAddr() net.Addr { return h.local }

// RemoteAddr is the browser's side.
func (h *heldConn) RemoteAddr() net.Addr { return h.remote }

// SetDeadline passes on; before the connection is there, there is none to set.
func (h *heldConn) SetDeadline(t time.Time) error {
	if raw := h.conn(); raw != nil {
		return raw.SetDeadline(t)
	}
	return nil
}

// SetReadDeadline passes on.
func (h *heldConn) SetReadDeadline(t time.Time) error {
	if raw := h.conn(); raw != nil {
		return raw.SetReadDeadline(t)
	}
	return errNotYet
}

// SetWriteDeadline passes on.
func (h *heldConn) SetWriteDeadline(t time.Time) error {
	if raw := h.conn(); raw != nil {
		return raw.SetWriteDeadline(t)
	}
	return errNotYet
}
