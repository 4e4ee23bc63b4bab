package api

import (
	"context"
	"time"

	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// Guest is somebody without an account who comes to one meeting.
type Guest struct {
	ID         ID         `json:"id"`
	Kind       string     `json:"kind" doc:"interpreter or private."`
	Name       string     `json:"name"`
	Identity   string     `json:"identity,omitempty" doc:"Of an interpreter: authorisation number or agency."`
	Language   string     `json:"language,omitempty" doc:"Of an interpreter, by ISO 639 code."`
	Club       *Seat      `json:"club,omitempty" doc:"The association that the guest comes for."`
	ReservedAt *time.Time `json:"reserved_at,omitempty" doc:"When the reservation was accepted. Before that a private guest counts as coming to nothing."`
	Answer     string     `json:"answer,omitempty"`
	Points     []int      `json:"points" doc:"Those that a private guest may be there for, once the reservation is accepted."`
	Coming     bool       `json:"coming"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
	Suits      *[]int     `json:"suits,omitempty" doc:"Which times of the poll suit, counted from 1."`
}

// LanguageNeed is somebody at a meeting, and for which language they need an interpreter.
type LanguageNeed struct {
	Person   string `json:"person" doc:"Names the person in set-language."`
	Name     string `json:"name,omitempty"`
	Seat     *Seat  `json:"seat,omitempty"`
	Language string `json:"language,omitempty"`
	Served   bool   `json:"served" doc:"An interpreter for it is called."`
}

// GuestOffer is a private recipient whom the consent names.
type GuestOffer struct {
	Key    string `json:"key" doc:"Names the offer in call-guest."`
	Name   string `json:"name,omitempty"`
	Club   *Seat  `json:"club,omitempty"`
	Points []int  `json:"points"`
	Reason string `json:"reason,omitempty" doc:"Why not the other points."`
}

// Guests is a meeting with everybody who comes without an account.
type Guests struct {
	Guests []Guest        `json:"guests"`
	People []LanguageNeed `json:"people"`
	Offers []GuestOffer   `json:"offers"`
}

func seatOrNone(s sig.Seat) *Seat {
	if s.IsZero() {
		return nil
	}
	out := seatOut(s)
	return &out
}

func guestOut(g meeting.Guest) Guest {
	out := Guest{
		ID: idOut(g.ID), Kind: string(g.Kind), Name: g.Name, Identity: g.Identity, Language: g.Language, Club: seatOrNone(g.Club),
		Answer: string(g.Answer), Points: list(g.Points, func(n int) int { return n }), Coming: g.Coming(), EndedAt: g.EndedAt, Suits: said(g.Suits, g.SuitsAt),
	}
	if !g.ReservedAt.IsZero() {
		out.ReservedAt = &g.ReservedAt
	}
	return out
}

// SetLanguage notes or takes back a need.
type SetLanguage struct {
	Person   Code   `json:"person"`
	Language string `json:"language,omitempty" maxLength:"10" doc:"Left out: nobody needs an interpreter."`
}

// NewInterpreter is an interpreter to be called.
type NewInterpreter struct {
	Language    Code   `json:"language"`
	Name        string `json:"name" maxLength:"1000"`
	Identity    string `json:"identity" maxLength:"1000" doc:"Authorisation number or agency."`
	Email       string `json:"email" maxLength:"1000"`
	Unrelated   bool   `json:"unrelated" doc:"The interpreter was asked, and is neither a relative of the family nor close to it."`
	SameSurname bool   `json:"same_surname,omitempty" doc:"They were asked about the surname too."`
}

// NewGuest is a private recipient to be called.
type NewGuest struct {
	Offer    string `json:"offer" maxLength:"300"`
	Name     string `json:"name,omitempty" maxLength:"1000" doc:"Of whoever comes for an association."`
	Email    string `json:"email" maxLength:"1000"`
	Language string `json:"language,omitempty" maxLength:"10" doc:"Of the mail: sv, en or ar."`
}

type inGuest struct {
	InMeeting
	Guest string `path:"guest"`
}

func (a *API) registerGuests() {
	const tag = "meetings"
	const path = "/api/v1/interventions/{id}/meetings/{meeting}"
	add(a, op{method: "GET", path: path + "/guests", level: Hat, id: "list-guests", tag: tag,
		says: "Who comes to a meeting without an account, who needs an interpreter, and whom the consent lets be called as a guest."}, a.guestsList)
	act(a, op{method: "PUT", path: path + "/languages", level: Hat, id: "set-language", tag: tag,
		says: "Note for which language somebody at the meeting needs an interpreter."}, a.languageSet)
	add(a, op{method: "POST", path: path + "/interpreters", level: Hat, id: "call-interpreter", tag: tag, created: true,
		says: "Call an interpreter to the meeting, for its time alone. A relative is refused."}, a.interpreterCall)
	add(a, op{method: "POST", path: path + "/guests", level: Hat, id: "call-guest", tag: tag, created: true,
		says: "Call a private recipient whom the consent names; a reservation is to be accepted first."}, a.guestCall)
	act(a, op{method: "DELETE", path: path + "/guests/{guest}", level: Hat, id: "end-guest", tag: tag,
		says: "Take the call of an interpreter or a guest back; the link ends at once."}, a.guestEnd)
}

func (a *API) guestsList(ctx context.Context, who *caller, in *InMeeting) (*Guests, error) {
	id, m, err := in.ids()
	if err != nil {
		return nil, err
	}
	g, err := a.deps.Meeting.Guests(ctx, who.actor, id, m)
	if err != nil {
		return nil, err
	}
	return &Guests{
		Guests: list(g.Guests, guestOut),
		People: list(g.People, func(p meeting.Person) LanguageNeed {
			return LanguageNeed{p.Key(), p.Name, seatOrNone(p.Seat), p.Language, p.Served}
		}),
		Offers: list(g.Offers, func(o meeting.Offer) GuestOffer {
			return GuestOffer{o.Key, o.Name, seatOrNone(o.Club), list(o.Points, func(n int) int { return n }), string(o.Why)}
		}),
	}, nil
}

func (a *API) languageSet(ctx context.Context, who *caller, in *MeetingBody[SetLanguage]) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Meeting.NeedLanguage(ctx, who.actor, id, m, string(in.Body.Person), in.Body.Language)
}

func (a *API) interpreterCall(ctx context.Context, who *caller, in *MeetingBody[NewInterpreter]) (Made, error) {
	id, m, err := in.ids()
	if err != nil {
		return Made{}, err
	}
	b := in.Body
	made, err := a.deps.Meeting.CallInterpreter(ctx, who.actor, meeting.NewInterpreter{
		Key: who.key, Intervention: id, Meeting: m, Language: string(b.Language), Name: b.Name, Identity: b.Identity, Email: b.Email,
		Unrelated: b.Unrelated, SameSurname: b.SameSurname,
	})
	return Made{idOut(made)}, err
}

func (a *API) guestCall(ctx context.Context, who *caller, in *MeetingBody[NewGuest]) (Made, error) {
	id, m, err := in.ids()
	if err != nil {
		return Made{}, err
	}
	b := in.Body
	made, err := a.deps.Meeting.CallGuest(ctx, who.actor, meeting.NewGuest{
		Key: who.key, Intervention: id, Meeting: m, Offer: b.Offer, Name: b.Name, Email: b.Email, Language: b.Language,
	})
	return Made{idOut(made)}, err
}

func (a *API) guestEnd(ctx context.Context, who *caller, in *inGuest) error {
	id, m, err := in.ids()
	if err != nil {
		return err
	}
	var guest sig.GuestID
	if err := pathID(in.Guest, &guest); err != nil {
		return err
	}
	return a.deps.Meeting.EndGuest(ctx, who.actor, id, m, guest)
}
