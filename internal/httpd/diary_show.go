package httpd

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/sharing"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// diaryData is what has been shared about a young person and who has read it,
// newest first, by day. What is hidden from the reader is nowhere in it.
type diaryData struct {
	Base
	Lead    string
	Items   []diaryItemLink // on the first page: the texts that the reader may open
	By      []diaryFilter
	Days    []diaryDay
	Next    string
	Extract string
	PDF     string      // the same as a document, where there is something to print with
	Parts   []diaryPart // on the first page, the documents that it comes in, where there are several
	Asked   string      // what the reader has asked
}

// diaryFilter leads to what one authority did, or all of them.
type diaryFilter struct {
	Path, Text string
	Now        bool
}

type diaryItemLink struct{ Path, Categories, From string }

type diaryDay struct {
	At   time.Time
	Rows []diaryRow
}

// diaryRow is one disclosure or one read.
type diaryRow struct {
	At         time.Time
	Read       bool
	Text       string // who did what
	Unit       string // of who did it
	Authority  string
	Categories string
	Ground     string
	Path       string // to the text, where the reader may open it
	Wrong      string // to say that it looks wrong
}

// diaryShow shows one page of it.
func (a *App) diaryShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var query struct {
		After string `form:"after,max=400"`
		By    string `form:"by,max=80"`
	}
	if err := r.QueryForm(&query); err != nil {
		return errMalformed
	}
	from := sharing.DiaryPlace{Authority: sig.AuthorityID(query.By)}
	later, err := r.readAfter("diary "+id.String(), query.After, &from)
	if err != nil {
		return err
	}
	name, err := a.youthName(r, id)
	if err != nil {
		return err
	}
	page, err := a.deps.Sharing.Diary(r.Context(), r.Actor(), id, from)
	if err != nil {
		return err
	}
	items, err := a.deps.Sharing.Items(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := diaryData{Base: r.Base("citizen.shared.title"), Lead: diaryLead(r.lang, r.Actor().Kind, name), Extract: extractPath(id)}
	if a.deps.Printer.Can() && !later && from.Authority == "" {
		data.PDF = extractPath(id) + ".pdf"
	}
	data.filters(w, id, page.Authorities, from.Authority)
	data.Asked = inquiriesPath(id)
	data.fill(w, id, page.Rows, items)
	if err := data.pointAt(r, id, page.Rows); err != nil {
		return err
	}
	if later || from.Authority != "" {
		data.Items = nil
	}
	if data.PDF != "" {
		if data.Parts, err = r.diaryParts(id, page.Parts); err != nil {
			return err
		}
	}
	if page.Next != nil {
		if data.Next, err = r.nextPage("diary "+id.String(), page.Next); err != nil {
			return err
		}
	}
	return diaryPage.Send(r, data)
}

// filters offers each authority alone, where there are several.
func (d *diaryData) filters(w itemWords, id sig.InterventionID, authorities []sig.AuthorityID, now sig.AuthorityID) {
	if len(authorities) < 2 {
		return
	}
	d.By = []diaryFilter{{Path: diaryPath(id), Text: w.lang.T("citizen.shared.by_all"), Now: now == ""}}
	for _, a := range authorities {
		d.By = append(d.By, diaryFilter{
			Path: diaryPath(id) + "?by=" + url.QueryEscape(string(a)), Text: w.authority(a), Now: a == now,
		})
	}
}

// pointAt lets the reader say of each line that it looks wrong.
func (d *diaryData) pointAt(r *Request, id sig.InterventionID, rows []sharing.DiaryRow) error {
	n := 0
	for i := range d.Days {
		for j := range d.Days[i].Rows {
			line, err := r.app.cursors.WriteLine(r.Actor(), id, rows[n].Ledger)
			if err != nil {
				return err
			}
			d.Days[i].Rows[j].Wrong = inquiriesPath(id) + "/new?line=" + line
			n++
		}
	}
	return nil
}

// youthName is the name of the young person of a case of the reader's.
func (a *App) youthName(r *Request, id sig.InterventionID) (string, error) {
	cases, err := a.deps.Casework.Cases(r.Context(), r.Actor())
	for _, c := range cases {
		if c.ID == id {
			return c.YouthName, err
		}
	}
	return "", err
}

func diaryLead(l *words.Language, kind sig.ActorKind, name string) string {
	if kind == sig.ActorYouth {
		return l.T("citizen.shared.lead.youth")
	}
	return l.T("citizen.shared.lead.guardian", "name", name)
}

func (d *diaryData) fill(w itemWords, id sig.InterventionID, rows []sharing.DiaryRow, items []sharing.ItemLine) {
	open := map[sig.ItemID]bool{}
	for _, item := range items {
		open[item.ID] = true
		d.Items = append(d.Items, diaryItemLink{
			Path: sharedPath(id, item.ID), Categories: w.categories(inOrder(item.Categories)),
			From: w.lang.T("item.written", "time", w.lang.DateTime(item.CreatedAt), "function", w.place(item.Function, item.Unit)),
		})
	}
	for _, row := range rows {
		one := w.diaryRow(row)
		if row.Item != nil && open[*row.Item] {
			one.Path = sharedPath(id, *row.Item)
		}
		d.add(one)
	}
}

