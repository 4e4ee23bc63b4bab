package routetest

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/websocket"

	"sigportal/internal/devidp"
	"sigportal/internal/sample"
)

// waysArea is the person's own sessions, and the ways in and out.
func (w *world) waysArea() {
	other := w.signIn("sara")
	mine := w.signIn("sara")
	strangers := []string{"omid", coordinator, "loa2"}
	w.try(
		row{route: "POST /sessions/:id/end", at: []string{other.id.String()}, as: "sara", want: seeOther, form: form(), barred: strangers},
		row{route: "DELETE /api/v1/sessions/:session", at: []string{mine.id.String()}, as: "sara", want: 204, barred: strangers},
	)

	w.choosesHat()
	w.opensSocket()
	w.comesAndGoes()
	w.try(
		row{route: "GET /login/:provider", at: []string{"eid"}, want: seeOther},
		row{route: "POST /login/:provider", at: []string{"staff"}, want: seeOther, form: form(), input: &input{none: true}},
		row{route: "GET /static/:name", at: []string{w.asset()}},
		row{route: "POST /accessibility/report", form: form("page", "/help", "text", hostile),
			input: &input{from: "/accessibility", free: []string{"page"}, optional: []string{"page"}}},
		row{route: "POST /logout", as: "omid", want: seeOther, form: form(), input: &input{none: true}},
	)
	delete(w.sessions, "omid")
	w.leavesQuickly()
}

// textsArea: an administrator records that a translation is approved.
func (w *world) textsArea() {
	const who, programs = "administrator-farsta", "/api/v1/texts"
	page := w.get(who, "/texts").page().Find(`main a[href^="/texts/"]`).Last().AttrOr("href", "")
	hash := strings.TrimPrefix(page, "/texts/")
	at, others := []string{hash}, []string{coordinator, "police-farsta", "log-reviewer-farsta"}
	w.try(
		row{route: "GET /texts", as: who, says: []string{"Soomaali"}, barred: others},
		row{route: "GET /texts/:hash", at: at, as: who, barred: others},
		row{route: "GET /texts/:hash/file", at: at, as: who, says: []string{"citizen.sign.button: "}, barred: others},
		row{route: "POST /texts/:hash/approval", at: at, as: who, want: seeOther, barred: others, input: &input{from: page},
			form: w.filled(who, page, page+"/approval", "translator", hostile, "on", w.day(0))},
		row{route: "GET /texts", as: who, hides: []string{"<script>alert"}},
		row{route: "GET " + programs, as: who, says: []string{`"language":"so"`, `"approved":true`, `"source":true`}, barred: others},
		row{route: "POST /texts/:hash/disapproval", at: at, as: who, want: seeOther, form: form(), barred: others, input: &input{none: true}},
		row{route: "PUT " + programs + "/:hash/approval", at: at, as: who, want: 204, body: map[string]any{"translator": "4711", "on": w.day(0)}, barred: others},
		row{route: "DELETE " + programs + "/:hash/approval", at: at, as: who, want: 204, barred: others},
	)
}

// seatNamesArea: a registrar decides that families are shown a name.
func (w *world) seatNamesArea() {
	const who, page, programs = "registrar-police", "/seat-names", "/api/v1/seat-names"
	others := []string{coordinator, "police-farsta", "log-reviewer-farsta", "administrator-farsta"}
	w.try(
		row{route: "GET " + page, as: who, says: []string{"Kent Berg"}, barred: others},
		row{route: "GET " + page, as: "registrar-farsta", hides: []string{"Kent Berg"}},
		row{route: "POST " + page, as: who, want: seeOther, barred: others, input: &input{from: page},
			form: w.filled(who, page, page, "seat", "polis-farsta/community_police", "reason", hostile)},
	)
	one := w.get(who, page).page().Find(`main a[href^="/seat-names/"]`).First().AttrOr("href", "")
	at := []string{strings.TrimPrefix(one, page+"/")}
	w.try(
		row{route: "GET " + page + "/:decision", at: at, as: who, says: []string{"drop table"}, barred: append([]string{"registrar-farsta"}, others...)},
		row{route: "GET " + programs, as: who, says: []string{at[0], `"holders":[`}, barred: others},
		row{route: "GET " + programs, as: "registrar-farsta", hides: []string{at[0]}},
		row{route: "POST " + page + "/:decision/end", at: at, as: who, want: seeOther, barred: append([]string{"registrar-farsta"}, others...), input: &input{from: one},
			form: w.filled(who, one, one+"/end", "reason", hostile)},
		row{route: "POST " + programs, as: who, want: 204, body: map[string]any{"unit": "polis-farsta", "function": "community_police", "reason": hostile}, barred: others},
	)
	var now struct{ Decisions []struct{ ID string } }
	w.read(w.get(who, programs), &now)
	w.try(row{route: "POST " + programs + "/:decision/end", at: []string{now.Decisions[0].ID}, as: who, want: 204, body: map[string]any{"reason": hostile},
		barred: append([]string{"registrar-farsta"}, others...)})
}

