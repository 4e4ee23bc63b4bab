package httpd

import (
	"errors"
	"net/url"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// mineData is the same for the young person: what nobody else decides over.
type mineData struct {
	Base
	Rows    []ownLine
	Swedish bool // the reader's language is a draft: only Swedish can be signed
	Next    string
	Ask     string
}

func minePath(id sig.InterventionID) string { return casePath(id) + "/mine" }

// mineShow shows it in the coordinator's office, or to somebody of age; to a
// guardian, and at home, there is no such page.
func (a *App) mineShow(r *Request) error {
	own, err := a.mine(r)
	if err != nil {
		return err
	}
	data := mineData{Base: r.Base("citizen.own.title")}
	data.fill(own)
	return minePage.Send(r, data)
}

func (a *App) mine(r *Request) (*consenting.OwnConsent, error) {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return nil, err
	}
	return a.deps.Consenting.Own(r.Context(), r.Actor(), id)
}

func (d *mineData) fill(own *consenting.OwnConsent) {
	path := minePath(own.ID)
	d.Swedish, d.Next, d.Ask = d.Draft, path, inquiriesPath(own.ID)+"/new"
	for _, row := range own.Rows {
		if row.EndedBy == "discarded" {
			continue
		}
		line := ownLineOf(familyWords{Language: d.Language}, own.Now, row, "citizen.own.state.")
		if row.Open {
			line.End = path + "/" + row.ID.String() + "/no"
		}
		if row.Open && !line.Given {
			line.Give = path + "/" + row.ID.String() + "/yes"
		}
		d.Rows = append(d.Rows, line)
	}
}

// mineGive sends the young person to log in anew, bound to the row on screen.
func (a *App) mineGive(r *Request) error {
	var form struct {
		Text string `form:"text,max=200,required"`
	}
	if err := r.Form(&form); err != nil {
		return r.Again(err, a.mineShow)
	}
	var row sig.GrantID
	if err := pathID(r, "own", &row); err != nil {
		return err
	}
	own, err := a.mine(r)
	if err != nil {
		return err
	}
	for _, o := range own.Rows {
		if o.ID != row {
			continue
		}
		seen := consenting.Seen(o.TextHash, r.lang)
		switch {
		case !o.Open || !o.GivenAt.IsZero(), r.app.draft(r.Context(), r.lang):
			return r.SeeOther(minePath(own.ID), "")
		case form.Text != seen:
			return signStopped(r, sig.ConsentID{}, fault.New(fault.Conflict, "error.version_changed"))
		}
		return a.deps.Login.StartStepUp(r.Ctx, purposeSign, seen,
			minePath(own.ID)+"/"+row.String()+"/yes/finish?text="+url.QueryEscape(seen))
	}
	return fault.Missing()
}

// mineGiven is where the fresh login comes back to, and says yes; see
// consentSignFinish.
func (a *App) mineGiven(r *Request) error {
	var id sig.InterventionID
	var row sig.GrantID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if err := pathID(r, "own", &row); err != nil {
		return err
	}
	proof, err := signProof(r)
	if err != nil {
		return signStopped(r, sig.ConsentID{}, err)
	}
	err = a.deps.Consenting.GiveOwn(r.Context(), r.Actor(), id, row, r.Query("text"), proof)
	wrong, ok := errors.AsType[*fault.Error](err)
	switch {
	case ok && wrong.Code == "error.already_answered":
	case ok && (wrong.Kind == fault.StepUp || wrong.Kind == fault.Conflict):
		return signStopped(r, sig.ConsentID{}, wrong)
	case err != nil:
		return err
	}
	return r.SeeOther(minePath(id), "")
}

// mineEnd takes a row back, or says no to it, in the running session.
func (a *App) mineEnd(r *Request) error {
	if r.Actor().Kind != sig.ActorYouth {
		return fault.Missing()
	}
	id, row, err := r.ownAddress()
	if err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if _, err := a.deps.Consenting.EndOwn(r.Context(), r.Actor(), id, row); err != nil {
		return err
	}
	return r.SeeOther(minePath(id), "")
}

var minePage = page("own_mine", func(b Base) []mineData {
	of := func(draft bool, change func(*consenting.OwnConsent)) mineData {
		d := mineData{Base: b}
		d.Title, d.Draft = b.T("citizen.own.title"), draft
		d.fill(sampleOwn(change))
		return d
	}
	none := func(o *consenting.OwnConsent) { o.Rows = nil }
	return []mineData{of(false, func(*consenting.OwnConsent) {}), of(true, func(*consenting.OwnConsent) {}), of(false, none)}
})
