package httpd

import (
	"context"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// diaryPaperData is the whole diary of one reader, for printing.
type diaryPaperData struct {
	Base
	Lead    string
	Days    []diaryDay
	Printed string
}

// diaryPaper gives it as a tagged PDF. Somebody who has lost the part, or the
// session, while it was printed gets none.
func (a *App) diaryPaper(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if !a.deps.Printer.Can() {
		return fault.Missing()
	}
	page, err := a.deps.Sharing.DiaryExtract(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	name, err := a.youthName(r, id)
	if err != nil {
		return err
	}
	data := diaryPaperData{Base: r.Base("citizen.shared.title"), Lead: diaryLead(r.lang, r.Actor().Kind, name)}
	days := diaryData{Base: data.Base}
	for _, row := range page.Rows {
		days.add(w.diaryRow(row))
	}
	data.Days = days.Days
	data.Printed = r.lang.T("citizen.paper.printed", "time", r.lang.DateTime(a.deps.Now()), "name", r.Actor().ShownAs)
	return sendPaper(r, diaryPaperPage, data, "extract.pdf", func(ctx context.Context) error {
		_, err := a.deps.Consenting.Show(ctx, r.Actor(), id)
		return err
	})
}

var diaryPaperPage = page("diary_paper", func(b Base) []diaryPaperData {
	b.Title = b.T("citizen.shared.title")
	days := diaryData{Base: b}
	days.add(diaryRow{At: sampleNow, Text: "…", Categories: "…", Unit: "Lokalpolisområde Farsta", Authority: "Polismyndigheten", Ground: "…"})
	days.add(diaryRow{At: sampleNow, Text: "…", Categories: "…", Ground: "…"})
	return []diaryPaperData{{Base: b, Days: days.Days}, {Base: b}}
})
