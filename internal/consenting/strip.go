package consenting

import (
	"context"
	"slices"
	"strings"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// strips reports whether the reader is of a family in which somebody lives
// under protected identity: nothing that such a reader gets names an authority,
// a unit or a district (OSL 21:3, 21:3 a, 26:2), because each of them says in
// which part of the country the young person is. Functions, kinds of
// information and times say it all the same.
func (m *matter) strips() bool {
	return m.tx.Actor.IsCitizen() && m.youth.Protection != sig.ProtectionNone
}

// bare is a party by its function alone.
func bare(p Party) Party {
	return Party{Seat: sig.Seat{Function: p.Seat.Function}, Private: p.Private, PrivateName: p.PrivateName}
}

func bareParties(list []Party) []Party {
	var out []Party
	for _, p := range list {
		if p = bare(p); !contains(out, p) { // two units of one function are one: no count tells them apart
			out = append(out, p)
		}
	}
	return out
}

func (m *matter) bareRow(r *Row) {
	r.Discloser, r.Recipient, r.Districts = bare(r.Discloser), bare(r.Recipient), nil
	r.Aim.Addition = m.placeless(r.Aim.Addition)
}

func (m *matter) bareRows(rows []Row) {
	for n := range rows {
		m.bareRow(&rows[n])
	}
}

func (m *matter) bareLost(lost []LostRow) {
	for n := range lost {
		m.bareRow(&lost[n].Row)
	}
}

func bareCalls(calls []LostCalls) {
	for n := range calls {
		calls[n].Party = bare(calls[n].Party)
	}
}

// bareHidden adds up what two units of one function can read no more.
func bareHidden(list []HiddenCopies) []HiddenCopies {
	var out []HiddenCopies
	for _, h := range list {
		party := bare(h.Party)
		if n := slices.IndexFunc(out, func(o HiddenCopies) bool { return o.Party == party }); n >= 0 {
			out[n].Copies += h.Copies
		} else {
			out = append(out, HiddenCopies{Party: party, Copies: h.Copies})
		}
	}
	return out
}

func (m *matter) stripVersion(v *Version) {
	if v == nil || !m.strips() {
		return
	}
	m.bareRows(v.Rows)
	for n := range v.Exclusions {
		v.Exclusions[n].Recipient = bare(v.Exclusions[n].Recipient)
	}
}

func (m *matter) stripReceipt(r *Receipt) {
	if !m.strips() {
		return
	}
	m.bareLost(r.Lost)
	bareCalls(r.Calls)
	r.Told, r.Untold = bareParties(r.Told), bareParties(r.Untold)
	for _, list := range [][]ReadLine{r.AlreadyRead, r.Late} {
		for n := range list {
			list[n].Party = bare(list[n].Party)
		}
	}
}

func (m *matter) stripPreview(p *Preview) {
	if !m.strips() {
		return
	}
	m.bareLost(p.Lost)
	m.bareRows(p.Gained)
	m.bareRows(p.Left)
	bareCalls(p.Calls)
	p.Hidden = bareHidden(p.Hidden)
	p.Recipients = bareParties(p.Recipients)
}

// boardName is the board as the reader may know it.
func (m *matter) boardName() (sig.AuthorityID, string) {
	if m.strips() {
		return "", ""
	}
	return m.i.Authority, m.board.Name
}

// guesses refuses a scope that names what such a reader is not told: whether
// something would go is the answer to a guess at where the young person is.
func (m *matter) guesses(scope sig.WithdrawalScope) error {
	if !m.strips() || scope.Recipient.Authority == "" && scope.Recipient.Unit == "" {
		return nil
	}
	var c fault.Check
	c.Fail("scope", "error.choose_some")
	return c.Err()
}

// namesPlace reports whether a text that the family reads names a unit or a
// district: the purposes of a protected young person's consent must not.
func (m *matter) namesPlace(text string) bool {
	text = strings.ToLower(text)
	named := func(name string) bool { return len(name) > 3 && strings.Contains(text, strings.ToLower(name)) }
	return slices.ContainsFunc(m.directory.Districts, func(d sig.District) bool { return named(d.Name) }) ||
		slices.ContainsFunc(m.directory.Units, func(u sig.Unit) bool { return named(u.Name) })
}

// placeless is what somebody wrote before it was known that it must name no
// place: nothing, where it does.
func (m *matter) placeless(addition string) string {
	if m.namesPlace(addition) {
		return ""
	}
	return addition
}

// seenHash is the hash of the text that the acting signer has on screen: of the
// version's own, or of what is left of it without names of places. It says
// nothing of what was left out, which could otherwise be guessed and tried.
func (m *matter) seenHash(ctx context.Context, c *postgres.Consent) ([]byte, error) {
	if !m.strips() {
		return c.TextHash, nil
	}
	return m.familyHash(ctx, c)
}

// familyHash is the hash of a version's text as its signers read it, also for
// an officer who records what one of them said or signed on paper.
func (m *matter) familyHash(ctx context.Context, c *postgres.Consent) ([]byte, error) {
	if c.TextHash == nil || m.youth.Protection == sig.ProtectionNone {
		return c.TextHash, nil
	}
	t, err := m.canonical(ctx, c)
	if err != nil {
		return nil, err
	}
	t.Portal = "sigportal consent, without places"
	for n := range t.Rows {
		r := &t.Rows[n]
		r.Discloser, r.Recipient, r.Districts = sig.Seat{Function: r.Discloser.Function}, sig.Seat{Function: r.Recipient.Function}, []string{}
		r.Purpose = m.placeless(r.Purpose)
	}
	for n := range t.Exclusions {
		t.Exclusions[n].Recipient = sig.Seat{Function: t.Exclusions[n].Recipient.Function}
	}
	t.sort()
	return t.hash()
}
