package api

import (
	"context"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// RenewalRequest is which consents to renew, and the last day of the new windows.
type RenewalRequest struct {
	Interventions []ID `json:"interventions" maxItems:"50"`
	To            Date `json:"to" doc:"The last day on which the new version holds."`
}

// Renewals is one line for each intervention that was named, in that order.
type Renewals struct {
	Renewals []Renewal `json:"renewals"`
}

// Renewal is what renewing one consent would do, or has done.
type Renewal struct {
	Intervention ID        `json:"intervention"`
	CaseNumber   string    `json:"case_number,omitempty"`
	YouthName    string    `json:"youth_name,omitempty"`
	Until        time.Time `json:"until,omitzero" doc:"The end of what is in force, or when it ran out."`
	To           time.Time `json:"to"`
	Rows         int       `json:"rows" doc:"That go on."`
	Over         int       `json:"over" doc:"That had run out before and do not."`
	Signers      []string  `json:"signers" doc:"Who must sign the new version."`
	Why          string    `json:"why,omitempty" doc:"Why it cannot be renewed, as the codes of problems."`
	Done         bool      `json:"done" doc:"A draft with the new end is there."`
}

func (a *API) registerRenewals() {
	add(a, op{method: "POST", path: "/api/v1/renewals/preview", level: Hat, id: "preview-renewals", tag: "consents", asks: true,
		says: "What renewing several consents would do, one by one."}, a.renewals(false))
	add(a, op{method: "POST", path: "/api/v1/renewals", level: Hat, id: "renew-consents", tag: "consents",
		says: "Draft a renewal of several consents, each on its own: one that cannot be renewed keeps none of the others."}, a.renewals(true))
}

func (a *API) renewals(write bool) func(context.Context, *caller, *body[RenewalRequest]) (Renewals, error) {
	return func(ctx context.Context, who *caller, in *body[RenewalRequest]) (Renewals, error) {
		var check fault.Check
		last := in.Body.To.read(&check, "to")
		if err := check.Err(); err != nil {
			return Renewals{}, err
		}
		of := list(in.Body.Interventions, func(id ID) sig.InterventionID { return sig.InterventionID{UUID: uuidOf(id)} })
		do := a.deps.Consenting.PreviewRenewals
		if write {
			do = a.deps.Consenting.Renew
		}
		done, err := do(ctx, who.actor, of, last)
		if err != nil {
			return Renewals{}, err
		}
		return Renewals{list(done, renewalOut)}, nil
	}
}

func renewalOut(r consenting.Renewal) Renewal {
	return Renewal{
		Intervention: idOut(r.Intervention), CaseNumber: r.CaseNumber, YouthName: r.YouthName, Until: r.Until, To: r.To, Rows: r.Rows, Over: r.Over,
		Signers: list(r.Signers, func(s consenting.Signer) string { return s.Name }), Why: r.Why, Done: r.Done,
	}
}
