package scenariotest

import (
	"strings"
	"testing"

	"sigportal/internal/meeting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// The database refuses on its own what the services refuse: attendance that
// others than the coordinator note, drafts of another seat, and stamps where
// the room is not open or the point not the own function's.
func TestTheDatabaseKeepsTheRoomOnItsOwn(t *testing.T) {
	c := inForce(t)
	id := c.live(c.meets("2026-12-10 14:00:00", network, goals, seen), sample.Police)
	_, err := c.Meeting.SaveDraft(c.ctx(), c.as(berg), meeting.NewDraft{Intervention: c.id, Meeting: id, Point: c.point(id, 2), Text: "MARKER-DRAFT"})
	c.must(err, "Berg writes")
	_, err = c.Meeting.SaveDraft(c.ctx(), c.as(karin), meeting.NewDraft{Intervention: c.id, Meeting: id, Point: c.point(id, 1), Internal: true, Text: "MARKER-NOTE"})
	c.must(err, "Karin writes")
	const comes = `insert into sig.meeting_attendance (id, meeting, intervention, invitation, came_at, came_noted_by)
		select gen_random_uuid(), v.meeting, v.intervention, v.id, now(), sig.setting_uuid('app.assignment') from sig.meeting_invitation v
		 where v.meeting = $1 and v.function = 'community_police'`
	const note = `insert into sig.meeting_draft (point, kind, meeting, intervention, authority, unit, function, version, body_sealed, saved_at, saved_by)
		select p.id, $2, p.meeting, p.intervention, $3, $4, $5, 1, 'x', now(), sig.setting_uuid('app.assignment') from sig.meeting_point p
		 where p.meeting = $1 and p.position = 1`
	const tells = `insert into sig.meeting_told (item, point, meeting, intervention, authority, told_at, told_by)
		select i.id, p.id, p.meeting, p.intervention, i.authority, now(), sig.setting_uuid('app.assignment') from sig.meeting_point p, sig.item i
		 where p.meeting = $1 and p.position = $2 and i.author = sig.setting_uuid('app.assignment')`
	c.writes(berg, sig.CategoryPoliceObservation)
	refused := func(who, why, sql string, args ...any) {
		t.Helper()
		if n, err := c.does(who, sql, args...); n != 0 || err != nil && !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s's page %s: %d rows, %v", who, why, n, err)
		}
	}
	for _, who := range []string{berg, nadia} {
		refused(who, "notes who came", comes, id)
	}
	police := []any{id, "told", "polisen", "polis-farsta", "community_police"}
	refused(berg, "writes under the coordinator's point", note, police...)
	refused(berg, "writes the board's note", note, id, "internal", "farsta-sdn", "farsta-unga", "coordinator")
	refused(nadia, "writes the board's note", note, id, "internal", "farsta-sdn", "farsta-unga", "coordinator")
	refused(karin, "saves in between", `update sig.meeting_draft set body_sealed = 'x', version = version + 1 where meeting = $1 and kind = 'told'`, id)
	refused(malin, "saves over the police's", `update sig.meeting_draft set body_sealed = 'x', version = version + 1 where meeting = $1`, id)
	refused(berg, "stamps under the coordinator's point", tells, id, 1)
	for who, want := range map[string]int64{karin: 1, nadia: 1, berg: 1, malin: 0, lind: 0, "sara": 0, "amir": 0, "registrar-farsta": 0} {
		if n, err := c.does(who, `select from sig.meeting_draft where meeting = $1`, id); n != want || err != nil {
			t.Errorf("%s's page gets %d drafts, want %d: %v", who, n, want, err)
		}
	}
	for who, want := range map[string]int64{karin: 2, berg: 1, malin: 0, lind: 0, "sara": 0} {
		if n, err := c.does(who, `select from sig.meeting_attendance where meeting = $1`, id); n != want || err != nil {
			t.Errorf("%s's page gets %d stays, want %d: %v", who, n, want, err)
		}
	}
	if _, err := c.does(berg, `update sig.meeting_draft set body_sealed = 'x', version = version + 2 where meeting = $1`, id); err == nil {
		t.Error("a version is left out")
	}
	if n, err := c.does(berg, tells, id, 2); n == 0 || err != nil {
		t.Errorf("the same statement under the police's own point, in an open room: %d rows, %v", n, err)
	}
	c.superDoes(`delete from sig.meeting_told`)
	c.withdraws("omid", everything)
	refused(berg, "stamps after the withdrawal", tells, id, 2)
	refused(karin, "lets somebody in after the withdrawal", comes, id)
	if n, _ := c.does(karin, `update sig.meeting set sharing_ended_at = null where id = $1`, id); n != 0 {
		t.Error("sharing goes on in a room that has stopped")
	}
}

func (c *city) superDoes(sql string) {
	c.t.Helper()
	if _, err := c.db.Super().Exec(c.ctx(), sql); err != nil {
		c.t.Fatal(err)
	}
}
