package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Inquiry is what somebody in the family asks, with its answer; words and
// answer are sealed under the key of the authority that answers.
type Inquiry struct {
	ID           sig.InquiryID
	Intervention sig.InterventionID
	Kind         sig.InquiryKind
	Asker        sig.ActorKind // guardian or youth
	AskedBy      uuid.UUID     // the guardianship, or the youth
	Authority    sig.AuthorityID
	Function     sig.Function
	Item         *sig.ItemID
	Line         *int64 // a row of the ledger
	WordsSealed  []byte
	AskedAt      time.Time
	DueOn        sig.Date
	AnsweredAt   *time.Time
	AnswerSealed []byte
	Outcome      *sig.InquiryOutcome // of what is decided
}

const insertInquirySQL = `
insert into sig.inquiry (id, intervention, kind, asker, asked_by, authority, function, item, line, words_sealed, asked_at, due_on)
values (@id, @intervention, @kind, @asker, @asked_by, @authority, @function, @item, @line, @words, @at, @due_on)
on conflict on constraint inquiry_pk do nothing`

// InsertInquiry writes one down, at the transaction's own time, and reports
// whether it is new: the same form sent again is not.
func (tx *Tx) InsertInquiry(ctx context.Context, q Inquiry) (bool, error) {
	tag, err := tx.Exec(ctx, insertInquirySQL, pgx.StrictNamedArgs{
		"id": q.ID, "intervention": q.Intervention, "kind": q.Kind, "asker": q.Asker, "asked_by": q.AskedBy, "authority": q.Authority,
		"function": q.Function, "item": q.Item, "line": q.Line, "words": q.WordsSealed, "at": tx.Now(), "due_on": q.DueOn,
	})
	return tag.RowsAffected() == 1, wrap("write an inquiry", err)
}

const inquiryColumns = `id, intervention, kind, asker, asked_by, authority, function, item, line, words_sealed, asked_at, due_on, answered_at, answer_sealed, outcome`

const inquirySQL = `select ` + inquiryColumns + ` from sig.inquiry where id = @id`

// Inquiry reads one that the actor has asked or may answer.
func (tx *Tx) Inquiry(ctx context.Context, id sig.InquiryID) (Inquiry, error) {
	rows, err := tx.Query(ctx, inquirySQL, pgx.StrictNamedArgs{"id": id})
	if err != nil {
		return Inquiry{}, wrap("read an inquiry", err)
	}
	q, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Inquiry])
	return q, wrap("read an inquiry", err)
}

const inquiriesSQL = `select ` + inquiryColumns + ` from sig.inquiry where intervention = @intervention order by asked_at desc, id`

// Inquiries lists what the actor has asked in one intervention, newest first.
func (tx *Tx) Inquiries(ctx context.Context, intervention sig.InterventionID) ([]Inquiry, error) {
	return collect[Inquiry](ctx, tx, "list inquiries", inquiriesSQL, pgx.StrictNamedArgs{"intervention": intervention})
}

const waitingInquiriesSQL = `select ` + inquiryColumns + ` from sig.inquiry where answered_at is null order by due_on, id limit 200`

// WaitingInquiries lists those that wait for the actor's answer, the soonest due
// first.
func (tx *Tx) WaitingInquiries(ctx context.Context) ([]Inquiry, error) {
	return collect[Inquiry](ctx, tx, "list waiting inquiries", waitingInquiriesSQL, pgx.StrictNamedArgs{})
}

// InquiryNames is whom an inquiry is about, and who asks.
type InquiryNames struct {
	ID         sig.InquiryID
	Youth      string
	Protection sig.Protection
	Asker      string
}

const inquiryNamesSQL = `select id, youth, protection, coalesce(asker, '') as asker from sig.inquiry_names(@ids)`

// InquiryNames reads the names of those that are addressed to the actor's own
// office as registrar, and of no other.
func (tx *Tx) InquiryNames(ctx context.Context, ids []sig.InquiryID) (map[sig.InquiryID]InquiryNames, error) {
	rows, err := collect[InquiryNames](ctx, tx, "read the names of inquiries", inquiryNamesSQL, pgx.StrictNamedArgs{"ids": ids})
	names := map[sig.InquiryID]InquiryNames{}
	for _, n := range rows {
		names[n.ID] = n
	}
	return names, err
}

const answerInquirySQL = `
update sig.inquiry set answered_at = @at, answered_by = @by, answer_sealed = @answer, outcome = nullif(@outcome, '')
 where id = @id and answered_at is null`

// AnswerInquiry answers one, once; the outcome is empty where nothing is decided.
func (tx *Tx) AnswerInquiry(ctx context.Context, id sig.InquiryID, answer []byte, outcome sig.InquiryOutcome) error {
	return tx.one(ctx, "answer an inquiry", answerInquirySQL, pgx.StrictNamedArgs{
		"id": id, "answer": answer, "outcome": string(outcome), "at": tx.Now(), "by": tx.Actor.Assignment,
	})
}
