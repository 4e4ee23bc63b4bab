package scenariotest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

func (c *city) minutes(who string, id sig.MeetingID) *meeting.Minutes {
	c.t.Helper()
	m, err := c.Meeting.Minutes(c.ctx(), c.as(who), c.id, id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return nil
	}
	c.must(err, who+" opens the minutes")
	return m
}

func (c *city) writesMinutes(who string, id sig.MeetingID, version int, texts ...string) error {
	return c.Meeting.WriteMinutes(c.ctx(), c.as(who), meeting.NewMinutes{Intervention: c.id, Meeting: id, Version: version, Texts: texts})
}

func (c *city) sendsMinutes(who string, id sig.MeetingID, version int) error {
	return c.Meeting.SendMinutes(c.ctx(), c.as(who), meeting.SendMinutes{
		Intervention: c.id, Meeting: id, Version: version, Necessity: "Minutes", WeakerReason: "They must know",
	})
}

// Minutes are one text with points. Each function gets the points that the
// consent lets the board tell it and no trace of the others; a correction is a
// new version that is approved and sent anew.
func TestMinutesReachEachFunctionInItsOwnPoints(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, seen, goals, attendance), sample.Police)
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends the meeting")
	c.must(c.writesMinutes(karin, id, 0, "MARKER-SEEN", "MARKER-GOALS", "MARKER-ATTENDANCE"), "Karin writes")
	c.must(c.writesMinutes(karin, id, 0, "MARKER-SEEN", "MARKER-GOALS", "MARKER-ATTENDANCE"), "Karin's form is sent twice")
	c.refusedWith(c.writesMinutes(karin, id, 0, "MARKER-OTHER", "", ""), "error.minutes_are_newer", "Karin writes over what she has not seen")
	c.refusedWith(c.sendsMinutes(karin, id, 1), "error.minutes_not_approved", "Karin sends what is not approved")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends again")
	for who, want := range map[string][3]int{berg: {1, 1, 0}, malin: {0, 1, 1}, agneta: {0, 1, 1}, jonas: {0, 1, 0}, fredrik: {}} {
		if got := [3]int{c.holds(who, "MARKER-SEEN"), c.holds(who, "MARKER-GOALS"), c.holds(who, "MARKER-ATTENDANCE")}; got != want {
			t.Errorf("%s holds %v, want %v", who, got, want)
		}
	}
	for who, want := range map[string]string{
		berg: "police_preventive_observation plan_goals", malin: "plan_goals attendance", nadia: "police_preventive_observation plan_goals attendance",
	} {
		var got []string
		m := c.minutes(who, id)
		for _, p := range m.Points {
			got = append(got, string(p.Category))
			if who != nadia && (p.Text != "" || len(p.Sent) != 1 || p.To != nil || p.Note != "") {
				t.Errorf("%s sees %+v", who, p)
			}
		}
		if strings.Join(got, " ") != want || m.Write {
			t.Errorf("%s sees %v, want %s", who, got, want)
		}
	}
	for _, who := range []string{fredrik, lind, elsa, "sara", "amir"} {
		if c.minutes(who, id) != nil {
			t.Errorf("%s sees the minutes", who)
		}
	}
	c.must(c.writesMinutes(karin, id, 1, "MARKER-SEEN", "MARKER-CORRECTED", "MARKER-ATTENDANCE"), "Karin corrects")
	c.refusedWith(c.sendsMinutes(karin, id, 2), "error.minutes_not_approved", "Karin sends a correction that is not approved")
	if got := [2]int{c.holds(berg, "MARKER-GOALS"), c.holds(berg, "MARKER-CORRECTED")}; got != [2]int{1, 0} {
		t.Errorf("before the correction is sent Berg holds %v", got)
	}
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 2), "Karin approves the correction")
	c.must(c.sendsMinutes(karin, id, 2), "Karin sends the correction")
	if got := [2]int{c.holds(berg, "MARKER-GOALS"), c.holds(berg, "MARKER-CORRECTED")}; got != [2]int{1, 1} {
		t.Errorf("after it Berg holds %v: what was sent stays, and the correction beside it", got)
	}
	if n := one[int](c, `select count(*)::int from sig.item where corrects is not null`); n != 1 {
		t.Errorf("%d items correct another", n)
	}
	if got := one[string](c, `select string_agg(version::text, ',' order by version) from sig.minutes_sent`); got != "1,1,1,2" {
		t.Errorf("sent are the versions %s: an unchanged point goes once", got)
	}
	for who, code := range map[string]string{nadia: "error.denied", berg: "error.not_found", lind: "error.not_found"} {
		c.refusedWith(c.writesMinutes(who, id, 2, "", "", ""), code, who+" writes")
		c.refusedWith(c.Meeting.ApproveMinutes(c.ctx(), c.as(who), c.id, id, 2), code, who+" approves")
		c.refusedWith(c.sendsMinutes(who, id, 2), code, who+" sends")
	}
	if n := one[int](c, `select count(*)::int from sig.minutes_text where position('MARKER' in encode(body_sealed, 'escape')) > 0`); n != 0 {
		t.Error("minutes lie in clear in the database")
	}
	for who, want := range map[string]string{karin: "1 3 4", nadia: "1 1 2", berg: "0 0 3", malin: "0 0 3", fredrik: "0 0 0", "sara": "0 0 0"} {
		var got []string
		for _, table := range []string{"minutes", "minutes_text where version_to is null", "minutes_sent"} {
			n, err := c.does(who, `select from sig.`+table)
			c.must(err, who+"'s page")
			got = append(got, fmt.Sprint(n))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s's page gets %v, want %s", who, got, want)
		}
	}
}

