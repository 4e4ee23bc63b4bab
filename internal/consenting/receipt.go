package consenting

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Receipt shows the receipt of a withdrawal to the signer who made it, or to
// the board's staff: when, reference, what stopped, who was told, what had
// been read already. It names and counts only what its reader may see.
func (s *Service) Receipt(ctx context.Context, actor sig.Actor, reference string) (*Receipt, error) {
	id, err := s.interventionOfWithdrawal(ctx, actor, reference)
	if err != nil {
		return nil, err
	}
	var receipt *Receipt
	err = s.look(ctx, actor, id, ledger.ReadConsent, func(m *matter) error {
		w, err := m.tx.WithdrawalByReference(ctx, reference)
		if errors.Is(err, postgres.ErrNoRows) {
			return m.refuse("unknown_receipt", fault.Missing())
		}
		if err != nil {
			return err
		}
		m.entry.Object = ledger.Of(ledger.ObjectWithdrawal, w.ID)
		receipt, err = m.receipt(ctx, &w)
		return err
	})
	return receipt, err
}

// referenceForm is what newReference draws.
var referenceForm = regexp.MustCompile(`^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$`)

func (s *Service) interventionOfWithdrawal(ctx context.Context, actor sig.Actor, reference string) (sig.InterventionID, error) {
	var found sig.InterventionID
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		if !referenceForm.MatchString(reference) {
			return refuseUnknown(tx, ledger.Object{})
		}
		w, err := tx.WithdrawalByReference(ctx, reference)
		if errors.Is(err, postgres.ErrNoRows) {
			return refuseUnknown(tx, ledger.Object{})
		}
		found = w.Intervention
		return err
	})
	return found, err
}

func receiptLine(w postgres.Withdrawal) ReceiptLine {
	return ReceiptLine{
		Reference: w.Reference, ReceivedAt: w.ReceivedAt, RecordedAt: w.RecordedAt, Channel: Channel(w.Channel),
		Effective: w.Effective, Whole: w.Scope == "whole",
	}
}

// brief is a receipt without what has to be looked up for it.
func (m *matter) brief(w *postgres.Withdrawal) *Receipt {
	return &Receipt{ReceiptLine: receiptLine(*w), CaseNumber: m.i.CaseNumber, Intervention: m.i.ID, Closes: w.Closes}
}

// receipt puts a withdrawal into a receipt, from what its reader may see now.
func (m *matter) receipt(ctx context.Context, w *postgres.Withdrawal) (*Receipt, error) {
	r := m.brief(w)
	if !w.Effective {
		return r, nil
	}
	k, err := keptOf(*w)
	if err != nil {
		return nil, err
	}
	facts, err := m.tx.ReceiptFacts(ctx, w)
	if err != nil {
		return nil, err
	}
	m.takeVersions(facts.Versions)
	r.Over, r.Ahead = k.Over && !w.Closes, k.Ahead
	m.signedText(w, r)
	c := m.version(w.Consent)
	r.SaidYes = m.saidYes(c, SignerRef{Guardian: sig.GuardianID{UUID: w.Signer}}) || m.saidYes(c, SignerRef{Youth: sig.YouthID{UUID: w.Signer}})
	names, err := m.privateNames(ctx, m.rows[w.Consent])
	if err != nil {
		return nil, err
	}
	for _, row := range m.rows[w.Consent] {
		n := slices.IndexFunc(k.Rows, func(one keptRow) bool { return one.Grant == row.ID })
		switch {
		case w.Closes: // with the intervention every row ended, also those that nobody named
			r.Lost = append(r.Lost, LostRow{Row: m.showRow(row.Grant, names[row.ID]), Categories: row.Categories, Whole: true})
		case n >= 0:
			r.Lost = append(r.Lost, LostRow{
				Row: m.showRow(row.Grant, names[row.ID]), Categories: k.Rows[n].Categories, Whole: k.Rows[n].Whole,
			})
		}
	}
	for _, n := range facts.Notices {
		if n.Told {
			r.Told = append(r.Told, m.party(n.Seat))
		} else {
			r.Untold = append(r.Untold, m.party(n.Seat))
		}
	}
	m.countReads(facts, w, r)
	r.MeetingsOff, r.Calls = m.endedCalls(facts.Calls, w.Closes)
	m.stripReceipt(r)
	return r, nil
}

// signedText says which text in which language the signer had said yes to: of
// the version that was taken back or, where that came without a signature of
// theirs, of the last one before it that they signed.
func (m *matter) signedText(w *postgres.Withdrawal, r *Receipt) {
	reached := false
	for n := range m.consents { // newest first
		c := &m.consents[n]
		reached = reached || c.ID == w.Consent
		if !reached {
			continue
		}
		row, signed := m.signerRow(c, SignerRef{Guardian: sig.GuardianID{UUID: w.Signer}})
		if !signed {
			row, signed = m.signerRow(c, SignerRef{Youth: sig.YouthID{UUID: w.Signer}})
		}
		if !signed || row.Answer != sig.AnswerSigned || row.Language == "" {
			continue
		}
		hash := row.SeenHash
		if hash == nil && !m.strips() { // a text with places in it could be guessed
			hash = row.TextHash
		}
		r.SignedIn, r.SignedText = row.Language, strings.TrimPrefix(hashText(hash)+" · "+markOf(row.Language, row.Wording), " · ")
		return
	}
}

// countReads adds what had been read before, what was told too late, and how
// many copies were cut, as far as the reader may know of the disclosures at all.
func (m *matter) countReads(facts postgres.ReceiptFacts, w *postgres.Withdrawal, r *Receipt) {
	lost, origins := map[sig.DisclosureID]bool{}, m.origins()
	for _, d := range facts.Disclosures {
		n := takenFrom(r.Lost, origins[d.Grant], d.Categories)
		if n < 0 || d.Basis != "consent" || d.State != "sent" || d.SentAt == nil || d.SentAt.After(w.RecordedAt) {
			continue
		}
		lost[d.ID] = true
		if d.AfterWithdrawal && !d.SentAt.Before(w.ReceivedAt) {
			r.Late = append(r.Late, ReadLine{At: *d.SentAt, Function: d.Recipient.Function, Party: r.Lost[n].Row.Recipient})
		}
	}
	for _, read := range facts.Reads {
		if lost[read.Disclosure] {
			r.AlreadyRead = append(r.AlreadyRead, ReadLine{
				At: read.At, Function: read.Function,
				Party: m.party(sig.Seat{Authority: read.Authority, Unit: read.Unit, Function: read.Function}),
			})
		}
	}
	r.Copies = len(lost)
}

// origins is, of every row in whatever version, the row that it continues.
func (m *matter) origins() map[sig.GrantID]sig.GrantID {
	of := map[sig.GrantID]sig.GrantID{}
	for _, rows := range m.rows {
		for _, row := range rows {
			of[row.ID] = row.Origin
		}
	}
	return of
}

// takenFrom finds the row by which something was disclosed, in whatever version it
// stood and wherever its functions have moved since, if a withdrawal took one of
// the disclosed categories from it; -1 is none.
func takenFrom(lost []LostRow, origin sig.GrantID, disclosed []sig.Category) int {
	return slices.IndexFunc(lost, func(l LostRow) bool {
		return !origin.IsZero() && l.Row.Origin == origin &&
			slices.ContainsFunc(disclosed, func(c sig.Category) bool { return contains(l.Categories, c) })
	})
}
