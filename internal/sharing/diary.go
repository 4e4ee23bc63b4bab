package sharing

import (
	"context"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// DiaryPage is a page of who was told what and who has read it, newest first.
type DiaryPage struct {
	CaseNumber string
	State      sig.InterventionState
	Rows       []postgres.DiaryRow
	Next       int64 // where the next page begins; 0 on the last
}

// DiarySize is how many lines one page of the diary holds.
const DiarySize = 50

// Diary shows a member of the family, or the board's participants, what was
// disclosed about the young person and every read of it: authority, function,
// time and ground. What is hidden from the reader leaves no gap: rows are
// numbered nowhere and counted nowhere.
func (s *Service) Diary(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, before int64) (*DiaryPage, error) {
	var page *DiaryPage
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		entry := ledger.Entry{Kind: ledger.ListLedger, Intervention: intervention}
		facts, err := factsOf(ctx, tx, intervention, entry)
		if err != nil {
			return err
		}
		var from *int64
		if before > 0 {
			from = &before
		}
		rows, err := tx.Diary(ctx, intervention, from, DiarySize+1)
		if err != nil {
			return err
		}
		page = &DiaryPage{CaseNumber: facts.CaseNumber, State: facts.State, Rows: rows}
		if len(rows) > DiarySize {
			page.Rows, page.Next = rows[:DiarySize], rows[DiarySize-1].Ledger
		}
		_, err = tx.Append(ctx, entry)
		return err
	})
	return page, err
}
