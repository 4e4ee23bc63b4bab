package scenariotest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/question"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

const nextWeek = "2026-12-10 12:00:00"

// puts has somebody ask a function, until an instant.
func (c *city) puts(who string, to sig.Seat, about sig.Category, ends string) (sig.QuestionID, error) {
	c.t.Helper()
	return c.Question.Ask(c.ctx(), c.as(who), question.New{
		Key: uuid.NewString(), Intervention: c.id, Asked: to, Category: about, Ends: stockholm(ends),
		Text: "MARKER-QUESTION Har ni sett honom vid centrum?", Necessity: "behövs för planen", WeakerReason: "behövs där",
	})
}

func (c *city) put(who string, to sig.Seat, about sig.Category) sig.QuestionID {
	c.t.Helper()
	id, err := c.puts(who, to, about, nextWeek)
	c.must(err, who+" asks")
	return id
}

func (c *city) answersQuestion(who string, id sig.QuestionID) error {
	c.t.Helper()
	return c.Question.Answer(c.ctx(), c.as(who), id, question.NewAnswer{
		Key: uuid.NewString(), Text: "MARKER-ANSWER Ja, i tisdags.", Necessity: "svar på frågan", WeakerReason: "behövs där",
	})
}

// asked is a question as somebody sees it; nil where it does not exist for them.
func (c *city) asked(who string, id sig.QuestionID) *question.Open {
	c.t.Helper()
	q, err := c.Question.Read(c.ctx(), c.as(who), id)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	c.must(err, who+" opens a question")
	return q
}

// inbox are the copies that somebody may open.
func (c *city) inbox(who string) []sharing.InboxLine {
	c.t.Helper()
	page, err := c.Sharing.Inbox(c.ctx(), c.as(who), &c.id, nil)
	c.must(err, who+" opens the inbox")
	return page.Lines
}

// TestADirectedQuestion: Karin asks the police one thing; the police see it
// among their questions, answer once, and Karin reads the answer. Both are
// copies in an inbox as any other, and nobody else learns that anything was asked.
func TestADirectedQuestion(t *testing.T) {
	c := inForce(t)
	before := c.inbox(karin)
	id := c.put(karin, sample.Police, sig.CategoryPoliceObservation)
	for _, who := range []string{malin, agneta, jonas, nadia, lind, elsa, "registrar-police", "log-reviewer-farsta", "sara", "omid", "amir"} {
		if c.asked(who, id) != nil {
			t.Errorf("%s finds the question", who)
		}
		if fault.KindOf(c.answersQuestion(who, id)) != fault.NotFound {
			t.Errorf("%s may answer it", who)
		}
	}
	q := c.asked(berg, id)
	if q == nil || q.Text != "MARKER-QUESTION Har ni sett honom vid centrum?" || !q.ToUs || q.State != sig.QuestionOpen || !q.Actions.Answer || q.Answer != "" {
		t.Fatalf("Berg sees %+v", q)
	}
	if own := c.asked(karin, id); own == nil || own.ToUs || own.Actions.Answer || !own.Actions.TakeBack || own.Text != q.Text {
		t.Errorf("Karin sees %+v", own)
	}
	if got := c.tasks(berg)["answer_question"]; got != sig.DateOf(stockholm(nextWeek)) {
		t.Errorf("Berg's Today says that it is due %v", got)
	}
	if n := len(c.inbox(berg)); n != 1 {
		t.Errorf("Berg has %d copies, and the question is one", n)
	}
	if fault.KindOf(c.answersQuestion(karin, id)) != fault.NotFound {
		t.Error("Karin answers her own question")
	}
	c.must(c.answersQuestion(berg, id), "Berg answers")
	if err := c.answersQuestion(berg, id); fault.KindOf(err) != fault.Conflict || said(err) != "error.question_answered" {
		t.Errorf("a second answer: %v", err)
	}
	if q = c.asked(karin, id); q == nil || q.Answer != "MARKER-ANSWER Ja, i tisdags." || q.State != sig.QuestionAnswered || q.Hidden {
		t.Errorf("Karin reads %+v", q)
	}
	if after := c.inbox(karin); len(after) != len(before)+1 || after[0].Categories[0] != sig.CategoryPoliceObservation {
		t.Errorf("Karin's inbox holds %d copies, and the answer is one", len(after))
	}
	if _, open := c.tasks(berg)["answer_question"]; open {
		t.Error("the task stays after the answer")
	}
	if n := one[int](c, `select count(*) from sig.ledger where kind = 'disclose' and outcome = 'allowed' and intervention = $1`, c.id); n != 2 {
		t.Errorf("the ledger has %d disclosures of question and answer", n)
	}
	if n := one[int](c, `select count(*) from sig.mail where kind = 'new_copy' and intervention = $1`, c.id); n != 2 {
		t.Errorf("%d mails say that something has come", n)
	}
	// Nothing stands open after it: the police have no more of the board's than the question.
	if n := len(c.inbox(berg)); n != 1 {
		t.Errorf("Berg has %d copies after the answer", n)
	}
}

