package consenting

import (
	"context"
	"time"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// PreviewWithdrawal says what taking something back would do, before anything
// is done. Citizens leave the signer empty: it is themselves. Staff name the
// one whose withdrawal they are about to record.
func (s *Service) PreviewWithdrawal(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, signer SignerRef, scope sig.WithdrawalScope,
) (*Preview, error) {
	list, err := s.PreviewWithdrawals(ctx, actor, intervention, signer, scope)
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// PreviewRecord says what recording a withdrawal would do, decided as of the
// moment at which it was received, like the record itself: whoever had standing
// then has taken back, also when that has ended since. It refuses at the fields
// what the record would refuse: nobody is shown an effect that cannot be. The
// channel may be left out.
func (s *Service) PreviewRecord(ctx context.Context, actor sig.Actor, in RecordInput) (*Preview, error) {
	var p *Preview
	err := s.look(ctx, actor, in.Intervention, ledger.PreviewWithdrawal, func(m *matter) error {
		if err := m.must(policy.DutyRecord); err != nil {
			return err
		}
		if err := m.checkRecord(in, in.Channel != ""); err != nil {
			return err
		}
		var err error
		p, err = m.preview(ctx, in.Signer, in.Scope, in.received())
		return err
	})
	return p, err
}

// PreviewWithdrawals says what each of several scopes would do, as one look
// with one row in the ledger: a page that lets somebody choose shows them
// beside each other.
func (s *Service) PreviewWithdrawals(
	ctx context.Context, actor sig.Actor, intervention sig.InterventionID, signer SignerRef, scopes ...sig.WithdrawalScope,
) ([]*Preview, error) {
	var list []*Preview
	err := s.look(ctx, actor, intervention, ledger.PreviewWithdrawal, func(m *matter) error {
		if self, citizen := m.self(); citizen {
			signer = self
		} else if err := m.must(policy.DutyRecord); err != nil {
			return err
		}
		for _, scope := range scopes {
			p, err := m.preview(ctx, signer, scope, m.tx.Now())
			if err != nil {
				return err
			}
			list = append(list, p)
		}
		return nil
	})
	return list, err
}

func (m *matter) preview(ctx context.Context, signer SignerRef, scope sig.WithdrawalScope, received time.Time) (*Preview, error) {
	if !scope.Says() {
		return nil, checkScope(scope, "preview")
	}
	if err := m.guesses(scope); err != nil {
		return nil, err
	}
	target, removed, consequence := m.aim(signer, scope, received)
	p := &Preview{Consequence: consequence, HasStanding: m.knows(signer) && m.mayWithdrawAt(signer, received)}
	if target == nil {
		return p, nil
	}
	p.Over = m.over(target) && (consequence != sig.Closes || !m.stopped())
	names, err := m.privateNames(ctx, m.rows[target.ID])
	if err != nil {
		return nil, err
	}
	matrix := m.matrix(target.ID)
	left, _ := scope.Apply(matrix.Grants)
	for _, r := range removed {
		p.Lost = append(p.Lost, LostRow{Row: m.showRow(r.Grant, names[r.Grant.ID]), Categories: r.Categories, Whole: r.Row})
	}
	for _, g := range left {
		p.Left = append(p.Left, m.showRow(g, names[g.ID]))
	}
	after := sig.Matrix{Grants: left, Exclusions: matrix.Exclusions}
	if consequence == sig.Closes {
		after.Grants, p.Left = nil, nil
		p.Lost = m.allLost(matrix.Grants, names)
	}
	if p.Ahead = closing.InPreparation(target.State) && m.decided(); !p.Ahead { // nothing has been told by it
		if err := m.countLost(ctx, p, matrix, after); err != nil {
			return nil, err
		}
	}
	m.stripPreview(p)
	return p, nil
}

func (m *matter) allLost(grants []sig.Grant, names map[sig.GrantID]string) []LostRow {
	var list []LostRow
	for _, g := range grants {
		list = append(list, LostRow{Row: m.showRow(g, names[g.ID]), Categories: g.Categories, Whole: true})
	}
	return list
}

// PreviewAmendment says what the version in preparation would change against
// the one in force: what goes, what comes, how many must sign.
func (s *Service) PreviewAmendment(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Preview, error) {
	var p *Preview
	err := s.look(ctx, actor, intervention, ledger.PreviewWithdrawal, func(m *matter) error {
		c := m.preparing()
		if c == nil {
			return m.refuse("nothing_prepared", fault.Missing())
		}
		m.entry.Detail = ledger.Detail{"amendment": true}
		change, same := m.changeOf(c)
		p = &Preview{Consequence: sig.GoesOn, HasStanding: true, Change: change, MustSign: len(m.required())}
		if same {
			p.Consequence = sig.NothingRemoved
		}
		if change == ChangeNarrowing {
			p.MustSign = 1
		}
		if err := m.compare(ctx, p, c); err != nil {
			return err
		}
		m.stripPreview(p)
		return nil
	})
	return p, err
}

// showChange adds what a version would change of the one before it, for who is
// asked to sign it.
func (m *matter) showChange(ctx context.Context, c *postgres.Consent, text *Text) error {
	change, _ := m.changeOf(c)
	text.Change = &Preview{Consequence: sig.GoesOn, HasStanding: true, Change: change}
	if err := m.compare(ctx, text.Change, c); err != nil {
		return err
	}
	m.stripPreview(text.Change)
	var err error
	text.Before, err = m.show(ctx, m.before(), true)
	text.BeforeGoesOn = m.inForce() != nil
	return err
}

// compare lists row by row, by origin, what a version loses, gains and keeps.
func (m *matter) compare(ctx context.Context, p *Preview, c *postgres.Consent) error {
	before := m.before()
	var old sig.Matrix
	names, err := m.privateNames(ctx, m.rows[c.ID])
	if err != nil {
		return err
	}
	oldNames := map[sig.GrantID]string{}
	if before != nil {
		old = m.matrix(before.ID)
		if oldNames, err = m.privateNames(ctx, m.rows[before.ID]); err != nil {
			return err
		}
	}
	matrix := m.matrix(c.ID)
	for _, g := range matrix.Grants {
		if (sig.Matrix{Grants: []sig.Grant{g}}).SubsetOf(sig.Matrix{Grants: old.Grants}) {
			p.Left = append(p.Left, m.showRow(g, names[g.ID]))
		} else {
			p.Gained = append(p.Gained, m.showRow(g, names[g.ID]))
		}
	}
	for _, g := range old.Grants {
		gone := missing(g, matrix.Grants)
		if len(gone) > 0 {
			p.Lost = append(p.Lost, LostRow{
				Row: m.showRow(g, oldNames[g.ID]), Categories: gone, Whole: len(gone) == len(g.Categories),
			})
		}
	}
	if core := sig.CoreOf(old, m.tx.Now(), m.place); core.Any() && !sig.CoreOf(matrix, m.tx.Now(), m.place).Any() {
		p.Consequence = sig.Closes
	}
	return m.countLost(ctx, p, old, matrix)
}

// missing lists the categories of an old row that no new row between the same
// two sides names.
func missing(g sig.Grant, rows []sig.Grant) []sig.Category {
	var gone []sig.Category
	for _, c := range g.Categories {
		kept := false
		for _, r := range rows {
			kept = kept || r.Discloser == g.Discloser && r.Recipient == g.Recipient && r.Private == g.Private &&
				(g.Private == "" || r.Origin == g.Origin) && contains(r.Categories, c)
		}
		if !kept {
			gone = append(gone, c)
		}
	}
	return gone
}

// elsewhere lists the functions outside the board that lose something.
func (m *matter) elsewhere(lost []LostRow) []Party {
	var list []Party
	seen := map[sig.Seat]bool{}
	for _, l := range lost {
		for _, p := range []Party{l.Row.Discloser, l.Row.Recipient} {
			if p.Seat.IsZero() || p.Seat.Authority == m.i.Authority || seen[p.Seat] {
				continue
			}
			seen[p.Seat] = true
			list = append(list, p)
		}
	}
	return list
}

// countLost counts, over the disclosures that this reader may know of, what
// would be cancelled, cut, and has been read already.
func (m *matter) countLost(ctx context.Context, p *Preview, before, after sig.Matrix) error {
	p.Recipients = m.elsewhere(p.Lost)
	disclosures, err := m.tx.Disclosures(ctx, m.i.ID)
	if err != nil {
		return err
	}
	had := closing.NewCoverage(m.directory, &before, m.tx.Now())
	has := closing.NewCoverage(m.directory, &after, m.tx.Now())
	own, alone, err := m.tx.OwnInForce(ctx, m.i.ID) // as far as this reader knows of it
	if err != nil {
		return err
	}
	if len(own) > 0 {
		had.Beside(own, alone)
		if p.Consequence != sig.Closes {
			has.Beside(own, alone)
		}
	}
	lost := map[sig.DisclosureID]bool{}
	for _, d := range disclosures {
		if d.Basis != "consent" || !had.Covers(d.Sender, d.Recipient, d.Categories) || has.Covers(d.Sender, d.Recipient, d.Categories) {
			continue
		}
		switch d.State {
		case "queued":
			p.Queued++
		case "sent":
			p.Copies++
			p.Hidden = m.addHidden(p.Hidden, d.Recipient)
			lost[d.ID] = true
		}
	}
	if err := m.countCalls(ctx, p, had, has); err != nil {
		return err
	}
	if err := m.countCommitments(ctx, p, has); err != nil {
		return err
	}
	reads, err := m.tx.ReadBefore(ctx, m.i.ID, m.tx.Now())
	if err != nil {
		return err
	}
	for _, read := range reads {
		if lost[read.Disclosure] {
			p.AlreadyRead++
			delete(lost, read.Disclosure)
		}
	}
	return nil
}

func (m *matter) addHidden(list []HiddenCopies, seat sig.Seat) []HiddenCopies {
	for n := range list {
		if list[n].Party.Seat == seat {
			list[n].Copies++
			return list
		}
	}
	return append(list, HiddenCopies{Party: m.party(seat), Copies: 1})
}

// countCommitments counts the open commitments of the plan that this reader may
// see and that would be stopped: all with the intervention or, where it goes on,
// those that the cut would stop.
func (m *matter) countCommitments(ctx context.Context, p *Preview, has *closing.Coverage) error {
	open, err := m.tx.OpenCommitments(ctx, m.i.ID)
	if err != nil {
		return err
	}
	for _, c := range open {
		if p.Consequence == sig.Closes || closing.StopsCommitment(has, c) {
			p.Commitments++
		}
	}
	return nil
}
