package consenting_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/consenting"
	"sigportal/internal/dbtest"
	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// world is Farsta in late November 2026: Amir, born 2011, with Sara and Omid,
// the board's staff, the police and the school, and one proposed intervention.
type world struct {
	t       *testing.T
	db      *dbtest.Database
	consent *consenting.Service
	alarms  *closing.Service
	sharing *sharing.Service

	intervention sig.InterventionID
	youth        sig.YouthID
	guardians    map[string]sig.GuardianID
	actors       map[string]sig.Actor
}

var (
	coordinator = sig.Seat{Authority: "farsta-sdn", Unit: "farsta-unga", Function: sig.RoleCoordinator}
	secretary   = sig.Seat{Authority: "farsta-sdn", Unit: "farsta-unga", Function: sig.RoleSocialSecretary}
	police      = sig.Seat{Authority: "polisen", Unit: "polis-farsta", Function: sig.RolePolice}
	jarva       = sig.Seat{Authority: "polisen", Unit: "polis-jarva", Function: sig.RolePolice}
	principal   = sig.Seat{Authority: "utbildning", Unit: "farstaskolan", Function: sig.RolePrincipal}
	counsellor  = sig.Seat{Authority: "utbildning", Unit: "farstaskolan-elevhalsa", Function: sig.RoleSchoolCounsellor}
)

func stockholm(value string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04:05", value, sig.Stockholm)
	if err != nil {
		panic(err)
	}
	return at
}

// family is who the intervention is about.
type family struct {
	born      string
	guardians []string
}

func newWorld(t *testing.T, f family) *world {
	t.Helper()
	t.Parallel()
	db := dbtest.New(t)
	sealer, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize), bytes.Repeat([]byte{2}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		t: t, db: db, actors: map[string]sig.Actor{}, guardians: map[string]sig.GuardianID{},
		consent: &consenting.Service{DB: db.App(), Withdrawals: db.App(), Sealer: sealer},
		alarms:  &closing.Service{DB: db.Worker()},
		sharing: &sharing.Service{DB: db.App(), Sealer: sealer},
	}
	db.SetClock(t, stockholm("2026-11-20 09:00:00"))
	w.directory()
	w.staff()
	w.family(f)
	return w
}

func amir(t *testing.T) *world {
	t.Helper()
	return newWorld(t, family{born: "2011-03-15", guardians: []string{"Sara", "Omid"}})
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Super().Exec(context.Background(), sql, args...); err != nil {
		w.t.Fatalf("lay out the world: %v\n%s", err, sql)
	}
}

// one asks the superuser for a single value.
func one[T any](w *world, sql string, args ...any) T {
	w.t.Helper()
	var value T
	if err := w.db.Super().QueryRow(context.Background(), sql, args...).Scan(&value); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return value
}

func (w *world) directory() {
	w.exec(`insert into sig.district (id, name) values ('farsta', 'Farsta'), ('jarva', 'Järva')`)
	w.exec(`insert into sig.identity_provider (issuer, kind, staff_claim) values ('staff', 'staff', 'org'), ('eid', 'citizen', null)`)
	w.exec(`insert into sig.authority (id, kind, name, municipality, districts, public_body) values
		('farsta-sdn', 'district_board', 'Farsta stadsdelsnämnd', '0180', '{farsta}', true),
		('jarva-sdn', 'district_board', 'Järva stadsdelsnämnd', '0180', '{jarva}', true),
		('polisen', 'police', 'Polismyndigheten', null, '{}', true),
		('utbildning', 'education_board', 'Utbildningsnämnden', '0180', '{}', true)`)
	w.exec(`insert into sig.branch (id, authority, name, regime) values
		('farsta-ifo', 'farsta-sdn', 'Individ och familj', 'social_26_1'),
		('farsta-raadgivning', 'farsta-sdn', 'Familjerådgivning', 'family_counselling_26_3'),
		('jarva-ifo', 'jarva-sdn', 'Individ och familj', 'social_26_1'),
		('polis', 'polisen', 'Brottsförebyggande', 'police_35_1'),
		('elevhalsa', 'utbildning', 'Elevhälsan', 'school_pupil_health_23_2a'),
		('skola', 'utbildning', 'Skolan', 'school_other_23_2c')`)
	w.exec(`insert into sig.unit (id, branch, authority, name, districts) values
		('farsta-unga', 'farsta-ifo', 'farsta-sdn', 'Unga Farsta', '{}'),
		('farsta-vuxen', 'farsta-ifo', 'farsta-sdn', 'Vuxna och ekonomi', '{}'),
		('farsta-familj', 'farsta-raadgivning', 'farsta-sdn', 'Familjerådgivningen', '{}'),
		('jarva-unga', 'jarva-ifo', 'jarva-sdn', 'Unga Järva', '{}'),
		('polis-farsta', 'polis', 'polisen', 'Lokalpolisområde Farsta', '{farsta}'),
		('polis-jarva', 'polis', 'polisen', 'Lokalpolisområde Järva', '{jarva}'),
		('farstaskolan-elevhalsa', 'elevhalsa', 'utbildning', 'Farstaskolans elevhälsa', '{}'),
		('farstaskolan', 'skola', 'utbildning', 'Farstaskolan', '{}')`)
}

