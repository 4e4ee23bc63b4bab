package sharing

import (
	"context"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// PartSize is how many lines of the diary one document holds: as many as are
// printed within seconds.
const PartSize = 400

// partMost is how many it may come to hold, when more has become visible in its
// stretch of the ledger since the parts were listed.
const partMost = 2 * PartSize

// DiaryPart is one of the documents that a long diary comes in. Where each ends
// is fixed when they are listed: what is written afterwards moves no line from
// one into another.
type DiaryPart struct {
	Number int // from the newest, 1
	postgres.DiaryPart
}

// DiaryDocument is what one document holds of the diary.
type DiaryDocument struct {
	DiaryPage
	Part *DiaryPart // nil where it is the whole
	Next *DiaryPart // the part after it; nil after the last
}

// DiaryDocument gives a part of the diary to print, or its newest where none is
// asked for. Each part is decided and written into the ledger for itself.
func (s *Service) DiaryDocument(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, part *DiaryPart) (*DiaryDocument, error) {
	var doc DiaryDocument
	page, err := s.readDiary(ctx, actor, ledger.Entry{Kind: ledger.ExtractLedger, Intervention: intervention},
		func(tx *postgres.Tx, page *DiaryPage, _ *postgres.CaseFacts) error {
			doc = DiaryDocument{Part: part}
			var before DiaryPart
			if part != nil {
				before = *part
			}
			parts, err := cutDiary(ctx, tx, intervention, before)
			if err != nil {
				return err
			}
			if part == nil && len(parts) > 0 {
				doc.Part, parts = &parts[0], parts[1:]
			}
			if len(parts) > 0 {
				doc.Next = &parts[0]
			}
			wanted := postgres.DiaryWanted{Size: partMost + 1}
			if doc.Part != nil {
				wanted.Since, wanted.Before = doc.Part.From, doc.Part.Before
			}
			if page.Rows, err = tx.Diary(ctx, intervention, wanted); err != nil {
				return err
			}
			if len(page.Rows) > partMost {
				return fault.New(fault.Conflict, "error.conflict")
			}
			return nil
		})
	if err != nil {
		return nil, err
	}
	doc.DiaryPage = *page
	return &doc, nil
}

// cutDiary lists the parts after one: of all there are none where there is only
// one.
func cutDiary(ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID, after DiaryPart) ([]DiaryPart, error) {
	found, err := tx.DiaryParts(ctx, intervention, after.From, PartSize)
	if err != nil || after.Number == 0 && len(found) < 2 {
		return nil, err
	}
	var parts []DiaryPart
	before := after.From
	for n, p := range found {
		if before > 0 { // no row of the ledger lies between two parts, also none that becomes visible later
			p.Before = before
		}
		if before = p.From; n == len(found)-1 {
			p.From = 1
		}
		parts = append(parts, DiaryPart{after.Number + n + 1, p})
	}
	return parts, nil
}
