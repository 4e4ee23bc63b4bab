package sharing

import (
	"context"
	"errors"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Candidate is a function that an item might be told, with the answer of the
// very decision that sending will ask again: nobody is hidden, a refusal says
// why (reason.<Reason>) and what to do (reason.<Reason>.todo).
type Candidate struct {
	Seat         sig.Seat
	PrivateGrant sig.GrantID // zero for a seat
	Private      sig.PrivateKind
	PrivateName  string // a close person's or expert's own name
	Allowed      bool
	Reason       policy.Reason
	Internal     bool       // inside the own authority: by need, not by consent
	Aim          sig.Aim    // the row's
	Until        time.Time  // when the row ends; zero for an internal recipient
	Weaker       string     // message key of the strong-to-weak warning, empty if none
	SecondNeeded bool       // a second officer must approve before it leaves
	People       []string   // who sits there today
	Readers      []string   // those of them who take part and can read it at once
	Participates bool       // there are such
	Safer        []sig.Seat // of a weaker one: allowed seats of its authority where secrecy is as strong
}

// Candidates answers "Vem ser detta?" for an item, before it is sent.
type Candidates struct {
	Item       sig.ItemID
	Categories []sig.Category
	CaseNumber string
	List       []Candidate
}

// Candidates lists every function that the consent names beside the actor's
// own, and the own authority's seats in the case, each with the decision.
func (s *Service) Candidates(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, item sig.ItemID) (*Candidates, error) {
	var out *Candidates
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		tx.ShareCase(intervention)
		entry := ledger.Entry{Kind: ledger.PreviewDisclosure, Intervention: intervention, Object: ledger.Of(ledger.ObjectItem, item)}
		act, err := s.beginDisclosure(ctx, tx, NewDisclosure{Intervention: intervention, Item: item}, entry)
		if err != nil {
			return err
		}
		out = &Candidates{Item: item, Categories: act.item.Categories, CaseNumber: act.facts.CaseNumber}
		seats, grants, err := act.choices(ctx, tx)
		if err != nil {
			return err
		}
		if act.seats, err = tx.SeatsInCase(ctx, intervention, seats...); err != nil {
			return err
		}
		for _, seat := range seats {
			out.List = append(out.List, act.candidate(tx, seat))
		}
		suggestSafer(out.List)
		for _, g := range grants {
			out.List = append(out.List, act.privateCandidate(tx, g))
		}
		if err := nameEach(ctx, s, tx, act.facts, out.List, ofCandidate); err != nil {
			return err
		}
		_, err = tx.Append(ctx, entry)
		return err
	})
	return out, err
}

// suggestSafer names, beside each weaker recipient, those of the same authority
// where what is told stays as secret (T29): the pupil health, not the mentor.
func suggestSafer(list []Candidate) {
	for i := range list {
		if list[i].Weaker == "" {
			continue
		}
		for _, other := range list {
			if other.Seat.Authority == list[i].Seat.Authority && other.Weaker == "" && other.Allowed {
				list[i].Safer = append(list[i].Safer, other.Seat)
			}
		}
	}
}

// act is what one disclosure is decided from.
type act struct {
	facts    *postgres.CaseFacts
	item     postgres.Item
	place    sig.Place
	concerns []postgres.Concern
	seats    map[sig.Seat]postgres.SeatFacts // those that the act names
	earlier  map[sig.DisclosureID]postgres.Disclosure
}

// beginDisclosure reads what the act is decided from; somebody without a part,
// or an item of another authority, answers NotFound.
func (s *Service) beginDisclosure(ctx context.Context, tx *postgres.Tx, in NewDisclosure, e ledger.Entry) (*act, error) {
	f, err := tx.DisclosureFacts(ctx, in.Intervention, in.Item, in.Recipients, in.ids(tx.Actor))
	switch {
	case errors.Is(err, postgres.ErrNoRows), tx.Actor.Function == sig.RoleLogReviewer:
		return nil, tx.RefuseMissing(e)
	case err != nil:
		return nil, err
	case len(f.Case.Seats) == 0, f.Item == nil:
		return nil, tx.RefuseMissing(e)
	}
	return &act{
		facts: &f.Case, item: *f.Item, place: f.Case.Seats[0], concerns: f.Concerns, seats: f.Seats, earlier: f.Earlier,
	}, nil
}

