package httpd

import (
	"slices"
	"strings"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// explainData is a version to be explained, signer by signer.
type explainData struct {
	Base
	Path      string
	Top       caseTop
	First     bool // nobody has been told yet: the text can still be changed
	Version   *boardVersion
	Cards     []recipientCard
	Signers   []fieldChoice
	Methods   []fieldChoice
	Spoken    []fieldChoice
	Hears     string // the value of the signer who is heard, whose words may be noted
	Override  string // the address of going against a no
	YouthSays string
}

// explainLanguages are those that a consent is often explained in.
var explainLanguages = []string{"sv", "en", "ar", "so", "prs", "fa", "ti", "ckb", "kmr", "fi", "tr", "pl", "uk", "ru", "es", "fr", "swl"}

// languageName is a language in the reader's own, or its code.
func (w familyWords) languageName(code string) string {
	if key := "spoken." + code; w.Has(key) {
		return w.T(key)
	}
	return code
}

// signerValue names a signer in a form.
func signerValue(s consenting.Signer) string {
	if s.Kind == sig.SignerGuardian {
		return "guardian:" + s.Guardian.String()
	}
	return "youth:" + s.Youth.String()
}

// readSigner reads it back; who may be named is the service's to say.
func readSigner(value string) (consenting.SignerRef, bool) {
	var ref consenting.SignerRef
	kind, id, _ := strings.Cut(value, ":")
	switch kind {
	case "guardian":
		return ref, ref.Guardian.UnmarshalText([]byte(id)) == nil && !ref.Guardian.IsZero()
	case "youth":
		return ref, ref.Youth.UnmarshalText([]byte(id)) == nil && !ref.Youth.IsZero()
	}
	return ref, false
}

// explainShow shows the text as the family reads it, with a form for how it was
// explained to one of them.
func (a *App) explainShow(r *Request) error {
	var id sig.ConsentID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	t, err := a.deps.Consenting.Text(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	switch {
	case t.Signers == nil: // the board's alone
		return fault.Missing()
	case t.Can(consenting.ActionExplain), t.Can(consenting.ActionOverride):
	case t.State == sig.ConsentDraft, t.State == sig.ConsentExplained, t.State == sig.ConsentPartiallySigned:
		return fault.New(fault.Denied, "error.denied")
	default:
		return fault.New(fault.Conflict, "error.version_is_over")
	}
	data := explainData{Base: r.Base("consent.explain.title"), Path: explainPath(id)}
	data.fill(familyWords{Language: r.lang}, t)
	return explainPage.Send(r, data)
}

func (d *explainData) fill(w familyWords, t *consenting.Text) {
	v := t.Version
	shown := consenting.Case{InForce: &v}
	d.Top = caseTop{Path: casePath(t.Intervention), Number: t.CaseNumber, Youth: t.Youth.Name}
	d.First = v.State == sig.ConsentDraft
	d.Version, d.Cards = boardVersionOf(w, &consenting.Case{}, &v), cardsOf(w, &shown, false)
	d.Version.Edit, d.Version.Discard, d.Version.Preview = "", "", ""
	for _, s := range v.Signers {
		if s.Answer != "" || s.Gone {
			continue
		}
		d.Signers = append(d.Signers, fieldChoice{
			Value: signerValue(s), Text: s.Name, Hint: signerRowOf(w, &v, s).Explained, Chosen: s.Explained.IsZero(),
		})
		if !s.Required {
			d.Hears = signerValue(s)
		}
	}
	if t.Youth.ID != (sig.YouthID{}) && !slices.ContainsFunc(v.Signers, func(s consenting.Signer) bool { return s.Kind == sig.SignerYouth }) {
		d.Hears = "youth:" + t.Youth.ID.String()
		d.Signers = append(d.Signers, fieldChoice{Value: d.Hears, Text: t.Youth.Name, Hint: w.T("board.signer.heard")})
	}
	if v.Can(consenting.ActionOverride) {
		d.Override = overridePath(v.ID)
	}
	if !v.Can(consenting.ActionExplain) {
		d.Signers = nil
	}
	d.choices(w)
}

// choices are the methods and languages of an explanation.
func (d *explainData) choices(w familyWords) {
	for _, m := range []consenting.Method{
		consenting.MethodMeeting, consenting.MethodPhone, consenting.MethodVideo, consenting.MethodLetter, consenting.MethodInterpreter,
	} {
		d.Methods = append(d.Methods, fieldChoice{Value: string(m), Text: w.T("method." + string(m))})
	}
	for _, code := range explainLanguages {
		d.Spoken = append(d.Spoken, fieldChoice{Value: code, Text: w.languageName(code)})
	}
}

func overridePath(id sig.ConsentID) string { return "/consents/" + id.String() + "/override" }

// explainMake records that the version was explained to one of them.
func (a *App) explainMake(r *Request) error {
	var id sig.ConsentID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Signer      string `form:"signer,max=60"`
		Method      string `form:"method,max=20"`
		Language    string `form:"language,max=20"`
		View        string `form:"view,max=4000,lines"`
		Interpreter string `form:"interpreter,max=60"`
		Unrelated   bool   `form:"interpreter_unrelated"`
		Understood  bool   `form:"understood"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.explainShow)
	}
	signer, ok := readSigner(in.Signer)
	var check fault.Check
	if !ok {
		check.Fail("signer", "error.choose_one")
	}
	if in.Method == "" {
		check.Fail("method", "error.choose_one")
	}
	if in.Language == "" {
		check.Fail("language", "error.choose_one")
	}
	if !in.Understood {
		check.Fail("understood", "error.not_understood")
	}
	if err := check.Err(); err != nil {
		return r.Again(err, a.explainShow)
	}
	c, err := a.deps.Consenting.Explain(r.Context(), r.Actor(), id, consenting.Explaining{
		Signer: signer, Method: consenting.Method(in.Method), Language: in.Language, View: in.View,
		Interpreter: interpreterFields{in.Interpreter, in.Unrelated}.read(),
	})
	if err != nil {
		return r.Late(err, a.explainShow)
	}
	if v := c.Preparing; v != nil && slices.ContainsFunc(v.Signers, func(s consenting.Signer) bool { return s.Explained.IsZero() }) {
		return r.SeeOther(explainPath(id), "flash.explained")
	}
	return r.SeeOther(casePath(c.ID), "flash.explained")
}
