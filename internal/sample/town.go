package sample

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/meeting"
	"sigportal/internal/plan"
	"sigportal/internal/postgres"
	"sigportal/internal/question"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// Town plays the invented city's people through the services, with everything
// in the ledger as if they had clicked: for the demo and for tests that need
// more than a directory.
type Town struct {
	App        *postgres.DB
	Sealer     *seal.Sealer
	Casework   *casework.Service
	Consenting *consenting.Service
	Sharing    *sharing.Service
	Meeting    *meeting.Service
	Plan       *plan.Service
	Question   *question.Service
}

// NewTown puts the services on one pool.
func NewTown(app *postgres.DB, sealer *seal.Sealer) *Town {
	return &Town{
		App: app, Sealer: sealer,
		Casework:   &casework.Service{DB: app, Sealer: sealer},
		Consenting: &consenting.Service{DB: app, Sealer: sealer},
		Sharing:    &sharing.Service{DB: app, Sealer: sealer},
		Meeting:    &meeting.Service{DB: app, Sealer: sealer},
		Plan:       &plan.Service{DB: app, Sealer: sealer},
		Question:   &question.Service{DB: app, Sealer: sealer},
	}
}

// Seats of the invented city that the stories name.
var (
	Coordinator     = sig.Seat{Authority: "farsta-sdn", Unit: "farsta-unga", Function: sig.RoleCoordinator}
	SocialSecretary = sig.Seat{Authority: "farsta-sdn", Unit: "farsta-unga", Function: sig.RoleSocialSecretary}
	FieldAssistant  = sig.Seat{Authority: "farsta-sdn", Unit: "farsta-falt", Function: sig.RoleFieldAssistant}
	Police          = sig.Seat{Authority: "polisen", Unit: "polis-farsta", Function: sig.RolePolice}
	Counsellor      = sig.Seat{Authority: "utbildning", Unit: "farstaskolan-elevhalsa", Function: sig.RoleSchoolCounsellor}
	Principal       = sig.Seat{Authority: "utbildning", Unit: "farstaskolan", Function: sig.RolePrincipal}
	Mentor          = sig.Seat{Authority: "utbildning", Unit: "farstaskolan", Function: sig.RoleMentor}
)

// As is the actor of a persona's session.
func (t *Town) As(ctx context.Context, persona, hat string) (sig.Actor, error) {
	return SignIn(ctx, t.App, t.Sealer.PINHash, persona, hat)
}

// Propose opens a family's case at Farsta and gives the social secretary and
// the field assistant a part.
func (t *Town) Propose(ctx context.Context, f Family, programme sig.Programme) (sig.InterventionID, error) {
	coordinator, err := t.As(ctx, "coordinator-farsta", "")
	if err != nil {
		return sig.InterventionID{}, err
	}
	in, err := t.proposal(ctx, f, programme)
	if err != nil {
		return sig.InterventionID{}, err
	}
	opened, err := t.Casework.Propose(ctx, coordinator, in)
	if err != nil {
		return sig.InterventionID{}, fmt.Errorf("propose for %s: %w", f.Youth, err)
	}
	for persona, why := range map[string]string{
		"social-secretary-farsta": "beslutar om insatsen", "field-assistant-farsta": "möter den unge på kvällarna",
	} {
		colleague, err := t.As(ctx, persona, "")
		if err != nil {
			return sig.InterventionID{}, err
		}
		if err := t.Casework.GivePart(ctx, coordinator, opened.Intervention, colleague.Assignment, why); err != nil {
			return sig.InterventionID{}, fmt.Errorf("give %s a part: %w", persona, err)
		}
	}
	return opened.Intervention, nil
}

