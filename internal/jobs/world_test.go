package jobs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/alarm"
	"sigportal/internal/dbtest"
	"sigportal/internal/jobs"
	"sigportal/internal/mail"
	"sigportal/internal/mailcatch"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
	"sigportal/internal/sms"
)

// The canaries stand in every field about a person; no byte of any mail, log
// line or job may hold one.
const (
	canaryYouth    = "KANARIEAMIR"
	canaryGuardian = "KANARIESARA"
	canaryStaff    = "KANARIEEVA"
	coordinatorAt  = "eva@farsta.example"
	counsellorAt   = "bo@skolan.example"
	guardianAt     = "vardnadshavare@example.net"
	caseNumber     = "ABCD-2345"
	phone          = "08-000 00 00"
)

// world is one intervention with a coordinator, a counsellor of another
// authority and a guardian, a mail server, and one replica at work.
type world struct {
	db                      *dbtest.Database
	catcher                 *mailcatch.Catcher
	sealer                  *seal.Sealer
	intervention            sig.InterventionID
	youth                   sig.YouthID
	guardian                sig.GuardianID
	coordinator, counsellor sig.AssignmentID
	log                     *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newSealer() (*seal.Sealer, error) {
	return seal.New(bytes.Repeat([]byte{1}, seal.KeySize), bytes.Repeat([]byte{2}, seal.KeySize))
}

func newWorld(t testing.TB) *world {
	t.Helper()
	sealer, err := newSealer()
	if err != nil {
		t.Fatal(err)
	}
	catcher, err := mailcatch.Start(t.Context(), "127.0.0.1:0", "127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = catcher.Close() })
	w := &world{
		db: dbtest.New(t), catcher: catcher, sealer: sealer, log: &lockedBuffer{},
		intervention: sig.InterventionID{UUID: uuid.New()}, youth: sig.YouthID{UUID: uuid.New()},
		guardian: sig.GuardianID{UUID: uuid.New()}, coordinator: sig.AssignmentID{UUID: uuid.New()},
		counsellor: sig.AssignmentID{UUID: uuid.New()},
	}
	w.exec(t, `
insert into sig.authority (id, kind, name, public_body) values
  ('farsta', 'district_board', 'Farsta', true), ('skolan', 'education_board', 'Skolan', true)`)
	w.exec(t, `insert into sig.branch (id, authority, name, regime) values
  ('ifo', 'farsta', 'IFO', 'social_26_1'), ('elev', 'skolan', 'Elevhälsa', 'school_pupil_health_23_2a')`)
	w.exec(t, `insert into sig.unit (id, branch, authority, name) values ('unga', 'ifo', 'farsta', 'Unga'), ('halsa', 'elev', 'skolan', 'Hälsa')`)
	w.exec(t, `insert into sig.identity_provider values ('stad', 'staff', 'employee')`)
	w.exec(t, `insert into sig.assignment (id, staff_issuer, staff_key, name, email, unit, authority, function, valid_from) values
  ($1, 'stad', 'e1', $3, $4, 'unga', 'farsta', 'coordinator', '2020-01-01'),
  ($2, 'stad', 'e2', $3, $5, 'halsa', 'skolan', 'school_counsellor', '2020-01-01')`,
		w.coordinator, w.counsellor, canaryStaff, coordinatorAt, counsellorAt)
	w.exec(t, `insert into sig.youth (id, authority, name, birth_date, pin_hash, pin_sealed, created_at)
  values ($1, 'farsta', $2, sig.now() - interval '15 years', sha256('a'), '', sig.now())`, w.youth, canaryYouth)
	w.exec(t, `insert into sig.guardianship (id, youth, authority, name, pin_hash, pin_sealed, custody, source, verified_on, valid_from)
  values ($1, $2, 'farsta', $3, sha256('b'), '', 'sole', 'manual', '2026-01-01', '2020-01-01')`, w.guardian, w.youth, canaryGuardian)
	w.exec(t, `insert into sig.intervention (id, case_number, authority, youth, programme, state, state_since, created_at, created_by)
  values ($1, $2, 'farsta', $3, 'sig', 'active', sig.now(), sig.now(), $4)`, w.intervention, caseNumber, w.youth, w.coordinator)
	w.exec(t, `insert into sig.participation (id, intervention, assignment, authority, unit, function, valid_from) values
  (gen_random_uuid(), $1, $2, 'farsta', 'unga', 'coordinator', '2020-01-01'),
  (gen_random_uuid(), $1, $3, 'skolan', 'halsa', 'school_counsellor', '2020-01-01')`, w.intervention, w.coordinator, w.counsellor)
	w.contact(t, map[string]string{"email": guardianAt, "phone": "070", "language": "ar"})
	return w
}

// contact seals the guardian's contact data.
func (w *world) contact(t testing.TB, data map[string]string) {
	t.Helper()
	text, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	var sealed []byte
	err = w.db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) (err error) {
		sealed, err = w.sealer.Seal(t.Context(), tx, seal.Place{Authority: "farsta", Field: "contact", Object: w.guardian.UUID}, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.exec(t, `update sig.guardianship set contact_sealed = $2 where id = $1`, w.guardian, sealed)
}

func (w *world) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := w.db.Super().Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%v in %.80s", err, sql)
	}
}

// replica starts one replica's alarm and workers; what it returns stops them.
func (w *world) replica(t testing.TB) (stop func()) {
	t.Helper()
	db := w.db.Worker() // opened first, so that it is closed last
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := work(ctx, db, w.sealer, w.catcher.SMTPAddr(), w.catcher.GatewayURL(), w.log); err != nil {
			t.Errorf("work the queue: %v", err)
		}
	})
	stop = sync.OnceFunc(func() { cancel(); running.Wait() })
	t.Cleanup(stop)
	return stop
}

