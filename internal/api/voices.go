package api

import (
	"context"
	"time"

	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// VoiceForm is what somebody needs to leave the young person's words before a
// meeting. What has been left is not in it.
type VoiceForm struct {
	Start time.Time  `json:"start"`
	End   time.Time  `json:"end"`
	May   bool       `json:"may" doc:"Something may be left now, or taken back."`
	Most  int        `json:"most" doc:"How many questions there are."`
	Table []AtTable  `json:"table" doc:"Who may be chosen to read it."`
	Left  *LeftVoice `json:"left,omitempty"`
}

// AtTable is a called function that may be chosen.
type AtTable struct {
	Invitation ID   `json:"invitation"`
	Seat       Seat `json:"seat"`
}

// LeftVoice is that something is left, and for whom.
type LeftVoice struct {
	ByYouth bool      `json:"by_youth" doc:"Or written down by the coordinator."`
	At      time.Time `json:"at"`
	Readers []ID      `json:"readers" doc:"Invitations."`
}

// NewVoice is what is left, in place of what was left before.
type NewVoice struct {
	Answers []string `json:"answers" maxItems:"20" doc:"One for each question, in their order; empty where there is none."`
	Readers []ID     `json:"readers" maxItems:"100" doc:"Invitations of the form's table."`
}

// HeardVoice is it as those read it who were chosen.
type HeardVoice struct {
	CaseNumber string        `json:"case_number"`
	ByYouth    bool          `json:"by_youth"`
	At         time.Time     `json:"at"`
	Answers    []VoiceAnswer `json:"answers"`
}

// VoiceAnswer is what was said to one question, counted from one.
type VoiceAnswer struct {
	Question int    `json:"question"`
	Text     string `json:"text"`
}

func (a *API) registerVoices() {
	const path, tag = "/api/v1/interventions/{id}/meetings/{meeting}/voice", "meetings"
	add(a, op{method: "GET", path: path, level: Hat, id: "read-voice", tag: tag,
		says: "What the young person wants said before the meeting, for those at the table who were chosen; the read is in the ledger."}, a.voiceRead)
	add(a, op{method: "GET", path: path + "/form", level: SignedIn, id: "show-voice-form", tag: tag,
		says: "Who may be chosen, and whether something is left: for the young person, and the coordinator who writes for one without a login."}, a.voiceForm)
	act(a, op{method: "PUT", path: path, level: SignedIn, id: "leave-voice", tag: tag,
		says: "Leave it until the meeting begins. What the young person has left, nobody else overwrites."}, a.voiceLeave)
	act(a, op{method: "DELETE", path: path, level: SignedIn, id: "take-voice-back", tag: tag,
		says: "Take it back until the meeting begins; the words are deleted."}, a.voiceTakeBack)
}

func (a *API) voiceForm(ctx context.Context, who *caller, in *InMeeting) (*VoiceForm, error) {
	id, m, err := in.ids()
	if err != nil {
		return nil, err
	}
	f, err := a.deps.Meeting.VoiceForm(ctx, who.actor, id, m)
	if err != nil {
		return nil, err
	}
	out := &VoiceForm{Start: f.Start, End: f.End, May: f.May, Most: meeting.VoiceQuestions, Table: list(f.Table, func(t meeting.AtTable) AtTable {
		return AtTable{idOut(t.Invitation), seatOut(t.Seat)}
	})}
	if f.Left != nil {
		out.Left = &LeftVoice{ByYouth: f.Left.ByYouth, At: f.Left.At, Readers: list(f.Left.Readers, idOut)}
	}
	return out, nil
}

func (a *API) voiceLeave(ctx context.Context, who *caller, in *MeetingBody[NewVoice]) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	voice := meeting.Voice{Answers: in.Body.Answers}
	for _, r := range in.Body.Readers {
		voice.Readers = append(voice.Readers, sig.InvitationID{UUID: uuidOf(r)})
	}
	return a.deps.Meeting.LeaveVoice(ctx, who.actor, id, m, voice)
}

func (a *API) voiceTakeBack(ctx context.Context, who *caller, in *InMeeting) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.TakeVoiceBack(ctx, who.actor, id, m)
}

func (a *API) voiceRead(ctx context.Context, who *caller, in *InMeeting) (*HeardVoice, error) {
	id, m, err := in.ids()
	if err != nil {
		return nil, err
	}
	h, err := a.deps.Meeting.ReadVoice(ctx, who.actor, id, m)
	if err != nil {
		return nil, err
	}
	return &HeardVoice{CaseNumber: h.CaseNumber, ByYouth: h.ByYouth, At: h.At, Answers: list(h.Answers, func(one meeting.Answer) VoiceAnswer {
		return VoiceAnswer{one.Question, one.Text}
	})}, nil
}
