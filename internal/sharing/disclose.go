package sharing

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// NewDisclosure is an officer's act: one item to named recipients.
type NewDisclosure struct {
	Key          string // made by the form, so that a repeat is the same act
	Intervention sig.InterventionID
	Item         sig.ItemID
	Recipients   []sig.Seat
	Private      []sig.GrantID
	Necessity    string // why they need it
	WeakerReason string // why it is sent although secrecy is weaker there
}

// Sent is what became of one recipient's part.
type Sent struct {
	ID        sig.DisclosureID
	Recipient sig.Seat
	Private   sig.GrantID
	Waiting   bool // for the second officer
	At        time.Time
}

func (n *NewDisclosure) check() error {
	var c fault.Check
	n.Necessity, n.WeakerReason = strings.TrimSpace(n.Necessity), strings.TrimSpace(n.WeakerReason)
	checkText(&c, "necessity", n.Necessity, MaxReason, true)
	checkText(&c, "weaker_reason", n.WeakerReason, MaxReason, false)
	n.Recipients, n.Private = distinct(n.Recipients), distinct(n.Private)
	if len(n.Recipients)+len(n.Private) == 0 {
		c.Fail("recipients", "error.choose_recipient")
	}
	if len(n.Recipients)+len(n.Private) > 20 {
		c.Fail("recipients", "error.too_many", "max", 20)
	}
	return c.Err()
}

// Disclose decides about every recipient under the intervention's lock and
// sends to all or to none. A no is recorded, committed and answered at the
// recipient's field with the failed test. What needs a second officer waits.
func (s *Service) Disclose(ctx context.Context, actor sig.Actor, in NewDisclosure) ([]Sent, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	sent, err := s.disclose(ctx, actor, in)
	if postgres.IsRepeat(err) { // the same form, sent twice at once
		return s.disclose(ctx, actor, in)
	}
	return sent, err
}

// disclose holds the lock as readers do: what only adds something need not wait
// for others who add, and a withdrawal waits for it, or it for the withdrawal.
func (s *Service) disclose(ctx context.Context, actor sig.Actor, in NewDisclosure) ([]Sent, error) {
	var sent []Sent
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		tx.ShareCase(in.Intervention)
		entry := ledger.Entry{Kind: ledger.Disclose, Intervention: in.Intervention, Object: ledger.Of(ledger.ObjectItem, in.Item)}
		a, err := s.beginDisclosure(ctx, tx, in, entry)
		if err != nil {
			return err
		}
		plans, err := decideAll(tx, a, in)
		if err != nil {
			return err
		}
		sent, err = s.sendAll(ctx, tx, a, in, plans)
		return err
	})
	return sent, err
}

// plan is one recipient with the yes that was given.
type plan struct {
	id       sig.DisclosureID
	to       sig.Place
	people   []postgres.Seated // who will read it there
	private  sig.GrantID
	grant    sig.Grant
	decision policy.Decision
	waiting  bool
}

// decideAll asks the policy about each recipient; one no refuses the whole act.
func decideAll(tx *postgres.Tx, a *act, in NewDisclosure) ([]plan, error) {
	var plans []plan
	var noes fault.Check
	var last policy.Reason
	for i, seat := range in.Recipients {
		p := a.planSeat(tx, in, seat)
		if !p.decision.Allowed {
			last = p.decision.Reason
			noes.Fail(fmt.Sprintf("recipients.%d", i), "reason."+string(last))
			if err := a.recordRefusal(tx, seat, last); err != nil {
				return nil, err
			}
			continue
		}
		plans = append(plans, p)
	}
	for i, grant := range in.Private {
		p := a.planPrivate(tx, in, grant)
		if !p.decision.Allowed {
			last = p.decision.Reason
			noes.Fail(fmt.Sprintf("private.%d", i), "reason."+string(last))
			if err := a.recordRefusal(tx, sig.Seat{}, last); err != nil {
				return nil, err
			}
			continue
		}
		plans = append(plans, p)
	}
	if noes.Err() != nil {
		return nil, tx.Refuse(noes.Err())
	}
	return plans, nil
}

func (a *act) recordRefusal(tx *postgres.Tx, to sig.Seat, why policy.Reason) error {
	e := ledger.Entry{
		Kind: ledger.Disclose, Intervention: a.facts.Intervention, Object: ledger.Of(ledger.ObjectItem, a.item.ID),
		Recipient: recipientOf(to), Categories: a.item.Categories,
	}
	return tx.Record(e.Refuse(string(why)))
}

func (a *act) planSeat(tx *postgres.Tx, in NewDisclosure, seat sig.Seat) plan {
	p := plan{id: disclosedTo(tx.Actor, in.Key, seat), people: a.seats[seat].Readers()}
	to := a.seats[seat].Place
	if to.Authority != seat.Authority { // an unknown unit is a recipient whom no row names
		p.decision = policy.Decision{Reason: policy.NoGrantToRecipient}
		return p
	}
	r := a.request(tx, to, len(p.people) > 0)
	r.Officer.Acknowledged = in.WeakerReason != ""
	p.to = to
	p.settle(r)
	return p
}

func (a *act) planPrivate(tx *postgres.Tx, in NewDisclosure, grant sig.GrantID) plan {
	p := plan{id: disclosedPrivately(tx.Actor, in.Key, grant), private: grant}
	r := a.privateRequest(tx, grant)
	r.Officer.Acknowledged = in.WeakerReason != ""
	p.settle(r)
	return p
}

