package api

import (
	"context"
	"time"

	"sigportal/internal/sharing"
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
}

func copyLineOut(l sharing.InboxLine) CopyLine {
	return CopyLine{
		ID: idOut(l.ID), Intervention: idOut(l.Intervention), CaseNumber: l.CaseNumber, Sender: seatOut(l.Sender),
		Categories: strs(l.Categories), Basis: l.Basis, ReceivedAt: l.ReceivedAt, Opened: l.Opened, Until: at(l.Until),
	}
}

// InboxPage is one page of the copies that may be opened now.
type InboxPage struct {
	Copies []CopyLine `json:"copies"`
	Next   string     `json:"next,omitempty" doc:"Absent on the last page."`
}

func (a *API) registerInbox() {
	const tag = "copies"
	add(a, op{method: "GET", path: "/api/v1/inbox", level: Hat, id: "list-inbox", tag: tag,
		says: "The copies that the caller may open now, newest first."}, a.inboxList)
}

func (a *API) inboxList(ctx context.Context, who *caller, in *paged) (InboxPage, error) {
	var after *sharing.Cursor
	if in.After != "" {
		after = &sharing.Cursor{}
		if err := a.cursors.read(who.actor, "inbox", in.After, after); err != nil {
			return InboxPage{}, err
		}
	}
	page, err := a.deps.Sharing.Inbox(ctx, who.actor, nil, after)
	if err != nil {
		return InboxPage{}, err
	}
	out := InboxPage{Copies: list(page.Lines, copyLineOut)}
	if page.Next != nil {
		out.Next, err = a.cursors.write(who.actor, "inbox", page.Next)
	}
	return out, err
}
