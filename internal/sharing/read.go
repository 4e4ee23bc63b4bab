package sharing

import (
	"context"
	"errors"
	"slices"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Copy is one received copy, open before its reader.
type Copy struct {
	ID           sig.DisclosureID
	Intervention sig.InterventionID
	CaseNumber   string
	YouthName    string
	Sender       sig.Seat
	Recipient    sig.Seat
	Categories   []sig.Category
	Internal     bool
	Aim          sig.Aim
	Text         string
	ContentHash  []byte
	ReceivedAt   time.Time
	Until        time.Time // when the row that covers it ends; zero for an internal copy
	// After a cut the registrar alone reads on.
	CutAt          *time.Time
	RegistrarUntil *time.Time
	TransferredAt  *time.Time
	Late           bool // disclosed after the consent had been taken back, before that was recorded
	Actions        CopyActions
}

// CopyActions are what the reader may do with the copy.
type CopyActions struct{ Transfer, Export bool }

// OpenCopy opens one copy for the actor's hat. Content, second wall and ledger
// row are one statement under the shared lock; the policy then looks at the
// row with the same facts and instant. Unknown and forbidden answer alike.
func (s *Service) OpenCopy(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.DisclosureID) (*Copy, error) {
	return s.openCopy(ctx, actor, intervention, id, ledger.ReadCopy)
}

// ExportCopy opens a copy to be taken over into the recipient's own file.
func (s *Service) ExportCopy(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.DisclosureID) (*Copy, error) {
	return s.openCopy(ctx, actor, intervention, id, ledger.ExportCopy)
}

func (s *Service) openCopy(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.DisclosureID, kind ledger.Kind) (*Copy, error) {
	var out *Copy
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		entry := ledger.Entry{Kind: kind, Intervention: intervention, Object: ledger.Of(ledger.ObjectDisclosure, id)}
		facts, row, err := tx.ReadCopy(ctx, intervention, id, string(kind), sig.RequestOf(ctx))
		if errors.Is(err, postgres.ErrNoRows) {
			return s.missingCopy(ctx, tx, entry)
		}
		if err != nil {
			return err
		}
		d, until, err := decideCopy(ctx, tx, facts, row)
		if err != nil {
			return err
		}
		if !d.Allowed {
			return wallsDisagree(tx, "database", d, entry)
		}
		at := seal.Place{Authority: row.Recipient.Authority, Intervention: intervention, Field: fieldBody, Object: id.UUID}
		text, err := s.Sealer.Open(ctx, tx, at, row.BodySealed)
		if err != nil {
			return err
		}
		out = copyView(facts, row, string(text), until, d)
		return nil
	})
	return out, err
}

// decideCopy asks the pure policy about a row that the second wall returned.
func decideCopy(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, row postgres.Received) (policy.Decision, time.Time, error) {
	place, participates, err := readerPlace(ctx, tx, facts, row)
	if err != nil {
		return policy.Decision{}, time.Time{}, err
	}
	r := requestFor(tx, facts, policy.ReadCopy, place, participates)
	r.Copy = copyOf(row)
	d := policy.Decide(r)
	if d.Grant >= 0 {
		return d, r.Consent.Grants[d.Grant].To, nil
	}
	return d, time.Time{}, nil
}

func copyOf(row postgres.Received) policy.Copy {
	c := policy.Copy{
		ByConsent: row.Basis == "consent", Sender: row.Sender, Recipient: row.Recipient,
		Categories: row.Categories, Cut: row.CutAt != nil,
	}
	if row.RegistrarUntil != nil {
		c.RegistrarUntil = *row.RegistrarUntil
	}
	return c
}

