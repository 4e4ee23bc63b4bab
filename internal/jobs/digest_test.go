package jobs_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"sigportal/internal/mailcatch"
	"sigportal/internal/sig"
)

// daily has the guardian choose messages once a day, at an hour of the clock in
// Stockholm, and puts the clock to noon there.
func (w *world) daily(t *testing.T, hour int) {
	t.Helper()
	w.db.FreezeClock(t, time.Date(2027, 1, 20, 11, 0, 0, 0, time.UTC))
	w.choose(t, sig.ChannelMail, "", "")
	w.exec(t, `update sig.notice_choice set digest_hour = $1`, hour)
}

// due lets a replica work until nothing that is due is left, a mail to the
// coordinator among it, and stops it.
func (w *world) due(t *testing.T) {
	t.Helper()
	w.queue(t, w.toCoordinator(sig.MailPartAnswered))
	stop := w.replica(t)
	deadline := time.After(30 * time.Second)
	for {
		var left int
		err := w.db.Super().QueryRow(t.Context(), `
select count(*) from sig.mail where sent_at is null and cancelled_at is null and digest is null and due_at <= sig.now()`).Scan(&left)
		if err != nil {
			t.Fatal(err)
		}
		if left == 0 {
			stop()
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%d mails are due after 30 s; log:\n%s", left, w.log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// states counts mails by what became of them.
func (w *world) states(t *testing.T) map[string]int {
	t.Helper()
	rows, err := w.db.Super().Query(t.Context(), `
select kind || ' ' || coalesce(cancel_reason, case when sent_at is not null then 'sent' when digest is not null then 'held' else 'open' end) from sig.mail`)
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]int{}
	for rows.Next() {
		var state string
		if err := rows.Scan(&state); err != nil {
			t.Fatal(err)
		}
		states[state]++
	}
	return states
}

func (w *world) want(t *testing.T, when string, mails int, states map[string]int) {
	t.Helper()
	came := 0
	for _, m := range w.catcher.Messages() {
		if m.To[0] == guardianAt {
			came++
		}
	}
	if came != mails {
		t.Errorf("%s: %d mails have come, want %d", when, came, mails)
	}
	got := w.states(t)
	for state, n := range states {
		if got[state] != n {
			t.Errorf("%s: %d %s, want %d; all: %v", when, got[state], state, n, got)
		}
	}
}

func TestOneMessageADayStandsForAllThatCame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.daily(t, 16)
	w.queue(t, w.toGuardian(sig.MailExpiryReminder), w.toGuardian(sig.MailReceiptReady))
	w.due(t)
	w.queue(t, w.toGuardian(sig.MailConsentToSign))
	w.due(t)
	w.want(t, "at noon", 0, map[string]int{"expiry_reminder held": 1, "receipt_ready held": 1, "consent_to_sign held": 1, "digest open": 1})
	w.db.Advance(t, 4*time.Hour-time.Microsecond)
	w.due(t)
	w.want(t, "a microsecond before four", 0, map[string]int{"digest open": 1})
	w.db.Advance(t, time.Microsecond)
	w.due(t)
	w.want(t, "at four", 1, map[string]int{"expiry_reminder sent": 1, "receipt_ready sent": 1, "consent_to_sign sent": 1, "digest sent": 1})
	all := w.catcher.Messages()
	if subject := read(t, all[slices.IndexFunc(all, func(m mailcatch.Message) bool { return m.To[0] == guardianAt })]).Subject; subject != "شيء جديد للقراءة" {
		t.Errorf("the subject is %q", subject)
	}
	w.queue(t, w.toGuardian(sig.MailReceiptReady))
	w.due(t)
	w.db.Advance(t, 24*time.Hour-time.Microsecond)
	w.due(t)
	w.want(t, "before four on the next day", 1, map[string]int{"receipt_ready held": 1, "digest open": 1})
	w.db.Advance(t, time.Microsecond)
	w.due(t)
	w.want(t, "at four on the next day", 2, map[string]int{"receipt_ready sent": 2, "digest sent": 2})
	w.db.Advance(t, 48*time.Hour)
	w.due(t)
	w.want(t, "two days without anything", 2, map[string]int{"digest sent": 2})
}

// What tells of an end leaves at once, also to whoever chose once a day; and
// what waits when it ends is asked about again and does not leave.
func TestAnEndIsNeverHeldAndEndsWhatIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.daily(t, 16)
	w.queue(t, w.toGuardian(sig.MailExpiryReminder), w.toGuardian(sig.MailReceiptReady))
	w.due(t)
	w.exec(t, `update sig.intervention set state = 'closing', closed_reason = 'consent_withdrawn'`)
	w.queue(t, w.toGuardian(sig.MailCollaborationEnded))
	w.due(t)
	w.want(t, "at noon", 1, map[string]int{"collaboration_ended sent": 1, "expiry_reminder held": 1})
	w.db.Advance(t, 4*time.Hour)
	w.due(t)
	w.want(t, "at four", 2, map[string]int{"expiry_reminder not_entitled": 1, "receipt_ready sent": 1, "digest sent": 1})
}

