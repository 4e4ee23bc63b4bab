package scenariotest

import (
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/inquiry"
	"sigportal/internal/postgres"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// asks has somebody in the family ask, and gives what it is known by.
func (c *city) asks(q *inquiry.Service, who string, in inquiry.New) (sig.InquiryID, error) {
	c.t.Helper()
	in.Key, in.Intervention = uuid.NewString(), c.id
	return q.Ask(c.ctx(), c.as(who), in)
}

// TestAFamilyAsksAndIsAnswered: what a guardian asks reaches whoever answers it
// and nobody else, by a day; the answer reaches the asker and not the other
// guardian; and nothing of it can be changed afterwards.
func TestAFamilyAsksAndIsAnswered(t *testing.T) {
	c := inForce(t)
	c.db.SetClock(t, stockholm("2027-01-20 11:00:00"))
	q := &inquiry.Service{DB: c.db.App(), Sealer: c.Sealer}
	item := c.writes(malin, sig.CategoryAttendance)
	c.decidesVisible(malin, item, sharing.NewVisibility{Viewer: postgres.ViewerID{UUID: c.as("sara").Guardian.UUID}, Visible: true})
	if !c.opens("sara", item) {
		t.Fatal("Sara cannot read the item")
	}
	if _, err := c.Sharing.OpenItem(c.ctx(), c.as(malin), c.id, item); err != nil {
		t.Fatal(err)
	}
	diary, err := c.Sharing.Diary(c.ctx(), c.as("sara"), c.id, sharing.DiaryPlace{})
	c.must(err, "Sara reads the diary")
	if len(diary.Rows) == 0 {
		t.Fatal("the diary is empty")
	}
	line := diary.Rows[0].Ledger

	answerers := map[sig.InquiryKind]string{
		sig.InquiryQuestion: karin, sig.InquiryNotRight: malin, sig.InquiryLooksWrong: "log-reviewer-farsta",
		sig.InquiryInterpreter: "registrar-farsta", sig.InquiryFile: "registrar-farsta",
		sig.InquiryExtract: "registrar-farsta", sig.InquiryCorrection: "registrar-farsta",
	}
	everybody := []string{karin, nadia, jonas, berg, malin, "log-reviewer-farsta", "registrar-farsta", "registrar-police"}
	for _, kind := range sig.InquiryKinds() {
		in := inquiry.New{Kind: kind, Words: "MARKER-" + string(kind)}
		if kind == sig.InquiryNotRight {
			in.Item = item
		}
		if kind == sig.InquiryLooksWrong {
			in.Line = line
		}
		id, err := c.asks(q, "sara", in)
		c.must(err, "Sara asks: "+string(kind))
		for _, who := range everybody {
			read, err := q.Read(c.ctx(), c.as(who), id)
			waits, listErr := q.Waiting(c.ctx(), c.as(who))
			c.must(listErr, who+" looks at what waits")
			listed := false
			for _, w := range waits {
				listed = listed || w.ID == id
				if w.Words != "" {
					t.Errorf("the list shows %s the words", who)
				}
			}
			switch mine := who == answerers[kind]; {
			case mine && (err != nil || read.Words != in.Words || !listed):
				t.Errorf("%s: %s reads %+v, %v; listed: %v", kind, who, read, err, listed)
			case !mine && (fault.KindOf(err) != fault.NotFound || listed):
				t.Errorf("%s: %s finds it: %v; listed: %v", kind, who, err, listed)
			case !mine && fault.KindOf(q.Answer(c.ctx(), c.as(who), id, inquiry.Answer{Words: "nej"})) != fault.NotFound:
				t.Errorf("%s: %s may answer it", kind, who)
			}
		}
		for _, who := range []string{"sara", "omid", "amir"} {
			if _, err := q.Read(c.ctx(), c.as(who), id); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %s reads it as staff do: %v", kind, who, err)
			}
		}
		if kind == sig.InquiryLooksWrong {
			if read, err := q.Read(c.ctx(), c.as("log-reviewer-farsta"), id); err != nil || read.Line == nil || read.Line.ID != line {
				t.Errorf("the log reviewer is not shown the line: %+v, %v", read, err)
			}
		}
		given := inquiry.Answer{Words: "ANSWER-" + string(kind), Outcome: sig.InquiryInPart}
		if kind.Decided() {
			c.refusedWith(q.Answer(c.ctx(), c.as(answerers[kind]), id, inquiry.Answer{Words: "x"}), "outcome error.inquiry_outcome_missing", "answered without a decision")
		} else {
			c.refusedWith(q.Answer(c.ctx(), c.as(answerers[kind]), id, given), "outcome error.inquiry_not_decided", "a question is decided")
			given.Outcome = ""
		}
		c.must(q.Answer(c.ctx(), c.as(answerers[kind]), id, given), answerers[kind]+" answers")
		c.refusedWith(q.Answer(c.ctx(), c.as(answerers[kind]), id, given), "error.inquiry_answered", "a second answer")
	}
	mine, err := q.Mine(c.ctx(), c.as("sara"), c.id)
	c.must(err, "Sara looks at what she asked")
	if len(mine) != len(sig.InquiryKinds()) {
		t.Errorf("Sara finds %d of her questions", len(mine))
	}
	for _, one := range mine {
		if one.Words != "MARKER-"+string(one.Kind) || one.Answer != "ANSWER-"+string(one.Kind) || one.Late || one.Kind.Decided() != one.Outcome.Appealable() {
			t.Errorf("Sara reads %+v", one)
		}
	}
	for _, other := range []string{"omid", "amir"} {
		if theirs, err := q.Mine(c.ctx(), c.as(other), c.id); err != nil || len(theirs) != 0 {
			t.Errorf("%s finds %d of Sara's questions, %v", other, len(theirs), err)
		}
	}
	for statement, why := range map[string]string{
		`update sig.inquiry set words_sealed = '\x00' where kind = 'file'`: "words are rewritten",
		`update sig.inquiry set answer_sealed = '\x00'`:                    "an answer is rewritten",
		`update sig.inquiry set outcome = 'granted'`:                       "a decision is rewritten",
	} {
		if _, err := c.db.Super().Exec(c.ctx(), statement); err == nil {
			t.Errorf("%s", why)
		}
	}
}

