package consenting

import (
	"context"
	"regexp"
	"strings"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// languageCode is the form of a language's code: "so", "fa-AF".
var languageCode = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// reasonMax bounds what staff write about an assessment or an outcome.
const reasonMax = 4000

// Explain records that a version was explained to one signer, by which method
// and in which language; nobody can sign before. The first explanation fixes
// the text: from then on the version never changes, and its hash is what
// everybody signs. A young person who does not sign is informed and heard in
// the same way (SoL 3:2–3), with the view in View.
func (s *Service) Explain(ctx context.Context, actor sig.Actor, consent sig.ConsentID, in Explaining) (*Case, error) {
	id, err := s.interventionOf(ctx, actor, consent)
	if err != nil {
		return nil, err
	}
	var view *Case
	err = s.act(ctx, s.DB, actor, id, ledger.ExplainConsent, func(m *matter) error {
		if err := m.must(policy.DutyExplain); err != nil {
			return err
		}
		if err := in.check(); err != nil {
			return err
		}
		c := m.version(consent)
		if c == nil || c.State != sig.ConsentDraft && !answerable(c) && !m.awaits(c) {
			return m.conflict("error.version_is_over")
		}
		if err := m.checkExplained(ctx, c, in); err != nil {
			return err
		}
		if c.State == sig.ConsentDraft && !contains(m.required(), in.Signer) && in.Signer.Youth != m.youth.ID || !m.hasStanding(in.Signer) {
			return m.refuse("not_a_signer", fault.Missing())
		}
		if c.State == sig.ConsentDraft {
			if err := m.fix(ctx, c); err != nil {
				return err
			}
		} else if c.State == sig.ConsentSuspended {
			if !contains(m.missing(c), in.Signer) {
				return m.refuse("not_a_signer", fault.Missing())
			}
		} else if err := m.nameSigners(ctx, c); err != nil {
			return err
		}
		if err := m.explainTo(ctx, c, in); err != nil {
			return err
		}
		view, err = m.answer(ctx)
		return err
	})
	return view, err
}

func (e Explaining) check() error {
	var c fault.Check
	switch e.Method {
	case MethodMeeting, MethodPhone, MethodVideo, MethodLetter, MethodInterpreter:
	default:
		c.Fail("method", "error.choose_one")
	}
	if !languageCode.MatchString(e.Language) {
		c.Fail("language", "error.choose_one")
	}
	if !e.Signer.one() {
		c.Fail("signer", "error.choose_one")
	}
	if !sig.Writable(e.View) {
		c.Fail("view", "error.bad_text")
	}
	if len([]rune(e.View)) > reasonMax {
		c.Fail("view", "error.too_long", "max", reasonMax)
	}
	return c.Err()
}

// fix makes a draft an immutable version: it is checked once more, compared
// with the version before, hashed, and gets the list of those who must sign.
func (m *matter) fix(ctx context.Context, c *postgres.Consent) error {
	if err := m.recheck(ctx, c); err != nil {
		return err
	}
	signers := sig.RequiredSigners(m.signerFacts(m.tx.Now()))
	if signers.Missing != sig.NoGap {
		return m.conflict("error.signers_" + string(signers.Missing))
	}
	if adult := sig.AdultFrom(m.youth.BirthDate); !signers.Youth && m.matrix(c.ID).LastEnd().After(adult) {
		return m.conflict("error.past_eighteen")
	}
	change, same := m.changeOf(c)
	if same {
		return m.conflict("error.nothing_changed")
	}
	c.Change = string(change)
	if err := m.fitsPrevention(c, change); err != nil {
		return err
	}
	hash, err := m.textHash(ctx, c)
	if err != nil {
		return err
	}
	c.TextHash = hash
	if err := m.tx.StepConsent(ctx, c, sig.ConsentExplained); err != nil {
		return err
	}
	return m.nameSigners(ctx, c)
}

// recheck looks at a stored draft as if it had just been written: directories
// and days have moved on since.
func (m *matter) recheck(ctx context.Context, c *postgres.Consent) error {
	stored, err := m.privateNames(ctx, m.rows[c.ID])
	if err != nil {
		return err
	}
	names := map[int]string{}
	for n, r := range m.rows[c.ID] {
		names[n+1] = stored[r.ID]
	}
	return asFaults(sig.CheckMatrix(m.matrix(c.ID), m.grantFacts(names, c.Change == string(ChangeImported))))
}

// changeOf says how a version differs from the one before it.
func (m *matter) changeOf(c *postgres.Consent) (change Change, same bool) {
	before := m.before()
	if before == nil {
		return ChangeFirst, false
	}
	old, matrix := m.matrix(before.ID), m.matrix(c.ID)
	switch {
	case m.i.State == sig.InterventionSharingStopped:
		return ChangeRenewal, false
	case matrix.Same(old):
		return ChangeNarrowing, true
	case matrix.SubsetOf(old):
		return ChangeNarrowing, false
	case onlyLonger(old, matrix):
		return ChangeRenewal, false
	default:
		return ChangeWidening, false
	}
}

// onlyLonger reports whether nothing but the windows goes beyond the old rows.
func onlyLonger(old, matrix sig.Matrix) bool {
	longest := sig.Matrix{Exclusions: old.Exclusions}
	for _, g := range old.Grants {
		g.From, g.To = g.From.AddDate(-100, 0, 0), g.To.AddDate(100, 0, 0)
		longest.Grants = append(longest.Grants, g)
	}
	return matrix.SubsetOf(longest)
}

// nameSigners adds whoever must sign now and is not named yet, and a youth who
// does not sign, to be heard.
func (m *matter) nameSigners(ctx context.Context, c *postgres.Consent) error {
	return m.tx.AsSystem("consenting", func() error {
		refs := m.required()
		for _, r := range refs {
			err := m.tx.AddSigner(ctx, postgres.SignerRow{
				Consent: c.ID, Intervention: m.i.ID, Signer: r.id(), Kind: r.kind(), Required: true,
			})
			if err != nil {
				return err
			}
		}
		if youth := (SignerRef{Youth: m.youth.ID}); !contains(refs, youth) {
			err := m.tx.AddSigner(ctx, postgres.SignerRow{
				Consent: c.ID, Intervention: m.i.ID, Signer: youth.id(), Kind: sig.SignerYouth,
			})
			if err != nil {
				return err
			}
		}
		return m.rereadSigners(ctx, c)
	})
}

func (m *matter) explainTo(ctx context.Context, c *postgres.Consent, in Explaining) error {
	row, named := m.signerRow(c, in.Signer)
	if !named {
		return m.refuse("not_a_signer", fault.Missing())
	}
	if row.Answer != "" {
		return m.conflict("error.already_answered")
	}
	view, err := m.sealFor(ctx, "view", c.ID.UUID, strings.TrimSpace(in.View))
	if err != nil {
		return err
	}
	through := sig.Interpreter{ID: strings.TrimSpace(in.Interpreter.ID), Language: in.Language}
	if err := m.tx.ExplainTo(ctx, c.ID, row.Signer, string(in.Method), through, view); err != nil {
		return err
	}
	detail := ledger.Detail{"signer": row.Signer.String(), "method": in.Method, "language": in.Language, "heard": view != nil, "interpreter": !through.IsZero()}
	if _, err := m.record(ctx, c, detail); err != nil {
		return err
	}
	facts := map[string]any{
		"version": c.Version, "signer": row.Signer.String(), "kind": row.Kind, "method": in.Method, "language": in.Language,
	}
	if !through.IsZero() {
		facts["interpreter"] = through.ID
	}
	if err := m.note(postgres.JournalExplained, m.tx.Now(), facts); err != nil {
		return err
	}
	if err := closing.AskToSign(ctx, m.tx, &m.i, c.ID, in.Signer.Guardian, signingYouth(row, in.Signer)); err != nil {
		return err
	}
	return closing.Tell(ctx, m.tx, &m.i)
}

func signingYouth(row postgres.SignerRow, r SignerRef) sig.YouthID {
	if !row.Required {
		return sig.YouthID{}
	}
	return r.Youth
}