func TestADayOfWhichNothingMayBeToldAnyMoreHasNoMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.daily(t, 16)
	w.queue(t, w.toGuardian(sig.MailExpiryReminder), w.toGuardian(sig.MailReceiptReady))
	w.due(t)
	w.exec(t, `update sig.youth set protection = 'registration'`)
	w.db.Advance(t, 4*time.Hour)
	w.due(t)
	w.want(t, "at four", 0, map[string]int{"expiry_reminder not_entitled": 1, "receipt_ready not_entitled": 1, "digest not_entitled": 1})
}

// A day's message that failed keeps its id, and what comes meanwhile belongs to
// the next day: nothing is lost, and nothing is told twice.
func TestWhatComesWhileADaysMessageFailsIsTomorrows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.daily(t, 16)
	w.exec(t, `update sig.notice_choice set channel = 'sms'`)
	w.contact(t, map[string]string{"phone": phoneNumber, "language": "sv"})
	ids := map[string]int{}
	w.catcher.RefuseTexts(func(m mailcatch.Text) int { ids[m.ID]++; return http.StatusServiceUnavailable })
	w.queue(t, w.toGuardian(sig.MailReceiptReady))
	w.due(t)
	w.db.Advance(t, 4*time.Hour)
	stop := w.replica(t)
	ctx, done := context.WithTimeout(t.Context(), 30*time.Second)
	defer done()
	if err := w.catcher.WaitTexts(ctx, 1); err != nil {
		t.Fatal(err)
	}
	w.queue(t, w.toGuardian(sig.MailReceiptReady))
	w.eventually(t, `select count(*) = 2 from sig.mail where kind = 'digest'`)
	w.catcher.RefuseTexts(func(m mailcatch.Text) int { ids[m.ID]++; return 0 })
	w.eventually(t, `select count(*) = 1 from sig.mail where kind = 'digest' and sent_at is not null`)
	stop()
	w.want(t, "at four", 0, map[string]int{"receipt_ready sent": 1, "receipt_ready held": 1, "digest sent": 1, "digest open": 1})
	if len(ids) != 1 {
		t.Errorf("one message was tried under %d ids", len(ids))
	}
	w.db.Advance(t, 24*time.Hour)
	w.due(t)
	w.want(t, "on the next day", 0, map[string]int{"receipt_ready sent": 2, "digest sent": 2})
	if texts := len(w.catcher.Texts()); texts != 2 {
		t.Errorf("%d text messages came, want one each day", texts)
	}
}

// A message that was checked just before the hour, and is held only after the
// day's has been asked about, belongs to the next day.
func TestWhatWasCheckedJustBeforeTheHourIsNotLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.daily(t, 16)
	w.queue(t, w.toGuardian(sig.MailReceiptReady))
	w.due(t)
	w.db.Advance(t, 4*time.Hour)
	w.due(t)
	w.exec(t, `
insert into sig.mail (id, kind, guardian, intervention, language, message_id, due_at, queued_at, checked_at)
select gen_random_uuid(), 'receipt_ready', $1, $2, 'sv', gen_random_uuid(), now(), now(), now()`, w.guardian, w.intervention)
	w.exec(t, `select sig.hold_mail(id, 16, sig.now() - interval '1 microsecond') from sig.mail where sent_at is null and kind = 'receipt_ready'`)
	w.db.Advance(t, 24*time.Hour)
	w.due(t)
	w.want(t, "on the next day", 2, map[string]int{"receipt_ready sent": 2, "digest sent": 2})
}

// eventually waits until a question is answered with yes.
func (w *world) eventually(t *testing.T, question string) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for yes := false; ; {
		if err := w.db.Super().QueryRow(t.Context(), question).Scan(&yes); err != nil {
			t.Fatal(err)
		}
		if yes {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("still no after 30 s: %s; log:\n%s", question, w.log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func TestTheHourIsTheClocksInStockholm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		hour        int
		after, want string
	}{
		{7, "2027-01-20T05:59:59Z", "2027-01-20T06:00:00Z"},
		{7, "2027-01-20T06:00:00Z", "2027-01-21T06:00:00Z"}, // strictly after
		{7, "2027-03-27T07:00:00Z", "2027-03-28T05:00:00Z"}, // 23 hours: summer time begins
		{2, "2027-03-27T12:00:00Z", "2027-03-28T01:00:00Z"}, // two o'clock is not there that night
		{7, "2027-10-30T06:00:00Z", "2027-10-31T06:00:00Z"}, // 25 hours
		{2, "2027-10-31T00:30:00Z", "2027-10-31T01:00:00Z"}, // it is there twice: once is enough
		{0, "2027-12-31T23:00:00Z", "2028-01-01T23:00:00Z"},
	} {
		var got time.Time
		if err := w.db.Super().QueryRow(t.Context(), `select sig.next_hour($1, $2::text::timestamptz)`, c.hour, c.after).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got.UTC().Format(time.RFC3339) != c.want {
			t.Errorf("%d o'clock after %s is %s, want %s", c.hour, c.after, got.UTC().Format(time.RFC3339), c.want)
		}
	}
}