// TestNobodyPointsAtWhatTheyDoNotSee: what is hidden from a guardian can be
// asked about no more than what does not exist.
func TestNobodyPointsAtWhatTheyDoNotSee(t *testing.T) {
	c := inForce(t)
	c.db.SetClock(t, stockholm("2027-01-20 11:00:00"))
	q := &inquiry.Service{DB: c.db.App(), Sealer: c.Sealer}
	item := c.writes(malin, sig.CategoryAttendance)
	c.decidesVisible(malin, item, sharing.NewVisibility{Viewer: postgres.ViewerID{UUID: c.as("sara").Guardian.UUID}, Visible: true})
	c.opens("sara", item)
	if _, err := c.Sharing.OpenItem(c.ctx(), c.as(malin), c.id, item); err != nil {
		t.Fatal(err)
	}
	var line int64
	if err := c.db.Super().QueryRow(c.ctx(), `select max(id) from sig.ledger where kind = 'read_item' and actor = 'staff'`).Scan(&line); err != nil {
		t.Fatal(err)
	}
	for _, in := range []inquiry.New{
		{Kind: sig.InquiryNotRight, Item: item, Words: "x"}, {Kind: sig.InquiryQuestion, Item: item, Words: "x"},
		{Kind: sig.InquiryLooksWrong, Line: line, Words: "x"},
	} {
		if _, err := c.asks(q, "sara", in); err != nil {
			t.Errorf("Sara cannot ask about what she sees (%s): %v", in.Kind, err)
		}
		for _, who := range []string{"omid", "amir"} {
			if _, err := c.asks(q, who, in); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s points at what is hidden (%s): %v", who, in.Kind, err)
			}
		}
		if _, err := c.asks(q, karin, in); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the coordinator asks as the family (%s): %v", in.Kind, err)
		}
	}
	if _, err := c.asks(q, "petra", inquiry.New{Kind: sig.InquiryFile, Words: "x"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another family's mother asks for the file: %v", err)
	}
	same := inquiry.New{Key: "one form", Intervention: c.id, Kind: sig.InquiryFile, Words: "x"}
	first, err := q.Ask(c.ctx(), c.as("omid"), same)
	c.must(err, "Omid asks for the file")
	again, err := q.Ask(c.ctx(), c.as("omid"), same)
	c.must(err, "Omid's form is sent again")
	if first != again {
		t.Error("the same form asked twice")
	}
	if mine, err := q.Mine(c.ctx(), c.as("omid"), c.id); err != nil || len(mine) != 1 {
		t.Errorf("Omid has asked %d times, %v", len(mine), err)
	}
	c.db.SetClock(t, stockholm("2027-02-20 11:00:00"))
	if mine, err := q.Mine(c.ctx(), c.as("omid"), c.id); err != nil || len(mine) != 1 || !mine[0].Late {
		t.Errorf("a month later Omid is not told that the answer is late: %+v, %v", mine, err)
	}
}

