package scenariotest

import (
	"testing"

	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// TestTheSecondWallKeepsQuestions: without a line of Go, the database shows a
// question to the two functions alone, takes one only with the disclosure that
// carries it, and an answer only from the asked function, in time.
func TestTheSecondWallKeepsQuestions(t *testing.T) {
	c := inForce(t)
	id := c.put(karin, sample.Police, sig.CategoryPoliceObservation)
	sees := func(who string) bool {
		t.Helper()
		n, err := c.does(who, `select from sig.directed_question where id = $1`, id)
		c.must(err, who+" looks")
		return n == 1
	}
	for _, who := range []string{karin, berg, nadia, jonas, malin, agneta, lind, elsa, "registrar-police", "log-reviewer-farsta", "sara", "omid", "amir"} {
		if want := who == karin || who == berg; sees(who) != want {
			t.Errorf("the database shows %s the question: %v", who, !want)
		}
	}
	// What was told in another matter answers nothing.
	other := c.told(berg, sample.Coordinator, sig.CategoryPlanGoals)
	const answer = `update sig.directed_question set answered_at = sig.now(), answered_by = nullif(current_setting('app.assignment'), '')::uuid,
		answer = $2, answer_item = (select item from sig.disclosure where id = $2) where id = $1`
	right := c.told(berg, sample.Coordinator, sig.CategoryPoliceObservation)
	for _, wrong := range []struct {
		who, why, sql string
		args          []any
	}{
		{berg, "a disclosure of another category", answer, []any{id, other}},
		{karin, "the asker's own", answer, []any{id, right}},
		{malin, "a third function", answer, []any{id, right}},
		{berg, "another end", `update sig.directed_question set ends_at = ends_at + interval '1 day' where id = $1`, []any{id}},
		{karin, "declining for the asked", `update sig.directed_question set ended_at = sig.now(), ended_by = 'declined' where id = $1`, []any{id}},
		{berg, "taking back for the asker", `update sig.directed_question set ended_at = sig.now(), ended_by = 'taken_back' where id = $1`, []any{id}},
		{karin, "a question without its disclosure", `insert into sig.directed_question (id, intervention, category, asker_authority, asker_unit, asker_function,
			asked_authority, asked_unit, asked_function, asked_by, asked_at, ends_at, item, disclosure)
			select gen_random_uuid(), intervention, 'plan_goals', asker_authority, asker_unit, asker_function, asked_authority, asked_unit, asked_function,
			asked_by, asked_at, ends_at, item, disclosure from sig.directed_question where id = $1`, []any{id}},
		{berg, "deleting", `delete from sig.directed_question where id = $1`, []any{id}},
	} {
		if n, err := c.does(wrong.who, wrong.sql, wrong.args...); n > 0 && err == nil {
			t.Errorf("the database lets %s pass: %s", wrong.who, wrong.why)
		}
	}
	c.db.FreezeClock(t, stockholm(nextWeek))
	if n, err := c.does(berg, answer, id, right); n > 0 && err == nil {
		t.Error("the database takes an answer after the end")
	}
	c.db.FreezeClock(t, stockholm("2026-12-04 10:00:00"))
	c.withdraws("amir", sig.WithdrawalScope{Recipient: sample.Police, Category: sig.CategoryPlanGoals})
	if !sees(berg) {
		t.Error("another category was taken back, and the question with it")
	}
	if _, err := c.Consenting.Suspend(c.ctx(), c.as(nadia), c.id, sig.SuspendedMaturity); err != nil {
		t.Fatal(err)
	}
	if sees(berg) {
		t.Error("the database shows a question whose consent is paused")
	}
	if n, err := c.does(berg, answer, id, right); n > 0 && err == nil {
		t.Error("the database takes an answer while the consent is paused")
	}
}
