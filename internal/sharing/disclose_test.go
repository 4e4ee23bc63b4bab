package sharing_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"sigportal/internal/fault"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// reasons are the message keys at the fields of a refusal.
func reasons(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return "not a fault"
	}
	var codes []string
	for _, field := range f.Fields {
		codes = append(codes, field.Name+"="+field.Code)
	}
	return strings.Join(codes, " ")
}

func (w *world) rows(where string, args ...any) int {
	w.t.Helper()
	var n int
	if err := w.db.Super().QueryRow(w.t.Context(), `select count(*) from sig.ledger where `+where, args...).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// T01: with consent C1 in force the police officer tells the coordinator, who
// reads it; the ledger has item, sender, recipient and basis.
func TestPoliceTellCoordinatorByConsent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item := w.writes("berg", "Sedd vid centrum sent.", sig.CategoryPoliceObservation)
	id := w.sends("berg", item, coordinatorSeat)

	got, err := w.service.OpenCopy(t.Context(), w.staff["coordinator"], w.intervention, id)
	if err != nil {
		t.Fatalf("the coordinator opens the copy: %v", err)
	}
	if got.Text != "Sedd vid centrum sent." || got.Sender != policeSeat {
		t.Errorf("copy = %+v", got)
	}
	if n := w.rows(`kind = 'disclose' and outcome = 'allowed' and object_id = $1 and basis = 'consent' and consent = $2
		and recipient_function = 'coordinator' and function = 'community_police'`, id, w.consent); n != 1 {
		t.Errorf("ledger rows of the disclosure: %d, want 1", n)
	}
	if n := w.rows(`kind = 'read_copy' and object_id = $1 and consent = $2`, id, w.consent); n != 1 {
		t.Errorf("ledger rows of the read: %d, want 1", n)
	}
	for _, other := range []string{"secretary", "jonas", "berg", "lind", "counsellor", "mentor", "colleague", "registrar"} {
		if c, err := w.service.OpenCopy(t.Context(), w.staff[other], w.intervention, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s opens the coordinator's copy: %+v, %v; want not found", other, c, err)
		}
	}
	for name, family := range map[string]sig.Actor{"Sara": w.guardian(w.sara), "Amir": w.youth()} {
		if _, err := w.service.OpenCopy(t.Context(), family, w.intervention, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s opens the copy itself: %v; want not found", name, err)
		}
	}
}

// What the consent does not name is refused with the test that failed, and the
// refusal stands in the ledger.
func TestRefusedRecipientsSayWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	observation := w.writes("berg", "MARKER-1", sig.CategoryPoliceObservation)
	suspicion := w.writes("berg", "MARKER-2", sig.CategoryPoliceSuspicion)
	two := w.writes("berg", "MARKER-3", sig.CategoryPlanGoals, sig.CategoryAttendance)
	for _, tc := range []struct {
		what string
		item sig.ItemID
		to   sig.Seat
		want string
	}{
		{"a function that no row names", observation, counsellorSeat, "reason.no_grant_recipient"},
		{"a field assistant of another authority (T07)", observation, fieldSeat, "reason.no_grant_recipient"},
		{"a category that the row lacks", suspicion, coordinatorSeat, "reason.category_not_covered"},
		{"two categories that no single row has", two, coordinatorSeat, "reason.category_not_covered"},
		{"another board", observation, sig.Seat{Authority: "jarva-sdn", Unit: "jarva-unga", Function: sig.RoleCoordinator}, "reason.no_grant_recipient"},
		{"a unit given with a false authority", observation, sig.Seat{Authority: "polisen", Unit: "farsta-unga", Function: sig.RoleCoordinator}, "reason.no_grant_recipient"},
	} {
		if sent, err := w.discloses("berg", tc.item, tc.to); !strings.Contains(reasons(err), tc.want) {
			t.Errorf("%s: sent %v, %v (%s); want %s", tc.what, sent, err, reasons(err), tc.want)
		}
	}
	if n := w.rows(`kind = 'disclose' and outcome = 'refused'`); n != 6 {
		t.Errorf("refusals in the ledger: %d, want 6", n)
	}
	var copies int
	if err := w.db.Super().QueryRow(t.Context(), `select count(*) from sig.received`).Scan(&copies); err != nil || copies != 0 {
		t.Errorf("copies after refusals: %d, %v; want none", copies, err)
	}
}

// One refused recipient refuses the whole act: nothing is half sent.
func TestOneRefusalSendsToNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item := w.writes("berg", "MARKER", sig.CategoryPoliceObservation)
	if _, err := w.discloses("berg", item, coordinatorSeat, counsellorSeat); err == nil {
		t.Fatal("sent although one recipient is not covered")
	}
	page, err := w.service.Inbox(t.Context(), w.staff["coordinator"], nil, nil)
	if err != nil || len(page.Lines) != 0 {
		t.Errorf("the coordinator's inbox: %v, %v; want empty", page, err)
	}
}

