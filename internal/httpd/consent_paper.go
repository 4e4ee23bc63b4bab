package httpd

import (
	"context"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// consentPaperData is a version to be read and signed on paper, by whoever has
// no eID or would rather write.
type consentPaperData struct {
	Base
	Text    consentText
	Extract bool // of another authority's rows alone: nothing to sign
	Draft   bool // in a translation that nobody has approved: to read, not to sign
	Signs   bool
	Signer  string // who reads it; empty on the board's
	Mark    string // what the scan is known by
	Printed string
	PDF     string
	Back    string
}

func paperPath(id sig.ConsentID) string { return consentPath(id) + "/paper" }

// consentPaper shows it to a signer, or to staff of the board, who may choose
// the family's language.
func (a *App) consentPaper(r *Request) error {
	t, err := a.questionIn(r)
	if err != nil {
		return err
	}
	data := a.consentOnPaper(r, t)
	if a.deps.Printer.Can() {
		data.PDF = paperPath(t.ID) + ".pdf?language=" + r.lang.Tag()
	}
	return consentPaperPage.Send(r, data)
}

// consentPaperPDF gives the same page as a tagged PDF. A version that has ended
// or changed while it was printed is not sent.
func (a *App) consentPaperPDF(r *Request) error {
	if !a.deps.Printer.Can() {
		return fault.Missing()
	}
	t, err := a.questionIn(r)
	if err != nil {
		return err
	}
	return sendPaper(r, consentPaperPage, a.consentOnPaper(r, t), "text.pdf", func(ctx context.Context) error {
		now, err := a.deps.Consenting.Print(ctx, r.Actor(), t.ID)
		if err != nil {
			return err
		}
		if now.TextHash != t.TextHash || now.State != t.State {
			return fault.New(fault.Conflict, "error.version_changed")
		}
		return nil
	})
}

// questionIn is the version of the path, in the language that was asked for.
func (a *App) questionIn(r *Request) (*consenting.Text, error) {
	if tag := r.Query("language"); tag != "" {
		if !words.Known(tag) {
			return nil, fault.Missing()
		}
		r.lang = words.For(tag)
	}
	return a.question(r)
}

func (a *App) consentOnPaper(r *Request, t *consenting.Text) consentPaperData {
	title := "citizen.paper.title"
	if t.Extract {
		title, r.lang = "consent.extract.title", r.lang.ForStaff()
	}
	w := familyWords{Language: r.lang}
	data := consentPaperData{Base: r.Base(title), Text: consentTextOf(w, t, r.Actor().Kind)}
	data.Back = consentPath(t.ID)
	if r.Actor().Kind == sig.ActorStaff {
		data.Back = casePath(t.Intervention)
	}
	data.fill(w, t, r.Actor().ShownAs)
	return data
}

func (d *consentPaperData) fill(w familyWords, t *consenting.Text, reader string) {
	if d.Extract = t.Extract; d.Extract { // another text than the one that is signed: its fingerprint would vouch for what is not here
		d.Mark = w.T("consent.extract.mark", "number", t.CaseNumber, "version", t.Version.Number)
		d.Printed = w.T("citizen.paper.printed", "time", w.DateTime(t.Now), "name", reader)
		return
	}
	d.Draft = d.Base.Draft
	d.Mark = w.T("citizen.paper.mark", "number", t.CaseNumber, "version", t.Version.Number, "hash", t.TextHash+" · "+w.Tag()+" "+consenting.WordingMark(w.Language))
	d.Printed = w.T("citizen.paper.printed", "time", w.DateTime(t.Now), "name", reader)
	if d.Draft || t.State != sig.ConsentExplained && t.State != sig.ConsentPartiallySigned {
		return
	}
	// One paper for each signer: on one of the board's the name is left to be
	// written, so that no guardian is handed the other's.
	d.Signs = t.Me.Kind == "" || t.Me.Required && t.Me.Answer == ""
	d.Signer = t.Me.Name
}

var consentPaperPage = page("consent_paper", func(b Base) []consentPaperData {
	w := familyWords{Language: b.Language}
	b.Title = b.T("citizen.paper.title")
	of := func(draft bool, kind sig.ActorKind) consentPaperData {
		t := sampleQuestion()
		if kind == sig.ActorStaff {
			t.Me = consenting.Signer{}
		}
		d := consentPaperData{Base: b, Text: consentTextOf(w, t, kind), PDF: "/x", Back: "/y"}
		d.Base.Draft = draft
		d.fill(w, t, "Sara Rahimi")
		return d
	}
	extract := of(false, sig.ActorStaff)
	extract.Base.Title, extract.Extract, extract.Signs = b.T("consent.extract.title"), true, false
	extract.Mark = b.T("consent.extract.mark", "number", "7KMN-4TRX", "version", 2)
	return []consentPaperData{extract, of(false, sig.ActorGuardian), of(true, sig.ActorGuardian), of(false, sig.ActorStaff)}
})
