package sharing_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/dbtest"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// world is Amir's intervention in Farsta with consent C1 in force: police and
// coordinator tell each other, the school tells the coordinator.
type world struct {
	t       *testing.T
	db      *dbtest.Database
	service *sharing.Service
	at      time.Time

	intervention sig.InterventionID
	consent      sig.ConsentID
	amir         sig.YouthID
	sara, omid   sig.GuardianID
	staff        map[string]sig.Actor
}

var (
	coordinatorSeat = sig.Seat{Authority: "farsta-sdn", Unit: "farsta-unga", Function: sig.RoleCoordinator}
	secretarySeat   = sig.Seat{Authority: "farsta-sdn", Unit: "farsta-unga", Function: sig.RoleSocialSecretary}
	fieldSeat       = sig.Seat{Authority: "farsta-sdn", Unit: "farsta-falt", Function: sig.RoleFieldAssistant}
	policeSeat      = sig.Seat{Authority: "polisen", Unit: "polis-farsta", Function: sig.RolePolice}
	jarvaSeat       = sig.Seat{Authority: "polisen", Unit: "polis-jarva", Function: sig.RolePolice}
	counsellorSeat  = sig.Seat{Authority: "utbildning", Unit: "farstaskolan-elevhalsa", Function: sig.RoleSchoolCounsellor}
	mentorSeat      = sig.Seat{Authority: "utbildning", Unit: "farstaskolan", Function: sig.RoleMentor}
)

func newWorld(t *testing.T) *world {
	t.Helper()
	db := dbtest.New(t)
	sealer, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize), bytes.Repeat([]byte{2}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		t: t, db: db, at: time.Date(2026, 12, 3, 9, 0, 0, 0, sig.Stockholm), staff: map[string]sig.Actor{},
		service: &sharing.Service{DB: db.App(), Sealer: sealer},
	}
	db.SetClock(t, w.at)
	w.directory()
	w.people()
	w.consented()
	return w
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Super().Exec(context.Background(), sql, args...); err != nil {
		w.t.Fatalf("lay out the world: %v\n%s", err, sql)
	}
}

func (w *world) directory() {
	w.exec(`insert into sig.district (id, name) values ('farsta', 'Farsta'), ('jarva', 'Järva')`)
	w.exec(`insert into sig.identity_provider (issuer, kind, staff_claim) values ('staff', 'staff', 'org'), ('eid', 'citizen', null)`)
	w.exec(`insert into sig.authority (id, kind, name, municipality, districts, public_body) values
		('farsta-sdn', 'district_board', 'Farsta stadsdelsnämnd', '0180', '{farsta}', true),
		('jarva-sdn', 'district_board', 'Järva stadsdelsnämnd', '0180', '{jarva}', true),
		('polisen', 'police', 'Polismyndigheten', null, '{}', true),
		('utbildning', 'education_board', 'Utbildningsnämnden', '0180', '{}', true)`)
	w.exec(`insert into sig.branch (id, authority, name, regime, independent) values
		('farsta-ifo', 'farsta-sdn', 'Individ och familj', 'social_26_1', false),
		('jarva-ifo', 'jarva-sdn', 'Individ och familj', 'social_26_1', false),
		('polis', 'polisen', 'Brottsförebyggande', 'police_35_1', false),
		('elevhalsa', 'utbildning', 'Elevhälsan', 'school_pupil_health_23_2a', false),
		('skola', 'utbildning', 'Skolan', 'school_other_23_2c', false)`)
	w.exec(`insert into sig.unit (id, branch, authority, name, districts) values
		('farsta-unga', 'farsta-ifo', 'farsta-sdn', 'Unga Farsta', '{}'), ('farsta-falt', 'farsta-ifo', 'farsta-sdn', 'Fält Farsta', '{}'),
		('farsta-ny', 'farsta-ifo', 'farsta-sdn', 'Myndighet Farsta', '{}'), ('jarva-unga', 'jarva-ifo', 'jarva-sdn', 'Unga Järva', '{}'),
		('polis-farsta', 'polis', 'polisen', 'Lokalpolisområde Farsta', '{farsta}'), ('polis-jarva', 'polis', 'polisen', 'Lokalpolisområde Järva', '{jarva}'),
		('farstaskolan-elevhalsa', 'elevhalsa', 'utbildning', 'Farstaskolans elevhälsa', '{}'), ('farstaskolan', 'skola', 'utbildning', 'Farstaskolan', '{}')`)
}

func (w *world) person(name string, seat sig.Seat) sig.Actor {
	w.t.Helper()
	person, assignment := sig.PersonID{UUID: uuid.New()}, sig.NewAssignmentID()
	w.exec(`insert into sig.person (id, issuer, subject, name) values ($1, 'staff', $2, $2)`, person, name)
	w.exec(`insert into sig.assignment (id, person, staff_issuer, staff_key, name, unit, authority, function, valid_from)
		values ($1, $2, 'staff', $3, $3, $4, $5, $6, '2026-01-01')`, assignment, person, name, seat.Unit, seat.Authority, seat.Function)
	a := sig.Actor{Kind: sig.ActorStaff, Person: person, Assignment: assignment, Authority: seat.Authority, Unit: seat.Unit, Function: seat.Function}
	w.staff[name] = a
	return a
}

