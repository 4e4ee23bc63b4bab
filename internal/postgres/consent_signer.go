package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// SignerRow is one row of sig.consent_signer: one who must sign a version, or
// is heard, and what was answered. Signer is a guardianship's id or the youth's.
type SignerRow struct {
	Consent           sig.ConsentID
	Intervention      sig.InterventionID
	Signer            uuid.UUID
	Kind              sig.SignerKind
	Required          bool
	ExplainedAt       *time.Time
	ExplainedMethod   string
	ExplainedLanguage string
	ExplainedBy       sig.AssignmentID
	Interpreter       string // empty where none was used
	Answer            sig.Answer
	AnsweredAt        *time.Time
	TextHash          []byte // the version's own
	SeenHash          []byte // of what the signer had on screen; differs where names of places are left out
	Person            sig.PersonID
	AuthTime          *time.Time
	Channel           string
	OverriddenAt      *time.Time
	Language          string // of the page that was signed, and its texts' hash
	Wording           []byte
}

const signerColumnsSQL = `
select consent, intervention, signer, kind, required, explained_at, coalesce(explained_method, '') as explained_method,
       coalesce(explained_language, '') as explained_language, explained_by,
       coalesce(explained_interpreter, '') as interpreter, coalesce(answer, '') as answer, answered_at,
       text_hash, seen_hash, person, auth_time, coalesce(channel, '') as channel, overridden_at, coalesce(language, '') as language, wording
  from sig.consent_signer`

const signersSQL = signerColumnsSQL + ` where consent = @consent order by kind, signer`

// Signers reads the signers of a version, as far as the actor may see them: a
// citizen only the own row.
func (tx *Tx) Signers(ctx context.Context, consent sig.ConsentID) ([]SignerRow, error) {
	return collect[SignerRow](ctx, tx, "read signers", signersSQL, pgx.StrictNamedArgs{"consent": consent})
}

const putSignerSQL = `
insert into sig.consent_signer (consent, intervention, signer, kind, required, explained_at, explained_method, explained_language,
       explained_by, answer, answered_at, text_hash, seen_hash, person, auth_time, channel, view_sealed)
values (@consent, @intervention, @signer, @kind, @required, @explained_at, nullif(@explained_method, ''), nullif(@explained_language, ''),
       @explained_by, nullif(@answer, ''), @answered_at, @text_hash, @seen_hash, @person, @auth_time, nullif(@channel, ''), null)
on conflict (consent, signer) do update set required = true where excluded.required and not consent_signer.required`

// AddSigner names somebody who must sign a version, or is heard. Of one who is
// named already nothing changes but that a birthday can make a hearing a
// signature.
func (tx *Tx) AddSigner(ctx context.Context, s SignerRow) error {
	_, err := tx.Exec(ctx, putSignerSQL, pgx.StrictNamedArgs{
		"consent": s.Consent, "intervention": s.Intervention, "signer": s.Signer, "kind": s.Kind, "required": s.Required,
		"explained_at": s.ExplainedAt, "explained_method": s.ExplainedMethod, "explained_language": s.ExplainedLanguage,
		"explained_by": orNull(s.ExplainedBy), "answer": s.Answer, "answered_at": s.AnsweredAt, "text_hash": s.TextHash, "seen_hash": s.SeenHash,
		"person": orNull(s.Person), "auth_time": s.AuthTime, "channel": s.Channel,
	})
	if err != nil {
		return wrap("name a signer", err)
	}
	return nil
}

const releaseSignerSQL = `
update sig.consent_signer set required = false where consent = @consent and signer = @signer and answer is null and required`

// ReleaseSigner takes back that somebody who has not answered must sign.
func (tx *Tx) ReleaseSigner(ctx context.Context, consent sig.ConsentID, signer uuid.UUID) error {
	if _, err := tx.Exec(ctx, releaseSignerSQL, pgx.StrictNamedArgs{"consent": consent, "signer": signer}); err != nil {
		return wrap("release a signer", err)
	}
	return nil
}

const explainSQL = `
update sig.consent_signer set explained_at = @at, explained_method = @method, explained_language = @language,
       explained_interpreter = nullif(@interpreter, ''), explained_by = @by, view_sealed = coalesce(@view, view_sealed)
 where consent = @consent and signer = @signer`

// ExplainTo records that a version was explained to a signer, in which language
// and through which interpreter, if any, and what a young person who does not
// sign had to say about it.
func (tx *Tx) ExplainTo(
	ctx context.Context, consent sig.ConsentID, signer uuid.UUID, method string, in sig.Interpreter, viewSealed []byte,
) error {
	return tx.one(ctx, "record an explanation", explainSQL, pgx.StrictNamedArgs{
		"consent": consent, "signer": signer, "method": method, "language": in.Language, "interpreter": in.ID, "view": viewSealed,
		"by": tx.Actor.Assignment, "at": tx.Now(),
	})
}

const answerSQL = `
update sig.consent_signer set answer = @answer, answered_at = @at, text_hash = @text_hash, seen_hash = @seen_hash, person = @person,
       auth_time = @auth_time, channel = @channel, language = nullif(@language, ''), wording = @wording
 where consent = @consent and signer = @signer and answer is null`

// AnswerConsent records what a signer said of a version, once.
func (tx *Tx) AnswerConsent(ctx context.Context, s SignerRow) error {
	return tx.one(ctx, "record an answer", answerSQL, pgx.StrictNamedArgs{
		"consent": s.Consent, "signer": s.Signer, "answer": s.Answer, "at": tx.Now(), "text_hash": s.TextHash, "seen_hash": s.SeenHash,
		"person": orNull(s.Person), "auth_time": s.AuthTime, "channel": s.Channel, "language": s.Language, "wording": s.Wording,
	})
}

const overrideSQL = `
update sig.consent_signer set overridden_at = @at, overridden_by = @by, override_reason_sealed = @reason
 where consent = @consent and signer = @signer and answer = 'refused' and overridden_at is null`

// OverrideRefusal records the social secretary's reason for going on against a
// mature 12-14-year-old's no.
func (tx *Tx) OverrideRefusal(ctx context.Context, consent sig.ConsentID, signer uuid.UUID, reasonSealed []byte) error {
	return tx.one(ctx, "override a refusal", overrideSQL, pgx.StrictNamedArgs{
		"consent": consent, "signer": signer, "reason": reasonSealed, "by": tx.Actor.Assignment, "at": tx.Now(),
	})
}