// TestTheSecondWallKeepsInquiries: without a line of Go, the database shows an
// inquiry to who asked and to who answers, and takes one only from the family
// about what they see.
func TestTheSecondWallKeepsInquiries(t *testing.T) {
	c := inForce(t)
	c.db.SetClock(t, stockholm("2027-01-20 11:00:00"))
	q := &inquiry.Service{DB: c.db.App(), Sealer: c.Sealer}
	item := c.writes(malin, sig.CategoryAttendance)
	c.decidesVisible(malin, item, sharing.NewVisibility{Viewer: postgres.ViewerID{UUID: c.as("sara").Guardian.UUID}, Visible: true})
	for kind, who := range map[sig.InquiryKind]string{
		sig.InquiryQuestion: karin, sig.InquiryNotRight: malin, sig.InquiryFile: "registrar-farsta",
	} {
		in := inquiry.New{Kind: kind, Words: "x"}
		if kind == sig.InquiryNotRight {
			in.Item = item
		}
		id, err := c.asks(q, "sara", in)
		c.must(err, "Sara asks: "+string(kind))
		for _, reader := range []string{karin, nadia, berg, malin, "log-reviewer-farsta", "registrar-farsta", "registrar-police", "sara", "omid", "amir", "petra"} {
			n, err := c.does(reader, `select from sig.inquiry where id = $1`, id)
			if want := reader == who || reader == "sara"; err != nil || n > 0 != want {
				t.Errorf("%s: the database shows %s %d of it, %v", kind, reader, n, err)
			}
		}
	}
	const write = `insert into sig.inquiry (id, intervention, kind, asker, asked_by, authority, function, item, words_sealed, asked_at, due_on)
		values (gen_random_uuid(), $1, case when $4::uuid is null then 'file' else 'not_right' end, $2, $3, 'farsta-sdn', 'coordinator', $4, '\x00', sig.now(), current_date)`
	sara, omid := c.as("sara").Guardian, c.as("omid").Guardian
	if n, err := c.does("sara", write, c.id, "guardian", sara, item); n != 1 || err != nil {
		t.Errorf("Sara's page cannot ask: %d, %v", n, err)
	}
	for name, try := range map[string]func() (int64, error){
		"Omid's page asks about what is hidden from him": func() (int64, error) { return c.does("omid", write, c.id, "guardian", omid, item) },
		"Omid's page asks as Sara":                       func() (int64, error) { return c.does("omid", write, c.id, "guardian", sara, nil) },
		"Sara's page asks as the youth":                  func() (int64, error) { return c.does("sara", write, c.id, "youth", sara, item) },
		"Karin's page asks as Sara":                      func() (int64, error) { return c.does(karin, write, c.id, "guardian", sara, item) },
		"somebody deletes one":                           func() (int64, error) { return c.does(karin, `delete from sig.inquiry`) },
		"somebody rewrites the words":                    func() (int64, error) { return c.does(karin, `update sig.inquiry set words_sealed = '\x01'`) },
	} {
		if _, err := try(); err == nil {
			t.Error(name)
		}
	}
}

