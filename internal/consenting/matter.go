package consenting

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// matter is one intervention's consent, read under its lock for one act. It
// ends with the transaction.
type matter struct {
	service    *Service
	tx         *postgres.Tx
	entry      ledger.Entry // what is being tried, for the ledger
	i          postgres.Intervention
	earlier    []postgres.Withdrawal // the actor's, newest first; read for another withdrawal alone
	seats      []sig.Seat            // those that the actor fills here
	directory  *sig.Directory
	board      sig.Authority
	youth      postgres.Youth
	guardians  []postgres.Guardian
	prevented  []sig.Guardianship
	ahead      []postgres.CustodyChange // changes of custody still to come
	maturity   sig.MaturityOutcome
	alone      []sig.Category // over which the youth disposes alone
	rules      []sig.AgeRule
	consents   []postgres.Consent // newest first
	rows       map[sig.ConsentID][]postgres.GrantRow
	exclusions map[sig.ConsentID][]sig.Exclusion
	signers    map[sig.ConsentID][]postgres.SignerRow
	orals      []postgres.Oral // newest first
	papers     []postgres.Paper
}

// act opens a transaction that may change the consent: lock, clock, settle
// what time alone has brought about, read everything, then fn. Somebody
// without a part in the intervention gets the answer of one that does not
// exist, and the ledger the attempt.
func (s *Service) act(
	ctx context.Context, db *postgres.DB, actor sig.Actor, id sig.InterventionID, kind ledger.Kind, fn func(*matter) error,
) error {
	return db.Do(ctx, actor, func(tx *postgres.Tx) error {
		tx.LockCase(id)
		m := s.newMatter(tx, id, kind)
		if err := m.find(ctx, id); err != nil {
			return err
		}
		if err := tx.AsSystem("consenting", func() error { return m.settled(ctx) }); err != nil {
			return err
		}
		if err := fn(m); err != nil {
			return err
		}
		return m.keepCarried(ctx)
	})
}

// look opens a transaction that only reads, under the shared lock. Versions,
// rows and signers are read as the actor, so that the second wall stands in
// front of what is shown.
func (s *Service) look(
	ctx context.Context, actor sig.Actor, id sig.InterventionID, kind ledger.Kind, fn func(*matter) error,
) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		tx.ShareCase(id)
		m := s.newMatter(tx, id, kind)
		if err := m.find(ctx, id); err != nil {
			return err
		}
		if err := tx.AsSystem("consenting", func() error { return m.readPeople(ctx) }); err != nil {
			return err
		}
		if err := m.readVersions(ctx); err != nil {
			return err
		}
		if err := fn(m); err != nil {
			return err
		}
		return tx.Record(m.entry)
	})
}

func (s *Service) newMatter(tx *postgres.Tx, id sig.InterventionID, kind ledger.Kind) *matter {
	return &matter{service: s, tx: tx, entry: ledger.Entry{
		Kind: kind, Intervention: id, Object: ledger.Of(ledger.ObjectIntervention, id),
	}}
}

func (m *matter) find(ctx context.Context, id sig.InterventionID) error {
	i, err := m.intervention(ctx, id)
	// The board's log reviewer knows of the case for its ledger alone.
	if errors.Is(err, postgres.ErrNoRows) || m.tx.Actor.Function == sig.RoleLogReviewer {
		return m.refuse(string(policy.NoParticipation), fault.Missing())
	}
	if err != nil {
		return err
	}
	m.i = i
	if m.tx.Actor.IsCitizen() {
		return nil // a family sits in no seat
	}
	if m.seats, err = m.tx.OwnSeats(ctx, id); err != nil || len(m.seats) > 0 {
		return err
	}
	alone, err := m.tx.ForAMeeting(ctx, id)
	if err == nil && alone { // who comes to a meeting in somebody's place knows of that alone
		return m.refuse(string(policy.NoParticipation), fault.Missing())
	}
	return err
}

func (m *matter) intervention(ctx context.Context, id sig.InterventionID) (i postgres.Intervention, err error) {
	if m.entry.Kind == ledger.WithdrawConsent {
		i, m.earlier, err = m.tx.InterventionAndWithdrawals(ctx, id)
		return i, err
	}
	return m.tx.Intervention(ctx, id)
}

