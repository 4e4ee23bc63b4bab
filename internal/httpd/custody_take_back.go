package httpd

import (
	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// aheadRow is a change of custody that is still to come, in sentences.
type aheadRow struct {
	Text, Evidence string
	Pauses         bool
	Back           string // the way to take it back; empty where the reader may not
}

// custodyBackData is the form on which a change is taken back before its day.
type custodyBackData struct {
	Base
	Top    caseTop
	Row    aheadRow
	Action string
}

var custodyBackPage = page("custody_take_back", func(b Base) []custodyBackData {
	c := sampleBoardCase(func(*consenting.Case) {})
	return []custodyBackData{{Base: b, Top: sampleTop, Action: "/x", Row: aheadRowOf(b, c, sampleAhead())}}
})

func sampleAhead() consenting.CustodyAhead {
	return consenting.CustodyAhead{
		ID: sig.CustodyChangeID{UUID: sampleID}, At: sampleNow.AddDate(0, 3, 0), Ends: "Omid Rahimi", Begins: "Nils Ek", Source: "judgment",
		Reference: "T 4711-26", VerifiedOn: sig.DateOf(sampleNow), Pauses: true,
	}
}

func aheadRowOf(b Base, c *consenting.Case, a consenting.CustodyAhead) aheadRow {
	key := "guardians.ahead.replaced"
	switch {
	case a.Begins == "":
		key = "guardians.ahead.ends"
	case a.Ends == "":
		key = "guardians.ahead.begins"
	}
	row := aheadRow{
		Text:     b.T(key, "date", a.At, "ends", a.Ends, "begins", a.Begins),
		Evidence: b.T("guardians.ahead.evidence", "source", b.T("guardian.source."+a.Source), "date", a.VerifiedOn.Start()), Pauses: a.Pauses,
	}
	if a.Reference != "" {
		row.Evidence += " " + a.Reference
	}
	if c.Can(consenting.ActionEndCustody) {
		row.Back = casePath(c.ID) + "/custody-changes/" + a.ID.String() + "/take-back"
	}
	return row
}

// custodyBackShow shows the form of a change that is still to come.
func (a *App) custodyBackShow(r *Request) error {
	var change sig.CustodyChangeID
	if err := pathID(r, "change", &change); err != nil {
		return err
	}
	g, err := a.guardiansFor(r, consenting.ActionEndCustody)
	if err != nil {
		return err
	}
	for _, one := range g.Ahead {
		if one.ID == change {
			b := r.Base("guardians.back.title")
			row := aheadRowOf(b, g.Case, one)
			return custodyBackPage.Send(r, custodyBackData{Base: b, Top: caseTopOf(g.Case), Row: row, Action: row.Back})
		}
	}
	return fault.Missing()
}

// custodyTakeBack takes it back, with the reason.
func (a *App) custodyTakeBack(r *Request) error {
	var id sig.InterventionID
	var change sig.CustodyChangeID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if err := pathID(r, "change", &change); err != nil {
		return err
	}
	var in struct {
		Reason string `form:"reason,max=4000,lines"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.custodyBackShow)
	}
	if _, err := a.deps.Consenting.TakeCustodyBack(r.Context(), r.Actor(), id, change, in.Reason); err != nil {
		return r.Again(err, a.custodyBackShow)
	}
	return r.SeeOther(guardiansPath(id), "flash.saved")
}
