package httpd

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/meeting"
	"sigportal/internal/plan"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// T26: whoever works with the case of somebody protected reads which unit is
// called, tells, is in the room and has promised something: of two districts the
// right one. The family reads the function alone.
func TestT26StaffReadWhichUnitTheFamilyDoesNot(t *testing.T) {
	w := newTown(t)
	s := w.amir()
	w.signIn("coordinator-farsta", "police-farsta")
	karin := w.actors["coordinator-farsta"]
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.Consenting.Protect(t.Context(), karin, s.Intervention, sig.ProtectionMarked)
	must(err)
	start := w.db.Now(t).Add(10 * time.Minute)
	id, err := w.Meeting.Schedule(t.Context(), karin, meeting.NewMeeting{
		Key: uuid.NewString(), Intervention: s.Intervention, Start: start, End: start.Add(time.Hour), Call: []sig.Seat{sample.Coordinator, sample.Police},
		Points: []meeting.NewPoint{{Category: sig.CategoryPlanGoals, Teller: sample.Coordinator, Text: "Kvällarna."}},
	})
	must(err)
	must(w.Plan.Write(t.Context(), karin, plan.New{
		Intervention: s.Intervention, FollowUp: sig.DateOf(start.AddDate(0, 1, 0)), Goals: []string{"Hemma före 22."},
		Add: []plan.NewCommitment{{Seat: sample.Police, DueOn: sig.DateOf(start.AddDate(0, 0, 7)), Text: "Ringer varje vecka."}},
	}))
	const which, unit = "Kommunpolis, Lokalpolisområde Farsta", "Lokalpolisområde"
	at := casePath(s.Intervention)
	for _, page := range []string{at + "/meetings/new", meetingPath(s.Intervention, id), at + "/plan", at + "/plan/edit", at + "/plan/export.txt"} {
		if got := w.ask("GET", page, "", "Test-Visitor", "coordinator-farsta"); got.StatusCode != 200 || !strings.Contains(got.body, which) {
			t.Errorf("%s: %d, it does not say which police", page, got.StatusCode)
		}
	}
	must(w.Meeting.OpenRoom(t.Context(), karin, s.Intervention, id))
	for _, page := range []string{"/room", "/minutes"} {
		if got := inWords(w.get("coordinator-farsta", meetingPath(s.Intervention, id)+page, 200), "main"); !strings.Contains(got, which) {
			t.Errorf("%s does not say which police: %s", page, got)
		}
	}
	for _, who := range []string{"sara", "omid", "amir"} {
		if got := inWords(w.get(who, at+"/our-meetings", 200), "main"); strings.Contains(got, unit) || !strings.Contains(got, "Kommunpolis") {
			t.Errorf("the meetings tell %s which unit, or not that the police come: %s", who, got)
		}
		if got := inWords(w.get(who, at+"/our-plan", 200), "main"); strings.Contains(got, unit) {
			t.Errorf("the plan tells %s which unit: %s", who, got)
		}
	}
}
