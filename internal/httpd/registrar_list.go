package httpd

import (
	"time"

	"sigportal/internal/sharing"
)

// registryData lists the copies that the registrar may still move.
type registryData struct {
	Base
	Lines []registryRow
	Next  string
}

// registryRow is one cut copy: nothing of its text.
type registryRow struct {
	Path, Case, Recipient, Sender, Categories, Why string
	Cut, Until, Transferred                        time.Time
	Late                                           bool
}

var registryPage = page("registrar_list", func(b Base) []registryData {
	at := time.Date(2027, 1, 20, 9, 14, 0, 0, time.UTC)
	row := registryRow{"/x/1", "7KMN-4TRX", "Kommunpolis, Lokalpolisområde Farsta", "SIG-samordnare, Farsta", "Mål i planen", b.T("cut.withdrawal"), at, at.AddDate(0, 0, 30), time.Time{}, false}
	moved := row
	moved.Transferred, moved.Late = at, true
	return []registryData{{Base: b, Lines: []registryRow{row, moved}, Next: "/registry?after=x"}, {Base: b}}
})

// registryList shows what a cut has taken from its readers, what is deleted
// first before the rest.
func (a *App) registryList(r *Request) error {
	var after sharing.Cursor
	given, err := r.pageAfter("registry", &after)
	if err != nil {
		return err
	}
	from := &after
	if !given {
		from = nil
	}
	found, err := a.deps.Sharing.Registry(r.Context(), r.Actor(), from)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := registryData{Base: r.Base("transfer.title")}
	for _, l := range found.Lines {
		row := registryRow{
			Path: copyPath(l.Intervention, l.ID), Case: l.CaseNumber, Recipient: w.place(l.Function, l.Unit), Sender: w.place(l.SentBy, l.Sender),
			Categories: w.categories(l.Categories), Why: r.lang.T("cut." + l.CutBy), Cut: l.CutAt, Until: l.Until, Late: l.Late,
		}
		if l.EndedAt != nil {
			row.Cut = *l.EndedAt
		}
		if l.TransferredAt != nil {
			row.Transferred = *l.TransferredAt
		}
		data.Lines = append(data.Lines, row)
	}
	if found.Next != nil {
		if data.Next, err = r.nextPage("registry", found.Next); err != nil {
			return err
		}
	}
	return registryPage.Send(r, data)
}