// After a withdrawal nothing of the minutes is sent, and what was is hidden.
func TestT15MinutesAreNotSentAfterAWithdrawal(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals), sample.Police)
	c.must(c.writesMinutes(karin, id, 0, "MARKER-FIRST"), "Karin writes")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends")
	c.must(c.writesMinutes(karin, id, 1, "MARKER-SECOND"), "Karin corrects")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 2), "Karin approves")
	c.db.FreezeClock(t, stockholm("2026-12-10 14:05:00"))
	c.withdraws("omid", everything)
	c.refusedWith(c.sendsMinutes(karin, id, 2), "error.minutes_stopped", "Karin sends after it")
	if c.minutes(berg, id) != nil || c.holds(berg, "MARKER") != 0 {
		t.Error("Berg has minutes after the withdrawal")
	}
	if m := c.minutes(karin, id); m == nil || m.Points[0].Text != "MARKER-SECOND" {
		t.Error("Karin has lost what she wrote")
	}
}

// The police told a point themselves, and the board has no row by which to tell
// them what it wrote about it: the minutes go without it, and nothing fails.
func TestMinutesLeaveOutWhomTheBoardMayNotTell(t *testing.T) {
	c := inForce(t)
	c.superDoes(`update sig.consent_grant set categories = array_remove(categories, 'police_preventive_observation')
		where discloser_function = 'coordinator' and recipient_function = 'community_police'`)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, seen), sample.Police)
	c.must(c.writesMinutes(karin, id, 0, "MARKER-GOALS", "MARKER-SEEN"), "Karin writes")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends")
	if got := [2]int{c.holds(berg, "MARKER-GOALS"), c.holds(berg, "MARKER-SEEN")}; got != [2]int{1, 0} {
		t.Errorf("Berg holds %v", got)
	}
	if got := c.minutes(berg, id).Points; len(got) != 1 || got[0].Category != sig.CategoryPlanGoals {
		t.Errorf("Berg's minutes show a gap: %+v", got)
	}
	for _, f := range c.minutes(karin, id).Points[1].To {
		if f.May {
			t.Errorf("%s would be told", f.Seat.Function)
		}
	}
}

