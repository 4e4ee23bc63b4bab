package mailcatch

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"sigportal/internal/words"
)

var (
	//go:embed page.html
	pageText string
	//go:embed texts.html
	textsText string

	page      = template.Must(template.New("page").Parse(pageText))
	textsPage = template.Must(template.New("texts").Parse(textsText))
)

// shown is one mail as the page and the JSON show it.
type shown struct {
	Number   int      `json:"number"`
	To       []string `json:"to"`
	Subject  string   `json:"subject"`
	Date     string   `json:"date"`
	Language string   `json:"language"`
	Text     string   `json:"text"`
	Answers  bool     `json:"answers"` // a calendar program could answer it
}

// Direction is the writing direction of the mail's language.
func (s shown) Direction() string {
	return words.For(s.Language).Dir()
}

// pages: the mailbox of everybody, newest first; the same as JSON; one mail as
// it came over the wire.
func (c *Catcher) pages() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
		to := r.FormValue("to")
		_ = page.Execute(w, struct {
			To   string
			Mail []shown
		}{to, c.list(to)}) // a reader who went away is no fault
	})
	mux.HandleFunc("POST /messages/{number}/answer", c.answer)
	mux.HandleFunc("POST /sms", c.takeText)
	mux.HandleFunc("GET /sms", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
		to := r.FormValue("to")
		_ = textsPage.Execute(w, struct {
			To    string
			Texts []Text
		}{to, c.textList(to)}) // as above
	})
	mux.HandleFunc("GET /sms.json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(c.textList(r.FormValue("to"))) // as above
	})
	mux.HandleFunc("GET /messages.json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(c.list(r.FormValue("to"))) // as above
	})
	mux.HandleFunc("GET /messages/{number}", func(w http.ResponseWriter, r *http.Request) {
		number, err := strconv.Atoi(r.PathValue("number"))
		all := c.Messages()
		i := slices.IndexFunc(all, func(m Message) bool { return m.Number == number })
		if err != nil || i < 0 {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(all[i].Raw) // as above
	})
	return mux
}

// list gives the mails to an address (empty: to anybody), newest first. A mail
// that cannot be read is shown as it came.
func (c *Catcher) list(to string) []shown {
	out := []shown{}
	for _, m := range slices.Backward(c.Messages()) {
		if to != "" && !slices.Contains(m.To, to) {
			continue
		}
		s := shown{Number: m.Number, To: m.To, Text: string(m.Raw)}
		if letter, err := m.Read(); err == nil {
			s.Subject, s.Text, s.Language = letter.Subject, letter.Text, letter.Language
			s.Date = letter.Header.Get("Date")
			s.Answers = letter.Method == "REQUEST" && letter.Header.Get("Reply-To") != ""
		}
		out = append(out, s)
	}
	return out
}
