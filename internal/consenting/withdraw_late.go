package consenting

import (
	"context"
	"slices"
	"time"

	"sigportal/internal/closing"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// aim finds what a scope would take: of the version in force; where that has
// nothing of it, of one that was in force when it was received, or came into
// force after, and has ended since; where neither has, of the version that goes
// round and somebody has signed. That one ends or begins nothing once the
// measure has been decided upon.
func (m *matter) aim(signer SignerRef, scope sig.WithdrawalScope, received time.Time) (*postgres.Consent, []sig.Removed, sig.Consequence) {
	inForce := m.inForce()
	if removed := m.takes(scope, inForce); len(removed) > 0 {
		return inForce, removed, m.consequence(scope, inForce, m.tx.Now())
	}
	for _, c := range m.heldSince(received) {
		removed := m.takes(m.scopeIn(scope, inForce, c), c)
		switch {
		case len(removed) == 0:
		case inForce != nil:
			return c, removed, sig.GoesOn
		default:
			return c, removed, m.consequence(scope, c, closing.Later(received, c.ActivatedAt))
		}
	}
	ahead := m.signedInPart()
	removed := m.takes(scope, ahead)
	switch {
	case len(removed) == 0 || m.saidYesSince(ahead, signer, received):
		return inForce, nil, sig.NothingRemoved
	case m.decided():
		return ahead, removed, sig.GoesOn
	}
	return ahead, removed, m.consequence(scope, ahead, m.tx.Now())
}

// decided reports whether the measure has been decided upon.
func (m *matter) decided() bool { return m.i.State == sig.InterventionActive || m.stopped() }

// saidYesSince reports whether somebody has signed a version beside or after
// the one that holds later than they took back.
func (m *matter) saidYesSince(c *postgres.Consent, signer SignerRef, received time.Time) bool {
	row, ok := m.signerRow(c, signer)
	return ok && m.decided() && row.Answer == sig.AnswerSigned && row.AnsweredAt != nil && row.AnsweredAt.After(received)
}

// takeAhead takes back of a version that goes round what it would add: it ends
// where it would add nothing more, and is taken from when it comes into force
// otherwise (3.7.8).
func (m *matter) takeAhead(ctx context.Context, c *postgres.Consent, facts map[string]any, scope sig.WithdrawalScope, at time.Time) error {
	if err := m.noteTaken(facts, at); err != nil {
		return err
	}
	left, _ := scope.Apply(m.matrix(c.ID).Grants)
	ends := m.consequence(scope, c, m.tx.Now()) == sig.Closes
	if inForce := m.inForce(); inForce != nil {
		ends = ends || sig.Matrix{Grants: left}.SubsetOf(sig.Matrix{Grants: m.matrix(inForce.ID).Grants})
	}
	if !ends || !m.decided() {
		return nil
	}
	if err := closing.EndVersion(m.tx, c, sig.ConsentWithdrawn, m.tx.Now()); err != nil {
		return err
	}
	return closing.Tell(ctx, m.tx, &m.i)
}

func (m *matter) takes(scope sig.WithdrawalScope, c *postgres.Consent) []sig.Removed {
	if c == nil {
		return nil
	}
	_, removed := scope.Apply(m.matrix(c.ID).Grants)
	return removed
}

func (m *matter) consequence(scope sig.WithdrawalScope, c *postgres.Consent, at time.Time) sig.Consequence {
	return sig.ConsequenceOf(m.directory.Live(m.matrix(c.ID)), scope, at, m.place)
}

// heldSince lists the versions that are over and were in force at an instant or
// after it, newest first.
func (m *matter) heldSince(at time.Time) []*postgres.Consent {
	var list []*postgres.Consent
	for n := range m.consents {
		if c := &m.consents[n]; m.over(c) && at.Before(m.heldUntil(c)) {
			list = append(list, c)
		}
	}
	return list
}

// over reports whether a version was in force and is no more.
func (m *matter) over(c *postgres.Consent) bool {
	return c != nil && c.ActivatedAt != nil && !m.tx.Now().Before(m.heldUntil(c))
}

func (m *matter) heldUntil(c *postgres.Consent) time.Time {
	if c.EndedAt != nil {
		return *c.EndedAt
	}
	return m.lastEnd(c.ID)
}

// held is the version that held last, where nothing holds and the case is not
// closed for good: a withdrawal that came while it did can still be recorded.
func (m *matter) held() *postgres.Consent {
	if m.inForce() != nil || !m.stopped() && m.i.State != sig.InterventionClosing {
		return nil
	}
	n := slices.IndexFunc(m.consents, func(c postgres.Consent) bool { return m.over(&c) })
	if n < 0 {
		return nil
	}
	return &m.consents[n]
}

func (m *matter) stopped() bool { return m.i.State == sig.InterventionSharingStopped }

// agreed is since when what a version says has been in force: one that only
// took something away says no more than the one before it.
func (m *matter) agreed(c *postgres.Consent) *time.Time {
	for c.Change == string(ChangeNarrowing) || c.Change == string(ChangeWithdrawal) {
		before := m.version(c.Previous)
		if before == nil || before.ActivatedAt == nil {
			break
		}
		c = before
	}
	return c.ActivatedAt
}

// scopeIn names the single rows of a scope as they stand in another version.
func (m *matter) scopeIn(scope sig.WithdrawalScope, from, to *postgres.Consent) sig.WithdrawalScope {
	if from == nil || len(scope.Rows) == 0 {
		return scope
	}
	rows := slices.Clone(scope.Rows)
	for _, old := range m.rows[from.ID] {
		for _, row := range m.rows[to.ID] {
			if old.Origin == row.Origin && contains(scope.Rows, old.ID) {
				rows = append(rows, row.ID)
			}
		}
	}
	scope.Rows = rows
	return scope
}

// takeAfterwards takes back what has ended since: where sharing has only
// stopped, it ends with the intervention, or can be renewed no more.
func (m *matter) takeAfterwards(
	ctx context.Context, c *postgres.Consent, facts map[string]any, scope sig.WithdrawalScope, removed []sig.Removed,
	consequence sig.Consequence, effect time.Time,
) error {
	if !m.stopped() {
		return m.noteTaken(facts, effect)
	}
	for _, r := range removed {
		if err := m.tx.RecutTaken(ctx, m.i.ID, r.Grant.Origin, r.Categories, closing.CutByWithdrawal); err != nil {
			return err
		}
	}
	if consequence == sig.Closes {
		if err := m.tx.RecutCopies(ctx, m.i.ID, closing.CutByWithdrawal); err != nil {
			return err
		}
		return m.takeFromForce(ctx, c, facts, scope, consequence, closing.Later(effect, m.i.SharingStoppedAt))
	}
	if err := m.dropOvertaken(ctx, c, scope); err != nil {
		return err
	}
	return m.noteTaken(facts, effect)
}

// flagLate marks what was disclosed by what a scope takes between the moment at
// which it was received and now, version by version: each says what it takes of
// its own time. It opens an incident for each, gives the task of looking into
// it, and says how many there were. It runs inside AsSystem.
func (m *matter) flagLate(ctx context.Context, w postgres.Withdrawal, scope sig.WithdrawalScope, target *postgres.Consent) (int, error) {
	versions := m.heldSince(w.ReceivedAt)
	if c := m.inForce(); c != nil {
		versions = append(versions, c)
	}
	late := map[sig.DisclosureID]bool{}
	for _, c := range versions {
		from, to := closing.Later(w.ReceivedAt, c.ActivatedAt), w.RecordedAt
		if m.over(c) {
			to = m.heldUntil(c)
		}
		if !from.Before(to) {
			continue
		}
		for _, r := range m.takes(m.scopeIn(scope, target, c), c) {
			ids, err := m.tx.FlagLate(ctx, m.i.ID, r.Grant.Origin, r.Categories, from, to)
			if err != nil {
				return 0, err
			}
			for _, id := range ids {
				if late[id] {
					continue
				}
				late[id] = true
				if err := m.openIncident(ctx, id, w.ID, sig.GrantID{}, w.Reference); err != nil {
					return 0, err
				}
			}
		}
	}
	return len(late), nil
}
