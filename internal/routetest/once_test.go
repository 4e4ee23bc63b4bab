package routetest

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

const keyHeader = "Idempotency-Key"

// onlyAsk are the operations that are sent by POST since what they ask must
// not stand in an address, and that change nothing.
var onlyAsk = []string{
	"POST /api/v1/search", "POST /access/v1/evaluation", "POST /access/v1/evaluations",
	"POST /api/v1/interventions/:id/consent/draft/check", "POST /api/v1/renewals/preview",
	"POST /api/v1/interventions/:id/items/:item/disclosures/check",
	"POST /api/v1/interventions/:id/withdrawals/preview",
	"POST /api/v1/interventions/:id/meetings/check", "POST /api/v1/interventions/:id/meetings/times",
}

// handsOut are the writes that note at every request that content has left.
var handsOut = []string{"POST /api/v1/interventions/:id/copies/:copy/export"}

// endsItself are the writes after which the caller is no longer signed in.
var endsItself = []string{"DELETE /api/v1/sessions/:session"}

// instant is when an answer was given: the one thing in which a repeat's differs.
var instant = regexp.MustCompile(`,"now":"[^"]+"`)

// holdKey: what a program writes it writes under a key, and what it only asks
// it does not.
func (w *world) holdKey(route string, op operation) {
	w.t.Helper()
	writes := !strings.HasPrefix(route, "GET ") && !slices.Contains(onlyAsk, route)
	required := slices.ContainsFunc(op.Parameters, func(p parameter) bool { return p.In == "header" && p.Name == keyHeader && p.Required })
	if writes != required {
		w.t.Errorf("%s requires a key: %v; it writes: %v", route, required, writes)
	}
}

// writes reports whether a row is a write by a program.
func (r row) writes() bool {
	return r.forPrograms() && r.method() != http.MethodGet && !slices.Contains(onlyAsk, r.route)
}

// tryAgain repeats what a program has just done: the very same request is
// answered and changes nothing; another one under the same key is refused and
// does nothing, and a key of one person is nobody else's.
func (w *world) tryAgain(r row, q request, first answer) {
	w.t.Helper()
	if !r.writes() || first.status >= http.StatusBadRequest || slices.Contains(endsItself, r.route) { // nothing was done
		return
	}
	before := w.state()
	again := w.ask(q)
	if again.status != first.status {
		w.t.Errorf("%s repeated under its key: %d, first %d: %s", r.route, again.status, first.status, brief(again))
	}
	if a, b := instant.ReplaceAllString(again.body, ""), instant.ReplaceAllString(first.body, ""); a != b {
		w.t.Errorf("%s repeated under its key answers otherwise: %s", r.route, difference(a, b))
	}
	other := q
	if other.body != nil {
		other.body = append(slices.Clone(q.body), ' ')
	} else {
		other.path = r.path(elsewhere(r.at))
	}
	if got := w.ask(other); got.status != http.StatusConflict || !strings.Contains(got.body, "error.key_used") {
		w.t.Errorf("%s: another request under a key that has been used: %d: %s", r.route, got.status, brief(got))
	}
	if !slices.Contains(handsOut, r.route) {
		w.unchanged(before, "%s repeated under its key", r.route)
	}
}

// withKey gives a program's write a key of its own, where the row has none.
func (r row) withKey(q request) {
	if r.writes() {
		q.header[keyHeader] = uuid.NewString()
	}
	if r.key != "" {
		q.header[keyHeader] = r.key
	}
}

// oneKeyOneAct: sent eight times at once it is one act, answered eight times;
// a refused request has not used its key; a key is its person's alone.
func (w *world) oneKeyOneAct() {
	const asker, other = "addiction-care-farsta", "caseworker-farsta"
	const count = `select count(*)::text from sig.part_request where intervention = $1::uuid`
	r := row{route: "POST /api/v1/requests", key: uuid.NewString(), body: map[string]any{"number": "19", "reason": "en fråga"}}
	at, had := w.a.id, w.text(count, w.a.id)
	if got := w.ask(r.request(asker, nil)); got.status != http.StatusUnprocessableEntity {
		w.t.Fatalf("a number that is none: %d: %s", got.status, brief(got))
	}
	r.body["number"] = w.number("amir")
	w.session(asker)
	var wait sync.WaitGroup
	let := w.holdUp("sig.part_request")
	for range 8 {
		wait.Go(func() {
			if got := w.ask(r.request(asker, nil)); got.status != http.StatusNoContent {
				w.t.Errorf("one of eight at once: %d: %s", got.status, brief(got))
			}
		})
	}
	w.waitFor(`select count(*) >= 8 from pg_locks where not granted`)
	let()
	wait.Wait()
	if n := w.text(`select ($1::int - $2::int)::text`, w.text(count, at), had); n != "1" {
		w.t.Errorf("eight requests under one key have been %s acts", n)
	}
	w.session(other)
	if got := w.ask(r.request(other, nil)); got.status != http.StatusNoContent {
		w.t.Errorf("the same key of somebody else: %d: %s", got.status, brief(got))
	}
	if n := w.text(`select ($1::int - $2::int)::text`, w.text(count, at), had); n != "2" {
		w.t.Errorf("two people under the same key have done %s acts", n)
	}
	if held := w.text(`select count(*)::text from sig.act_key where key = $1`, r.key); held != "2" {
		w.t.Errorf("%s keys are held for two people", held)
	}
}

// oneKeyTwoThings: of several requests that ask different things under one key at
// the same time one is done, and the others are told that it was not theirs.
func (w *world) oneKeyTwoThings() {
	const asker = "coordinator-farsta"
	key, at := uuid.NewString(), w.a.id
	count := func() string { return w.text(`select count(*)::text from sig.item where intervention = $1::uuid`, at) }
	had := count()
	w.session(asker)
	var wait sync.WaitGroup
	var done atomic.Int32
	let := w.holdUp("sig.item")
	for n := range 4 {
		wait.Go(func() {
			r := row{route: "POST /api/v1/interventions/:id/items", at: []string{at}, key: key,
				body: map[string]any{"categories": []string{"plan_goals"}, "text": "Text " + strconv.Itoa(n)}}
			switch got := w.ask(r.request(asker, r.at)); got.status {
			case http.StatusCreated:
				done.Add(1)
			case http.StatusConflict:
			default:
				w.t.Errorf("one of four at once: %d: %s", got.status, brief(got))
			}
		})
	}
	w.waitFor(`select count(*) >= 4 from pg_locks where not granted`)
	let()
	wait.Wait()
	if n := w.text(`select ($1::int - $2::int)::text`, count(), had); n != "1" || done.Load() != 1 {
		w.t.Errorf("four different things under one key: %s done, %d told so", n, done.Load())
	}
}

// holdUp stops every write to a table until it is let go on.
func (w *world) holdUp(table string) (let func()) {
	w.t.Helper()
	tx, err := w.db.Super().Begin(w.t.Context())
	w.must(err, "begin")
	_, err = tx.Exec(w.t.Context(), "lock table "+table+" in exclusive mode")
	w.must(err, "hold up "+table)
	return func() { w.must(tx.Rollback(w.t.Context()), "let go on") }
}

// waitFor asks the database until it says yes, for as long as a lock waits.
func (w *world) waitFor(yes string) {
	w.t.Helper()
	for until := time.Now().Add(4 * time.Second); w.text("select ("+yes+")::text") != "true"; {
		if time.Now().After(until) {
			w.t.Fatalf("it never became true: %s", yes)
		}
	}
}
