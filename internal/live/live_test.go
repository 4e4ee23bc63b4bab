package live_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"sigportal/internal/dbtest"
	"sigportal/internal/live"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// fasthttp's pool looks after its idle workers for ten seconds more.
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
		// The test cluster's own watch lives as long as the process.
		goleak.IgnoreAnyFunction("sigportal/internal/localpg.startServer.func2"))
}

// replica is one server with one hub. A session is written in a header, which
// stands for the cookie: topics are the session and whatever follows it.
type replica struct {
	address string
	hub     *live.Hub
	mu      sync.Mutex
	ended   []uuid.UUID
}

func start(t testing.TB, db *postgres.DB) *replica {
	t.Helper()
	r := &replica{}
	r.hub = live.NewHub(live.Config{
		DB: db, Log: slog.New(slog.DiscardHandler), Authenticate: authenticate,
		Ended: func(_ context.Context, asked []uuid.UUID) ([]uuid.UUID, error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			return slices.DeleteFunc(slices.Clone(asked), func(s uuid.UUID) bool { return !slices.Contains(r.ended, s) }), nil
		},
	})
	app := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true, ReadBufferSize: 8 << 10, ReadTimeout: 10 * time.Second})
	app.Server().KeepHijackedConns = true
	app.Get("/live", r.hub.Handler)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.address = listener.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { _ = r.hub.Run(ctx) })
	done.Go(func() { _ = app.Listener(listener) })
	t.Cleanup(func() {
		cancel()
		_ = app.Shutdown()
		done.Wait()
	})
	return r
}

func authenticate(c *fiber.Ctx) ([]uuid.UUID, uuid.UUID, bool) {
	var topics []uuid.UUID
	for word := range strings.SplitSeq(c.Get("Test-Topics"), " ") {
		id, err := uuid.Parse(word)
		if err != nil {
			return nil, uuid.Nil, false
		}
		topics = append(topics, id)
	}
	return topics, topics[0], true
}

// page is one open page: its frames come in order on a channel, which closes
// with the socket.
type page struct {
	conn   *websocket.Conn
	frames chan string
	mu     sync.Mutex
	closed error
}

func (r *replica) dial(at string, header http.Header) (*websocket.Conn, int, error) {
	conn, answer, err := websocket.DefaultDialer.Dial("ws://"+r.address+"/live"+at, header)
	status := 0
	if answer != nil {
		status = answer.StatusCode
		_ = answer.Body.Close()
	}
	return conn, status, err
}

func (r *replica) header(topics ...uuid.UUID) http.Header {
	words := make([]string, len(topics))
	for i, topic := range topics {
		words[i] = topic.String()
	}
	return http.Header{"Origin": {"http://" + r.address}, "Test-Topics": {strings.Join(words, " ")}}
}

// open opens a page that was rendered just now, and waits until the replica has
// taken it in.
func (r *replica) open(t testing.TB, topics ...uuid.UUID) *page {
	t.Helper()
	return r.openAt(t, time.Now(), `{"type":"alive"}`, topics...)
}

func (r *replica) openAt(t testing.TB, rendered time.Time, first string, topics ...uuid.UUID) *page {
	t.Helper()
	at := fmt.Sprintf("?at=%d", rendered.UnixMilli())
	conn, status, err := r.dial(at, r.header(topics...))
	for deadline := time.Now().Add(5 * time.Second); status == http.StatusServiceUnavailable && time.Now().Before(deadline); {
		conn, status, err = r.dial(fmt.Sprintf("?at=%d", time.Now().UnixMilli()), r.header(topics...))
	}
	if err != nil {
		t.Fatalf("open a page: %v (status %d)", err, status)
	}
	p := &page{conn: conn, frames: make(chan string, 100)}
	var done sync.WaitGroup
	done.Go(p.listen)
	t.Cleanup(func() {
		_ = conn.Close()
		done.Wait()
	})
	if got := p.next(t); got != first {
		t.Fatalf("the first frame is %s, want %s", got, first)
	}
	return p
}

func (p *page) listen() {
	defer close(p.frames)
	for {
		_, frame, err := p.conn.ReadMessage()
		if err != nil {
			p.mu.Lock()
			p.closed = err
			p.mu.Unlock()
			return
		}
		p.frames <- string(frame)
	}
}

func (p *page) next(t testing.TB) string {
	t.Helper()
	select {
	case frame, ok := <-p.frames:
		if !ok {
			return fmt.Sprint("closed ", p.code())
		}
		return frame
	case <-time.After(10 * time.Second):
		t.Fatal("no frame within 10 s")
		return ""
	}
}

// news is the next frame that is not a sign of life.
func (p *page) news(t testing.TB) string {
	t.Helper()
	for deadline := time.Now().Add(8 * time.Second); time.Now().Before(deadline); {
		if frame := p.next(t); frame != `{"type":"alive"}` {
			return frame
		}
	}
	t.Fatal("only signs of life for 8 s")
	return ""
}

func (p *page) code() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if closed, ok := errors.AsType[*websocket.CloseError](p.closed); ok {
		return closed.Code
	}
	return -1
}

// quiet demands that nothing was told before a frame that is told now.
func (p *page) quiet(t testing.TB, db *postgres.DB, own uuid.UUID) {
	t.Helper()
	end(t, db, own)
	if got := p.news(t); got != `{"type":"ended"}` {
		t.Fatalf("the page was told %s, want nothing before the end", got)
	}
}