func (w *world) staff() {
	for name, seat := range map[string]sig.Seat{
		"coordinator": coordinator, "secretary": secretary, "berg": police, "rektor": principal, "kurator": counsellor,
		"colleague":     coordinator,
		"registrar":     {Authority: "polisen", Unit: "polis-farsta", Function: sig.RoleRegistrar},
		"administrator": {Authority: "farsta-sdn", Unit: "farsta-unga", Function: sig.RoleAdministrator},
		"lead":          {Authority: "polisen", Unit: "polis-jarva", Function: sig.RolePolice},
	} {
		person, assignment := sig.PersonID{UUID: uuid.New()}, sig.AssignmentID{UUID: uuid.New()}
		w.exec(`insert into sig.person (id, issuer, subject, name) values ($1, 'staff', $2, $2)`, person, name)
		w.exec(`insert into sig.assignment (id, person, staff_issuer, staff_key, name, unit, authority, function, leads, valid_from)
			values ($1, $2, 'staff', $3, $3, $4, $5, $6, case when $3 = 'lead' then '{community_police}'::text[] else '{}' end, '2026-01-01')`,
			assignment, person, name, seat.Unit, seat.Authority, seat.Function)
		w.actors[name] = sig.Actor{
			Kind: sig.ActorStaff, Person: person, Assignment: assignment,
			Authority: seat.Authority, Unit: seat.Unit, Function: seat.Function,
		}
	}
}

func (w *world) family(f family) {
	w.youth, w.intervention = sig.YouthID{UUID: uuid.New()}, sig.InterventionID{UUID: uuid.New()}
	w.exec(`insert into sig.youth (id, authority, name, birth_date, pin_hash, pin_sealed, created_at)
		values ($1, 'farsta-sdn', 'Amir', $2, $3, '\x00', '2026-11-01')`, w.youth, f.born, bytes.Repeat([]byte{1}, 32))
	w.citizen("youth", func(a *sig.Actor) { a.Kind, a.Youth = sig.ActorYouth, w.youth })
	for n, name := range f.guardians {
		w.guardians[name] = sig.GuardianID{UUID: uuid.New()}
		w.exec(`insert into sig.guardianship (id, youth, authority, name, pin_hash, pin_sealed, custody, source, verified_on, valid_from)
			values ($1, $2, 'farsta-sdn', $3, $4, '\x00', 'joint', 'manual', '2026-11-01', '2026-11-01')`,
			w.guardians[name], w.youth, name, bytes.Repeat([]byte{byte(10 + n)}, 32))
		w.citizen(name, func(a *sig.Actor) { a.Kind, a.Guardian = sig.ActorGuardian, w.guardians[name] })
	}
	w.exec(`insert into sig.intervention (id, case_number, authority, youth, programme, state, state_since, created_at, created_by)
		values ($1, 'ABCD-2345', 'farsta-sdn', $2, 'sig', 'proposed', '2026-11-20', '2026-11-20', $3)`,
		w.intervention, w.youth, w.actors["coordinator"].Assignment)
	for _, name := range []string{"coordinator", "secretary", "berg", "rektor", "kurator"} {
		a := w.actors[name]
		w.exec(`insert into sig.participation (id, intervention, assignment, authority, unit, function, valid_from)
			values ($1, $2, $3, $4, $5, $6, '2026-11-01')`,
			uuid.New(), w.intervention, a.Assignment, a.Authority, a.Unit, a.Function)
	}
}

