package main

import (
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
<h1>Demons klocka</h1>{{with .Wrong}}<p role="alert"><strong>{{.}}</strong></p>{{end}}<p>Nu är klockan <strong>{{.Now}}</strong> i den påhittade staden.</p>
<form method="post"><p>Flytta fram:
{{range steps}}<button name="by" value="{{.By}}">{{.Text}}</button> {{end}}</p></form>
<form method="post"><p><label>eller till <input type="datetime-local" name="to" step="1" required></label> <button>Flytta</button></p></form>
<p>Tiden går bara framåt, som i livet.</p></html>`))

type step struct{ By, Text string }

// farthest is how far ahead of the real time the clock goes: it never goes back,
// so a slip of the finger would end the city for good.
const farthest = 10 // years

// What is wrong with a move, in the page's own language.
const (
	onlyForward = "Klockan går bara framåt. Välj en senare tid."
	noTime      = "Skriv tiden så här: 2027-01-20T00:00."
	tooFar      = "Det är för långt fram. Klockan går högst 10 år framåt, för den kan aldrig gå tillbaka."
)

var steps = []step{{"1m", "1 minut"}, {"1h", "1 timme"}, {"24h", "1 dag"}, {"168h", "1 vecka"}, {"720h", "30 dagar"}}

func (c *clockPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	program := r.Header.Get("Accept") == "application/json"
	now, err := c.clock.Now(r.Context())
	wrong := ""
	if err == nil && r.Method == http.MethodPost {
		var by time.Duration
		if by, wrong = move(r, now, time.Now()); wrong == "" {
			err = c.clock.Advance(r.Context(), by)
			now = now.Add(by)
		}
		if err == nil && wrong == "" && !program {
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
	}
	switch {
	case err != nil:
		http.Error(w, "the clock cannot be read or moved", http.StatusServiceUnavailable)
	case program && wrong != "":
		http.Error(w, wrong, http.StatusBadRequest)
	case program:
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, "{\"now\":%q}\n", now.Format(time.RFC3339Nano))
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if wrong != "" {
			w.WriteHeader(http.StatusBadRequest)
		}
		_ = clockHTML.Execute(w, map[string]any{"Now": now.In(sig.Stockholm).Format("2006-01-02 15:04:05"), "Wrong": wrong})
	}
}

// move is how far a form moves the clock, or what is wrong with it.
func move(r *http.Request, now, today time.Time) (by time.Duration, wrong string) {
	var err error
	if text := r.PostFormValue("by"); text != "" {
		if by, err = time.ParseDuration(text); err != nil {
			return 0, onlyForward
		}
	} else {
		var to time.Time
		for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
			if to, err = time.ParseInLocation(form, r.PostFormValue("to"), sig.Stockholm); err == nil {
				break
			}
		}
		if err != nil {
			return 0, noTime
		}
		by = to.Sub(now)
	}
	switch {
	case by <= 0:
		return 0, onlyForward
	case now.Add(by).After(today.AddDate(farthest, 0, 0)):
		return 0, tooFar
	}
	return by, ""
}
