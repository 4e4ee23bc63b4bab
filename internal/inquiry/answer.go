package inquiry

import (
	"context"
	"errors"
	"strings"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Service does the work of this package on one database.
type Service struct {
	DB     *postgres.DB
	Sealer *seal.Sealer
}

// The names under which texts are sealed.
const (
	fieldWords  = "inquiry_words"
	fieldAnswer = "inquiry_answer"
)

func place(q postgres.Inquiry, field string) seal.Place {
	return seal.Place{Authority: q.Authority, Intervention: q.Intervention, Field: field, Object: q.ID.UUID}
}

// Inquiry is one of them as whoever asked, or answers, reads it.
type Inquiry struct {
	ID           sig.InquiryID
	Intervention sig.InterventionID
	CaseNumber   string
	Kind         sig.InquiryKind
	Asker        sig.ActorKind // a guardian or the youth
	Names        *Names        // for the registrar alone, who finds the file by them
	Seat         sig.Seat      // who answers; the authority and the function
	Item         *sig.ItemID
	Line         *postgres.LedgerLine // what looks wrong, for whoever answers
	AskedAt      time.Time
	DueOn        sig.Date
	Late         bool // the day has passed without an answer
	Words        string
	AnsweredAt   *time.Time
	Answer       string
	Outcome      sig.InquiryOutcome // empty where nothing is decided
}

// Names is whom an inquiry is about, and who asks.
type Names = postgres.InquiryNames

// name adds the names to what the actor answers as its authority's registrar:
// asked of the database, and again here.
func name(ctx context.Context, tx *postgres.Tx, list []Inquiry) error {
	var ids []sig.InquiryID
	for _, q := range list {
		ids = append(ids, q.ID)
	}
	if tx.Actor.Function != sig.RoleRegistrar || len(ids) == 0 {
		return nil
	}
	names, err := tx.InquiryNames(ctx, ids)
	if err != nil {
		return err
	}
	for n, q := range list {
		if found, ok := names[q.ID]; ok && q.Seat == (sig.Seat{Authority: tx.Actor.Authority, Function: sig.RoleRegistrar}) {
			list[n].Names = &found
		}
	}
	return nil
}

func (s *Service) view(tx *postgres.Tx, q postgres.Inquiry) Inquiry {
	view := Inquiry{
		ID: q.ID, Intervention: q.Intervention, Kind: q.Kind, Asker: q.Asker, Seat: sig.Seat{Authority: q.Authority, Function: q.Function},
		Item: q.Item, AskedAt: q.AskedAt, DueOn: q.DueOn, AnsweredAt: q.AnsweredAt,
		Late: q.AnsweredAt == nil && q.DueOn.Compare(sig.DateOf(tx.Now())) < 0,
	}
	if q.Outcome != nil {
		view.Outcome = *q.Outcome
	}
	return view
}

func (s *Service) open(ctx context.Context, tx *postgres.Tx, all []postgres.Inquiry) ([]Inquiry, error) {
	var sealed []seal.Sealed
	for _, q := range all {
		sealed = append(sealed, seal.Sealed{Place: place(q, fieldWords), Bytes: q.WordsSealed})
		if q.AnswerSealed != nil {
			sealed = append(sealed, seal.Sealed{Place: place(q, fieldAnswer), Bytes: q.AnswerSealed})
		}
	}
	texts, err := s.Sealer.OpenAll(ctx, tx, sealed)
	if err != nil {
		return nil, err
	}
	var out []Inquiry
	for _, q := range all {
		one := s.view(tx, q)
		one.Words, texts = string(texts[0]), texts[1:]
		if q.AnswerSealed != nil {
			one.Answer, texts = string(texts[0]), texts[1:]
		}
		out = append(out, one)
	}
	return out, nil
}

// Mine lists what the member of the family who asks has asked, with the
// answers. The other guardian's are not there.
func (s *Service) Mine(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) ([]Inquiry, error) {
	var out []Inquiry
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		entry := ledger.Entry{Kind: ledger.ReadInquiry, Intervention: intervention}
		m, err := s.begin(ctx, tx, entry)
		if err != nil {
			return err
		}
		rows, err := tx.Inquiries(ctx, intervention)
		if err != nil {
			return err
		}
		if out, err = s.open(ctx, tx, rows); err != nil {
			return err
		}
		for n := range out {
			if m.facts.Protected { // an authority's name says where the young person is
				out[n].Seat.Authority = ""
			}
		}
		return tx.Record(entry)
	})
	return out, err
}

// Waiting lists what waits for the answer of whoever asks, the soonest due
// first, without the words. Of each that is listed with names there is a row in
// the ledger.
func (s *Service) Waiting(ctx context.Context, actor sig.Actor) ([]Inquiry, error) {
	if actor.Kind != sig.ActorStaff {
		return nil, fault.Missing()
	}
	var out []Inquiry
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		rows, err := tx.WaitingInquiries(ctx)
		if err != nil {
			return err
		}
		for _, q := range rows {
			one := s.view(tx, q)
			if one.CaseNumber, err = caseNumber(ctx, tx, q.Intervention); err != nil {
				return err
			}
			out = append(out, one)
		}
		if err := name(ctx, tx, out); err != nil {
			return err
		}
		for _, one := range out {
			if one.Names == nil {
				continue
			}
			if err := tx.Record(ledger.Entry{Kind: ledger.ReadInquiry, Intervention: one.Intervention, Object: ledger.Of(ledger.ObjectInquiry, one.ID)}); err != nil {
				return err
			}
		}
		return tx.Record(ledger.Entry{Kind: ledger.ReadInquiry})
	})
	return out, err
}