// citizen gives somebody an eID and a session in it.
func (w *world) citizen(name string, standing func(*sig.Actor)) {
	a := sig.Actor{Person: sig.PersonID{UUID: uuid.New()}, Session: sig.SessionID{UUID: uuid.New()}}
	standing(&a)
	w.exec(`insert into sig.person (id, issuer, subject, name) values ($1, 'eid', $2, $2)`, a.Person, name)
	w.exec(`insert into sig.session (id, secret_hash, person, provider, auth_time, created_at, last_seen_at, idle_limit, absolute_limit)
		values ($1, sha256($2), $3, 'eid', now(), now(), now(), '10 minutes', '1 hour')`, a.Session, []byte(name), a.Person)
	w.actors[name] = a
}

// freshLogin is the proof that somebody has just signed in anew for a text.
func (w *world) freshLogin(name, textHash string) postgres.StepUpID {
	w.t.Helper()
	bound := sha256.Sum256([]byte(textHash)) // as login.BoundHash makes it of what stood on the screen
	id := postgres.StepUpID{UUID: uuid.New()}
	w.exec(`insert into sig.step_up (id, session, person, purpose, bound_hash, auth_time) values ($1, $2, $3, 'sign', $4, clock_timestamp())`,
		id, w.actors[name].Session, w.actors[name].Person, bound[:])
	return id
}

func (w *world) ctx() context.Context { return w.t.Context() }

func row(from, to sig.Seat, categories ...sig.Category) consenting.DraftGrant {
	return consenting.DraftGrant{
		DiscloserUnit: from.Unit, DiscloserFunction: from.Function, RecipientUnit: to.Unit, RecipientFunction: to.Function,
		Categories: categories, Aim: sig.Aim{Purpose: sig.PurposeSchool, Addition: "stötta i skola och fritid"},
		From: stockholm("2026-12-01 00:00:00"), To: stockholm("2027-06-01 00:00:00"),
	}
}

// c1 is the consent of domain 9: police and school, in both directions.
func c1() consenting.Draft {
	social := []sig.Category{sig.CategoryPoliceObservation, sig.CategoryPlanGoals}
	school := []sig.Category{sig.CategoryAttendance, sig.CategoryPlanGoals}
	return consenting.Draft{Grants: []consenting.DraftGrant{
		row(police, coordinator, social...), row(coordinator, police, social...),
		row(counsellor, coordinator, school...), row(coordinator, counsellor, school...),
		row(principal, coordinator, school...), row(coordinator, principal, school...),
	}}
}

func (w *world) must(err error, doing string) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%s: %v%s", doing, err, fieldsOf(err))
	}
}

func fieldsOf(err error) string {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return ""
	}
	text := ""
	for _, one := range f.Fields {
		text += " [" + one.Name + " " + one.Code + "]"
	}
	return text
}

// refused fails the test unless the act was refused in this way.
func (w *world) refused(err error, kind fault.Kind, code, doing string) {
	w.t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != kind || f.Code != code {
		w.t.Fatalf("%s: got %v%s, want %s", doing, err, fieldsOf(err), code)
	}
}

// prepares saves a draft and explains it to everybody who must sign.
func (w *world) prepares(d consenting.Draft, signers ...string) sig.ConsentID {
	w.t.Helper()
	if v := w.shown("coordinator").Preparing; v != nil {
		d.Seen = v.Mark
	}
	view, err := w.consent.SaveDraft(w.ctx(), w.actors["coordinator"], w.intervention, d)
	w.must(err, "the coordinator saves the draft")
	return w.explains(view.Preparing.ID, signers...)
}

func (w *world) explains(id sig.ConsentID, signers ...string) sig.ConsentID {
	w.t.Helper()
	for _, name := range signers {
		_, err := w.consent.Explain(w.ctx(), w.actors["coordinator"], id, consenting.Explaining{
			Signer: w.ref(name), Method: consenting.MethodMeeting, Language: "sv",
		})
		w.must(err, "the coordinator explains to "+name)
	}
	return id
}

