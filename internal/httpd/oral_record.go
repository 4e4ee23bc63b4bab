package httpd

import (
	"slices"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// oralData is the form in which one officer records a yes that was said aloud.
type oralData struct {
	Base
	Top     caseTop
	Action  string
	Hash    string
	Signers []fieldChoice
	Methods []fieldChoice
	Spoken  []fieldChoice
	Texts   []fieldChoice
	Now     string
	Cards   []recipientCard
}

func oralPath(id sig.ConsentID) string { return consentPath(id) + "/oral" }

// oralShow shows it, with the text that the yes is to.
func (a *App) oralShow(r *Request) error {
	t, err := a.boardText(r)
	if err != nil {
		return err
	}
	switch {
	case t.Can(consenting.ActionHear):
	case t.State == sig.ConsentExplained, t.State == sig.ConsentPartiallySigned:
		return fault.New(fault.Denied, "error.denied")
	default:
		return fault.New(fault.Conflict, "error.version_is_over")
	}
	data := oralData{Base: r.Base("oral.title")}
	data.fill(familyWords{Language: r.lang}, t)
	data.Texts = a.approvedTexts(r)
	return oralPage.Send(r, data)
}

// boardText is the version of the path, for the board's own staff alone.
func (a *App) boardText(r *Request) (*consenting.Text, error) {
	t, err := a.question(r)
	if err != nil {
		return nil, err
	}
	if t.Signers == nil || r.Actor().IsCitizen() {
		return nil, fault.Missing()
	}
	return t, nil
}

func (d *oralData) fill(w familyWords, t *consenting.Text) {
	v := t.Version
	d.Top = caseTop{Path: casePath(t.Intervention), Number: t.CaseNumber, Youth: t.Youth.Name}
	d.Action, d.Hash, d.Now = oralPath(v.ID), v.TextHash, t.Now.In(sig.Stockholm).Format(clockForm)
	d.Cards = cardsOf(w, &consenting.Case{InForce: &v}, false)
	for _, s := range v.Signers {
		if s.Required && s.Answer == "" && s.Oral == nil && !s.Explained.IsZero() {
			d.Signers = append(d.Signers, fieldChoice{Value: signerValue(s), Text: s.Name, Hint: w.T("person." + string(s.Kind))})
		}
	}
	for _, m := range []consenting.Method{consenting.MethodPhone, consenting.MethodMeeting} {
		d.Methods = append(d.Methods, fieldChoice{Value: string(m), Text: w.T("oral.method." + string(m))})
	}
	var e explainData
	e.choices(w)
	d.Spoken = e.Spoken
}

// approvedTexts are the states of texts that a yes can be given to, each with
// the mark that stands on what is printed.
func (a *App) approvedTexts(r *Request) []fieldChoice {
	return textChoices(slices.DeleteFunc(words.FamilyLanguages(), func(l *words.Language) bool { return a.draft(r.Context(), l) })...)
}

func textChoices(list ...*words.Language) []fieldChoice {
	var out []fieldChoice
	for _, l := range list {
		out = append(out, fieldChoice{Value: l.Tag(), Text: l.Name() + " · " + l.Tag() + " " + consenting.WordingMark(l)})
	}
	return out
}

// interpreterFields name an interpreter, where one was used.
type interpreterFields struct {
	Interpreter string
	Unrelated   bool
}

func (f interpreterFields) read() consenting.Interpreting {
	return consenting.Interpreting{ID: f.Interpreter, Unrelated: f.Unrelated}
}

// oralMake records it. It counts for nothing until another person confirms it.
func (a *App) oralMake(r *Request) error {
	var id sig.ConsentID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Text        string    `form:"text,max=64,required"`
		Signer      string    `form:"signer,max=60"`
		Received    time.Time `form:"received_at,max=16"`
		Method      string    `form:"method,max=20"`
		Language    string    `form:"language,max=20"`
		ReadIn      string    `form:"read_in,max=20"`
		Interpreter string    `form:"interpreter,max=60"`
		Unrelated   bool      `form:"interpreter_unrelated"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.oralShow)
	}
	signer, ok := readSigner(in.Signer)
	var check fault.Check
	if !ok {
		check.Fail("signer", "error.choose_one")
	}
	if in.Received.IsZero() {
		check.Fail("received_at", "error.required")
	}
	if in.Method == "" {
		check.Fail("method", "error.choose_one")
	}
	if in.Language == "" {
		check.Fail("language", "error.choose_one")
	}
	if err := check.Err(); err != nil {
		return r.Again(err, a.oralShow)
	}
	c, err := a.deps.Consenting.RecordOral(r.Context(), r.Actor(), id, consenting.OralInput{
		Signer: signer, TextHash: in.Text, ReceivedAt: in.Received, Method: consenting.Method(in.Method), Language: in.Language, ReadIn: in.ReadIn,
		Interpreter: interpreterFields{in.Interpreter, in.Unrelated}.read(),
	})
	if err != nil {
		return r.Again(err, a.oralShow)
	}
	return r.SeeOther(casePath(c.ID), "flash.oral_recorded")
}

var oralPage = page("oral_record", func(b Base) []oralData {
	w := familyWords{Language: b.Language}
	b.Title = b.T("oral.title")
	asked, nobody := oralData{Base: b}, oralData{Base: b}
	t := sampleQuestion()
	t.Signers[0].Answer, t.Signers[0].Required, t.Signers[0].Explained = "", true, sampleNow
	asked.fill(w, t)
	nobody.fill(w, t)
	nobody.Signers = nil
	asked.Texts = textChoices(words.For(words.Source))
	return []oralData{asked, nobody}
})
