package api

import (
	"context"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// Translation is one language of the texts that families read.
type Translation struct {
	Language     string    `json:"language"`
	Name         string    `json:"name"`
	Hash         string    `json:"hash" doc:"Of exactly these texts; it changes with any of them."`
	Source       bool      `json:"source" doc:"What was written first, which nobody need approve."`
	Approved     bool      `json:"approved" doc:"Consents can be signed in it."`
	Changed      bool      `json:"changed" doc:"An earlier state was approved; these texts are others."`
	Translator   string    `json:"translator,omitempty"`
	TranslatedOn Date      `json:"translated_on,omitempty"`
	RecordedAt   time.Time `json:"recorded_at,omitzero" doc:"Of the approval, or of when it was taken back."`
}

// InTranslation is the address of a language's texts.
type InTranslation struct {
	Hash string `path:"hash" doc:"Of the texts as they are now."`
}

// Translated is an authorised translator's word for exactly these texts.
type Translated struct {
	Translator string `json:"translator" maxLength:"100" doc:"The number of the authorisation."`
	On         Date   `json:"on"`
}

// TranslationBody is the request that approves them.
type TranslationBody struct {
	InTranslation
	Body Translated
}

func (a *API) registerTranslations() {
	const tag, path = "texts", "/api/v1/texts"
	add(a, op{method: "GET", path: path, level: Hat, id: "list-texts", tag: tag,
		says: "The languages that families read, and which of them an authorised translator has approved."}, a.translationsList)
	act(a, op{method: "PUT", path: path + "/{hash}/approval", level: Hat, id: "approve-texts", tag: tag,
		says: "Record that an authorised translator has approved exactly these texts."}, a.translationApprove)
	act(a, op{method: "DELETE", path: path + "/{hash}/approval", level: Hat, id: "disapprove-texts", tag: tag,
		says: "Take an approval back; what has been signed stands."}, a.translationDisapprove)
}

// translations are the administrator's, as on the pages.
func (a *API) translations(ctx context.Context, who *caller) ([]consenting.Translation, error) {
	if who.actor.Function != sig.RoleAdministrator {
		return nil, fault.Missing()
	}
	return a.deps.Consenting.Translations(ctx)
}

// translation is the language whose texts have a hash; the original is none.
func (a *API) translation(ctx context.Context, who *caller, hash string) (consenting.Translation, error) {
	all, err := a.translations(ctx, who)
	if err != nil {
		return consenting.Translation{}, err
	}
	for _, t := range all {
		if t.Hash() == hash && t.Tag() != words.Source {
			return t, nil
		}
	}
	return consenting.Translation{}, fault.Missing()
}

func (a *API) translationsList(ctx context.Context, who *caller, _ *struct{}) ([]Translation, error) {
	all, err := a.translations(ctx, who)
	if err != nil {
		return nil, err
	}
	return list(all, func(t consenting.Translation) Translation {
		out := Translation{
			Language: t.Tag(), Name: t.Name(), Hash: t.Hash(), Source: t.Tag() == words.Source, Approved: t.Approved, Changed: t.Changed,
			Translator: t.Translator, RecordedAt: t.RecordedAt,
		}
		if !t.TranslatedOn.IsZero() {
			out.TranslatedOn = Date(sig.DateOf(t.TranslatedOn).String())
		}
		return out
	}), nil
}

func (a *API) translationApprove(ctx context.Context, who *caller, in *TranslationBody) error {
	t, err := a.translation(ctx, who, in.Hash)
	if err != nil {
		return err
	}
	var check fault.Check
	on := in.Body.On.read(&check, "on")
	if err := check.Err(); err != nil {
		return err
	}
	return a.deps.Consenting.Approve(ctx, who.actor, consenting.Approving{
		Language: t.Tag(), Hash: t.Hash(), Translator: in.Body.Translator, On: on,
	})
}

func (a *API) translationDisapprove(ctx context.Context, who *caller, in *InTranslation) error {
	t, err := a.translation(ctx, who, in.Hash)
	if err != nil {
		return err
	}
	return a.deps.Consenting.Disapprove(ctx, who.actor, t.Tag())
}