// settled reads everything, and again where time alone had brought something
// about that was not written down yet.
func (m *matter) settled(ctx context.Context) error {
	if err := m.readAll(ctx); err != nil {
		return err
	}
	if closing.Due(m.tx.Now(), &m.i, m.consents, m.lastEnd, m.coreLeft) {
		if err := closing.Settle(ctx, m.tx, &m.i); err != nil {
			return err
		}
		if err := m.readAll(ctx); err != nil {
			return err
		}
	}
	return m.settleCustody(ctx)
}

func (m *matter) readAll(ctx context.Context) error {
	p, v, err := m.tx.Case(ctx, m.i.ID)
	if err != nil {
		return err
	}
	m.takePeople(p)
	m.takeVersions(v)
	return nil
}

func (m *matter) readPeople(ctx context.Context) error {
	p, err := m.tx.CasePeople(ctx, m.i.ID)
	if err != nil {
		return err
	}
	m.takePeople(p)
	return nil
}

func (m *matter) takePeople(p *postgres.CasePeople) {
	m.directory, m.youth, m.guardians, m.prevented, m.rules = p.Directory, p.Youth, p.Guardians, p.Prevented, p.Rules
	m.ahead = p.Ahead
	m.maturity, m.alone = p.Maturity.Outcome, p.Maturity.Alone
	m.board, _ = m.directory.Authority(m.i.Authority)
}

func (m *matter) readVersions(ctx context.Context) error {
	v, err := m.tx.CaseVersions(ctx, m.i.ID)
	if err != nil {
		return err
	}
	m.takeVersions(v)
	m.pausedBySelf()
	return nil
}

func (m *matter) takeVersions(v *postgres.CaseVersions) {
	m.consents, m.rows, m.exclusions, m.signers, m.orals = v.Consents, v.Rows, v.Exclusions, v.Signers, v.Orals
	m.papers = v.Papers
}

// refuse records a no and makes it the transaction's answer.
func (m *matter) refuse(reason string, answer error) error {
	if err := m.tx.Record(m.entry.Refuse(reason)); err != nil {
		return err
	}
	return m.tx.Refuse(answer)
}

// conflict records that the consent is not where the actor believed.
func (m *matter) conflict(code string) error {
	return m.refuse(strings.TrimPrefix(code, "error."), fault.New(fault.Conflict, code))
}

// record writes the act's own row.
func (m *matter) record(ctx context.Context, c *postgres.Consent, detail ledger.Detail) (int64, error) {
	e := m.entry
	e.Detail = detail
	if c != nil {
		e.Consent, e.Object = c.ID, ledger.Of(ledger.ObjectConsent, c.ID)
	}
	return m.tx.Append(ctx, e)
}

// may reports whether the actor fills a seat of the board with the duty.
func (m *matter) may(duty policy.Duty) bool { return policy.BoardMay(duty, m.i.Authority, m.seats) }

// must refuses whoever may not do the duty. A participant knows that the
// intervention exists, so the answer is Denied.
func (m *matter) must(duty policy.Duty) error {
	if m.may(duty) {
		return nil
	}
	if m.tx.Actor.IsCitizen() || !m.may(policy.DutyRead) {
		return m.refuse(string(policy.NoStanding), fault.Missing())
	}
	return m.refuse(string(policy.NoStanding), fault.New(fault.Denied, "error.denied"))
}

// signerFacts are what decides who must sign and who may withdraw.
func (m *matter) signerFacts(at time.Time) sig.SignerFacts {
	f := sig.SignerFacts{
		Youth: m.youth.ID, Birth: m.youth.BirthDate, Prevented: m.prevented, Maturity: m.maturity, Rules: m.rules,
		Municipality: m.board.Municipality, At: at,
	}
	for _, g := range m.guardians {
		f.Guardianships = append(f.Guardianships, g.Span())
	}
	return f
}

// self is the citizen who acts, as a signer.
func (m *matter) self() (SignerRef, bool) {
	a := m.tx.Actor
	switch a.Kind {
	case sig.ActorGuardian:
		return SignerRef{Guardian: a.Guardian}, !a.Guardian.IsZero()
	case sig.ActorYouth:
		return SignerRef{Youth: a.Youth}, a.Youth == m.i.Youth
	default:
		return SignerRef{}, false
	}
}

