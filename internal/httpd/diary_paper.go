package httpd

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/cursor"
	"sigportal/internal/fault"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// diaryPaperData is the diary of one reader, or a part of a long one, for
// printing.
type diaryPaperData struct {
	Base
	Lead    string
	Part    string // which part it is, of which days
	Days    []diaryDay
	Printed string
}

// diaryPart leads to one of the documents that a long diary comes in.
type diaryPart struct{ Path, Text string }

// diaryParts names them, with the days that each holds.
func (r *Request) diaryParts(id sig.InterventionID, parts []sharing.DiaryPart) ([]diaryPart, error) {
	var out []diaryPart
	for _, p := range parts {
		after, err := r.sealPart(id, p)
		if err != nil {
			return nil, err
		}
		out = append(out, diaryPart{extractPath(id) + ".pdf?after=" + after, partName(r.lang, p.Number, p.First, p.Last)})
	}
	return out, nil
}

func (r *Request) sealPart(id sig.InterventionID, p sharing.DiaryPart) (string, error) {
	return r.app.cursors.WritePart(r.Actor(), id, cursor.Part{Number: p.Number, From: p.From, Before: p.Before})
}

// partName is a part's number and its days.
func partName(l *words.Language, number int, first, last time.Time) string {
	days := l.Date(first)
	if to := l.Date(last); to != days {
		days = l.T("date.range", "from", days, "to", to)
	}
	return l.T("citizen.shared.part", "part", number, "days", days)
}

// diaryPaper gives it as a tagged PDF, a long one part by part: the newest where
// none is asked for. Where the next is stands in the header Link, for programs.
// Somebody who has lost the case, or the session, while it was printed gets none.
func (a *App) diaryPaper(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if !a.deps.Printer.Can() {
		return fault.Missing()
	}
	part, err := r.partAsked(id)
	if err != nil {
		return err
	}
	doc, err := a.deps.Sharing.DiaryDocument(r.Context(), r.Actor(), id, part)
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
	if doc.Next != nil {
		after, err := r.sealPart(id, *doc.Next)
		if err != nil {
			return err
		}
		r.Set(fiber.HeaderLink, "<"+r.Path()+"?after="+after+`>; rel="next"`)
	}
	data := diaryPaperData{Base: r.Base("citizen.shared.title"), Lead: diaryLead(r.lang, r.Actor().Kind, name)}
	data.fill(w, doc)
	data.Printed = r.lang.T("citizen.paper.printed", "time", r.lang.DateTime(a.deps.Now()), "name", r.Actor().ShownAs)
	return sendPaper(r, diaryPaperPage, data, "extract.pdf", func(ctx context.Context) error {
		_, err := a.deps.Consenting.Show(ctx, r.Actor(), id)
		return err
	})
}

// partAsked is the part that the request names; nil where it names none.
func (r *Request) partAsked(id sig.InterventionID) (*sharing.DiaryPart, error) {
	var query struct {
		After string `form:"after,max=400"`
	}
	if err := r.QueryForm(&query); err != nil {
		return nil, errMalformed
	}
	if query.After == "" {
		return nil, nil //nolint:nilnil // no part is asked for
	}
	asked, err := r.app.cursors.ReadPart(r.Actor(), id, query.After)
	if err != nil {
		return nil, err
	}
	part := &sharing.DiaryPart{Number: asked.Number}
	part.From, part.Before = asked.From, asked.Before
	return part, nil
}

// fill takes the lines in, and says of a part which days they are of.
func (d *diaryPaperData) fill(w itemWords, doc *sharing.DiaryDocument) {
	days := diaryData{Base: d.Base}
	for _, row := range doc.Rows {
		days.add(w.diaryRow(row))
	}
	d.Days = days.Days
	if n := len(doc.Rows); doc.Part != nil && n > 0 {
		d.Part = partName(w.lang, doc.Part.Number, doc.Rows[n-1].At, doc.Rows[0].At)
	}
}

var diaryPaperPage = page("diary_paper", func(b Base) []diaryPaperData {
	b.Title = b.T("citizen.shared.title")
	days := diaryData{Base: b}
	days.add(diaryRow{At: sampleNow, Text: "…", Categories: "…", Unit: "Lokalpolisområde Farsta", Authority: "Polismyndigheten", Ground: "…"})
	days.add(diaryRow{At: sampleNow, Text: "…", Categories: "…", Ground: "…"})
	return []diaryPaperData{{Base: b, Days: days.Days, Part: partName(b.Language, 2, sampleNow.AddDate(0, -2, 0), sampleNow)}, {Base: b}}
})