// noticesArea: how each person wants to be told. Nobody sees another's choice:
// the same page shows each their own.
func (w *world) noticesArea() {
	const api = "/api/v1/settings/notices"
	wish := func(channel string) map[string]any {
		return map[string]any{"channel": channel, "language": "sv", "phone": "070-123 45 99", "forget": false, "digest_hour": 7}
	}
	optional := &input{optional: []string{"phone", "forget", "when", "digest_hour"}}
	w.try(
		row{route: "GET /settings", as: "sara", says: []string{"Med sms"}, hides: []string{"slutar på"}},
		row{route: "POST /settings", as: "sara", want: seeOther, input: optional, form: form("channel", "sms", "language", "so", "phone", "070-123 45 67", "when", "16")},
		row{route: "GET /settings", as: "sara", says: []string{"67", "Ta bort numret", `value="16" selected`}, hides: []string{"701234567"}},
		row{route: "GET /settings", as: coordinator, says: []string{"Kallelser till möten"}, hides: []string{"Ta bort numret", "Soomaali"}},
		row{route: "PUT " + api, as: coordinator, want: 204, body: wish("sms"), input: optional},
		row{route: "GET " + api, as: coordinator, says: []string{`"channel":"sms"`, `"phone_tail":"99"`, `"phone_own":true`, `"digest_hour":7`}, hides: []string{"1234"}},
		row{route: "GET " + api, as: "sara", says: []string{`"phone_tail":"67"`}, hides: []string{"99"}},
		row{route: "POST /settings", as: "sara", want: seeOther, form: form("channel", "mail", "language", "sv", "forget", "true")},
		row{route: "GET /settings", as: "sara", hides: []string{"Ta bort numret"}},
	)
}

// leavesQuickly: the session has ended, and what comes is another site's page.
func (w *world) leavesQuickly() {
	w.try(row{route: "POST /leave", as: "omid", form: form(), input: &input{none: true}})
	if got := w.get("omid", "/start"); got.status != http.StatusUnauthorized {
		w.t.Errorf("after leaving quickly the start page answers %d, want 401", got.status)
	}
	delete(w.sessions, "omid")
	got := w.post("", "/leave", form())
	if to := got.header.Get("Refresh"); to != "0;url=https://www.smhi.se/" {
		w.t.Errorf("leaving quickly leads to %q", to)
	}
	if cleared := got.header.Get("Clear-Site-Data"); cleared != `"cache", "storage"` {
		w.t.Errorf("leaving quickly clears %q", cleared)
	}
}

// asset is the name of the style sheet, as pages name it.
func (w *world) asset() string {
	href, _ := w.get("", "/").page().Find(`link[rel="stylesheet"]`).Attr("href")
	return strings.TrimPrefix(href, "/static/")
}

// choosesHat: somebody with two assignments changes hats; another's is none.
func (w *world) choosesHat() {
	const deputy = "deputy-coordinator-farsta"
	hats := w.get(deputy, "/hat").page().Find(`main form[action="/hat"]`).First()
	hat := valuesOf(hats)
	w.try(row{route: "POST /hat", as: deputy, want: seeOther, input: &input{free: []string{"return"}, optional: []string{"return"}}, form: with(hat, "hat", hats.Find("button[name=hat]").Last().AttrOr("value", ""))})
	delete(w.sessions, deputy)
	other := w.text(`select id::text from sig.assignment where name = 'Karin Ek'`)
	got := w.post(deputy, "/hat", with(hat, "hat", other))
	nowhere := elsewhere([]string{other})
	w.same(row{route: "POST /hat", at: []string{other}}, deputy, got, w.post(deputy, "/hat", with(hat, "hat", nowhere[0])), nowhere)
	if got.status != http.StatusNotFound {
		w.t.Errorf("wearing another's hat: %d, want 404", got.status)
	}
}