// inForce is the version in force at the transaction's instant: one whose last
// row has ended is not, whether or not the alarm has seen to it.
func (m *matter) inForce() *postgres.Consent {
	for n := range m.consents {
		c := &m.consents[n]
		if (c.State == sig.ConsentActive || c.State == sig.ConsentSuspended) && m.tx.Now().Before(m.lastEnd(c.ID)) {
			return c
		}
	}
	return nil
}

// preparing is the version in preparation.
func (m *matter) preparing() *postgres.Consent {
	for n := range m.consents {
		if closing.InPreparation(m.consents[n].State) {
			return &m.consents[n]
		}
	}
	return nil
}

// lastExpired is the version that a renewal within the grace period follows.
func (m *matter) lastExpired() *postgres.Consent {
	if m.i.State != sig.InterventionSharingStopped {
		return nil
	}
	n := slices.IndexFunc(m.consents, func(c postgres.Consent) bool {
		return c.ActivatedAt != nil && (c.State == sig.ConsentExpired || c.State == sig.ConsentLapsed)
	})
	if n < 0 {
		return nil
	}
	return &m.consents[n]
}

// before is the version that a new one follows; nil for the first.
func (m *matter) before() *postgres.Consent {
	if c := m.inForce(); c != nil {
		return c
	}
	return m.lastExpired()
}

func (m *matter) version(id sig.ConsentID) *postgres.Consent {
	for n := range m.consents {
		if m.consents[n].ID == id {
			return &m.consents[n]
		}
	}
	return nil
}

func (m *matter) matrix(id sig.ConsentID) sig.Matrix {
	matrix := sig.Matrix{Exclusions: m.exclusions[id]}
	for _, r := range m.rows[id] {
		matrix.Grants = append(matrix.Grants, r.Grant)
	}
	return matrix
}

// lastEnd is when a version's last row ends, by its date or with a function that
// leaves, or, while an oral yes is not written, when that must be.
func (m *matter) lastEnd(id sig.ConsentID) time.Time {
	end := m.directory.Live(m.matrix(id)).LastEnd()
	if c := m.version(id); c != nil && c.OralUntil != nil && c.OralUntil.Before(end) {
		return *c.OralUntil
	}
	return end
}

// coreLeft reports whether a function that left for another authority has taken
// what an intervention cannot be without.
func (m *matter) coreLeft(id sig.ConsentID) bool {
	return !closing.CoreLeft(m.directory, m.matrix(id), m.tx.Now()).IsZero()
}

func (m *matter) place(s sig.Seat) sig.Place {
	p, _ := m.directory.Place(s.Unit, s.Function)
	return p
}

// id is a signer's key in the database.
func (r SignerRef) id() uuid.UUID {
	if !r.Guardian.IsZero() {
		return r.Guardian.UUID
	}
	return r.Youth.UUID
}

func (r SignerRef) kind() sig.SignerKind {
	if !r.Guardian.IsZero() {
		return sig.SignerGuardian
	}
	return sig.SignerYouth
}

// one reports whether just one person is named.
func (r SignerRef) one() bool { return r.Guardian.IsZero() != r.Youth.IsZero() }

// IsZero reports whether nobody is named.
func (r SignerRef) IsZero() bool { return r.Guardian.IsZero() && r.Youth.IsZero() }

func (s *Service) limits() sig.GrantLimits {
	if s.Limits == (sig.GrantLimits{}) {
		return sig.DefaultGrantLimits()
	}
	return s.Limits
}

// interventionOf finds which intervention a version belongs to, before its lock
// is taken; nothing else of it is believed until then.
func (s *Service) interventionOf(ctx context.Context, actor sig.Actor, id sig.ConsentID) (sig.InterventionID, error) {
	var found sig.InterventionID
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		c, err := tx.Consent(ctx, id)
		if errors.Is(err, postgres.ErrNoRows) {
			return refuseUnknown(tx, ledger.Of(ledger.ObjectConsent, id))
		}
		found = c.Intervention
		return err
	})
	return found, err
}

// refuseUnknown records that somebody asked for what is not there for them.
func refuseUnknown(tx *postgres.Tx, object ledger.Object) error {
	e := ledger.Entry{Kind: ledger.ReadConsent, Object: object}
	if err := tx.Record(e.Refuse(string(policy.NoParticipation))); err != nil {
		return err
	}
	return tx.Refuse(fault.Missing())
}