func (w *world) ref(name string) consenting.SignerRef {
	a := w.actors[name]
	return consenting.SignerRef{Guardian: a.Guardian, Youth: a.Youth}
}

func (w *world) signs(name string, id sig.ConsentID) (*consenting.Case, error) {
	w.t.Helper()
	text, err := w.consent.Text(w.ctx(), w.actors[name], id)
	w.must(err, name+" reads the text")
	return w.consent.Sign(w.ctx(), w.actors[name], id, text.TextHash, w.freshLogin(name, text.TextHash))
}

func (w *world) allSign(id sig.ConsentID, names ...string) {
	w.t.Helper()
	for _, name := range names {
		_, err := w.signs(name, id)
		w.must(err, name+" signs")
	}
}

func (w *world) decides() *consenting.Case {
	w.t.Helper()
	view, err := w.consent.Decide(w.ctx(), w.actors["secretary"], w.intervention, consenting.Decision{
		On: sig.DateOf(w.db.Now(w.t)), Reference: "SIG 1/2026",
	})
	w.must(err, "the social secretary decides")
	return view
}

// inForce is a world in which C1 is active since 30 November.
func inForce(t *testing.T) *world {
	t.Helper()
	w := amir(t)
	w.consented()
	return w
}

func (w *world) consented() {
	w.t.Helper()
	id := w.prepares(c1(), "Sara", "Omid", "youth")
	w.allSign(id, "Sara", "Omid", "youth")
	w.db.SetClock(w.t, stockholm("2026-11-30 10:00:00"))
	w.decides()
	w.db.SetClock(w.t, stockholm("2026-12-03 10:00:00"))
}

// sends has somebody write an item and disclose it by consent.
func (w *world) sends(name string, to sig.Seat, categories ...sig.Category) (sig.DisclosureID, error) {
	w.t.Helper()
	item, err := w.sharing.WriteItem(w.ctx(), w.actors[name], sharing.NewItem{
		Key: uuid.NewString(), Intervention: w.intervention, Categories: categories, Text: "det som behöver sägas",
	})
	if err != nil {
		return sig.DisclosureID{}, err
	}
	sent, err := w.sharing.Disclose(w.ctx(), w.actors[name], sharing.NewDisclosure{
		Key: uuid.NewString(), Intervention: w.intervention, Item: item, Recipients: []sig.Seat{to},
		Necessity: "behövs för planen", WeakerReason: "behövs där",
	})
	if err != nil || len(sent) == 0 {
		return sig.DisclosureID{}, err
	}
	return sent[0].ID, nil
}

// shown is the case as somebody sees it.
func (w *world) shown(name string) *consenting.Case {
	w.t.Helper()
	view, err := w.consent.Show(w.ctx(), w.actors[name], w.intervention)
	w.must(err, name+" looks at the consent")
	return view
}

func (w *world) state() sig.InterventionState {
	w.t.Helper()
	return one[sig.InterventionState](w, `select state from sig.intervention where id = $1`, w.intervention)
}

// alarmsRing lets every alarm that is due do its work, as a replica would.
func (w *world) alarmsRing() {
	w.t.Helper()
	handlers := w.alarms.Handlers()
	maps.Copy(handlers, w.consent.Handlers())
	var kinds []postgres.AlarmKind
	for kind := range handlers {
		kinds = append(kinds, kind)
	}
	for range 50 {
		due, _, err := w.db.Worker().DueAlarms(w.ctx(), kinds, nil, 20)
		w.must(err, "look for due alarms")
		if len(due) == 0 {
			return
		}
		for _, job := range due {
			w.must(handlers[job.Kind](w.ctx(), job), "alarm "+string(job.Kind))
		}
	}
	w.t.Fatal("the alarms never come to rest")
}

func (w *world) takesBack(name string, scope sig.WithdrawalScope) *consenting.Receipt {
	w.t.Helper()
	r, err := w.consent.Withdraw(w.ctx(), w.actors[name], consenting.WithdrawInput{
		Intervention: w.intervention, Scope: scope, Key: uuid.NewString(),
	})
	w.must(err, name+" takes back")
	r, err = w.consent.Receipt(w.ctx(), w.actors[name], r.Reference)
	w.must(err, name+" reads the receipt")
	return r
}
