package devidp

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"time"
)

//go:embed signin.html
var signInHTML string

//go:embed signin.css
var signInCSS []byte

var signInPage = template.Must(template.New("signin").Parse(signInHTML))

type signInData struct {
	Title, Action, Wrong string
	Groups               []group
}

type group struct {
	Name   string
	People []Persona
}

// showSignIn answers an open request at once when the browser's session
// suffices, and else shows the people to choose from.
func (p *provider) showSignIn(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	p.mu.Lock()
	asked, open := p.requests[id]
	var known *session
	if c, err := r.Cookie(p.cookieName()); err == nil {
		known = p.sessions[c.Value]
	}
	if open && known != nil && asked.satisfiedBy(known, time.Now()) { // protocol time
		known.clients[asked.asked.ClientID] = true
		asked.session = known
		p.mu.Unlock()
		p.toCallback(w, r, id)
		return
	}
	p.mu.Unlock()
	if !open {
		http.Error(w, "Inloggningen är för gammal. Börja om i portalen.", http.StatusBadRequest)
		return
	}
	p.render(w, http.StatusOK, r.URL.RequestURI(), "")
}

// signIn signs somebody in: the form's field persona says whom.
func (p *provider) signIn(w http.ResponseWriter, r *http.Request) {
	id, wanted := r.URL.Query().Get("id"), r.PostFormValue("persona")
	p.mu.Lock()
	asked, open := p.requests[id]
	at := slices.IndexFunc(p.people, func(one Persona) bool { return one.ID == wanted })
	if !open || at < 0 {
		p.mu.Unlock()
		if !open {
			http.Error(w, "Inloggningen är för gammal. Börja om i portalen.", http.StatusBadRequest)
			return
		}
		p.render(w, http.StatusUnprocessableEntity, r.URL.RequestURI(), "Den personen finns inte här.")
		return
	}
	s := &session{sid: random(), persona: p.people[at], authTime: time.Now(), // protocol time
		clients: map[string]bool{asked.asked.ClientID: true}}
	cookie := random()
	p.sessions[cookie] = s
	asked.session = s
	if old, err := r.Cookie(p.cookieName()); err == nil && old.Value != cookie {
		if before := p.sessions[old.Value]; before != nil && before.persona.ID == s.persona.ID {
			s.sid = before.sid // the same person again: the session goes on
			delete(p.sessions, old.Value)
		}
	}
	p.mu.Unlock()
	http.SetCookie(w, &http.Cookie{ // plain http on loopback, invented people
		Name: p.cookieName(), Value: cookie, Path: "/" + p.word + "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	p.toCallback(w, r, id)
}

func (p *provider) toCallback(w http.ResponseWriter, r *http.Request, id string) {
	http.Redirect(w, r, p.issuer+"/authorize/callback?id="+id, http.StatusSeeOther)
}

func (p *provider) render(w http.ResponseWriter, status int, requestURI, wrong string) {
	data := signInData{Title: p.title, Action: "/" + p.word + requestURI, Wrong: wrong}
	p.mu.Lock()
	for _, one := range p.people {
		at := slices.IndexFunc(data.Groups, func(g group) bool { return g.Name == one.Group })
		if at < 0 {
			data.Groups = append(data.Groups, group{Name: one.Group})
			at = len(data.Groups) - 1
		}
		data.Groups[at].People = append(data.Groups[at].People, one)
	}
	p.mu.Unlock()
	var page bytes.Buffer
	if err := signInPage.Execute(&page, data); err != nil {
		http.Error(w, "page", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w)
}
