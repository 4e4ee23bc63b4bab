package live

import (
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
)

// Protocol time: how long the network may take. Nothing that anybody dates.
const (
	writeWait = 10 * time.Second // a browser that does not read is closed after this
	pongWait  = 60 * time.Second // one that does not answer pings, after this
)

// wallClock is for deadlines of the network only.
var wallClock = time.Now //nolint:forbidigo // protocol time

// Close codes, as ux and tests know them.
const (
	closeEnded   = 4403 // the session has ended
	closeCrowded = 4429 // the session has too many sockets
)

// news is what waits to be told to a socket.
type news uint8

const (
	changed news = 1 << iota
	alive
	ping
	ended
	leaving
	crowded
)

var frames = map[news]*websocket.PreparedMessage{
	changed: prepare(`{"type":"changed"}`),
	alive:   prepare(`{"type":"alive"}`),
	ended:   prepare(`{"type":"ended"}`),
}

func prepare(text string) *websocket.PreparedMessage {
	m, err := websocket.NewPreparedMessage(websocket.TextMessage, []byte(text))
	if err != nil {
		panic(err) // the text is a constant
	}
	return m
}

// socket is one open page.
type socket struct {
	conn    *websocket.Conn
	session uuid.UUID
	topics  []uuid.UUID
	slot    int

	mu      sync.Mutex
	pending news
	writing bool
}

// tell notes news and makes sure that somebody writes it. It never waits for
// the network.
func (s *socket) tell(n news) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending |= n
	if !s.writing {
		s.writing = true
		go s.write()
	}
}

// write sends what waits until nothing does. Only one runs at a time; however
// often something changes while the network is slow, it is told once.
func (s *socket) write() {
	for {
		s.mu.Lock()
		n := s.pending
		s.pending = 0
		if n == 0 {
			s.writing = false
		}
		s.mu.Unlock()
		if n == 0 {
			return
		}
		if s.send(n) != nil {
			_ = s.conn.Close() // its reader then lets go of it
			return
		}
	}
}

func (s *socket) send(n news) error {
	deadline := wallClock().Add(writeWait)
	if err := s.conn.SetWriteDeadline(deadline); err != nil {
		return err
	}
	for _, one := range []news{changed, ended, alive} {
		if n&one == 0 || (one == alive && n&(changed|ended) != 0) {
			continue
		}
		if err := s.conn.WritePreparedMessage(frames[one]); err != nil {
			return err
		}
	}
	if n&ping != 0 {
		if err := s.conn.WriteControl(websocket.PingMessage, nil, deadline); err != nil {
			return err
		}
	}
	for _, end := range []struct {
		news news
		code int
	}{{ended, closeEnded}, {crowded, closeCrowded}, {leaving, websocket.CloseGoingAway}} {
		if n&end.news != 0 {
			bye := websocket.FormatCloseMessage(end.code, "")
			_ = s.conn.WriteControl(websocket.CloseMessage, bye, deadline)
			return websocket.ErrCloseSent
		}
	}
	return nil
}

// read waits for the end of the socket. It answers pings and notes pongs; a
// browser has nothing to say, so any message ends it.
func (s *socket) read() {
	defer func() { _ = s.conn.Close() }()
	s.conn.SetReadLimit(16)
	extend := func(string) error { return s.conn.SetReadDeadline(wallClock().Add(pongWait)) }
	_ = extend("")
	s.conn.SetPongHandler(extend)
	if _, _, err := s.conn.NextReader(); err == nil {
		bye := websocket.FormatCloseMessage(websocket.ClosePolicyViolation, "")
		_ = s.conn.WriteControl(websocket.CloseMessage, bye, wallClock().Add(writeWait))
	}
}