// readerPlace is the seat from which the actor reads: the one that received
// the copy, filled for one meeting alone if it was told there, or the
// registrar's office.
func readerPlace(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, row postgres.Received) (sig.Place, bool, error) {
	for _, seat := range facts.Seats {
		if seat.Authority == row.Recipient.Authority && seat.Function == row.Recipient.Function {
			return seat, true, nil
		}
	}
	for _, i := range facts.Instead {
		if i.Place.Authority != row.Recipient.Authority || i.Place.Function != row.Recipient.Function {
			continue
		}
		if heard, err := tx.ToldAt(ctx, row.Item, i.Meeting); heard || err != nil {
			return i.Place, heard, err
		}
	}
	place, err := tx.OwnPlace(ctx)
	return place, false, err
}

func copyView(facts *postgres.CaseFacts, row postgres.Received, text string, until time.Time, d policy.Decision) *Copy {
	registrar := d.Reason == policy.ByRegistrarWindow
	return &Copy{
		ID: row.ID, Intervention: row.Intervention, CaseNumber: facts.CaseNumber, YouthName: facts.YouthName,
		Sender: row.Sender, Recipient: row.Recipient, Categories: row.Categories, Internal: row.Basis != "consent",
		Aim: row.Aim, Text: text, ContentHash: row.ContentHash, ReceivedAt: row.ReceivedAt, Until: until,
		CutAt: row.CutAt, RegistrarUntil: row.RegistrarUntil, TransferredAt: row.TransferredAt, Late: row.Late,
		Actions: CopyActions{Transfer: registrar && row.TransferredAt == nil, Export: registrar},
	}
}

// MarkTransferred notes that the registrar has moved the copy into the own
// authority's file. Noting it again changes nothing.
func (s *Service) MarkTransferred(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.DisclosureID) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		entry := ledger.Entry{Kind: ledger.TransferCopy, Intervention: intervention, Object: ledger.Of(ledger.ObjectDisclosure, id)}
		err := tx.MarkTransferred(ctx, intervention, id, actor.Assignment)
		if errors.Is(err, postgres.ErrNoRows) {
			if moved, err := tx.Transferred(ctx, intervention, id); err != nil || moved {
				return err
			}
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		_, err = tx.Append(ctx, entry)
		return err
	})
}

// InboxPage is one page of an inbox, newest first.
type InboxPage struct {
	Lines  []InboxLine
	Hidden []HiddenCase // on the first page of all cases
	Next   *Cursor      // nil on the last page
}

// HiddenCase is how much cuts have taken from the actor's inbox in one case, so
// that an inbox which a withdrawal has emptied does not read as one where
// nothing has come. It tells how many and why, and nothing of them.
type HiddenCase = postgres.HiddenCase

// InboxLine is a copy in a list, without anything of its text.
type InboxLine = postgres.InboxLine

// Cursor is where the next page begins: after this copy.
type Cursor struct {
	At time.Time
	ID sig.DisclosureID
}

// InboxSize is how many copies one page of the inbox holds.
const InboxSize = 50

// Inbox lists the copies that the actor may open now: of one case, or of all
// when intervention is nil. It shows no text, and there are no totals.
func (s *Service) Inbox(ctx context.Context, actor sig.Actor, intervention *sig.InterventionID, after *Cursor) (*InboxPage, error) {
	page := &InboxPage{}
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		var before *postgres.InboxLine
		if after != nil {
			before = &postgres.InboxLine{ID: after.ID, ReceivedAt: after.At}
		}
		lines, hidden, err := tx.Inbox(ctx, postgres.InboxQuery{
			Intervention: intervention, Before: before, Size: InboxSize + 1, Request: sig.RequestOf(ctx),
		})
		if err != nil {
			return err
		}
		page.Hidden = hidden
		if len(lines) > InboxSize {
			last := lines[InboxSize-1]
			page.Next = &Cursor{At: last.ReceivedAt, ID: last.ID}
			lines = lines[:InboxSize]
		}
		page.Lines = lines
		return nil
	})
	return page, err
}

// OpenItem is one item, open before somebody of the owning authority who takes
// part, or before a member of the family for whom it was decided visible.
type OpenItem struct {
	ID           sig.ItemID
	Intervention sig.InterventionID
	CaseNumber   string
	Authority    sig.AuthorityID
	Unit         sig.UnitID
	Function     sig.Function
	Categories   []sig.Category
	Text         string
	Blocked      bool
	Corrects     *sig.ItemID
	CreatedAt    time.Time
	Concerns     []NewConcern // staff only
	Family       []FamilyView // staff only: visibility, one by one
	Actions      ItemActions
}