// work is one replica's share of the mail, until the context ends.
func work(ctx context.Context, db *postgres.DB, sealer *seal.Sealer, smtp, gateway string, lines io.Writer) error {
	sender, err := mail.New(mail.Config{Address: smtp, From: "portal@sig.example", TLS: "none", Link: "https://sig.example/", Phone: phone})
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(lines, nil))
	texts, err := sms.New(sms.Config{URL: gateway, Token: "secret", From: "Samverkan", Link: "https://sig.example/"})
	if err != nil {
		return err
	}
	j, err := jobs.New(jobs.Deps{DB: db, Sealer: sealer, Sender: sender, Texts: texts, Log: log})
	if err != nil {
		return err
	}
	a := alarm.New(db, log)
	a.Handle(postgres.AlarmMailDue, j.MailDue)
	var running sync.WaitGroup
	running.Go(func() { a.Run(ctx) })
	err = j.Run(ctx)
	running.Wait()
	return err
}

// queue queues mails in one transaction of the pages' role.
func (w *world) queue(t testing.TB, mails ...postgres.Mail) {
	t.Helper()
	err := w.db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		if err := tx.Lock(t.Context(), postgres.LockKey(w.intervention)); err != nil {
			return err
		}
		for _, m := range mails {
			tx.QueueMail(m)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// toCoordinator is a mail of a kind to the coordinator.
func (w *world) toCoordinator(kind sig.MailKind) postgres.Mail {
	return postgres.Mail{Kind: kind, Assignment: w.coordinator, Intervention: w.intervention, About: time.Date(2026, 12, 3, 23, 0, 0, 0, time.UTC)}
}

func (w *world) toGuardian(kind sig.MailKind) postgres.Mail {
	m := w.toCoordinator(kind)
	m.Assignment, m.Guardian = sig.AssignmentID{}, w.guardian
	return m
}

// settled waits until no mail is open and gives what became of each, by kind.
func (w *world) settled(t testing.TB) map[string]string {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		var open int
		if err := w.db.Super().QueryRow(t.Context(),
			`select count(*) from sig.mail where sent_at is null and cancelled_at is null`).Scan(&open); err != nil {
			t.Fatal(err)
		}
		if open == 0 {
			break
		}
		select {
		case <-deadline:
			t.Fatalf("%d mails are open after 30 s; log:\n%s", open, w.log)
		case <-time.After(20 * time.Millisecond):
		}
	}
	rows, err := w.db.Super().Query(t.Context(), `select kind, coalesce(cancel_reason, 'sent') from sig.mail`)
	if err != nil {
		t.Fatal(err)
	}
	became := map[string]string{}
	for rows.Next() {
		var kind, end string
		if err := rows.Scan(&kind, &end); err != nil {
			t.Fatal(err)
		}
		became[kind] = end
	}
	return became
}
