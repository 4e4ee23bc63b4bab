package api

import (
	"context"
	"time"

	"sigportal/internal/meeting"
)

// Minutes are a meeting's minutes as the caller may see them.
type Minutes struct {
	Version    int            `json:"version,omitempty" doc:"For the board; absent where nothing is written."`
	Approved   int            `json:"approved,omitempty" doc:"The version that was approved last."`
	ApprovedAt *time.Time     `json:"approved_at,omitempty"`
	Stays      []RoomStay     `json:"stays" doc:"Who was there when: all for the board, guests too; the own function for others."`
	Points     []MinutesPoint `json:"points" doc:"All for the board; for others those that were told or sent to the own function, in their order."`
}

// MinutesPoint is one point of the minutes.
type MinutesPoint struct {
	Category string        `json:"category"`
	Text     string        `json:"text,omitempty" doc:"For the board."`
	Told     []RoomTold    `json:"told" doc:"Stamped in the room."`
	Sent     []RoomTold    `json:"sent" doc:"Sent as minutes."`
	To       []MinutesSeat `json:"to,omitempty" doc:"Whom the text would go to now; for whoever may send it."`
}

// MinutesSeat is a called function and whether it may be told.
type MinutesSeat struct {
	Seat    Seat   `json:"seat"`
	Allowed bool   `json:"allowed"`
	Reason  string `json:"reason"`
}

// NewMinutes are minutes over a version that was seen.
type NewMinutes struct {
	Version int      `json:"version" minimum:"0" doc:"The one that the caller has seen; 0 where there was none."`
	Texts   []string `json:"texts" maxItems:"100" doc:"One for each point, in their order; empty where nothing is to be said."`
}

// MinutesVersion names a version that was seen.
type MinutesVersion struct {
	Version int `json:"version" minimum:"1"`
}

// MinutesSending asks that the approved version be sent.
type MinutesSending struct {
	Version   int    `json:"version" minimum:"1"`
	Necessity string `json:"necessity" maxLength:"5000" doc:"Why those who get them need to know it."`
	Weaker    string `json:"weaker_reason,omitempty" maxLength:"5000" doc:"Why they are sent although secrecy is weaker somewhere."`
}

func minutesOut(m *meeting.Minutes) *Minutes {
	return &Minutes{
		Version: m.Version, Approved: m.Approved, ApprovedAt: orNil(m.ApprovedAt), Stays: list(m.Here, stayOut),
		Points: list(m.Points, func(p meeting.MinutesPoint) MinutesPoint {
			return MinutesPoint{
				Category: string(p.Category), Text: p.Text, Told: list(p.Told, toldOut), Sent: list(p.Sent, toldOut),
				To: list(p.To, func(f meeting.MinutesFor) MinutesSeat { return MinutesSeat{seatOut(f.Seat), f.May, string(f.Reason)} }),
			}
		}),
	}
}

func toldOut(t meeting.ToldItem) RoomTold {
	out := RoomTold{At: t.At, Item: idOut(t.Item)}
	if !t.Copy.IsZero() {
		out.Copy = t.Copy.String()
	}
	return out
}

func (a *API) registerMinutes() {
	const tag = "meetings"
	const path = "/api/v1/interventions/{id}/meetings/{meeting}/minutes"
	add(a, op{method: "GET", path: path, level: Hat, id: "show-minutes", tag: tag,
		says: "The minutes of a meeting that was held. The read is in the ledger."}, a.minutesShow)
	act(a, op{method: "PUT", path: path, level: Hat, id: "write-minutes", tag: tag,
		says: "Write the next version; nobody is told. Over a version that was not seen it is a conflict."}, a.minutesWrite)
	act(a, op{method: "POST", path: path + "/approval", level: Hat, id: "approve-minutes", tag: tag, says: "Approve the version that was seen."}, a.minutesApprove)
	act(a, op{method: "POST", path: path + "/sending", level: Hat, id: "send-minutes", tag: tag,
		says: "Send the approved version: each function gets the points that the consent lets the board tell it."}, a.minutesSend)
}

func (a *API) minutesShow(ctx context.Context, who *caller, in *InMeeting) (*Minutes, error) {
	id, m, err := in.ids()
	if err != nil {
		return nil, err
	}
	minutes, err := a.deps.Meeting.Minutes(ctx, who.actor, id, m)
	if err != nil {
		return nil, err
	}
	return minutesOut(minutes), nil
}

func (a *API) minutesWrite(ctx context.Context, who *caller, in *MeetingBody[NewMinutes]) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.WriteMinutes(ctx, who.actor, meeting.NewMinutes{Intervention: id, Meeting: m, Version: in.Body.Version, Texts: in.Body.Texts})
}

func (a *API) minutesApprove(ctx context.Context, who *caller, in *MeetingBody[MinutesVersion]) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.ApproveMinutes(ctx, who.actor, id, m, in.Body.Version)
}

func (a *API) minutesSend(ctx context.Context, who *caller, in *MeetingBody[MinutesSending]) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.SendMinutes(ctx, who.actor, meeting.SendMinutes{
		Intervention: id, Meeting: m, Version: in.Body.Version, Necessity: in.Body.Necessity, WeakerReason: in.Body.Weaker,
	})
}
