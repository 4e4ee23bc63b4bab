package routetest

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// What changes by itself or by signing in, and is nobody's act: sessions that
// live (ended ones count), logins on their way, the log's tree over rows that
// are there already, and the queue's own bookkeeping.
var ownPace = map[string]string{
	"session":           "where ended_at is not null",
	"login_attempt":     "where false",
	"step_up":           "where false",
	"person":            "where false", // signing in notes the name and when
	"ledger":            "where outcome = 'allowed' and kind not like 'read_%' and kind not like 'preview_%' and kind not in ('list_items', 'search', 'evaluate_access')",
	"ledger_leaf":       "where false",
	"ledger_hash":       "where false",
	"ledger_checkpoint": "where false",
	"directory_import":  "where false",
	"outbox":            "where id = (select max(id) from sig.outbox)", // what everybody has heard of is swept after ten minutes
}

// settled waits until what earlier acts rang for has been seen to; mails are
// queued and go nowhere.
func (w *world) settled() {
	w.t.Helper()
	patience := time.After(30 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		waiting := w.text(`select coalesce(string_agg(kind, ' '), '') from sig.alarm where kind <> 'mail_due' and done_at is null and cleared_at is null and due_at <= sig.now()`)
		if waiting == "" {
			return
		}
		select {
		case <-tick.C:
		case <-patience:
			w.t.Fatalf("nobody answers the alarms %s", waiting)
		}
	}
}

// state is what the database holds: of each table how many rows, and a sum
// over their whole content. Refusals and
// reads in the ledger are not part of it.
func (w *world) state() map[string]string {
	w.t.Helper()
	w.settled()
	if w.summing == "" {
		var names []string
		rows, err := w.db.Super().Query(w.t.Context(), `select table_name from information_schema.tables where table_schema = 'sig' and table_type = 'BASE TABLE'`)
		w.must(err, "list the tables")
		for rows.Next() {
			var name string
			w.must(rows.Scan(&name), "read a table's name")
			names = append(names, name)
		}
		w.must(rows.Err(), "list the tables")
		sort.Strings(names)
		var parts []string
		for _, name := range names {
			parts = append(parts, fmt.Sprintf(`select '%s', count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) from sig.%s t %s`, name, name, ownPace[name]))
		}
		w.summing = strings.Join(parts, " union all ")
	}
	rows, err := w.db.Super().Query(w.t.Context(), w.summing)
	w.must(err, "sum up the database")
	state := map[string]string{}
	for rows.Next() {
		var name, sum string
		w.must(rows.Scan(&name, &sum), "read a sum")
		state[name] = sum
	}
	w.must(rows.Err(), "sum up the database")
	return state
}

// unchanged holds the database to what it was.
func (w *world) unchanged(before map[string]string, doing string, args ...any) {
	w.t.Helper()
	after := w.state()
	for table, sum := range before {
		if after[table] != sum {
			w.t.Errorf(doing+" has changed %s: %s, was %s; the newest acts are %s", append(args, table, after[table], sum, w.newest())...)
		}
	}
}

// newest names the newest acts in the ledger, for a failing test to show.
func (w *world) newest() string {
	w.t.Helper()
	return w.text(`select coalesce(string_agg(concat_ws(' ', kind, outcome, function, reason), ', '), '') from (select * from sig.ledger order by id desc limit 5) l`)
}