// Inside the board, too, who had to leave for a point reads nothing of it: not
// what it is about, not the note, not the minutes, and not what was told or sent
// there; the function that holds the meeting, and who is called, read it all.
func TestInTheBoardAPointIsReadByWhoIsCalledToIt(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, meeting.NewPoint{
		Category: sig.CategoryPlanGoals, Teller: sample.Coordinator, Text: "MARKER-OURS", FamilyAlone: true,
	}, seen), sample.Police)
	for n := 1; n <= 2; n++ {
		_, err := c.Meeting.SaveDraft(c.ctx(), c.as(karin), meeting.NewDraft{
			Intervention: c.id, Meeting: id, Point: c.point(id, n), Internal: true, Text: "MARKER-NOTE",
		})
		c.must(err, "Karin notes something")
	}
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends the meeting")
	c.must(c.writesMinutes(karin, id, 0, "MARKER-GOALS", "MARKER-ALONE", "MARKER-SEEN"), "Karin writes")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends")
	for who, want := range map[string]string{
		karin: "MARKER-GOALS MARKER-NOTE, MARKER-OURS MARKER-ALONE MARKER-NOTE, MARKER-SEEN", nadia: "MARKER-GOALS MARKER-NOTE, ,", jonas: "MARKER-GOALS MARKER-NOTE, ,",
	} {
		m := c.minutes(who, id)
		var got []string
		for i, p := range m.Points {
			words := []string{p.Text, p.Note}
			if text := m.Open.Points[i].Text; text != p.Text {
				words = slices.Insert(words, 0, text)
			}
			got = append(got, strings.TrimSpace(strings.Join(words, " ")))
			if kept := who != karin && i > 0; p.Kept != kept {
				t.Errorf("%s, point %d: kept %t", who, i+1, p.Kept)
			}
		}
		if got := strings.TrimSpace(strings.Join(got, ", ")); got != want {
			t.Errorf("%s reads %q, want %q", who, got, want)
		}
	}
	told := itemsAt(c, id)
	if len(told) != 3 {
		t.Fatalf("%d points were sent", len(told))
	}
	told = append(told, c.corrects(told)...) // a correction is read by whom it corrects something for
	for who, want := range map[string]int{karin: 6, nadia: 2, jonas: 2, berg: 0} {
		reads := 0
		for _, item := range told {
			if _, err := c.Sharing.OpenItem(c.ctx(), c.as(who), c.id, item); err == nil {
				reads++
			} else if fault.KindOf(err) != fault.NotFound {
				t.Error(err)
			}
		}
		rows, err := c.does(who, `select from sig.item where id = any ($1)`, told)
		c.must(err, who+"'s page")
		why, err := c.does(who, `select from sig.disclosure where item = any ($1)`, told)
		c.must(err, who+"'s page")
		if all := one[int](c, `select count(*)::int from sig.disclosure where item = any ($1)`, told); who != berg && want < len(told) && int(why) >= all {
			t.Errorf("%s reads why and to whom it was told where the own function was not: %d of %d", who, why, all)
		}
		if reads != want || int(rows) != want {
			t.Errorf("%s reads %d of %d items of the minutes, and the database shows %d; want %d", who, reads, len(told), rows, want)
		}
	}
}

// The unit that holds the meeting reads what was said to the family alone: a
// coordinator of another unit of the board, whom Karin lets into the case, reads
// none of it, and Maria, who follows Karin in the seat, reads all of it.
func TestWhatTheFamilySaidAloneIsReadInTheUnitThatHoldsTheMeeting(t *testing.T) {
	c := inForce(t)
	elsewhere := c.as(maria)
	elsewhere.Assignment, elsewhere.Unit = sig.AssignmentID{UUID: uuid.New()}, "farsta-oppenvard"
	_, err := c.db.Super().Exec(c.ctx(), `insert into sig.assignment (id, person, staff_issuer, staff_key, name, unit, authority, function, valid_from)
		select $2, null, staff_issuer, 'ulla', 'Ulla Berg', 'farsta-oppenvard', authority, function, valid_from from sig.assignment where id = $1`,
		c.as(maria).Assignment, elsewhere.Assignment)
	c.must(err, "another unit appoints a coordinator")
	for _, who := range []sig.AssignmentID{elsewhere.Assignment, c.as(maria).Assignment} {
		c.must(c.Casework.GivePart(c.ctx(), c.as(karin), c.id, who, "arbetar med den unge"), "Karin lets a coordinator in")
	}
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, meeting.NewPoint{
		Category: sig.CategoryPlanGoals, Teller: sample.Coordinator, Text: "MARKER-OURS", FamilyAlone: true,
	}))
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends the meeting")
	c.must(c.writesMinutes(karin, id, 0, "", "MARKER-ALONE"), "Karin writes")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends")
	items := itemsAt(c, id)
	for who, want := range map[sig.Actor]bool{c.as(karin): true, c.as(maria): true, elsewhere: false} {
		m, err := c.Meeting.Minutes(c.ctx(), who, c.id, id)
		c.must(err, "a coordinator opens the minutes")
		if p := m.Points[1]; p.Kept == want || (p.Text == "MARKER-ALONE") != want || (m.Open.Points[1].Text == "MARKER-OURS") != want {
			t.Errorf("in %s the coordinator reads %q, %q", who.Unit, m.Open.Points[1].Text, p.Text)
		}
		if _, err := c.Sharing.OpenItem(c.ctx(), who, c.id, items[0]); (err == nil) != want {
			t.Errorf("in %s the coordinator opens what was said: %v", who.Unit, err)
		}
		for table, of := range map[string]uuid.UUID{"minutes_text where point": c.point(id, 2).UUID, "meeting_point_text where point": c.point(id, 2).UUID, "item where id": items[0].UUID} {
			if got := c.wallSays(who, `select exists (select from sig.`+table+` = $1)`, of); got != want {
				t.Errorf("in %s the database shows %s: %v", who.Unit, table, got)
			}
		}
	}
	over := meeting.NewMinutes{Intervention: c.id, Meeting: id, Version: 1, Texts: []string{"", "written over it"}}
	c.refusedWith(c.Meeting.WriteMinutes(c.ctx(), elsewhere, over), "error.denied", "another unit writes minutes over what is kept from it")
	_, err = c.Meeting.SaveDraft(c.ctx(), elsewhere, meeting.NewDraft{
		Intervention: c.id, Meeting: id, Point: c.point(id, 2), Internal: true, Text: "noted over it",
	})
	c.refusedWith(err, "error.denied", "another unit notes something there")
	if n := one[int](c, `select count(*)::int from sig.minutes_text where point = $1 and version_to is null`, c.point(id, 2)); n != 1 || c.minutes(karin, id).Points[1].Text != "MARKER-ALONE" {
		t.Errorf("%d texts stand where the family was alone", n)
	}
	c.must(c.Meeting.WriteMinutes(c.ctx(), c.as(maria), over), "Maria corrects them in the unit that held the meeting")
	for who, want := range map[sig.Actor]bool{c.as(karin): true, elsewhere: false} {
		undone := errors.New("undone")
		err := c.App.Do(c.ctx(), who, func(tx *postgres.Tx) error {
			if err := tx.ReadClock(c.ctx()); err != nil {
				return err
			}
			_, err := tx.Exec(c.ctx(), `insert into sig.minutes_text (point, version_from, version_to, meeting, intervention, authority, body_sealed, written_by, written_at)
				select p.id, 9, 9, p.meeting, p.intervention, sig.my_authority(), '\x00', sig.setting_uuid('app.assignment'), sig.now() from sig.meeting_point p where p.id = $1`, c.point(id, 2))
			return cmp.Or(err, undone)
		})
		if errors.Is(err, undone) != want {
			t.Errorf("in %s the database takes minutes written there: %v", who.Unit, err)
		}
	}
}

