package httpd

import (
	"context"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// consentAmend makes a draft of what holds, or of what ran out, and opens it.
func (a *App) consentAmend(r *Request) error {
	return a.oneButton(r, func(ctx context.Context, id sig.InterventionID) error {
		_, err := a.deps.Consenting.Amend(ctx, r.Actor(), id)
		return err
	}, "/consent", "")
}

// consentDiscard throws away the version in preparation.
func (a *App) consentDiscard(r *Request) error {
	return a.oneButton(r, func(ctx context.Context, id sig.InterventionID) error {
		return a.deps.Consenting.Discard(ctx, r.Actor(), id)
	}, "", "flash.consent_discarded")
}

// oneButton is an act about a case that is one post without fields.
func (a *App) oneButton(
	r *Request, act func(context.Context, sig.InterventionID) error, next, flash string,
) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := act(r.Context(), id); err != nil {
		return err
	}
	return r.SeeOther(casePath(id)+next, flash)
}

// sampleBoardCase is a made-up case as its board sees it.
func sampleBoardCase(change func(*consenting.Case)) *consenting.Case {
	c := sampleShown()
	c.Programme, c.InForce.Number = sig.ProgrammeSIG, 1
	c.InForce.Signers = sampleSigners(sig.AnswerSigned)
	c.Actions = []consenting.Action{consenting.ActionAmend, consenting.ActionRecord, consenting.ActionSuspend}
	change(c)
	return c
}

// sampleSigners are a mother who has answered and a father and a son who have not.
func sampleSigners(answer sig.Answer) []consenting.Signer {
	at := sampleNow.AddDate(0, 0, -3)
	all := []consenting.Signer{
		{Kind: sig.SignerGuardian, Guardian: sig.GuardianID{UUID: sampleID}, Name: "Sara Rahimi", Required: true, Explained: at, Method: "meeting", Language: "prs", Answer: sig.AnswerSigned, AnsweredAt: at, Channel: "e_signed"},
		{Kind: sig.SignerGuardian, Guardian: sig.GuardianID{UUID: sampleID}, Name: "Omid Rahimi", Required: true, Explained: at, Method: "phone", Language: "sv", Answer: answer, AnsweredAt: at, Channel: "e_signed"},
		{Kind: sig.SignerYouth, Youth: sig.YouthID{UUID: sampleID}, Name: "Amir Rahimi", Required: true, Answer: answer, AnsweredAt: at},
	}
	if answer == "" {
		return all
	}
	all[2].Explained, all[2].Method, all[2].Language = at, "meeting", "sv"
	return all
}