// caseNumber is a case by its number alone: who keeps logs need not know whom it
// is about.
func caseNumber(ctx context.Context, tx *postgres.Tx, id sig.InterventionID) (number string, err error) {
	err = tx.AsSystem("inquiry", func() error {
		i, err := tx.Intervention(ctx, id)
		number = i.CaseNumber
		return err
	})
	return number, err
}

// Read opens one for whoever answers it.
func (s *Service) Read(ctx context.Context, actor sig.Actor, id sig.InquiryID) (*Inquiry, error) {
	var out *Inquiry
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		q, entry, err := s.answers(ctx, tx, id, ledger.ReadInquiry)
		if err != nil {
			return err
		}
		all, err := s.open(ctx, tx, []postgres.Inquiry{q})
		if err != nil {
			return err
		}
		if err := name(ctx, tx, all); err != nil {
			return err
		}
		out = &all[0]
		if out.CaseNumber, err = caseNumber(ctx, tx, q.Intervention); err != nil {
			return err
		}
		if q.Line != nil {
			lines, err := tx.LedgerLines(ctx, q.Intervention, *q.Line+1, 1)
			if err != nil {
				return err
			}
			if len(lines) == 1 && lines[0].ID == *q.Line {
				out.Line = &lines[0]
			}
		}
		return tx.Record(entry)
	})
	return out, err
}

// answers finds an inquiry that the actor's function answers: asked of the
// database, and again here.
func (s *Service) answers(ctx context.Context, tx *postgres.Tx, id sig.InquiryID, kind ledger.Kind) (postgres.Inquiry, ledger.Entry, error) {
	entry := ledger.Entry{Kind: kind, Object: ledger.Of(ledger.ObjectInquiry, id)}
	q, err := tx.Inquiry(ctx, id)
	switch {
	case errors.Is(err, postgres.ErrNoRows), err == nil && tx.Actor.Kind != sig.ActorStaff:
		return q, entry, tx.RefuseMissing(entry)
	case err != nil:
		return q, entry, err
	}
	entry.Intervention = q.Intervention
	seats, err := tx.OwnSeats(ctx, q.Intervention)
	if err != nil {
		return q, entry, err
	}
	if !mayAnswer(tx.Actor, seats, q) {
		return q, entry, tx.RefuseMissing(entry)
	}
	return q, entry, nil
}

// mayAnswer: the office that it is addressed to, or who fills the seat in the
// case.
func mayAnswer(actor sig.Actor, seats []sig.Seat, q postgres.Inquiry) bool {
	if q.Function == sig.RoleLogReviewer || q.Function == sig.RoleRegistrar {
		return actor.Authority == q.Authority && actor.Function == q.Function
	}
	for _, s := range seats {
		if s.Authority == q.Authority && s.Function == q.Function {
			return true
		}
	}
	return false
}

// Answer is what is answered, and decided where the kind is (sig.InquiryKind.Decided).
type Answer struct {
	Words   string
	Outcome sig.InquiryOutcome
}

func (a Answer) check(kind sig.InquiryKind) error {
	var c fault.Check
	switch {
	case kind.Decided() && !a.Outcome.Valid():
		c.Fail("outcome", "error.inquiry_outcome_missing")
	case !kind.Decided() && a.Outcome != "":
		c.Fail("outcome", "error.inquiry_not_decided")
	}
	checkWords(&c, "answer", a.Words)
	return c.Err()
}

// Answer answers one, once: the words cannot be taken back, and the asker reads
// them. A request that can be appealed is decided with it.
func (s *Service) Answer(ctx context.Context, actor sig.Actor, id sig.InquiryID, given Answer) error {
	given.Words = strings.TrimSpace(given.Words)
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		q, entry, err := s.answers(ctx, tx, id, ledger.AnswerInquiry)
		if err != nil {
			return err
		}
		if q.AnsweredAt != nil {
			return fault.New(fault.Conflict, "error.inquiry_answered")
		}
		if err := given.check(q.Kind); err != nil {
			return err
		}
		sealed, err := s.Sealer.Seal(ctx, tx, place(q, fieldAnswer), []byte(given.Words))
		if err != nil {
			return err
		}
		if err := tx.AnswerInquiry(ctx, id, sealed, given.Outcome); errors.Is(err, postgres.ErrNoRows) {
			return fault.New(fault.Conflict, "error.inquiry_answered")
		} else if err != nil {
			return err
		}
		if err := tx.Record(entry); err != nil {
			return err
		}
		return tx.AsSystem("inquiry", func() error {
			return tx.FinishTask(ctx, q.Intervention, postgres.TaskAnswerInquiry, id.UUID)
		})
	})
}
