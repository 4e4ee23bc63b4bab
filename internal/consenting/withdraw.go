package consenting

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Withdraw takes back what the signed-in signer gave, whole or in part, at
// once and in the running session: no reason is asked, nobody else agrees.
// Repeating it answers with the first. The answer says how to find the receipt:
// what else stands on it is read by Receipt, not while everybody waits for the
// lock. Somebody without standing, or who takes
// back what is not in force, gets a receipt for a message without effect.
func (s *Service) Withdraw(ctx context.Context, actor sig.Actor, in WithdrawInput) (*Receipt, error) {
	if err := checkScope(in.Scope, in.Key); err != nil {
		return nil, err
	}
	var receipt *Receipt
	err := s.act(ctx, s.withdrawals(), actor, in.Intervention, ledger.WithdrawConsent, func(m *matter) error {
		self, citizen := m.self()
		if !citizen {
			return m.refuse(string(policy.NoStanding), fault.Missing())
		}
		if err := m.guesses(in.Scope); err != nil {
			return err
		}
		var err error
		receipt, err = m.takeBack(ctx, taking{
			signer: self, scope: in.Scope, channel: ChannelPortal, received: m.tx.Now(), key: in.Key,
		})
		return err
	})
	return receipt, err
}

// RecordWithdrawal records a withdrawal that reached the coordinator or the
// social secretary by phone, text, e-mail, paper or in a meeting. It took effect when
// it was received; what was disclosed in between is flagged and becomes an
// incident.
func (s *Service) RecordWithdrawal(ctx context.Context, actor sig.Actor, in RecordInput) (*Receipt, error) {
	if err := checkScope(in.Scope, in.Key); err != nil {
		return nil, err
	}
	var receipt *Receipt
	err := s.act(ctx, s.withdrawals(), actor, in.Intervention, ledger.WithdrawConsent, func(m *matter) error {
		if err := m.must(policy.DutyRecord); err != nil {
			return err
		}
		if err := m.checkRecord(in, true); err != nil {
			return err
		}
		var err error
		receipt, err = m.takeBack(ctx, taking{
			signer: in.Signer, scope: in.Scope, channel: in.Channel,
			received: in.received(), key: in.Key,
		})
		return err
	})
	return receipt, err
}

func (s *Service) withdrawals() *postgres.DB {
	if s.Withdrawals != nil {
		return s.Withdrawals
	}
	return s.DB
}

const keyMax = 100

func checkScope(scope sig.WithdrawalScope, key string) error {
	var c fault.Check
	if !scope.Says() {
		c.Fail("scope", "error.choose_some")
	}
	if scope.Category != "" && !scope.Category.Valid() {
		c.Fail("category", "error.unknown_category")
	}
	if key == "" || len(key) > keyMax || !sig.Writable(key) {
		c.Fail("key", "error.required")
	}
	return c.Err()
}

// received is the instant at which it took effect, as the database keeps it.
func (in RecordInput) received() time.Time { return in.ReceivedAt.Truncate(time.Microsecond) }

func (m *matter) checkRecord(in RecordInput, channel bool) error {
	var c fault.Check
	if channel && !contains(RecordedChannels, in.Channel) {
		c.Fail("channel", "error.choose_one")
	}
	switch {
	case in.ReceivedAt.IsZero():
		c.Fail("received_at", "error.required")
	case in.ReceivedAt.After(m.tx.Now()):
		c.Fail("received_at", "error.date_in_future")
	case in.ReceivedAt.Before(m.i.CreatedAt):
		c.Fail("received_at", "error.before_intervention")
	}
	if !m.knows(in.Signer) {
		c.Fail("signer", "error.choose_one")
	}
	return c.Err()
}

// knows reports whether somebody is the youth or has been a guardian.
func (m *matter) knows(r SignerRef) bool {
	if !r.Youth.IsZero() {
		return r.Youth == m.youth.ID && r.Guardian.IsZero()
	}
	for _, g := range m.guardians {
		if g.ID == r.Guardian && r.one() {
			return true
		}
	}
	return false
}

