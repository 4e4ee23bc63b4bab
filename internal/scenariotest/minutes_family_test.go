package scenariotest

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// readsMinutes is what somebody of the family reads of the minutes, "" where
// there are none.
func (c *city) readsMinutes(who string, id sig.MeetingID) string {
	c.t.Helper()
	open, err := c.Meeting.FamilyMinutes(c.ctx(), c.as(who), c.id, id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return ""
	}
	c.must(err, who+" opens the minutes")
	var texts []string
	for _, p := range open.Points {
		texts = append(texts, p.Text)
	}
	return strings.Join(texts, " ")
}

// held is how many meetings that have been somebody of the family finds.
func (c *city) held(who string) int {
	c.t.Helper()
	all, err := c.Meeting.OfFamily(c.ctx(), c.as(who), c.id)
	c.must(err, who+" looks at the meetings")
	return len(all.Held)
}

// shows decides that somebody of the family sees the newest item of a category.
func (c *city) shows(category string, viewer uuid.UUID, visible, atHome bool) {
	c.t.Helper()
	in := sharing.NewVisibility{Viewer: postgres.ViewerID{UUID: viewer}, Visible: visible, LowRiskAtHome: atHome}
	if !visible {
		in.Ground = "osl_12_3_severe_harm"
	}
	c.decidesVisible(karin, one[sig.ItemID](c, `select s.item from sig.minutes_sent s join sig.item i on i.id = s.item where $1 = any (i.categories) order by s.version desc limit 1`, category), in)
}

// Each of the family reads the points of the minutes that were decided for just
// this one, and finds no trace of the others: not their number, not a gap, and
// where there are none not that there was a meeting.
func TestTheFamilyReadsItsOwnPointsOfTheMinutes(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, seen, goals, attendance), sample.Police)
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends the meeting")
	c.must(c.writesMinutes(karin, id, 0, "MARKER-SEEN", "MARKER-GOALS", "MARKER-ATTENDANCE"), "Karin writes")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends")
	expect := func(want map[string]string) {
		t.Helper()
		for who, text := range want {
			if got := c.readsMinutes(who, id); got != text {
				t.Errorf("%s reads %q, want %q", who, got, text)
			}
			if c.held(who) != min(1, len(text)) {
				t.Errorf("%s finds %d meetings that have been", who, c.held(who))
			}
			points := int64(len(strings.Fields(text)))
			if n, err := c.does(who, `select from sig.my_minutes($1)`, c.id); err != nil || n != points { // without the items' own wall
				t.Errorf("the database shows %s %d points, want %d; %v", who, n, points, err)
			}
		}
	}
	expect(map[string]string{"sara": "", "omid": "", "amir": ""})
	sara, omid, amir := c.as("sara").Guardian.UUID, c.as("omid").Guardian.UUID, c.as("amir").Youth.UUID
	c.shows("plan_goals", sara, true, false)
	c.shows("attendance", sara, true, false)
	c.shows("attendance", omid, false, false)
	c.shows("plan_goals", amir, true, false)
	c.shows("attendance", amir, true, true)
	expect(map[string]string{"sara": "MARKER-GOALS MARKER-ATTENDANCE", "omid": "", "amir": "MARKER-ATTENDANCE"})
	reads := one[int](c, `select count(*)::int from sig.ledger where kind = 'read_item' and actor = 'guardian' and basis = 'visibility' and outcome = 'allowed'`)
	c.readsMinutes("sara", id)
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'read_item' and actor = 'guardian' and basis = 'visibility' and outcome = 'allowed'`) - reads; n != 2 {
		t.Errorf("%d rows in the ledger for two texts", n)
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = $1 and outcome = 'refused'`, ledger.ReadMeeting); n == 0 {
		t.Error("a refusal is not in the ledger")
	}
	for _, who := range []string{karin, berg, malin, fredrik, elsa} {
		if got := c.readsMinutes(who, id); got != "" {
			t.Errorf("%s reads the family's minutes: %q", who, got)
		}
		if n, err := c.does(who, `select from sig.my_minutes($1)`, c.id); err != nil || n != 0 {
			t.Errorf("the database shows %s %d of the family's points, %v", who, n, err)
		}
	}
	// A correction is another text: it takes the place of the first where it is decided upon.
	c.must(c.writesMinutes(karin, id, 1, "MARKER-SEEN", "MARKER-CORRECTED", "MARKER-ATTENDANCE"), "Karin corrects")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 2), "Karin approves the correction")
	c.must(c.sendsMinutes(karin, id, 2), "Karin sends the correction")
	expect(map[string]string{"sara": "MARKER-GOALS MARKER-ATTENDANCE"})
	c.shows("plan_goals", sara, true, false)
	expect(map[string]string{"sara": "MARKER-CORRECTED MARKER-ATTENDANCE"})
	c.shows("plan_goals", sara, false, false)
	c.shows("attendance", amir, true, false)
	expect(map[string]string{"sara": "MARKER-GOALS MARKER-ATTENDANCE", "amir": ""})
	for _, who := range []string{"maja", "viktor"} {
		if got := c.readsMinutes(who, id); got != "" {
			t.Errorf("%s, of another family, reads %q", who, got)
		}
	}
}
