package consenting

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"time"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// OfficeTime is for how long a view that is switched off at home is open in the
// coordinator's office.
const OfficeTime = time.Hour

// AtHome is whether a young person's own view is switched off at home.
type AtHome struct {
	Case        *Case
	Hidden      bool
	ByYouth     bool
	Since       time.Time
	OfficeUntil time.Time // zero where it is not open
	Number      string    // opens it in the office; empty once it was typed
	TakenAt     time.Time // when the number was typed; zero where nobody has
	Closed      bool      // by wrong numbers
}

// HomeAct is what is done about it.
type HomeAct string

// The acts. A young person may only switch the view off: whoever holds the
// phone must not be able to switch it on.
const (
	HomeHide   HomeAct = "hide"
	HomeShow   HomeAct = "show"
	HomeOffice HomeAct = "office"
)

// AtHome shows the switch to the board's staff.
func (s *Service) AtHome(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*AtHome, error) {
	out := &AtHome{}
	err := s.look(ctx, actor, intervention, ledger.ReadConsent, func(m *matter) error {
		if err := m.must(policy.DutyCustody); err != nil {
			return err
		}
		var err error
		if out.Case, err = m.showCase(ctx); err != nil {
			return err
		}
		h, err := m.home(ctx)
		if err != nil {
			return err
		}
		out.Hidden, out.ByYouth, out.Since = h.Hidden, h.ByYouth, h.ChangedAt
		out.Closed = h.OfficeClosed
		if h.OfficeUntil != nil && m.tx.Now().Before(*h.OfficeUntil) {
			out.OfficeUntil, out.Number = *h.OfficeUntil, h.OfficeNumber
			if h.OfficeTakenAt != nil {
				out.TakenAt = *h.OfficeTakenAt
			}
		}
		return nil
	})
	return out, err
}

func (m *matter) home(ctx context.Context) (h postgres.Home, err error) {
	err = m.tx.AsSystem("consenting", func() error {
		h, err = m.tx.Home(ctx, m.youth.ID)
		return err
	})
	return h, err
}

// SetAtHome switches a young person's view off, on, or opens it for an hour in
// the coordinator's office. Off, it is gone with the transaction: the eID at
// home has no standing any more, open pages and mails included.
func (s *Service) SetAtHome(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, act HomeAct) error {
	return s.act(ctx, s.DB, actor, intervention, ledger.ChangeYouth, func(m *matter) error {
		self, citizen := m.self()
		if citizen && (self.Youth.IsZero() || act != HomeHide) {
			return m.refuse(string(policy.NoStanding), fault.Missing())
		}
		if !citizen {
			if err := m.must(policy.DutyCustody); err != nil {
				return err
			}
		}
		h, err := m.home(ctx)
		if err != nil {
			return err
		}
		kind, err := m.stepHome(&h, act, citizen)
		if err != nil {
			return err
		}
		if _, err := m.record(ctx, nil, ledger.Detail{"at_home": act}); err != nil {
			return err
		}
		if err := m.note(kind, m.tx.Now(), nil); err != nil {
			return err
		}
		return m.tx.AsSystem("consenting", func() error {
			if err := m.tx.SetHome(ctx, h); err != nil {
				return err
			}
			return closing.TellOwn(ctx, m.tx, &m.i) // at home nobody learns of it
		})
	})
}

// stepHome changes the switch, and gives the kind of the note about it.
func (m *matter) stepHome(h *postgres.Home, act HomeAct, byYouth bool) (postgres.JournalKind, error) {
	now := m.tx.Now()
	switch {
	case act == HomeHide && !h.Hidden:
		*h = postgres.Home{Youth: m.youth.ID, Hidden: true, ByYouth: byYouth, ChangedAt: now}
		return postgres.JournalHomeHidden, nil
	case act == HomeShow && h.Hidden:
		*h = postgres.Home{Youth: m.youth.ID, ByYouth: byYouth, ChangedAt: now}
		return postgres.JournalHomeShown, nil
	case act == HomeOffice: // also where nothing is hidden: an own consent is shown there alone
		if h.ChangedAt.IsZero() {
			h.ChangedAt = now
		}
		h.OfficeUntil, h.OfficeNumber = new(now.Add(OfficeTime)), officeNumber()
		return postgres.JournalHomeOffice, nil
	case act == HomeHide, act == HomeShow:
		return "", m.conflict("error.home_is_so")
	}
	var c fault.Check
	c.Fail("act", "error.choose_one")
	return "", c.Err()
}

// officeNumber draws six digits.
func officeNumber() string {
	n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000)) // never fails
	return fmt.Sprintf("%06d", n)
}