// taking is one withdrawal on its way.
type taking struct {
	signer   SignerRef
	scope    sig.WithdrawalScope
	channel  Channel
	received time.Time
	key      string
}

// kept is what a withdrawal's row remembers of its scope and of what went.
type kept struct {
	Scope sig.WithdrawalScope `json:"scope"`
	Rows  []keptRow           `json:"rows"`
	Over  bool                `json:"over,omitempty"`  // it had ended before this was recorded
	Ahead bool                `json:"ahead,omitempty"` // it had not come into force, beside or after one that had
}

type keptRow struct {
	Grant      sig.GrantID    `json:"grant"`
	Categories []sig.Category `json:"categories"`
	Whole      bool           `json:"whole"`
}

// takeBack is the heart of both ways of withdrawing.
func (m *matter) takeBack(ctx context.Context, t taking) (*Receipt, error) {
	t.key = t.signer.id().String() + ":" + t.key // keys of two people never meet
	for n := range m.earlier {
		if m.earlier[n].Key == t.key {
			return m.brief(&m.earlier[n]), nil
		}
	}
	w := postgres.Withdrawal{
		ID: postgres.WithdrawalID{UUID: uuid.New()}, Intervention: m.i.ID, Reference: newReference(), Scope: "part",
		Signer: t.signer.id(), SignerKind: t.signer.kind(), RecordedBy: m.tx.Actor.Assignment, Channel: string(t.channel),
		ReceivedAt: t.received, RecordedAt: m.tx.Now(), Key: t.key,
	}
	if t.scope.Whole {
		w.Scope = "whole"
	}
	standing := m.mayWithdrawAt(t.signer, t.received)
	target, removed, consequence := m.aim(t.signer, t.scope, t.received)
	first := repeated(m.earlier, t)
	switch {
	case standing && m.over(target) && first != nil && !first.ReceivedAt.After(t.received):
		return m.brief(first), nil
	case standing && target != nil && first != nil && first.Consent == target.ID && closing.InPreparation(target.State):
		return m.brief(first), nil
	case standing && target != nil && len(removed) > 0:
		return m.withEffect(ctx, w, t, target, removed, consequence)
	case standing && first != nil:
		return m.brief(first), nil
	}
	return m.withoutEffect(ctx, w, t, standing)
}

// repeated finds the same person's earlier withdrawal that took everything
// that is asked for now.
func repeated(earlier []postgres.Withdrawal, t taking) *postgres.Withdrawal {
	asked, _ := json.Marshal(t.scope) //nolint:errchkjson // plain strings and ids
	for n, w := range earlier {
		if !w.Effective || w.Signer != t.signer.id() {
			continue
		}
		k, err := keptOf(w)
		if err != nil {
			continue
		}
		had, _ := json.Marshal(k.Scope) //nolint:errchkjson // plain strings and ids
		if w.Closes || k.Scope.Whole || string(had) == string(asked) {
			return &earlier[n]
		}
	}
	return nil
}

func keptOf(w postgres.Withdrawal) (kept, error) {
	var k kept
	if err := json.Unmarshal(w.Removed, &k); err != nil {
		return k, fmt.Errorf("read what a withdrawal took: %w", err)
	}
	return k, nil
}

// withoutEffect keeps a withdrawal as a message: by somebody without standing,
// or of nothing that is in force.
func (m *matter) withoutEffect(ctx context.Context, w postgres.Withdrawal, t taking, standing bool) (*Receipt, error) {
	detail := m.withdrawalDetail(w, t)
	detail["effective"], detail["standing"] = false, standing
	if err := m.keep(ctx, &w, kept{Scope: t.scope}, nil, detail); err != nil {
		return nil, err
	}
	err := m.note(postgres.JournalMessage, t.received, map[string]any{
		"reference": w.Reference, "channel": t.channel, "kind": w.SignerKind, "standing": standing,
	})
	if err != nil {
		return nil, err
	}
	return m.brief(&w), nil
}

