package scenariotest

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/casework"
	"sigportal/internal/closing"
	"sigportal/internal/consenting"
	"sigportal/internal/dbtest"
	"sigportal/internal/directory"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// city is the invented city on one day, with one family's case. People are
// named by their ids in package sample.
type city struct {
	*sample.Town

	t      *testing.T
	db     *dbtest.Database
	alarms map[postgres.AlarmKind]func(context.Context, postgres.AlarmJob) error
	family sample.Family
	id     sig.InterventionID // the case, once it is proposed
	unsent sig.ItemID         // inForce: what Berg has written down and told nobody
	office *sig.Actor         // the young person, signed in at the coordinator's
}

// The people of the scenarios who are not of a family.
const (
	karin   = "coordinator-farsta"
	nadia   = "social-secretary-farsta"
	jonas   = "field-assistant-farsta"
	elsa    = "field-assistant-leisure"
	berg    = "police-farsta"
	lind    = "police-jarva"
	malin   = "school-counsellor"
	agneta  = "principal"
	fredrik = "mentor"
)

// elsas is the seat of the field assistants of the culture and leisure board.
var elsas = sig.Seat{Authority: "kulturfritid", Unit: "kulturfritid-falt", Function: sig.RoleFieldAssistant}

func stockholm(value string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04:05", value, sig.Stockholm)
	if err != nil {
		panic(err)
	}
	return at
}

// newCity opens the city on a day, for one of its families.
func newCity(t *testing.T, day, youth string) *city {
	t.Helper()
	t.Parallel()
	db := dbtest.New(t)
	sealer, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize), bytes.Repeat([]byte{2}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	db.SetClock(t, stockholm(day+" 09:00:00"))
	if err := sample.City(t.Context(), db.Owner()); err != nil {
		t.Fatal(err)
	}
	c := &city{Town: sample.NewTown(db.App(), sealer), t: t, db: db}
	c.alarms = (&closing.Service{DB: db.Worker()}).Handlers()
	maps.Copy(c.alarms, (&casework.Alarms{DB: db.Worker()}).Handlers())
	maps.Copy(c.alarms, c.Consenting.Handlers())
	for _, f := range sample.Families() {
		if f.Youth == youth {
			c.family = f
		}
	}
	t.Cleanup(c.leavesNothingBehind)
	return c
}

// leavesNothingBehind fails a scenario after which something is stored that
// must not be, once every alarm that is due has rung.
func (c *city) leavesNothingBehind() {
	c.ring()
	check, err := postgres.Fsck(c.ctx(), c.db.URL("sig_owner"), ledger.Witnesses{})
	c.must(err, "look at what is stored")
	for _, found := range check.Findings {
		c.t.Errorf("left behind: %s: %s", found.Invariant, found.ID)
	}
	if check.Ledger.Bad != nil {
		c.t.Errorf("the ledger: %s", check.Ledger.Bad)
	}
}

// ctx outlives the test, because what it leaves behind is looked at then.
func (c *city) ctx() context.Context { return context.WithoutCancel(c.t.Context()) }

func (c *city) must(err error, doing string) {
	c.t.Helper()
	if err != nil {
		c.t.Fatalf("%s: %v %v", doing, err, said(err))
	}
}

// as is somebody signed in, the young person at the coordinator's while that is
// open; the family's hats are "guardian" and "youth".
func (c *city) as(persona string) sig.Actor {
	c.t.Helper()
	if c.office != nil && persona == c.family.Youth {
		return *c.office
	}
	return c.atHome(persona)
}

// atHome is somebody signed in, but not at the coordinator's.
func (c *city) atHome(persona string) sig.Actor {
	c.t.Helper()
	a, err := c.As(c.ctx(), persona, c.hat(persona))
	c.must(err, persona+" signs in")
	return a
}

func (c *city) hat(persona string) string {
	if persona == c.family.Youth {
		return "youth"
	}
	for _, g := range c.family.Guardians {
		if g.Guardian == persona {
			return "guardian"
		}
	}
	return ""
}

// it is "" or what an act was refused with: codes at fields, else the code.
func said(err error) string {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return ""
	}
	if len(f.Fields) == 0 {
		return f.Code
	}
	var codes []string
	for _, one := range f.Fields {
		codes = append(codes, one.Name+" "+one.Code)
	}
	return strings.Join(codes, ", ")
}

// refusedWith fails the test unless an act was refused with just this code,
// at a field where one is named.
func (c *city) refusedWith(err error, code, doing string) {
	c.t.Helper()
	if got := said(err); got != code {
		c.t.Errorf("%s: refused with %q (%v), want %q", doing, got, err, code)
	}
}

