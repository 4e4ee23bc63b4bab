package consenting

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// SaveDraft makes the draft, or puts a new matrix in place of it. Everything
// that Check would say is said here too: what lies in the database can always
// be explained. A version that has been explained never changes; discard it.
func (s *Service) SaveDraft(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, d Draft) (*Case, error) {
	var view *Case
	err := s.act(ctx, s.DB, actor, intervention, ledger.PrepareConsent, func(m *matter) error {
		if err := m.must(policy.DutyPrepare); err != nil {
			return err
		}
		c, err := m.draftForSaving(ctx, d, false)
		if err != nil {
			return err
		}
		if err := m.fillDraft(ctx, c, d, false); err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

// Check says everything that is wrong with a matrix and writes nothing but the
// row that it was tried.
func (s *Service) Check(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, d Draft) error {
	return s.look(ctx, actor, intervention, ledger.PrepareConsent, func(m *matter) error {
		if err := m.must(policy.DutyPrepare); err != nil {
			return err
		}
		m.entry.Detail = ledger.Detail{"dry": true}
		rows, exclusions := m.rowsOf(d)
		return m.checked(rows, exclusions, d, false)
	})
}

// Discard ends the version in preparation. One that somebody has signed is
// declined, so that the yes given to it is never taken for another's.
func (s *Service) Discard(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) error {
	return s.act(ctx, s.DB, actor, intervention, ledger.PrepareConsent, func(m *matter) error {
		if err := m.must(policy.DutyPrepare); err != nil {
			return err
		}
		c := m.preparing()
		if c == nil {
			return m.conflict("error.nothing_prepared")
		}
		if _, err := m.record(ctx, c, ledger.Detail{"discarded": true}); err != nil {
			return err
		}
		return m.tx.AsSystem("consenting", func() error { return m.endPrepared(ctx, c) })
	})
}

// endPrepared ends a version in preparation without anybody's no.
func (m *matter) endPrepared(ctx context.Context, c *postgres.Consent) error {
	to := sig.ConsentDiscarded
	if c.State == sig.ConsentPartiallySigned || c.State == sig.ConsentSigned {
		to = sig.ConsentDeclined
	}
	if err := closing.EndVersion(m.tx, c, to, m.tx.Now()); err != nil {
		return err
	}
	if m.i.State == sig.InterventionAwaitingDecision {
		m.tx.MoveIntervention(&m.i, sig.InterventionConsentPending, "", m.tx.Now())
		if _, err := m.tx.FinishTasks(ctx, m.i.ID, postgres.TaskDecideMeasure, "done", nil); err != nil {
			return err
		}
	}
	return closing.Tell(ctx, m.tx, &m.i)
}

// draftForSaving finds the draft or makes an empty one, for a matrix in which
// nothing is wrong, written by somebody who has seen what stands there.
func (m *matter) draftForSaving(ctx context.Context, d Draft, imported bool) (*postgres.Consent, error) {
	if m.i.State.Ended() {
		return nil, m.conflict("error.intervention_ended")
	}
	c := m.preparing()
	if c != nil && c.State != sig.ConsentDraft {
		return nil, m.conflict("error.version_is_fixed")
	}
	rows, exclusions := m.rowsOf(d)
	if err := m.checked(rows, exclusions, d, imported); err != nil {
		return nil, err
	}
	if err := m.mustHaveSeen(ctx, d, rows, exclusions); err != nil {
		return nil, err
	}
	if c != nil {
		return c, nil
	}
	return m.newDraft(ctx)
}

func (m *matter) newDraft(ctx context.Context) (*postgres.Consent, error) {
	c := postgres.Consent{
		ID: sig.ConsentID{UUID: uuid.New()}, Intervention: m.i.ID, Change: string(ChangeFirst), PreparedBy: m.tx.Actor.Assignment,
	}
	if before := m.before(); before != nil {
		c.Previous = before.ID
	}
	if err := m.tx.InsertConsent(ctx, &c); err != nil {
		return nil, err
	}
	if m.i.State == sig.InterventionProposed {
		m.tx.MoveIntervention(&m.i, sig.InterventionConsentPending, "", m.tx.Now())
	}
	m.consents = slices.Insert(m.consents, 0, c)
	return &m.consents[0], nil
}

// fillDraft checks a matrix and puts it into the draft.
func (m *matter) fillDraft(ctx context.Context, c *postgres.Consent, d Draft, imported bool) error {
	rows, exclusions := m.rowsOf(d)
	if err := m.checked(rows, exclusions, d, imported); err != nil {
		return err
	}
	if err := m.sealNames(ctx, rows, d); err != nil {
		return err
	}
	if err := m.tx.EmptyDraft(ctx, c.ID); err != nil {
		return err
	}
	if err := m.tx.InsertGrants(ctx, c.ID, m.i.ID, rows); err != nil {
		return err
	}
	if err := m.tx.InsertExclusions(ctx, c.ID, m.i.ID, exclusions); err != nil {
		return err
	}
	m.rows[c.ID], m.exclusions[c.ID] = rows, exclusions
	_, err := m.record(ctx, c, ledger.Detail{"rows": len(rows), "exclusions": len(exclusions)})
	return err
}

// sealNames seals the names of private recipients. A row whose name changed is
// another person's row: it continues nothing, and counts as new.
func (m *matter) sealNames(ctx context.Context, rows []postgres.GrantRow, d Draft) error {
	var old map[sig.GrantID]string // by origin
	for n := range rows {
		row := &rows[n]
		if row.Private == "" {
			continue
		}
		name := strings.TrimSpace(d.Grants[n].PrivateName)
		if row.Origin != row.ID && old == nil {
			var err error
			if old, err = m.namesByOrigin(ctx, m.before()); err != nil {
				return err
			}
		}
		if row.Origin != row.ID && old[row.Origin] != name {
			row.Origin = row.ID
		}
		at := m.at(sharing.FieldPrivateName)
		at.Object = row.ID.UUID
		sealed, err := m.service.Sealer.Seal(ctx, m.tx, at, []byte(name))
		if err != nil {
			return err
		}
		row.PrivateNameSealed = sealed
	}
	return nil
}

func (m *matter) namesByOrigin(ctx context.Context, c *postgres.Consent) (map[sig.GrantID]string, error) {
	names, err := m.privateNames(ctx, m.rows[c.ID])
	if err != nil {
		return nil, err
	}
	byOrigin := map[sig.GrantID]string{}
	for _, r := range m.rows[c.ID] {
		byOrigin[r.Origin] = names[r.ID]
	}
	return byOrigin, nil
}

// rowsOf turns the coordinator's matrix into rows: authorities follow from the
// units, the board's own districts are added, double ticks count once. A row
// that continues one of the version before keeps its origin.
func (m *matter) rowsOf(d Draft) ([]postgres.GrantRow, []sig.Exclusion) {
	var rows []postgres.GrantRow
	for n, g := range d.Grants {
		row := postgres.GrantRow{Grant: sig.Grant{
			ID: sig.GrantID{UUID: uuid.New()}, Row: n + 1, Private: g.PrivateKind,
			Discloser: m.seat(g.DiscloserUnit, g.DiscloserFunction), Recipient: m.seat(g.RecipientUnit, g.RecipientFunction),
			Categories: once(g.Categories), Aim: trimmed(g.Aim), Districts: once(g.Districts),
			From: g.From.Truncate(time.Microsecond), To: g.To.Truncate(time.Microsecond),
		}}
		if p, ok := m.directory.Place(row.Recipient.Unit, row.Recipient.Function); ok {
			for _, district := range p.Districts {
				if contains(m.board.Districts, district) && !contains(row.Districts, district) {
					row.Districts = append(row.Districts, district)
				}
			}
		}
		row.Origin = m.originOf(row.Grant, g.Origin)
		rows = append(rows, row)
	}
	var exclusions []sig.Exclusion
	for _, x := range d.Exclusions {
		recipient := sig.Seat{Authority: x.Authority, Unit: x.Unit, Function: x.Function}
		if u, ok := m.directory.Unit(x.Unit); ok && recipient.Authority == "" {
			recipient.Authority = u.Authority
		}
		exclusions = append(exclusions, sig.Exclusion{
			ID: sig.ExclusionID{UUID: uuid.New()}, Category: x.Category, Recipient: recipient,
		})
	}
	return rows, exclusions
}

// originOf is the id under which a row first stood. Only a row of the version
// before between the same two sides is continued.
func (m *matter) originOf(g sig.Grant, claimed sig.GrantID) sig.GrantID {
	before := m.before()
	if before == nil || claimed.IsZero() {
		return g.ID
	}
	for _, old := range m.rows[before.ID] {
		if (old.Origin == claimed || old.ID == claimed) && old.Discloser == g.Discloser &&
			old.Recipient == g.Recipient && old.Private == g.Private {
			return old.Origin
		}
	}
	return g.ID
}

// trimmed is a purpose without the blanks around what was added.
func trimmed(a sig.Aim) sig.Aim {
	return sig.Aim{Purpose: a.Purpose, Addition: strings.TrimSpace(a.Addition)}
}

func (m *matter) seat(unit sig.UnitID, function sig.Function) sig.Seat {
	s := sig.Seat{Unit: unit, Function: function}
	if u, ok := m.directory.Unit(unit); ok {
		s.Authority = u.Authority
	}
	return s
}

func once[T comparable](list []T) []T {
	var out []T
	for _, one := range list {
		if !contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// checked turns what is wrong with a matrix into faults at the fields.
func (m *matter) checked(rows []postgres.GrantRow, exclusions []sig.Exclusion, d Draft, imported bool) error {
	matrix := sig.Matrix{Exclusions: exclusions}
	names := map[int]string{}
	for n, r := range rows {
		matrix.Grants = append(matrix.Grants, r.Grant)
		names[n+1] = d.Grants[n].PrivateName
	}
	faults := sig.CheckMatrix(matrix, m.grantFacts(names, imported))
	return asFaults(append(faults, m.placeFaults(rows)...))
}

// placeFaults finds additions to purposes that would tell a family where somebody is who
// lives under protected identity.
func (m *matter) placeFaults(rows []postgres.GrantRow) []sig.GrantFault {
	if m.youth.Protection == sig.ProtectionNone {
		return nil
	}
	var list []sig.GrantFault
	for n, r := range rows {
		if m.namesPlace(r.Aim.Addition) {
			list = append(list, sig.GrantFault{Field: fmt.Sprintf("grants.%d.addition", n+1), Code: "error.purpose_names_place"})
		}
	}
	return list
}

func (m *matter) grantFacts(names map[int]string, imported bool) sig.GrantFacts {
	return sig.GrantFacts{
		Now: m.tx.Now(), Limits: m.service.limits(), Place: m.directory.Place, Leaves: m.directory.Leaves, BoardDistrict: m.board.Districts,
		PrivateNames: names, Continues: m.inForce() != nil, Imported: imported,
		KnownAuthority: func(id sig.AuthorityID) bool { _, ok := m.directory.Authority(id); return ok },
		District:       m.directory.District, Alone: m.alone,
	}
}

func asFaults(list []sig.GrantFault) error {
	if len(list) == 0 {
		return nil
	}
	f := &fault.Error{Kind: fault.Invalid, Code: "error.check_fields"}
	for _, one := range list {
		f.Fields = append(f.Fields, fault.Field{Name: one.Field, Code: one.Code, Args: one.Args})
	}
	return f
}
