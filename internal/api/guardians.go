package api

import (
	"context"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// GuardianStates is who decides for a young person, and how each one stands.
type GuardianStates struct {
	Guardians []GuardianState `json:"guardians"`
	Conflict  bool            `json:"conflict" doc:"One has said yes and another no."`
	Ahead     []CustodyAhead  `json:"ahead" doc:"Changes of custody that are recorded and have not come about; nobody in the family is told before."`
}

// CustodyAhead is a change of custody that is still to come.
type CustodyAhead struct {
	ID         ID        `json:"id"`
	At         time.Time `json:"at"`
	Ends       string    `json:"ends,omitempty" doc:"Who decides no more from then on."`
	Begins     string    `json:"begins,omitempty" doc:"Who begins to."`
	Source     string    `json:"source" doc:"population_register or judgment."`
	Reference  string    `json:"reference,omitempty"`
	VerifiedOn Date      `json:"verified_on"`
	Pauses     bool      `json:"pauses" doc:"The version in force waits for a signature from then on."`
}

// TakenBack is why a change of custody does not come about.
type TakenBack struct {
	Reason string `json:"reason" maxLength:"8000"`
}

// InCustodyChange is one change of custody with what is recorded about it.
type InCustodyChange struct {
	InCase

	Change string `path:"change"`
	Body   TakenBack
}

// GuardianState is one of them; the board's staff only.
type GuardianState struct {
	ID        ID        `json:"id"`
	Name      string    `json:"name"`
	Kind      string    `json:"kind"`
	Custody   string    `json:"custody"`
	From      time.Time `json:"from"`
	To        time.Time `json:"to,omitzero"`
	Decides   bool      `json:"decides"`
	Prevented time.Time `json:"prevented_until,omitzero"`
	Answer    string    `json:"answer" doc:"given, refused, silent or not_asked."`
	Answered  time.Time `json:"answered_at,omitzero"`
}

// GuardianRecord is a new guardian as verified.
type GuardianRecord struct {
	Number     string `json:"number" maxLength:"20"`
	Name       string `json:"name" maxLength:"400"`
	Kind       Code   `json:"kind" doc:"parent or appointed."`
	Source     Code   `json:"source" doc:"population_register, judgment or manual."`
	VerifiedOn Date   `json:"verified_on"`
	Email      string `json:"email,omitempty" maxLength:"400"`
	Phone      string `json:"phone,omitempty" maxLength:"100"`
	Replaces   ID     `json:"replaces,omitempty" doc:"Who stops deciding at the same instant."`
	From       Date   `json:"from,omitempty" doc:"The day ahead at whose 00:00 it comes about, by judgment or register; absent for at once."`
	Reference  string `json:"reference,omitempty" maxLength:"400"`
}

// CustodyEnd is that somebody does not decide any more.
type CustodyEnd struct {
	Since     Date   `json:"since"`
	From      Date   `json:"from,omitempty" doc:"The day ahead at whose 00:00 it comes about, by judgment or register; absent for at once."`
	Source    Code   `json:"source" doc:"population_register, judgment or manual."`
	Reference string `json:"reference,omitempty" maxLength:"400"`
}

// Prevention is that a guardian is kept from deciding for a time.
type Prevention struct {
	Until      Date   `json:"until" doc:"The last day."`
	Reason     string `json:"reason" maxLength:"8000"`
	NotDrastic bool   `json:"not_drastic" doc:"Said: what is asked does not bear drastically on the child's future (FB 6:13)."`
}

// Pause is why a consent is paused.
type Pause struct {
	Why Code `json:"why" doc:"protected_identity, maturity_in_doubt or suspected_coercion."`
}

// Protection is under which protection the young person's personal data stand.
type Protection struct {
	Protection Code `json:"protection" doc:"none, marked, registration or fictitious."`
}

// InGuardian is one guardian of a case.
type InGuardian struct {
	InCase

	Guardian string `path:"guardian"`
}

// guardianBody is one guardian with what is recorded.
type guardianBody[T any] struct {
	InGuardian

	Body T
}

func (in *InGuardian) guardian() (id sig.InterventionID, g sig.GuardianID, err error) {
	if id, err = in.intervention(); err != nil {
		return id, g, err
	}
	return id, g, pathID(in.Guardian, &g)
}

func (a *API) registerGuardians() {
	const tag = "interventions"
	const all = "/api/v1/interventions/{id}/guardians"
	const one = all + "/{guardian}"
	add(a, op{method: "GET", path: all, level: Hat, id: "list-guardians", tag: tag,
		says: "Who decides for the young person and how each one stands, for the board."}, a.guardiansList)
	addOnce(a, op{method: "POST", path: all, level: Hat, id: "record-guardian", tag: tag,
		says: "Record a new guardian, at once or from a day ahead: the consent is paused from then on until this one has signed."}, a.guardianRecord, standsNow[CaseBody[GuardianRecord]](a))
	act(a, op{method: "PUT", path: "/api/v1/interventions/{id}/protection", level: Hat, id: "protect-youth", tag: tag,
		says: "Mark that the young person's personal data are protected, in every view of every board at once; taking the mark away is the social secretary's."}, a.protect)
	act(a, op{method: "PUT", path: one + "/end", level: Hat, id: "end-custody", tag: tag,
		says: "Record that a guardian does not decide any more, at once or from a day ahead."}, a.custodyEnd)
	act(a, op{method: "PUT", path: "/api/v1/interventions/{id}/custody-changes/{change}/taken-back", level: Hat, id: "take-custody-change-back", tag: tag,
		says: "Take back a change of custody before it comes about, and say why."}, a.custodyTakeBack)
	act(a, op{method: "PUT", path: one + "/prevention", level: Hat, id: "prevent-guardian", tag: tag,
		says: "Record that a guardian is kept from deciding, until a day and with the reason."}, a.guardianPrevent)
	act(a, op{method: "DELETE", path: one + "/prevention", level: Hat, id: "guardian-decides", tag: tag,
		says: "Record that the guardian decides again."}, a.guardianDecides)
}

func (a *API) protect(ctx context.Context, who *caller, in *CaseBody[Protection]) error {
	id, err := in.intervention()
	if err != nil {
		return err
	}
	_, err = a.deps.Consenting.Protect(ctx, who.actor, id, sig.Protection(in.Body.Protection))
	return err
}

func (a *API) guardiansList(ctx context.Context, who *caller, in *InCase) (*GuardianStates, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	g, err := a.deps.Consenting.Guardians(ctx, who.actor, id)
	if err != nil {
		return nil, err
	}
	return &GuardianStates{Conflict: g.Conflict, Ahead: list(g.Ahead, custodyAheadOut), Guardians: list(g.Lines, func(l consenting.GuardianLine) GuardianState {
		out := GuardianState{
			ID: idOut(l.ID), Name: l.Name, Kind: l.Kind, Custody: l.Custody, From: l.From, Decides: l.Decides,
			Prevented: l.Until, Answer: string(l.Answer), Answered: l.Answered,
		}
		if !l.To.Equal(sig.Forever) {
			out.To = l.To
		}
		return out
	})}, nil
}

func custodyAheadOut(c consenting.CustodyAhead) CustodyAhead {
	return CustodyAhead{
		ID: idOut(c.ID), At: c.At, Ends: c.Ends, Begins: c.Begins, Source: c.Source, Reference: c.Reference, VerifiedOn: Date(c.VerifiedOn.String()), Pauses: c.Pauses,
	}
}

// ahead reads the day from which something holds; none for at once.
func ahead(c *fault.Check, d Date) sig.Date {
	if d == "" {
		return sig.Date{}
	}
	return d.read(c, "from")
}

func (a *API) guardianRecord(ctx context.Context, who *caller, in *CaseBody[GuardianRecord]) (*Consent, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	b := in.Body
	var check fault.Check
	number, err := sig.ParsePersonalNumber(b.Number)
	if err != nil {
		check.Fail("number", "error.search_personal_number")
	}
	on, from := b.VerifiedOn.read(&check, "verified_on"), ahead(&check, b.From)
	if err := check.Err(); err != nil {
		return nil, err
	}
	return consentOr(a.deps.Consenting.RecordGuardian(ctx, who.actor, id, consenting.NewGuardian{
		Number: number, Name: b.Name, Kind: string(b.Kind), Source: string(b.Source), VerifiedOn: on, Email: b.Email, Phone: b.Phone,
		Replaces: sig.GuardianID{UUID: uuidOf(b.Replaces)}, From: from, Reference: b.Reference,
	}))
}

func (a *API) custodyEnd(ctx context.Context, who *caller, in *guardianBody[CustodyEnd]) error {
	id, guardian, err := in.guardian()
	if err != nil {
		return err
	}
	var check fault.Check
	since, from := in.Body.Since.read(&check, "since"), ahead(&check, in.Body.From)
	if err := check.Err(); err != nil {
		return err
	}
	_, err = a.deps.Consenting.EndCustody(ctx, who.actor, id, consenting.EndedCustody{
		Guardian: guardian, Since: since, Source: string(in.Body.Source), Reference: in.Body.Reference, From: from,
	})
	return err
}

func (a *API) custodyTakeBack(ctx context.Context, who *caller, in *InCustodyChange) error {
	id, err := in.intervention()
	if err != nil {
		return err
	}
	var change sig.CustodyChangeID
	if err := pathID(in.Change, &change); err != nil {
		return err
	}
	_, err = a.deps.Consenting.TakeCustodyBack(ctx, who.actor, id, change, in.Body.Reason)
	return err
}

func (a *API) guardianPrevent(ctx context.Context, who *caller, in *guardianBody[Prevention]) error {
	id, guardian, err := in.guardian()
	if err != nil {
		return err
	}
	var check fault.Check
	until := in.Body.Until.read(&check, "until")
	if err := check.Err(); err != nil {
		return err
	}
	_, err = a.deps.Consenting.Prevent(ctx, who.actor, id, consenting.Prevention{
		Guardian: guardian, Until: until, Reason: in.Body.Reason, NotDrastic: in.Body.NotDrastic,
	})
	return err
}

func (a *API) guardianDecides(ctx context.Context, who *caller, in *InGuardian) error {
	id, guardian, err := in.guardian()
	if err != nil {
		return err
	}
	_, err = a.deps.Consenting.DecidesAgain(ctx, who.actor, id, guardian)
	return err
}
