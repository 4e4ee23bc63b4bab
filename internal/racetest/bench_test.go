package racetest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/replica"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// spread reports percentiles of what was measured, in milliseconds.
func spread(b *testing.B, name string, took []time.Duration) {
	b.Helper()
	slices.Sort(took)
	for _, p := range []int{50, 95, 99} {
		at := took[min(len(took)-1, len(took)*p/100)]
		b.ReportMetric(float64(at.Microseconds())/1000, fmt.Sprintf("%s-p%d-ms", name, p))
	}
}

// timed runs an act n times and keeps how long each took.
func timed(n int, act func()) []time.Duration {
	var took []time.Duration
	for range n {
		began := time.Now()
		act()
		took = append(took, time.Since(began))
	}
	return took
}

// commit is the floor of everything that is durable: one row, one commit.
func (c *city) commit() {
	if _, err := c.super.Exec(context.Background(), `insert into floor (body) values ($1)`, []byte("0123456789abcdef")); err != nil {
		c.t.Fatal(err)
	}
}

func (c *city) floor() {
	_, err := c.super.Exec(context.Background(), `create table if not exists floor (id bigint generated always as identity primary key, body bytea)`)
	c.must(err, "make the floor's table")
}

// bare is the page's own build without the second wall, the decision and the
// ledger: the same rows come through a view that belongs to the superuser, and
// one bare row is committed.
var bare = []replica.Edit{
	{"internal/postgres/received.go", "    from sig.received r join sig.intervention i on i.id = r.intervention\n   where (@intervention", "    from floor_inbox r\n   where (@intervention"},
	{"internal/postgres/received.go", "r.intervention, i.case_number,", "r.intervention, r.case_number,"},
	{"internal/postgres/received.go", "  select sig.append_ledger(sig.instant(), 'list_inbox', intervention => @intervention::uuid,\n" +
		"           detail => jsonb_build_object('rows', (select count(*) from content)), request => @request::uuid) as id)",
		"  insert into floor (body) values (coalesce(@request::uuid::text, '')::bytea) returning id)"},
}

const bareSQL = `
create view floor_inbox as select r.*, i.case_number from sig.received r join sig.intervention i on i.id = r.intervention;
grant select on floor_inbox to sig_app;
grant insert, select on floor to sig_app`

// BenchmarkPage is a page of 50 disclosures through HTTP, with both walls and
// its durable ledger row, beside the same page of the same 50 rows without wall,
// decision and ledger but with one bare row committed, and beside its bytes,
// ready, sent after rows and commit.
func BenchmarkPage(b *testing.B) {
	c := newCity(b)
	c.floor()
	_, err := c.super.Exec(b.Context(), bareSQL)
	c.must(err, "make the bare page's view")
	c.tell(49)
	f, naked := c.field(b, replica.Build(b)), c.field(b, replica.Build(b, bare...))
	page := f.inbox()
	if got := naked.inbox(); strings.Count(got, "<li>") != strings.Count(page, "<li>") || strings.Count(page, "/copies/") < 50 {
		b.Fatalf("the bare page is another one:\n%s", got)
	}
	bytes := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rows, err := c.super.Query(r.Context(), `select * from floor_inbox order by received_at desc limit 50`)
		if err == nil {
			for rows.Next() {
				_, _ = rows.Values()
			}
			rows.Close()
		}
		c.commit()
		_, _ = io.WriteString(w, page)
	}))
	defer bytes.Close()
	var took [3][]time.Duration
	for range 2000 { // in turn, so that whatever else the machine does meets all three
		took[0] = append(took[0], timed(1, func() { _ = f.inbox() })...)
		took[1] = append(took[1], timed(1, func() { _ = naked.inbox() })...)
		took[2] = append(took[2], timed(1, func() {
			res, err := f.client.Get(bytes.URL)
			c.must(err, "get the bytes")
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
		})...)
	}
	spread(b, "page", took[0])
	spread(b, "bare-page", took[1])
	spread(b, "bytes", took[2])
}

// tell gives the coordinator further copies by consent.
func (c *city) tell(copies int) {
	c.t.Helper()
	police, err := c.town.As(c.t.Context(), "police-farsta", "")
	c.must(err, "sign in the officer")
	for range copies {
		item := c.write(police, sig.CategoryPoliceObservation, "Sedd vid centrum.")
		_, err := c.town.Sharing.Disclose(c.t.Context(), police, sharing.NewDisclosure{
			Intervention: c.intervention, Item: item, Recipients: []sig.Seat{sample.Coordinator}, Necessity: "behövs",
		})
		c.must(err, "disclose")
	}
}

// inbox is the coordinator's inbox as a browser gets it.
func (f *field) inbox() string {
	status, page, err := f.ask("GET", "/inbox", pick(f.readers), nil)
	if err != nil || status != http.StatusOK {
		f.t.Fatalf("inbox: %d, %v", status, err)
	}
	return page
}

