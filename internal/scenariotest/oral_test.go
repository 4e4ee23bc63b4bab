package scenariotest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"sigportal/internal/consenting"
	"sigportal/internal/sample"
	"sigportal/internal/sig"
)

// signerNamed is the line of one who must sign.
func signerNamed(c *city, v *consenting.Version, name string) consenting.Signer {
	c.t.Helper()
	for _, s := range v.Signers {
		if strings.HasPrefix(s.Name, name) {
			return s
		}
	}
	c.t.Fatalf("nobody called %s signs", name)
	return consenting.Signer{}
}

// says is what Karin records of Omid's yes on the phone, in Somali.
func says(v *consenting.Version, s consenting.Signer, at string) consenting.OralInput {
	return consenting.OralInput{
		Signer: consenting.SignerRef{Guardian: s.Guardian}, TextHash: v.TextHash, ReceivedAt: stockholm(at),
		Method: consenting.MethodPhone, Language: "so", ReadIn: "sv", Interpreter: consenting.Interpreting{ID: "TOLK 4711", Unrelated: true},
	}
}

// saidYes is C1 on 5 December: Amir and Sara have signed, Omid has said yes on
// the phone at 10:00, and Nadia has confirmed it; the measure is decided.
func saidYes(t *testing.T) (*city, sig.ConsentID) {
	t.Helper()
	c := newCity(t, "2026-12-04", "amir")
	c.proposes()
	id := c.explains(c1()...)
	c.signs(id, "amir", "sara")
	c.db.SetClock(t, stockholm("2026-12-05 11:00:00"))
	v := c.shown(karin).Preparing
	view, err := c.Consenting.RecordOral(c.ctx(), c.as(karin), id, says(v, signerNamed(c, v, "Omid"), "2026-12-05 10:00:00"))
	c.must(err, "Karin records what Omid said")
	_, err = c.Consenting.ConfirmOral(c.ctx(), c.as(nadia), id, signerNamed(c, view.Preparing, "Omid").Oral.ID)
	c.must(err, "Nadia confirms it")
	c.decides()
	c.seated(partners...)
	return c, id
}

