package api

import (
	"context"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// Draft is the matrix as the coordinator writes it. Faults name its rows from 1.
type Draft struct {
	Grants     []DraftRow       `json:"grants,omitempty" maxItems:"200"`
	Exclusions []DraftExclusion `json:"exclusions,omitempty" maxItems:"200"`
	Seen       string           `json:"seen,omitempty" maxLength:"64" doc:"The mark of the draft that this one is put in place of; none where there was no draft. One that has changed since is not overwritten: 409."`
}

// DraftRow is one row: a recipient is a unit and function, or private.
type DraftRow struct {
	DiscloserUnit     Code      `json:"discloser_unit"`
	DiscloserFunction Code      `json:"discloser_function"`
	RecipientUnit     Code      `json:"recipient_unit,omitempty"`
	RecipientFunction Code      `json:"recipient_function,omitempty"`
	PrivateKind       Code      `json:"private_kind,omitempty"`
	PrivateName       string    `json:"private_name,omitempty" maxLength:"400"`
	Categories        []Code    `json:"categories" maxItems:"100"`
	Purpose           Code      `json:"purpose" doc:"One of those that answers have; with other, an addition says which."`
	Addition          string    `json:"addition,omitempty" maxLength:"4000" doc:"What the coordinator adds to the purpose, in Swedish."`
	Districts         []Code    `json:"districts,omitempty" maxItems:"100"`
	From              time.Time `json:"from"`
	To                time.Time `json:"to" doc:"The first instant at which it no longer holds; a whole day ends at 24:00 in Stockholm."`
	Origin            ID        `json:"origin,omitempty" doc:"The row of the version before that this one continues."`
}

// DraftExclusion is one "may not be shared"; what is left out means any.
type DraftExclusion struct {
	Authority Code `json:"authority,omitempty"`
	Unit      Code `json:"unit,omitempty"`
	Function  Code `json:"function,omitempty"`
	Category  Code `json:"category,omitempty"`
}

func (d Draft) read() consenting.Draft {
	return consenting.Draft{
		Seen: d.Seen,
		Grants: list(d.Grants, func(r DraftRow) consenting.DraftGrant {
			return consenting.DraftGrant{
				DiscloserUnit: sig.UnitID(r.DiscloserUnit), DiscloserFunction: sig.Function(r.DiscloserFunction),
				RecipientUnit: sig.UnitID(r.RecipientUnit), RecipientFunction: sig.Function(r.RecipientFunction),
				PrivateKind: sig.PrivateKind(r.PrivateKind), PrivateName: r.PrivateName, Categories: codes[sig.Category](r.Categories),
				Aim: sig.Aim{Purpose: sig.Purpose(r.Purpose), Addition: r.Addition}, Districts: codes[sig.DistrictID](r.Districts), From: r.From, To: r.To,
				Origin: sig.GrantID{UUID: uuidOf(r.Origin)},
			}
		}),
		Exclusions: list(d.Exclusions, func(x DraftExclusion) consenting.DraftExclusion {
			return consenting.DraftExclusion{
				Authority: sig.AuthorityID(x.Authority), Unit: sig.UnitID(x.Unit), Function: sig.Function(x.Function), Category: sig.Category(x.Category),
			}
		}),
	}
}

// Import is a consent on paper, mapped by hand.
type Import struct {
	Draft

	SignedBy []SignerRef `json:"signed_by" maxItems:"10"`
	Method   string      `json:"method" maxLength:"40"`
	Language string      `json:"language" maxLength:"20"`
}

// Decision is the social secretary's decision on the measure.
type Decision struct {
	Refused   bool   `json:"refused,omitempty"`
	On        Date   `json:"on"`
	Reference string `json:"reference" maxLength:"400" doc:"Its number in the board's own system."`
}

func (a *API) registerConsents() {
	const tag = "consents"
	const path = "/api/v1/interventions/{id}/consent"
	view := func(method, path, id, says string, do func(context.Context, sig.Actor, sig.InterventionID) (*consenting.Case, error)) {
		addOnce(a, op{method: method, path: path, level: Hat, id: id, tag: tag, says: says}, onCase(do), standsNow[InCase](a))
	}
	add(a, op{method: "GET", path: path, level: SignedIn, id: "show-consent", tag: tag,
		says: "An intervention's consent as the caller may see it."}, onCase(a.showConsent))
	addOnce(a, op{method: "PUT", path: path + "/draft", level: Hat, id: "save-draft", tag: tag,
		says: "Create or replace the draft."}, a.draftSave, standsNow[CaseBody[Draft]](a))
	act(a, op{method: "POST", path: path + "/draft/check", level: Hat, id: "check-draft", tag: tag, asks: true,
		says: "Say what is wrong with a matrix, and keep nothing."}, a.draftCheck)
	act(a, op{method: "DELETE", path: path + "/draft", level: Hat, id: "discard-draft", tag: tag,
		says: "Discard the version in preparation."}, a.draftDiscard)
	view("POST", path+"/amendment", "amend-consent", "A new draft from the version in force, or a renewal.", a.amendConsent)
	view("POST", path+"/narrowing", "narrow-consent", "A new draft from the version in force, without what nobody has told by it (unused).", a.narrowConsent)
	add(a, op{method: "GET", path: path + "/amendment/preview", level: Hat, id: "preview-amendment", tag: tag,
		says: "What the draft changes, and how many must sign."}, a.amendmentPreview)
	addOnce(a, op{method: "POST", path: path + "/import", level: Hat, id: "import-consent", tag: tag,
		says: "Take over a consent that was signed on paper."}, a.consentImport, standsNow[CaseBody[Import]](a))
	addOnce(a, op{method: "POST", path: path + "/decision", level: Hat, id: "decide-measure", tag: tag,
		says: "Record the decision on the measure, or its refusal."}, a.measureDecide, standsNow[CaseBody[Decision]](a))
	addOnce(a, op{method: "POST", path: path + "/suspension", level: Hat, id: "suspend-consent", tag: tag,
		says: "Pause all sharing, for a reason."}, a.suspendConsent, standsNow[CaseBody[Pause]](a))
	view("DELETE", path+"/suspension", "resume-consent", "Let sharing go on.", a.resumeConsent)
}

// consentOr writes a case, or hands the fault on.
func consentOr(c *consenting.Case, err error) (*Consent, error) {
	if err != nil {
		return nil, err
	}
	return consentOut(c), nil
}

// onCase is an operation that needs nothing but the intervention.
func onCase(do func(context.Context, sig.Actor, sig.InterventionID) (*consenting.Case, error)) func(context.Context, *caller, *InCase) (*Consent, error) {
	return func(ctx context.Context, who *caller, in *InCase) (*Consent, error) {
		id, err := in.intervention()
		if err != nil {
			return nil, err
		}
		return consentOr(do(ctx, who.actor, id))
	}
}

// standsNow answers a repeat of what was done in an intervention with its
// consent as the caller may see it by now.
func standsNow[I interface {
	intervention() (sig.InterventionID, error)
}](a *API) func(context.Context, *caller, *I) (*Consent, error) {
	return func(ctx context.Context, who *caller, in *I) (*Consent, error) {
		id, err := (*in).intervention()
		if err != nil {
			return nil, err
		}
		return consentOr(a.showConsent(ctx, who.actor, id))
	}
}

// The services stand behind functions, since Routes asks for no service.

func (a *API) showConsent(ctx context.Context, actor sig.Actor, id sig.InterventionID) (*consenting.Case, error) {
	return a.deps.Consenting.Show(ctx, actor, id)
}

func (a *API) amendConsent(ctx context.Context, actor sig.Actor, id sig.InterventionID) (*consenting.Case, error) {
	return a.deps.Consenting.Amend(ctx, actor, id)
}

func (a *API) narrowConsent(ctx context.Context, actor sig.Actor, id sig.InterventionID) (*consenting.Case, error) {
	return a.deps.Consenting.NarrowUnused(ctx, actor, id)
}

func (a *API) suspendConsent(ctx context.Context, who *caller, in *CaseBody[Pause]) (*Consent, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	return consentOr(a.deps.Consenting.Suspend(ctx, who.actor, id, sig.Suspension(in.Body.Why)))
}

func (a *API) resumeConsent(ctx context.Context, actor sig.Actor, id sig.InterventionID) (*consenting.Case, error) {
	return a.deps.Consenting.Resume(ctx, actor, id)
}

func (a *API) draftSave(ctx context.Context, who *caller, in *CaseBody[Draft]) (*Consent, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	return consentOr(a.deps.Consenting.SaveDraft(ctx, who.actor, id, in.Body.read()))
}

func (a *API) draftCheck(ctx context.Context, who *caller, in *CaseBody[Draft]) error {
	id, err := in.intervention()
	if err != nil {
		return err
	}
	return a.deps.Consenting.Check(ctx, who.actor, id, in.Body.read())
}

func (a *API) draftDiscard(ctx context.Context, who *caller, in *InCase) error {
	id, err := in.intervention()
	if err != nil {
		return err
	}
	return a.deps.Consenting.Discard(ctx, who.actor, id)
}

func (a *API) amendmentPreview(ctx context.Context, who *caller, in *InCase) (*Preview, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	p, err := a.deps.Consenting.PreviewAmendment(ctx, who.actor, id)
	if err != nil {
		return nil, err
	}
	return previewOut(p), nil
}

func (a *API) consentImport(ctx context.Context, who *caller, in *CaseBody[Import]) (*Consent, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	b := in.Body
	return consentOr(a.deps.Consenting.ImportLegacy(ctx, who.actor, id, consenting.Import{
		Draft: b.Draft.read(), SignedBy: list(b.SignedBy, SignerRef.read), Method: consenting.Method(b.Method), Language: b.Language,
	}))
}

func (a *API) measureDecide(ctx context.Context, who *caller, in *CaseBody[Decision]) (*Consent, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	var check fault.Check
	on := in.Body.On.read(&check, "on")
	if err := check.Err(); err != nil {
		return nil, err
	}
	return consentOr(a.deps.Consenting.Decide(ctx, who.actor, id, consenting.Decision{
		Refused: in.Body.Refused, On: on, Reference: in.Body.Reference,
	}))
}
