package jobs_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/mailcatch"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

func read(t *testing.T, m mailcatch.Message) mailcatch.Letter {
	t.Helper()
	letter, err := m.Read()
	if err != nil {
		t.Fatal(err)
	}
	return letter
}

func TestEveryKindOfMailArrivesWithoutAWordAboutAnybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(t, `update sig.assignment set leads = '{coordinator}' where id = $1`, w.coordinator)
	w.replica(t)
	families := map[sig.MailKind]bool{sig.MailConsentToSign: true, sig.MailReceiptReady: true}
	queued := 0
	for _, kind := range sig.MailKinds() {
		if kind == sig.MailCollaborationEnded || kind == sig.MailMeeting || kind == sig.MailMeetingReminder || kind == sig.MailMeetingGuest || kind == sig.MailDigest || kind == sig.MailMeetingPoll || kind == sig.MailSeatChanged || kind == sig.MailConsentNews {
			continue // needs an end; see below. Mails about meetings, seats and news have tests of their own, in scenariotest.
		}
		m := w.toCoordinator(kind)
		if families[kind] {
			m = w.toGuardian(kind)
		}
		w.queue(t, m)
		queued++
	}
	for kind, end := range w.settled(t) {
		if end != "sent" {
			t.Errorf("%s: %s, want sent", kind, end)
		}
	}
	w.exec(t, `update sig.intervention set state = 'closing', closed_reason = 'consent_withdrawn' where id = $1`, w.intervention)
	w.queue(t, w.toCoordinator(sig.MailCollaborationEnded), w.toGuardian(sig.MailCollaborationEnded))
	w.settled(t)
	queued += 2

	caught := w.catcher.Messages()
	if len(caught) != queued {
		t.Fatalf("%d mails came, want %d", len(caught), queued)
	}
	subjects := map[string]bool{}
	for _, m := range caught {
		letter := read(t, m)
		raw := string(m.Raw)
		for _, canary := range []string{canaryYouth, canaryGuardian, canaryStaff, w.intervention.String(), w.youth.String(), "consent_withdrawn"} {
			if strings.Contains(raw, canary) || strings.Contains(letter.Text+letter.Subject, canary) {
				t.Errorf("mail %q holds %q", letter.Subject, canary)
			}
		}
		if !strings.Contains(letter.Text, "https://sig.example/") || !strings.Contains(letter.Text, phone) {
			t.Errorf("mail %q lacks the link or the telephone number:\n%s", letter.Subject, letter.Text)
		}
		if strings.ContainsAny(letter.Text, "{}…") || strings.Contains(letter.Text, "mail.") {
			t.Errorf("mail %q has a gap:\n%s", letter.Subject, letter.Text)
		}
		if strings.Contains(letter.Header.Get("To"), " ") {
			t.Errorf("a name stands beside the address: %q", letter.Header.Get("To"))
		}
		for _, header := range []string{"User-Agent", "X-Mailer", "Reply-To", "Cc", "Bcc"} {
			if letter.Header.Get(header) != "" {
				t.Errorf("the header %s is there", header)
			}
		}
		subjects[strings.TrimSuffix(letter.Subject, " ("+caseNumber+")")] = true
	}
	fixed := map[string]bool{}
	for _, tag := range []string{"sv", "ar"} {
		inOne := map[string]bool{}
		for _, kind := range sig.MailKinds() {
			subject := words.For(tag).T("mail." + string(kind) + ".subject")
			fixed[subject], inOne[subject] = true, true
		}
		if len(inOne) > 12 {
			t.Errorf("%d fixed subjects in %s, want at most 12", len(inOne), tag)
		}
	}
	for subject := range subjects {
		if !fixed[subject] {
			t.Errorf("the subject %q is none of the fixed ones", subject)
		}
	}
	if log := w.log.String(); strings.Contains(log, "@") || strings.Contains(log, "KANARIE") {
		t.Errorf("the log tells of somebody:\n%s", log)
	}
}

