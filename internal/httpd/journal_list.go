package httpd

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

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

// journalList lists the notes, to be copied into the board's case system, or
// gives them as a file with file=1.
func (a *App) journalList(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	take := a.deps.Casework.Journal
	file := r.Ctx.Query("file") == "1"
	if file {
		take = a.deps.Casework.TakeJournal
	}
	found, err := take(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	head, err := a.deps.Sharing.Head(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.journalWords(head.CaseNumber, found.Names)
	if err != nil {
		return err
	}
	data := journalData{Base: r.Base("journal.title"), Top: topOf(head)}
	for _, n := range found.Notes {
		data.Notes = append(data.Notes, journalRow{At: n.At, Text: w.text(n)})
	}
	if file {
		return sendJournal(r, head.CaseNumber, data.Notes)
	}
	return journalPage.Send(r, data)
}

// sendJournal sends the notes as plain text, the oldest first; the name of the
// file is the case's number, which says nothing.
func sendJournal(r *Request, number string, notes []journalRow) error {
	var text []string
	for _, n := range slices.Backward(notes) {
		text = append(text, n.Text)
	}
	r.Type("txt", "utf-8")
	r.Set(fiber.HeaderContentDisposition, `attachment; filename="`+number+`.txt"`)
	return r.Ctx.SendString(strings.Join(text, "\n\n") + "\n")
}
