package login

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sigportal/internal/devidp"
	"sigportal/internal/postgres"
)

func TestSessionsEndWhenNobodyHasMovedForTheirTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	staff, citizen := w.signIn("staff", "coordinator"), w.signIn("eid", "sara")
	w.db.Advance(t, 9*time.Minute+50*time.Second)
	if w.who(staff).Kind != "staff" || w.who(citizen).Kind != "guardian" {
		t.Fatal("a session ended before its time")
	}
	w.db.Advance(t, 10*time.Minute+time.Second)
	if who := w.who(citizen); who.Session != "" || who.Ended != "idle" {
		t.Errorf("ten minutes later the guardian is %+v", who)
	}
	if who := w.who(staff); who.Kind != "staff" {
		t.Errorf("ten minutes later the coordinator is %+v", who)
	}
	w.db.Advance(t, 15*time.Minute+time.Second)
	if who := w.who(staff); who.Session != "" || who.Ended != "idle" {
		t.Errorf("fifteen minutes later the coordinator is %+v", who)
	}
	if who := w.who(staff); who.Ended != "" {
		t.Errorf("the ended session is told twice: %+v", who)
	}
}

// A page that is told again and again to look again, before which nobody sits,
// ends when its time is up; opening a page is a sign of life.
func TestWhatAPageAsksByItselfIsNoSignOfLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for header, value := range map[string]string{"X-Refetch": "1", "Upgrade": "websocket"} {
		citizen := w.signIn("eid", "sara")
		looksAgain := func() whoami {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+StartPath, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set(header, value)
			res, err := citizen.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			var who whoami
			if err := json.NewDecoder(res.Body).Decode(&who); err != nil {
				t.Fatal(err)
			}
			return who
		}
		for range 3 {
			w.db.Advance(t, 3*time.Minute)
			if who := looksAgain(); who.Kind != "guardian" {
				t.Fatalf("%s: within ten minutes: %+v", header, who)
			}
		}
		if left := looksAgain().Left; left > 61 || left < 50 {
			t.Errorf("%s: after nine minutes, %v seconds are said to be left", header, left)
		}
		w.db.Advance(t, 61*time.Second)
		if who := looksAgain(); who.Session != "" || who.Ended != "idle" {
			t.Errorf("%s: after ten minutes that nobody has spent here: %+v", header, who)
		}
	}
}

func TestSessionsEndAtTheirAbsoluteLimitHoweverBusy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	citizen, staff := w.signIn("eid", "sara"), w.signIn("staff", "double")
	for range 6 {
		w.db.Advance(t, 9*time.Minute)
		if who := w.who(citizen); who.Kind != "guardian" {
			t.Fatalf("within the hour: %+v", who)
		}
		w.who(staff)
	}
	if left := w.who(citizen).Left; left > 6*60+1 || left < 5*60 {
		t.Errorf("six minutes before the hour, %v seconds are said to be left", left)
	}
	// A change of hat does not stretch the limit.
	if status, said := w.post(staff, HatPath, url.Values{"hat": {w.ids["double-a"].String()}}); status != http.StatusOK {
		t.Fatal(said)
	}
	w.db.Advance(t, 6*time.Minute+time.Second)
	if who := w.who(citizen); who.Session != "" || who.Ended != "absolute" {
		t.Errorf("after an hour: %+v", who)
	}
	w.who(staff)
	for range 41 {
		w.db.Advance(t, 13*time.Minute)
		w.who(staff)
	}
	if who := w.who(staff); who.Kind != "staff" {
		t.Fatalf("at nine hours and fifty-three minutes: %+v", who)
	}
	w.db.Advance(t, 8*time.Minute)
	if who := w.who(staff); who.Session != "" || who.Ended != "absolute" {
		t.Errorf("after ten hours: %+v", who)
	}
}

