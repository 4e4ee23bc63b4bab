package httpd

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// paperData is the form in which the coordinator records a signature on paper.
type paperData struct {
	Base
	Top     caseTop
	Action  string
	Hash    string
	Signers []fieldChoice
	Texts   []fieldChoice
	Today   string
	Cards   []recipientCard
}

func scanPath(id sig.ConsentID) string { return consentPath(id) + "/scan" }

// paperShow shows it, with the text that was signed.
func (a *App) paperShow(r *Request) error {
	t, err := a.boardText(r)
	if err != nil {
		return err
	}
	data := paperData{Base: r.Base("paper.title")}
	data.fill(familyWords{Language: r.lang}, t)
	data.Texts = a.approvedTexts(r)
	switch {
	case len(data.Signers) == 0:
		return fault.New(fault.Conflict, "error.version_is_over")
	case !t.Can(consenting.ActionPaper): // somebody else records it
		return fault.New(fault.Denied, "error.denied")
	}
	return paperPage.Send(r, data)
}

func (d *paperData) fill(w familyWords, t *consenting.Text) {
	v := t.Version
	d.Top = caseTop{Path: casePath(t.Intervention), Number: t.CaseNumber, Youth: t.Youth.Name}
	d.Action, d.Hash, d.Today = scanPath(v.ID), v.TextHash, sig.DateOf(t.Now).String()
	d.Cards = cardsOf(w, &consenting.Case{InForce: &v}, false)
	for _, s := range v.Signers {
		said := s.Oral != nil && s.Oral.State == sig.OralConfirmed
		if s.Required && s.Answer == "" && !s.Explained.IsZero() || said {
			d.Signers = append(d.Signers, fieldChoice{Value: signerValue(s), Text: s.Name, Hint: w.T("person." + string(s.Kind))})
		}
	}
}

// paperMake records it and keeps the scan.
func (a *App) paperMake(r *Request) error {
	var id sig.ConsentID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Text     string    `form:"text,max=64,required"`
		Signer   string    `form:"signer,max=60"`
		SignedOn time.Time `form:"signed_on,max=10"`
		ReadIn   string    `form:"read_in,max=20"`
		Kept     string    `form:"kept,max=200"`
	}
	scan, err := r.FileForm(&in, "scan")
	if err != nil {
		return r.Again(err, a.paperShow)
	}
	signer, ok := readSigner(in.Signer)
	var check fault.Check
	if !ok {
		check.Fail("signer", "error.choose_one")
	}
	if in.SignedOn.IsZero() {
		check.Fail("signed_on", "error.required")
	}
	if in.Kept == "" {
		check.Fail("kept", "error.required")
	}
	if len(scan) == 0 {
		check.Fail("scan", "error.file_missing")
	}
	if err := check.Err(); err != nil {
		return r.Again(err, a.paperShow)
	}
	c, err := a.deps.Consenting.RecordPaper(r.Context(), r.Actor(), id, consenting.PaperInput{
		Signer: signer, TextHash: in.Text, SignedOn: sig.DateOf(in.SignedOn), ReadIn: in.ReadIn, Kept: in.Kept, Scan: scan,
	})
	if err != nil {
		return r.Again(err, a.paperShow)
	}
	return r.SeeOther(casePath(c.ID), "flash.paper_recorded")
}

// paperDownload gives the scan to save and never to show: a browser that opens
// it all the same gives it no rights at all.
func (a *App) paperDownload(r *Request) error {
	var id sig.ConsentID
	var paper sig.PaperID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if err := pathID(r, "paper", &paper); err != nil {
		return err
	}
	scan, err := a.deps.Consenting.Scan(r.Context(), r.Actor(), id, paper)
	if err != nil {
		return err
	}
	r.Set(fiber.HeaderContentType, scan.MediaType)
	r.Set(fiber.HeaderContentDisposition, `attachment; filename="`+scan.Name+`"`)
	r.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	return r.Send(scan.Data)
}

var paperPage = page("paper_record", func(b Base) []paperData {
	w := familyWords{Language: b.Language}
	b.Title = b.T("paper.title")
	asked, nobody := paperData{Base: b}, paperData{Base: b}
	t := sampleQuestion()
	t.Signers[0].Answer, t.Signers[0].Required, t.Signers[0].Explained = "", true, sampleNow
	asked.fill(w, t)
	nobody.fill(w, t)
	nobody.Signers = nil
	asked.Texts = textChoices(words.For(words.Source))
	return []paperData{asked, nobody}
})
