package httpd

import (
	"strings"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// decisionData is the decision on the measure, which lets a consent that all
// have signed begin to hold.
type decisionData struct {
	Base
	Top     caseTop
	Lead    string
	Today   string
	Choices []fieldChoice
	Version *boardVersion
	Cards   []recipientCard
}

// decisionShow shows what all have signed, and the form of the decision.
func (a *App) decisionShow(r *Request) error {
	c, err := a.boardCase(r, consenting.ActionDecide)
	if err != nil {
		return err
	}
	data := decisionData{Base: r.Base("consent.decision.title")}
	data.fill(familyWords{Language: r.lang}, c)
	return decisionPage.Send(r, data)
}

func (d *decisionData) fill(w familyWords, c *consenting.Case) {
	d.Top, d.Today = caseTopOf(c), sig.DateOf(c.Now).String()
	d.Lead = w.T("consent.decision.text")
	d.Choices = []fieldChoice{
		{Value: "grant", Text: w.T("consent.decision.grant"), Hint: w.T("board.decision.grant.hint")},
		{Value: "refuse", Text: w.T("consent.decision.refuse"), Hint: w.T("board.decision.refuse.hint")},
	}
	if len(c.Unsigned) > 0 {
		d.Choices = d.Choices[1:] // nothing can be granted that somebody has still to sign
		d.Lead = w.T("board.step.unsigned_decide.text", "names", strings.Join(c.Unsigned, ", "))
	}
	d.Version = boardVersionOf(w, c, c.Preparing)
	d.Version.Explain, d.Version.Discard, d.Version.Preview = "", "", ""
	shown := *c
	shown.InForce = c.Preparing
	d.Cards = cardsOf(w, &shown, false)
}

// decisionMake records the decision, taken in the board's own system.
func (a *App) decisionMake(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Decision  string `form:"decision,max=10"`
		On        string `form:"on,max=10"`
		Reference string `form:"reference,max=100"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.decisionShow)
	}
	on, err := sig.ParseDate(in.On)
	var check fault.Check
	if in.Decision != "grant" && in.Decision != "refuse" {
		check.Fail("decision", "error.choose_one")
	}
	if err != nil {
		check.Fail("on", "error.bad_date")
	}
	if err := check.Err(); err != nil {
		return r.Again(err, a.decisionShow)
	}
	decision := consenting.Decision{Refused: in.Decision == "refuse", On: on, Reference: in.Reference}
	if _, err := a.deps.Consenting.Decide(r.Context(), r.Actor(), id, decision); err != nil {
		return r.Again(err, a.decisionShow)
	}
	flash := "flash.decided"
	if decision.Refused {
		flash = "flash.decided_no"
	}
	return r.SeeOther(casePath(id), flash)
}
