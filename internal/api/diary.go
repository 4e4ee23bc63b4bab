package api

import (
	"context"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/cursor"
	"sigportal/internal/sharing"
)

// DiaryPage is a page of who was told what and who has read it, newest first.
// What is hidden from the reader leaves no gap: nothing here is numbered.
type DiaryPage struct {
	CaseNumber string      `json:"case_number"`
	State      string      `json:"state"`
	Rows       []DiaryRow  `json:"rows"`
	Next       string      `json:"next,omitempty"`
	Parts      []DiaryPart `json:"parts,omitempty" doc:"On the first page, where the diary is so long that the PDF comes in several documents."`
}

// DiaryPart is one of the documents that a long diary comes in, newest first.
type DiaryPart struct {
	Part  int       `json:"part"`
	First time.Time `json:"first" doc:"When its oldest line was written."`
	Last  time.Time `json:"last" doc:"When its newest line was written."`
	After string    `json:"after" doc:"By which extract.pdf gives it; for this reader and session alone."`
}

// DiaryRow is one disclosure or one read.
type DiaryRow struct {
	At         time.Time `json:"at"`
	Kind       string    `json:"kind" enum:"disclose,read_copy,export_copy,read_item"`
	By         Seat      `json:"by"`
	Recipient  *Seat     `json:"recipient,omitempty"`
	Item       ID        `json:"item,omitempty"`
	Categories []string  `json:"categories"`
	Basis      string    `json:"basis,omitempty"`
	Line       string    `json:"line,omitempty" doc:"By which the family point at the row when they ask about it; for this reader and session alone."`
}

// Journal is the notes for the board's own case system, in codes; the pages
// write them out in words.
type Journal struct {
	Notes []Note `json:"notes"`
}

// Note is one note.
type Note struct {
	ID    ID             `json:"id"`
	Kind  string         `json:"kind"`
	At    time.Time      `json:"at"`
	Who   string         `json:"who,omitempty" doc:"The name of whom facts.signer means, also after the consent and the standing have ended."`
	Facts map[string]any `json:"facts"`
}

func (a *API) registerDiary() {
	add(a, op{method: "GET", path: "/api/v1/interventions/{id}/diary", level: SignedIn, id: "list-diary", tag: "diary",
		says: "What has been shared about the young person, and who has read it."}, a.diaryList)
	add(a, op{method: "GET", path: "/api/v1/interventions/{id}/journal", level: Hat, id: "list-journal", tag: "diary",
		says: "The notes that the board writes into its own case system."}, a.journalList)
}

func (a *API) diaryList(ctx context.Context, who *caller, in *pagedCase) (*DiaryPage, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	name := "diary " + id.String()
	var from sharing.DiaryPlace
	if in.After != "" {
		if err := a.cursors.Read(who.actor, "api "+name, in.After, &from); err != nil {
			return nil, err
		}
	}
	page, err := a.deps.Sharing.Diary(ctx, who.actor, id, from)
	if err != nil {
		return nil, err
	}
	out := &DiaryPage{CaseNumber: page.CaseNumber, State: string(page.State), Rows: list(page.Rows, diaryOut)}
	for i, row := range page.Rows {
		if !who.actor.IsCitizen() {
			break
		}
		if out.Rows[i].Line, err = a.cursors.WriteLine(who.actor, id, row.Ledger); err != nil {
			return nil, err
		}
	}
	for _, p := range page.Parts {
		after, err := a.cursors.WritePart(who.actor, id, cursor.Part{Number: p.Number, From: p.From, Before: p.Before})
		if err != nil {
			return nil, err
		}
		out.Parts = append(out.Parts, DiaryPart{p.Number, p.First, p.Last, after})
	}
	if page.Next != nil {
		out.Next, err = a.cursors.Write(who.actor, "api "+name, page.Next)
	}
	return out, err
}

func diaryOut(r sharing.DiaryRow) DiaryRow {
	out := DiaryRow{
		At: r.At, Kind: r.Kind, By: seatOut(r.Actor), Item: idOrNone(r.Item), Categories: strs(r.Categories), Basis: r.Basis,
	}
	if !r.Recipient.IsZero() {
		seat := seatOut(r.Recipient)
		out.Recipient = &seat
	}
	return out
}

func (a *API) journalList(ctx context.Context, who *caller, in *InCase) (*Journal, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	found, err := a.deps.Casework.Journal(ctx, who.actor, id)
	if err != nil {
		return nil, err
	}
	return &Journal{list(found.Notes, func(n casework.JournalNote) Note {
		signer, _ := n.Facts["signer"].(string)
		return Note{idOut(n.ID), string(n.Kind), n.At, found.Names[signer], n.Facts}
	})}, nil
}
