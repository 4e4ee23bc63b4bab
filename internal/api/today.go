package api

import (
	"context"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// Today is what needs its reader now: ids, dates and states, no content.
type Today struct {
	Now       time.Time          `json:"now"`
	Tasks     []Task             `json:"tasks"`
	Ending    []InterventionLine `json:"ending" doc:"Consents that end within 30 days, soonest first."`
	Unsigned  []Unsigned         `json:"unsigned"`
	Narrowed  []Narrowed         `json:"narrowed" doc:"Consents of which a part was taken back in the last fortnight, as far as the caller's own functions are told."`
	New       []CopyLine         `json:"new" doc:"Copies not opened yet."`
	Promised  []Promised         `json:"promised" doc:"What the caller's own functions have promised in plans and not done, soonest first."`
	Meetings  []MeetingLine      `json:"meetings" doc:"Meetings of today and tomorrow to which a function of the caller is called."`
	Suggested []SuggestedTime    `json:"suggested" doc:"Other times for meetings that wait for the coordinator."`
	Vacant    []Vacant           `json:"vacant" doc:"Seats that a consent names, the caller leads and nobody fills."`
}

// Task is one task.
type Task struct {
	ID           ID        `json:"id"`
	Intervention ID        `json:"intervention"`
	CaseNumber   string    `json:"case_number,omitempty"`
	YouthName    string    `json:"youth_name,omitempty"`
	Kind         string    `json:"kind"`
	Object       ID        `json:"object,omitempty" doc:"What it is about; absent: the intervention."`
	DueOn        string    `json:"due_on,omitempty"`
	CreatedAt    time.Time `json:"created_at"`
	Overdue      bool      `json:"overdue"`
}

// Unsigned is a version that waits for somebody's signature.
type Unsigned struct {
	Intervention ID        `json:"intervention"`
	CaseNumber   string    `json:"case_number"`
	YouthName    string    `json:"youth_name,omitempty"`
	Consent      ID        `json:"consent"`
	State        string    `json:"state"`
	Signed       int       `json:"signed"`
	Must         int       `json:"must"`
	Since        time.Time `json:"since"`
}

// Narrowed is that a part of a consent was taken back: when, and not by whom.
type Narrowed struct {
	Intervention ID        `json:"intervention"`
	CaseNumber   string    `json:"case_number"`
	YouthName    string    `json:"youth_name,omitempty"`
	At           time.Time `json:"at"`
}

// Vacant is a seat that nobody fills.
type Vacant struct {
	Intervention ID     `json:"intervention"`
	CaseNumber   string `json:"case_number"`
	Unit         string `json:"unit"`
	Function     string `json:"function"`
}

// Promised is a commitment that is not done, without its text.
type Promised struct {
	Intervention ID     `json:"intervention"`
	CaseNumber   string `json:"case_number"`
	YouthName    string `json:"youth_name,omitempty"`
	Function     string `json:"function"`
	DueOn        string `json:"due_on"`
	Overdue      bool   `json:"overdue"`
}

// SuggestedTime is another time that a called function suggests for a meeting.
type SuggestedTime struct {
	Intervention ID        `json:"intervention"`
	Meeting      ID        `json:"meeting"`
	Function     string    `json:"function"`
	Start        time.Time `json:"start"`
	End          time.Time `json:"end"`
}

// Search is exactly one of the three fields; a second one is too many also
// when it is empty.
type Search struct {
	Name           *string `json:"name,omitempty" maxLength:"200"`
	PersonalNumber *string `json:"personal_number,omitempty" maxLength:"20"`
	CaseNumber     *string `json:"case_number,omitempty" maxLength:"20"`
}

func (a *API) registerToday() {
	add(a, op{method: "GET", path: "/api/v1/today", level: Hat, id: "show-today", tag: "interventions",
		says: "The caller's tasks, and what else needs them now."}, a.todayShow)
	add(a, op{method: "POST", path: "/api/v1/search", level: Hat, id: "search", tag: "interventions", asks: true,
		says: "Find own interventions by exactly one field. The search is in the ledger."}, a.search)
}

func (a *API) todayShow(ctx context.Context, who *caller, _ *none) (*Today, error) {
	t, err := a.deps.Casework.Today(ctx, who.actor)
	if err != nil {
		return nil, err
	}
	return &Today{
		Now: t.Now, Tasks: list(t.Tasks, taskOut), Ending: list(t.Ending, interventionOut), New: list(t.New, copyLineOut),
		Unsigned: list(t.Unsigned, func(u casework.Unsigned) Unsigned {
			return Unsigned{idOut(u.Intervention), u.CaseNumber, u.YouthName, idOut(u.Consent), string(u.State), u.Signed, u.Must, u.Since}
		}),
		Narrowed: list(t.Narrowed, func(n casework.Narrowing) Narrowed {
			return Narrowed{idOut(n.Intervention), n.CaseNumber, n.YouthName, n.At}
		}),
		Meetings: meetingsOut(t.Meetings).Meetings,
		Promised: list(t.Promised, func(p casework.OverdueLine) Promised {
			return Promised{idOut(p.Intervention), p.CaseNumber, p.YouthName, string(p.Seat.Function), p.DueOn.String(), p.DueOn.Compare(sig.DateOf(t.Now)) < 0}
		}),
		Suggested: list(t.Suggested, func(s casework.SuggestedTime) SuggestedTime {
			return SuggestedTime{idOut(s.Intervention), idOut(s.Meeting), string(s.Function), s.From, s.To}
		}),
		Vacant: list(t.Led, func(l casework.LedSeat) Vacant {
			return Vacant{idOut(l.Intervention), l.CaseNumber, string(l.Unit), string(l.Function)}
		}),
	}, nil
}

func taskOut(t casework.TaskLine) Task {
	out := Task{
		ID: idOut(t.ID), Intervention: idOut(t.Intervention), CaseNumber: t.CaseNumber, YouthName: t.YouthName, Kind: string(t.Kind),
		DueOn: t.DueOn.String(), CreatedAt: t.CreatedAt, Overdue: t.Overdue,
	}
	if t.Object != [16]byte{} {
		out.Object = ID(t.Object.String())
	}
	return out
}

func (a *API) search(ctx context.Context, who *caller, in *body[Search]) (Interventions, error) {
	var by casework.SearchBy
	var term string
	given := 0
	for field, text := range map[casework.SearchBy]*string{
		casework.SearchName: in.Body.Name, casework.SearchNumber: in.Body.PersonalNumber, casework.SearchCaseNumber: in.Body.CaseNumber,
	} {
		if text != nil {
			by, term, given = field, *text, given+1
		}
	}
	if given != 1 {
		return Interventions{}, fault.New(fault.Malformed, "error.malformed")
	}
	found, err := a.deps.Casework.Search(ctx, who.actor, by, term)
	return Interventions{list(found, interventionOut)}, err
}
