package api

import (
	"context"
	"time"

	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// ItemLine is an item in a list: nothing of its text. What the owner knows of
// its disclosures is not told to the family.
type ItemLine struct {
	ID         ID        `json:"id"`
	Unit       string    `json:"unit"`
	Function   string    `json:"function"`
	Categories []string  `json:"categories"`
	CreatedAt  time.Time `json:"created_at"`
	Corrects   ID        `json:"corrects,omitempty"`
	Owner      *Owners   `json:"owner,omitempty" doc:"For the owning authority's staff only."`
}

// Owners is what the owner's staff see of an item in a list.
type Owners struct {
	Author    ID   `json:"author"`
	Blocked   bool `json:"blocked"`
	Sent      int  `json:"sent"`
	Waiting   int  `json:"waiting"`
	Undecided int  `json:"undecided" doc:"Members of the family for whom visibility is not decided."`
}

func itemLineOut(l sharing.ItemLine) ItemLine {
	out := familyLineOut(l)
	out.Corrects = idOrNone(l.Corrects)
	out.Owner = &Owners{idOut(l.Author), l.Blocked, l.Sent, l.Waiting, l.Undecided}
	return out
}

func familyLineOut(l sharing.ItemLine) ItemLine {
	return ItemLine{ID: idOut(l.ID), Unit: string(l.Unit), Function: string(l.Function), Categories: strs(l.Categories), CreatedAt: l.CreatedAt}
}

// Items is a list of them.
type Items struct {
	Items []ItemLine `json:"items"`
}

// NewItem is what an officer writes down.
type NewItem struct {
	Categories []Code    `json:"categories" maxItems:"100"`
	Text       string    `json:"text" maxLength:"8000"`
	Blocked    bool      `json:"blocked,omitempty"`
	Concerns   []Concern `json:"concerns,omitempty" maxItems:"100"`
	Corrects   ID        `json:"corrects,omitempty"`
}

// Concern is somebody else whom an item concerns.
type Concern struct {
	Name    string `json:"name" maxLength:"1000"`
	Handled string `json:"handled" maxLength:"20" doc:"waiver, redacted or none."`
}

// Made names what was made.
type Made struct {
	ID ID `json:"id"`
}

// Item is one item, open.
type Item struct {
	ID           ID           `json:"id"`
	Intervention ID           `json:"intervention"`
	CaseNumber   string       `json:"case_number"`
	Owner        Seat         `json:"owner"`
	Categories   []string     `json:"categories"`
	Text         string       `json:"text"`
	CreatedAt    time.Time    `json:"created_at"`
	Corrects     ID           `json:"corrects,omitempty"`
	Staff        *ItemOfStaff `json:"staff,omitempty" doc:"For the owning authority's staff only."`
}

// ItemOfStaff is what only the owner's staff see of an open item.
type ItemOfStaff struct {
	Blocked  bool         `json:"blocked"`
	Concerns []Concern    `json:"concerns"`
	Family   []Visibility `json:"family"`
	Actions  []string     `json:"actions"`
}

// Visibility is what one member of the family may see of an item.
type Visibility struct {
	Viewer        ID     `json:"viewer"`
	Kind          string `json:"kind"`
	Name          string `json:"name"`
	Decided       bool   `json:"decided"`
	Visible       bool   `json:"visible"`
	LowRiskAtHome bool   `json:"low_risk_at_home"`
	Ground        string `json:"ground,omitempty"`
	Reason        string `json:"reason,omitempty"`
	Alone         bool   `json:"alone,omitempty" doc:"A guardian, of what the young person disposes over alone: nothing can make it visible."`
}

// InItem is the address of an item.
type InItem struct {
	InCase
	Item string `path:"item"`
}

func (in InItem) ids() (i sig.InterventionID, item sig.ItemID, err error) {
	if i, err = in.intervention(); err == nil {
		err = pathID(in.Item, &item)
	}
	return i, item, err
}

func (a *API) registerItems() {
	const tag = "items"
	const path = "/api/v1/interventions/{id}/items"
	add(a, op{method: "GET", path: path, level: SignedIn, id: "list-items", tag: tag,
		says: "The own authority's items, or those decided visible for the caller."}, a.itemsList)
	addOnce(a, op{method: "POST", path: path, level: Hat, id: "write-item", tag: tag, created: true,
		says: "Write an item. Nobody outside sees it until an officer discloses it."}, a.itemWrite, a.itemWritten)
	add(a, op{method: "GET", path: path + "/{item}", level: SignedIn, id: "open-item", tag: tag,
		says: "One item with its text; the read is in the ledger."}, a.itemOpen)
	act(a, op{method: "PUT", path: path + "/{item}/blocking", level: Hat, id: "block-item", tag: tag,
		says: "Stop every disclosure of an item, or let it be disclosed again."}, a.itemBlock)
	act(a, op{method: "PUT", path: path + "/{item}/visibility", level: Hat, id: "decide-visibility", tag: tag,
		says: "Decide what one member of the family may see."}, a.visibilityDecide)
}

func (a *API) itemsList(ctx context.Context, who *caller, in *InCase) (Items, error) {
	id, err := in.intervention()
	if err != nil {
		return Items{}, err
	}
	lines, err := a.deps.Sharing.Items(ctx, who.actor, id)
	if who.actor.IsCitizen() {
		return Items{list(lines, familyLineOut)}, err
	}
	return Items{list(lines, itemLineOut)}, err
}

func (a *API) itemWrite(ctx context.Context, who *caller, in *CaseBody[NewItem]) (Made, error) {
	id, err := in.intervention()
	if err != nil {
		return Made{}, err
	}
	b := in.Body
	made, err := a.deps.Sharing.WriteItem(ctx, who.actor, sharing.NewItem{
		Key: who.key, Intervention: id, Categories: codes[sig.Category](b.Categories), Text: b.Text, Blocked: b.Blocked,
		Concerns: list(b.Concerns, func(c Concern) sharing.NewConcern { return sharing.NewConcern{Name: c.Name, Handled: c.Handled} }),
		Corrects: sig.ItemID{UUID: uuidOf(b.Corrects)},
	})
	return Made{idOut(made)}, err
}

func (a *API) itemWritten(ctx context.Context, who *caller, in *CaseBody[NewItem]) (Made, error) {
	id, err := in.intervention()
	if err != nil {
		return Made{}, err
	}
	made, err := a.deps.Sharing.Written(ctx, who.actor, id, who.key)
	return Made{idOut(made)}, err
}

func (a *API) itemOpen(ctx context.Context, who *caller, in *InItem) (*Item, error) {
	id, item, err := in.ids()
	if err != nil {
		return nil, err
	}
	o, err := a.deps.Sharing.OpenItem(ctx, who.actor, id, item)
	if err != nil {
		return nil, err
	}
	out := &Item{
		ID: idOut(o.ID), Intervention: idOut(o.Intervention), CaseNumber: o.CaseNumber, Categories: strs(o.Categories),
		Owner: Seat{Code(o.Authority), Code(o.Unit), Code(o.Function)}, Text: o.Text, CreatedAt: o.CreatedAt,
	}
	if !who.actor.IsCitizen() {
		out.Corrects = idOrNone(o.Corrects)
		out.Staff = staffOut(o)
	}
	return out, nil
}

func staffOut(o *sharing.OpenItem) *ItemOfStaff {
	out := &ItemOfStaff{
		Blocked: o.Blocked, Actions: []string{},
		Concerns: list(o.Concerns, func(c sharing.NewConcern) Concern { return Concern{c.Name, c.Handled} }),
		Family: list(o.Family, func(v sharing.FamilyView) Visibility {
			return Visibility{idOut(v.Viewer), string(v.Kind), v.Name, v.Decided, v.Visible, v.LowRiskAtHome, v.Ground, v.Reason, v.Alone}
		}),
	}
	for _, one := range []struct {
		may  bool
		name string
	}{
		{o.Actions.Disclose, "disclose"}, {o.Actions.Block, "block"}, {o.Actions.DecideVisibility, "decide_visibility"}, {o.Actions.Correct, "correct"},
	} {
		if one.may {
			out.Actions = append(out.Actions, one.name)
		}
	}
	return out
}

// Blocking is whether an item is blocked.
type Blocking struct {
	Blocked bool `json:"blocked"`
}

// ItemBody is the address of an item, and what is sent there.
type ItemBody[B any] struct {
	InItem
	Body B
}

func (a *API) itemBlock(ctx context.Context, who *caller, in *ItemBody[Blocking]) error {
	id, item, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Sharing.BlockItem(ctx, who.actor, id, item, in.Body.Blocked)
}

// NewVisibility is one officer's decision for one member of the family.
type NewVisibility struct {
	Viewer        ID     `json:"viewer"`
	Visible       bool   `json:"visible"`
	LowRiskAtHome bool   `json:"low_risk_at_home,omitempty"`
	Ground        Code   `json:"ground,omitempty" doc:"Where it is not visible."`
	Reason        string `json:"reason,omitempty" maxLength:"4000"`
}

func (a *API) visibilityDecide(ctx context.Context, who *caller, in *ItemBody[NewVisibility]) error {
	id, item, err := in.ids()
	if err != nil {
		return err
	}
	b := in.Body
	return a.deps.Sharing.DecideVisibility(ctx, who.actor, sharing.NewVisibility{
		Intervention: id, Item: item, Viewer: sharing.ViewerID{UUID: uuidOf(b.Viewer)}, Visible: b.Visible,
		LowRiskAtHome: b.LowRiskAtHome, Ground: string(b.Ground), Reason: b.Reason,
	})
}
