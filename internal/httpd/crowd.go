package httpd

import (
	"strings"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
)

// usualCrowd is how many requests a replica takes at the same time unless it is
// told otherwise: many times what it can work on, and so few that the last of
// them is answered within seconds.
const usualCrowd = 256

// crowd bounds how many requests are under way. One more is told to come back
// before anything is asked of the database for it: of two thousand at once each
// was let wait for twelve seconds, and a withdrawal with them for six.
type crowd struct {
	most     int64
	underWay atomic.Int64
}

func newCrowd(most int64) *crowd {
	if most <= 0 {
		most = usualCrowd
	}
	return &crowd{most: most}
}

// enter lets a request in, or answers with Unavailable; leave is called when the
// request has been answered.
func (w *crowd) enter(c *fiber.Ctx) (leave func(), err error) {
	if neverTurnedAway(c.Path()) {
		return func() {}, nil
	}
	if w.underWay.Add(1) > w.most {
		w.underWay.Add(-1)
		return nil, fault.New(fault.Unavailable, "error.unavailable")
	}
	return func() { w.underWay.Add(-1) }, nil
}

// neverTurnedAway are signing in and out, taking a consent back or recording
// that somebody did, and what tells the operator how the replica is.
func neverTurnedAway(path string) bool {
	for _, start := range []string{"/login/", "/logout", "/leave", "/healthz", "/readyz", "/static/"} {
		if strings.HasPrefix(path, start) {
			return true
		}
	}
	return strings.Contains(path, "/withdraw")
}
