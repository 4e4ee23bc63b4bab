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
	Copies, Late    int
	At              time.Time
}

// inboxRow is a copy in a list: who sent it, about what, when. Its phrases are
// made here, not by the template, which is much slower at it.
type inboxRow struct {
	Path, Categories string
	Hint             string // what a screen reader adds to the link
	From, Facts      string
	Opened, Late     bool
}

var sampleInbox = []inboxRow{
	{"/x/1", "Mål i planen", "från SIG-samordnare, Farsta, 3 december 2026", "Från SIG-samordnare, Farsta", "3 december 2026 · Insats 7KMN-4TRX", false, true},
	{"/x/2", "Närvaro i skolan", "från Skolkurator, Farstaskolan, 1 december 2026", "Från Skolkurator, Farstaskolan", "1 december 2026 · Insats 7KMN-4TRX", true, false},
}

var inboxPage = page("inbox_list", func(b Base) []inboxData {
	hidden := []hiddenRow{{"/x", "7KMN-4TRX", b.T("cutoff.withdrawn"), 2, 1, sampleNow}}
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
		data.Hidden = append(data.Hidden, hiddenRow{casePath(h.Intervention), h.CaseNumber, r.lang.T(sharing.Why(h.By)), h.Copies, h.Late, h.At})
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
		sender, received := w.seat(l.Sender), w.lang.DateTime(l.ReceivedAt)
		row := inboxRow{
			Path: copyPath(l.Intervention, l.ID), Categories: w.categories(l.Categories), Opened: l.Opened, Late: l.Late,
			Hint:  w.lang.T("inbox.open.hidden", "sender", sender, "time", received),
			From:  w.lang.T("inbox.from", "sender", sender),
			Facts: w.lang.T("inbox.received", "time", received) + " · " + w.lang.T("intervention.number", "number", l.CaseNumber),
		}
		rows = append(rows, row)
	}
	return rows
}
