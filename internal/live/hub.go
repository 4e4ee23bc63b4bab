package live

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"sigportal/internal/postgres"
)

// Config is what a hub needs.
type Config struct {
	DB  *postgres.DB
	Log *slog.Logger
	// Authenticate tells the session of an upgrade and what it hears of.
	Authenticate func(*fiber.Ctx) (topics []uuid.UUID, session uuid.UUID, ok bool)
	// Ended gives those of the sessions that have ended or passed a limit. The
	// hub asks every two seconds, once for all its sockets.
	Ended func(ctx context.Context, sessions []uuid.UUID) ([]uuid.UUID, error)
	// PerSession bounds the sockets of one session on this replica; 0 is 10.
	PerSession int
}

// Rhythm of a hub.
const (
	beat       = 5 * time.Second // between two signs of life
	pings      = 5               // every so many beats also a ping
	slots      = 50              // sockets are spread over so many parts of a beat
	askEnded   = 2 * time.Second
	staleAfter = 4 * time.Second  // without the database, no sign of life
	contact    = 15 * time.Second // after which a page that hears nothing blanks
	remember   = 10 * time.Minute
	skew       = 500 * time.Millisecond // between the clocks of two replicas
)

// Hub holds the sockets of one replica.
type Hub struct {
	cfg      Config
	upgrader websocket.Upgrader
	gone     sync.WaitGroup

	mu      sync.Mutex
	open    bool
	since   time.Time // when this hub began to listen
	looked  time.Time // when the database was last heard of
	turn    int
	bySlot  [slots]map[*socket]struct{}
	byTopic map[uuid.UUID]map[*socket]struct{}
	count   map[uuid.UUID]int       // sockets by session
	recent  map[uuid.UUID]time.Time // topic → when it last changed
	over    map[uuid.UUID]time.Time // session → when it was said to have ended
}

// NewHub makes a hub. It takes sockets while Run runs.
func NewHub(cfg Config) *Hub {
	if cfg.PerSession == 0 {
		cfg.PerSession = 10
	}
	h := &Hub{
		cfg: cfg, byTopic: map[uuid.UUID]map[*socket]struct{}{}, count: map[uuid.UUID]int{},
		recent: map[uuid.UUID]time.Time{}, over: map[uuid.UUID]time.Time{},
	}
	for i := range h.bySlot {
		h.bySlot[i] = map[*socket]struct{}{}
	}
	h.upgrader = websocket.Upgrader{
		ReadBufferSize: 128, WriteBufferSize: 128, WriteBufferPool: &sync.Pool{},
		CheckOrigin: sameOrigin,
		Error:       func(w http.ResponseWriter, _ *http.Request, status int, _ error) { w.WriteHeader(status) },
	}
	return h
}

// Handler answers the upgrade. The server's KeepHijackedConns must be set, as
// httpd does: the hub owns its connections, and fasthttp gets its buffers back.
func (h *Hub) Handler(c *fiber.Ctx) error {
	topics, session, ok := h.cfg.Authenticate(c)
	if !ok {
		return fiber.NewError(http.StatusUnauthorized, "no session")
	}
	if status := h.admits(session); status != 0 {
		return fiber.NewError(status, "the hub does not take this socket")
	}
	rendered := renderedAt(c.Query("at"))
	return upgrade(c, &h.upgrader, func(conn *websocket.Conn) {
		s := &socket{conn: conn, session: session, topics: topics}
		if !h.enter() {
			_ = conn.Close()
			return
		}
		// fasthttp's goroutine ends here and gives its buffers back.
		go h.serve(s, rendered)
	})
}

// enter notes one more goroutine that close waits for, unless it is too late.
func (h *Hub) enter() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open {
		h.gone.Add(1)
	}
	return h.open
}

func (h *Hub) admits(session uuid.UUID) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.open {
		return http.StatusServiceUnavailable
	}
	if h.count[session] >= h.cfg.PerSession {
		return http.StatusTooManyRequests
	}
	return 0
}

func (h *Hub) serve(s *socket, rendered time.Time) {
	defer h.gone.Done()
	if h.register(s, rendered) {
		defer h.unregister(s)
	}
	s.read()
}

// register takes a socket in and tells it at once what it has missed.
func (h *Hub) register(s *socket, rendered time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, isOver := h.over[s.session]
	switch {
	case !h.open:
		s.tell(leaving)
		return false
	case isOver:
		s.tell(ended)
		return false
	case h.count[s.session] >= h.cfg.PerSession:
		s.tell(crowded)
		return false
	}
	h.turn++
	s.slot = h.turn % slots
	h.bySlot[s.slot][s] = struct{}{}
	h.count[s.session]++
	missed := rendered.Before(h.since) || wallClock().Sub(rendered) > remember
	for _, topic := range s.topics {
		if h.byTopic[topic] == nil {
			h.byTopic[topic] = map[*socket]struct{}{}
		}
		h.byTopic[topic][s] = struct{}{}
		if at, known := h.recent[topic]; known && at.After(rendered.Add(-skew)) {
			missed = true
		}
	}
	if missed {
		s.tell(changed)
	} else {
		s.tell(alive)
	}
	return true
}

