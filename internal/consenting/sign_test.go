package consenting_test

import (
	"testing"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// T01: everybody has signed and the board has decided: then, and only then, the
// police may tell the coordinator.
func TestFullConsentLetsThePoliceTell(t *testing.T) {
	w := amir(t)
	id := w.prepares(c1(), "Sara", "Omid", "youth")
	w.allSign(id, "Sara", "Omid")
	if got := w.shown("coordinator").Preparing; got.State != sig.ConsentPartiallySigned || got.SignedBy != 2 || got.MustSign != 3 {
		t.Fatalf("two of three have signed: %s, %d of %d", got.State, got.SignedBy, got.MustSign)
	}
	w.allSign(id, "youth")
	if got := w.state(); got != sig.InterventionAwaitingDecision {
		t.Fatalf("all have signed: the intervention is %s", got)
	}
	if _, err := w.sends("berg", coordinator, sig.CategoryPoliceObservation); err == nil {
		t.Fatal("before the decision on the measure the police could disclose by consent")
	}
	w.db.SetClock(t, stockholm("2026-12-03 10:00:00"))
	view := w.decides()
	if view.State != sig.InterventionActive || view.InForce == nil || view.InForce.State != sig.ConsentActive {
		t.Fatalf("decided: intervention %s, in force %v", view.State, view.InForce)
	}
	if _, err := w.sends("berg", coordinator, sig.CategoryPoliceObservation); err != nil {
		t.Fatalf("the police disclose what the consent covers: %v", err)
	}
	if _, err := w.sends("berg", coordinator, sig.CategoryPoliceSuspicion); err == nil {
		t.Fatal("the police disclosed a category that nobody consented to")
	}
}

// T02: one guardian is silent. Nothing can be shared, and thirty days after the
// first signature, to the microsecond, the version has lapsed.
func TestOneGuardianSilent(t *testing.T) {
	w := amir(t)
	id := w.prepares(c1(), "Sara", "Omid", "youth")
	w.db.FreezeClock(t, stockholm("2026-11-21 08:30:00"))
	w.allSign(id, "Sara", "youth")
	if _, err := w.sends("berg", coordinator, sig.CategoryPoliceObservation); err == nil {
		t.Fatal("the police could disclose though Omid has not signed")
	}
	lapses := stockholm("2026-12-21 08:30:00")
	if got := w.shown("coordinator").Preparing.LapsesAt; !got.Equal(lapses) {
		t.Fatalf("lapses at %s, want %s", got, lapses)
	}
	text, err := w.consent.Text(w.ctx(), w.actors["Omid"], id)
	w.must(err, "Omid reads")

	w.db.FreezeClock(t, lapses.Add(-1000))
	w.alarmsRing()
	if got := w.shown("Omid"); !got.Preparing.Can("sign") {
		t.Fatal("one microsecond before the end Omid may no longer sign")
	}
	w.db.FreezeClock(t, lapses)
	_, err = w.consent.Sign(w.ctx(), w.actors["Omid"], id, text.TextHash, w.freshLogin("Omid", text.TextHash))
	w.refused(err, fault.Conflict, "error.consent_lapsed", "Omid signs at the very end, before any alarm")
	if got := one[string](w, `select state from sig.consent where id = $1`, id); got != "lapsed_unsigned" {
		t.Fatalf("the version is %s", got)
	}
	if got := w.state(); got != sig.InterventionNotStarted {
		t.Fatalf("a lapse before the decision leaves the intervention %s", got)
	}
	w.alarmsRing()
	if got := one[int](w, `select count(*)::int from sig.ledger where kind = 'lapse_consent'`); got != 1 {
		t.Fatalf("%d rows say that it lapsed", got)
	}
}

// TestLapseWithoutAnybodyLooking is the same end by the alarm alone.
func TestLapseWithoutAnybodyLooking(t *testing.T) {
	w := amir(t)
	id := w.prepares(c1(), "Sara", "Omid", "youth")
	w.db.FreezeClock(t, stockholm("2026-11-21 08:30:00"))
	w.allSign(id, "Sara")
	w.db.FreezeClock(t, stockholm("2026-12-21 08:30:00"))
	w.alarmsRing()
	at := one[int64](w, `select (extract(epoch from ended_at) * 1000000)::bigint from sig.consent where id = $1 and state = 'lapsed_unsigned'`, id)
	if at != stockholm("2026-12-21 08:30:00").UnixMicro() {
		t.Fatalf("lapsed at %d", at)
	}
}

// TestSignatureIsBound: another person, another text, a login spent before, or
// one who was not told first: none of them signs anything.
func TestSignatureIsBound(t *testing.T) {
	w := amir(t)
	id := w.prepares(c1(), "Sara", "youth")
	sara, omid := w.actors["Sara"], w.actors["Omid"]
	text, err := w.consent.Text(w.ctx(), sara, id)
	w.must(err, "Sara reads")

	_, err = w.consent.Sign(w.ctx(), omid, id, text.TextHash, w.freshLogin("Omid", text.TextHash))
	w.refused(err, fault.Conflict, "error.not_explained", "Omid signs what nobody explained to him")

	_, err = w.consent.Sign(w.ctx(), sara, id, text.TextHash, w.freshLogin("Omid", text.TextHash))
	w.refused(err, fault.StepUp, "error.step_up", "Sara signs with Omid's login")

	other := "00" + text.TextHash[2:]
	_, err = w.consent.Sign(w.ctx(), sara, id, other, w.freshLogin("Sara", other))
	w.refused(err, fault.Conflict, "error.version_changed", "Sara signs another text than the one that is fixed")

	_, err = w.consent.Sign(w.ctx(), sara, id, text.TextHash, w.freshLogin("Sara", other))
	w.refused(err, fault.StepUp, "error.step_up", "Sara signs with a login that was for another text")

	_, err = w.consent.Sign(w.ctx(), w.actors["coordinator"], id, text.TextHash, w.freshLogin("Sara", text.TextHash))
	w.refused(err, fault.NotFound, "error.not_found", "the coordinator signs")

	proof := w.freshLogin("Sara", text.TextHash)
	_, err = w.consent.Sign(w.ctx(), sara, id, text.TextHash, proof)
	w.must(err, "Sara signs")
	_, err = w.consent.Sign(w.ctx(), sara, id, text.TextHash, proof)
	w.refused(err, fault.Conflict, "error.already_answered", "Sara signs twice")

	if got := one[int](w, `select count(*)::int from sig.consent_signer where consent = $1 and answer = 'signed'`, id); got != 1 {
		t.Fatalf("%d signatures, want one", got)
	}
	if got := one[int](w, `select count(*)::int from sig.ledger where kind = 'sign_consent' and outcome = 'refused'`); got != 6 {
		t.Fatalf("%d refusals in the ledger, want 6", got)
	}
}

// TestGuardianSeesOnlyTheOwnLine: a guardian learns of the matrix, and of
// nobody else's answer.
func TestGuardianSeesOnlyTheOwnLine(t *testing.T) {
	w := amir(t)
	id := w.prepares(c1(), "Sara", "Omid", "youth")
	w.allSign(id, "Omid")
	view := w.shown("Sara")
	if len(view.Preparing.Rows) != 6 {
		t.Fatalf("Sara sees %d rows, want 6", len(view.Preparing.Rows))
	}
	if n := len(view.Preparing.Signers); n != 1 || view.Preparing.Signers[0].Name != "Sara" {
		t.Fatalf("Sara sees %d signers: %+v", n, view.Preparing.Signers)
	}
	if view.ClosedReason != "" || view.Maturity != "" || view.Can("prepare") {
		t.Fatalf("Sara is shown what is the board's: %+v", view)
	}
	_, err := w.consent.Show(w.ctx(), w.actors["colleague"], w.intervention)
	w.refused(err, fault.NotFound, "error.not_found", "a colleague without a part looks")
}

// TestGuardianRefuses: a no declines the version, and before the decision the
// intervention is never started.
func TestGuardianRefuses(t *testing.T) {
	w := amir(t)
	id := w.prepares(c1(), "Sara", "Omid", "youth")
	w.allSign(id, "Sara")
	_, err := w.consent.Refuse(w.ctx(), w.actors["Omid"], id)
	w.must(err, "Omid says no")
	if got := one[string](w, `select state from sig.consent where id = $1`, id); got != "declined" {
		t.Fatalf("the version is %s", got)
	}
	if got := w.state(); got != sig.InterventionNotStarted {
		t.Fatalf("the intervention is %s", got)
	}
}