// toldWhatToDo fails the test unless a reason is said in Swedish words, with
// words for what to do beside it.
func (c *city) toldWhatToDo(reason string) {
	c.t.Helper()
	sv := words.For("sv")
	for _, key := range []string{"reason." + reason, "reason." + reason + ".todo"} {
		if !sv.Has(key) {
			c.t.Errorf("nobody is told %s", key)
		}
	}
}

// row is one line of a consent from 1 December 2026 to 31 May 2027.
func row(from, to sig.Seat, categories ...sig.Category) consenting.DraftGrant {
	return consenting.DraftGrant{
		DiscloserUnit: from.Unit, DiscloserFunction: from.Function, RecipientUnit: to.Unit, RecipientFunction: to.Function,
		Categories: categories, Aim: sig.Aim{Purpose: sig.PurposePlan},
		From: stockholm("2026-12-01 00:00:00"), To: stockholm("2027-06-01 00:00:00"),
	}
}

// c1 is consent C1: the coordinator with the police and with the school's
// counsellor and principal, in both directions.
func c1() []consenting.DraftGrant {
	police := []sig.Category{sig.CategoryPoliceObservation, sig.CategoryPlanGoals}
	school := []sig.Category{sig.CategoryAttendance, sig.CategoryPlanGoals}
	return []consenting.DraftGrant{
		row(sample.Police, sample.Coordinator, police...), row(sample.Coordinator, sample.Police, police...),
		row(sample.Counsellor, sample.Coordinator, school...), row(sample.Coordinator, sample.Counsellor, school...),
		row(sample.Principal, sample.Coordinator, school...), row(sample.Coordinator, sample.Principal, school...),
	}
}

// proposes opens the family's case.
func (c *city) proposes() {
	c.t.Helper()
	var err error
	c.id, err = c.Propose(c.ctx(), c.family, sig.ProgrammeSIG)
	c.must(err, "Karin proposes")
}

// seen is the mark of the draft that Karin has on her screen.
func (c *city) seen() string {
	c.t.Helper()
	if v := c.shown(karin).Preparing; v != nil {
		return v.Mark
	}
	return ""
}

// explains saves a matrix and explains it to everybody who is named to sign
// it or be heard.
func (c *city) explains(rows ...consenting.DraftGrant) sig.ConsentID {
	c.t.Helper()
	view, err := c.Consenting.SaveDraft(c.ctx(), c.as(karin), c.id, consenting.Draft{Grants: rows, Seen: c.seen()})
	c.must(err, "Karin saves the draft")
	for _, who := range view.Preparing.Signers {
		c.explainsTo(view.Preparing.ID, who)
	}
	return view.Preparing.ID
}

func (c *city) explainsTo(id sig.ConsentID, who consenting.Signer) {
	c.t.Helper()
	_, err := c.Consenting.Explain(c.ctx(), c.as(karin), id, consenting.Explaining{
		Signer: consenting.SignerRef{Guardian: who.Guardian, Youth: who.Youth}, Method: consenting.MethodMeeting, Language: "sv",
	})
	c.must(err, "Karin explains to "+who.Name)
}

func (c *city) signs(id sig.ConsentID, personas ...string) {
	c.t.Helper()
	for _, p := range personas {
		c.must(c.Sign(c.ctx(), p, c.hat(p), id), p+" signs")
	}
}

// decides records the decision on the measure.
func (c *city) decides() {
	c.t.Helper()
	_, err := c.Consenting.Decide(c.ctx(), c.as(nadia), c.id, consenting.Decision{
		On: sig.DateOf(c.db.Now(c.t)), Reference: "FSDN 2026/417",
	})
	c.must(err, "Nadia decides on the measure")
}

// seated has the partners' leads let their people in.
func (c *city) seated(pairs ...[2]string) {
	c.t.Helper()
	for _, p := range pairs {
		err := c.Casework.GivePart(c.ctx(), c.as(p[0]), c.id, c.as(p[1]).Assignment, "arbetar med den unge")
		c.must(err, p[0]+" lets "+p[1]+" in")
	}
}

// partners sit in the seats that C1 names.
var partners = [][2]string{{"police-lead-farsta", berg}, {"pupil-health-lead", malin}, {agneta, agneta}}

// inForce is Amir's case under consent C1 and further rows, signed by all by
// 30 November 2026, on 3 December.
func inForce(t *testing.T, more ...consenting.DraftGrant) *city {
	t.Helper()
	c := newCity(t, "2026-11-23", "amir")
	c.proposes()
	c.signs(c.explains(append(c1(), more...)...), "amir", "sara", "omid")
	c.db.SetClock(t, stockholm("2026-11-30 15:00:00"))
	c.decides()
	c.seated(partners...)
	c.db.SetClock(t, stockholm("2026-12-03 10:00:00"))
	c.unsent = c.writes(berg, sig.CategoryPoliceObservation)
	return c
}

