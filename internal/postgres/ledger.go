package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/ledger"
	"sigportal/internal/sig"
)

// appendLedgerSQL says nothing of who acts: the function reads that from the
// settings by which the transaction was introduced. The office is given, so
// that it need not be looked up for every row.
const appendLedgerSQL = `
select sig.append_ledger(
  at => @at, kind => @kind, outcome => @outcome, reason => @reason, intervention => @intervention,
  object_kind => @object_kind, object_id => @object_id, consent => @consent, basis => @basis,
  recipient_authority => @recipient_authority, recipient_unit => @recipient_unit,
  recipient_function => @recipient_function, categories => @categories,
  detail => @detail, request => @request, authority => @authority, unit => @unit, function => @function)`

// Append writes one row of the ledger in this transaction, at the instant that
// the transaction has read after its locks. It gives the row's id, which is
// the handle of the receipt. A row that cannot be written must end the
// transaction: no row, no act and no content.
func (tx *Tx) Append(ctx context.Context, e ledger.Entry) (int64, error) {
	args, err := tx.LedgerArgs(e)
	if err != nil {
		return 0, err
	}
	var id int64
	if err := tx.QueryRow(ctx, appendLedgerSQL, args).Scan(&id); err != nil {
		return 0, fmt.Errorf("append %s to the ledger: %w", e.Kind, err)
	}
	return id, nil
}

// Record is Append for a row whose number nobody asks for.
func (tx *Tx) Record(e ledger.Entry) error {
	args, err := tx.LedgerArgs(e)
	if err != nil {
		return err
	}
	tx.laterOne("append "+string(e.Kind)+" to the ledger", appendLedgerSQL, args)
	return nil
}

// LedgerArgs are the arguments of sig.append_ledger for an entry, for reads
// that write their row inside the statement that returns the content.
func (tx *Tx) LedgerArgs(e ledger.Entry) (pgx.StrictNamedArgs, error) {
	if err := e.Validate(); err != nil {
		return nil, err
	}
	detail, err := e.Detail.Text()
	if err != nil {
		return nil, err
	}
	return pgx.StrictNamedArgs{
		"at": tx.Now(), "kind": string(e.Kind), "outcome": string(e.Result()), "reason": e.Reason,
		"intervention": orNull(e.Intervention),
		"object_kind":  blankIsNull(e.Object.Kind), "object_id": orNull(e.Object.ID),
		"consent": orNull(e.Consent), "basis": blankIsNull(e.Basis),
		"recipient_authority": blankIsNull(e.Recipient.Authority),
		"recipient_unit":      blankIsNull(e.Recipient.Unit),
		"recipient_function":  blankIsNull(e.Recipient.Function),
		"categories":          categoryTexts(e.Categories), "detail": detail, "request": orNull(e.Request),
		"authority": blankIsNull(tx.Actor.Authority), "unit": blankIsNull(tx.Actor.Unit),
		"function": blankIsNull(tx.Actor.Function),
	}, nil
}

// orNull is an identifier as an argument: the zero identifier is null.
func orNull[K any](id sig.ID[K]) any {
	if id.IsZero() {
		return nil
	}
	return [16]byte(id.UUID)
}

// blankIsNull is a key or code as an argument: the empty one is null.
func blankIsNull[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

func categoryTexts(categories []sig.Category) []string {
	var texts []string
	for _, c := range categories {
		texts = append(texts, string(c))
	}
	return texts
}
