package httpd

import (
	"errors"
	"time"

	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// actData is one act of disclosing: the receipt of what was sent, and what the
// second officer decides about.
type actData struct {
	Base
	Top                              caseTop
	Item                             string // the address of the item
	Officer, Necessity, WeakerReason string
	Mine                             bool
	Text                             string // shown to the second officer alone
	Waits                            bool
	Parts                            []actRow
}

// actRow is one recipient of the act.
type actRow struct {
	Name, State, Categories    string
	At                         time.Time
	Readers                    []string
	Private, Internal          bool
	Path                       string
	Approve, Cancel, NoReaders bool
}

var actPage = page("disclosure_show", func(b Base) []actData {
	at := time.Date(2026, 12, 3, 8, 0, 0, 0, time.UTC)
	sent := actData{
		Base: b, Top: sampleTop, Item: "/x", Officer: "Malin Wik", Mine: true, Necessity: "Behövs för planen.", WeakerReason: "Mentorn träffar Amir.",
		Parts: []actRow{
			{Name: "SIG-samordnare, Farsta", State: "sent", Categories: "Närvaro i skolan", At: at, Readers: []string{"Karin Ek"}, Path: "/x/d"},
			{Name: "Mentor, Farstaskolan", State: "sent", Categories: "Närvaro i skolan", At: at, NoReaders: true, Path: "/x/e"},
			{Name: "Närstående", State: "sent", Categories: "Närvaro i skolan", At: at, Private: true, Path: "/x/f"},
		},
	}
	waiting, cancelled := sent, sent
	waiting.Mine, waiting.Waits, waiting.Text = false, true, "Amir bor hos sin moster."
	waiting.Parts = []actRow{{Name: "SIG-samordnare, Farsta", State: "queued", At: at, Path: "/x/d", Approve: true, Cancel: true}}
	cancelled.Parts = []actRow{{Name: "SIG-samordnare, Farsta", State: "cancelled", At: at, Path: "/x/d"}}
	return []actData{sent, waiting, cancelled}
})

// disclosureShow shows the act to the own authority's participants. Whoever
// can approve it is shown the text too, which counts as reading the item.
func (a *App) disclosureShow(r *Request) error {
	id, disclosure, err := r.disclosureAddress()
	if err != nil {
		return err
	}
	act, err := a.deps.Sharing.Act(r.Context(), r.Actor(), id, disclosure)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := actData{
		Top: topOf(&act.Head), Item: itemPath(id, act.Item), Officer: act.Officer, Mine: act.Mine,
		Necessity: act.Necessity, WeakerReason: act.WeakerReason,
	}
	title, approves := "disclose.cancelled.title", false
	for _, p := range act.Parts {
		row := actRowOf(w, id, p)
		data.Parts = append(data.Parts, row)
		data.Waits, approves = data.Waits || p.State == "queued", approves || p.Approve
		if p.State == "sent" {
			title = "disclose.sent.title"
		}
	}
	if data.Waits {
		title = "disclose.approve.title"
	}
	if approves {
		item, err := a.deps.Sharing.OpenItem(r.Context(), r.Actor(), id, act.Item)
		if err != nil {
			return err
		}
		data.Text = item.Text
	}
	data.Base = r.Base(title)
	return actPage.Send(r, data)
}

func actRowOf(w itemWords, id sig.InterventionID, p sharing.ActPart) actRow {
	line := disclosedRowOf(w, id, p.Disclosed)
	return actRow{
		Name: line.Recipient, State: p.State, Categories: line.Categories, At: line.At, Readers: p.Readers, Private: p.IsPrivate,
		Internal: p.Internal, Path: line.Path, Approve: p.Approve, Cancel: p.Cancel, NoReaders: len(p.Readers) == 0 && !p.IsPrivate,
	}
}

func (r *Request) disclosureAddress() (id sig.InterventionID, disclosure sig.DisclosureID, err error) {
	err = errors.Join(pathID(r, "id", &id), pathID(r, "disclosure", &disclosure))
	return id, disclosure, err
}

// disclosureApprove lets what waits leave, by a second officer.
func (a *App) disclosureApprove(r *Request) error {
	id, disclosure, err := r.disclosureAddress()
	if err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Sharing.Approve(r.Context(), r.Actor(), id, disclosure); err != nil {
		return err
	}
	return r.SeeOther(disclosurePath(id, disclosure), "flash.disclosure_approved")
}

// disclosureCancel takes back what waits before anybody has received it.
func (a *App) disclosureCancel(r *Request) error {
	id, disclosure, err := r.disclosureAddress()
	if err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Sharing.CancelWaiting(r.Context(), r.Actor(), id, disclosure); err != nil {
		return err
	}
	return r.SeeOther(disclosurePath(id, disclosure), "flash.disclosure_cancelled")
}