func nudge(t testing.TB, db *postgres.DB, topics ...uuid.UUID) {
	t.Helper()
	do(t, db, func(tx *postgres.Tx) error { tx.Nudge(topics...); return nil })
}

func end(t testing.TB, db *postgres.DB, sessions ...uuid.UUID) {
	t.Helper()
	do(t, db, func(tx *postgres.Tx) error { tx.EndSockets(sessions...); return nil })
}

func do(t testing.TB, db *postgres.DB, fn func(*postgres.Tx) error) {
	t.Helper()
	if err := db.Do(t.Context(), sig.System("test"), fn); err != nil {
		t.Fatal(err)
	}
}

const told = `{"type":"changed"}`

func TestAChangeIsToldOnEveryReplicaToThoseConcernedAndToNobodyElse(t *testing.T) {
	db := dbtest.New(t).App()
	one, two := start(t, db), start(t, db)
	youth, session, other := uuid.New(), uuid.New(), uuid.New()
	here, there := one.open(t, session, youth), two.open(t, uuid.New(), youth)
	stranger := two.open(t, other, uuid.New())

	nudge(t, db, youth)
	for _, p := range []*page{here, there} {
		if got := p.news(t); got != told {
			t.Errorf("a page concerned was told %s", got)
		}
	}
	stranger.quiet(t, db, other)
}

func TestWhatWasRolledBackIsNotTold(t *testing.T) {
	db := dbtest.New(t).App()
	r := start(t, db)
	session := uuid.New()
	p := r.open(t, session)
	wanted := errors.New("the change did not happen")
	err := db.Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		tx.Nudge(session)
		return wanted
	})
	if !errors.Is(err, wanted) {
		t.Fatal(err)
	}
	p.quiet(t, db, session)
}

func TestAnEndedSessionClosesItsSocketsAndOnlyThose(t *testing.T) {
	db := dbtest.New(t).App()
	one, two := start(t, db), start(t, db)
	session, person, other := uuid.New(), uuid.New(), uuid.New()
	mine, mineToo := one.open(t, session, person), two.open(t, session, person)
	samePerson := one.open(t, other, person)

	end(t, db, session)
	for _, p := range []*page{mine, mineToo} {
		if got := p.news(t); got != `{"type":"ended"}` {
			t.Errorf("the page was told %s", got)
		}
		if got := p.news(t); got != "closed 4403" {
			t.Errorf("the socket is %s, want closed 4403", got)
		}
	}
	end(t, db, person) // no session has this id
	nudge(t, db, person)
	for range 2 {
		if got := samePerson.news(t); got != told {
			t.Errorf("the person's other session was told %s", got)
		}
		nudge(t, db, person)
	}
	// The session cannot come back on the same replica, whatever the cookie says.
	late := one.openAt(t, time.Now(), `{"type":"ended"}`, session)
	if got := late.news(t); got != "closed 4403" {
		t.Errorf("a socket of an ended session is %s", got)
	}
}

func TestASessionPastItsLimitIsFoundWithoutAnybodyAnnouncingIt(t *testing.T) {
	r := start(t, dbtest.New(t).App())
	session := uuid.New()
	p := r.open(t, session)
	r.mu.Lock()
	r.ended = []uuid.UUID{session}
	r.mu.Unlock()
	began := time.Now()
	if got := p.news(t); got != `{"type":"ended"}` {
		t.Errorf("the page was told %s", got)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestNothingIsLostWhileTheListeningConnectionIsCut(t *testing.T) {
	database := dbtest.New(t)
	db := database.App()
	one, two := start(t, db), start(t, db)
	topics, pages := make([]uuid.UUID, 40), make([]*page, 40)
	for i := range topics {
		topics[i] = uuid.New()
		pages[i] = []*replica{one, two}[i%2].open(t, topics[i])
	}
	for i, topic := range topics {
		if i%8 == 0 {
			tag, err := database.Super().Exec(t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity
				where application_name = 'sigportal live' and datname = current_database()`)
			if err != nil || tag.RowsAffected() == 0 && i == 0 {
				t.Fatalf("cut the listeners: %v, %d cut", err, tag.RowsAffected())
			}
		}
		nudge(t, db, topic)
	}
	for i, p := range pages {
		if got := p.news(t); got != told {
			t.Errorf("page %d was told %s", i, got)
		}
	}
}

func TestRowsThatCommitOutOfOrderAreAllTold(t *testing.T) {
	db := dbtest.New(t).App()
	r := start(t, db)
	slow, quick := uuid.New(), uuid.New()
	slowPage, quickPage := r.open(t, slow), r.open(t, quick)
	do(t, db, func(tx *postgres.Tx) error {
		tx.NudgeSoon(slow)
		nudge(t, db, quick) // a later row that commits, and is told, first
		if got := quickPage.news(t); got != told {
			t.Errorf("the quick one was told %s", got)
		}
		return nil
	})
	if got := slowPage.news(t); got != told {
		t.Errorf("the slow one was told %s", got)
	}
}

func TestAChangeBetweenThePageAndItsSocketIsTold(t *testing.T) {
	db := dbtest.New(t).App()
	r := start(t, db)
	topic := uuid.New()
	witness := r.open(t, uuid.New(), topic)
	rendered := time.Now()
	nudge(t, db, topic)
	if got := witness.news(t); got != told {
		t.Fatal(got)
	}
	r.openAt(t, rendered, told, topic)
	r.openAt(t, time.Now().Add(time.Second), `{"type":"alive"}`, topic)
	r.openAt(t, time.Now().Add(-time.Hour), told, uuid.New())
}
