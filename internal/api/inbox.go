package api

import (
	"context"
	"encoding/hex"
	"time"

	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// CopyLine is one received copy in a list: nothing of its text.
type CopyLine struct {
	ID           ID        `json:"id"`
	Intervention ID        `json:"intervention"`
	CaseNumber   string    `json:"case_number"`
	Sender       Seat      `json:"sender"`
	Categories   []string  `json:"categories"`
	Basis        string    `json:"basis"`
	ReceivedAt   time.Time `json:"received_at"`
	Opened       bool      `json:"opened" doc:"By the caller's own hat."`
	Until        time.Time `json:"until,omitzero" doc:"When the registrar's window ends."`
	Late         bool      `json:"after_withdrawal,omitempty" doc:"Disclosed after the consent had been taken back, before that was recorded."`
}

func copyLineOut(l sharing.InboxLine) CopyLine {
	return CopyLine{
		ID: idOut(l.ID), Intervention: idOut(l.Intervention), CaseNumber: l.CaseNumber, Sender: seatOut(l.Sender),
		Categories: strs(l.Categories), Basis: l.Basis, ReceivedAt: l.ReceivedAt, Opened: l.Opened, Until: at(l.Until), Late: l.Late,
	}
}

// InboxPage is one page of the copies that may be opened now.
type InboxPage struct {
	Copies []CopyLine  `json:"copies"`
	Hidden []TakenAway `json:"hidden,omitempty" doc:"On the first page of the inbox: what was received once and is not to be read any more."`
	Next   string      `json:"next,omitempty" doc:"Absent on the last page."`
}

// TakenAway is how many copies of one case a cut has taken out of the inbox.
type TakenAway struct {
	Intervention ID        `json:"intervention"`
	CaseNumber   string    `json:"case_number"`
	Copies       int       `json:"copies"`
	By           string    `json:"by" enum:"withdrawal,narrowing,sharing_stopped,closed"`
	At           time.Time `json:"at"`
	Late         int       `json:"after_withdrawal,omitempty" doc:"How many of them were disclosed after the consent had been taken back."`
}

// Copy is one received copy, open.
type Copy struct {
	ID             ID        `json:"id"`
	Intervention   ID        `json:"intervention"`
	CaseNumber     string    `json:"case_number"`
	YouthName      string    `json:"youth_name,omitempty"`
	Sender         Seat      `json:"sender"`
	Recipient      Seat      `json:"recipient"`
	Categories     []string  `json:"categories"`
	Internal       bool      `json:"internal"`
	Purpose        Purpose   `json:"purpose,omitempty"`
	Addition       string    `json:"addition,omitempty" doc:"What the coordinator added to the purpose, in Swedish."`
	Text           string    `json:"text"`
	ContentHash    string    `json:"content_hash" doc:"SHA-256 of the text as it was sent, in hex."`
	ReceivedAt     time.Time `json:"received_at"`
	Until          time.Time `json:"until,omitzero" doc:"When the row that covers it ends."`
	CutAt          time.Time `json:"cut_at,omitzero"`
	RegistrarUntil time.Time `json:"registrar_until,omitzero"`
	TransferredAt  time.Time `json:"transferred_at,omitzero"`
	Late           bool      `json:"after_withdrawal,omitempty" doc:"Disclosed after the consent had been taken back, before that was recorded."`
	MayTransfer    bool      `json:"may_transfer"`
	MayExport      bool      `json:"may_export"`
}

func copyOr(c *sharing.Copy, err error) (*Copy, error) {
	if err != nil {
		return nil, err
	}
	return &Copy{
		ID: idOut(c.ID), Intervention: idOut(c.Intervention), CaseNumber: c.CaseNumber, YouthName: c.YouthName,
		Sender: seatOut(c.Sender), Recipient: seatOut(c.Recipient), Categories: strs(c.Categories), Internal: c.Internal,
		Purpose: Purpose(c.Aim.Purpose), Addition: c.Aim.Addition, Text: c.Text, ContentHash: hex.EncodeToString(c.ContentHash), ReceivedAt: c.ReceivedAt, Until: c.Until,
		CutAt: at(c.CutAt), RegistrarUntil: at(c.RegistrarUntil), TransferredAt: at(c.TransferredAt), Late: c.Late,
		MayTransfer: c.Actions.Transfer, MayExport: c.Actions.Export,
	}, nil
}

func (a *API) registerInbox() {
	const tag = "copies"
	const path = "/api/v1/interventions/{id}/copies"
	add(a, op{method: "GET", path: "/api/v1/inbox", level: Hat, id: "list-inbox", tag: tag,
		says: "The copies that the caller may open now, newest first."}, a.inboxList)
	add(a, op{method: "GET", path: path, level: Hat, id: "list-copies", tag: tag,
		says: "Those of one intervention."}, a.copiesList)
	add(a, op{method: "GET", path: path + "/{copy}", level: Hat, id: "open-copy", tag: tag,
		says: "One copy with its text; the read is in the ledger."}, a.copyOpen)
	add(a, op{method: "POST", path: path + "/{copy}/export", level: Hat, id: "export-copy", tag: tag,
		says: "The copy to be taken over into the own file, as the registrar."}, a.copyExport)
	act(a, op{method: "POST", path: path + "/{copy}/transfer", level: Hat, id: "transfer-copy", tag: tag,
		says: "Note that the registrar has moved the copy into the own file."}, a.copyTransfer)
	add(a, op{method: "GET", path: "/api/v1/registry", level: Hat, id: "list-registry", tag: tag,
		says: "The copies that the registrar may still move, what is deleted first before the rest."}, a.registryList)
}

func (a *API) inboxList(ctx context.Context, who *caller, in *Paged) (InboxPage, error) {
	return a.inboxPage(ctx, who, in.After, "inbox", nil)
}

type pagedCase struct {
	InCase
	Paged
}

func (a *API) copiesList(ctx context.Context, who *caller, in *pagedCase) (InboxPage, error) {
	id, err := in.intervention()
	if err != nil {
		return InboxPage{}, err
	}
	return a.inboxPage(ctx, who, in.After, "copies "+id.String(), &id)
}

// cursor reads where a page of copies begins; nil is at the beginning.
func (a *API) cursor(who *caller, name, text string) (*sharing.Cursor, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // the services take nil for the first page
	}
	after := &sharing.Cursor{}
	return after, a.cursors.Read(who.actor, "api "+name, text, after)
}

