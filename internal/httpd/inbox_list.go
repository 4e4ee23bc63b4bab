package httpd

import (
	"time"

	"sigportal/internal/sharing"
)

// inboxData is every copy that the reader's hat may open now.
type inboxData struct {
	Base
	Lines  []inboxRow
	Hidden []hiddenRow
	Next   string
}

// hiddenRow is a case in which a cut has taken copies out of the inbox.
type hiddenRow struct {
	Path, Case, Why string
	Copies          int
	At              time.Time
}

// inboxRow is a copy in a list: who sent it, about what, when.
type inboxRow struct {
	Path, Sender, Categories, Case string
	Received                       time.Time
	Opened                         bool
}

var sampleInbox = []inboxRow{
	{"/x/1", "SIG-samordnare, Farsta", "Mål i planen", "7KMN-4TRX", time.Date(2026, 12, 3, 8, 0, 0, 0, time.UTC), false},
	{"/x/2", "Skolkurator, Farstaskolan", "Närvaro i skolan", "7KMN-4TRX", time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC), true},
}

var inboxPage = page("inbox_list", func(b Base) []inboxData {
	hidden := []hiddenRow{{"/x", "7KMN-4TRX", b.T("cutoff.withdrawn"), 2, sampleNow}}
	return []inboxData{{Base: b, Lines: sampleInbox, Next: "/inbox?after=x"}, {Base: b, Hidden: hidden}, {Base: b}}
})

// inboxList shows the copies, newest first, without anything of their texts.
func (a *App) inboxList(r *Request) error {
	var after sharing.Cursor
	given, err := r.pageAfter("inbox", &after)
	if err != nil {
		return err
	}
	from := &after
	if !given {
		from = nil
	}
	found, err := a.deps.Sharing.Inbox(r.Context(), r.Actor(), nil, from)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := inboxData{Base: r.Base("inbox.title"), Lines: inboxRows(w, found.Lines)}
	for _, h := range found.Hidden {
		data.Hidden = append(data.Hidden, hiddenRow{casePath(h.Intervention), h.CaseNumber, r.lang.T(sharing.Why(h.By)), h.Copies, h.At})
	}
	if found.Next != nil {
		if data.Next, err = r.nextPage("inbox", found.Next); err != nil {
			return err
		}
	}
	return inboxPage.Send(r, data)
}

func inboxRows(w itemWords, lines []sharing.InboxLine) []inboxRow {
	var rows []inboxRow
	for _, l := range lines {
		row := inboxRow{
			Path: copyPath(l.Intervention, l.ID), Sender: w.seat(l.Sender), Categories: w.categories(l.Categories),
			Case: l.CaseNumber, Received: l.ReceivedAt, Opened: l.Opened,
		}
		rows = append(rows, row)
	}
	return rows
}