// Where the database lets a point pass, the policy stops it.
func TestAPointThatTheDatabaseLetsPassIsStopped(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, seen), sample.Police)
	c.must(c.Meeting.EndRoom(c.ctx(), c.as(karin), c.id, id), "Karin ends the meeting")
	c.must(c.writesMinutes(karin, id, 0, "MARKER-GOALS", "MARKER-SEEN"), "Karin writes")
	c.must(c.Meeting.ApproveMinutes(c.ctx(), c.as(karin), c.id, id, 1), "Karin approves")
	c.must(c.sendsMinutes(karin, id, 1), "Karin sends")
	told := itemsAt(c, id)
	told = append(told, c.corrects(told)...)
	c.superDoes(`create or replace function sig.points_kept_from_me() returns uuid[] language sql stable as $$ select '{}'::uuid[] $$`)
	for _, who := range []string{nadia, jonas} {
		reads := 0
		for _, item := range told {
			if _, err := c.Sharing.OpenItem(c.ctx(), c.as(who), c.id, item); err == nil {
				reads++
			}
		}
		if reads != 2 {
			t.Errorf("%s opens %d of what was sent and its corrections, want what the own function was called to", who, reads)
		}
		if _, err := c.Meeting.Minutes(c.ctx(), c.as(who), c.id, id); err == nil {
			t.Errorf("%s opens the minutes", who)
		}
		if _, err := c.Meeting.Open(c.ctx(), c.as(who), c.id, id); err == nil {
			t.Errorf("%s opens the meeting with what the point is about", who)
		}
	}
}

// corrects has Karin correct each of some items.
func (c *city) corrects(items []sig.ItemID) (corrections []sig.ItemID) {
	c.t.Helper()
	for n, item := range items {
		id, err := c.Sharing.WriteItem(c.ctx(), c.as(karin), sharing.NewItem{
			Key: fmt.Sprint("correct", n), Intervention: c.id, Categories: []sig.Category{sig.CategoryPlanGoals}, Text: "MARKER-CORRECTED", Corrects: item,
		})
		c.must(err, "Karin corrects what was sent")
		corrections = append(corrections, id)
	}
	return corrections
}

func itemsAt(c *city, id sig.MeetingID) []sig.ItemID {
	c.t.Helper()
	rows, err := c.db.Super().Query(c.ctx(), `select item from sig.minutes_sent where meeting = $1`, id)
	c.must(err, "look for what was sent")
	items, err := pgx.CollectRows(rows, pgx.RowTo[sig.ItemID])
	c.must(err, "look for what was sent")
	return items
}