// BenchmarkStart is the start page of a guardian with a consent in force, and of
// the coordinator, beside the sign-in page, which asks the database for nothing
// about anybody.
func BenchmarkStart(b *testing.B) {
	c := newCity(b)
	f := c.field(b, replica.Build(b))
	var took [3][]time.Duration
	replicas, database := f.processor()
	for range 1000 { // in turn
		for i, cookie := range []string{pick(c.guardians), pick(c.readers), ""} {
			path := "/start"
			if cookie == "" {
				path = "/"
			}
			took[i] = append(took[i], timed(1, func() {
				if status, _, err := f.ask("GET", path, cookie, nil); err != nil || status != http.StatusOK {
					b.Fatalf("%s: %d, %v", path, status, err)
				}
			})...)
		}
	}
	replicasAfter, databaseAfter := f.processor()
	b.ReportMetric((replicasAfter - replicas).Seconds(), "replicas-cpu-ms/three")
	b.ReportMetric((databaseAfter - database).Seconds(), "database-cpu-ms/three")
	spread(b, "guardian", took[0])
	spread(b, "coordinator", took[1])
	spread(b, "sign-in", took[2])
}

// BenchmarkGrowth is the same page in a city of a thousand interventions, of ten
// thousand, and of a hundred thousand.
func BenchmarkGrowth(b *testing.B) {
	c := newCity(b)
	c.tell(49)
	f := c.field(b, replica.Build(b))
	for _, size := range []int{1_000, 10_000, 100_000} {
		c.grow(size, grown)
		f.inbox()
		spread(b, fmt.Sprintf("page-of-%d", size), timed(1000, func() { _ = f.inbox() }))
	}
}

// BenchmarkDisclosures counts disclosures a second by eight officers beside
// bare single-row commits by as many.
func BenchmarkDisclosures(b *testing.B) {
	c := newCity(b)
	c.floor()
	coordinator, err := c.town.As(b.Context(), "coordinator-farsta", "")
	c.must(err, "sign in the coordinator")
	rate := func(act func()) float64 {
		var done atomic.Int64
		var wg sync.WaitGroup
		ctx, cancel := context.WithTimeout(b.Context(), 5*time.Second)
		defer cancel()
		for range 8 {
			wg.Go(func() {
				for ctx.Err() == nil {
					act()
					done.Add(1)
				}
			})
		}
		wg.Wait()
		return float64(done.Load()) / 5
	}
	b.ReportMetric(rate(func() {
		_, err := c.town.Sharing.Disclose(context.Background(), coordinator, sharing.NewDisclosure{
			Key: uuid.NewString(), Intervention: c.intervention, Item: c.item, Recipients: []sig.Seat{sample.Police}, Necessity: "behövs",
		})
		c.must(err, "disclose")
	}), "disclosures/s")
	b.ReportMetric(rate(c.commit), "commits/s")
}

// BenchmarkWithdrawal is a whole withdrawal through HTTP while readers of the
// same case never rest, beside a bare commit under the same readers.
func BenchmarkWithdrawal(b *testing.B) {
	c := newCity(b)
	c.floor()
	f := c.field(b, replica.Build(b))
	for _, readers := range []int{0, 16, 64} {
		b.Run(fmt.Sprint(readers, " readers"), func(b *testing.B) {
			reads, rest := f.storm(readers)
			began := time.Now()
			replicas, database := f.processor()
			var commits, took []time.Duration
			for range 200 { // in turn, so that whatever else the machine does meets both
				f.rewind(b)
				commits = append(commits, timed(1, c.commit)...)
				took = append(took, timed(1, func() {
					if status, err := f.withdraw(); err != nil || status != http.StatusSeeOther {
						b.Fatalf("withdraw: %d, %v", status, err)
					}
				})...)
			}
			rest()
			replicasAfter, databaseAfter := f.processor()
			b.ReportMetric((replicasAfter-replicas).Seconds()*1000/200, "replicas-cpu-ms")
			b.ReportMetric((databaseAfter-database).Seconds()*1000/200, "database-cpu-ms")
			b.ReportMetric(float64(reads.Load())/time.Since(began).Seconds(), "reads/s")
			spread(b, "commit", commits)
			spread(b, "withdrawal", took)
		})
	}
}

// storm lets readers of the copy ask without a rest, until they are told to.
func (f *field) storm(readers int) (asked *atomic.Int64, rest func()) {
	asked = &atomic.Int64{}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range readers {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					_, _, _ = f.read()
					asked.Add(1)
				}
			}
		})
	}
	return asked, func() {
		close(stop)
		wg.Wait()
	}
}

// processor is how much processor time the replicas, and the database's
// processes that work for them, have taken. On a machine that others use too it
// says what the clock does not.
func (f *field) processor() (replicas, database time.Duration) {
	f.t.Helper()
	var servers []int
	f.must(f.super.QueryRow(context.Background(), `select array_agg(pid) from pg_stat_activity where usename like 'sig_%'`).Scan(&servers),
		"list the database's processes")
	of := func(pids []int) (sum time.Duration) {
		for _, pid := range pids {
			text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
			if err != nil {
				continue // it has ended
			}
			_, after, _ := strings.Cut(string(text), ") ")
			for _, field := range strings.Fields(after)[11:13] {
				ticks, err := strconv.Atoi(field)
				f.must(err, "read a processor time")
				sum += time.Duration(ticks) * 10 * time.Millisecond
			}
		}
		return sum
	}
	return of(f.pids[:]), of(servers)
}
