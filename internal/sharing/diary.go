package sharing

import (
	"context"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// DiaryPage is a page of who was told what and who has read it, newest first.
type DiaryPage struct {
	CaseNumber  string
	State       sig.InterventionState
	Authorities []sig.AuthorityID // that may be asked for alone
	Rows        []postgres.DiaryRow
	Next        *DiaryPlace // where the next page begins; nil on the last
	Parts       []DiaryPart // on the first page, where the extract as a document comes in more than one
}

// DiaryPlace is where a page of the diary begins, and whose officers it is
// about.
type DiaryPlace struct {
	Before    int64           // a row of the ledger; 0 at the newest
	Authority sig.AuthorityID // "" for all of them
}

// DiarySize is how many lines one page of the diary holds.
const DiarySize = 50

// Diary shows a member of the family, or the board's participants, what was
// disclosed about the young person and every read of it: authority, function,
// time and ground. What is hidden from the reader leaves no gap: rows are
// numbered nowhere and counted nowhere.
func (s *Service) Diary(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, from DiaryPlace) (*DiaryPage, error) {
	return s.diary(ctx, actor, ledger.Entry{Kind: ledger.ListLedger, Intervention: intervention}, from, DiarySize)
}

// DiaryExtract is the whole of the diary, to take away: the same lines as the
// reader sees, in one go.
func (s *Service) DiaryExtract(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*DiaryPage, error) {
	return s.diary(ctx, actor, ledger.Entry{Kind: ledger.ExtractLedger, Intervention: intervention}, DiaryPlace{}, 0)
}

func (s *Service) diary(ctx context.Context, actor sig.Actor, entry ledger.Entry, from DiaryPlace, size int) (*DiaryPage, error) {
	return s.readDiary(ctx, actor, entry, func(tx *postgres.Tx, page *DiaryPage, facts *postgres.CaseFacts) (err error) {
		if strips(tx, facts) { // asked for one authority, the page would answer a guess
			from.Authority = ""
		} else if page.Authorities, err = tx.DiaryAuthorities(ctx, entry.Intervention); err != nil {
			return err
		}
		wanted := postgres.DiaryWanted{Before: from.Before, Authority: from.Authority}
		if size > 0 {
			wanted.Size = size + 1
		}
		if page.Rows, err = tx.Diary(ctx, entry.Intervention, wanted); err != nil {
			return err
		}
		if size > 0 && len(page.Rows) > size {
			page.Rows = page.Rows[:size]
			page.Next = &DiaryPlace{page.Rows[size-1].Ledger, from.Authority}
			if from == (DiaryPlace{}) && actor.IsCitizen() {
				page.Parts, err = cutDiary(ctx, tx, entry.Intervention, DiaryPart{})
			}
		}
		return err
	})
}

// readDiary reads some of the diary, and writes into the ledger that it was read.
func (s *Service) readDiary(ctx context.Context, actor sig.Actor, entry ledger.Entry,
	read func(*postgres.Tx, *DiaryPage, *postgres.CaseFacts) error,
) (*DiaryPage, error) {
	var page *DiaryPage
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		facts, err := factsOf(ctx, tx, entry.Intervention, entry)
		if err != nil {
			return err
		}
		page = &DiaryPage{CaseNumber: facts.CaseNumber, State: facts.State.Outside()}
		if err := read(tx, page, facts); err != nil {
			return err
		}
		if strips(tx, facts) {
			for n := range page.Rows {
				r := &page.Rows[n]
				r.Actor, r.Recipient = sig.Seat{Function: r.Actor.Function}, sig.Seat{Function: r.Recipient.Function}
			}
		}
		_, err = tx.Append(ctx, entry)
		return err
	})
	return page, err
}
