package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// people lists who may need an interpreter: the family, the called functions and
// the private guests, each with what is noted.
func (v *visit) people(ctx context.Context) ([]Person, error) {
	family, err := v.tx.CasePeople(ctx, v.row.Intervention)
	if err != nil {
		return nil, err
	}
	list := []Person{{Youth: family.Youth.ID, Name: family.Youth.Name}}
	for _, g := range family.Guardians {
		if !v.tx.Now().Before(g.From) && v.tx.Now().Before(g.To) {
			list = append(list, Person{Guardian: g.ID, Name: g.Name})
		}
	}
	for _, c := range v.row.Invitations {
		if c.EndedAt == nil {
			list = append(list, Person{Invitation: c.ID, Seat: c.Seat})
		}
	}
	for _, g := range v.guests {
		if g.Kind == sig.GuestPrivate && g.EndedAt == nil {
			list = append(list, Person{Guest: g.ID, Name: g.Name})
		}
	}
	noted, err := v.tx.Languages(ctx, v.row.Intervention, v.row.ID)
	if err != nil {
		return nil, err
	}
	for i := range list {
		p := &list[i]
		for _, n := range noted {
			if needOf(n).key() == p.key() {
				p.Language = n.Language
			}
		}
		p.Served = slices.ContainsFunc(v.guests, func(g Guest) bool {
			return g.Kind == sig.GuestInterpreter && g.EndedAt == nil && g.Language == p.Language && g.Answer != sig.InvitationDeclined
		})
	}
	return list, nil
}

func needOf(n postgres.LanguageNeed) *Person {
	p := &Person{}
	switch {
	case n.Guardian != nil:
		p.Guardian = *n.Guardian
	case n.Youth != nil:
		p.Youth = *n.Youth
	case n.Invitation != nil:
		p.Invitation = *n.Invitation
	case n.Guest != nil:
		p.Guest = *n.Guest
	}
	return p
}

// need is the other way round.
func (p *Person) need() postgres.LanguageNeed {
	n := postgres.LanguageNeed{}
	switch {
	case !p.Guardian.IsZero():
		n.Guardian = &p.Guardian
	case !p.Youth.IsZero():
		n.Youth = &p.Youth
	case !p.Invitation.IsZero():
		n.Invitation = &p.Invitation
	default:
		n.Guest = &p.Guest
	}
	return n
}

