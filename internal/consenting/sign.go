package consenting

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Sign is one signer's yes to exactly the version and the wording that were on
// screen (Seen), proven by a fresh login bound to them. In a translation that no
// authorised translator has approved nothing is signed. Another person coming back, a
// version changed or over meanwhile, or a login spent before signs nothing.
// The last yes that is needed makes the version wait for the decision on the
// measure or, where there is one already, brings it into force.
func (s *Service) Sign(
	ctx context.Context, actor sig.Actor, consent sig.ConsentID, seen string, proof postgres.StepUpID,
) (*Case, error) {
	id, err := s.interventionOf(ctx, actor, consent)
	if err != nil {
		return nil, err
	}
	var view *Case
	err = s.act(ctx, s.DB, actor, id, ledger.SignConsent, func(m *matter) error {
		c, row, err := m.answering(consent)
		if err != nil {
			return err
		}
		textHash, language, same := read(seen)
		if !same {
			return m.conflict("error.version_changed")
		}
		seenHash, err := m.sameText(ctx, c, textHash)
		if err != nil {
			return err
		}
		wording, err := m.inApproved(ctx, language)
		if err != nil {
			return err
		}
		authTime, err := postgres.ConsumeStepUp(ctx, m.tx, proof, boundTo(seen))
		if fault.KindOf(err) == fault.StepUp {
			return m.refuse("step_up", err)
		}
		if err != nil {
			return err
		}
		if o, said := m.openOral(c, row.Signer); said && o.State == sig.OralConfirmed {
			if err := m.written(ctx, c, o, channelESigned, wording); err != nil {
				return err
			}
			view, err = m.answer(ctx)
			return err
		}
		row.Answer, row.TextHash, row.SeenHash, row.Person, row.AuthTime, row.Channel =
			sig.AnswerSigned, c.TextHash, seenHash, actor.Person, &authTime, channelESigned
		row.Language, row.Wording = wording.Language, wording.Hash
		if err := m.tx.AnswerConsent(ctx, row); err != nil {
			return err
		}
		if err := m.signed(ctx, c, row); err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

// boundTo is what a fresh login for a text was bound to: package login hashes
// what stood on the screen, as the form carries it.
func boundTo(seen string) []byte {
	sum := sha256.Sum256([]byte(seen))
	return sum[:]
}

// answering finds the version and the actor's own line in it, if it can be
// answered now.
func (m *matter) answering(consent sig.ConsentID) (*postgres.Consent, postgres.SignerRow, error) {
	self, citizen := m.self()
	c := m.version(consent)
	if !citizen || c == nil {
		return nil, postgres.SignerRow{}, m.refuse(string(policy.NoStanding), fault.Missing())
	}
	m.entry.Consent, m.entry.Object = c.ID, ledger.Of(ledger.ObjectConsent, c.ID)
	row, named := m.signerRow(c, self)
	if o, said := m.openOral(c, row.Signer); named && said && o.State == sig.OralConfirmed {
		return c, row, nil // what was said aloud can be written, whatever has become of the version since
	}
	switch {
	case c.State == sig.ConsentLapsedUnsigned:
		return nil, row, m.conflict("error.consent_lapsed")
	case !answerable(c) && !m.awaits(c):
		return nil, row, m.conflict("error.version_is_over")
	case !named || !m.isRequired(self):
		return nil, row, m.refuse(string(policy.NoStanding), fault.Missing())
	case row.Answer != "":
		return nil, row, m.conflict("error.already_answered")
	case row.ExplainedAt == nil:
		return nil, row, m.conflict("error.not_explained")
	case !m.tx.Now().Before(m.lastEnd(c.ID)):
		return nil, row, m.conflict("error.consent_is_over")
	}
	return c, row, nil
}

// sameText refuses unless the text on screen, the text that was fixed and the
// text that lies in the database are one. It gives the hash of what the signer
// has seen of it.
func (m *matter) sameText(ctx context.Context, c *postgres.Consent, onScreen string) ([]byte, error) {
	seen, err := m.seenHash(ctx, c)
	if err != nil {
		return nil, err
	}
	shown, err := hex.DecodeString(onScreen)
	if err != nil || !bytes.Equal(shown, seen) {
		return nil, m.conflict("error.version_changed")
	}
	now, err := m.textHash(ctx, c)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(now, c.TextHash) {
		return nil, m.conflict("error.version_changed")
	}
	return seen, nil
}

// signed takes the version further after a yes.
func (m *matter) signed(ctx context.Context, c *postgres.Consent, row postgres.SignerRow) error {
	detail := ledger.Detail{"channel": row.Channel, "text_hash": hashText(row.SeenHash)}
	if row.Language != "" {
		detail["language"], detail["wording"] = row.Language, hashText(row.Wording)
	}
	if _, err := m.record(ctx, c, detail); err != nil {
		return err
	}
	if err := m.dropSaid(ctx, c, row); err != nil {
		return err
	}
	if err := m.note(postgres.JournalSigned, m.tx.Now(), map[string]any{
		"version": c.Version, "signer": row.Signer.String(), "kind": row.Kind, "channel": row.Channel, "text": markOf(row.Language, row.Wording),
	}); err != nil {
		return err
	}
	return m.tx.AsSystem("consenting", func() error {
		if c.FirstSignedAt == nil {
			first := m.tx.Now()
			c.FirstSignedAt = &first
		}
		if err := m.rereadSigners(ctx, c); err != nil {
			return err
		}
		if c.State == sig.ConsentSuspended {
			return m.carriesOn(ctx, c)
		}
		if !m.complete(c) {
			if c.State == sig.ConsentExplained {
				if err := m.tx.StepConsent(ctx, c, sig.ConsentPartiallySigned); err != nil {
					return err
				}
				lapses := closing.Lapses(*c.FirstSignedAt)
				if err := m.tx.SetAlarm(postgres.AlarmConsentLapsesUnsigned, m.i.ID, c.ID.UUID, lapses); err != nil {
					return err
				}
			}
			return closing.Tell(ctx, m.tx, &m.i)
		}
		return m.completed(ctx, c)
	})
}

func (m *matter) rereadSigners(ctx context.Context, c *postgres.Consent) error {
	found, err := m.tx.Signers(ctx, c.ID)
	m.signers[c.ID] = found
	return err
}

// complete reports whether everybody has signed who must: at this instant, by
// the age table, not by the list of the day on which it was explained. One is
// enough for a version that only narrows.
func (m *matter) complete(c *postgres.Consent) bool {
	if m.onlyNarrows(c) {
		for _, row := range m.signers[c.ID] {
			if row.Answer == sig.AnswerSigned && m.isRequired(refOf(row)) {
				return true
			}
		}
		return false
	}
	if sig.RequiredSigners(m.signerFacts(m.tx.Now())).Missing != sig.NoGap {
		return false
	}
	for _, r := range m.required() {
		row, named := m.signerRow(c, r)
		if !named || row.Answer != sig.AnswerSigned && !m.overridden(row) {
			return false
		}
	}
	return true
}

// overridden reports whether a no hinders nothing: it was overridden, and it is
// still a no of somebody younger than fifteen.
func (m *matter) overridden(row postgres.SignerRow) bool {
	return row.OverriddenAt != nil && m.underOwnRight()
}

func (m *matter) underOwnRight() bool {
	return m.youth.BirthDate.Age(sig.DateOf(m.tx.Now())) < sig.OwnRightFrom
}

// onlyNarrows reports whether a version still is what it was explained as: less
// than what is in force now. One that was to narrow a version that has ended
// since would give something back, and that needs everybody.
func (m *matter) onlyNarrows(c *postgres.Consent) bool {
	now := m.inForce()
	return c.Change == string(ChangeNarrowing) && now != nil && m.matrix(c.ID).SubsetOf(m.matrix(now.ID))
}

// completed takes a version that everybody has signed to the decision on the
// measure or, where that has been taken, into force. It runs inside AsSystem.
func (m *matter) completed(ctx context.Context, c *postgres.Consent) error {
	m.tx.ClearAlarm(postgres.AlarmConsentLapsesUnsigned, c.ID.UUID)
	if err := m.releaseOthers(ctx, c); err != nil {
		return err
	}
	if m.i.State == sig.InterventionActive || m.i.State == sig.InterventionSharingStopped {
		return m.activate(ctx, c)
	}
	if err := m.tx.StepConsent(ctx, c, sig.ConsentSigned); err != nil {
		return err
	}
	m.tx.MoveIntervention(&m.i, sig.InterventionAwaitingDecision, "", m.tx.Now())
	return closing.AskForDecision(ctx, m.tx, &m.i, c.ID)
}

// Refuse is one required signer's no. A guardian's, or a no from 15, declines
// the version; that of a mature 12–14-year-old holds it up until the social
// secretary overrides it with a written reason or the scope shrinks.
func (s *Service) Refuse(ctx context.Context, actor sig.Actor, consent sig.ConsentID) (*Case, error) {
	id, err := s.interventionOf(ctx, actor, consent)
	if err != nil {
		return nil, err
	}
	var view *Case
	err = s.act(ctx, s.DB, actor, id, ledger.RefuseConsent, func(m *matter) error {
		c, row, err := m.answering(consent)
		if err != nil {
			return err
		}
		if row.Answer != "" {
			return m.conflict("error.already_answered")
		}
		if err := m.dropSaid(ctx, c, row); err != nil {
			return err
		}
		row.Answer, row.Person, row.Channel = sig.AnswerRefused, actor.Person, channelESigned
		if err := m.tx.AnswerConsent(ctx, row); err != nil {
			return err
		}
		if _, err := m.record(ctx, c, nil); err != nil {
			return err
		}
		if err := m.note(postgres.JournalRefused, m.tx.Now(), map[string]any{
			"version": c.Version, "signer": row.Signer.String(), "kind": row.Kind,
		}); err != nil {
			return err
		}
		if err := m.refused(ctx, c, row); err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

func (m *matter) refused(ctx context.Context, c *postgres.Consent, row postgres.SignerRow) error {
	blocks := row.Kind == sig.SignerYouth && m.underOwnRight()
	return m.tx.AsSystem("consenting", func() error {
		if c.State == sig.ConsentSuspended { // a new guardian's no: what holds without it holds no more
			return closing.LapseInForce(ctx, m.tx, &m.i, c)
		}
		if err := closing.MailNews(ctx, m.tx, &m.i, c.ID, blocks); err != nil {
			return err
		}
		if blocks {
			return closing.Tell(ctx, m.tx, &m.i)
		}
		if err := closing.EndVersion(m.tx, c, sig.ConsentDeclined, m.tx.Now()); err != nil {
			return err
		}
		if err := closing.NeverStarted(m.tx, &m.i, sig.ClosedDeclined, m.tx.Now()); err != nil {
			return err
		}
		return closing.Tell(ctx, m.tx, &m.i)
	})
}

// OverrideRefusal goes on against a mature 12–14-year-old's no, with the social
// secretary's written reason. It can complete the version; it never stands in
// for a guardian's or an older youth's yes.
func (s *Service) OverrideRefusal(ctx context.Context, actor sig.Actor, consent sig.ConsentID, why string) (*Case, error) {
	why, err := reason(why)
	if err != nil {
		return nil, err
	}
	id, err := s.interventionOf(ctx, actor, consent)
	if err != nil {
		return nil, err
	}
	var view *Case
	err = s.act(ctx, s.DB, actor, id, ledger.AssessMaturity, func(m *matter) error {
		if err := m.must(policy.DutyAssess); err != nil {
			return err
		}
		c := m.version(consent)
		if c == nil || m.blockedByYouth(c) == nil {
			return m.conflict("error.nothing_to_override")
		}
		sealed, err := m.sealFor(ctx, "override_reason", c.ID.UUID, why)
		if err != nil {
			return err
		}
		if err := m.tx.OverrideRefusal(ctx, c.ID, m.youth.ID.UUID, sealed); err != nil {
			return err
		}
		if _, err := m.record(ctx, c, ledger.Detail{"overridden": true}); err != nil {
			return err
		}
		if err := m.note(postgres.JournalOverridden, m.tx.Now(), map[string]any{"version": c.Version}); err != nil {
			return err
		}
		err = m.tx.AsSystem("consenting", func() error {
			if err := m.rereadSigners(ctx, c); err != nil {
				return err
			}
			if c.State == sig.ConsentPartiallySigned && m.complete(c) {
				return m.completed(ctx, c)
			}
			return closing.Tell(ctx, m.tx, &m.i)
		})
		if err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}
