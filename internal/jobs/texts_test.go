package jobs_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/mailcatch"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

const phoneNumber, phoneDigits = "070-123 45 67", "701234567"

// choose writes the guardian's choice as package notice does; a number may be
// left out.
func (w *world) choose(t *testing.T, channel sig.Channel, language, number string) {
	t.Helper()
	var sealed []byte
	if number != "" {
		err := w.db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) (err error) {
			sealed, err = w.sealer.Seal(t.Context(), tx, seal.Place{Authority: "farsta", Field: "phone", Object: w.guardian.UUID}, []byte(number))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	w.exec(t, `insert into sig.notice_choice (guardian, channel, language, phone_sealed, changed_at) values ($1, $2, nullif($3, ''), $4, sig.now())`,
		w.guardian, channel, language, sealed)
}

// handed are the mails and text messages that came, and nothing of a person in them.
func (w *world) handed(t *testing.T) (mails, texts int) {
	t.Helper()
	for _, m := range w.catcher.Texts() {
		for _, canary := range []string{canaryYouth, canaryGuardian, canaryStaff, caseNumber, w.intervention.String(), w.guardian.String(), "2026"} {
			if strings.Contains(m.Text+m.ID+m.From, canary) {
				t.Errorf("the text message %q holds %q", m.Text, canary)
			}
		}
	}
	if log := w.log.String(); strings.Contains(log, phoneDigits) || strings.Contains(log, "KANARIE") {
		t.Errorf("the log tells of somebody:\n%s", log)
	}
	return len(w.catcher.Messages()), len(w.catcher.Texts())
}

func TestWhoeverChoseTextMessagesGetsOneAndNoMail(t *testing.T) {
	t.Parallel()
	for name, lay := range map[string]func(*world){
		"their own number": func(w *world) { w.choose(t, sig.ChannelSMS, "", "+46"+phoneDigits) },
		"the number that the coordinator noted": func(w *world) {
			w.contact(t, map[string]string{"email": guardianAt, "phone": phoneNumber, "language": "ar"})
			w.choose(t, sig.ChannelSMS, "", "")
		},
		"no choice, and no address for mail": func(w *world) {
			w.contact(t, map[string]string{"phone": phoneNumber, "language": "ar"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			lay(w)
			w.replica(t)
			w.queue(t, w.toGuardian(sig.MailExpiryReminder))
			if end := w.settled(t)["expiry_reminder"]; end != "sent" {
				t.Errorf("it is %s, want sent", end)
			}
			mails, texts := w.handed(t)
			if mails != 0 || texts != 1 {
				t.Fatalf("%d mails and %d text messages came, want one text message", mails, texts)
			}
			got := w.catcher.Texts()[0]
			if got.To != "+46"+phoneDigits || !strings.Contains(got.Text, "https://sig.example/") || !strings.Contains(got.Text, "سجّل") {
				t.Errorf("%+v; want it in Arabic, with the link", got)
			}
		})
	}
}

func TestMailGoesWhereTextMessagesCannot(t *testing.T) {
	t.Parallel()
	for name, lay := range map[string]func(*world){
		"mail was chosen":    func(w *world) { w.choose(t, sig.ChannelMail, "", "+46"+phoneDigits) },
		"no number is known": func(w *world) { w.choose(t, sig.ChannelSMS, "", "") },
		"a number that takes no messages": func(w *world) {
			w.contact(t, map[string]string{"email": guardianAt, "phone": "08-123 456 78"})
			w.choose(t, sig.ChannelSMS, "", "")
		},
		"nothing was chosen, both are known": func(w *world) { w.contact(t, map[string]string{"email": guardianAt, "phone": phoneNumber}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			lay(w)
			w.replica(t)
			w.queue(t, w.toGuardian(sig.MailExpiryReminder))
			w.settled(t)
			if mails, texts := w.handed(t); mails != 1 || texts != 0 {
				t.Errorf("%d mails and %d text messages came, want one mail", mails, texts)
			}
		})
	}
}

func TestTheLanguageChosenIsTheMailsToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.choose(t, sig.ChannelMail, "so", "")
	w.replica(t)
	w.queue(t, w.toGuardian(sig.MailExpiryReminder))
	w.settled(t)
	if letter := read(t, w.catcher.Messages()[0]); letter.Language != "so" {
		t.Errorf("the mail is in %q, want so", letter.Language)
	}
}

// What stops a mail stops a text message: it is asked just before it leaves.
func TestWhatStopsAMailStopsATextMessage(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]string{
		"protected identity":  `update sig.youth set protection = 'marked'`,
		"guardianship ended":  `update sig.guardianship set valid_to = sig.now()`,
		"intervention over":   `update sig.intervention set state = 'closing', closed_reason = 'consent_withdrawn'`,
		"the youth is of age": `update sig.youth set birth_date = birth_date - interval '4 years'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.choose(t, sig.ChannelSMS, "", "+46"+phoneDigits)
			w.queue(t, w.toGuardian(sig.MailExpiryReminder))
			w.exec(t, stop)
			w.replica(t)
			if end := w.settled(t)["expiry_reminder"]; end != "not_entitled" {
				t.Errorf("it is %s, want not_entitled", end)
			}
			if mails, texts := w.handed(t); mails+texts != 0 {
				t.Errorf("%d mails and %d text messages came, want none", mails, texts)
			}
		})
	}
}

func TestAGatewayThatFailsIsAskedAgainWithTheSameID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.choose(t, sig.ChannelSMS, "", "+46"+phoneDigits)
	var tries atomic.Int32
	ids := map[string]bool{}
	w.catcher.RefuseTexts(func(m mailcatch.Text) int {
		ids[m.ID] = true
		switch tries.Add(1) {
		case 1:
			return http.StatusServiceUnavailable
		case 2:
			return -http.StatusBadGateway // taken, and the answer lost
		}
		return 0
	})
	w.replica(t)
	w.queue(t, w.toGuardian(sig.MailExpiryReminder))
	if end := w.settled(t)["expiry_reminder"]; end != "sent" {
		t.Errorf("it is %s, want sent", end)
	}
	if mails, texts := w.handed(t); mails != 0 || texts != 1 || len(ids) != 1 || tries.Load() != 3 {
		t.Errorf("%d mails, %d text messages, %d ids in %d tries; want one message under one id in three", mails, texts, len(ids), tries.Load())
	}
}

func TestAMessageThatTheGatewayWillNeverTakeIsCancelled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.choose(t, sig.ChannelSMS, "", "+46"+phoneDigits)
	w.catcher.RefuseTexts(func(mailcatch.Text) int { return http.StatusUnprocessableEntity })
	w.replica(t)
	w.queue(t, w.toGuardian(sig.MailExpiryReminder))
	if end := w.settled(t)["expiry_reminder"]; end != "refused" {
		t.Errorf("it is %s, want refused", end)
	}
	w.handed(t)
}

func TestAChoiceIsSeenByItsHolderAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.choose(t, sig.ChannelSMS, "so", "+46"+phoneDigits)
	seen := func(actor sig.Actor) (found bool) {
		err := w.db.App().Do(t.Context(), actor, func(tx *postgres.Tx) error {
			return tx.QueryRow(t.Context(), `select exists (select from sig.notice_choice)`).Scan(&found)
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if !seen(sig.Actor{Kind: sig.ActorGuardian, Guardian: w.guardian, Authority: "farsta"}) {
		t.Error("the guardian does not see the own choice")
	}
	for name, other := range map[string]sig.Actor{
		"another guardian": {Kind: sig.ActorGuardian, Guardian: sig.GuardianID{UUID: uuid.New()}, Authority: "farsta"},
		"the youth":        {Kind: sig.ActorYouth, Youth: w.youth, Authority: "farsta"},
		"the coordinator":  {Kind: sig.ActorStaff, Assignment: w.coordinator, Authority: "farsta", Function: sig.RoleCoordinator},
		"the system":       sig.System("test"),
	} {
		if seen(other) {
			t.Errorf("%s sees the guardian's choice", name)
		}
	}
	err := w.db.App().Do(t.Context(), sig.Actor{Kind: sig.ActorStaff, Assignment: w.coordinator, Authority: "farsta"}, func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into sig.notice_choice (guardian, channel, changed_at) values ($1, 'mail', sig.now())`, uuid.New())
		return err
	})
	if err == nil {
		t.Error("staff choose for a guardian")
	}
}
