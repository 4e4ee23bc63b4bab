package httpd

import (
	"context"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// renewalsData lets the coordinator choose which consents to renew until when.
type renewalsData struct {
	Base
	Choices []fieldChoice
	To      string // the day that is proposed, and the last one that may be chosen
	From    string // the first
}

// renewalsCheckData is what a renewal of several would do or, done, has done.
type renewalsCheckData struct {
	Base
	Lines []renewalLine
	IDs   []string // of those that can be renewed
	To    string
	Can   string // how many
	Done  bool
}

// renewalLine is one of them in sentences.
type renewalLine struct {
	Youth, Case, Path string
	Kind, State       string
	Texts             []string
	Act               string // where to go on
}

// renewalForm is what both forms send.
type renewalForm struct {
	Interventions []string `form:"interventions,max=36"`
	To            string   `form:"to,max=10"`
}

// renewalsShow lists what ends soon, or has ended and can still be renewed.
func (a *App) renewalsShow(r *Request) error {
	found, err := a.deps.Casework.Radar(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	today := sig.DateOf(found.Now)
	last := a.deps.Consenting.LastRenewal(today).String()
	data := renewalsData{Base: r.Base("renewals.title"), To: last, From: today.AddDays(1).String()}
	data.fill(itemWords{lang: r.lang}, found)
	return renewalsPage.Send(r, data)
}

func (d *renewalsData) fill(w itemWords, found *casework.Radar) {
	for _, l := range found.Lines {
		if l.Kind != casework.RadarEnds && l.Kind != casework.RadarStopped {
			continue
		}
		hint := radarRowOf(w, found, l)
		d.Choices = append(d.Choices, fieldChoice{
			Value: l.Intervention.String(), Text: w.lang.T("renewals.case", "person", l.YouthName, "number", l.CaseNumber), Hint: hint.Text + " " + hint.More, Chosen: !l.Preparing,
		})
	}
}

// renewalsCheck shows what a renewal would do.
func (a *App) renewalsCheck(r *Request) error {
	return a.renewals(r, a.deps.Consenting.PreviewRenewals, false)
}

// renewalsMake does it, and says of each what became of it.
func (a *App) renewalsMake(r *Request) error { return a.renewals(r, a.deps.Consenting.Renew, true) }

func (a *App) renewals(
	r *Request, do func(context.Context, sig.Actor, []sig.InterventionID, sig.Date) ([]consenting.Renewal, error), done bool,
) error {
	var in renewalForm
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.renewalsShow)
	}
	var of []sig.InterventionID
	for _, text := range in.Interventions {
		var id sig.InterventionID
		if id.UnmarshalText([]byte(text)) != nil || id.String() != text {
			return errMalformed
		}
		of = append(of, id)
	}
	found, err := a.deps.Casework.Radar(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	var check fault.Check
	to, today := dayOr(&check, "to", in.To), sig.DateOf(found.Now)
	switch {
	case to.IsZero():
	case to.Compare(today) <= 0:
		check.Fail("to", "error.renew_backward")
	case to.Compare(a.deps.Consenting.LastRenewal(today)) > 0:
		check.Fail("to", "error.renew_too_long")
	}
	if err := check.Err(); err != nil {
		return r.Again(err, a.renewalsShow)
	}
	list, err := do(r.Context(), r.Actor(), of, to)
	if err != nil {
		return r.Again(err, a.renewalsShow)
	}
	title := "renewals.check"
	if done {
		title = "renewals.done"
	}
	data := renewalsCheckData{Base: r.Base(title), To: to.String(), Done: done}
	data.fill(familyWords{Language: r.lang}, list)
	return renewalsCheckPage.Send(r, data)
}

func (d *renewalsCheckData) fill(w familyWords, list []consenting.Renewal) {
	for _, one := range list {
		d.Lines = append(d.Lines, renewalLineOf(w, one))
		if one.Why == "" && !one.Done {
			d.IDs = append(d.IDs, one.Intervention.String())
		}
	}
	d.Can = w.N("renewals.can", len(d.IDs))
}

func renewalLineOf(w familyWords, one consenting.Renewal) renewalLine {
	line := renewalLine{Youth: one.YouthName, Case: one.CaseNumber, Path: casePath(one.Intervention)}
	switch {
	case one.Why != "":
		line.Kind, line.State = "removed", w.T("renewals.cannot")
		line.Texts = []string{w.TArgs(one.Why, one.WhyArgs)}
		return line
	case one.Done:
		line.Kind, line.State, line.Act = "done", w.T("renewals.made"), line.Path+"/consent/preview"
	default:
		line.Kind, line.State = "upcoming", w.T("renewals.would")
	}
	line.Texts = append(line.Texts, sentence(w.T("renewals.until", "before", w.Until(one.Until), "after", w.Until(one.To))), w.N("renewals.rows", one.Rows))
	if one.Over > 0 {
		line.Texts = append(line.Texts, w.N("renewals.over", one.Over))
	}
	var who []string
	for _, s := range one.Signers {
		who = append(who, s.Name)
	}
	line.Texts = append(line.Texts, w.T("renewals.sign", "people", who))
	return line
}

var renewalsPage = page("renewals", func(b Base) []renewalsData {
	some := renewalsData{Base: b, To: "2027-06-02", From: "2026-12-04"}
	l := casework.RadarLine{Until: sampleNow.AddDate(0, 0, 9)}
	l.Kind, l.YouthName, l.CaseNumber = casework.RadarEnds, "Amir Rahimi", "7KMN-4TRX"
	other := l
	other.Kind, other.YouthName, other.Preparing = casework.RadarStopped, "Lina Berggren", true
	some.fill(itemWords{lang: b.Language}, &casework.Radar{Now: sampleNow, Lines: []casework.RadarLine{l, other}})
	return []renewalsData{some, {Base: b}}
})

var renewalsCheckPage = page("renewals_check", func(b Base) []renewalsCheckData {
	one := consenting.Renewal{
		Intervention: sig.InterventionID{UUID: sampleID}, CaseNumber: "7KMN-4TRX", YouthName: "Amir Rahimi", Rows: 4, Over: 1,
		Until: time.Date(2026, 12, 9, 23, 0, 0, 0, time.UTC), To: time.Date(2027, 6, 2, 22, 0, 0, 0, time.UTC), Signers: sampleSigners(sig.AnswerSigned),
	}
	not, made := one, one
	not.Why, made.Done = "error.already_preparing", true
	check, done := renewalsCheckData{Base: b, To: "2027-06-02"}, renewalsCheckData{Base: b, To: "2027-06-02", Done: true}
	check.fill(familyWords{Language: b.Language}, []consenting.Renewal{one, not})
	done.fill(familyWords{Language: b.Language}, []consenting.Renewal{made, not, {Why: "error.not_found"}})
	return []renewalsCheckData{check, done}
})
