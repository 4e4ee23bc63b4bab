package api

import (
	"context"
	"strings"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// Text is a version as a signer reads it before signing.
type Text struct {
	Version

	CaseNumber string  `json:"case_number"`
	Board      string  `json:"board" doc:"Its name."`
	Youth      Youth   `json:"youth"`
	Wording    string  `json:"wording" doc:"The version of the words around the matrix."`
	Me         *Signer `json:"me,omitempty" doc:"The signer who reads; absent for staff."`
}

// Explanation is that a version was explained to one signer.
type Explanation struct {
	Signer      SignerRef    `json:"signer"`
	Method      string       `json:"method" enum:"meeting,phone,video,letter,interpreter"`
	Language    string       `json:"language" maxLength:"20"`
	View        string       `json:"view,omitempty" maxLength:"8000" doc:"What a young person who does not sign had to say."`
	Interpreter *Interpreter `json:"interpreter,omitempty"`
}

// Interpreter is who interpreted: never a relative.
type Interpreter struct {
	ID        string `json:"id" maxLength:"60" doc:"The number in the register or of the booking, or a name; never a personal number."`
	Unrelated bool   `json:"unrelated" doc:"Whoever records it has asked: not a relative of the family."`
}

func (i *Interpreter) read() consenting.Interpreting {
	if i == nil {
		return consenting.Interpreting{}
	}
	return consenting.Interpreting{ID: i.ID, Unrelated: i.Unrelated}
}

// OralYes is a yes that one officer has heard.
type OralYes struct {
	Signer      SignerRef    `json:"signer"`
	TextHash    string       `json:"text_hash" maxLength:"64" doc:"Of the version that was read to the signer."`
	ReceivedAt  time.Time    `json:"received_at"`
	Method      string       `json:"method" enum:"phone,meeting"`
	Language    string       `json:"language" maxLength:"20" doc:"That was spoken."`
	ReadIn      string       `json:"read_in" maxLength:"20" doc:"Of the texts that were read, which an interpreter may have put into another."`
	Interpreter *Interpreter `json:"interpreter,omitempty"`
}

// InOral is the address of a yes that was said aloud.
type InOral struct {
	InConsent
	Oral string `path:"oral" doc:"What was said aloud."`
}

// Signature is a yes to exactly the text with this hash.
type Signature struct {
	TextHash string `json:"text_hash" maxLength:"200" doc:"The hash of the version alone, for the text in Swedish; else what the portal's page for signing carries: the hash, the page's language and the hash of its texts."`
	StepUp   ID     `json:"step_up" doc:"The proof of a fresh login that was bound to the same hash, from the portal's page for it."`
}

// Reason is a reason alone.
type Reason struct {
	Reason string `json:"reason" maxLength:"8000"`
}

// InConsent is the address of a version of a consent.
type InConsent struct {
	Consent string `path:"consent" doc:"The version."`
}

func (in InConsent) version() (id sig.ConsentID, err error) { return id, pathID(in.Consent, &id) }

type consentBody[B any] struct {
	InConsent
	Body B
}

func (a *API) registerSigning() {
	const tag = "consents"
	const path = "/api/v1/consents/{consent}"
	add(a, op{method: "GET", path: path, level: SignedIn, id: "show-version", tag: tag,
		says: "A version as a signer reads it."}, a.textShow)
	addOnce(a, op{method: "POST", path: path + "/explanations", level: Hat, id: "explain-version", tag: tag,
		says: "Record that a version was explained to one signer; the first one fixes the text."}, a.versionExplain, versionStands[consentBody[Explanation]](a))
	addOnce(a, op{method: "POST", path: path + "/signature", level: StepUp, id: "sign-version", tag: tag,
		says: "Sign, with the proof of a fresh login."}, a.versionSign, versionStands[consentBody[Signature]](a))
	addOnce(a, op{method: "POST", path: path + "/refusal", level: Citizen, id: "refuse-version", tag: tag,
		says: "Say no to a version."}, a.versionRefuse, versionStands[InConsent](a))
	addOnce(a, op{method: "POST", path: path + "/oral", level: Hat, id: "record-oral", tag: tag,
		says: "Record a yes that was said aloud; it counts once another person confirms it."}, a.oralRecord, versionStands[consentBody[OralYes]](a))
	addOnce(a, op{method: "POST", path: path + "/oral/{oral}/confirmation", level: Hat, id: "confirm-oral", tag: tag,
		says: "Confirm, as a second person, that it was said; it counts until it must be written."}, a.oralConfirm, versionStands[InOral](a))
	addOnce(a, op{method: "POST", path: path + "/oral/{oral}/removal", level: Hat, id: "drop-oral", tag: tag,
		says: "Say that a recorded yes does not hold."}, a.oralDrop, versionStands[InOral](a))
	addOnce(a, op{method: "POST", path: path + "/override", level: Hat, id: "override-refusal", tag: tag,
		says: "Override the refusal of a mature 12-14-year-old, with a reason."}, a.refusalOverride, versionStands[consentBody[Reason]](a))
}

// versionStands answers a repeat of what was done to a version with the
// intervention's consent as the caller may see it by now.
func versionStands[I interface {
	version() (sig.ConsentID, error)
}](a *API) func(context.Context, *caller, *I) (*Consent, error) {
	return func(ctx context.Context, who *caller, in *I) (*Consent, error) {
		id, err := (*in).version()
		if err != nil {
			return nil, err
		}
		return consentOr(a.deps.Consenting.ShowVersion(ctx, who.actor, id))
	}
}

func (a *API) textShow(ctx context.Context, who *caller, in *InConsent) (*Text, error) {
	id, err := in.version()
	if err != nil {
		return nil, err
	}
	t, err := a.deps.Consenting.Text(ctx, who.actor, id)
	if err != nil {
		return nil, err
	}
	out := &Text{Version: versionOut(t.Version), CaseNumber: t.CaseNumber, Board: t.AuthorityName, Youth: youthOut(t.Youth), Wording: t.Wording}
	if t.Me.Kind != "" {
		me := signerOut(t.Me)
		out.Me = &me
	}
	return out, nil
}

func (a *API) versionExplain(ctx context.Context, who *caller, in *consentBody[Explanation]) (*Consent, error) {
	id, err := in.version()
	if err != nil {
		return nil, err
	}
	b := in.Body
	return consentOr(a.deps.Consenting.Explain(ctx, who.actor, id, consenting.Explaining{
		Signer: b.Signer.read(), Method: consenting.Method(b.Method), Language: b.Language, View: b.View, Interpreter: b.Interpreter.read(),
	}))
}

func (a *API) versionSign(ctx context.Context, who *caller, in *consentBody[Signature]) (*Consent, error) {
	id, err := in.version()
	if err != nil {
		return nil, err
	}
	proof := consenting.StepUpID{UUID: uuidOf(in.Body.StepUp)}
	if proof.IsZero() {
		return nil, fault.New(fault.StepUp, "error.step_up")
	}
	seen := in.Body.TextHash
	if !strings.Contains(seen, ".") {
		seen = consenting.Seen(seen, words.For(words.Source))
	}
	return consentOr(a.deps.Consenting.Sign(ctx, who.actor, id, seen, proof))
}

func (a *API) versionRefuse(ctx context.Context, who *caller, in *InConsent) (*Consent, error) {
	id, err := in.version()
	if err != nil {
		return nil, err
	}
	return consentOr(a.deps.Consenting.Refuse(ctx, who.actor, id))
}

func (a *API) refusalOverride(ctx context.Context, who *caller, in *consentBody[Reason]) (*Consent, error) {
	id, err := in.version()
	if err != nil {
		return nil, err
	}
	return consentOr(a.deps.Consenting.OverrideRefusal(ctx, who.actor, id, in.Body.Reason))
}

func (a *API) oralRecord(ctx context.Context, who *caller, in *consentBody[OralYes]) (*Consent, error) {
	id, err := in.version()
	if err != nil {
		return nil, err
	}
	b := in.Body
	return consentOr(a.deps.Consenting.RecordOral(ctx, who.actor, id, consenting.OralInput{
		Signer: b.Signer.read(), TextHash: b.TextHash, ReceivedAt: b.ReceivedAt, Method: consenting.Method(b.Method), Language: b.Language, ReadIn: b.ReadIn,
		Interpreter: b.Interpreter.read(),
	}))
}

func (a *API) oralConfirm(ctx context.Context, who *caller, in *InOral) (*Consent, error) {
	return a.onOral(ctx, who, in, a.deps.Consenting.ConfirmOral)
}

func (a *API) oralDrop(ctx context.Context, who *caller, in *InOral) (*Consent, error) {
	return a.onOral(ctx, who, in, a.deps.Consenting.DropOral)
}

func (a *API) onOral(
	ctx context.Context, who *caller, in *InOral,
	do func(context.Context, sig.Actor, sig.ConsentID, sig.OralID) (*consenting.Case, error),
) (*Consent, error) {
	id, err := in.version()
	if err != nil {
		return nil, err
	}
	var oral sig.OralID
	if err := pathID(in.Oral, &oral); err != nil {
		return nil, err
	}
	return consentOr(do(ctx, who.actor, id, oral))
}