func TestReadingAPageIsASignOfLifeButSeldomAWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	browser := w.signIn("staff", "coordinator")
	id := w.who(browser).Session
	seen := func() (at time.Time) {
		if err := w.db.Super().QueryRow(t.Context(), `select last_seen_at from sig.session where id = $1`, id).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	first := seen()
	w.who(browser)
	if again := seen(); !again.Equal(first) {
		t.Errorf("a second page within thirty seconds wrote %v", again.Sub(first))
	}
	w.db.Advance(t, 31*time.Second)
	if left := w.who(browser).Left; left < 15*60-1 {
		t.Errorf("after a page %v seconds are left", left)
	}
	if !seen().After(first) {
		t.Error("after thirty seconds a page left no sign of life")
	}
}

func TestASessionEndsWithThePartThatItWasFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	staff, guardian, other := w.signIn("staff", "coordinator"), w.signIn("eid", "sara"), w.signIn("police", "officer")
	w.exec(`update sig.assignment set valid_to = sig.now() where id = $1`, w.ids["coordinator"])
	if who := w.who(staff); who.Session != "" || who.Ended != "assignment_ended" {
		t.Errorf("after the assignment ended: %+v", who)
	}
	w.exec(`update sig.guardianship set valid_to = sig.now() where id = $1`, w.ids["guardianship"])
	if who := w.who(guardian); who.Session != "" || who.Ended != "standing_ended" {
		t.Errorf("after custody ended: %+v", who)
	}
	if who := w.who(other); who.Kind != "staff" {
		t.Errorf("somebody else's session is %+v", who)
	}
	if who := w.who(w.signIn("staff", "coordinator")); who.Kind != "nobody" {
		t.Errorf("signing in anew gives %+v", who)
	}
	if n := w.count(`select count(*) from sig.outbox where kind = 'ended'`); n < 2 {
		t.Errorf("open sockets of %d sessions were told, want 2", n)
	}
	// An assignment with an end in the future ends at that instant by itself.
	w.exec(`update sig.assignment set valid_to = sig.now() + interval '5 minutes' where id = $1`, w.ids["officer"])
	w.db.Advance(t, 5*time.Minute+time.Second)
	if who := w.who(other); who.Ended != "assignment_ended" {
		t.Errorf("at the instant of the end: %+v", who)
	}
}

func TestAGuardianshipEndsOnTheEighteenthBirthday(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.db.SetClock(t, time.Date(2029, 3, 14, 22, 55, 0, 0, time.UTC)) // 23.55 in Stockholm, the day before
	guardian := w.signIn("eid", "sara")
	if who := w.who(guardian); who.Kind != "guardian" {
		t.Fatalf("the evening before: %+v", who)
	}
	w.db.Advance(t, 5*time.Minute+time.Second)
	if who := w.who(guardian); who.Ended != "standing_ended" {
		t.Errorf("on the birthday: %+v", who)
	}
}

func TestSigningOutEndsTheSessionOnEveryReplicaAndAtTheProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	browser := w.signIn("staff", "coordinator")
	secret := cookieOf(t, browser, w.url, sessionCookie)
	status, said := w.post(browser, "/logout", nil)
	if status != http.StatusOK || said != "front" {
		t.Fatalf("signing out ended at %d %s", status, said)
	}
	for _, base := range []string{w.url, w.second} {
		if who := w.whoAt(withCookie(t, base, sessionCookie, secret), base); who.Session != "" || who.Ended != "signed_out" {
			t.Errorf("at %s the cookie still opens %+v", base, who)
		}
	}
	if n := w.count(`select count(*) from sig.ledger where kind = 'sign_out' and person is not null`); n != 1 {
		t.Errorf("the ledger has %d rows of signing out", n)
	}
	if n := w.idp.SignOutEverywhere(t.Context(), "staff", "sub-coordinator"); n != 0 {
		t.Errorf("at the provider %d sessions went on", n)
	}
	if status, _ := w.post(browser, "/logout", nil); status != http.StatusOK {
		t.Errorf("signing out again: %d", status)
	}
}

func TestTheProviderSignsPeopleOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	browser, other, sameWord := w.signIn("staff", "coordinator"), w.signIn("eid", "sara"), w.signIn("staff", "double")
	if n := w.idp.SignOutEverywhere(t.Context(), "staff", "sub-coordinator"); n != 1 {
		t.Fatalf("the provider ended %d sessions", n)
	}
	if who := w.who(browser); who.Session != "" || who.Ended != "ended_by_provider" {
		t.Errorf("after the provider's logout: %+v", who)
	}
	if w.who(other).Session == "" || w.who(sameWord).Session == "" {
		t.Error("somebody else was signed out too")
	}
	if n := w.count(`select count(*) from sig.ledger where kind = 'end_session' and system = 'back-channel-logout'`); n != 1 {
		t.Errorf("the ledger has %d rows", n)
	}
}

