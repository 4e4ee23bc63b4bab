package postgres

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"sigportal/internal/sig"
)

const (
	// patience is how long a transaction waits for its turn before it is
	// answered with "unavailable, try again".
	patience = 2 * time.Second
	// slow is after what time a transaction no longer counts: it waits for a lock
	// or a disk and takes no processor from anybody. The pool bounds how many.
	slow = 100 * time.Millisecond
	// makeWay is for how long at most others wait for a withdrawal.
	makeWay = 250 * time.Millisecond
)

// Admission bounds how many transactions of a replica are at work in the
// database at the same time. More of them than it has processors get nothing
// done sooner, and a withdrawal among them gets its small share of each
// processor: under sixteen readers it took twenty times as long. They come in
// the order in which they asked. A withdrawal passes by, and while one is under
// way nothing new begins. Nothing is decided, read or kept while waiting.
type Admission struct {
	places *semaphore.Weighted
	mu     sync.Mutex
	first  int           // withdrawals under way
	over   chan struct{} // closed when there is none any more
}

// NewAdmission lets so many transactions work at the same time; without a
// number, as many as this machine has processors.
func NewAdmission(atOnce int64) *Admission {
	if atOnce <= 0 {
		atOnce = int64(max(2, runtime.NumCPU()))
	}
	return &Admission{places: semaphore.NewWeighted(atOnce)}
}

// Queued is a pool whose transactions wait for their turn, which ends a wait of
// two seconds with Unavailable.
func (a *Admission) Queued(db *DB) *DB { return &DB{pool: db.pool, enter: a.turn} }

// First is a pool for whose transactions others make way.
func (a *Admission) First(db *DB) *DB { return &DB{pool: db.pool, enter: a.ahead} }

// turn waits for a place, and for withdrawals that are under way.
func (a *Admission) turn(ctx context.Context, actor sig.Actor) (leave func(), err error) {
	if actor.IsCitizen() {
		a.letPass()
		return func() {}, nil
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := a.places.Acquire(waiting, 1); err != nil {
		return nil, unavailable(fmt.Errorf("wait for a turn: %w", err))
	}
	a.letPass()
	give := sync.OnceFunc(func() { a.places.Release(1) })
	timer := time.AfterFunc(slow, give)
	return func() {
		timer.Stop()
		give()
	}, nil
}

// letPass waits, for a bounded time, until the withdrawals that are under way
// are done. Those that come meanwhile are not waited for.
func (a *Admission) letPass() {
	a.mu.Lock()
	over := a.over
	a.mu.Unlock()
	if over == nil {
		return
	}
	timer := time.NewTimer(makeWay)
	defer timer.Stop()
	select {
	case <-over:
	case <-timer.C:
	}
}

// ahead enters without waiting, and holds the others up until it leaves.
func (a *Admission) ahead(context.Context, sig.Actor) (leave func(), err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.first++
	if a.over == nil {
		a.over = make(chan struct{})
	}
	return a.passed, nil
}

func (a *Admission) passed() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.first--
	if a.first == 0 {
		close(a.over)
		a.over = nil
	}
}