// T05, no eID: a guardian says yes on the phone in Somali through an
// interpreter. One officer records it, another person confirms it, and it holds
// for fourteen days.
func TestT05OralConsent(t *testing.T) {
	c := newCity(t, "2026-12-04", "amir")
	c.proposes()
	id := c.explains(c1()...)
	c.signs(id, "amir", "sara")
	c.db.SetClock(t, stockholm("2026-12-05 11:00:00"))
	v := c.shown(karin).Preparing
	omid := signerNamed(c, v, "Omid")
	in := says(v, omid, "2026-12-05 10:00:00")
	for who, code := range map[string]string{jonas: "error.denied", berg: "error.not_found", "sara": "error.not_found"} {
		_, err := c.Consenting.RecordOral(c.ctx(), c.as(who), id, in)
		c.refusedWith(err, code, who+" records what Omid said")
	}
	for doing, wrong := range map[string]struct {
		change func(*consenting.OralInput)
		code   string
	}{
		"a yes of the future":               {func(o *consenting.OralInput) { o.ReceivedAt = stockholm("2026-12-05 11:00:01") }, "received_at error.oral_in_future"},
		"a yes before the text":             {func(o *consenting.OralInput) { o.ReceivedAt = stockholm("2026-12-04 08:58:00") }, "received_at error.oral_before_text"},
		"a letter":                          {func(o *consenting.OralInput) { o.Method = consenting.MethodLetter }, "method error.choose_one"},
		"no text":                           {func(o *consenting.OralInput) { o.ReadIn = "xx" }, "read_in error.choose_one"},
		"no language":                       {func(o *consenting.OralInput) { o.Language = "" }, "language error.choose_one"},
		"Sara as interpreter":               {func(o *consenting.OralInput) { o.Interpreter.ID = "Sára R." }, "interpreter error.interpreter_relative"},
		"an interpreter nobody vouched for": {func(o *consenting.OralInput) { o.Interpreter.Unrelated = false }, "interpreter_unrelated error.interpreter_confirm"},
		"a personal number":                 {func(o *consenting.OralInput) { o.Interpreter.ID = "20110315-2383" }, "interpreter error.interpreter_personal_number"},
		"another text":                      {func(o *consenting.OralInput) { o.TextHash = strings.Repeat("0", 64) }, "error.version_changed"},
	} {
		bad := in
		wrong.change(&bad)
		_, err := c.Consenting.RecordOral(c.ctx(), c.as(karin), id, bad)
		c.refusedWith(err, wrong.code, "Karin records "+doing)
	}
	view, err := c.Consenting.RecordOral(c.ctx(), c.as(karin), id, in)
	c.must(err, "Karin records what Omid said")
	said := signerNamed(c, view.Preparing, "Omid")
	if said.Answer != "" || said.Oral == nil || said.Oral.State != sig.OralRecorded || !said.Oral.Mine || said.Oral.MayConfirm {
		t.Fatalf("one officer has recorded it: %+v %+v", said, said.Oral)
	}
	if view.Preparing.State != sig.ConsentPartiallySigned || view.Preparing.SignedBy != 2 {
		t.Fatalf("an unconfirmed yes counts: %s, %d", view.Preparing.State, view.Preparing.SignedBy)
	}
	_, err = c.Consenting.RecordOral(c.ctx(), c.as(karin), id, in)
	c.refusedWith(err, "error.oral_waits", "Karin records it twice")
	_, err = c.Consenting.ConfirmOral(c.ctx(), c.as(karin), id, said.Oral.ID)
	c.refusedWith(err, "error.oral_same_person", "Karin confirms what she recorded herself")
	hat := c.as(nadia)
	hat.Person = c.as(karin).Person
	_, err = c.Consenting.ConfirmOral(c.ctx(), hat, id, said.Oral.ID)
	c.refusedWith(err, "error.oral_same_person", "Karin confirms it under another hat")
	for who, code := range map[string]string{berg: "error.not_found", "omid": "error.not_found", "sara": "error.not_found", "caseworker-farsta": "error.not_found"} {
		_, err := c.Consenting.ConfirmOral(c.ctx(), c.as(who), id, said.Oral.ID)
		c.refusedWith(err, code, who+" confirms it")
	}
	if _, has := c.tasks(nadia)["confirm_oral"]; !has {
		t.Error("Nadia's Today does not ask her to confirm")
	}
	view, err = c.Consenting.ConfirmOral(c.ctx(), c.as(nadia), id, said.Oral.ID)
	c.must(err, "Nadia confirms it")
	said = signerNamed(c, view.Preparing, "Omid")
	if said.Answer != sig.AnswerSigned || said.Channel != "oral" || view.Preparing.State != sig.ConsentSigned ||
		!view.Preparing.OralUntil.Equal(stockholm("2026-12-19 10:00:00")) {
		t.Fatalf("confirmed: %+v, the version is %s until %s", said, view.Preparing.State, view.Preparing.OralUntil)
	}
	if due := c.tasks(karin)["write_oral"]; due.String() != "2026-12-19" {
		t.Errorf("Karin has until %s to have it written", due)
	}
	if _, has := c.tasks(nadia)["confirm_oral"]; has {
		t.Error("Nadia is still asked to confirm")
	}
	for _, kind := range []string{"consent_said", "consent_confirmed"} {
		if n := one[int](c, `select count(*)::int from sig.journal_note where kind = $1 and facts->>'interpreter' = 'TOLK 4711'`, kind); n != 1 {
			t.Errorf("%d journal notes %s", n, kind)
		}
	}
	if n := one[int](c, `select count(*)::int from sig.ledger where kind in ('record_oral', 'confirm_oral') and outcome = 'allowed' and consent = $1`, id); n != 2 {
		t.Errorf("%d rows in the ledger, want one for each officer", n)
	}
}