func TestALogoutTokenWorksOnceAndOnlyForItsOwnPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	deliver := func(word, token string) int {
		status, _ := w.post(http.DefaultClient, "/logout/"+word+"/backchannel", url.Values{"logout_token": {token}})
		return status
	}
	make1 := func(subject, sid string) string {
		token, err := w.idp.LogoutToken("staff", "portal", subject, sid)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	first := w.signIn("staff", "coordinator")
	token := make1("sub-coordinator", "")
	if status := deliver("staff", token); status != http.StatusOK || w.who(first).Session != "" {
		t.Fatalf("a right token: %d", status)
	}
	again := w.signIn("staff", "coordinator")
	if status := deliver("staff", token); status != http.StatusBadRequest {
		t.Errorf("the same token again: %d, want 400", status)
	}
	if w.who(again).Session == "" {
		t.Error("the replayed token ended a new session")
	}
	var sid string
	if err := w.db.Super().QueryRow(t.Context(),
		`select provider_session from sig.session where id = $1`, w.who(again).Session).Scan(&sid); err != nil || sid == "" {
		t.Fatalf("the provider's session is not known: %v", err)
	}
	for name, one := range map[string]string{
		"an unknown session":    make1("", "unknown"),
		"another person's sid":  make1("sub-double", sid),
		"another person":        make1("sub-double", ""),
		"a look-alike person":   make1("SUB-COORDINATOR", ""),
		"the person elsewhere?": make1("sub-officer", ""),
	} {
		if status := deliver("staff", one); status != http.StatusOK {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status := deliver("police", make1("sub-coordinator", "")); status != http.StatusBadRequest {
		t.Errorf("the staff's token at the police's address: %d", status)
	}
	if w.who(again).Session == "" {
		t.Error("a token for somebody else ended the session")
	}
	if status := deliver("staff", make1("", sid)); status != http.StatusOK || w.who(again).Session != "" {
		t.Errorf("a token for the session: %d", status)
	}
	if status, _ := w.open(devidp.NewBrowser(), w.url+"/logout/staff/backchannel?logout_token="+make1("sub-double", "")); status == http.StatusOK {
		t.Error("a logout token was taken by GET")
	}
	if status := deliver("staff", strings.Repeat("A", 1<<20)); status == http.StatusOK {
		t.Error("a megabyte was taken for a logout token")
	}
}

func TestPeopleSeeAndEndTheirOwnSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second, other := w.signIn("staff", "coordinator"), w.signIn("staff", "coordinator"), w.signIn("eid", "sara")
	_, text := w.open(second, w.url+"/sessions")
	var lines []postgres.SessionLine
	if err := json.Unmarshal([]byte(text), &lines); err != nil || len(lines) != 2 {
		t.Fatalf("own sessions: %s", text)
	}
	foreign := w.who(other).Session
	for _, id := range []string{foreign, "nonsense", "00000000-0000-0000-0000-000000000001"} {
		if status, said := w.post(second, "/sessions/"+id+"/end", nil); status != http.StatusNotFound || said != "error.not_found" {
			t.Errorf("ending %s: %d %s", id, status, said)
		}
	}
	if w.who(other).Session != foreign {
		t.Error("somebody else's session was ended")
	}
	if status, _ := w.post(second, "/sessions/"+w.who(first).Session+"/end", nil); status != http.StatusOK {
		t.Errorf("ending the other browser's session: %d", status)
	}
	if who := w.who(first); who.Session != "" || who.Ended != "ended_by_owner" {
		t.Errorf("the ended browser: %+v", who)
	}
	if status, _ := w.post(devidp.NewBrowser(), "/sessions/"+w.who(second).Session+"/end", nil); status != http.StatusUnauthorized {
		t.Errorf("without a session: %d", status)
	}
}
