package racetest

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/sample"
)

// field is one build of the portal on its two replicas, which end with the test
// that started them: a broken build must not work another one's queue.
type field struct {
	*city
	origins [2]string
	pids    [2]int
	client  *http.Client
	turn    atomic.Int64
}

func (c *city) field(t testing.TB, program string) *field {
	t.Helper()
	origins, pids := c.replicas(t, program)
	return &field{city: c, origins: origins, pids: pids, client: &http.Client{
		Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 128},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// ask sends one request to the next replica and gives status and body.
func (f *field) ask(method, path, cookie string, form url.Values) (int, string, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(context.Background(), method, f.origins[f.turn.Add(1)%2]+path, body)
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Cookie", cookie)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := f.client.Do(req)
	if err != nil {
		return 0, "", err
	}
	text, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	return res.StatusCode, string(text), err
}

func (f *field) path() string { return "/interventions/" + f.intervention.String() }

// withdraw takes the whole consent back as Sara, in the second of two steps.
func (f *field) withdraw() (int, error) {
	form := url.Values{"key": {uuid.NewString()}, "scope": {"all"}}
	status, _, err := f.ask("POST", f.path()+"/withdraw", pick(f.guardians), form)
	return status, err
}

func (f *field) read() (status int, content bool, err error) {
	status, text, err := f.ask("GET", f.path()+"/copies/"+f.copy.String(), pick(f.readers), nil)
	return status, strings.Contains(text, f.seen), err
}

func (f *field) disclose() (status int, err error) {
	seat := sample.Police
	status, _, err = f.ask("POST", f.path()+"/items/"+f.item.String()+"/disclose", pick(f.readers), url.Values{
		"key": {uuid.NewString()}, "recipients": {string(seat.Authority) + "/" + string(seat.Unit) + "/" + string(seat.Function)},
		"necessity": {"behövs"}, "checked": {"true"},
	})
	return status, err
}

func pick(from []string) string { return from[rand.IntN(len(from))] }

// The state before a round. What a withdrawal did is undone past the walls and
// the triggers, which is quicker than a new case and changes nothing of what
// is raced; the ledger is left as it is.
const rewind = `
set session_replication_role = replica;
%meetings%
update sig.consent set state = 'active', ended_at = null where state = 'withdrawn';
update sig.intervention set state = 'active', closed_reason = null, sharing_stopped_at = null where state <> 'active';
delete from sig.received where id <> '%copy%';
delete from sig.disclosure where id <> '%copy%';
update sig.received set cut_at = null, cut_by = null, registrar_until = null where cut_at is not null;
delete from sig.withdrawal; delete from sig.task; delete from sig.alarm; delete from sig.meeting_answer_link; delete from sig.mail; delete from river.river_job; delete from sig.incident;
set session_replication_role = origin;
%mails%`

func (f *field) rewind(t testing.TB) int64 {
	t.Helper()
	f.version.Store(0)
	back := strings.NewReplacer("%copy%", f.copy.String(), "%meetings%", f.rewindMeetings(),
		"%mails%", f.queueMails()).Replace(rewind)
	_, err := f.super.Exec(context.Background(), back)
	for tries := 0; err != nil && strings.Contains(err.Error(), "40P01") && tries < 5; tries++ {
		_, err = f.super.Exec(context.Background(), back) // a mail of the last round was just leaving
	}
	if err != nil {
		t.Fatalf("go back to the state before: %v", err)
	}
	var last int64
	if err := f.super.QueryRow(context.Background(), `select coalesce(max(id), 0) from sig.ledger`).Scan(&last); err != nil {
		t.Fatal(err)
	}
	return last
}

// contender is one kind of act that races a withdrawal, and how it fared in all
// of its rounds.
type contender struct {
	name    string
	callers int
	once    bool // it is done once in a round: the withdrawal must come at the first call
	call    func() (content bool)
	through atomic.Int64  // with content, all of them
	counted *atomic.Int64 // what went through, where the ledger says it better than the answers
	late    atomic.Int64  // C-A: content to a request that started after the withdrawal's answer
}

// What was given by consent after the withdrawal's own row, or dated after it.
const disorderSQL = `
with taken as (select id, at from sig.ledger where id > $1 and kind = 'withdraw_consent' and outcome = 'allowed' order by id limit 1)
select count(*) from sig.ledger l, taken w
 where l.id > $1 and l.outcome = 'allowed' and (l.basis = 'consent' or l.kind in ('invite_function', 'tell_in_room', 'send_minutes', 'answer_guest')) and l.kind in ('read_copy', 'disclose', 'read_meeting', 'invite_function', 'tell_in_room', 'send_minutes', 'answer_guest')
   and (l.id > w.id or l.at > w.at)`

// round races one withdrawal, at a random offset after some calls have been
// answered, with callers that never rest. The first of each kind makes its last
// call after the withdrawal was answered. It gives C-B: how many rows by consent
// the ledger orders or dates after the withdrawal, and what it has left for
// somebody.
func (f *field) round(t *testing.T, answered int, contenders ...*contender) (disorder int) {
	t.Helper()
	before := f.rewind(t)
	var acknowledged atomic.Bool
	var wg sync.WaitGroup
	atWork := make(chan struct{}, answered)
	for _, c := range contenders {
		for n := range c.callers {
			wg.Go(func() {
				for after := false; !after; {
					after = acknowledged.Load()
					if after && n > 0 {
						return
					}
					content := c.call()
					select {
					case atWork <- struct{}{}:
					default:
					}
					if content {
						c.through.Add(1)
					}
					if content && after {
						c.late.Add(1)
					}
				}
			})
		}
	}
	for range answered {
		<-atWork
	}
	timer := time.NewTimer(time.Duration(rand.IntN(3000)) * time.Microsecond)
	<-timer.C
	status, err := f.withdraw()
	for tries := 0; status == http.StatusServiceUnavailable && tries < 3; tries++ {
		status, err = f.withdraw() // as the page tells the reader to
	}
	acknowledged.Store(true)
	wg.Wait()
	if err != nil || status != http.StatusSeeOther {
		t.Fatalf("withdraw: %d, %v", status, err)
	}
	if err := f.super.QueryRow(context.Background(), disorderSQL, before).Scan(&disorder); err != nil {
		t.Fatal(err)
	}
	f.awaitMails(t)
	var left, sent, suited int
	if err := f.super.QueryRow(context.Background(), leftOverSQL, before).Scan(&left, &sent, &suited); err != nil {
		t.Fatal(err)
	}
	f.sent.Add(int64(sent))
	f.suited.Add(int64(suited))
	return disorder + left
}

// reading and disclosing are what a withdrawal is raced with. A build that is
// whole answers each with a yes or a no; a broken one may answer anything.
func (f *field) reading(t *testing.T, callers int, whole bool) *contender {
	return &contender{name: "reads", callers: callers, call: func() bool {
		status, content, err := f.read()
		if whole && (err != nil || status != http.StatusOK && status != http.StatusGone &&
			status != http.StatusNotFound && status != http.StatusServiceUnavailable) { // a stalled disk may fail it closed
			t.Errorf("read: %d, %v", status, err)
		}
		return content
	}}
}

func (f *field) disclosing(t *testing.T, callers int, whole bool) *contender {
	return &contender{name: "disclosures", callers: callers, call: func() bool {
		status, err := f.disclose()
		if whole && (err != nil || status == http.StatusInternalServerError || status == http.StatusBadRequest) {
			t.Errorf("disclose: %d, %v", status, err)
		}
		return status == http.StatusSeeOther
	}}
}