// TestAQuestionNeedsTheWayBack: it is put only where the consent lets the answer
// come back, for as long as the question stands, and lets the question be told.
func TestAQuestionNeedsTheWayBack(t *testing.T) {
	c := inForce(t, row(sample.Coordinator, elsas, sig.CategoryMeetingLogistics))
	refused := func(to sig.Seat, about sig.Category, ends, code string) {
		t.Helper()
		_, err := c.puts(karin, to, about, ends)
		c.refusedWith(err, code, "Karin asks "+string(to.Function)+" about "+string(about))
	}
	refused(elsas, sig.CategoryMeetingLogistics, nextWeek, "asked reason.answer_not_covered")
	refused(sample.Police, sig.CategoryAttendance, nextWeek, "asked reason.category_not_covered")
	refused(sample.Mentor, sig.CategoryAttendance, nextWeek, "asked reason.no_grant_recipient")
	refused(sample.Police, sig.CategoryPoliceObservation, "2026-12-03 09:59:59", "ends error.question_ends_in_past")
	refused(sample.Police, sig.CategoryPoliceObservation, "2027-02-03 10:00:00", "ends error.question_too_long")
	c.db.SetClock(t, stockholm("2027-05-20 10:00:00"))
	refused(sample.Police, sig.CategoryPoliceObservation, "2027-06-01 00:00:01", "ends reason.answer_ends_before")
	if _, err := c.puts(karin, sample.Police, sig.CategoryPoliceObservation, "2027-06-01 00:00:00"); err != nil {
		t.Errorf("a question that ends with the consent: %v", err)
	}
	for _, code := range []string{"answer_not_covered", "answer_ends_before", "own_house"} {
		c.toldWhatToDo(code)
	}
	choices, err := c.Question.Choices(c.ctx(), c.as(karin), c.id)
	c.must(err, "Karin looks at whom she may ask")
	var whom []sig.Function
	for _, s := range choices.Seats {
		whom = append(whom, s.Seat.Function)
		for _, a := range s.About {
			if !a.Until.Equal(stockholm("2027-06-01 00:00:00")) {
				t.Errorf("%s may be asked about %s until %s", s.Seat.Function, a.Category, a.Until)
			}
		}
	}
	slices.Sort(whom)
	if want := []sig.Function{sig.RolePolice, sig.RolePrincipal, sig.RoleSchoolCounsellor}; !slices.Equal(whom, want) {
		t.Errorf("Karin may ask %v, want %v", whom, want)
	}
	for _, who := range []string{fredrik, lind, elsa, "sara", "registrar-police", "log-reviewer-farsta"} {
		if _, err := c.puts(who, sample.Coordinator, sig.CategoryAttendance, nextWeek); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s asks: %v", who, err)
		}
	}
	if n := one[int](c, `select count(*) from sig.item where function = 'coordinator'`); n != 1 {
		t.Errorf("%d items are there after one question and the refused ones", n)
	}
}

// TestAQuestionEndsByItself: at its instant nobody can answer it, whether the
// alarm has rung or not; then the task is gone.
func TestAQuestionEndsByItself(t *testing.T) {
	c := inForce(t)
	id := c.put(berg, sample.Coordinator, sig.CategoryPlanGoals)
	c.db.FreezeClock(t, stockholm(nextWeek).Add(-time.Microsecond))
	if q := c.asked(karin, id); q == nil || !q.Actions.Answer {
		t.Errorf("the last instant: %+v", q)
	}
	c.db.FreezeClock(t, stockholm(nextWeek))
	err := c.answersQuestion(karin, id)
	c.refusedWith(err, "error.question_expired", "Karin answers too late")
	if q := c.asked(karin, id); q == nil || q.State != sig.QuestionExpired || q.Actions.Answer || q.Text == "" {
		t.Errorf("after its end Karin sees %+v", q)
	}
	c.ring()
	if _, open := c.tasks(karin)["answer_question"]; open {
		t.Error("the task outlives the question")
	}
}

