package main

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"sync"
	"time"

	"sigportal/internal/localpg"
	"sigportal/internal/sig"
)

// clockPage moves the demo's time forward: consents expire and young people
// come of age while one looks on.
type clockPage struct {
	mu    sync.Mutex // the clock's connection serves one at a time
	clock *localpg.Clock
}

var clockHTML = template.Must(template.New("clock").Funcs(template.FuncMap{"steps": func() []step { return steps }}).Parse(`<!doctype html><html lang="sv"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Demons klocka</title>
<style>body{font:1.1rem/1.5 system-ui;max-width:34rem;margin:2rem auto;padding:0 1rem}button,input{font:inherit;padding:.5rem 1rem;margin:.25rem 0}</style>
<h1>Demons klocka</h1><p>Nu är klockan <strong>{{.}}</strong> i den påhittade staden.</p>
<form method="post"><p>Flytta fram:
{{range steps}}<button name="by" value="{{.By}}">{{.Text}}</button> {{end}}</p></form>
<form method="post"><p><label>eller till <input type="datetime-local" name="to" step="1" required></label> <button>Flytta</button></p></form>
<p>Tiden går bara framåt, som i livet.</p></html>`))

type step struct{ By, Text string }

var steps = []step{{"1m", "1 minut"}, {"1h", "1 timme"}, {"24h", "1 dag"}, {"168h", "1 vecka"}, {"720h", "30 dagar"}}

func (c *clockPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.Method == http.MethodPost {
		if err := c.move(r.Context(), r); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if r.Header.Get("Accept") != "application/json" {
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
	}
	now, err := c.clock.Now(r.Context())
	if err != nil {
		http.Error(w, "the clock cannot be read", http.StatusServiceUnavailable)
		return
	}
	if r.Header.Get("Accept") == "application/json" {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, "{\"now\":%q}\n", now.Format(time.RFC3339Nano))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = clockHTML.Execute(w, now.In(sig.Stockholm).Format("2006-01-02 15:04:05"))
}

func (c *clockPage) move(ctx context.Context, r *http.Request) error {
	if text := r.PostFormValue("by"); text != "" {
		by, err := time.ParseDuration(text)
		if err != nil || by <= 0 {
			return fmt.Errorf("the clock moves forward only")
		}
		return c.clock.Advance(ctx, by)
	}
	to, err := time.ParseInLocation("2006-01-02T15:04:05", r.PostFormValue("to"), sig.Stockholm)
	if err != nil {
		to, err = time.ParseInLocation("2006-01-02T15:04", r.PostFormValue("to"), sig.Stockholm)
	}
	if err != nil {
		return fmt.Errorf("write the time as 2027-01-20T00:00")
	}
	now, err := c.clock.Now(ctx)
	if err != nil {
		return err
	}
	if !to.After(now) {
		return fmt.Errorf("the clock moves forward only")
	}
	return c.clock.Set(ctx, to)
}
