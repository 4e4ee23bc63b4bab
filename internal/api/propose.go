package api

import (
	"context"
	"fmt"

	"sigportal/internal/casework"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// NewIntervention proposes an intervention for a young person of the own board.
type NewIntervention struct {
	Programme  string        `json:"programme" maxLength:"20"`
	Number     string        `json:"number" maxLength:"20" doc:"Personal number, twelve digits."`
	Name       string        `json:"name" maxLength:"400"`
	Protection string        `json:"protection" maxLength:"20"`
	Contact    Contact       `json:"contact,omitzero"`
	Guardians  []NewGuardian `json:"guardians,omitempty" maxItems:"10"`
}

// NewGuardian is a guardian as the coordinator has verified them.
type NewGuardian struct {
	Number     string  `json:"number" maxLength:"20"`
	Name       string  `json:"name" maxLength:"400"`
	Kind       string  `json:"kind" enum:"parent,appointed"`
	Custody    string  `json:"custody" enum:"joint,sole"`
	Source     string  `json:"source" enum:"population_register,judgment,manual"`
	VerifiedOn Date    `json:"verified_on"`
	Contact    Contact `json:"contact,omitzero"`
}

// Contact is how somebody is reached.
type Contact struct {
	Email    string `json:"email,omitempty" maxLength:"254"`
	Phone    string `json:"phone,omitempty" maxLength:"40"`
	Language string `json:"language,omitempty" maxLength:"20"`
}

func (c Contact) read() casework.Contact {
	return casework.Contact{Email: c.Email, Phone: c.Phone, Language: c.Language}
}

// Proposed is the answer to a proposal.
type Proposed struct {
	Intervention ID     `json:"intervention,omitempty"`
	CaseNumber   string `json:"case_number,omitempty"`
	Received     bool   `json:"received" doc:"The proposal has gone to somebody else; nothing more is told."`
}

func number(check *fault.Check, field, text string) sig.PersonalNumber {
	n, err := sig.ParsePersonalNumber(text)
	if err != nil {
		check.Fail(field, "error.bad_personal_number")
	}
	return n
}

func (a *API) interventionPropose(ctx context.Context, who *caller, in *body[NewIntervention]) (Proposed, error) {
	var check fault.Check
	b := in.Body
	p := casework.Proposal{
		Programme: sig.Programme(b.Programme), Number: number(&check, "number", b.Number), Name: b.Name,
		Protection: sig.Protection(b.Protection), Contact: b.Contact.read(), Key: who.key,
	}
	for i, g := range b.Guardians {
		field := fmt.Sprintf("guardians.%d.", i)
		p.Guardians = append(p.Guardians, casework.NewGuardian{
			Number: number(&check, field+"number", g.Number), Name: g.Name, Kind: g.Kind, Custody: g.Custody, Source: g.Source,
			VerifiedOn: g.VerifiedOn.read(&check, field+"verified_on"), Contact: g.Contact.read(),
		})
	}
	if err := check.Err(); err != nil {
		return Proposed{}, err
	}
	done, err := a.deps.Casework.Propose(ctx, who.actor, p)
	return Proposed{idOut(done.Intervention), done.CaseNumber, done.Received}, err
}

func (a *API) interventionProposed(ctx context.Context, who *caller, _ *body[NewIntervention]) (Proposed, error) {
	done, err := a.deps.Casework.Proposed(ctx, who.actor, who.key)
	return Proposed{idOut(done.Intervention), done.CaseNumber, done.Received}, err
}
