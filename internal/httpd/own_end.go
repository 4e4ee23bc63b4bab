package httpd

import (
	"slices"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// ownEndData is the form on which staff record that a young person has taken
// back what that person alone gave.
type ownEndData struct {
	Base
	Top      caseTop
	Back     string
	Action   string
	Row      ownLine
	Channels []fieldChoice
	Now      string
}

var ownEndPage = page("own_end", func(b Base) []ownEndData {
	own := sampleOwn(func(*consenting.OwnConsent) {})
	d := ownEndData{Base: b, Top: sampleTop, Back: "/x", Action: "/x/end", Now: sampleNow.Format(clockForm)}
	d.fill(own, own.Rows[0])
	return []ownEndData{d}
})

func (d *ownEndData) fill(own *consenting.OwnConsent, row consenting.OwnRow) {
	w := familyWords{Language: d.Language}
	d.Row = ownLineOf(w, own.Now, row, "own.state.")
	for _, c := range consenting.RecordedChannels {
		d.Channels = append(d.Channels, fieldChoice{Value: string(c), Text: w.T("channel." + string(c))})
	}
}

// ownEndShow shows it for a row that has been given and lasts.
func (a *App) ownEndShow(r *Request) error {
	id, row, err := r.ownAddress()
	if err != nil {
		return err
	}
	own, err := a.deps.Consenting.Own(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(own.Rows, func(o consenting.OwnRow) bool { return o.ID == row })
	switch {
	case n < 0, own.Rows[n].GivenAt.IsZero():
		return fault.Missing()
	case !own.Ends:
		return fault.New(fault.Denied, "error.denied")
	}
	data := ownEndData{
		Base: r.Base("own.end.title"), Back: ownPath(id), Action: ownPath(id) + "/" + row.String() + "/end",
		Now: own.Now.In(sig.Stockholm).Format(clockForm), Top: caseTop{Path: casePath(id), Number: own.CaseNumber, Youth: own.Youth.Name, Live: true},
	}
	data.fill(own, own.Rows[n])
	return ownEndPage.Send(r, data)
}

func (r *Request) ownAddress() (id sig.InterventionID, row sig.GrantID, err error) {
	if err = pathID(r, "id", &id); err == nil {
		err = pathID(r, "own", &row)
	}
	return id, row, err
}

// ownEnd records that the young person has taken a row back, and when that came;
// of one that is not answered, it takes the question away.
func (a *App) ownEnd(r *Request) error {
	id, row, err := r.ownAddress()
	if err != nil {
		return err
	}
	var form struct {
		Channel  string    `form:"channel,max=20"`
		Received time.Time `form:"received_at,max=16"`
	}
	if err := r.Form(&form); err != nil {
		return r.Again(err, a.ownEndShow)
	}
	_, err = a.deps.Consenting.RecordOwnEnd(r.Context(), r.Actor(), id, row, consenting.OwnTaken{
		Channel: consenting.Channel(form.Channel), ReceivedAt: form.Received,
	})
	if err != nil {
		return r.Again(err, a.ownEndShow)
	}
	return r.SeeOther(ownPath(id), "flash.saved")
}