func with(f url.Values, name, value string) url.Values {
	out := url.Values{name: {value}}
	for k, v := range f {
		if k != name {
			out[k] = v
		}
	}
	return out
}

// opensSocket: the websocket opens for a session, from the portal's own pages.
func (w *world) opensSocket() {
	dial := func(cookie, origin string) int {
		header := http.Header{"Origin": {origin}}
		if cookie != "" {
			header.Set("Cookie", cookie)
		}
		conn, res, err := websocket.DefaultDialer.DialContext(w.t.Context(), "ws"+strings.TrimPrefix(w.origin, "http")+"/live", header)
		if err == nil {
			_ = conn.Close()
		}
		if res == nil {
			w.t.Fatalf("open the websocket: %v", err)
		}
		return res.StatusCode
	}
	mine := w.session("sara").cookie
	w.tried["GET /live"] = &trial{}
	for _, c := range []struct {
		cookie, origin string
		want           int
	}{{mine, w.origin, 101}, {"", w.origin, 401}, {"__Host-sig=made-up", w.origin, 401}, {mine, "https://other.example", 403}} {
		if got := dial(c.cookie, c.origin); got != c.want {
			w.t.Errorf("the websocket with %.14q from %s: %d, want %d", c.cookie, c.origin, got, c.want)
		}
	}
	w.tried["GET /live"].allowed, w.tried["GET /live"].barred = 1, 3
}

// comesAndGoes signs in by the provider, as a person does, and is signed out
// by the provider; answers and tokens that the provider did not give are none.
func (w *world) comesAndGoes() {
	const callback, goodbye = "GET /login/:provider/callback", "POST /logout/:provider/backchannel"
	for _, query := range []string{"?code=x&state=y", "?code=x", "", "?error=access_denied&state=y", "?code=%00&state=%ff"} {
		if got := w.get("", "/login/eid/callback"+query); got.status < 400 || got.status >= 500 || got.header.Get("Set-Cookie") != "" && strings.Contains(got.header.Get("Set-Cookie"), "__Host-sig=") {
			w.t.Errorf("an answer %q that belongs to no login: %d", query, got.status)
		}
	}
	client := devidp.NewBrowser()
	page, err := devidp.SignIn(client, w.origin, "eid", "sara")
	w.must(err, "sign in at the provider")
	if page.StatusCode != http.StatusOK || page.Request.URL.Path != "/start" {
		w.t.Fatalf("signing in ends at %s: %d", page.Request.URL.Path, page.StatusCode)
	}
	w.tried[callback] = &trial{allowed: 1, barred: 5}
	before := w.state()
	for _, token := range []string{"", "x", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", hostile} {
		if got := w.post("", "/logout/eid/backchannel", url.Values{"logout_token": {token}}); got.status != http.StatusBadRequest {
			w.t.Errorf("a logout token %q that is none: %d, want 400", token, got.status)
		}
	}
	w.unchanged(before, "logout tokens that are none")
	sara, err := sample.Find("sara")
	w.must(err, "find sara")
	if n := w.idp.SignOutEverywhere(w.t.Context(), "eid", sara.Subject); n == 0 {
		w.t.Error("the provider has no session to end")
	}
	res, err := client.Get(w.origin + "/start")
	w.must(err, "open the start page")
	_ = res.Body.Close()
	if res.StatusCode != http.StatusUnauthorized {
		w.t.Errorf("after the provider has signed her out: %d, want 401", res.StatusCode)
	}
	w.tried[goodbye] = &trial{allowed: 1, barred: 4}
	got := w.get("", "/login/eid?return=https://other.example/")
	if to := got.header.Get("Location"); !strings.HasPrefix(to, w.idp.Issuer("eid")) {
		w.t.Errorf("a login leads to %s", to)
	}
}
