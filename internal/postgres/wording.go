package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Wording is one state of all texts that a family reads in one language.
type Wording struct {
	Language string
	Hash     []byte
}

const keepWordingSQL = `
insert into sig.wording (language, hash, texts, kept_at) values (@language, @hash, @texts, @at) on conflict do nothing`

// KeepWording keeps the texts that are signed in or approved. That they have
// the hash is checked by the table.
func (tx *Tx) KeepWording(ctx context.Context, w Wording, texts string) error {
	_, err := tx.Exec(ctx, keepWordingSQL, pgx.StrictNamedArgs{"language": w.Language, "hash": w.Hash, "texts": texts, "at": tx.Now()})
	if err != nil {
		return wrap("keep the texts of a language", err)
	}
	return nil
}

const wordingApprovedSQL = `select sig.wording_approved(@language, @hash)`

// WordingApproved asks whether a consent can be signed in these texts.
func (tx *Tx) WordingApproved(ctx context.Context, w Wording) (approved bool, err error) {
	err = tx.QueryRow(ctx, wordingApprovedSQL, pgx.StrictNamedArgs{"language": w.Language, "hash": w.Hash}).Scan(&approved)
	if err != nil {
		return false, wrap("ask whether a text is approved", err)
	}
	return approved, nil
}

// WordingApproval is that an authorised translator has approved a state of a
// language's texts, or that this was taken back.
type WordingApproval struct {
	Language     string
	Hash         []byte
	Approved     bool
	Translator   string
	TranslatedOn *time.Time
	RecordedAt   time.Time
}

const wordingApprovalsSQL = `
select distinct on (language, hash) language, hash, approved, coalesce(translator, '') as translator, translated_on, recorded_at
  from sig.wording_approval order by language, hash, recorded_at desc, id desc`

// WordingApprovals reads what holds for every state of texts that anybody has
// approved.
func (tx *Tx) WordingApprovals(ctx context.Context) ([]WordingApproval, error) {
	return collect[WordingApproval](ctx, tx, "read the approvals of texts", wordingApprovalsSQL, pgx.StrictNamedArgs{})
}

const approveWordingSQL = `
insert into sig.wording_approval (id, language, hash, approved, translator, translated_on, recorded_by, recorded_at)
values (@id, @language, @hash, @approved, nullif(@translator, ''), @on, @by, @at)`

// ApproveWording records an approval, or that it is taken back.
func (tx *Tx) ApproveWording(ctx context.Context, a WordingApproval) error {
	var on any
	if a.TranslatedOn != nil {
		on = sig.DateOf(*a.TranslatedOn).String()
	}
	_, err := tx.Exec(ctx, approveWordingSQL, pgx.StrictNamedArgs{
		"id": uuid.New(), "language": a.Language, "hash": a.Hash, "approved": a.Approved, "translator": a.Translator,
		"on": on, "by": tx.Actor.Assignment, "at": tx.Now(),
	})
	if err != nil {
		return wrap("record the approval of a text", err)
	}
	return nil
}
