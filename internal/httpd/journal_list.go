package httpd

import (
	"time"

	"sigportal/internal/sig"
)

// journalData is what the board must write in its social journal.
type journalData struct {
	Base
	Top   caseTop
	Notes []journalRow
}

// journalRow is one note in the board's words.
type journalRow struct {
	At   time.Time
	Text string
}

var journalPage = page("journal", func(b Base) []journalData {
	at := time.Date(2026, 12, 3, 8, 0, 0, 0, time.UTC)
	return []journalData{{Base: b, Top: sampleTop}, {Base: b, Top: sampleTop, Notes: []journalRow{{at, "Samtycket togs tillbaka."}}}}
})

// journalList lists the notes, to be copied into the board's case system.
func (a *App) journalList(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	notes, err := a.deps.Casework.Journal(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	head, err := a.deps.Sharing.Head(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	data := journalData{Base: r.Base("journal.title"), Top: topOf(head)}
	for _, n := range notes {
		data.Notes = append(data.Notes, journalRow{At: n.At, Text: r.lang.T("journal." + string(n.Kind))})
	}
	return journalPage.Send(r, data)
}
