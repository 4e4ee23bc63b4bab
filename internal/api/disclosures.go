package api

import (
	"context"
	"time"

	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// Candidate is somebody who might be told, with the answer of the very decision
// that sending asks again.
type Candidate struct {
	Seat         *Seat     `json:"seat,omitempty"`
	PrivateGrant ID        `json:"private_grant,omitempty" doc:"The row of a private recipient, instead of a seat."`
	Private      string    `json:"private,omitempty"`
	PrivateName  string    `json:"private_name,omitempty" doc:"The own name of somebody private."`
	Allowed      bool      `json:"allowed"`
	Reason       string    `json:"reason,omitempty" doc:"The code of why, or why not."`
	Internal     bool      `json:"internal" doc:"Inside the own authority: by need, not by consent."`
	Purpose      Purpose   `json:"purpose,omitempty"`
	Addition     string    `json:"addition,omitempty"`
	Until        time.Time `json:"until,omitzero"`
	Weaker       string    `json:"weaker,omitempty" doc:"Secrecy is weaker there: send with a weaker_reason."`
	SecondNeeded bool      `json:"second_needed" doc:"A second officer must approve before it leaves."`
	People       []string  `json:"people"`
	Readers      []string  `json:"readers" doc:"Those of them who can read it at once."`
	Safer        []Seat    `json:"safer"`
}

func candidateOut(c sharing.Candidate) Candidate {
	out := Candidate{
		PrivateGrant: idOut(c.PrivateGrant), Private: string(c.Private), PrivateName: c.PrivateName, Allowed: c.Allowed, Reason: string(c.Reason), Internal: c.Internal,
		Purpose: Purpose(c.Aim.Purpose), Addition: c.Aim.Addition, Until: c.Until, Weaker: c.Weaker, SecondNeeded: c.SecondNeeded, People: list(c.People, same),
		Readers: list(c.Readers, same), Safer: list(c.Safer, seatOut),
	}
	if !c.Seat.IsZero() {
		seat := seatOut(c.Seat)
		out.Seat = &seat
	}
	return out
}

func same(s string) string { return s }

// Candidates answers who would see an item.
type Candidates struct {
	Categories []string    `json:"categories"`
	Candidates []Candidate `json:"candidates"`
}

// Checked is the chosen recipients, none of whom would be refused now.
type Checked struct {
	Recipients []Candidate `json:"recipients"`
}

// NewDisclosure is an officer's act: one item to named recipients.
type NewDisclosure struct {
	Recipients   []Seat `json:"recipients,omitempty" maxItems:"100"`
	Private      []ID   `json:"private,omitempty" maxItems:"100" doc:"Rows of private recipients."`
	Necessity    string `json:"necessity" maxLength:"4000"`
	WeakerReason string `json:"weaker_reason,omitempty" maxLength:"4000"`
}

// Sent is what became of each recipient's part.
type Sent struct {
	Disclosures []SentPart `json:"disclosures"`
}

// SentPart is one recipient's.
type SentPart struct {
	ID        ID        `json:"id"`
	Recipient *Seat     `json:"recipient,omitempty"`
	Private   ID        `json:"private,omitempty"`
	Waiting   bool      `json:"waiting" doc:"For the second officer."`
	At        time.Time `json:"at"`
}

// Disclosed is one disclosure of the own authority in a list.
type Disclosed struct {
	ID          ID        `json:"id"`
	Item        ID        `json:"item"`
	Recipient   *Seat     `json:"recipient,omitempty"`
	Private     string    `json:"private,omitempty"`
	PrivateName string    `json:"private_name,omitempty" doc:"The own name of somebody private."`
	Internal    bool      `json:"internal"`
	Categories  []string  `json:"categories"`
	State       string    `json:"state" enum:"queued,sent,cancelled"`
	QueuedAt    time.Time `json:"queued_at"`
	SentAt      time.Time `json:"sent_at,omitzero"`
	CancelledAt time.Time `json:"cancelled_at,omitzero"`
	Mine        bool      `json:"mine"`
}

func disclosedOut(d sharing.Disclosed) Disclosed {
	out := Disclosed{
		ID: idOut(d.ID), Item: idOut(d.Item), Private: string(d.Private), PrivateName: d.PrivateName, Internal: d.Internal, Categories: strs(d.Categories),
		State: d.State, QueuedAt: d.QueuedAt, SentAt: d.SentAt, CancelledAt: d.CancelledAt, Mine: d.Mine,
	}
	if !d.IsPrivate {
		seat := seatOut(d.Recipient)
		out.Recipient = &seat
	}
	return out
}

// Disclosures is a list of them.
type Disclosures struct {
	Disclosures []Disclosed `json:"disclosures"`
}

// Act is one act of disclosing, with what was said about why.
type Act struct {
	Item         ID        `json:"item"`
	Officer      string    `json:"officer"`
	Mine         bool      `json:"mine"`
	Necessity    string    `json:"necessity"`
	WeakerReason string    `json:"weaker_reason,omitempty"`
	Parts        []ActPart `json:"parts"`
}

// ActPart is one recipient of an act.
type ActPart struct {
	Disclosed

	Readers    []string `json:"readers"`
	MayApprove bool     `json:"may_approve"`
	MayCancel  bool     `json:"may_cancel"`
}

func (a *API) registerDisclosures() {
	const tag = "disclosures"
	const item, path = "/api/v1/interventions/{id}/items/{item}", "/api/v1/interventions/{id}/disclosures"
	add(a, op{method: "GET", path: item + "/candidates", level: Hat, id: "list-candidates", tag: tag,
		says: "Who would see an item, and who may not be told and why."}, a.candidatesList)
	add(a, op{method: "POST", path: item + "/disclosures/check", level: Hat, id: "check-disclosure", tag: tag, asks: true,
		says: "Ask what sending will ask, and send nothing."}, a.disclosureCheck)
	addOnce(a, op{method: "POST", path: item + "/disclosures", level: Hat, id: "disclose", tag: tag, created: true,
		says: "Send an item to all of the recipients or to none."}, disclosing(a.sendDisclosure), disclosing(a.sentDisclosure))
	add(a, op{method: "GET", path: path, level: Hat, id: "list-disclosures", tag: tag,
		says: "What the own authority has disclosed in a case."}, a.disclosuresList)
	add(a, op{method: "GET", path: path + "/{disclosure}", level: Hat, id: "show-disclosure", tag: tag,
		says: "One act of disclosing, by any of its disclosures."}, a.disclosureShow)
	act(a, op{method: "POST", path: path + "/{disclosure}/approval", level: Hat, id: "approve-disclosure", tag: tag,
		says: "Let a waiting disclosure leave, as the second officer."}, a.disclosureApprove)
	act(a, op{method: "POST", path: path + "/{disclosure}/cancellation", level: Hat, id: "cancel-disclosure", tag: tag,
		says: "Take a waiting disclosure back."}, a.disclosureCancel)
}

func (a *API) candidatesList(ctx context.Context, who *caller, in *InItem) (*Candidates, error) {
	id, item, err := in.ids()
	if err != nil {
		return nil, err
	}
	c, err := a.deps.Sharing.Candidates(ctx, who.actor, id, item)
	if err != nil {
		return nil, err
	}
	return &Candidates{strs(c.Categories), list(c.List, candidateOut)}, nil
}

func (b NewDisclosure) read(key string, id sig.InterventionID, item sig.ItemID) sharing.NewDisclosure {
	return sharing.NewDisclosure{
		Key: key, Intervention: id, Item: item, Recipients: list(b.Recipients, Seat.read), Necessity: b.Necessity, WeakerReason: b.WeakerReason,
		Private: list(b.Private, func(id ID) sig.GrantID { return sig.GrantID{UUID: uuidOf(id)} }),
	}
}

func (a *API) disclosureCheck(ctx context.Context, who *caller, in *ItemBody[NewDisclosure]) (*Checked, error) {
	id, item, err := in.ids()
	if err != nil {
		return nil, err
	}
	chosen, err := a.deps.Sharing.CheckDisclosure(ctx, who.actor, in.Body.read("check", id, item))
	if err != nil {
		return nil, err
	}
	return &Checked{list(chosen, candidateOut)}, nil
}

// disclosing is an operation with one act of disclosing: doing it, or telling
// what became of it.
func disclosing(do func(context.Context, sig.Actor, sharing.NewDisclosure) ([]sharing.Sent, error)) func(context.Context, *caller, *ItemBody[NewDisclosure]) (*Sent, error) {
	return func(ctx context.Context, who *caller, in *ItemBody[NewDisclosure]) (*Sent, error) {
		id, item, err := in.ids()
		if err != nil {
			return nil, err
		}
		sent, err := do(ctx, who.actor, in.Body.read(who.key, id, item))
		if err != nil {
			return nil, err
		}
		return &Sent{list(sent, sentOut)}, nil
	}
}

func (a *API) sendDisclosure(ctx context.Context, actor sig.Actor, in sharing.NewDisclosure) ([]sharing.Sent, error) {
	return a.deps.Sharing.Disclose(ctx, actor, in)
}

func (a *API) sentDisclosure(ctx context.Context, actor sig.Actor, in sharing.NewDisclosure) ([]sharing.Sent, error) {
	return a.deps.Sharing.Disclosed(ctx, actor, in)
}

func sentOut(s sharing.Sent) SentPart {
	out := SentPart{ID: idOut(s.ID), Private: idOut(s.Private), Waiting: s.Waiting, At: s.At}
	if !s.Recipient.IsZero() {
		seat := seatOut(s.Recipient)
		out.Recipient = &seat
	}
	return out
}

func (a *API) disclosuresList(ctx context.Context, who *caller, in *InCase) (Disclosures, error) {
	id, err := in.intervention()
	if err != nil {
		return Disclosures{}, err
	}
	all, err := a.deps.Sharing.Disclosures(ctx, who.actor, id)
	return Disclosures{list(all, disclosedOut)}, err
}

type inDisclosure struct {
	InCase
	Disclosure string `path:"disclosure"`
}

func (in inDisclosure) ids() (i sig.InterventionID, d sig.DisclosureID, err error) {
	if i, err = in.intervention(); err == nil {
		err = pathID(in.Disclosure, &d)
	}
	return i, d, err
}

func (a *API) disclosureShow(ctx context.Context, who *caller, in *inDisclosure) (*Act, error) {
	id, disclosure, err := in.ids()
	if err != nil {
		return nil, err
	}
	one, err := a.deps.Sharing.Act(ctx, who.actor, id, disclosure)
	if err != nil {
		return nil, err
	}
	return &Act{
		Item: idOut(one.Item), Officer: one.Officer, Mine: one.Mine, Necessity: one.Necessity, WeakerReason: one.WeakerReason,
		Parts: list(one.Parts, func(p sharing.ActPart) ActPart {
			return ActPart{disclosedOut(p.Disclosed), list(p.Readers, same), p.Approve, p.Cancel}
		}),
	}, nil
}

func (a *API) disclosureApprove(ctx context.Context, who *caller, in *inDisclosure) error {
	id, disclosure, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Sharing.Approve(ctx, who.actor, id, disclosure)
}

func (a *API) disclosureCancel(ctx context.Context, who *caller, in *inDisclosure) error {
	id, disclosure, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Sharing.CancelWaiting(ctx, who.actor, id, disclosure)
}
