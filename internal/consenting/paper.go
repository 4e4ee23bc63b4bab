package consenting

import (
	"context"
	"slices"
	"strings"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
	"sigportal/internal/upload"
	"sigportal/internal/words"
)

// PaperInput is one signer's signature of a version on paper.
type PaperInput struct {
	Signer   SignerRef
	TextHash string // of the version, as the page had it
	SignedOn sig.Date
	ReadIn   string // the language of the texts on the paper
	Kept     string // where the paper itself is kept
	Scan     []byte
}

// PaperLine is a signature on paper as the board sees it.
type PaperLine struct {
	ID         sig.PaperID
	SignedOn   sig.Date
	RecordedAt time.Time
	Kept       string
	Size       int
}

// keptMax is how long the note of where a paper lies may be.
const keptMax = 200

// RecordPaper records that one signer has signed a version on paper, and keeps
// the scan. The scan is looked at outside any transaction, and only for whoever
// may record it: clamd is asked over the network.
func (s *Service) RecordPaper(ctx context.Context, actor sig.Actor, consent sig.ConsentID, in PaperInput) (*Case, error) {
	in.Kept = strings.TrimSpace(in.Kept)
	id, err := s.interventionOf(ctx, actor, consent)
	if err != nil {
		return nil, err
	}
	looks := actor
	looks.Act = nil // to look is not the act
	err = s.act(ctx, s.DB, looks, id, ledger.RecordPaper, func(m *matter) error {
		_, err := m.paperFor(ctx, consent, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	scan, err := s.Uploads.Check(ctx, "scan", in.Scan)
	if err != nil {
		return nil, err
	}
	return s.onVersion(ctx, actor, consent, ledger.RecordPaper, func(m *matter, c *postgres.Consent) error {
		row, err := m.paperFor(ctx, consent, in)
		if err != nil {
			return err
		}
		p := postgres.Paper{
			ID: sig.NewPaperID(), Consent: c.ID, Intervention: m.i.ID, Signer: row.Signer, Kind: row.Kind, TextHash: c.TextHash,
			SignedOn: in.SignedOn, File: sig.NewFileID(), FileKind: string(scan.Kind), Size: len(scan.Data),
		}
		read, err := m.inApproved(ctx, words.For(in.ReadIn))
		if err != nil {
			return err
		}
		p.ReadIn, p.Wording = read.Language, read.Hash
		if p.KeptSealed, err = m.sealFor(ctx, "kept", p.ID.UUID, in.Kept); err != nil {
			return err
		}
		body, err := m.sealFor(ctx, "body", p.File.UUID, string(scan.Data))
		if err != nil {
			return err
		}
		if err := m.tx.InsertPaper(ctx, p, m.i.Authority, body); err != nil {
			return err
		}
		if o, said := m.openOral(c, row.Signer); said && o.State == sig.OralConfirmed {
			return m.written(ctx, c, o, channelPaper, read)
		}
		row.Answer, row.TextHash, row.Channel = sig.AnswerSigned, c.TextHash, channelPaper
		row.Language, row.Wording = read.Language, read.Hash
		if row.SeenHash, err = m.familyHash(ctx, c); err != nil {
			return err
		}
		if err := m.tx.AnswerConsent(ctx, row); err != nil {
			return err
		}
		return m.signed(ctx, c, row)
	})
}

// paperFor finds the version and the signer's line that a paper is for, and
// looks at everything about it but the scan.
func (m *matter) paperFor(ctx context.Context, consent sig.ConsentID, in PaperInput) (postgres.SignerRow, error) {
	if err := m.must(policy.DutyPaper); err != nil {
		return postgres.SignerRow{}, err
	}
	c := m.version(consent)
	if c == nil {
		return postgres.SignerRow{}, m.refuse("unknown_version", fault.Missing())
	}
	m.entry.Consent, m.entry.Object = c.ID, ledger.Of(ledger.ObjectConsent, c.ID)
	row, named := m.signerRow(c, in.Signer)
	if o, said := m.openOral(c, row.Signer); !named || !said || o.State != sig.OralConfirmed {
		var err error
		if row, err = m.questioned(c, in.Signer); err != nil {
			return row, err
		}
	}
	if _, err := m.sameText(ctx, c, in.TextHash); err != nil {
		return row, err
	}
	var check fault.Check
	today := sig.DateOf(m.tx.Now())
	switch {
	case in.SignedOn.IsZero():
		check.Fail("signed_on", "error.required")
	case in.SignedOn.Compare(today) > 0:
		check.Fail("signed_on", "error.oral_in_future")
	case in.SignedOn.Compare(sig.DateOf(c.PreparedAt)) < 0:
		check.Fail("signed_on", "error.oral_before_text")
	}
	checkReadIn(&check, in.ReadIn)
	switch {
	case in.Kept == "":
		check.Fail("kept", "error.required")
	case !sig.Writable(in.Kept):
		check.Fail("kept", "error.bad_text")
	case len([]rune(in.Kept)) > keptMax:
		check.Fail("kept", "error.too_long", "max", keptMax)
	}
	return row, check.Err()
}

// Scan is the scan of a signature on paper.
type Scan struct {
	MediaType string
	Name      string // what the download is called: by the kind and the version, never as it was handed in
	Data      []byte
}

// Scan gives the scan of a signature on paper to whoever takes part for the
// board; every reading is in the ledger.
func (s *Service) Scan(ctx context.Context, actor sig.Actor, consent sig.ConsentID, paper sig.PaperID) (*Scan, error) {
	id, err := s.interventionOf(ctx, actor, consent)
	if err != nil {
		return nil, err
	}
	var scan *Scan
	err = s.look(ctx, actor, id, ledger.ReadPaper, func(m *matter) error {
		if err := m.must(policy.DutyRead); err != nil {
			return err
		}
		n := slices.IndexFunc(m.papers, func(p postgres.Paper) bool { return p.ID == paper && p.Consent == consent })
		if n < 0 {
			return m.refuse("unknown_paper", fault.Missing())
		}
		p := m.papers[n]
		m.entry.Consent, m.entry.Object = consent, ledger.Of(ledger.ObjectConsent, consent)
		m.entry.Detail = ledger.Detail{"paper": p.ID.String(), "signer": p.Signer.String()}
		file, err := m.tx.File(ctx, p.File)
		if err != nil {
			return err
		}
		at := m.at("body")
		at.Object = file.ID.UUID
		data, err := m.service.Sealer.Open(ctx, m.tx, at, file.BodySealed)
		if err != nil {
			return err
		}
		kind := upload.Kind(file.Kind)
		scan = &Scan{MediaType: kind.MediaType(), Name: "underskrift." + file.Kind, Data: data}
		return nil
	})
	return scan, err
}

// showPapers puts the signatures on paper beside their signers, for the board.
func (m *matter) showPapers(ctx context.Context, c *postgres.Consent, signers []Signer) error {
	if !m.may(policy.DutyRead) {
		return nil
	}
	for _, p := range m.papers {
		n := slices.IndexFunc(signers, func(s Signer) bool { return SignerRef{Guardian: s.Guardian, Youth: s.Youth}.id() == p.Signer })
		if p.Consent != c.ID || n < 0 {
			continue
		}
		at := m.at("kept")
		at.Object = p.ID.UUID
		kept, err := m.service.Sealer.Open(ctx, m.tx, at, p.KeptSealed)
		if err != nil {
			return err
		}
		signers[n].Paper = &PaperLine{ID: p.ID, SignedOn: p.SignedOn, RecordedAt: p.RecordedAt, Kept: string(kept), Size: p.Size}
	}
	return nil
}