// Not written by the same minute fourteen days later: the version ends as
// expired at that instant, before any alarm, and sharing stops.
func TestT05NotWrittenInTime(t *testing.T) {
	c, id := saidYes(t)
	toPolice := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	c.ring()
	reminded := func() int {
		return one[int](c, `select count(*)::int from sig.mail m join sig.task t on t.id = m.object_id where t.kind = 'write_oral'`)
	}
	for n, day := range []string{"2026-12-12 10:00:00", "2026-12-16 10:00:00", "2026-12-18 10:00:00"} {
		c.db.FreezeClock(t, stockholm(day).Add(-time.Microsecond))
		c.ring()
		if got := reminded(); got != n {
			t.Errorf("a microsecond before %s Karin was reminded %d times", day, got)
		}
		c.until(day)
		if got := reminded(); got != n+1 {
			t.Errorf("at %s Karin was reminded %d times, want %d", day, got, n+1)
		}
	}
	c.db.FreezeClock(t, stockholm("2026-12-19 10:00:00").Add(-time.Microsecond))
	c.ring()
	if !c.reads(berg, toPolice) {
		t.Error("a microsecond before the time is over Berg cannot read")
	}
	c.db.FreezeClock(t, stockholm("2026-12-19 10:00:00"))
	if c.reads(berg, toPolice) {
		t.Error("at the very instant, before any alarm, Berg reads")
	}
	if _, err := c.tells(karin, sample.Police, sig.CategoryPlanGoals); err == nil {
		t.Error("at the very instant, before any alarm, Karin tells the police")
	}
	c.ring()
	view := c.shown(karin)
	if view.State != sig.InterventionSharingStopped || view.InForce != nil || view.Past[0].ID != id || view.Past[0].State != sig.ConsentExpired ||
		!view.Past[0].EndedAt.Equal(stockholm("2026-12-19 10:00:00")) {
		t.Fatalf("the intervention is %s, the version %s since %s", view.State, view.Past[0].State, view.Past[0].EndedAt)
	}
	if n := one[int](c, `select count(*)::int from sig.journal_note where kind = 'consent_unwritten'`); n != 1 {
		t.Errorf("%d journal notes that it was not written", n)
	}
	c.until("2027-01-02 10:00:00")
	if got := c.shown(karin); got.State != sig.InterventionClosing || got.ClosedReason != sig.ClosedConsentExpired {
		t.Errorf("fourteen days later it is %s, %s", got.State, got.ClosedReason)
	}
}

// Omid signs with his eID after all: the same text, and its own end holds again.
func TestT05WrittenWithEID(t *testing.T) {
	c, id := saidYes(t)
	toPolice := c.told(karin, sample.Police, sig.CategoryPlanGoals)
	if line := signerNamed(c, c.shown(karin).InForce, "Omid"); !line.Written.IsZero() {
		t.Errorf("what was only said reads as written %s", line.Written)
	}
	if me := c.shown("omid").InForce; !me.Can(consenting.ActionSign) || me.OralUntil.IsZero() {
		t.Fatalf("Omid is not asked to write his yes: %v until %s", me.Actions, me.OralUntil)
	}
	if me := c.shown("sara").InForce; me.Can(consenting.ActionSign) || len(me.Signers) != 1 || me.Signers[0].Oral != nil {
		t.Errorf("Sara sees more than her own line: %+v", me.Signers)
	}
	c.db.FreezeClock(t, stockholm("2026-12-19 09:59:59"))
	c.signs(id, "omid")
	if _, has := c.tasks(karin)["write_oral"]; has {
		t.Error("Karin is still asked to have it written")
	}
	if line := signerNamed(c, c.shown(karin).InForce, "Omid"); !line.Written.Equal(stockholm("2026-12-19 09:59:59")) || line.Channel != "oral" {
		t.Errorf("Karin reads that Omid's yes was said %q and written %s", line.Channel, line.Written)
	}
	c.until("2026-12-19 10:00:00")
	if v := c.shown(karin).InForce; v == nil || !v.OralUntil.IsZero() || signerNamed(c, v, "Omid").Oral != nil {
		t.Fatalf("written in time, and yet: %+v", v)
	}
	if !c.reads(berg, toPolice) {
		t.Error("Berg does not read any more")
	}
	_, err := c.Consenting.Refuse(c.ctx(), c.as("omid"), id)
	c.refusedWith(err, "error.version_is_over", "Omid says no to what he signed")
	c.until("2027-06-01 00:00:00")
	if got := c.shown(karin).Past[0]; got.State != sig.ConsentExpired || !got.EndedAt.Equal(stockholm("2027-06-01 00:00:00")) {
		t.Errorf("it ended %s as %s", got.EndedAt, got.State)
	}
}