func (m *matter) withdrawalDetail(w postgres.Withdrawal, t taking) ledger.Detail {
	return ledger.Detail{
		"reference": w.Reference, "scope": w.Scope, "channel": t.channel, "signer_kind": w.SignerKind,
		"received_at": t.received.UTC().Format("2006-01-02T15:04:05.000000Z"),
	}
}

// keep writes the withdrawal and its ledger row, in the person's own name.
func (m *matter) keep(ctx context.Context, w *postgres.Withdrawal, k kept, c *postgres.Consent, detail ledger.Detail) error {
	removed, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("write what a withdrawal takes: %w", err)
	}
	w.Removed = removed
	e := m.entry
	e.Object, e.Detail = ledger.Of(ledger.ObjectWithdrawal, w.ID), detail
	if c != nil {
		e.Consent, w.Consent = c.ID, c.ID
	}
	if err := m.tx.InsertWithdrawal(*w, e); err != nil {
		return err
	}
	if w.RecordedBy.IsZero() {
		return nil
	}
	return closing.SendReceipt(ctx, m.tx, &m.i, w.SignerKind, w.Signer)
}

// withEffect takes something back.
func (m *matter) withEffect(
	ctx context.Context, w postgres.Withdrawal, t taking, c *postgres.Consent, removed []sig.Removed, consequence sig.Consequence,
) (*Receipt, error) {
	k := kept{Scope: t.scope, Over: m.over(c), Ahead: closing.InPreparation(c.State) && m.decided()}
	for _, r := range removed {
		k.Rows = append(k.Rows, keptRow{Grant: r.Grant.ID, Categories: r.Categories, Whole: r.Row})
		w.RemovedGrants = append(w.RemovedGrants, r.Grant.ID)
	}
	inForce := !m.over(c) && !closing.InPreparation(c.State)
	w.Effective, w.Closes = true, consequence == sig.Closes
	detail := m.withdrawalDetail(w, t)
	detail["effective"], detail["rows"], detail["consequence"] = true, len(removed), consequence
	if err := m.keep(ctx, &w, k, c, detail); err != nil {
		return nil, err
	}
	effect := closing.Later(t.received, m.agreed(c))
	err := m.tx.AsSystem("withdrawal", func() error {
		if err := closing.TellWithdrawn(ctx, m.tx, &m.i, m.directory, w, m.losing(c, inForce || m.over(c) && m.stopped(), w.Closes, removed)); err != nil {
			return err
		}
		facts := m.takenFacts(w)
		switch {
		case closing.InPreparation(c.State) && w.Closes:
			return m.neverStarted(ctx, c, facts, effect)
		case closing.InPreparation(c.State):
			return m.takeAhead(ctx, c, facts, t.scope, effect)
		}
		late, err := m.flagLate(ctx, w, t.scope, c)
		if err != nil {
			return err
		}
		if late > 0 {
			facts["late"] = late
		}
		if m.over(c) {
			return m.takeAfterwards(ctx, c, facts, t.scope, removed, consequence, effect)
		}
		return m.takeFromForce(ctx, c, facts, t.scope, consequence, effect)
	})
	if err != nil {
		return nil, err
	}
	return m.brief(&w), nil
}

// losing are the rows whose functions lose something by a withdrawal: with the
// intervention all of them, and none of a version that was not in force.
func (m *matter) losing(c *postgres.Consent, inForce, closes bool, removed []sig.Removed) []sig.Grant {
	if !inForce {
		return nil
	}
	if closes {
		return m.matrix(c.ID).Grants
	}
	var rows []sig.Grant
	for _, r := range removed {
		rows = append(rows, r.Grant)
	}
	return rows
}