func (w *world) takesPart(name string) {
	w.t.Helper()
	a := w.staff[name]
	w.exec(`insert into sig.participation (id, intervention, assignment, authority, unit, function, valid_from) values ($1, $2, $3, $4, $5, $6, '2026-11-01')`,
		uuid.New(), w.intervention, a.Assignment, a.Authority, a.Unit, a.Function)
}

func (w *world) people() {
	w.intervention, w.amir = sig.InterventionID{UUID: uuid.New()}, sig.YouthID{UUID: uuid.New()}
	w.sara, w.omid = sig.GuardianID{UUID: uuid.New()}, sig.GuardianID{UUID: uuid.New()}
	for name, seat := range map[string]sig.Seat{
		"coordinator": coordinatorSeat, "secretary": secretarySeat, "jonas": fieldSeat, "berg": policeSeat, "lind": jarvaSeat,
		"counsellor": counsellorSeat, "mentor": mentorSeat, "colleague": coordinatorSeat,
		"registrar": {Authority: "polisen", Unit: "polis-farsta", Function: sig.RoleRegistrar},
	} {
		w.person(name, seat)
	}
	w.exec(`insert into sig.youth (id, authority, name, birth_date, pin_hash, pin_sealed, created_at) values ($1, 'farsta-sdn', 'Amir', '2011-03-15', $2, '\x00', '2026-11-01')`,
		w.amir, bytes.Repeat([]byte{1}, 32))
	for i, g := range []sig.GuardianID{w.sara, w.omid} {
		w.exec(`insert into sig.guardianship (id, youth, authority, name, pin_hash, pin_sealed, custody, source, verified_on, valid_from)
			values ($1, $2, 'farsta-sdn', $3, $4, '\x00', 'joint', 'manual', '2026-11-01', '2026-11-01')`,
			g, w.amir, []string{"Sara", "Omid"}[i], bytes.Repeat([]byte{byte(10 + i)}, 32))
	}
	w.exec(`insert into sig.intervention (id, case_number, authority, youth, programme, state, state_since, created_at, created_by)
		values ($1, 'ABCD-2345', 'farsta-sdn', $2, 'sig', 'active', '2026-11-30', '2026-11-01', $3)`,
		w.intervention, w.amir, w.staff["coordinator"].Assignment)
	for _, name := range []string{"coordinator", "secretary", "jonas", "berg", "counsellor", "mentor"} {
		w.takesPart(name)
	}
}

func (w *world) consented() {
	w.consent = sig.ConsentID{UUID: uuid.New()}
	w.exec(`insert into sig.consent (id, intervention, version, state, change, prepared_at, activated_at) values ($1, $2, 1, 'active', 'first', '2026-11-20', '2026-11-30')`,
		w.consent, w.intervention)
	w.grant(1, policeSeat, coordinatorSeat, "police_preventive_observation", "plan_goals")
	w.grant(2, coordinatorSeat, policeSeat, "plan_goals", "police_preventive_observation")
	w.grant(3, counsellorSeat, coordinatorSeat, "attendance", "plan_goals")
	w.grant(4, coordinatorSeat, counsellorSeat, "plan_goals")
	w.grant(5, coordinatorSeat, mentorSeat, "substance_use")
}

func (w *world) grant(row int, from, to sig.Seat, categories ...string) {
	w.t.Helper()
	id := uuid.New()
	w.exec(`insert into sig.consent_grant (id, consent, intervention, row_number, discloser_authority, discloser_unit, discloser_function,
			recipient_authority, recipient_unit, recipient_function, categories, purpose, districts, valid_from, valid_to, origin)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'prevent_crime', '{farsta}', '2026-12-01 00:00+01', '2027-06-01 00:00+02', $1)`,
		id, w.consent, w.intervention, row, from.Authority, from.Unit, from.Function, to.Authority, to.Unit, to.Function, categories)
}

func (w *world) guardian(id sig.GuardianID) sig.Actor {
	return sig.Actor{Kind: sig.ActorGuardian, Person: sig.PersonID{UUID: uuid.New()}, Guardian: id}
}

func (w *world) youth() sig.Actor {
	return sig.Actor{Kind: sig.ActorYouth, Person: sig.PersonID{UUID: uuid.New()}, Youth: w.amir}
}

// writes has somebody write an item of one category.
func (w *world) writes(name, text string, categories ...sig.Category) sig.ItemID {
	w.t.Helper()
	id, err := w.service.WriteItem(w.t.Context(), w.staff[name], sharing.NewItem{
		Key: uuid.NewString(), Intervention: w.intervention, Categories: categories, Text: text,
	})
	if err != nil {
		w.t.Fatalf("%s writes an item: %v", name, err)
	}
	return id
}

// discloses tries to send an item to seats.
func (w *world) discloses(name string, item sig.ItemID, to ...sig.Seat) ([]sharing.Sent, error) {
	w.t.Helper()
	return w.service.Disclose(w.t.Context(), w.staff[name], sharing.NewDisclosure{
		Key: uuid.NewString(), Intervention: w.intervention, Item: item, Recipients: to, Necessity: "behövs för planen",
	})
}

// sends is a disclosure that must succeed.
func (w *world) sends(name string, item sig.ItemID, to sig.Seat) sig.DisclosureID {
	w.t.Helper()
	sent, err := w.discloses(name, item, to)
	if err != nil || len(sent) != 1 {
		w.t.Fatalf("%s discloses to %v: %v (%d sent)", name, to, err, len(sent))
	}
	return sent[0].ID
}