func (t *Town) proposal(ctx context.Context, f Family, programme sig.Programme) (casework.Proposal, error) {
	youth, err := Find(f.Youth)
	if err != nil {
		return casework.Proposal{}, err
	}
	in := casework.Proposal{Programme: programme, Name: youth.Name, Protection: sig.ProtectionNone}
	if f.Protection == Marked {
		in.Protection = sig.ProtectionMarked
	}
	if in.Number, err = youth.Number(); err != nil {
		return casework.Proposal{}, err
	}
	in.Contact = casework.Contact{Email: f.Youth + "@familj.example", Language: "sv"}
	today, err := t.today(ctx)
	if err != nil {
		return casework.Proposal{}, err
	}
	for _, c := range f.Guardians {
		p, err := Find(c.Guardian)
		if err != nil {
			return casework.Proposal{}, err
		}
		number, err := p.Number()
		if err != nil {
			return casework.Proposal{}, err
		}
		custody := "joint"
		if len(f.Guardians) == 1 {
			custody = "sole"
		}
		in.Guardians = append(in.Guardians, casework.NewGuardian{
			Number: number, Name: p.Name, Kind: "parent", Custody: custody, Source: "population_register", VerifiedOn: today,
			Contact: casework.Contact{Email: c.Guardian + "@familj.example", Language: "sv"},
		})
	}
	return in, nil
}

func (t *Town) today(ctx context.Context) (sig.Date, error) {
	var now time.Time
	err := t.App.Do(ctx, sig.System("sample"), func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		now = tx.Now()
		return nil
	})
	return sig.DateOf(now), err
}

// Sign has a member of a family read a version and sign it with a login that
// is as fresh as the portal demands.
func (t *Town) Sign(ctx context.Context, persona, hat string, consent sig.ConsentID) error {
	actor, err := t.As(ctx, persona, hat)
	if err != nil {
		return err
	}
	text, err := t.Consenting.Text(ctx, actor, consent)
	if err != nil {
		return fmt.Errorf("%s reads the consent: %w", persona, err)
	}
	proof, err := t.freshLogin(ctx, persona, &actor, text.TextHash)
	if err != nil {
		return fmt.Errorf("%s signs in anew: %w", persona, err)
	}
	if _, err := t.Consenting.Sign(ctx, actor, consent, text.TextHash, proof); err != nil {
		return fmt.Errorf("%s signs: %w", persona, err)
	}
	return nil
}

// Proof is somebody's fresh login for a text, and who it proves.
func (t *Town) Proof(ctx context.Context, persona, hat, text string) (sig.Actor, postgres.StepUpID, error) {
	actor, err := t.As(ctx, persona, hat)
	if err != nil {
		return actor, postgres.StepUpID{}, err
	}
	proof, err := t.freshLogin(ctx, persona, &actor, text)
	return actor, proof, err
}

// ProofIn is somebody's fresh login for a text in a session that is open.
func (t *Town) ProofIn(ctx context.Context, persona string, actor sig.Actor, text string) (postgres.StepUpID, error) {
	return t.freshLogin(ctx, persona, &actor, text)
}

// freshLogin takes the steps of a login for signing, without a browser: in the
// actor's session, or in a new one.
func (t *Town) freshLogin(ctx context.Context, persona string, actor *sig.Actor, textHash string) (postgres.StepUpID, error) {
	var proof postgres.StepUpID
	p, err := Find(persona)
	if err != nil {
		return proof, err
	}
	bound := sha256.Sum256([]byte(textHash)) // as package login binds what stands on the screen
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	hashed := sha256.Sum256(secret)
	err = t.App.Do(ctx, *actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		now := time.Now() //nolint:forbidigo // a fresh login is dated by the provider's wall clock
		if actor.Session.IsZero() {
			actor.Session, err = tx.OpenSession(ctx, postgres.NewSession{
				SecretHash: hashed[:], Person: actor.Person, Provider: p.Issuer, SID: uuid.NewString(), AuthTime: now, Created: tx.Now(),
				Hat: postgres.Hat{Kind: actor.Kind, Guardian: actor.Guardian, Youth: actor.Youth}, Choices: 1,
				Idle: 10 * time.Minute, Absolute: time.Hour, Language: "sv", Browser: "other",
			})
			if err != nil {
				return err
			}
		}
		proof, err = tx.Prove(ctx, postgres.StepUp{Session: actor.Session, Purpose: "sign", BoundHash: bound[:], AuthTime: now}, p.Issuer, p.Subject)
		return err
	})
	return proof, err
}
