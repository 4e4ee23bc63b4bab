package walltest

import (
	"flag"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/dbtest"
)

// The long form: go test ./internal/walltest -requests 100000.
var requests = flag.Int("requests", 5000, "how many questions both walls must answer alike")

// disagreements asks all opinions about one world.
func (w *world) disagreements(t *testing.T, db *dbtest.Database, broken change, third bool) (asked, allowed int, found []string) {
	t.Helper()
	w.load(t, db.Super())
	for _, a := range w.askers() {
		sql, pure := sqlOpinion(t, db, a), w.goOpinion(a, broken)
		var cedar seen
		if third {
			cedar = w.cedarOpinion(t, a)
		}
		compare := func(what string, id uuid.UUID) {
			asked++
			if sql[id] {
				allowed++
			}
			if sql[id] != pure[id] || third && cedar[id] != sql[id] {
				found = append(found, fmt.Sprintf("%s asks for %s %s: sql %v, go %v, cedar %v", a.name, what, id, sql[id], pure[id], cedar[id]))
			}
		}
		for _, k := range w.copies {
			compare("copy", k.id.UUID)
		}
		for _, it := range w.items {
			compare("item", it.id.UUID)
		}
	}
	return asked, allowed, found
}

// Both walls and Cedar agree about every question in every random world.
func TestTheWallsAgree(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	total, yes := 0, 0
	for seed := uint64(1); total < *requests; seed++ {
		w := newWorld(seed)
		db.FreezeClock(t, w.now)
		asked, allowed, found := w.disagreements(t, db, nil, true)
		total, yes = total+asked, yes+allowed
		for _, f := range found {
			t.Errorf("world %d: %s", seed, f)
		}
		if t.Failed() {
			return
		}
	}
	if yes*50 < total {
		t.Errorf("only %d of %d questions were answered yes: the worlds are too forbidding to prove anything", yes, total)
	}
	t.Logf("N = %d questions, %d answered yes, 0 disagreements", total, yes)
}
