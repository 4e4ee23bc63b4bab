package racetest

import (
	"io"
	"net/http"
	"sync"
	"testing"
	"time"
)

// Far more readers than two replicas can serve: some are told to come back, each
// with a time, nobody gets a wrong answer, and a family takes its consent back
// meanwhile as if nobody else were there.
func (c *city) overload(t *testing.T, program string) {
	const crowd = 1000
	environ := c.environ
	c.environ = append(environ, "SIG_APP_AT_ONCE=1")
	f := c.field(t, program)
	c.environ = environ
	f.rewind(t)
	answers := map[int]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range crowd {
		wg.Go(func() {
			status, told, err := f.readOrRetry()
			mu.Lock()
			defer mu.Unlock()
			answers[status]++
			if err != nil || status == http.StatusServiceUnavailable && told == "" {
				t.Errorf("a reader got %d, Retry-After %q, %v", status, told, err)
			}
		})
	}
	began := time.Now()
	if status, err := f.withdraw(); err != nil || status != http.StatusSeeOther {
		t.Errorf("withdraw: %d, %v", status, err)
	}
	took := time.Since(began)
	wg.Wait()
	for status := range answers {
		switch status {
		case http.StatusOK, http.StatusGone, http.StatusNotFound, http.StatusServiceUnavailable:
		default:
			t.Errorf("a reader got %d", status)
		}
	}
	if answers[http.StatusServiceUnavailable] == 0 {
		t.Errorf("answers %v: want some told to come back", answers)
	}
	t.Logf("N = %d readers at once: answers %v, the last after %v; a withdrawal meanwhile took %v", crowd, answers, time.Since(began), took)
}

// readOrRetry asks for the copy, and gives when a reader who is turned away may
// come back.
func (f *field) readOrRetry() (status int, retryAfter string, err error) {
	req, err := http.NewRequest(http.MethodGet, f.origins[f.turn.Add(1)%2]+f.path()+"/copies/"+f.copy.String(), http.NoBody)
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Cookie", pick(f.readers))
	res, err := f.client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, res.Header.Get("Retry-After"), err
}