// NeedLanguage notes for which language somebody at a meeting needs an
// interpreter, by the key that People gave; the empty language is none.
func (s *Service) NeedLanguage(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID, person, language string) error {
	var c fault.Check
	if language != "" && sig.SpokenName(language) == "" {
		c.Fail("language", "error.choose_one")
	}
	if person == "" {
		c.Fail("person", "error.choose_one")
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.guestChange(ctx, actor, intervention, id, func(v *visit) error {
		v.entry.Kind = ledger.NoteLanguage
		people, err := v.people(ctx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(people, func(p Person) bool { return p.Key() == person })
		if at < 0 {
			c.Fail("person", "error.choose_one")
			return c.Err()
		}
		if people[at].Language == language {
			return nil
		}
		n := people[at].need()
		n.Language = language
		if err := v.tx.PutLanguage(ctx, &v.row.Meeting, n); err != nil {
			return err
		}
		return v.tx.Record(v.entry)
	})
}

// NewInterpreter is an interpreter to be called.
type NewInterpreter struct {
	Key          string
	Intervention sig.InterventionID
	Meeting      sig.MeetingID
	Language     string
	Name         string
	Identity     string // authorisation number, or the agency
	Email        string
	Unrelated    bool // the coordinator has asked: neither a relative nor close to the family
	SameSurname  bool // and knows that a name which the family has too is no kinship
}

func (in *NewInterpreter) check() error {
	var c fault.Check
	in.Name, in.Identity, in.Email = strings.TrimSpace(in.Name), strings.TrimSpace(in.Identity), strings.TrimSpace(in.Email)
	if sig.SpokenName(in.Language) == "" {
		c.Fail("language", "error.choose_one")
	}
	checkText(&c, "name", in.Name, MaxGuestName, true)
	checkText(&c, "identity", in.Identity, MaxGuestName, true)
	checkEmail(&c, in.Email)
	if !in.Unrelated {
		c.Fail("unrelated", "error.interpreter_unrelated")
	}
	return c.Err()
}

// CallInterpreter calls an interpreter to one meeting, for its time alone. A
// relative, or a child of the family, is refused whatever is ticked: an
// interpreter must be somebody whom everybody there can rely on (FL 13 §).
func (s *Service) CallInterpreter(ctx context.Context, actor sig.Actor, in NewInterpreter) (sig.GuestID, error) {
	id := sig.GuestID{UUID: idFrom(actor, in.Key, "interpreter", in.Meeting.String())}
	if err := in.check(); err != nil {
		return id, err
	}
	return id, s.guestChange(ctx, actor, in.Intervention, in.Meeting, func(v *visit) error {
		if v.known(id) {
			return nil // the same form, sent twice
		}
		if err := v.mustBeStranger(ctx, &in); err != nil {
			return err
		}
		return v.call(ctx, postgres.Guest{ID: id, Kind: sig.GuestInterpreter, Language: in.Language},
			identity{Name: in.Name, Identity: in.Identity}, in.Email, "sv")
	})
}

// mustBeStranger holds the interpreter to the family's records: the name and the
// mail address of nobody in it, nor of a close person whom the consent names or
// who is a guest; a surname that the family has too needs a word of its own.
func (v *visit) mustBeStranger(ctx context.Context, in *NewInterpreter) error {
	family, err := v.tx.CasePeople(ctx, v.row.Intervention)
	if err != nil {
		return err
	}
	names := []string{family.Youth.Name}
	for _, g := range family.Guardians {
		names = append(names, g.Name)
	}
	for _, name := range v.names {
		names = append(names, name)
	}
	for _, g := range v.guests {
		if g.Kind == sig.GuestPrivate {
			names = append(names, g.Name)
		}
	}
	emails, err := v.familyEmails(ctx)
	if err != nil {
		return err
	}
	var c fault.Check
	switch {
	case slices.ContainsFunc(names, func(n string) bool { return sameName(n, in.Name) }):
		c.Fail("name", "error.interpreter_is_family")
	case slices.ContainsFunc(emails, func(e string) bool { return strings.EqualFold(e, in.Email) }):
		c.Fail("email", "error.interpreter_is_family")
	case !in.SameSurname && slices.ContainsFunc(names, func(n string) bool { return sameName(surname(n), surname(in.Name)) }):
		c.Fail("same_surname", "error.interpreter_same_surname")
	default:
		return nil
	}
	return v.tx.RefuseRecorded(v.entry, "related", c.Err())
}

func surname(name string) string {
	parts := strings.Fields(name)
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1]
}

func (v *visit) familyEmails(ctx context.Context) ([]string, error) {
	rows, err := v.tx.FamilyContacts(ctx, v.row.Intervention)
	if err != nil {
		return nil, err
	}
	var sealed []seal.Sealed
	for _, r := range rows {
		sealed = append(sealed, seal.Sealed{Place: seal.Place{Authority: r.Authority, Field: fieldContact, Object: r.Owner}, Bytes: r.ContactSealed})
	}
	texts, err := v.s.Sealer.OpenAll(ctx, v.tx, sealed)
	if err != nil {
		return nil, err
	}
	var emails []string
	for _, text := range texts {
		var c struct {
			Email string `json:"email"`
		}
		if err := json.Unmarshal(text, &c); err != nil {
			return nil, fault.Wrap(fault.Internal, "error.internal", fmt.Errorf("read contact data: %w", err))
		}
		if c.Email != "" {
			emails = append(emails, c.Email)
		}
	}
	return emails, nil
}