// writes has somebody write an item.
func (c *city) writes(who string, categories ...sig.Category) sig.ItemID {
	c.t.Helper()
	id, err := c.Sharing.WriteItem(c.ctx(), c.as(who), sharing.NewItem{
		Key: uuid.NewString(), Intervention: c.id, Categories: categories, Text: "Det som behöver sägas om " + string(categories[0]) + ".",
	})
	c.must(err, who+" writes")
	return id
}

// discloses tries to hand an item to one function, with all that an officer is asked.
func (c *city) discloses(who string, item sig.ItemID, to sig.Seat) (sig.DisclosureID, error) {
	c.t.Helper()
	sent, err := c.Sharing.Disclose(c.ctx(), c.as(who), sharing.NewDisclosure{
		Key: uuid.NewString(), Intervention: c.id, Item: item, Recipients: []sig.Seat{to},
		Necessity: "behövs för planen", WeakerReason: "behövs där",
	})
	if err != nil {
		return sig.DisclosureID{}, err
	}
	return sent[0].ID, nil
}

// tells writes an item and discloses it.
func (c *city) tells(who string, to sig.Seat, categories ...sig.Category) (sig.DisclosureID, error) {
	c.t.Helper()
	return c.discloses(who, c.writes(who, categories...), to)
}

// told is a disclosure that must succeed.
func (c *city) told(who string, to sig.Seat, categories ...sig.Category) sig.DisclosureID {
	c.t.Helper()
	id, err := c.tells(who, to, categories...)
	c.must(err, who+" tells "+string(to.Function))
	return id
}

// reads reports whether somebody can open a copy; anything but a yes or the
// answer of what does not exist fails the test.
func (c *city) reads(who string, copyID sig.DisclosureID) bool {
	c.t.Helper()
	_, err := c.Sharing.OpenCopy(c.ctx(), c.as(who), c.id, copyID)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		c.t.Fatalf("%s opens a copy: %v", who, err)
	}
	return err == nil
}

// shown is the consent as somebody sees it.
func (c *city) shown(who string) *consenting.Case {
	c.t.Helper()
	view, err := c.Consenting.Show(c.ctx(), c.as(who), c.id)
	c.must(err, who+" looks at the consent")
	return view
}

// withdraws takes back.
func (c *city) withdraws(who string, scope sig.WithdrawalScope) *consenting.Receipt {
	c.t.Helper()
	r, err := c.Consenting.Withdraw(c.ctx(), c.as(who), consenting.WithdrawInput{Intervention: c.id, Scope: scope, Key: uuid.NewString()})
	c.must(err, who+" takes back")
	r, err = c.Consenting.Receipt(c.ctx(), c.as(who), r.Reference)
	c.must(err, who+" reads the receipt")
	return r
}

// tasks are the kinds of what stands on somebody's Today about the case.
func (c *city) tasks(who string) map[string]sig.Date {
	c.t.Helper()
	today, err := c.Casework.Today(c.ctx(), c.as(who))
	c.must(err, who+" looks at Today")
	kinds := map[string]sig.Date{}
	for _, task := range today.Tasks {
		kinds[string(task.Kind)] = task.DueOn
	}
	return kinds
}

// until lets the clock stand at an instant and every alarm that is due ring.
func (c *city) until(value string) {
	c.t.Helper()
	c.db.FreezeClock(c.t, stockholm(value))
	c.ring()
}

func (c *city) ring() {
	c.t.Helper()
	var kinds []postgres.AlarmKind
	for kind := range c.alarms {
		kinds = append(kinds, kind)
	}
	for range 50 {
		due, _, err := c.db.Worker().DueAlarms(c.ctx(), kinds, nil, 20)
		c.must(err, "look for due alarms")
		if len(due) == 0 {
			return
		}
		for _, job := range due {
			c.must(c.alarms[job.Kind](c.ctx(), job), "alarm "+string(job.Kind))
		}
	}
	c.t.Fatal("the alarms never come to rest")
}

// one asks the database itself for a single value: what is really stored.
func one[T any](c *city, sql string, args ...any) T {
	c.t.Helper()
	var value T
	if err := c.db.Super().QueryRow(c.ctx(), sql, args...).Scan(&value); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
	return value
}

// cityText is the city's file with texts replaced, pair by pair.
func (c *city) cityText(oldNew ...string) string {
	c.t.Helper()
	text := string(sample.FileText())
	for i := 0; i < len(oldNew); i += 2 {
		if !strings.Contains(text, oldNew[i]) {
			c.t.Fatalf("the city's file has no %q", oldNew[i])
		}
		text = strings.ReplaceAll(text, oldNew[i], oldNew[i+1])
	}
	return text
}

// reorganises imports the city's file with texts replaced, pair by pair.
func (c *city) reorganises(oldNew ...string) {
	c.t.Helper()
	_, err := directory.Import(c.ctx(), c.db.Owner(), c.fileWith(oldNew...), "an operator")
	c.must(err, "import the changed city")
}