// diaryRow says one line of the ledger in the words for a family.
func (w itemWords) diaryRow(row sharing.DiaryRow) diaryRow {
	one := diaryRow{
		At: row.At, Read: row.Kind != "disclose", Unit: w.unit(row.Actor.Unit), Authority: w.authority(row.Actor.Authority), Ground: groundOf(w.lang, row),
		Categories: w.lang.T("citizen.shared.about", "categories", w.categories(inOrder(row.Categories))),
		Text:       w.lang.T("citizen.shared.read", "reader", w.function(row.Actor.Function)),
	}
	if !one.Read {
		one.Text = w.lang.T("citizen.shared.told", "discloser", w.function(row.Actor.Function), "recipient", w.recipient(row.Recipient, row.Recipient.IsZero(), "", ""))
	}
	return one
}

func (w itemWords) unit(id sig.UnitID) string { // empty under protected identity
	if u, ok := w.dir.Unit(id); ok {
		return u.Name
	}
	return string(id)
}

// add puts a row under its day, as the clocks in Stockholm count days.
func (d *diaryData) add(row diaryRow) {
	day := words.Local(row.At).Format(time.DateOnly)
	if n := len(d.Days); n > 0 && words.Local(d.Days[n-1].At).Format(time.DateOnly) == day {
		d.Days[n-1].Rows = append(d.Days[n-1].Rows, row)
		return
	}
	d.Days = append(d.Days, diaryDay{At: row.At, Rows: []diaryRow{row}})
}

// groundOf says why it was allowed, in the words for a family.
func groundOf(l *words.Language, row sharing.DiaryRow) string {
	switch {
	case row.Kind == "export_copy":
		return l.T("citizen.shared.ground.registrar")
	case row.Kind == "read_item":
		return l.T("citizen.shared.ground.own")
	case row.Basis == "consent":
		return l.T("citizen.shared.ground.consent")
	default:
		return l.T("citizen.shared.ground.internal")
	}
}

func sharedPath(id sig.InterventionID, item sig.ItemID) string {
	return casePath(id) + "/shared/" + item.String()
}

// diaryFind leads from the menu to the diary of the case that goes on.
func (a *App) diaryFind(r *Request) error { return a.toCase(r, diaryPath) }

// toCase leads to a page of the newest case, where the reader has any.
func (a *App) toCase(r *Request, path func(sig.InterventionID) string) error {
	cases, err := a.deps.Casework.Cases(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	if len(cases) == 0 {
		return nobodyPage.Send(r, startData{r.Base("nobody.title")})
	}
	return r.Redirect(path(cases[0].ID), fiber.StatusSeeOther)
}

var diaryPage = page("diary_show", func(b Base) []diaryData {
	b.Title = b.T("citizen.shared.title")
	dir := &sig.Directory{
		Authorities: []sig.Authority{{ID: "polisen", Name: "Polismyndigheten"}, {ID: "farsta", Name: "Farsta stadsdelsnämnd"}},
		Units:       []sig.Unit{{ID: "polis-farsta", Name: "Lokalpolisområde Farsta"}, {ID: "unga", Name: "Enheten för unga"}},
	}
	item := sig.ItemID{UUID: sampleID}
	row := sharing.DiaryRow{
		At: sampleNow, Kind: "read_copy", Actor: samplePolice.Seat, Recipient: samplePolice.Seat, Item: &item,
		Categories: []sig.Category{sig.CategoryPlanGoals}, Basis: "consent",
	}
	told, own, registrar, internal := row, row, row, row
	told.Kind, told.Actor, told.At = "disclose", sampleBoard.Seat, sampleNow.Add(-time.Hour)
	own.Kind, own.Actor, own.At = "read_item", sampleBoard.Seat, sampleNow.AddDate(0, 0, -1)
	registrar.Kind, registrar.At = "export_copy", sampleNow.AddDate(0, 0, -1)
	internal.Basis, internal.Item, internal.At = "internal_need", nil, sampleNow.AddDate(0, 0, -2)
	full, empty := diaryData{Base: b, Next: "/x?after=abc", Extract: "/x"}, diaryData{Base: b, Extract: "/x"}
	full.filters(itemWords{lang: b.Language, dir: dir}, sampleCase, []sig.AuthorityID{"farsta", "polisen"}, "polisen")
	full.Lead, empty.Lead = diaryLead(b.Language, sig.ActorGuardian, "Amir Rahimi"), diaryLead(b.Language, sig.ActorYouth, "")
	lines := []sharing.ItemLine{{ID: item, Unit: "unga", Function: sig.RoleCoordinator, Categories: row.Categories, CreatedAt: sampleNow}}
	full.PDF, full.Parts = "/x", []diaryPart{
		{"/x?after=a", partName(b.Language, 1, sampleNow, sampleNow)}, {"/x?after=b", partName(b.Language, 2, sampleNow.AddDate(0, -2, 0), sampleNow)},
	}
	full.fill(itemWords{lang: b.Language, dir: dir}, sampleCase, []sharing.DiaryRow{row, told, own, registrar, internal}, lines)
	return []diaryData{full, empty}
})