func TestAFamilyReadsItsOwnWordsInItsOwnLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.replica(t)
	w.queue(t, w.toGuardian(sig.MailExpiryReminder), w.toCoordinator(sig.MailExpiryReminder))
	w.settled(t)
	for _, m := range w.catcher.Messages() {
		letter := read(t, m)
		language, key := "sv", "mail.expiry_reminder.text"
		if m.To[0] == guardianAt {
			language, key = "ar", "mail.expiry_reminder.citizen"
		}
		l := words.For(language)
		// The window ends at midnight between 3 and 4 December in Stockholm.
		day := time.Date(2026, 12, 3, 12, 0, 0, 0, time.UTC)
		if want := l.T(key, "date", l.Date(day)); !strings.Contains(letter.Text, want) || letter.Language != language {
			t.Errorf("to %s in %s:\n%s\nwant %q", m.To[0], letter.Language, letter.Text, want)
		}
		if !strings.HasPrefix(letter.Subject, l.T("mail.expiry_reminder.subject")) {
			t.Errorf("subject %q", letter.Subject)
		}
	}
}

func TestNoMailToSomebodyNoLongerEntitled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mail   func(w *world) postgres.Mail
		change string
		want   string
	}{
		"still entitled": {func(w *world) postgres.Mail { return w.toCoordinator(sig.MailNewCopy) }, `select`, "sent"},
		"participation has ended": {
			func(w *world) postgres.Mail { return w.toCoordinator(sig.MailNewCopy) },
			`update sig.participation set valid_to = sig.now()`, "not_entitled",
		},
		"assignment has ended": {
			func(w *world) postgres.Mail { return w.toCoordinator(sig.MailPartAnswered) },
			`update sig.assignment set valid_to = sig.now()`, "not_entitled",
		},
		"intervention is closing": {
			func(w *world) postgres.Mail { return w.toCoordinator(sig.MailNewCopy) },
			`update sig.intervention set state = 'closing', closed_reason = 'consent_withdrawn'`, "not_entitled",
		},
		"the end reaches everybody": {
			func(w *world) postgres.Mail { return w.toGuardian(sig.MailCollaborationEnded) },
			`update sig.intervention set state = 'closing', closed_reason = 'consent_withdrawn'`, "sent",
		},
		"there was no end": {
			func(w *world) postgres.Mail { return w.toGuardian(sig.MailCollaborationEnded) }, `select`, "not_entitled",
		},
		"the copy was cut": {
			func(w *world) postgres.Mail {
				m := w.toCoordinator(sig.MailNewCopy)
				m.Object = uuid.New() // no readable copy has this id
				return m
			}, `select`, "not_entitled",
		},
		"custody has ended": {
			func(w *world) postgres.Mail { return w.toGuardian(sig.MailReceiptReady) },
			`update sig.guardianship set valid_to = sig.now()`, "not_entitled",
		},
		"the child has turned 18": {
			func(w *world) postgres.Mail { return w.toGuardian(sig.MailExpiryReminder) },
			`update sig.youth set birth_date = sig.now() - interval '18 years'`, "not_entitled",
		},
		"the child is protected": {
			func(w *world) postgres.Mail { return w.toGuardian(sig.MailCollaborationEnded) },
			`with p as (update sig.youth set protection = 'marked')
			 update sig.intervention set state = 'closing', closed_reason = 'consent_withdrawn'`, "not_entitled",
		},
		"staff around a protected child": {
			func(w *world) postgres.Mail { return w.toCoordinator(sig.MailNewCopy) },
			`update sig.youth set protection = 'marked'`, "sent",
		},
		"no address is known": {
			func(w *world) postgres.Mail { return w.toGuardian(sig.MailReceiptReady) },
			`update sig.guardianship set contact_sealed = null`, "no_address",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			m := c.mail(w)
			w.queue(t, m)
			w.exec(t, c.change)
			w.replica(t)
			if got := w.settled(t)[string(m.Kind)]; got != c.want {
				t.Errorf("the mail was %s, want %s", got, c.want)
			}
			if n := len(w.catcher.Messages()); (n == 1) != (c.want == "sent") {
				t.Errorf("%d mails came", n)
			}
		})
	}
}

