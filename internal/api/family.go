package api

import (
	"context"
	"time"

	"sigportal/internal/meeting"
)

// FamilyMeetings is the meetings ahead as the caller, of the family, may see
// them, and those that have been of whose minutes there is something to read.
// What is hidden leaves no gap.
type FamilyMeetings struct {
	Protected bool            `json:"protected" doc:"Neither place nor names of units are shown."`
	Ahead     []FamilyMeeting `json:"ahead"`
	Held      []HeldMeeting   `json:"held"`
}

// FamilyMeeting is a meeting at which something is told by the consent.
type FamilyMeeting struct {
	ID     ID            `json:"id"`
	Start  time.Time     `json:"start"`
	End    time.Time     `json:"end"`
	Off    bool          `json:"off" doc:"It is called off."`
	Live   bool          `json:"live" doc:"It is going on."`
	Place  string        `json:"place,omitempty"`
	Link   string        `json:"link,omitempty"`
	Points []FamilyPoint `json:"points"`
	// Nobody is named.
	Interpreter bool   `json:"interpreter" doc:"One is called."`
	Language    string `json:"language,omitempty" doc:"Of an interpreter who comes for the caller."`
	Guest       bool   `json:"guest" doc:"Somebody whom the consent names is called besides."`
}

// FamilyPoint is who tells about what, to whom.
type FamilyPoint struct {
	Category    string `json:"category"`
	Teller      Seat   `json:"teller"`
	Called      []Seat `json:"called"`
	FamilyAlone bool   `json:"family_alone,omitempty" doc:"Nobody is there but the family and the one who holds the meeting."`
}

// HeldMeeting is a meeting that has been.
type HeldMeeting struct {
	ID    ID        `json:"id"`
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// FamilyMinutes is what the caller may read of a meeting's minutes.
type FamilyMinutes struct {
	HeldMeeting
	Points []FamilyMinutesPoint `json:"points"`
}

// FamilyMinutesPoint is one text of them, an item as any other that is shown.
type FamilyMinutesPoint struct {
	Item       ID        `json:"item"`
	Categories []string  `json:"categories"`
	Text       string    `json:"text"`
	SentAt     time.Time `json:"sent_at"`
}

func (a *API) registerFamily() {
	const path, tag = "/api/v1/interventions/{id}/our-meetings", "meetings"
	add(a, op{method: "GET", path: path, level: Citizen, id: "list-family-meetings", tag: tag,
		says: "The family's meetings: those ahead, and those of whose minutes something was decided for the caller."}, a.familyMeetings)
	add(a, op{method: "GET", path: path + "/{meeting}/minutes", level: Citizen, id: "show-family-minutes", tag: tag,
		says: "The points of a meeting's minutes that were decided for the caller; each read is in the ledger."}, a.familyMinutes)
}

func heldOut(h meeting.HeldMeeting) HeldMeeting { return HeldMeeting{idOut(h.ID), h.Start, h.End} }

func (a *API) familyMeetings(ctx context.Context, who *caller, in *InCase) (*FamilyMeetings, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	all, err := a.deps.Meeting.OfFamily(ctx, who.actor, id)
	if err != nil {
		return nil, err
	}
	return &FamilyMeetings{Protected: all.Protected, Held: list(all.Held, heldOut), Ahead: list(all.Meetings, func(m meeting.FamilyMeeting) FamilyMeeting {
		return FamilyMeeting{
			ID: idOut(m.ID), Start: m.Start, End: m.End, Off: m.Off, Live: m.Live, Place: m.Place, Link: m.Link, Interpreter: m.Interpreter, Language: m.Language, Guest: m.Guest,
			Points: list(m.Points, func(p meeting.FamilyPoint) FamilyPoint {
				return FamilyPoint{string(p.Category), seatOut(p.Teller), list(p.Called, seatOut), p.FamilyAlone}
			}),
		}
	})}, nil
}

func (a *API) familyMinutes(ctx context.Context, who *caller, in *InMeeting) (*FamilyMinutes, error) {
	id, m, err := in.ids()
	if err != nil {
		return nil, err
	}
	open, err := a.deps.Meeting.FamilyMinutes(ctx, who.actor, id, m)
	if err != nil {
		return nil, err
	}
	return &FamilyMinutes{heldOut(open.HeldMeeting), list(open.Points, func(p meeting.FamilyMinutesPoint) FamilyMinutesPoint {
		return FamilyMinutesPoint{idOut(p.ID), strs(p.Categories), p.Text, p.SentAt}
	})}, nil
}
