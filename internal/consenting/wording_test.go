package consenting_test

import (
	"strings"
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// TestATranslationIsSignedOnlyWhenItIsApproved: a draft of a translation is
// refused with a way forward; once an authorised translator has approved exactly
// those texts it can be signed in, and the signature says in which language and
// to which texts. Taken back, or changed by a letter, it is a draft again.
func TestATranslationIsSignedOnlyWhenItIsApproved(t *testing.T) {
	w := amir(t)
	id := w.prepares(c1(), "Sara", "Omid", "youth")
	arabic := words.For("ar")
	text, err := w.consent.Text(w.ctx(), w.actors["Sara"], id)
	w.must(err, "Sara reads")
	seen := consenting.Seen(text.TextHash, arabic)
	sign := func(name, seen string) error {
		_, err := w.consent.Sign(w.ctx(), w.actors[name], id, seen, w.freshLogin(name, seen))
		return err
	}
	w.refused(sign("Sara", seen), fault.Conflict, "error.language_is_draft", "Sara signs a draft of a translation")

	approving := consenting.Approving{Language: "ar", Hash: arabic.Hash(), Translator: " 1234 ", On: sig.DateOf(one[time.Time](w, `select sig.now()`))}
	for _, who := range []string{"coordinator", "secretary", "Sara", "berg"} {
		w.refused(w.consent.Approve(w.ctx(), w.actors[who], approving), fault.NotFound, "error.not_found", who+" approves")
	}
	other := approving
	other.Hash = strings.Repeat("0", 64)
	w.refused(w.consent.Approve(w.ctx(), w.actors["administrator"], other), fault.Invalid, "error.check_fields", "texts that have changed are approved")
	other = approving
	other.On = other.On.AddDays(1)
	w.refused(w.consent.Approve(w.ctx(), w.actors["administrator"], other), fault.Invalid, "error.check_fields", "a day to come")
	other = approving
	other.Language = "sv"
	w.refused(w.consent.Approve(w.ctx(), w.actors["administrator"], other), fault.NotFound, "error.not_found", "the original is approved")
	w.must(w.consent.Approve(w.ctx(), w.actors["administrator"], approving), "the administrator records the approval")

	last := seen[:len(seen)-1] + "x"
	w.refused(sign("Sara", last), fault.Conflict, "error.version_changed", "Sara signs texts that are not these")
	_, err = w.consent.Sign(w.ctx(), w.actors["Sara"], id, seen, w.freshLogin("Sara", text.TextHash))
	w.refused(err, fault.StepUp, "error.step_up", "Sara's login was for the page in Swedish")
	w.must(sign("Sara", seen), "Sara signs in Arabic")
	kept := one[string](w, `
		select s.language || ' ' || encode(s.wording, 'hex') || ' ' || (t.texts like '%citizen.sign.button: ' || $2 || '%')
		  from sig.consent_signer s join sig.wording t on t.language = s.language and t.hash = s.wording
		 where s.consent = $1 and s.answer = 'signed'`, id, arabic.T("citizen.sign.button"))
	if want := "ar " + arabic.Hash() + " true"; kept != want {
		t.Errorf("the signature was to %s, want %s", kept, want)
	}

	w.must(w.consent.Disapprove(w.ctx(), w.actors["administrator"], "ar"), "the approval is taken back")
	w.refused(sign("Omid", seen), fault.Conflict, "error.language_is_draft", "Omid signs after the approval was taken back")
	w.must(sign("Omid", text.TextHash), "Omid signs in Swedish")
	if got := one[string](w, `select language from sig.consent_signer where consent = $1 and signer = $2`, id, w.actors["Omid"].Guardian); got != "sv" {
		t.Errorf("Omid's signature is in %q", got)
	}
	if n := one[int](w, `select count(*)::int from sig.ledger where kind = 'approve_wording'`); n != 2 {
		t.Errorf("%d rows of the ledger say that texts were approved or no longer, want 2", n)
	}
}

// TestTheDatabaseRefusesASignatureInADraft without a line of Go.
func TestTheDatabaseRefusesASignatureInADraft(t *testing.T) {
	w := amir(t)
	id := w.prepares(c1(), "Sara")
	_, err := w.db.Super().Exec(w.ctx(), `update sig.consent_signer set answer = 'signed', answered_at = sig.now(), channel = 'e_signed', text_hash = sha256('x')
		where consent = $1`, id)
	if err == nil || !strings.Contains(err.Error(), "a translation that nobody has approved") {
		t.Errorf("a signature in no language: %v", err)
	}
}

// TestATextThatChangedIsADraft: what was approved was other texts.
func TestATextThatChangedIsADraft(t *testing.T) {
	w := amir(t)
	w.exec(`insert into sig.wording (language, hash, texts, kept_at) values ('fi', sha256(convert_to('vanha', 'UTF8')), 'vanha', sig.now())`)
	w.exec(`insert into sig.wording_approval (id, language, hash, approved, translator, translated_on, recorded_by, recorded_at)
		select gen_random_uuid(), 'fi', hash, true, '77', '2026-11-01', $1, sig.now() from sig.wording where language = 'fi'`, w.actors["coordinator"].Assignment)
	list, err := w.consent.Translations(w.ctx())
	w.must(err, "ask for the translations")
	for _, l := range list {
		if want := l.Tag() == "sv"; l.Approved != want {
			t.Errorf("%s is approved: %t", l.Tag(), l.Approved)
		}
		if want := l.Tag() == "fi"; l.Changed != want {
			t.Errorf("%s has changed: %t", l.Tag(), l.Changed)
		}
	}
}
