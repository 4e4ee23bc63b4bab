package consenting

import (
	"context"
	"slices"
	"time"

	"sigportal/internal/closing"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Show gives an intervention's consent as the actor may see it: the board's
// staff all of it, partners the rows that name their function, a guardian or
// the youth the matrix and their own answer.
func (s *Service) Show(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Case, error) {
	var view *Case
	err := s.look(ctx, actor, intervention, ledger.ReadConsent, func(m *matter) error {
		var err error
		view, err = m.showCase(ctx)
		return err
	})
	return view, err
}

// ShowVersion is Show of the intervention that a version belongs to.
func (s *Service) ShowVersion(ctx context.Context, actor sig.Actor, consent sig.ConsentID) (*Case, error) {
	id, err := s.interventionOf(ctx, actor, consent)
	if err != nil {
		return nil, err
	}
	return s.Show(ctx, actor, id)
}

// answer shows the case after an act: it reads everything again as the actor,
// so that what the page gets has passed the second wall.
func (m *matter) answer(ctx context.Context) (*Case, error) {
	i, err := m.tx.Intervention(ctx, m.i.ID)
	if err != nil {
		return nil, err
	}
	m.i = i
	if err := m.readVersions(ctx); err != nil {
		return nil, err
	}
	return m.showCase(ctx)
}

func (m *matter) showCase(ctx context.Context) (*Case, error) {
	board, boardName := m.boardName()
	view := &Case{
		ID: m.i.ID, CaseNumber: m.i.CaseNumber, Programme: m.i.Programme, Authority: board,
		AuthorityName: boardName, State: m.i.State.Outside(), StateSince: m.i.StateSince, Youth: m.showYouth(), Now: m.tx.Now(),
	}
	if m.i.SharingStoppedAt != nil {
		view.SharingEnded = *m.i.SharingStoppedAt
		if m.i.State == sig.InterventionSharingStopped {
			view.GraceEnds = closing.GraceEnds(*m.i.SharingStoppedAt)
		}
	}
	if m.may(policy.DutyRead) {
		view.State = m.i.State
		view.Board, view.ClosedReason, view.Maturity, view.Alone = true, m.i.ClosedReason, m.maturity, m.alone
		view.Gap = sig.RequiredSigners(m.signerFacts(m.tx.Now())).Missing
		view.Unsigned = m.unsigned()
	}
	if self, citizen := m.self(); citizen && !self.Youth.IsZero() && len(m.alone) > 0 {
		in, err := m.tx.InTheOffice(ctx)
		if err != nil {
			return nil, err
		}
		view.Own = in
	}
	var err error
	inForce, preparing := m.inForce(), m.preparing()
	for n := range m.consents {
		c := &m.consents[n]
		switch {
		case c == inForce:
			view.InForce, err = m.show(ctx, c, true)
		case c == preparing:
			view.Preparing, err = m.show(ctx, c, true)
		default:
			var v *Version
			if v, err = m.show(ctx, c, false); err == nil {
				view.Past = append(view.Past, *v)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if m.may(policy.DutyRecord) {
		view.Family = m.family()
	}
	if held := m.held(); held != nil && m.may(policy.DutyRecord) {
		if view.Held, err = m.show(ctx, held, true); err != nil {
			return nil, err
		}
	}
	if view.Board {
		if err := m.showUse(ctx, view.InForce); err != nil {
			return nil, err
		}
	}
	if m.tx.Actor.IsCitizen() {
		if view.BoardReads, err = m.tx.BoardFunctions(ctx, m.i.ID); err != nil {
			return nil, err
		}
	}
	if m.tx.Actor.IsCitizen() && inForce != nil {
		if view.SeatChanges, err = m.seatChanges(ctx); err != nil {
			return nil, err
		}
	}
	withdrawals, err := m.tx.WithdrawalsOf(ctx, m.i.ID)
	if err != nil {
		return nil, err
	}
	for _, w := range withdrawals {
		view.Receipts = append(view.Receipts, receiptLine(w))
	}
	view.SaidYes, view.Actions = m.readerSaidYes(), m.caseActions()
	if len(view.Receipts) > 0 {
		view.Actions = append(view.Actions, ActionShowReceipts)
	}
	return view, nil
}

func (m *matter) showYouth() Youth {
	return Youth{
		ID: m.youth.ID, Name: m.youth.Name, Age: m.youth.BirthDate.Age(sig.DateOf(m.tx.Now())), Protection: m.youth.Protection,
	}
}

// show puts one version into the words of the directory; past versions without
// their rows.
func (m *matter) show(ctx context.Context, c *postgres.Consent, whole bool) (*Version, error) {
	seen, err := m.seenHash(ctx, c)
	if err != nil {
		return nil, err
	}
	v := &Version{
		ID: c.ID, Number: c.Version, State: c.State, Change: Change(c.Change), TextHash: hashText(seen),
		PreparedAt: c.PreparedAt, ActivatedAt: orNever(c.ActivatedAt), EndedAt: orNever(c.EndedAt),
		DecidedOn: c.DecidedOn, Reference: c.DecisionReference,
	}
	if c.State == sig.ConsentSuspended && m.may(policy.DutyRead) {
		v.Paused = c.SuspendedFor
	}
	if c.State == sig.ConsentPartiallySigned && c.FirstSignedAt != nil {
		v.LapsesAt = closing.Lapses(*c.FirstSignedAt)
	}
	if c.OralUntil != nil && !closing.Ended(c.State) {
		v.OralUntil = *c.OralUntil
	}
	if !whole {
		return v, nil
	}
	names, err := m.privateNames(ctx, m.rows[c.ID])
	if err != nil {
		return nil, err
	}
	for _, r := range m.rows[c.ID] {
		v.Rows = append(v.Rows, m.showRow(m.untilWritten(c, r.Grant), names[r.ID]))
	}
	for _, x := range m.exclusions[c.ID] {
		v.Exclusions = append(v.Exclusions, Exclusion{ID: x.ID, Recipient: m.party(x.Recipient), Category: x.Category})
	}
	if c.State == sig.ConsentDraft && m.may(policy.DutyPrepare) {
		if v.Mark, err = draftMark(m.rows[c.ID], m.exclusions[c.ID], names); err != nil {
			return nil, err
		}
	}
	v.Signers = m.showSigners(c)
	if err := m.showPapers(ctx, c, v.Signers); err != nil {
		return nil, err
	}
	for _, one := range v.Signers {
		if one.Required {
			v.MustSign++
			if one.Answer == sig.AnswerSigned {
				v.SignedBy++
			}
		}
	}
	v.Actions = m.versionActions(c)
	m.stripVersion(v)
	return v, nil
}

// untilWritten is a row as a partner sees it: the end that holds while an oral
// yes is not written. The board and the family read the text that is signed.
func (m *matter) untilWritten(c *postgres.Consent, g sig.Grant) sig.Grant {
	if c.OralUntil != nil && c.OralUntil.Before(g.To) && !m.tx.Actor.IsCitizen() && !m.may(policy.DutyRead) {
		g.To = *c.OralUntil
	}
	return g
}

func (m *matter) showRow(g sig.Grant, privateName string) Row {
	r := Row{
		ID: g.ID, Origin: g.Origin, Number: g.Row, Discloser: m.party(g.Discloser), Categories: g.Categories, Aim: g.Aim,
		From: g.From, To: g.To,
	}
	end, moved := m.directory.Ends(g)
	r.Over = !m.tx.Now().Before(end)
	r.Open = !r.Over && g.Open(m.tx.Now())
	if moved {
		r.Leaves = end
	}
	if g.Private != "" {
		r.Recipient = Party{Private: g.Private, PrivateName: privateName}
	} else {
		r.Recipient = m.party(g.Recipient)
	}
	for _, id := range g.Districts {
		d, ok := m.directory.District(id)
		if !ok {
			d = sig.District{ID: id, Name: string(id)}
		}
		r.Districts = append(r.Districts, d)
	}
	return r
}

func (m *matter) party(s sig.Seat) Party {
	p := Party{Seat: s}
	if a, ok := m.directory.Authority(s.Authority); ok {
		p.Authority, p.Kind = a.Name, a.Kind
	}
	if u, ok := m.directory.Unit(s.Unit); ok {
		p.Unit = u.Name
	}
	return p
}

// showSigners lists who must sign: of a draft those whom the age table names
// now, of an explained version those whom it was explained to. A citizen gets
// the own line alone.
func (m *matter) showSigners(c *postgres.Consent) []Signer {
	var list []Signer
	if c.State == sig.ConsentDraft {
		for _, s := range m.required() {
			list = append(list, Signer{
				Kind: s.kind(), Guardian: s.Guardian, Youth: s.Youth, Name: m.nameOf(s), Required: true,
			})
		}
	}
	for _, row := range m.signers[c.ID] {
		s := Signer{
			Kind: row.Kind, Required: row.Required, Explained: orNever(row.ExplainedAt), Method: Method(row.ExplainedMethod),
			Language: row.ExplainedLanguage, Answer: row.Answer, AnsweredAt: orNever(row.AnsweredAt), Channel: row.Channel,
			ReadIn: row.Language, Overridden: row.OverriddenAt != nil && c.ActivatedAt != nil || m.overridden(row), Oral: m.showOral(c, row),
		}
		if row.Channel == channelOral {
			s.Written = m.writtenAt(c, row.Signer)
		}
		if m.may(policy.DutyRead) {
			s.Interpreter = row.Interpreter
		}
		ref := refOf(row)
		if answerable(c) { // who must sign is decided when the last one signs
			s.Required = m.isRequired(ref)
			s.Gone = row.Answer == "" && !m.hasStanding(ref)
		}
		s.Guardian, s.Youth, s.Name = ref.Guardian, ref.Youth, m.nameOf(ref)
		list = append(list, s)
	}
	if self, citizen := m.self(); citizen {
		list = slices.DeleteFunc(list, func(s Signer) bool { return s.Guardian != self.Guardian || s.Youth != self.Youth })
	} else if !m.may(policy.DutyRead) {
		return nil
	}
	return list
}

// required lists who must sign at the transaction's instant, as far as it is known.
func (m *matter) required() []SignerRef { return m.requiredAt(m.tx.Now()) }

func (m *matter) requiredAt(at time.Time) []SignerRef {
	s := sig.RequiredSigners(m.signerFacts(at))
	var list []SignerRef
	for _, g := range s.Guardians {
		list = append(list, SignerRef{Guardian: g})
	}
	if s.Youth {
		list = append(list, SignerRef{Youth: m.youth.ID})
	}
	return list
}

// hasStanding reports whether the case is somebody's still: a guardian's only
// while the custody lasts, and never from the 18th birthday (domain 3.2).
func (m *matter) hasStanding(r SignerRef) bool {
	f := m.signerFacts(m.tx.Now())
	return r.Guardian.IsZero() || slices.Contains(sig.CustodyAt(f.Guardianships, f.Birth, f.At), r.Guardian)
}

func refOf(row postgres.SignerRow) SignerRef {
	if row.Kind == sig.SignerGuardian {
		return SignerRef{Guardian: sig.GuardianID{UUID: row.Signer}}
	}
	return SignerRef{Youth: sig.YouthID{UUID: row.Signer}}
}

func (m *matter) nameOf(r SignerRef) string {
	if !r.Youth.IsZero() {
		return m.youth.Name
	}
	for _, g := range m.guardians {
		if g.ID == r.Guardian {
			return g.Name
		}
	}
	return ""
}

// family lists the youth and everybody who is or has been a guardian. A guardian
// who was prevented, and a young person who was only heard, signed nothing and may
// take back all the same (3.7.8).
func (m *matter) family() []Signer {
	list := []Signer{{Kind: sig.SignerYouth, Youth: m.youth.ID, Name: m.youth.Name}}
	for _, g := range m.guardians {
		if !g.From.After(m.tx.Now()) {
			list = append(list, Signer{Kind: sig.SignerGuardian, Guardian: g.ID, Name: g.Name})
		}
	}
	return list
}

func orNever(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
