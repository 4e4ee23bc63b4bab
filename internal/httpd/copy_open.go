package httpd

import (
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// copyData is one received copy, open before its reader.
type copyData struct {
	Base
	Top                                        caseTop
	Sender, Recipient, Categories              string
	Why                                        whyWords
	Text                                       string
	Received, Readable, CutAt, Window, TakenAt time.Time
	Internal, Weaker, Registrar, Late          bool
	Export, Transfer                           string
}

var copyPage = page("copy_open", func(b Base) []copyData {
	at := time.Date(2026, 12, 3, 8, 0, 0, 0, time.UTC)
	one := copyData{
		Base: b, Top: sampleTop, Sender: "Skolkurator, Farstaskolan", Recipient: "Mentor, Farstaskolan", Categories: "Närvaro i skolan",
		Why: whyOf(b.Language, sig.Aim{Purpose: sig.PurposeSchool, Addition: "Läxhjälp på tisdagar"}), Text: "Amir var i skolan alla dagar i veckan.\nHan kom i tid.", Received: at,
		Readable: at.AddDate(0, 6, 0), Weaker: true,
	}
	internal, registrar := one, one
	internal.Internal, internal.Weaker = true, false
	registrar.Registrar, registrar.CutAt, registrar.Window, registrar.TakenAt = true, at, at.AddDate(0, 0, 30), at
	registrar.Late = true
	registrar.Export, registrar.Transfer = "/x/export.json", "/x/transferred"
	return []copyData{one, internal, registrar}
})

// copyOpen opens a copy: every opening is in the log. One that a cut has taken
// away says so to those who had it, and to nobody else.
func (a *App) copyOpen(r *Request) error {
	var intervention sig.InterventionID
	var id sig.DisclosureID
	if err := pathID(r, "id", &intervention); err != nil {
		return err
	}
	if err := pathID(r, "copy", &id); err != nil {
		return err
	}
	opened, err := a.deps.Sharing.OpenCopy(r.Context(), r.Actor(), intervention, id)
	if fault.KindOf(err) == fault.NotFound {
		return a.copyHidden(r, intervention, id, err)
	}
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := copyData{
		Base:   r.Base("copy.title", "sender", w.seat(opened.Sender)),
		Top:    caseTop{Path: casePath(intervention), Number: opened.CaseNumber, Youth: opened.YouthName},
		Sender: w.seat(opened.Sender), Recipient: w.seat(opened.Recipient), Categories: w.categories(opened.Categories),
		Why: whyOf(r.lang, opened.Aim), Text: opened.Text, Received: opened.ReceivedAt, Readable: opened.Until, Internal: opened.Internal,
		Late: opened.Late, Weaker: sharing.WeakerAt(w.dir, opened.Sender, opened.Recipient),
	}
	if opened.CutAt != nil && opened.RegistrarUntil != nil {
		data.forRegistrar(opened, copyPath(intervention, id))
	}
	return copyPage.Send(r, data)
}

func (d *copyData) forRegistrar(opened *sharing.Copy, path string) {
	d.Registrar, d.CutAt, d.Window = true, *opened.CutAt, *opened.RegistrarUntil
	if opened.TransferredAt != nil {
		d.TakenAt = *opened.TransferredAt
	}
	if opened.Actions.Export {
		d.Export = path + "/export.json"
	}
	if opened.Actions.Transfer {
		d.Transfer = path + "/transferred"
	}
}

// copyHiddenData says that a copy is hidden; nothing of it is on the page.
type copyHiddenData struct {
	Base
	Path    string // of the case
	Deleted bool
	Late    bool
}

var copyHiddenPage = page("copy_hidden", func(b Base) []copyHiddenData {
	b.CutOff = &CutOff{At: time.Date(2027, 1, 20, 9, 14, 0, 0, time.UTC), Why: b.T("cutoff.withdrawn")}
	return []copyHiddenData{{Base: b, Path: "/x"}, {Base: b, Path: "/x", Deleted: true, Late: true}}
})

// copyHidden answers with 410: it was there for this reader, and is not any
// more. What was never theirs stays the no that unknown and forbidden share.
func (a *App) copyHidden(r *Request, intervention sig.InterventionID, id sig.DisclosureID, missing error) error {
	hidden, err := a.deps.Sharing.Hidden(r.Context(), r.Actor(), intervention, id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return missing
	}
	if err != nil {
		return err
	}
	data := copyHiddenData{Base: r.Base("copy.hidden.title"), Path: casePath(intervention), Deleted: hidden.Deleted, Late: hidden.Late}
	data.CutOff = &CutOff{At: hidden.At, Why: r.lang.T(sharing.Why(hidden.By))}
	r.status = 410
	return copyHiddenPage.Send(r, data)
}