// settle decides, and turns the wait for a second officer into a yes that is
// not sent.
func (p *plan) settle(r *policy.Request) {
	p.decision = policy.Decide(r)
	if p.decision.Reason == policy.SecondOfficer {
		r.Officer.SecondApproved = true
		p.decision, p.waiting = policy.Decide(r), true
	}
	if p.decision.Grant >= 0 {
		p.grant = r.Consent.Grants[p.decision.Grant]
	}
}

// sendAll writes the disclosures, the copies and the ledger, and tells whom it
// reaches.
func (s *Service) sendAll(ctx context.Context, tx *postgres.Tx, a *act, in NewDisclosure, plans []plan) ([]Sent, error) {
	places := []seal.Place{bodyPlace(a.item)}
	for _, p := range plans {
		places = append(places, seal.Place{Authority: p.to.Authority, Intervention: in.Intervention})
	}
	keys, err := s.Sealer.Keys(ctx, tx, places...)
	if err != nil {
		return nil, err
	}
	text, err := keys.Open(bodyPlace(a.item), a.item.BodySealed)
	if err != nil {
		return nil, err
	}
	var sent []Sent
	for _, p := range plans {
		out := Sent{ID: p.id, Recipient: p.to.Seat(), Private: p.private, Waiting: p.waiting, At: tx.Now()}
		if earlier, found := a.earlier[p.id]; found {
			sent = append(sent, sentOf(earlier)) // the same form, sent twice
			continue
		}
		d, err := insertDisclosure(ctx, tx, keys, a, in, p, text)
		if err != nil {
			return nil, err
		}
		if err := afterDisclosure(ctx, tx, keys, d, p, text); err != nil {
			return nil, err
		}
		sent = append(sent, out)
	}
	return sent, nil
}

func bodyPlace(it postgres.Item) seal.Place {
	return seal.Place{Authority: it.Authority, Intervention: it.Intervention, Field: fieldBody, Object: it.ID.UUID}
}

func insertDisclosure(
	ctx context.Context, tx *postgres.Tx, keys *seal.Keys, a *act, in NewDisclosure, p plan, text []byte,
) (postgres.Disclosure, error) {
	hash := sha256.Sum256(text)
	d := postgres.Disclosure{
		ID: p.id, Intervention: in.Intervention, Item: in.Item, Sender: a.place.Seat(), Assignment: tx.Actor.Assignment,
		Recipient: p.to.Seat(), PrivateGrant: p.private, Basis: "internal_need", Categories: a.item.Categories,
		State: "sent", QueuedAt: tx.Now(), ContentHash: hash[:],
	}
	if p.decision.Reason == policy.ByConsent {
		d.Basis, d.Consent, d.Grant = "consent", a.facts.Consent, p.grant.ID
	}
	if p.waiting {
		d.State = "queued"
	} else {
		now := tx.Now()
		d.SentAt = &now
	}
	at := seal.Place{Authority: a.item.Authority, Intervention: in.Intervention, Field: fieldNecessity, Object: p.id.UUID}
	var err error
	if d.NecessitySealed, err = keys.Seal(ctx, at, []byte(in.Necessity)); err != nil {
		return d, err
	}
	if in.WeakerReason != "" {
		at.Field = fieldWeaker
		if d.WeakerSealed, err = keys.Seal(ctx, at, []byte(in.WeakerReason)); err != nil {
			return d, err
		}
	}
	tx.InsertDisclosure(d)
	return d, nil
}

// afterDisclosure delivers what is sent, or asks for the second officer.
func afterDisclosure(ctx context.Context, tx *postgres.Tx, keys *seal.Keys, d postgres.Disclosure, p plan, text []byte) error {
	e := ledger.Entry{
		Kind: ledger.Disclose, Reason: string(p.decision.Reason), Intervention: d.Intervention,
		Object: ledger.Of(ledger.ObjectDisclosure, d.ID), Consent: d.Consent, Basis: d.Basis,
		Recipient: recipientOf(d.Recipient), Categories: d.Categories,
		Detail: ledger.Detail{"item": d.Item.String(), "state": d.State},
	}
	if err := tx.Record(e); err != nil {
		return err
	}
	if p.waiting {
		return askSecondOfficer(ctx, tx, d)
	}
	if !p.private.IsZero() {
		return nil // told by voice or letter; there is no inbox
	}
	return deliver(ctx, tx, keys, d, p.people, p.grant.Aim, text)
}

// deliver seals a frozen copy under the recipient's own key, puts it into the
// inbox and tells those who may read it now that something has changed.
func deliver(
	ctx context.Context, tx *postgres.Tx, keys *seal.Keys, d postgres.Disclosure, readers []postgres.Seated, aim sig.Aim, text []byte,
) error {
	at := seal.Place{Authority: d.Recipient.Authority, Intervention: d.Intervention, Field: fieldBody, Object: d.ID.UUID}
	body, err := keys.Seal(ctx, at, text)
	if err != nil {
		return err
	}
	tx.Deliver(postgres.Received{
		ID: d.ID, Intervention: d.Intervention, Item: d.Item, Recipient: d.Recipient, Sender: d.Sender, Basis: d.Basis,
		Categories: d.Categories, Aim: aim, BodySealed: body, ContentHash: d.ContentHash, ReceivedAt: tx.Now(),
	})
	tellRecipients(tx, d, readers)
	return nil
}
