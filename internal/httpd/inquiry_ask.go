package httpd

import (
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/inquiry"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// inquiriesData is what somebody in the family has asked, with the answers.
type inquiriesData struct {
	Base
	New  string
	Rows []inquiryRow
}

type inquiryRow struct {
	Kind, Words, Answer, By, Item string
	Outcome, Appeal               string // of a request that was decided; how to appeal
	Asked, Due                    time.Time
	Answered                      *time.Time
	Late                          bool
}

// inquiryNewData is the form in which they ask.
type inquiryNewData struct {
	Base
	Back, Key, Item, Line string
	Kinds                 []fieldChoice // none where the line says what it is
	About                 *diaryRow     // that line
}

func inquiriesPath(id sig.InterventionID) string { return casePath(id) + "/inquiries" }

// inquiriesShow lists them.
func (a *App) inquiriesShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	found, err := a.deps.Inquiry.Mine(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := inquiriesData{Base: r.Base("inquiry.title"), New: inquiriesPath(id) + "/new"}
	for _, q := range found {
		row := inquiryRow{
			Kind: w.lang.T("inquiry.kind." + string(q.Kind)), Words: q.Words, Answer: q.Answer, Asked: q.AskedAt, Due: q.DueOn.Start(),
			By: w.answers(q.Seat), Answered: q.AnsweredAt, Late: q.Late,
		}
		if q.Item != nil {
			row.Item = sharedPath(id, *q.Item)
		}
		if q.Outcome != "" {
			row.Outcome = w.lang.T("inquiry.outcome." + string(q.Outcome))
		}
		if q.Outcome.Appealable() {
			row.Appeal = "inquiry.appeal." + string(q.Kind)
		}
		data.Rows = append(data.Rows, row)
	}
	return inquiriesPage.Send(r, data)
}

// answers says whose answer it is: under protected identity without the authority.
func (w itemWords) answers(s sig.Seat) string {
	if s.Authority == "" {
		return w.function(s.Function)
	}
	return w.lang.T("inquiry.to", "function", w.function(s.Function), "authority", w.authority(s.Authority))
}

// inquiriesFind leads to them from the menu.
func (a *App) inquiriesFind(r *Request) error { return a.toCase(r, inquiriesPath) }

// inquiryNew shows the form.
func (a *App) inquiryNew(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	// That there is such a case for the reader is the service's to say.
	if _, err := a.deps.Inquiry.Mine(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	data := inquiryNewData{Base: r.Base("inquiry.new.title"), Back: inquiriesPath(id), Key: uuid.NewString()}
	if r.Method() == "GET" {
		var query struct {
			Item sig.ItemID `form:"item"`
			Line string     `form:"line,max=400"`
		}
		if err := r.QueryForm(&query); err != nil {
			return fault.Missing()
		}
		data.Form = Fields{}
		if data.Line = query.Line; !query.Item.IsZero() {
			data.Item = query.Item.String()
		}
	} else {
		data.Item, data.Line = data.Form.Value("item"), data.Form.Value("line")
	}
	row, err := r.app.cursors.ReadLine(r.Actor(), id, data.Line)
	if err != nil {
		return err
	}
	if row != 0 {
		if data.About, err = a.diaryLineShown(r, id, row); err != nil {
			return err
		}
	}
	data.choices(data.Item != "")
	return inquiryNewPage.Send(r, data)
}

// diaryLineShown is the line that is pointed at, as the diary shows it.
func (a *App) diaryLineShown(r *Request, id sig.InterventionID, row int64) (*diaryRow, error) {
	page, err := a.deps.Sharing.Diary(r.Context(), r.Actor(), id, sharing.DiaryPlace{Before: row + 1})
	if err != nil {
		return nil, err
	}
	if len(page.Rows) == 0 || page.Rows[0].Ledger != row {
		return nil, fault.Missing()
	}
	w, err := r.itemWords()
	if err != nil {
		return nil, err
	}
	line := w.diaryRow(page.Rows[0])
	return &line, nil
}

// choices offers what can be asked: about a text, or at all.
func (d *inquiryNewData) choices(item bool) {
	if d.Line != "" {
		d.Title = d.T("inquiry.kind.looks_wrong")
		return
	}
	for _, k := range sig.InquiryKinds() {
		ofText := k == sig.InquiryNotRight || k == sig.InquiryQuestion
		if k == sig.InquiryLooksWrong || item != ofText && k != sig.InquiryQuestion {
			continue
		}
		d.Kinds = append(d.Kinds, fieldChoice{Value: string(k), Text: d.T("inquiry.kind." + string(k)), Hint: d.T("inquiry.kind." + string(k) + ".hint")})
	}
}

// inquiryAsk asks.
func (a *App) inquiryAsk(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Key   string          `form:"key,max=64,required"`
		Kind  sig.InquiryKind `form:"kind,max=20"`
		Item  sig.ItemID      `form:"item"`
		Line  string          `form:"line,max=400"`
		Words string          `form:"words,max=4000,lines"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.inquiryNew)
	}
	line, err := r.app.cursors.ReadLine(r.Actor(), id, in.Line)
	if err != nil {
		return err
	}
	if line != 0 {
		in.Kind = sig.InquiryLooksWrong
	}
	_, err = a.deps.Inquiry.Ask(r.Context(), r.Actor(), inquiry.New{
		Key: r.once(in.Key), Intervention: id, Kind: in.Kind, Item: in.Item, Line: line, Words: in.Words,
	})
	if err != nil {
		return r.Again(err, a.inquiryNew)
	}
	return r.SeeOther(inquiriesPath(id), "flash.asked")
}

var inquiriesPage = page("inquiry_list", func(b Base) []inquiriesData {
	b.Title = b.T("inquiry.title")
	at := sampleNow
	rows := []inquiryRow{
		{Kind: b.T("inquiry.kind.question"), Words: "Varför vet polisen om skolan?", By: "SIG-samordnare", Asked: at, Due: at.AddDate(0, 0, 7)},
		{Kind: b.T("inquiry.kind.not_right"), Words: "Så var det inte.", Item: "/x", By: "Skolkurator", Asked: at.AddDate(0, 0, -20), Due: at.AddDate(0, 0, -6), Late: true},
		{Kind: b.T("inquiry.kind.looks_wrong"), Words: "Vem är det?", By: "Loggranskare", Asked: at, Due: at, Answered: &at, Answer: "Det var hennes vikarie."},
		{Kind: b.T("inquiry.kind.file"), Words: "Jag vill se allt.", By: "Registrator", Asked: at, Due: at, Answered: &at, Answer: "Det kommer med post.",
			Outcome: b.T("inquiry.outcome.in_part"), Appeal: "inquiry.appeal.file"},
	}
	return []inquiriesData{{Base: b, New: "/x", Rows: rows}, {Base: b, New: "/x"}}
})

var inquiryNewPage = page("inquiry_new", func(b Base) []inquiryNewData {
	b.Title = b.T("inquiry.new.title")
	all, text, line := inquiryNewData{Base: b, Back: "/x", Key: "k"}, inquiryNewData{Base: b, Back: "/x", Key: "k", Item: "i"}, inquiryNewData{Base: b, Back: "/x", Key: "k", Line: "l"}
	all.choices(false)
	text.choices(true)
	line.choices(false)
	line.About = &diaryRow{At: sampleNow, Text: "Kommunpolis läste", Categories: "Det handlade om: Mål i planen.", Unit: "Lokalpolisområde Farsta", Authority: "Polismyndigheten"}
	return []inquiryNewData{all, text, line}
})