// takeFromForce ends the version in force: with the intervention, or in favour
// of a version with fewer rows that needs nobody's signature.
func (m *matter) takeFromForce(
	ctx context.Context, c *postgres.Consent, facts map[string]any, scope sig.WithdrawalScope,
	consequence sig.Consequence, effect time.Time,
) error {
	if consequence == sig.Closes {
		_, err := closing.Close(ctx, m.tx, &m.i, closing.End{
			Reason: sig.ClosedConsentWithdrawn, Consent: sig.ConsentWithdrawn, CutBy: closing.CutByWithdrawal, At: effect,
			Journal: postgres.JournalWithdrawn, Facts: facts,
		})
		return err
	}
	if err := m.dropOvertaken(ctx, c, scope); err != nil {
		return err
	}
	left, err := m.narrowed(ctx, c, scope)
	if err != nil {
		return err
	}
	matrix := m.matrix(left.ID)
	if _, err := closing.Narrow(ctx, m.tx, &m.i, &matrix, closing.CutByWithdrawal, m.tx.Now()); err != nil {
		return err
	}
	if err := m.noteTaken(facts, effect); err != nil {
		return err
	}
	return closing.Tell(ctx, m.tx, &m.i)
}

// takenFacts are what the journal note of a withdrawal is written from: the
// rows that it took from, in the functions' codes.
func (m *matter) takenFacts(w postgres.Withdrawal) map[string]any {
	var rows []notedRow
	if k, err := keptOf(w); err == nil {
		for _, taken := range k.Rows {
			for _, version := range m.rows {
				for _, row := range version {
					if row.ID == taken.Grant {
						rows = append(rows, noted(row.Grant, taken.Categories))
					}
				}
			}
		}
	}
	return map[string]any{
		"reference": w.Reference, "channel": w.Channel, "kind": w.SignerKind, "signer": w.Signer.String(),
		"rows": rows, "recorded_at": w.RecordedAt,
	}
}

func (m *matter) noteTaken(facts map[string]any, at time.Time) error {
	return m.tx.WriteNote(postgres.JournalNote{
		Intervention: m.i.ID, Authority: m.i.Authority, Kind: postgres.JournalPartWithdrawn, At: at, Facts: facts,
	})
}

// neverStarted ends a version that had been signed, in part or by all, before
// the decision on the measure (3.7.9).
func (m *matter) neverStarted(ctx context.Context, c *postgres.Consent, facts map[string]any, at time.Time) error {
	if err := closing.EndVersion(m.tx, c, sig.ConsentWithdrawn, at); err != nil {
		return err
	}
	err := m.tx.WriteNote(postgres.JournalNote{
		Intervention: m.i.ID, Authority: m.i.Authority, Kind: postgres.JournalWithdrawn, At: at, Facts: facts,
	})
	if err != nil {
		return err
	}
	if err := closing.NeverStarted(m.tx, &m.i, sig.ClosedConsentWithdrawn, at); err != nil {
		return err
	}
	return closing.Tell(ctx, m.tx, &m.i)
}

// dropOvertaken ends a version in preparation that has been explained and
// still names what is being taken back: narrowing beats widening, and nobody's
// earlier yes may bring it back unseen.
func (m *matter) dropOvertaken(ctx context.Context, target *postgres.Consent, scope sig.WithdrawalScope) error {
	c := m.preparing()
	if c == nil || c.State == sig.ConsentDraft {
		return nil
	}
	if _, removed := m.scopeIn(scope, target, c).Apply(m.matrix(c.ID).Grants); len(removed) == 0 {
		return nil
	}
	return m.endPrepared(ctx, c)
}

// openIncident has the social secretary look into what was sent after a
// withdrawal, or after an own yes was taken back.
func (m *matter) openIncident(ctx context.Context, late sig.DisclosureID, w postgres.WithdrawalID, own sig.GrantID, reference string) error {
	incident, err := m.tx.OpenLateIncident(ctx, m.i.ID, m.i.Authority, late, w, own)
	if err != nil {
		return err
	}
	m.tx.InsertTask(postgres.Task{
		ID: sig.TaskID{UUID: uuid.New()}, Intervention: m.i.ID, Authority: m.i.Authority, Function: sig.RoleSocialSecretary,
		Kind: postgres.TaskReviewIncident, Object: incident.UUID, DueOn: closing.NextWorkingDay(m.tx.Now()),
	})
	return m.tx.Record(ledger.Entry{
		Kind: ledger.Incident, Intervention: m.i.ID, Object: ledger.Of(ledger.ObjectDisclosure, late),
		Detail: ledger.Detail{"kind": "disclosed_after_withdrawal", "reference": reference},
	})
}
