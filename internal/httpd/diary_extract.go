package httpd

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/sharing"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

func extractPath(id sig.InterventionID) string { return diaryPath(id) + "/extract" }

// diaryExtract gives the whole of what the reader sees in the diary as a table
// for any spreadsheet. The name of the file says nothing about anybody.
func (a *App) diaryExtract(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	page, err := a.deps.Sharing.DiaryExtract(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	table, err := w.diaryTable(page.Rows)
	if err != nil {
		return err
	}
	r.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	r.Set(fiber.HeaderContentDisposition, `attachment; filename="extract.csv"`)
	return r.Send(table)
}

// diaryTable is the lines as CSV (RFC 4180) with the semicolon and the mark of
// order that spreadsheets in Sweden expect. Times are Stockholm's.
func (w itemWords) diaryTable(rows []sharing.DiaryRow) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	table := csv.NewWriter(&out)
	table.Comma, table.UseCRLF = ';', true
	var header []string
	for _, column := range []string{"date", "time", "what", "about", "unit", "authority", "why"} {
		header = append(header, w.lang.T("citizen.extract."+column))
	}
	lines := [][]string{header}
	for _, row := range rows {
		one, at := w.diaryRow(row), words.Local(row.At)
		lines = append(lines, []string{
			at.Format(time.DateOnly), at.Format(time.TimeOnly), cell(one.Text), cell(w.categories(inOrder(row.Categories))),
			cell(one.Unit), cell(one.Authority), cell(one.Ground),
		})
	}
	if err := table.WriteAll(lines); err != nil {
		return nil, fmt.Errorf("write the diary as a table: %w", err)
	}
	return out.Bytes(), nil
}

// unmarked takes away Unicode's isolate marks: they turn a sentence on a page the
// right way, while a table is searched and compared by its letters.
var unmarked = strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "")

// cell keeps a spreadsheet from taking a text for a formula (CWE-1236).
func cell(text string) string {
	text = unmarked.Replace(text)
	if strings.IndexAny(text, "=+-@\t\r") == 0 {
		return "'" + text
	}
	return text
}
