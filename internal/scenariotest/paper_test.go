package scenariotest

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"sigportal/internal/clamtest"
	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
	"sigportal/internal/upload"
)

// scanned is a page as a scanner makes it.
func scanned(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 30, 40))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// onPaper is Omid's signature on paper of 5 December.
func onPaper(c *city, v *consenting.Version) consenting.PaperInput {
	c.t.Helper()
	return consenting.PaperInput{
		Signer: consenting.SignerRef{Guardian: signerNamed(c, v, "Omid").Guardian}, TextHash: v.TextHash,
		SignedOn: sig.Date{Year: 2026, Month: 12, Day: 5}, ReadIn: "sv", Kept: "Aktskåp 4, akt 2026/417", Scan: scanned(c.t),
	}
}

// A guardian signs on paper: the coordinator records it with the scan, which is
// kept sealed and given to the board alone, with a row in the ledger each time.
func TestSignedOnPaper(t *testing.T) {
	c := newCity(t, "2026-12-04", "amir")
	c.Consenting.Uploads = upload.New(clamtest.Start(t))
	c.proposes()
	id := c.explains(c1()...)
	c.signs(id, "amir", "sara")
	c.db.SetClock(t, stockholm("2026-12-05 11:00:00"))
	v := c.shown(karin).Preparing
	in := onPaper(c, v)
	for who, code := range map[string]string{nadia: "error.denied", jonas: "error.denied", berg: "error.not_found", "sara": "error.not_found", "omid": "error.not_found"} {
		_, err := c.Consenting.RecordPaper(c.ctx(), c.as(who), id, in)
		c.refusedWith(err, code, who+" records a paper")
	}
	for doing, wrong := range map[string]struct {
		change func(*consenting.PaperInput)
		code   string
	}{
		"a day to come":  {func(p *consenting.PaperInput) { p.SignedOn.Day = 6 }, "signed_on error.oral_in_future"},
		"a day before":   {func(p *consenting.PaperInput) { p.SignedOn.Day = 3 }, "signed_on error.oral_before_text"},
		"no text":        {func(p *consenting.PaperInput) { p.ReadIn = "" }, "read_in error.choose_one"},
		"a draft":        {func(p *consenting.PaperInput) { p.ReadIn = "so" }, "error.language_is_draft"},
		"nowhere":        {func(p *consenting.PaperInput) { p.Kept = "  " }, "kept error.required"},
		"another text":   {func(p *consenting.PaperInput) { p.TextHash = strings.Repeat("0", 64) }, "error.version_changed"},
		"who has signed": {func(p *consenting.PaperInput) { p.Signer.Guardian = signerNamed(c, v, "Sara").Guardian }, "error.already_answered"},
		"no file":        {func(p *consenting.PaperInput) { p.Scan = nil }, "scan error.file_missing"},
		"a harmful file": {func(p *consenting.PaperInput) { p.Scan = append(p.Scan, clamtest.EICAR()...) }, "scan error.file_harmful"},
		"another file":   {func(p *consenting.PaperInput) { p.Scan = []byte("<svg/>") }, "scan error.file_kind"},
	} {
		bad := in
		wrong.change(&bad)
		_, err := c.Consenting.RecordPaper(c.ctx(), c.as(karin), id, bad)
		c.refusedWith(err, wrong.code, "Karin records "+doing)
	}
	uploads := c.Consenting.Uploads
	c.Consenting.Uploads = nil
	_, err := c.Consenting.RecordPaper(c.ctx(), c.as(karin), id, in)
	c.refusedWith(err, "scan error.file_unchecked", "Karin records it while nobody can look at the file")
	c.Consenting.Uploads = uploads
	if n := one[int](c, `select count(*)::int from sig.file`); n != 0 {
		t.Fatalf("%d files are kept of what was refused", n)
	}
	view, err := c.Consenting.RecordPaper(c.ctx(), c.as(karin), id, in)
	c.must(err, "Karin records what Omid signed")
	omid := signerNamed(c, view.Preparing, "Omid")
	if view.Preparing.State != sig.ConsentSigned || omid.Channel != "paper" || omid.Paper == nil || omid.Paper.Kept != in.Kept {
		t.Fatalf("the version is %s, %+v %+v", view.Preparing.State, omid, omid.Paper)
	}
	// Which texts stood on it is kept as of a signature with eID, and told in the
	// ledger and the journal.
	if omid.ReadIn != "sv" || !one[bool](c, `select s.language = 'sv' and s.wording = p.wording and p.read_in = 'sv'
		and l.detail->>'language' = 'sv' and l.detail->>'wording' = encode(p.wording, 'hex')
		from sig.consent_paper p join sig.consent_signer s on s.consent = p.consent and s.signer = p.signer
		join sig.wording w on (w.language, w.hash) = (p.read_in, p.wording)
		join sig.ledger l on l.kind = 'record_paper' and l.outcome = 'allowed'`) {
		t.Errorf("the texts on the paper are not kept: %q", omid.ReadIn)
	}
	if one[bool](c, `select position('PNG' in encode(body_sealed, 'escape')) > 0 or position('Akt' in encode(kept_sealed, 'escape')) > 0
		from sig.file f join sig.consent_paper p on p.file = f.id`) {
		t.Error("the scan, or where the paper lies, is not sealed")
	}
	for who, code := range map[string]string{berg: "error.not_found", "sara": "error.not_found", "omid": "error.not_found", "caseworker-farsta": "error.not_found"} {
		_, err := c.Consenting.Scan(c.ctx(), c.as(who), id, omid.Paper.ID)
		c.refusedWith(err, code, who+" takes the scan")
	}
	scan, err := c.Consenting.Scan(c.ctx(), c.as(nadia), id, omid.Paper.ID)
	c.must(err, "Nadia takes the scan")
	if scan.MediaType != "image/png" || scan.Name != "underskrift.png" || !bytes.HasPrefix(scan.Data, []byte("\x89PNG")) {
		t.Errorf("the scan: %s %s, %d bytes", scan.MediaType, scan.Name, len(scan.Data))
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind = 'read_paper' and outcome = 'allowed'`); n != 1 {
		t.Errorf("%d rows in the ledger of one reading", n)
	}
	c.decides()
	c.seated(partners...)
	if !c.reads(berg, c.told(karin, sample.Police, sig.CategoryPlanGoals)) {
		t.Error("with a signature on paper nothing can be told")
	}
	if seen := c.shown("sara").InForce; len(seen.Signers) != 1 || seen.Signers[0].Paper != nil {
		t.Errorf("Sara sees %+v", seen.Signers)
	}
}

// T05: the paper is there within the fourteen days, and the version's own end
// holds again.
func TestT05WrittenOnPaper(t *testing.T) {
	c, id := saidYes(t)
	c.Consenting.Uploads = upload.New(clamtest.Start(t))
	c.db.FreezeClock(t, stockholm("2026-12-19 09:59:59"))
	in := onPaper(c, c.shown(karin).InForce)
	_, err := c.Consenting.RecordPaper(c.ctx(), c.as(karin), id, in)
	c.must(err, "Karin records the paper")
	if !one[bool](c, `select o.read_in = 'sv' and s.wording = o.wording and s.language = 'sv' from sig.consent_oral o
		join sig.consent_signer s on s.consent = o.consent and s.signer = o.signer where o.state = 'written'`) {
		t.Error("the texts that were read to Omid are not kept")
	}
	_, err = c.Consenting.RecordPaper(c.ctx(), c.as(karin), id, in)
	c.refusedWith(err, "error.version_is_over", "Karin records it twice")
	c.until("2026-12-19 10:00:00")
	if v := c.shown(karin).InForce; v == nil || !v.OralUntil.IsZero() || signerNamed(c, v, "Omid").Paper == nil {
		t.Fatalf("on paper in time, and yet: %+v", v)
	}
}
