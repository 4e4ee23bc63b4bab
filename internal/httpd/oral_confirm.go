package httpd

import (
	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// secondData is a recorded yes before the second officer.
type secondData struct {
	Base
	Top     caseTop
	Action  string
	Facts   []fact
	Confirm bool
	Mine    bool
}

// oneOral finds the recorded yes of the path that waits for a second officer.
func (a *App) oneOral(r *Request) (*consenting.Text, *consenting.Signer, error) {
	var oral sig.OralID
	if err := pathID(r, "oral", &oral); err != nil {
		return nil, nil, err
	}
	t, err := a.boardText(r)
	if err != nil {
		return nil, nil, err
	}
	for n := range t.Signers {
		if o := t.Signers[n].Oral; o != nil && o.ID == oral {
			return t, &t.Signers[n], nil
		}
	}
	return nil, nil, fault.Missing()
}

// secondShow shows what was recorded and, to another person than the recorder,
// the way to confirm it.
func (a *App) secondShow(r *Request) error {
	t, s, err := a.oneOral(r)
	if err != nil {
		return err
	}
	data := secondData{Base: r.Base("oral.second.title")}
	data.fill(familyWords{Language: r.lang}, t, s)
	return secondPage.Send(r, data)
}

func (d *secondData) fill(w familyWords, t *consenting.Text, s *consenting.Signer) {
	o := s.Oral
	d.Top = caseTop{Path: casePath(t.Intervention), Number: t.CaseNumber, Youth: t.Youth.Name}
	d.Action, d.Confirm, d.Mine = oralPath(t.ID)+"/"+o.ID.String(), o.MayConfirm, o.Mine && o.State == sig.OralRecorded
	d.Facts = []fact{
		{w.T("oral.fact.who"), s.Name},
		{w.T("oral.fact.received"), w.DateTime(o.ReceivedAt) + " · " + w.T("oral.method."+string(o.Method)) + " · " + w.languageName(o.Language)},
		{w.T("oral.fact.recorded"), w.DateTime(o.RecordedAt)},
	}
	if o.Interpreter != "" {
		d.Facts = append(d.Facts, fact{w.T("oral.fact.interpreter"), o.Interpreter})
	}
	d.Facts = append(d.Facts, fact{w.T("oral.fact.written_by"), w.DateTime(o.WrittenBy)})
}

// secondMake confirms it, or says that it does not hold.
func (a *App) secondMake(r *Request) error {
	var id sig.ConsentID
	var oral sig.OralID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if err := pathID(r, "oral", &oral); err != nil {
		return err
	}
	var in struct {
		Heard bool   `form:"heard"`
		Do    string `form:"do,max=10"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.secondShow)
	}
	do, flash := a.deps.Consenting.ConfirmOral, "flash.oral_confirmed"
	var check fault.Check
	switch {
	case in.Do == "drop":
		do, flash = a.deps.Consenting.DropOral, "flash.oral_dropped"
	case in.Do != "confirm":
		return errMalformed
	case !in.Heard:
		check.Fail("heard", "error.oral_not_heard")
	}
	if err := check.Err(); err != nil {
		return r.Again(err, a.secondShow)
	}
	c, err := do(r.Context(), r.Actor(), id, oral)
	if err != nil {
		return r.Again(err, a.secondShow)
	}
	return r.SeeOther(casePath(c.ID), flash)
}

var secondPage = page("oral_confirm", func(b Base) []secondData {
	w := familyWords{Language: b.Language}
	b.Title = b.T("oral.second.title")
	of := func(mine bool) secondData {
		t := sampleQuestion()
		t.Signers[0].Oral = &consenting.OralLine{
			State: sig.OralRecorded, ReceivedAt: sampleNow, RecordedAt: sampleNow, WrittenBy: sig.WrittenBy(sampleNow),
			Method: consenting.MethodPhone, Language: "so", Interpreter: "TOLK 4711", Mine: mine, MayConfirm: !mine,
		}
		d := secondData{Base: b}
		d.fill(w, t, &t.Signers[0])
		return d
	}
	return []secondData{of(false), of(true)}
})