// ItemActions are what the reader may do with the item.
type ItemActions struct{ Disclose, Block, DecideVisibility, Correct bool }

// OpenItem opens one item and writes the ledger row that goes with it.
func (s *Service) OpenItem(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.ItemID) (*OpenItem, error) {
	var out *OpenItem
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Share(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		var err error
		out, err = s.OpenItemHere(ctx, tx, intervention, id)
		return err
	})
	return out, err
}

// OpenItemHere is OpenItem within a transaction that has taken the case's lock.
func (s *Service) OpenItemHere(ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID, id sig.ItemID) (*OpenItem, error) {
	entry := ledger.Entry{Kind: ledger.ReadItem, Intervention: intervention, Object: ledger.Of(ledger.ObjectItem, id)}
	facts, err := factsOf(ctx, tx, intervention, entry)
	if err != nil {
		return nil, err
	}
	basis := "participation"
	if tx.Actor.IsCitizen() {
		basis = "visibility"
	}
	row, err := tx.ReadItem(ctx, intervention, id, basis, sig.RequestOf(ctx))
	if errors.Is(err, postgres.ErrNoRows) {
		return nil, tx.RefuseMissing(entry)
	}
	if err != nil {
		return nil, err
	}
	d, err := s.decideItem(ctx, tx, facts, row)
	if err != nil {
		return nil, err
	}
	if !d.Allowed {
		return nil, wallsDisagree(tx, "database", d, entry)
	}
	text, err := s.Sealer.Open(ctx, tx, bodyPlace(row), row.BodySealed)
	if err != nil {
		return nil, err
	}
	out := itemView(facts, row, string(text))
	if strips(tx, facts) {
		out.Authority, out.Unit = "", ""
	}
	if tx.Actor.IsCitizen() {
		return out, nil
	}
	return out, s.staffParts(ctx, tx, facts, row, out)
}

// FamilyItem is an item that the member of the family who acts may read, for an
// act that shows nothing of its text; any other is none.
func (s *Service) FamilyItem(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, id sig.ItemID) (postgres.Item, error) {
	row, err := tx.Item(ctx, facts.Intervention, id)
	if errors.Is(err, postgres.ErrNoRows) {
		return row, fault.Missing()
	}
	if err != nil {
		return row, err
	}
	d, err := s.decideItem(ctx, tx, facts, row)
	if err == nil && (!d.Allowed || !tx.Actor.IsCitizen()) {
		err = fault.Missing()
	}
	return row, err
}

func (s *Service) decideItem(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, row postgres.Item) (policy.Decision, error) {
	if !tx.Actor.IsCitizen() {
		return decideOwnItem(ctx, tx, facts, row)
	}
	decided, err := tx.Visibilities(ctx, row.ID)
	if err != nil {
		return policy.Decision{}, err
	}
	under, err := tx.HomeRiskApplies(ctx)
	if err != nil {
		return policy.Decision{}, err
	}
	r := requestFor(tx, facts, policy.ReadAsFamily, sig.Place{}, true)
	r.Actor.UnderAge, r.Item.Categories = under, row.Categories
	for _, v := range decided {
		if v.Viewer.UUID == tx.Actor.Guardian.UUID || v.Viewer.UUID == tx.Actor.Youth.UUID {
			r.Item.Visible, r.Item.LowRisk = v.Visible, v.LowRiskAtHome
		}
	}
	return policy.Decide(r), nil
}

// decideOwnItem is the best of the answers to the seats that the actor fills.
func decideOwnItem(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, row postgres.Item) (policy.Decision, error) {
	said, err := tx.SaidAt(ctx, row.ID)
	if err != nil {
		return policy.Decision{}, err
	}
	if len(facts.Seats) == 0 {
		return policy.Decide(ownItem(tx, facts, sig.Place{}, row, said)), nil
	}
	var last policy.Decision
	for _, place := range facts.Seats {
		if last = policy.Decide(ownItem(tx, facts, place, row, said)); last.Allowed {
			break
		}
	}
	return last, nil
}