// Not everybody has signed by then: nothing was in force, and nothing begins.
func TestT05NotWrittenBeforeTheDecision(t *testing.T) {
	c := newCity(t, "2026-12-04", "amir")
	c.proposes()
	id := c.explains(c1()...)
	c.db.SetClock(t, stockholm("2026-12-05 11:00:00"))
	v := c.shown(karin).Preparing
	view, err := c.Consenting.RecordOral(c.ctx(), c.as(nadia), id, says(v, signerNamed(c, v, "Omid"), "2026-12-05 10:00:00"))
	c.must(err, "Nadia records it")
	if _, has := c.tasks(karin)["confirm_oral"]; !has {
		t.Error("Karin is not asked to confirm what Nadia recorded")
	}
	_, err = c.Consenting.ConfirmOral(c.ctx(), c.as(jonas), id, signerNamed(c, view.Preparing, "Omid").Oral.ID)
	c.must(err, "Jonas, who was there and takes part for the board, confirms it")
	c.until("2026-12-19 09:59:59")
	if c.shown(karin).Preparing == nil {
		t.Fatal("it ended before its time")
	}
	c.until("2026-12-19 10:00:00")
	if got := c.shown(karin); got.State != sig.InterventionNotStarted || got.Past[0].State != sig.ConsentExpired {
		t.Errorf("the intervention is %s, the version %s", got.State, got.Past[0].State)
	}
}

// A yes that the second officer cannot confirm holds for nothing, and one that
// nobody confirmed in fourteen days never does.
func TestT05NotConfirmed(t *testing.T) {
	c := newCity(t, "2026-12-04", "amir")
	c.proposes()
	id := c.explains(c1()...)
	c.db.SetClock(t, stockholm("2026-12-05 11:00:00"))
	v := c.shown(karin).Preparing
	in := says(v, signerNamed(c, v, "Omid"), "2026-12-05 10:00:00")
	record := func() sig.OralID {
		view, err := c.Consenting.RecordOral(c.ctx(), c.as(karin), id, in)
		c.must(err, "Karin records it")
		return signerNamed(c, view.Preparing, "Omid").Oral.ID
	}
	oral := record()
	_, err := c.Consenting.DropOral(c.ctx(), c.as(nadia), id, oral)
	c.must(err, "Nadia says that it does not hold")
	_, err = c.Consenting.ConfirmOral(c.ctx(), c.as(nadia), id, oral)
	c.refusedWith(err, "error.oral_settled", "Nadia confirms it after all")
	if s := signerNamed(c, c.shown(karin).Preparing, "Omid"); s.Answer != "" || s.Oral != nil {
		t.Errorf("dropped, and yet %+v", s)
	}
	oral = record()
	c.db.FreezeClock(t, stockholm("2026-12-19 10:00:00"))
	_, err = c.Consenting.ConfirmOral(c.ctx(), c.as(nadia), id, oral)
	c.refusedWith(err, "error.oral_too_old", "Nadia confirms it fourteen days later")
	c.signs(id, "omid") // his own signature puts it aside
	if n := one[int](c, `select count(*)::int from sig.consent_oral where state = 'dropped'`); n != 2 {
		t.Errorf("%d were dropped, want both", n)
	}
}

