package casework

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Contact is how a member of the family is reached; it is sealed.
type Contact struct {
	Email    string `json:"email,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Language string `json:"language,omitempty"`
}

// NewGuardian is a guardian as the coordinator has verified them.
type NewGuardian struct {
	Number     sig.PersonalNumber
	Name       string
	Kind       string // parent or appointed
	Custody    string // joint or sole
	Source     string // population_register, judgment or manual
	VerifiedOn sig.Date
	Contact    Contact
}

// Proposal is a new intervention for a young person of the own board.
type Proposal struct {
	Programme  sig.Programme
	Number     sig.PersonalNumber
	Name       string
	Protection sig.Protection
	Contact    Contact
	Guardians  []NewGuardian
	Key        string // a program's, under which Proposed finds the answer again
}

// Proposed is the answer. Received alone is all that is said when the board
// already has an open intervention: the proposal has gone to its coordinator.
type Proposed struct {
	Intervention sig.InterventionID
	CaseNumber   string
	Received     bool
}

const maxName = 200

func (p *Proposal) check(at time.Time) error {
	now := sig.DateOf(at)
	var c fault.Check
	if !p.Programme.Valid() {
		c.Fail("programme", "error.choose_one")
	}
	if p.Number.IsZero() {
		c.Fail("number", "error.required")
	}
	p.Name = strings.TrimSpace(p.Name)
	checkName(&c, "name", p.Name)
	if !slices.Contains(sig.Protections(), p.Protection) {
		c.Fail("protection", "error.choose_one")
	}
	adult := !p.Number.IsZero() && p.Number.BirthDate().Age(now) >= 18
	if len(p.Guardians) == 0 && !adult && !p.Number.IsZero() {
		c.Fail("guardians", "error.guardian_required")
	}
	seen := map[string]bool{p.Number.Digits(): true}
	for i := range p.Guardians {
		field := fmt.Sprintf("guardians.%d.", i)
		p.Guardians[i].check(&c, field, seen, at)
		if p.Guardians[i].Custody == "sole" && len(p.Guardians) > 1 {
			c.Fail(field+"custody", "error.sole_custody_of_several")
		}
	}
	return c.Err()
}

func (g *NewGuardian) check(c *fault.Check, field string, seen map[string]bool, at time.Time) {
	g.Name = strings.TrimSpace(g.Name)
	checkName(c, field+"name", g.Name)
	switch {
	case g.Number.IsZero():
		c.Fail(field+"number", "error.required")
	case seen[g.Number.Digits()]:
		c.Fail(field+"number", "error.same_person_twice")
	case !sig.MayBeGuardian(g.Number, at):
		c.Fail(field+"number", "error.guardian_under_age")
	}
	seen[g.Number.Digits()] = true
	if g.Kind != "parent" && g.Kind != "appointed" {
		c.Fail(field+"kind", "error.choose_one")
	}
	if g.Custody != "joint" && g.Custody != "sole" {
		c.Fail(field+"custody", "error.choose_one")
	}
	switch g.Source {
	case "population_register", "judgment", "manual":
	default:
		c.Fail(field+"source", "error.choose_one")
	}
	if !g.VerifiedOn.Valid() || g.VerifiedOn.Compare(sig.DateOf(at)) > 0 {
		c.Fail(field+"verified_on", "error.date_not_after_today")
	}
}

func checkName(c *fault.Check, field, name string) {
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		c.Fail(field, "error.required")
	case n > maxName:
		c.Fail(field, "error.too_long", "max", maxName)
	}
}

// Propose opens an intervention, with the coordinator taking part. A youth who
// already has an open one in the own board is not told of here: that one's
// coordinator gets a task, and the proposer hears only that it was received.
func (s *Service) Propose(ctx context.Context, actor sig.Actor, in Proposal) (Proposed, error) {
	if actor.Function != sig.RoleCoordinator {
		return Proposed{}, fault.Missing()
	}
	var out Proposed
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		hash := s.Sealer.PINHash(in.Number.Digits())
		if err := tx.Lock(ctx, int64(binary.BigEndian.Uint64(hash))); err != nil { //nolint:gosec // the bits matter, not the sign
			return err
		}
		if err := in.check(tx.Now()); err != nil {
			return err
		}
		youth, open, err := tx.OpenIntervention(ctx, hash)
		if err != nil {
			return err
		}
		if !open.IsZero() {
			out.Received = true
			return s.handOver(ctx, tx, open, in.Protection)
		}
		out, err = s.open(ctx, tx, in, youth, hash)
		return err
	})
	return out, err
}

// proposedAs is the identifier of what a proposer proposes under a key; without
// one every call is a new act.
func proposedAs(actor sig.Actor, key string) sig.InterventionID {
	if key == "" {
		return sig.InterventionID{UUID: uuid.New()}
	}
	return sig.InterventionID{UUID: uuid.NewSHA1(actor.Assignment.UUID, []byte(key+"\x00intervention"))}
}

// Proposed is the answer to what the actor has proposed under a key. What is no
// longer theirs to see was received, and no more is said.
func (s *Service) Proposed(ctx context.Context, actor sig.Actor, key string) (out Proposed, err error) {
	err = s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		i, err := tx.Intervention(ctx, proposedAs(actor, key))
		if errors.Is(err, postgres.ErrNoRows) {
			out.Received = true
			return nil
		}
		out.Intervention, out.CaseNumber = i.ID, i.CaseNumber
		return err
	})
	return out, err
}

// handOver gives the proposal to the open intervention's coordinator, and what it
// says of protected identity to the record that is there.
func (s *Service) handOver(ctx context.Context, tx *postgres.Tx, open sig.InterventionID, under sig.Protection) error {
	board := tx.Actor.Authority
	err := tx.AsSystem("proposal", func() error {
		tx.LockCase(open)
		i, err := tx.Intervention(ctx, open)
		if err != nil {
			return err
		}
		if err := keepProtected(ctx, tx, &i, under); err != nil {
			return err
		}
		return tellCoordinators(ctx, tx, open, board, postgres.TaskProposalReceived, uuid.Nil, sig.MailProposalReceived)
	})
	if err != nil {
		return err
	}
	_, err = tx.Append(ctx, ledger.Entry{Kind: ledger.ProposeIntervention, Reason: "already_open"})
	return err
}

func (s *Service) open(ctx context.Context, tx *postgres.Tx, in Proposal, youth sig.YouthID, hash []byte) (Proposed, error) {
	fresh := youth.IsZero()
	if fresh {
		youth = sig.YouthID{UUID: uuid.New()}
		if err := s.insertYouth(ctx, tx, in, youth, hash); err != nil {
			return Proposed{}, err
		}
	}
	i := postgres.Intervention{
		ID: proposedAs(tx.Actor, in.Key), CaseNumber: caseNumber(), Authority: tx.Actor.Authority, Youth: youth,
		Programme: in.Programme, State: sig.InterventionProposed, CreatedBy: tx.Actor.Assignment,
	}
	if err := tx.InsertIntervention(ctx, i); err != nil {
		return Proposed{}, err
	}
	err := tx.InsertParticipation(ctx, postgres.Participation{
		ID: sig.ParticipationID{UUID: uuid.New()}, Intervention: i.ID, Assignment: tx.Actor.Assignment, Authority: tx.Actor.Authority,
		Unit: tx.Actor.Unit, Function: tx.Actor.Function, From: tx.Now(), To: sig.Forever,
	}, nil)
	if err != nil {
		return Proposed{}, err
	}
	if err := protect(ctx, tx, &i, fresh, in.Protection); err != nil {
		return Proposed{}, err
	}
	if adult := sig.AdultFrom(in.Number.BirthDate()); adult.After(tx.Now()) {
		if err := tx.SetAlarm(postgres.AlarmComesOfAge, i.ID, i.ID.UUID, adult); err != nil {
			return Proposed{}, err
		}
	}
	for _, g := range in.Guardians {
		if err := s.insertGuardian(ctx, tx, youth, g); err != nil {
			return Proposed{}, err
		}
	}
	_, err = tx.Append(ctx, ledger.Entry{
		Kind: ledger.ProposeIntervention, Intervention: i.ID, Object: ledger.Of(ledger.ObjectIntervention, i.ID),
	})
	return Proposed{Intervention: i.ID, CaseNumber: i.CaseNumber}, err
}

// protect settles which protection a new case begins under: an old record keeps
// what the proposal knows; a new one may be born with a mark that the proposer
// knew nothing of, and that is said.
func protect(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, fresh bool, under sig.Protection) error {
	switch {
	case !fresh:
		return keepProtected(ctx, tx, i, under)
	case under != sig.ProtectionNone:
		return nil
	default:
		return tx.AsSystem("proposal", func() error {
			_, err := closing.NoteMark(ctx, tx, i)
			return err
		})
	}
}

// keepProtected marks a record that was there before the proposal, where nobody
// had marked it: a proposal takes no protection away and puts none in another's
// place (T26).
func keepProtected(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, under sig.Protection) error {
	if under == sig.ProtectionNone {
		return nil
	}
	return tx.AsSystem("proposal", func() error {
		marked, err := tx.MarkProtected(ctx, i.Youth, under)
		if err != nil || !marked {
			return err
		}
		err = tx.WriteNote(postgres.JournalNote{
			Intervention: i.ID, Authority: i.Authority, Kind: postgres.JournalProtection, At: tx.Now(), Facts: map[string]any{"protection": under},
		})
		if err != nil {
			return err
		}
		err = tx.Record(ledger.Entry{
			Kind: ledger.ChangeYouth, Intervention: i.ID, Object: ledger.Of(ledger.ObjectYouth, i.Youth), Detail: ledger.Detail{"protection": under},
		})
		if err != nil {
			return err
		}
		return closing.Tell(ctx, tx, i)
	})
}

func (s *Service) insertYouth(ctx context.Context, tx *postgres.Tx, in Proposal, id sig.YouthID, hash []byte) error {
	number, contact, err := s.sealPerson(ctx, tx, id.UUID, in.Number, in.Contact)
	if err != nil {
		return err
	}
	err = tx.InsertYouth(ctx, postgres.Youth{
		ID: id, Authority: tx.Actor.Authority, Name: in.Name, BirthDate: in.Number.BirthDate(), Protection: in.Protection,
	}, hash, number, contact)
	if err != nil {
		return err
	}
	_, err = tx.Append(ctx, ledger.Entry{Kind: ledger.CreateYouth, Object: ledger.Of(ledger.ObjectYouth, id)})
	return err
}

// insertGuardian records a guardianship; one that the board already holds for
// this youth and number stays as it is.
func (s *Service) insertGuardian(ctx context.Context, tx *postgres.Tx, youth sig.YouthID, in NewGuardian) error {
	hash := s.Sealer.PINHash(in.Number.Digits())
	known, err := tx.GuardianKnown(ctx, youth, hash, tx.Now())
	if err != nil || known {
		return err
	}
	id := sig.GuardianID{UUID: uuid.New()}
	number, contact, err := s.sealPerson(ctx, tx, id.UUID, in.Number, in.Contact)
	if err != nil {
		return err
	}
	err = tx.InsertGuardian(ctx, postgres.Guardian{
		ID: id, Youth: youth, Authority: tx.Actor.Authority, Name: in.Name, Kind: in.Kind, Custody: in.Custody, From: tx.Now(),
	}, in.Source, in.VerifiedOn, hash, number, contact)
	if err != nil {
		return err
	}
	_, err = tx.Append(ctx, ledger.Entry{Kind: ledger.RecordGuardian, Object: ledger.Of(ledger.ObjectGuardian, id)})
	return err
}

// sealPerson seals a number and contact data under the authority's own key.
func (s *Service) sealPerson(ctx context.Context, tx *postgres.Tx, id uuid.UUID, number sig.PersonalNumber, contact Contact) (sealedNumber, sealedContact []byte, err error) {
	at := seal.Place{Authority: tx.Actor.Authority, Field: "pin", Object: id}
	if sealedNumber, err = s.Sealer.Seal(ctx, tx, at, []byte(number.Digits())); err != nil {
		return nil, nil, err
	}
	text, err := json.Marshal(contact)
	if err != nil {
		return nil, nil, fmt.Errorf("write contact data: %w", err)
	}
	at.Field = "contact"
	sealedContact, err = s.Sealer.Seal(ctx, tx, at, text)
	return sealedNumber, sealedContact, err
}
