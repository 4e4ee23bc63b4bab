package httpd

import (
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
)

// Allow takes one request out of a session's bucket, or for uuid.Nil out of its
// address's, for routes beside the site map (the API): the two share one limit.
// It is nil while there is something left.
func Allow(c *fiber.Ctx, session uuid.UUID) error {
	l, ok := c.Locals(localLimits).(*limiter)
	if !ok || l.takeFor(c.IP(), session) {
		return nil
	}
	return errTooMany
}

// SignedOut is the answer to a request that needs a session and has none, for
// routes beside the site map.
func SignedOut() error { return errSignIn }

// Limits bound how much one session (or, without one, one address) may ask.
type Limits struct {
	PerSecond float64 // requests that come back each second, 25 unless told
	Burst     float64 // requests at once after a rest, 150 unless told
}

// limiter is a bucket of requests per session. It is per replica and forgets on
// restart: it holds off a flood, it does not count anybody's work.
type limiter struct {
	limits Limits
	now    func() time.Time

	mu      sync.Mutex
	buckets map[string]bucket
	swept   time.Time
}

type bucket struct {
	left float64
	at   time.Time
}

func newLimiter(limits Limits, now func() time.Time) *limiter {
	if limits.PerSecond <= 0 {
		limits.PerSecond = 25
	}
	if limits.Burst <= 0 {
		limits.Burst = 150
	}
	return &limiter{limits: limits, now: now, buckets: map[string]bucket{}}
}

// allow takes one request out of the visitor's bucket. Files and the health
// check cost nothing: they hold nothing about anybody.
func (l *limiter) allow(r *Request) error {
	if r.route.Path == "/static/:name" || r.route.Path == "/healthz" {
		return nil
	}
	if !l.takeFor(r.IP(), r.visitor.Actor.Session.UUID) {
		return errTooMany
	}
	return nil
}

// takeFor takes one request out of a session's bucket, or without one out of
// the address's.
func (l *limiter) takeFor(ip string, session uuid.UUID) bool {
	if session != uuid.Nil {
		return l.take(session.String(), l.limits)
	}
	// Many people may share an address, behind a school's or a proxy's.
	return l.take("from "+ip, Limits{PerSecond: 40 * l.limits.PerSecond, Burst: 40 * l.limits.Burst})
}

func (l *limiter) take(key string, limits Limits) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.sweep(now)
	b, known := l.buckets[key]
	if !known {
		b = bucket{left: limits.Burst, at: now}
	}
	b.left = min(limits.Burst, b.left+max(0, now.Sub(b.at).Seconds())*limits.PerSecond)
	b.at = now
	ok := b.left >= 1
	if ok {
		b.left--
	}
	l.buckets[key] = b
	return ok
}

// sweep forgets, once a minute, the buckets that have filled up again.
func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < time.Minute {
		return
	}
	l.swept = now
	for key, b := range l.buckets {
		if now.Sub(b.at) > time.Minute {
			delete(l.buckets, key)
		}
	}
}