// Sara takes the school out while Omid's yes waits to be written: narrowing
// gives nobody more days.
func TestT05NarrowingGivesNoMoreDays(t *testing.T) {
	c, _ := saidYes(t)
	c.withdraws("sara", sig.WithdrawalScope{Rows: schoolRows(c.shown(karin).InForce)})
	v := c.shown(karin).InForce
	if v == nil || v.Number != 2 || !v.OralUntil.Equal(stockholm("2026-12-19 10:00:00")) {
		t.Fatalf("after the school went: %+v", v)
	}
	if due := c.tasks(karin)["write_oral"]; due.String() != "2026-12-19" {
		t.Errorf("Karin has until %s to have it written", due)
	}
	c.until("2026-12-19 10:00:00")
	if got := c.shown(karin); got.State != sig.InterventionSharingStopped || got.Past[0].State != sig.ConsentExpired {
		t.Errorf("the intervention is %s, the version %s", got.State, got.Past[0].State)
	}
}

func schoolRows(v *consenting.Version) []sig.GrantID {
	var rows []sig.GrantID
	for _, r := range v.Rows {
		for _, p := range []consenting.Party{r.Discloser, r.Recipient} {
			if p.Seat.Authority == sample.Principal.Authority {
				rows = append(rows, r.ID)
				break
			}
		}
	}
	return rows
}

// The database refuses too, to a build that asks for it.
func TestT05TheDatabaseRefuses(t *testing.T) {
	c := newCity(t, "2026-12-04", "amir")
	c.proposes()
	id := c.explains(c1()...)
	c.db.SetClock(t, stockholm("2026-12-05 11:00:00"))
	v := c.shown(karin).Preparing
	omid := signerNamed(c, v, "Omid")
	view, err := c.Consenting.RecordOral(c.ctx(), c.as(karin), id, says(v, omid, "2026-12-05 10:00:00"))
	c.must(err, "Karin records it")
	oral := signerNamed(c, view.Preparing, "Omid").Oral.ID
	tries := map[string]string{
		"consent_oral_confirmed_by_another":   `update sig.consent_oral set state = 'confirmed', confirmed_by = recorded_by, confirmer = recorder, confirmed_at = recorded_at where id = $1`,
		"consent_oral_confirmed_by_somebody":  `update sig.consent_oral set state = 'confirmed' where id = $1`,
		"oral_transition":                     `update sig.consent_oral set state = 'written', ended_at = now(), written_channel = 'paper' where id = $1`,
		"consent_oral_holds_fourteen_days":    `update sig.consent_oral set written_by = written_by + interval '2 hours' where id = $1`,
		"consent_signer_oral_is_confirmed":    `update sig.consent_signer s set answer = 'signed', answered_at = now(), text_hash = o.text_hash, channel = 'oral' from sig.consent_oral o where o.id = $1 and s.consent = o.consent and s.signer = o.signer`,
		"consent_oral_one_at_a_time":          `insert into sig.consent_oral (id, consent, intervention, signer, kind, text_hash, received_at, method, language, recorded_by, recorder, recorded_at, written_by) select gen_random_uuid(), consent, intervention, signer, kind, text_hash, received_at, method, language, recorded_by, recorder, recorded_at, written_by from sig.consent_oral where id = $1`,
		"consent_is_read_in_an_approved_text": `insert into sig.consent_oral (id, consent, intervention, signer, kind, text_hash, read_in, wording) select gen_random_uuid(), consent, intervention, signer, kind, text_hash, 'ar', sha256('x') from sig.consent_oral where id = $1`,
		"consent_oral_answers_a_question":     `insert into sig.consent_oral (id, consent, intervention, signer, kind, text_hash, received_at, method, language, recorded_by, recorder, recorded_at, written_by) select gen_random_uuid(), consent, intervention, signer, kind, sha256('another'), received_at, method, language, recorded_by, recorder, recorded_at, written_by from sig.consent_oral where id = $1`,
	}
	for constraint, sql := range tries {
		_, err := c.db.Super().Exec(c.ctx(), sql, oral)
		if refused, ok := errors.AsType[*pgconn.PgError](err); !ok || refused.ConstraintName != constraint {
			t.Errorf("%s: %v", constraint, err)
		}
	}
}
