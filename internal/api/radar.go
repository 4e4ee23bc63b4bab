package api

import (
	"context"
	"time"

	"sigportal/internal/casework"
)

// Radar is what the coordinator should see to about consents.
type Radar struct {
	Now   time.Time   `json:"now"`
	Lines []RadarLine `json:"lines" doc:"The most urgent first."`
}

// RadarLine is one thing about one consent.
type RadarLine struct {
	Kind         string    `json:"kind" doc:"ends, stopped, silent, new_guardian, guardian_ends, vacant, fifteen, eighteen or unused."`
	Urgency      string    `json:"urgency" doc:"week, fortnight, later or, where nothing happens by itself, review."`
	Intervention ID        `json:"intervention"`
	CaseNumber   string    `json:"case_number"`
	YouthName    string    `json:"youth_name"`
	Until        time.Time `json:"until,omitzero" doc:"When it comes about, or since when it has waited; of stopped, until when it can be renewed; absent for a vacant seat."`
	Consent      ID        `json:"consent,omitempty"`
	Person       string    `json:"person,omitempty" doc:"Who has not answered, or whose custody changes."`
	Unit         string    `json:"unit,omitempty" doc:"Of a vacant seat, with function."`
	Function     string    `json:"function,omitempty"`
	Staffed      bool      `json:"staffed" doc:"Of a vacant seat: its function has people, who have no part in this case."`
	Signed       bool      `json:"signed" doc:"Of eighteen: the young person has signed what is in force."`
	Preparing    bool      `json:"preparing" doc:"A new version is being prepared."`
	Rows         int       `json:"rows,omitempty" doc:"Of unused: how many rows name something that nobody has told."`
}

func (a *API) registerRadar() {
	add(a, op{method: "GET", path: "/api/v1/radar", level: Hat, id: "show-radar", tag: "consents",
		says: "What the caller, as coordinator, should see to about consents: ends, silence, custody, vacant seats, birthdays, what is never used."}, a.radarShow)
}

func (a *API) radarShow(ctx context.Context, who *caller, _ *none) (*Radar, error) {
	r, err := a.deps.Casework.Radar(ctx, who.actor)
	if err != nil {
		return nil, err
	}
	return &Radar{r.Now, list(r.Lines, radarLineOut)}, nil
}

func radarLineOut(l casework.RadarLine) RadarLine {
	return RadarLine{
		Kind: string(l.Kind), Urgency: string(l.Urgency), Intervention: idOut(l.Intervention), CaseNumber: l.CaseNumber, YouthName: l.YouthName,
		Until: l.Until, Consent: idOut(l.Consent), Person: l.Name, Unit: string(l.Unit), Function: string(l.Function),
		Staffed: l.Staffed, Signed: l.Signed, Preparing: l.Preparing, Rows: l.Rows,
	}
}