// next writes where the next page begins; empty on the last.
func (a *API) next(who *caller, name string, after *sharing.Cursor) (string, error) {
	if after == nil {
		return "", nil
	}
	return a.cursors.Write(who.actor, "api "+name, after)
}

func (a *API) inboxPage(ctx context.Context, who *caller, after, name string, of *sig.InterventionID) (InboxPage, error) {
	from, err := a.cursor(who, name, after)
	if err != nil {
		return InboxPage{}, err
	}
	page, err := a.deps.Sharing.Inbox(ctx, who.actor, of, from)
	if err != nil {
		return InboxPage{}, err
	}
	out := InboxPage{Copies: list(page.Lines, copyLineOut)}
	for _, h := range page.Hidden {
		out.Hidden = append(out.Hidden, TakenAway{idOut(h.Intervention), h.CaseNumber, h.Copies, h.By, h.At, h.Late})
	}
	out.Next, err = a.next(who, name, page.Next)
	return out, err
}

type inCopy struct {
	InCase
	Copy string `path:"copy"`
}

func (in inCopy) ids() (i sig.InterventionID, d sig.DisclosureID, err error) {
	if i, err = in.intervention(); err == nil {
		err = pathID(in.Copy, &d)
	}
	return i, d, err
}

func (a *API) copyOpen(ctx context.Context, who *caller, in *inCopy) (*Copy, error) {
	id, copied, err := in.ids()
	if err != nil {
		return nil, err
	}
	return copyOr(a.deps.Sharing.OpenCopy(ctx, who.actor, id, copied))
}

func (a *API) copyExport(ctx context.Context, who *caller, in *inCopy) (*Copy, error) {
	id, copied, err := in.ids()
	if err != nil {
		return nil, err
	}
	return copyOr(a.deps.Sharing.ExportCopy(ctx, who.actor, id, copied))
}

func (a *API) copyTransfer(ctx context.Context, who *caller, in *inCopy) error {
	id, copied, err := in.ids()
	if err != nil {
		return err
	}
	return a.deps.Sharing.MarkTransferred(ctx, who.actor, id, copied)
}

// RegistryCopy is a copy in the registrar's list.
type RegistryCopy struct {
	ID            ID        `json:"id"`
	Intervention  ID        `json:"intervention"`
	CaseNumber    string    `json:"case_number"`
	Unit          string    `json:"unit" doc:"Of the own authority, which had received it."`
	Function      string    `json:"function"`
	SenderUnit    string    `json:"sender_unit"`
	Sender        string    `json:"sender_function"`
	Categories    []string  `json:"categories"`
	ReceivedAt    time.Time `json:"received_at"`
	CutAt         time.Time `json:"cut_at"`
	CutBy         string    `json:"cut_by"`
	Until         time.Time `json:"until" doc:"When it is deleted."`
	TransferredAt time.Time `json:"transferred_at,omitzero" doc:"When it went into the own file."`
	EndedAt       time.Time `json:"ended_at,omitzero" doc:"When the intervention ended, where cut_by says so: the copy had been cut before, when sharing stopped."`
	Late          bool      `json:"after_withdrawal,omitempty" doc:"Disclosed after the consent had been taken back, before that was recorded."`
}

// RegistryPage is one page of them.
type RegistryPage struct {
	Copies []RegistryCopy `json:"copies"`
	Next   string         `json:"next,omitempty"`
}

func (a *API) registryList(ctx context.Context, who *caller, in *Paged) (RegistryPage, error) {
	from, err := a.cursor(who, "registry", in.After)
	if err != nil {
		return RegistryPage{}, err
	}
	page, err := a.deps.Sharing.Registry(ctx, who.actor, from)
	if err != nil {
		return RegistryPage{}, err
	}
	out := RegistryPage{Copies: list(page.Lines, func(c sharing.RegistryCopy) RegistryCopy {
		return RegistryCopy{
			idOut(c.ID), idOut(c.Intervention), c.CaseNumber, string(c.Unit), string(c.Function), string(c.Sender), string(c.SentBy),
			strs(c.Categories), c.ReceivedAt, c.CutAt, c.CutBy, c.Until, at(c.TransferredAt), at(c.EndedAt), c.Late,
		}
	})}
	out.Next, err = a.next(who, "registry", page.Next)
	return out, err
}