// ownItem asks about an item of the reader's own authority.
func ownItem(tx *postgres.Tx, facts *postgres.CaseFacts, place sig.Place, row postgres.Item, said []postgres.SaidAt) *policy.Request {
	r := requestFor(tx, facts, policy.ReadItem, place, place.Function != "")
	r.Item = policy.Item{Owner: row.Authority, Categories: row.Categories}
	for _, s := range said {
		r.Item.Said = append(r.Item.Said, policy.Meeting{
			Host: placeOf(facts.Current(s.Host, tx.Now())), Teller: placeOf(facts.Current(s.Teller, tx.Now())),
			Called: slices.ContainsFunc(s.Called, func(v sig.Seat) bool { return facts.Current(v, tx.Now()) == place.Seat() }),
		})
	}
	return r
}

func placeOf(s sig.Seat) sig.Place {
	return sig.Place{Authority: s.Authority, Unit: s.Unit, Function: s.Function}
}

func itemView(facts *postgres.CaseFacts, row postgres.Item, text string) *OpenItem {
	return &OpenItem{
		ID: row.ID, Intervention: row.Intervention, CaseNumber: facts.CaseNumber, Authority: row.Authority, Unit: row.Unit,
		Function: row.Function, Categories: row.Categories, Text: text, Blocked: row.Blocked, Corrects: row.Corrects, CreatedAt: row.CreatedAt,
	}
}

// staffParts adds what only the owner's staff see.
func (s *Service) staffParts(ctx context.Context, tx *postgres.Tx, facts *postgres.CaseFacts, row postgres.Item, out *OpenItem) error {
	concerns, err := tx.Concerns(ctx, row.ID)
	if err != nil {
		return err
	}
	at := bodyPlace(row)
	at.Field = fieldConcern
	for _, c := range concerns {
		name, err := s.Sealer.Open(ctx, tx, at, c.NameSealed)
		if err != nil {
			return err
		}
		out.Concerns = append(out.Concerns, NewConcern{Name: string(name), Handled: c.Handled})
	}
	if out.Family, err = s.familyViews(ctx, tx, row); err != nil {
		return err
	}
	live := !facts.State.Ended()
	out.Actions = ItemActions{Disclose: live && !row.Blocked, Block: live, DecideVisibility: true, Correct: live}
	return nil
}

// Items lists the items of a case: the own authority's for its participants,
// those decided visible for a member of the family. One ledger row stands for
// the list; it shows nothing of the texts.
func (s *Service) Items(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) ([]postgres.ItemLine, error) {
	var lines []postgres.ItemLine
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		entry := ledger.Entry{Kind: ledger.ListItems, Intervention: intervention}
		facts, err := factsOf(ctx, tx, intervention, entry)
		if err != nil {
			return err
		}
		if lines, err = tx.ItemLines(ctx, intervention); err != nil {
			return err
		}
		for n := range lines {
			if strips(tx, facts) {
				lines[n].Unit = ""
			}
		}
		entry.Detail = ledger.Detail{"rows": len(lines)}
		_, err = tx.Append(ctx, entry)
		return err
	})
	return lines, err
}

// BlockItem stops every disclosure of an item for somebody's integrity, or
// lets it be disclosed again.
func (s *Service) BlockItem(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.ItemID, blocked bool) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		entry := ledger.Entry{
			Kind: ledger.WriteItem, Intervention: intervention, Object: ledger.Of(ledger.ObjectItem, id), Detail: ledger.Detail{"blocked": blocked},
		}
		err := tx.BlockItem(ctx, intervention, id, blocked)
		if errors.Is(err, postgres.ErrNoRows) {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		_, err = tx.Append(ctx, entry)
		return err
	})
}