func (h *Hub) unregister(s *socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.bySlot[s.slot], s)
	if h.count[s.session]--; h.count[s.session] == 0 {
		delete(h.count, s.session)
	}
	for _, topic := range s.topics {
		delete(h.byTopic[topic], s)
		if len(h.byTopic[topic]) == 0 {
			delete(h.byTopic, topic)
		}
	}
}

// Open is how many sockets this replica holds.
func (h *Hub) Open() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, slot := range h.bySlot {
		n += len(slot)
	}
	return n
}

// Run listens to the outbox, beats, and asks for ended sessions, until ctx
// ends; then it sends every page to another replica and waits for them to go.
func (h *Hub) Run(ctx context.Context) error {
	h.mu.Lock()
	h.since = wallClock()
	h.mu.Unlock()
	listener := postgres.NewListener(h.cfg.DB, h.deliver, h.lookedAgain)
	var work sync.WaitGroup
	work.Go(func() { h.listen(ctx, listener) })
	work.Go(func() { h.beat(ctx) })
	work.Go(func() { h.watchSessions(ctx) })
	work.Wait()
	h.close()
	return nil
}

// listen holds the connection and opens it again when it breaks.
func (h *Hub) listen(ctx context.Context, listener *postgres.Listener) {
	for wait := 50 * time.Millisecond; ctx.Err() == nil; wait = min(2*wait, 2*time.Second) {
		began := wallClock()
		err := listener.Listen(ctx)
		if ctx.Err() != nil {
			return
		}
		h.cfg.Log.Warn("the listening connection broke", "cause", err)
		if wallClock().Sub(began) > time.Minute {
			wait = 50 * time.Millisecond
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

func (h *Hub) lookedAgain() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.looked = wallClock()
	h.open = true
}

// deliver passes signals on to the sockets that they concern.
func (h *Hub) deliver(signals []postgres.Signal) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := wallClock()
	for _, signal := range signals {
		if signal.Everybody {
			h.since = now
			h.everybody(changed)
		}
		for _, topic := range signal.Topics {
			if signal.Ended {
				h.end(topic, now)
				continue
			}
			h.recent[topic] = now
			for s := range h.byTopic[topic] {
				s.tell(changed)
			}
		}
	}
}

func (h *Hub) end(session uuid.UUID, now time.Time) {
	h.over[session] = now
	for s := range h.byTopic[session] {
		if s.session == session {
			s.tell(ended)
		}
	}
}

func (h *Hub) everybody(n news) {
	for _, slot := range h.bySlot {
		for s := range slot {
			s.tell(n)
		}
	}
}

// beat tells one slot of sockets after another that the replica lives, unless
// the database has been silent, and forgets what no page can still ask about.
func (h *Hub) beat(ctx context.Context) {
	tick := time.NewTicker(beat / slots)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		h.beatSlot(i)
		if i%(slots*12) == 0 {
			h.forget()
			if err := h.cfg.DB.SweepOutbox(ctx); err != nil && ctx.Err() == nil {
				h.cfg.Log.Warn("the outbox was not swept", "cause", err)
			}
		}
	}
}

func (h *Hub) beatSlot(i int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var n news
	if wallClock().Sub(h.looked) < staleAfter {
		n = alive
	}
	if (i/slots)%pings == 0 {
		n |= ping
	}
	if n == 0 {
		return
	}
	for s := range h.bySlot[i%slots] {
		s.tell(n)
	}
}

func (h *Hub) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := wallClock()
	for _, known := range []map[uuid.UUID]time.Time{h.recent, h.over} {
		for id, at := range known {
			if now.Sub(at) > remember+time.Minute {
				delete(known, id)
			}
		}
	}
}

// watchSessions is the second way in which an ended session is found: whatever
// ended it, a limit or a row that nobody announced, it is cut within seconds.
func (h *Hub) watchSessions(ctx context.Context) {
	tick := time.NewTicker(askEnded)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		sessions := h.sessions()
		if len(sessions) == 0 {
			continue
		}
		gone, err := h.cfg.Ended(ctx, sessions)
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				h.cfg.Log.Warn("could not ask for ended sessions", "cause", err)
			}
			continue
		}
		h.mu.Lock()
		for _, session := range gone {
			h.end(session, wallClock())
		}
		h.mu.Unlock()
	}
}

func (h *Hub) sessions() []uuid.UUID {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]uuid.UUID, 0, len(h.count))
	for session := range h.count {
		list = append(list, session)
	}
	return list
}

func (h *Hub) close() {
	h.mu.Lock()
	h.open = false
	h.everybody(leaving)
	h.mu.Unlock()
	h.gone.Wait()
}