// TestAQuestionEndsWithTheConsent: a withdrawal or a narrowing of either
// direction ends it in the same moment, and a later consent brings it back no more.
func TestAQuestionEndsWithTheConsent(t *testing.T) {
	t.Run("withdrawn", func(t *testing.T) {
		c := inForce(t)
		id := c.put(karin, sample.Police, sig.CategoryPoliceObservation)
		answered := c.put(karin, sample.Police, sig.CategoryPoliceObservation)
		c.must(c.answersQuestion(berg, answered), "Berg answers the other")
		c.withdraws("omid", sig.WithdrawalScope{Whole: true})
		for _, one := range []sig.QuestionID{id, answered} {
			if c.asked(berg, one) != nil {
				t.Error("Berg still finds a question")
			}
		}
		if fault.KindOf(c.answersQuestion(berg, id)) != fault.NotFound {
			t.Error("Berg may still answer")
		}
		if q := c.asked(karin, id); q == nil || q.State != sig.QuestionCut || q.Actions != (question.Actions{}) {
			t.Errorf("Karin sees %+v", q)
		}
		if q := c.asked(karin, answered); q == nil || q.Answer != "" || !q.Hidden || q.State != sig.QuestionAnswered {
			t.Errorf("Karin still reads an answer that was cut: %+v", q)
		}
		if by := one[string](c, `select ended_by from sig.directed_question where id = $1`, id); by != "withdrawal" {
			t.Errorf("it ended by %q", by)
		}
		if n := one[int](c, `select count(*) from sig.ledger where kind = 'end_question' and object_id = $1`, id); n != 1 {
			t.Errorf("the ledger says %d times that it ended", n)
		}
		if list, err := c.Question.Mine(c.ctx(), c.as(berg)); err != nil || len(list) != 0 {
			t.Errorf("Berg's list: %+v, %v", list, err)
		}
	})
	t.Run("one category of the answer", func(t *testing.T) {
		back := row(sample.Police, sample.Coordinator, sig.CategoryPeerNetwork)
		c := inForce(t, back, row(sample.Coordinator, sample.Police, sig.CategoryPeerNetwork))
		id, other := c.put(karin, sample.Police, sig.CategoryPeerNetwork), c.put(karin, sample.Police, sig.CategoryPlanGoals)
		var rows []sig.GrantID
		for _, g := range c.shown(karin).InForce.Rows {
			if g.Discloser.Seat == sample.Police && slices.Equal(g.Categories, back.Categories) {
				rows = append(rows, g.ID)
			}
		}
		c.withdraws("amir", sig.WithdrawalScope{Rows: rows})
		if q := c.asked(berg, id); q == nil || q.State != sig.QuestionCut || q.Actions.Answer {
			t.Errorf("Berg, who keeps what the question told, sees %+v", q)
		}
		c.refusedWith(c.answersQuestion(berg, id), "error.question_cut", "Berg answers about a category that was taken back")
		if n := one[int](c, `select count(*) from sig.directed_question where ended_by is not null and id = $1`, id); n != 1 {
			t.Error("the question has not ended")
		}
		c.must(c.answersQuestion(berg, other), "Berg answers what still stands")
	})
	t.Run("suspended", func(t *testing.T) {
		c := inForce(t)
		id := c.put(karin, sample.Police, sig.CategoryPoliceObservation)
		_, err := c.Consenting.Suspend(c.ctx(), c.as(nadia), c.id, sig.SuspendedMaturity)
		c.must(err, "Nadia pauses")
		if c.asked(berg, id) != nil || fault.KindOf(c.answersQuestion(berg, id)) != fault.NotFound {
			t.Error("a paused consent shows the question, or takes an answer")
		}
	})
}

// TestEitherSideEndsAQuestion: the asked function need not answer, and the
// asking one may take it back.
func TestEitherSideEndsAQuestion(t *testing.T) {
	c := inForce(t)
	id := c.put(karin, sample.Counsellor, sig.CategoryAttendance)
	if fault.KindOf(c.Question.Decline(c.ctx(), c.as(karin), id)) != fault.NotFound || fault.KindOf(c.Question.TakeBack(c.ctx(), c.as(malin), id)) != fault.NotFound {
		t.Error("each does the other's act")
	}
	c.must(c.Question.Decline(c.ctx(), c.as(malin), id), "Malin declines")
	c.must(c.Question.Decline(c.ctx(), c.as(malin), id), "Malin's form is sent again")
	if q := c.asked(karin, id); q == nil || q.State != sig.QuestionDeclined || q.Actions != (question.Actions{}) {
		t.Errorf("Karin sees %+v", q)
	}
	c.refusedWith(c.answersQuestion(malin, id), "error.question_declined", "Malin answers after all")
	id = c.put(karin, sample.Counsellor, sig.CategoryAttendance)
	c.must(c.Question.TakeBack(c.ctx(), c.as(karin), id), "Karin takes it back")
	c.refusedWith(c.answersQuestion(malin, id), "error.question_taken_back", "Malin answers what was taken back")
	if _, open := c.tasks(malin)["answer_question"]; open {
		t.Error("a task stays")
	}
	same := question.New{
		Key: "one form", Intervention: c.id, Asked: sample.Counsellor, Category: sig.CategoryAttendance, Ends: stockholm(nextWeek),
		Text: "Är han där?", Necessity: "planen", WeakerReason: "behövs",
	}
	first, err := c.Question.Ask(c.ctx(), c.as(karin), same)
	c.must(err, "Karin asks")
	again, err := c.Question.Ask(c.ctx(), c.as(karin), same)
	c.must(err, "Karin's form is sent again")
	if n := one[int](c, `select count(*) from sig.directed_question`); first != again || n != 3 {
		t.Errorf("the same form asked twice: %d questions", n)
	}
}
