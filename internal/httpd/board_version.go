package httpd

import (
	"sigportal/internal/consenting"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// signerRow is one who must sign, or is heard: how it was explained, and the
// answer.
type signerRow struct {
	Name, Who string
	Heard     bool   // is heard and does not sign
	Kind      string // the status that the answer is drawn with
	Answer    string
	When      string
	Explained string
	Override  string // the address of going against a no, where that may be done
	Said      string // what was said aloud and is not written
	SaidPath  string // where a second officer confirms it
	Confirm   bool
	Paper     string // where the scan of a signature on paper is, and where the paper is kept
	PaperPath string
}

func boardVersionOf(w familyWords, c *consenting.Case, v *consenting.Version) *boardVersion {
	b := &boardVersion{
		ID: v.ID.String(), Title: w.T("consent.title", "version", v.Number), State: w.T("state.consent." + string(v.State)),
		Kind: versionKind(v.State), Matrix: boardMatrixOf(w, v, c.Now), Rows: rowSentences(w, v), Exclusions: exclusionSentences(w, v.Exclusions),
	}
	for _, s := range v.Signers {
		b.Signers = append(b.Signers, signerRowOf(w, v, s))
	}
	if !v.LapsesAt.IsZero() {
		b.Lapses = w.T("consent.sign.lapses", "date", w.lastDay(v.LapsesAt))
	}
	if !v.DecidedOn.IsZero() {
		b.Decision = w.T("board.decided", "date", w.Date(v.DecidedOn.Start()), "reference", v.Reference)
	}
	if v.Can(consenting.ActionExplain) {
		b.Explain = explainPath(v.ID)
	}
	if v.Can(consenting.ActionPaper) {
		b.Paper = scanPath(v.ID)
	}
	if v.Can(consenting.ActionHear) {
		b.Hear = oralPath(v.ID)
	}
	if v.Can(consenting.ActionDiscard) {
		b.Discard = casePath(c.ID) + "/consent/discard"
	}
	if v.State == sig.ConsentDraft && c.Can(consenting.ActionPrepare) {
		b.Edit = casePath(c.ID) + "/consent"
	}
	if c.Preparing == v && c.InForce != nil {
		b.Preview = casePath(c.ID) + "/consent/preview"
	}
	return b
}

func versionKind(s sig.ConsentState) string {
	switch s {
	case sig.ConsentActive:
		return "may"
	case sig.ConsentSuspended:
		return "paused"
	case sig.ConsentSigned:
		return "signed"
	case sig.ConsentWithdrawn:
		return "withdrawn"
	case sig.ConsentExpired, sig.ConsentLapsed, sig.ConsentLapsedUnsigned:
		return "ended"
	case sig.ConsentDraft, sig.ConsentExplained, sig.ConsentPartiallySigned, sig.ConsentDeclined, sig.ConsentDiscarded, sig.ConsentSuperseded:
	}
	return "waiting"
}

func signerRowOf(w familyWords, v *consenting.Version, s consenting.Signer) signerRow {
	row := signerRow{Name: s.Name, Who: w.T("person." + string(s.Kind)), Heard: !s.Required}
	switch {
	case s.Explained.IsZero():
		row.Explained = w.T("consent.sign.not_explained")
	default:
		row.Explained = w.T("board.signer.explained", "date", w.Date(s.Explained),
			"method", w.T("method."+string(s.Method)), "language", w.languageName(s.Language))
		if s.Interpreter != "" {
			row.Explained = w.Beside(row.Explained, w.T("board.signer.interpreter", "id", s.Interpreter))
		}
	}
	if p := s.Paper; p != nil {
		row.Paper = w.T("paper.signer", "date", w.Date(p.SignedOn.Start()), "kept", p.Kept)
		row.PaperPath = scanPath(v.ID) + "/" + p.ID.String()
	}
	if o := s.Oral; o != nil {
		row.Said = w.T("oral.signer."+string(o.State), "date", w.DateTime(o.ReceivedAt), "until", w.DateTime(o.WrittenBy))
		row.SaidPath, row.Confirm = oralPath(v.ID)+"/"+o.ID.String(), o.MayConfirm
	}
	switch {
	case s.Answer == sig.AnswerSigned:
		row.Kind, row.Answer, row.When = "signed", w.T("status.signed"), w.DateTime(s.AnsweredAt)
		if key := "channel." + s.Channel; s.Channel != "" && s.Channel != "e_signed" && w.Has(key) {
			row.When += " · " + w.T(key)
		}
		if !s.Written.IsZero() {
			row.When += " · " + w.T("channel.written", "date", w.DateTime(s.Written))
		}
		if s.ReadIn != "" {
			row.When += " · " + words.For(s.ReadIn).Name()
		}
	case s.Answer == sig.AnswerRefused:
		row.Kind, row.Answer, row.When = "removed", w.T("board.signer.refused"), w.DateTime(s.AnsweredAt)
		if s.Overridden {
			row.When += " · " + w.T("board.signer.overridden")
		}
	case s.Required && v.State != sig.ConsentDraft:
		row.Kind, row.Answer = "missing", w.T("consent.sign.missing")
	case s.Required:
		row.Kind, row.Answer = "waiting", w.T("board.signer.must")
	case s.Gone:
		row.Kind, row.Answer = "ended", w.T("board.signer.gone")
	default:
		row.Kind, row.Answer = "may_not", w.T("board.signer.heard")
	}
	if v.Can(consenting.ActionOverride) && s.Kind == sig.SignerYouth && s.Answer == sig.AnswerRefused && !s.Overridden {
		row.Override = explainPath(v.ID) + "#override"
	}
	return row
}

func explainPath(id sig.ConsentID) string { return "/consents/" + id.String() + "/explain" }

func recordedPath(id sig.InterventionID, reference string) string {
	return casePath(id) + "/withdrawals/" + reference
}
