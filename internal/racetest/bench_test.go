package racetest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

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

// BenchmarkPage is a page of 50 disclosures through HTTP, with both walls and
// its durable ledger row, beside the same bytes sent after the same 50 rows
// were read without a wall and one bare row was committed.
func BenchmarkPage(b *testing.B) {
	c := newCity(b)
	c.floor()
	police, err := c.town.As(b.Context(), "police-farsta", "")
	c.must(err, "sign in the officer")
	for range 49 {
		item := c.write(police, sig.CategoryPoliceObservation, "Sedd vid centrum.")
		_, err := c.town.Sharing.Disclose(b.Context(), police, sharing.NewDisclosure{
			Intervention: c.intervention, Item: item, Recipients: []sig.Seat{sample.Coordinator}, Necessity: "behövs",
		})
		c.must(err, "disclose")
	}
	f := c.field(build(b))
	_, page, err := f.ask("GET", "/inbox", f.readers[0], nil)
	c.must(err, "read the page once")
	floor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rows, err := c.super.Query(r.Context(), `select r.*, i.case_number from sig.received r join sig.intervention i on i.id = r.intervention
			order by r.received_at desc limit 50`)
		if err == nil {
			for rows.Next() {
				_, _ = rows.Values()
			}
			rows.Close()
		}
		c.commit()
		_, _ = io.WriteString(w, page)
	}))
	defer floor.Close()
	next := 0
	spread(b, "page", timed(2000, func() {
		next++
		if status, _, err := f.ask("GET", "/inbox", f.readers[next%len(f.readers)], nil); err != nil || status != http.StatusOK {
			b.Fatalf("page: %d, %v", status, err)
		}
	}))
	spread(b, "floor", timed(2000, func() {
		res, err := f.client.Get(floor.URL)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	}))
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
	f := c.field(build(b))
	for _, readers := range []int{16, 64} {
		b.Run(fmt.Sprint(readers, " readers"), func(b *testing.B) {
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
						}
					}
				})
			}
			var took []time.Duration
			for range 100 {
				f.rewind(b)
				took = append(took, timed(1, func() {
					if status, err := f.withdraw(); err != nil || status != http.StatusSeeOther {
						b.Fatalf("withdraw: %d, %v", status, err)
					}
				})...)
			}
			f.rewind(b)
			spread(b, "commit", timed(100, c.commit))
			close(stop)
			wg.Wait()
			spread(b, "withdrawal", took)
		})
	}
}