// Two guardians ask for the file, and Amir does: the registrar sees whose file it
// is and who asks, in the list and on the page, with a row in the ledger for
// each; nobody else who answers families is told a name, and no other registrar.
func TestTheRegistrarSeesWhoseFileIsAskedForAndByWhom(t *testing.T) {
	c := inForce(t)
	c.db.FreezeClock(t, stockholm("2027-01-21 11:00:00"))
	q := &inquiry.Service{DB: c.db.App(), Sealer: c.Sealer}
	const farsta = "registrar-farsta"
	askers := map[sig.InquiryID]string{}
	for who, name := range map[string]string{"sara": "Sara Rahimi", "omid": "Omid Rahimi", "amir": "Amir Rahimi"} {
		id, err := c.asks(q, who, inquiry.New{Kind: sig.InquiryFile, Words: "Vi vill läsa akten."})
		c.must(err, who+" asks for the file")
		askers[id] = name
	}
	question, err := c.asks(q, "sara", inquiry.New{Kind: sig.InquiryQuestion, Words: "När är mötet?"})
	c.must(err, "Sara asks a question")
	_, err = c.Consenting.Protect(c.ctx(), c.as(nadia), c.id, sig.ProtectionMarked)
	c.must(err, "Nadia marks Amir as protected")
	list, err := q.Waiting(c.ctx(), c.as(farsta))
	c.must(err, "the registrar looks at what waits")
	if len(list) != len(askers) {
		t.Fatalf("%d wait for the registrar, want %d", len(list), len(askers))
	}
	for _, one := range list {
		read, err := q.Read(c.ctx(), c.as(farsta), one.ID)
		c.must(err, "the registrar opens one")
		for _, n := range []*inquiry.Names{one.Names, read.Names} {
			if n == nil || n.Youth != "Amir Rahimi" || n.Asker != askers[one.ID] || n.Protection != sig.ProtectionMarked {
				t.Errorf("the registrar is told %+v of what %s asks", n, askers[one.ID])
			}
		}
		if n := one.DueOn.String(); n != "2027-01-25" { // three days from a Thursday is a Sunday
			t.Errorf("it is due %s, and not on the Monday", n)
		}
		if n := c.readings(farsta, one.ID); n != 2 {
			t.Errorf("%d rows in the ledger of the registrar and that request, want one for the list and one for the page", n)
		}
		for who, want := range map[string]int64{farsta: 1, "registrar-police": 0, "log-reviewer-farsta": 0, karin: 0, nadia: 0, "sara": 0} {
			if n, err := c.does(who, `select from sig.inquiry_names(array[$1::uuid])`, one.ID); n != want || err != nil {
				t.Errorf("the database gives %s %d names, %v", who, n, err)
			}
		}
	}
	if n, err := c.does(farsta, `select from sig.inquiry_names(array[$1::uuid])`, question); n != 0 || err != nil {
		t.Errorf("the database gives the registrar %d names of what the coordinator answers, %v", n, err)
	}
	asked, err := q.Waiting(c.ctx(), c.as(karin))
	c.must(err, "Karin looks at what waits")
	if len(asked) != 1 || asked[0].Names != nil || c.readings(karin, question) != 0 {
		t.Errorf("Karin's list: %+v", asked)
	}
	other, err := q.Waiting(c.ctx(), c.as("registrar-police"))
	c.must(err, "the registrar of the police looks at what waits")
	if len(other) != 0 {
		t.Errorf("the registrar of the police finds %d", len(other))
	}
}

// readings counts how often somebody is in the ledger with an inquiry.
func (c *city) readings(who string, id sig.InquiryID) int {
	c.t.Helper()
	return one[int](c, `select count(*)::int from sig.ledger where kind = 'read_inquiry' and outcome = 'allowed' and assignment = $1 and object_id = $2 and intervention = $3`,
		c.as(who).Assignment, id, c.id)
}

// What falls due on a holiday is due on the next day on which offices are open.
func TestAnAnswerFallsDueOnAWorkingDay(t *testing.T) {
	c := inForce(t)
	q := &inquiry.Service{DB: c.db.App(), Sealer: c.Sealer}
	for asked, due := range map[string]string{
		"2027-03-22": "2027-03-25", // a Thursday
		"2027-03-23": "2027-03-30", // Good Friday; offices open on Tuesday
		"2027-05-03": "2027-05-07", // Ascension Day; the Friday
	} {
		c.db.FreezeClock(t, stockholm(asked+" 11:00:00"))
		id, err := c.asks(q, "sara", inquiry.New{Kind: sig.InquiryFile, Words: "x"})
		c.must(err, "Sara asks for the file")
		got := one[string](c, `select due_on::text from sig.inquiry where id = $1`, id) + one[string](c, `select due_on::text from sig.task where object = $1`, id)
		if got != due+due {
			t.Errorf("asked %s it is due %s, want %s", asked, got, due)
		}
	}
}