// choices are the seats and private recipients worth showing: those that a row
// names beside the discloser's own seat, and the own authority's seats.
func (a *act) choices(ctx context.Context, tx *postgres.Tx) ([]sig.Seat, []sig.Grant, error) {
	inside, err := tx.InternalSeats(ctx, a.facts.Intervention, a.place.Authority)
	if err != nil {
		return nil, nil, err
	}
	seen := map[sig.Seat]bool{a.place.Seat(): true}
	var seats []sig.Seat
	add := func(seat sig.Seat) {
		if !seat.IsZero() && !seen[seat] {
			seen[seat] = true
			seats = append(seats, seat)
		}
	}
	var private []sig.Grant
	for _, g := range a.facts.Rows() {
		add(g.Recipient)
		add(g.Discloser)
		if g.Private != "" && g.Discloser == a.place.Seat() {
			private = append(private, g)
		}
	}
	for _, seat := range inside {
		add(seat)
	}
	return seats, private, nil
}

// request is the question about one recipient. The officer's answers are taken
// as given here; sending asks for them.
func (a *act) request(tx *postgres.Tx, to sig.Place, participates bool) *policy.Request {
	r := requestFor(tx, a.facts, policy.Disclose, a.place, true)
	r.Item = policy.Item{Owner: a.item.Authority, Categories: a.item.Categories, Blocked: a.item.Blocked}
	for _, c := range a.concerns {
		r.Item.ThirdParty = r.Item.ThirdParty || c.Handled == "none"
	}
	r.Recipient = policy.Recipient{Place: to, Participates: participates}
	r.Officer.Necessity, r.Officer.Acknowledged = true, true
	return r
}

func (a *act) candidate(tx *postgres.Tx, seat sig.Seat) Candidate {
	to := a.seats[seat].Place
	c := Candidate{Seat: seat}
	for _, p := range a.seats[seat].People {
		c.People = append(c.People, p.Name)
		if p.Participates {
			c.Readers, c.Participates = append(c.Readers, p.Name), true
		}
	}
	r := a.request(tx, to, c.Participates)
	a.take(&c, policy.Decide(r), r)
	if w, weaker := policy.Weaker(a.place.Regime, to.Regime); weaker && !c.Internal {
		c.Weaker = w.Code
	}
	return c
}

// privateCandidate puts somebody private to the policy, as every seat is.
func (a *act) privateCandidate(tx *postgres.Tx, g sig.Grant) Candidate {
	c := Candidate{PrivateGrant: g.ID, Private: g.Private, Until: a.facts.Ends(g), Aim: g.Aim, Weaker: "strength.weaker.none"}
	r := a.privateRequest(tx, g.ID)
	a.take(&c, policy.Decide(r), r)
	c.Internal = false
	return c
}

func (a *act) privateRequest(tx *postgres.Tx, grant sig.GrantID) *policy.Request {
	r := a.request(tx, sig.Place{Regime: sig.RegimeNone}, false)
	r.Recipient.PrivateGrant = grant
	return r
}

// take writes a decision down. Waiting for the second officer is a yes that is
// not yet sent.
func (a *act) take(c *Candidate, d policy.Decision, r *policy.Request) {
	if !d.Allowed && d.Reason == policy.SecondOfficer {
		r.Officer.SecondApproved = true
		d = policy.Decide(r)
		c.SecondNeeded = true
	}
	c.Allowed, c.Reason = d.Allowed, d.Reason
	c.Internal = d.Reason == policy.ByNeed || !policy.Border(r.Actor.Place, r.Recipient.Place, r.Recipient.Participates).Crosses()
	if d.Grant >= 0 {
		g := r.Consent.Grants[d.Grant]
		c.Until, c.Aim = a.facts.Ends(g), g.Aim
	}
}