// The window is [from, to): at its last microsecond it is open, at its end not.
func TestWindowIsHalfOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	end := time.Date(2027, 6, 1, 0, 0, 0, 0, sig.Stockholm)
	item := w.writes("berg", "MARKER", sig.CategoryPoliceObservation)
	id := w.sends("berg", item, coordinatorSeat)
	w.db.FreezeClock(t, end.Add(-time.Microsecond))
	if _, err := w.service.OpenCopy(t.Context(), w.staff["coordinator"], w.intervention, id); err != nil {
		t.Errorf("one microsecond before the end: %v", err)
	}
	w.db.FreezeClock(t, end)
	if _, err := w.service.OpenCopy(t.Context(), w.staff["coordinator"], w.intervention, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("at the end: %v; want not found", err)
	}
	if _, err := w.discloses("berg", item, coordinatorSeat); !strings.Contains(reasons(err), "reason.window_over") {
		t.Errorf("disclosed at the end: %s", reasons(err))
	}
}

// Whoever sits in the function without taking part is told nothing: no mail and
// no nudge; and a function of the own board in which nobody takes part is no
// recipient by need.
func TestOnlyWhoTakesPartIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sends("berg", w.writes("berg", "Sedd vid centrum.", sig.CategoryPoliceObservation), coordinatorSeat)
	for name, want := range map[string]int{"coordinator": 1, "colleague": 0} {
		var mails, nudges int
		err := w.db.Super().QueryRow(t.Context(), `select
			(select count(*) from sig.mail where object_id = $1 and assignment = $2),
			(select count(*) from sig.outbox where $2 = any (topics))`, id, w.staff[name].Assignment).Scan(&mails, &nudges)
		if err != nil || mails != want || nudges != want {
			t.Errorf("%s gets %d mails and %d nudges, want %d: %v", name, mails, nudges, want, err)
		}
	}
	w.exec(`update sig.participation set valid_to = '2026-12-01' where assignment = $1`, w.staff["jonas"].Assignment)
	logistics := w.writes("coordinator", "Mötet är kl. 14.", sig.CategoryMeetingLogistics)
	if sent, err := w.discloses("coordinator", logistics, fieldSeat); err == nil {
		t.Errorf("told to a function in which nobody takes part: %+v", sent)
	}
}

// Who sends a form twice at once tells once, and both answers name the same
// disclosure: those who tell hold only the shared lock.
func TestAFormSentTwiceAtOnceTellsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item := w.writes("berg", "Sedd vid centrum sent.", sig.CategoryPoliceObservation)
	for round := range 20 {
		in := sharing.NewDisclosure{
			Key: fmt.Sprint("form ", round), Intervention: w.intervention, Item: item,
			Recipients: []sig.Seat{coordinatorSeat}, Necessity: "behövs",
		}
		var answers [4][]sharing.Sent
		var group errgroup.Group
		for i := range answers {
			group.Go(func() (err error) {
				answers[i], err = w.service.Disclose(t.Context(), w.staff["berg"], in)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		for _, a := range answers {
			if len(a) != 1 || a[0].ID != answers[0][0].ID || !a[0].At.Equal(answers[0][0].At) {
				t.Fatalf("round %d: answers = %+v", round, answers)
			}
		}
		if n := w.rows(`kind = 'disclose' and outcome = 'allowed' and object_id = $1`, answers[0][0].ID); n != 1 {
			t.Fatalf("round %d: %d ledger rows, want 1", round, n)
		}
	}
}

// T29: from strong secrecy to a mentor (OSL 23:2 third paragraph) the sender is
// warned and must say why.
func TestWeakRecipientAsksForAReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item := w.writes("coordinator", "MARKER", sig.CategorySubstanceUse)
	if _, err := w.discloses("coordinator", item, mentorSeat); !strings.Contains(reasons(err), "reason.weaker_unanswered") {
		t.Fatalf("sent to the mentor without a reason: %s", reasons(err))
	}
	_, err := w.service.Disclose(t.Context(), w.staff["coordinator"], sharing.NewDisclosure{
		Intervention: w.intervention, Item: item, Recipients: []sig.Seat{mentorSeat}, Necessity: "behövs", WeakerReason: "mentorn möter Amir varje dag",
	})
	if err != nil {
		t.Errorf("sent with a reason: %v", err)
	}
}

// T07: inside the board a participant receives by need; a colleague without a
// part does not.
func TestInternalNeedInsideTheBoard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item := w.writes("coordinator", "Mötet är kl. 14.", sig.CategoryMeetingLogistics)
	id := w.sends("coordinator", item, fieldSeat)
	if _, err := w.service.OpenCopy(t.Context(), w.staff["jonas"], w.intervention, id); err != nil {
		t.Errorf("the field assistant of the same board reads: %v", err)
	}
	if _, err := w.service.OpenItem(t.Context(), w.staff["colleague"], w.intervention, item); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a colleague without a part reads: %v", err)
	}
}
