package httpd

import (
	"strings"
	"testing"

	"sigportal/internal/words"
)

// question leads Anders from the start page to the page that he signs on.
func (w *town) question() (check, hash string) {
	w.t.Helper()
	text := w.link(w.get("anders", "/start", 200), `.banner a[href^="/consents/"]`)
	check = w.link(w.get("anders", text, 200), `main a[href$="/sign"]`)
	hash, _ = w.get("anders", check, 200).Find("form [name=text]").Attr("value")
	if parts := strings.Split(hash, "."); len(parts) != 3 || len(parts[0]) != 64 || parts[1] != "sv" || len(parts[2]) != 64 {
		w.t.Fatalf("the check page carries the hash %q", hash)
	}
	return check, hash
}

func (w *town) signatures() int {
	w.t.Helper()
	return w.count(`select count(*) from sig.consent_signer where answer = 'signed'`)
}

func TestTheWholeTextStandsThereRowByRow(t *testing.T) {
	w := newTown(t)
	w.lina()
	check, _ := w.question()
	for _, path := range []string{check, strings.TrimSuffix(check, "/sign")} {
		doc := w.get("anders", path, 200)
		text := inWords(doc, "main")
		for _, want := range []string{
			"Kommunpolis, Lokalpolisområde Farsta får berätta för SIG-samordnare", "Vilka dagar du är i skolan.", "Göra och följa upp planen", "Få skolan att fungera · läxhjälp på tisdagar",
			"Hur länge", "Mentor i skolan, Farstaskolan får aldrig veta: Alkohol och droger.", "Version 1.",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q: %s", path, want, text)
			}
		}
		if n := doc.Find(".card h3").Length(); n != 7 {
			t.Errorf("%s has %d rows, want 7", path, n)
		}
		if strings.Contains(doc.Text(), "Petra") {
			t.Errorf("%s names the other guardian", path)
		}
	}
}

func TestASignatureNeedsAFreshLoginForThisVeryText(t *testing.T) {
	w := newTown(t)
	w.lina()
	check, hash := w.question()
	before := w.signatures()
	finish := check + "/finish?text="
	stopped := w.get("anders", finish+hash, 401)
	if !strings.Contains(inWords(stopped, "main"), "Inget är underskrivet") {
		t.Errorf("without a fresh login: %s", inWords(stopped, "main"))
	}
	w.get("anders", finish+hash+"&step_up="+w.freshLogin("petra", hash), 401)
	w.get("anders", finish+hash+"&step_up="+w.freshLogin("anders", strings.Repeat("0", 64)), 401)
	other := w.get("anders", finish+strings.Repeat("0", 64)+"&step_up="+w.freshLogin("anders", hash), 409)
	if !strings.Contains(inWords(other, "main"), "Frågan har ändrats") {
		t.Errorf("for another text: %s", inWords(other, "main"))
	}
	w.get("petra", finish+hash+"&step_up="+w.freshLogin("anders", hash), 303)
	if n := w.signatures(); n != before {
		t.Fatalf("%d signatures, want the %d from before", n, before)
	}
	proof := w.freshLogin("anders", hash)
	w.get("anders", finish+hash+"&step_up="+proof, 303)
	if n := w.signatures(); n != before+1 {
		t.Fatalf("%d signatures after signing, want %d", n, before+1)
	}
	w.get("anders", finish+hash+"&step_up="+proof, 303) // the same address again signs nothing more
	done := inWords(w.get("anders", strings.Replace(check, "/sign", "/signed", 1), 200), "main")
	if !strings.Contains(done, "Tack. Ditt ja är sparat.") || !strings.Contains(done, "Nu väntar socialtjänstens beslut.") {
		t.Errorf("after signing: %s", done)
	}
	if text := inWords(w.get("anders", "/start", 200), "main"); !strings.Contains(text, "Nu väntar ett beslut") || strings.Contains(text, "Läs frågan") {
		t.Errorf("the start page after signing: %s", text)
	}
}

func TestNothingIsSignedUnreadOrInADraftOfATranslation(t *testing.T) {
	w := newTown(t)
	w.lina()
	check, hash := w.question()
	got := w.post("anders", check, 422, "text", hash)
	if doc := w.read(got); doc.Find(`.summary a[href="#understood"]`).Length() != 1 {
		t.Error("the summary does not lead to the box that was not ticked")
	}
	changed := w.read(w.post("anders", check, 409, "text", strings.Repeat("0", 64), "understood", "true"))
	if !strings.Contains(inWords(changed, "main"), "Frågan har ändrats") {
		t.Errorf("for another text: %s", inWords(changed, "main"))
	}
	for _, l := range words.FamilyLanguages() {
		w.exec(`update sig.session set language = $1`, l.Tag()) // as a login and a mail keep it
		w.exec(`update sig.mail set language = $1`, l.Tag())
		got := w.ask("GET", check, "", "Test-Visitor", "anders", "Accept-Language", l.Tag())
		doc := w.read(got)
		forms := doc.Find(`main form[action$="/sign"]`).Length()
		if (l.Tag() != words.Source) && (forms != 0 || doc.Find(`main button[value=sv]`).Length() == 0) {
			t.Errorf("%s is a draft, and the page has %d forms to sign with", l.Tag(), forms)
		}
		if !(l.Tag() != words.Source) && forms != 1 {
			t.Errorf("%s is approved, and the page has %d forms to sign with", l.Tag(), forms)
		}
		if l.Tag() != words.Source {
			w.want(w.ask("POST", check, "text="+hash+"&understood=true", "Test-Visitor", "anders", "Accept-Language", l.Tag(), "Sec-Fetch-Site", "same-origin"), 303)
		}
	}
	if n := w.count(`select count(*) from sig.login_attempt`); n != 0 {
		t.Error("a login for signing was begun")
	}
}

func TestANoEndsTheQuestion(t *testing.T) {
	w := newTown(t)
	w.lina()
	check, _ := w.question()
	ask := w.link(w.get("anders", check, 200), `main a[href$="/refuse"]`)
	if text := inWords(w.get("anders", ask, 200), "main"); !strings.Contains(text, "Du får ändå annat stöd.") {
		t.Errorf("before a no: %s", text)
	}
	if n := w.count(`select count(*) from sig.consent_signer where answer = 'refused'`); n != 0 {
		t.Fatal("asking has answered")
	}
	w.post("anders", ask, 303)
	w.post("anders", ask, 303) // again: nothing more
	if n := w.count(`select count(*) from sig.consent_signer where answer = 'refused'`); n != 1 {
		t.Errorf("%d said no, want 1", n)
	}
	for _, persona := range []string{"anders", "petra", "lina"} {
		text := inWords(w.get(persona, "/start", 200), "main")
		if strings.Contains(text, "Läs frågan") || strings.Contains(text, "Vi väntar på fler") {
			t.Errorf("%s still waits: %s", persona, text)
		}
		if persona != "anders" && strings.Contains(text, "nej") {
			t.Errorf("%s learns who said no: %s", persona, text)
		}
	}
}