func TestAMailThatRollsBackOrIsNotDueDoesNotLeave(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.replica(t)
	later := w.toCoordinator(sig.MailExpiryReminder)
	later.DueAt = w.db.Now(t).Add(14 * 24 * time.Hour)
	w.queue(t, later)
	err := w.db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		if err := tx.ReadClock(t.Context()); err != nil {
			return err
		}
		tx.QueueMail(w.toCoordinator(sig.MailNewCopy))
		return fmt.Errorf("the deed failed")
	})
	if err == nil {
		t.Fatal("the transaction committed")
	}
	w.queue(t, w.toCoordinator(sig.MailTaskDue))
	if err := w.catcher.Wait(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	w.db.Advance(t, 14*24*time.Hour)
	w.settled(t)
	var subjects []string
	for _, m := range w.catcher.Messages() {
		subjects = append(subjects, read(t, m).Subject)
	}
	sv := words.For("sv")
	want := []string{sv.T("mail.task_due.subject") + " (" + caseNumber + ")", sv.T("mail.expiry_reminder.subject") + " (" + caseNumber + ")"}
	if fmt.Sprint(subjects) != fmt.Sprint(want) {
		t.Errorf("came: %q, want %q", subjects, want)
	}
}

func TestAServerThatIsFullGetsTheSameMessageIDAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var tries atomic.Int32
	w.catcher.Refuse(func(string) int {
		if tries.Add(1) < 3 {
			return 450
		}
		return 0
	})
	w.queue(t, w.toCoordinator(sig.MailNewCopy))
	var fixed uuid.UUID
	if err := w.db.Super().QueryRow(t.Context(), `select message_id from sig.mail`).Scan(&fixed); err != nil {
		t.Fatal(err)
	}
	w.replica(t)
	w.settled(t)
	caught := w.catcher.Messages()
	if len(caught) != 1 || tries.Load() != 3 {
		t.Fatalf("%d mails after %d tries, want 1 after 3", len(caught), tries.Load())
	}
	if id := read(t, caught[0]).Header.Get("Message-ID"); id != "<"+fixed.String()+"@sig.example>" {
		t.Errorf("Message-ID %s, want the one fixed when queued, %s", id, fixed)
	}
	if n := strings.Count(w.log.String(), "a job failed"); n != 2 {
		t.Errorf("the log tells of %d failures, want both", n)
	}
	w.nothingTellsOfAnybody(t)
}

func TestAMailThatIsRefusedForGoodIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var tries atomic.Int32
	w.catcher.Refuse(func(string) int { tries.Add(1); return 550 })
	w.replica(t)
	w.queue(t, w.toCoordinator(sig.MailNewCopy))
	if got := w.settled(t)["new_copy"]; got != "refused" || tries.Load() != 1 {
		t.Errorf("%s after %d tries, want refused after 1", got, tries.Load())
	}
	if !strings.Contains(w.log.String(), "550") {
		t.Error("the log does not show the server's code")
	}
	w.nothingTellsOfAnybody(t)
}

// nothingTellsOfAnybody holds the log and the job queue, errors of jobs and
// all, to ids and codes: the mail server's answers repeat the address.
func (w *world) nothingTellsOfAnybody(t *testing.T) {
	t.Helper()
	var rows string
	if err := w.db.Super().QueryRow(t.Context(), `select string_agg(j::text, ' ') from river.river_job j`).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`[a-z]+@[a-z]+\.example`)
	for where, text := range map[string]string{"queue": rows, "log": w.log.String()} {
		if hit := address.FindString(text); hit != "" || strings.Contains(text, "KANARIE") {
			t.Errorf("the %s tells of somebody (%s):\n%s", where, hit, text)
		}
	}
}

func TestTwoReplicasSendEachMailOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stop := w.replica(t)
	w.replica(t)
	const n = 40
	for range n {
		w.queue(t, w.toCoordinator(sig.MailNewCopy))
	}
	if err := w.catcher.Wait(t.Context(), n/4); err != nil {
		t.Fatal(err)
	}
	stop() // the other one goes on
	w.settled(t)
	seen := map[string]bool{}
	for _, m := range w.catcher.Messages() {
		seen[read(t, m).Header.Get("Message-ID")] = true
	}
	if len(seen) != n || len(w.catcher.Messages()) != n {
		t.Errorf("%d mails came, %d different; want %d", len(w.catcher.Messages()), len(seen), n)
	}
}
