package httpd

import (
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// ownData is a young person's own consent, as the board's staff prepare it.
type ownData struct {
	Base
	Top        caseTop
	Alone      string // over what the young person disposes alone; empty: nothing
	Rows       []ownLine
	Office     string // the page on which it is opened to the young person
	Action     string // where a new row is sent; empty: none can be written now
	Seats      []fieldChoice
	Categories []fieldChoice
	Purposes   []fieldChoice
	Aim        sig.Aim // none yet
}

// ownLine is one row in a sentence, and where it stands.
type ownLine struct {
	Says, State, Hash string
	Why               whyWords
	Districts         string
	Until             string
	Reference         string
	Give, End         string // where a yes, and a no or a withdrawal, are sent
	Given             bool
}

func ownPath(id sig.InterventionID) string { return casePath(id) + "/own" }

// ownShow shows it to the board.
func (a *App) ownShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	own, err := a.deps.Consenting.Own(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	data := ownData{Base: r.Base("own.title")}
	data.fill(own)
	return ownPage.Send(r, data)
}

func (d *ownData) fill(own *consenting.OwnConsent) {
	w := familyWords{Language: d.Language}
	path := ownPath(own.ID)
	d.Top = caseTop{Path: casePath(own.ID), Number: own.CaseNumber, Youth: own.Youth.Name, Live: true}
	d.Alone, d.Office = w.categories(own.Alone), casePath(own.ID)+"/at-home"
	for _, row := range own.Rows {
		line := ownLineOf(w, own.Now, row, "own.state.")
		if row.Open && own.Ends { // of one that was given, a page that asks when it came
			line.End = path + "/" + row.ID.String() + "/end"
		}
		d.Rows = append(d.Rows, line)
	}
	if !own.Proposes {
		return
	}
	d.Action = path
	for _, p := range own.Seats {
		d.Seats = append(d.Seats, fieldChoice{Value: seatValue(p.Seat), Text: w.T("hats.staff", "function", w.function(p.Seat.Function), "unit", p.Unit)})
	}
	d.Purposes = purposeChoices(w.Language)
	for _, c := range inOrder(own.Alone) {
		d.Categories = append(d.Categories, fieldChoice{Value: string(c), Text: w.category(c)})
	}
}

// ownLineOf says one row; states are the words of one reader's page.
func ownLineOf(w familyWords, now time.Time, row consenting.OwnRow, states string) ownLine {
	line := ownLine{
		Says: w.T("citizen.own.row", "from", w.party(row.Discloser), "to", w.party(row.Recipient), "categories", w.categories(row.Categories)),
		Why:  whyOf(w.Language, row.Aim), Districts: w.districts(row.Districts), Until: w.Until(row.To), Reference: row.Reference,
		Hash: consenting.Seen(row.TextHash, w.Language), Given: !row.GivenAt.IsZero(),
	}
	state, at := "asked", row.ProposedAt
	switch {
	case !row.EndedAt.IsZero():
		state, at = row.EndedBy, row.EndedAt
	case !now.Before(row.To):
		state, at = "over", row.To
	case line.Given:
		state, at = "given", row.GivenAt
	}
	line.State = w.T(states+state, "time", w.DateTime(at))
	return line
}

// ownForm is a row as it is written down.
type ownForm struct {
	Discloser  string         `form:"discloser,max=200"`
	Recipient  string         `form:"recipient,max=200"`
	Categories []sig.Category `form:"categories"`
	Purpose    sig.Purpose    `form:"purpose,max=60"`
	Addition   string         `form:"addition,max=500,lines"`
	To         string         `form:"to,max=10"`
}

// ownPropose writes a row down for the young person to answer.
func (a *App) ownPropose(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var form ownForm
	if err := r.Form(&form); err != nil {
		return r.Again(err, a.ownShow)
	}
	var check fault.Check
	in := consenting.NewOwn{
		Discloser: seatOrNone(form.Discloser), Recipient: seatOrNone(form.Recipient), Categories: form.Categories,
		Aim:     sig.Aim{Purpose: form.Purpose, Addition: form.Addition},
		LastDay: dayOr(&check, "to", form.To),
	}
	if err := check.Err(); err != nil {
		return r.Again(err, a.ownShow)
	}
	if err := a.deps.Consenting.ProposeOwn(r.Context(), r.Actor(), id, in); err != nil {
		return r.Again(err, a.ownShow)
	}
	return r.SeeOther(ownPath(id), "flash.saved")
}

// sampleOwn is made up, for the samples of pages.
func sampleOwn(change func(*consenting.OwnConsent)) *consenting.OwnConsent {
	shown := sampleShown()
	from, to := shown.InForce.Rows[0].Discloser, shown.InForce.Rows[0].Recipient
	row := consenting.OwnRow{
		Discloser: from, Recipient: to, Categories: []sig.Category{sig.CategoryPupilHealth}, Aim: sig.Aim{Purpose: sig.PurposeHealth, Addition: "Samtal en gång i veckan."},
		To: sampleNow.AddDate(0, 2, 0), ProposedAt: sampleNow, Open: true,
	}
	given, back := row, row
	given.GivenAt = sampleNow
	back.GivenAt, back.EndedAt, back.EndedBy, back.Reference, back.Open = sampleNow, sampleNow, "youth", "7KMN-4TRX-9ACD", false
	own := &consenting.OwnConsent{
		ID: shown.ID, CaseNumber: shown.CaseNumber, Youth: shown.Youth, Board: true, Proposes: true, Ends: true, Now: sampleNow,
		Alone: row.Categories, Seats: []consenting.Party{from, to}, Rows: []consenting.OwnRow{row, given, back},
	}
	change(own)
	return own
}

var ownPage = page("own_show", func(b Base) []ownData {
	of := func(change func(*consenting.OwnConsent)) ownData {
		d := ownData{Base: b}
		d.Title = b.T("own.title")
		d.fill(sampleOwn(change))
		return d
	}
	return []ownData{of(func(*consenting.OwnConsent) {}), of(func(o *consenting.OwnConsent) {
		o.Alone, o.Rows, o.Proposes = nil, nil, false
	})}
})
