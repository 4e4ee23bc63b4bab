package consenting

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// canonicalText is what a signature covers: everything that makes one version
// differ from another, the wording around it included. Field order is fixed by
// the struct, times are UTC, lists are sorted.
type canonicalText struct {
	Portal     string          `json:"portal"`
	Wording    string          `json:"wording"`
	Consent    string          `json:"consent"`
	Case       string          `json:"case"`
	Version    int             `json:"version"`
	Rows       []canonicalRow  `json:"rows"`
	Exclusions []canonicalExcl `json:"exclusions"`
}

type canonicalRow struct {
	Number      int       `json:"number"`
	Discloser   sig.Seat  `json:"discloser"`
	Recipient   sig.Seat  `json:"recipient"`
	Private     string    `json:"private"`
	PrivateName string    `json:"private_name"`
	Categories  []string  `json:"categories"`
	Aim         string    `json:"aim,omitempty"` // of the list; without it, the text before the list was, or another purpose
	Purpose     string    `json:"purpose"`       // what the coordinator wrote
	Districts   []string  `json:"districts"`
	From        time.Time `json:"from"`
	To          time.Time `json:"to"`
}

type canonicalExcl struct {
	Recipient sig.Seat `json:"recipient"`
	Category  string   `json:"category"`
}

// textHash is the SHA-256 of a version's canonical text.
func (m *matter) textHash(ctx context.Context, c *postgres.Consent) ([]byte, error) {
	t, err := m.canonical(ctx, c)
	if err != nil {
		return nil, err
	}
	return t.hash()
}

func (m *matter) canonical(ctx context.Context, c *postgres.Consent) (*canonicalText, error) {
	names, err := m.privateNames(ctx, m.rows[c.ID])
	if err != nil {
		return nil, err
	}
	t := &canonicalText{
		Portal: "sigportal consent", Wording: WordingVersion, Consent: c.ID.String(), Case: m.i.CaseNumber, Version: c.Version,
	}
	for _, r := range m.rows[c.ID] {
		t.Rows = append(t.Rows, canonicalRow{
			Number: r.Row, Discloser: r.Discloser, Recipient: r.Recipient, Private: string(r.Private),
			PrivateName: names[r.ID], Categories: sorted(r.Categories), Aim: aimOf(r.Aim.Purpose), Purpose: r.Aim.Addition,
			Districts: sorted(r.Districts), From: r.From.UTC(), To: r.To.UTC(),
		})
	}
	for _, x := range m.exclusions[c.ID] {
		t.Exclusions = append(t.Exclusions, canonicalExcl{Recipient: x.Recipient, Category: string(x.Category)})
	}
	t.sort()
	return t, nil
}

// aimOf is a purpose as the text that is signed names it. Another purpose is what
// the coordinator wrote, and so was every purpose before there was a list: their
// texts, and the signatures on them, are the same as ever.
func aimOf(p sig.Purpose) string {
	if p == sig.PurposeOther {
		return ""
	}
	return string(p)
}

func (t *canonicalText) sort() {
	slices.SortFunc(t.Exclusions, func(a, b canonicalExcl) int {
		return bytes.Compare(fmt.Appendf(nil, "%q", a), fmt.Appendf(nil, "%q", b))
	})
}

func (t *canonicalText) hash() ([]byte, error) {
	text, err := json.Marshal(t)
	if err != nil {
		return nil, fmt.Errorf("write the canonical text of a consent: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

func sorted[T ~string](list []T) []string {
	out := make([]string, 0, len(list))
	for _, one := range list {
		out = append(out, string(one))
	}
	slices.Sort(out)
	return out
}

func (m *matter) at(field string) seal.Place {
	return seal.Place{Authority: m.i.Authority, Intervention: m.i.ID, Field: field}
}

// privateNames opens the names of private recipients, by row.
func (m *matter) privateNames(ctx context.Context, rows []postgres.GrantRow) (map[sig.GrantID]string, error) {
	sealed := map[sig.GrantID][]byte{}
	for _, r := range rows {
		if r.PrivateNameSealed != nil {
			sealed[r.ID] = r.PrivateNameSealed
		}
	}
	return sharing.OpenPrivateNames(ctx, m.tx, m.service.Sealer, m.i.Authority, m.i.ID, sealed)
}

// Text is a version as a signer reads it before signing. Its TextHash goes
// into the form and into the fresh login, and comes back with the signature.
type Text struct {
	Version
	Intervention  sig.InterventionID
	CaseNumber    string
	AuthorityName string
	Youth         Youth
	Wording       string
	Me            Signer    // the signer who reads; zero for staff
	Extract       bool      // another authority reads: the rows are those that name its functions alone
	TakesBack     bool      // who reads may take it back
	BeforeGoesOn  bool      // what is in force stays so if who reads says no
	Before        *Version  // what is in force, or ran out, where this one would come after it
	Change        *Preview  // what this one would change of it
	Seats         Seats     // where it lets know something; to a family, of what is in force
	Now           time.Time // the instant of the answer
}

// Text shows a version to one who must sign it, or to the board's staff.
func (s *Service) Text(ctx context.Context, actor sig.Actor, consent sig.ConsentID) (*Text, error) {
	return s.text(ctx, actor, consent, ledger.ReadConsent)
}

// Print is Text at the moment at which it leaves as a document.
func (s *Service) Print(ctx context.Context, actor sig.Actor, consent sig.ConsentID) (*Text, error) {
	return s.text(ctx, actor, consent, ledger.PrintConsent)
}

func (s *Service) text(ctx context.Context, actor sig.Actor, consent sig.ConsentID, kind ledger.Kind) (*Text, error) {
	id, err := s.interventionOf(ctx, actor, consent)
	if err != nil {
		return nil, err
	}
	var text *Text
	err = s.look(ctx, actor, id, kind, func(m *matter) error {
		c := m.version(consent)
		if c == nil {
			return m.refuse("unknown_version", fault.Missing())
		}
		m.entry.Consent, m.entry.Object = c.ID, ledger.Of(ledger.ObjectConsent, c.ID)
		v, err := m.show(ctx, c, true)
		if err != nil {
			return err
		}
		_, board := m.boardName()
		text = &Text{
			Version: *v, Intervention: id, CaseNumber: m.i.CaseNumber, AuthorityName: board, Youth: m.showYouth(), Wording: WordingVersion,
			Now: m.tx.Now(), Extract: !m.tx.Actor.IsCitizen() && !m.may(policy.DutyRead),
		}
		if self, ok := m.self(); ok {
			for _, one := range v.Signers {
				if one.Guardian == self.Guardian && one.Youth == self.Youth {
					text.Me = one
				}
			}
			text.TakesBack = c == m.inForce() && m.mayWithdraw(self)
		}
		switch {
		case kind != ledger.ReadConsent:
		case c == m.inForce():
			if m.tx.Actor.IsCitizen() {
				if text.Seats.Today, err = m.seatsToday(ctx, v); err != nil {
					return err
				}
				if text.Seats.Changes, err = m.seatChanges(ctx); err != nil {
					return err
				}
			}
			return m.showUse(ctx, &text.Version)
		case c == m.preparing() && m.before() != nil:
			return m.showChange(ctx, c, text)
		}
		return nil
	})
	return text, err
}

func hashText(hash []byte) string {
	if hash == nil {
		return ""
	}
	return hex.EncodeToString(hash)
}
