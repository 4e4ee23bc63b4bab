package httpd

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/paper"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// slowly is a program that says when it has begun to print, and prints when it
// is told to.
func slowly(t *testing.T) (p *paper.Printer, begun func() (finish func())) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // of the test alone
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	program := filepath.Join(t.TempDir(), "chromium")
	script := "#!/bin/bash\nexec 3<>/dev/tcp/127.0.0.1/" + port + "\nread -u 3\n" +
		"for a; do case $a in --print-to-pdf=*) printf '%%PDF-1.4 x' > \"${a#*=}\";; esac; done\n"
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	if p, err = paper.New(program); err != nil {
		t.Fatal(err)
	}
	return p, func() func() {
		conn, err := listener.Accept()
		if err != nil {
			t.Error(err)
			return func() {}
		}
		return func() { _, _ = conn.Write([]byte("\n")); _ = conn.Close() }
	}
}

// F-3 of the threat list: a document that was asked for just before the consent
// was taken back, and is ready after it, is not sent.
func TestADocumentThatIsReadyAfterAWithdrawalIsNotSent(t *testing.T) {
	for name, before := range map[string]func(*town, sig.InterventionID){
		"nothing happens": nil,
		"Omid takes back": func(w *town, id sig.InterventionID) {
			if _, err := w.Consenting.Withdraw(t.Context(), w.actors["omid"], consenting.WithdrawInput{
				Intervention: id, Scope: sig.WithdrawalScope{Whole: true}, Key: "k",
			}); err != nil {
				t.Error(err)
			}
		},
		"her session ends": func(w *town, _ sig.InterventionID) { delete(w.actors, "sara") },
	} {
		t.Run(name, func(t *testing.T) {
			printer, begun := slowly(t)
			w := newTown(t, func(d *Deps) { d.Printer = printer })
			story := w.amir()
			answer := make(chan answered, 1)
			go func() {
				answer <- w.ask("GET", "/consents/"+story.Consent.String()+"/paper.pdf", "", "Test-Visitor", "sara", "Accept-Language", "sv")
			}()
			finish := begun()
			if before != nil {
				before(w, story.Intervention)
			}
			finish()
			got := <-answer
			sent := strings.HasPrefix(got.body, "%PDF")
			if want := before == nil; sent != want {
				t.Errorf("the document was sent: %t (%d)", sent, got.StatusCode)
			}
			if n := w.count(`select count(*) from sig.ledger where kind = 'print_consent' and outcome = 'allowed'`); sent && n != 1 {
				t.Errorf("%d rows of the ledger say that it was taken out", n)
			}
		})
	}
}

// The paper is tagged, and reads back with its dates, in Swedish and in Arabic.
func TestTheConsentOnPaperReadsBack(t *testing.T) {
	printer, err := paper.New("chromium")
	if err != nil {
		t.Fatal(err)
	}
	w := newTown(t, func(d *Deps) { d.Printer = printer })
	story := w.lina()
	check, _ := w.question()
	path := strings.TrimSuffix(check, "/sign") + "/paper"
	page := w.get("anders", path, 200)
	if page.Find(`a[href^="`+path+`.pdf"]`).Length() != 1 || page.Find(".signature").Length() != 1 {
		t.Error("the page has no document, or no place to sign")
	}
	if strings.Contains(page.Text(), "Petra") {
		t.Error("the paper names the other guardian")
	}
	var until time.Time
	if err := w.db.Super().QueryRow(t.Context(), `select max(valid_to) from sig.consent_grant where consent = $1`, story.Consent).Scan(&until); err != nil {
		t.Fatal(err)
	}
	day, _ := words.LastDay(until)
	for tag, want := range map[string][]string{"sv": {words.For("sv").Date(day), "Din underskrift", "Anders Berggren"}, "ar": {"2027", "2026"}} {
		got := w.ask("GET", path+".pdf?language="+tag, "", "Test-Visitor", "anders", "Accept-Language", "sv")
		w.want(got, 200)
		text, info := readBack(t, got.body)
		if !strings.Contains(info, "Tagged:          yes") {
			t.Errorf("%s is not tagged: %s", tag, info)
		}
		for _, one := range want {
			if !strings.Contains(text, one) {
				t.Errorf("%s: %q does not read back from\n%s", tag, one, text)
			}
		}
		if tag == "ar" && (strings.Contains(text, "7202") || strings.Contains(text, "6202")) {
			t.Errorf("digits are turned around: %s", text)
		}
		if tag == "ar" && strings.Contains(text, "توقيعك") {
			t.Error("a draft of a translation has a place to sign")
		}
	}
	w.get("anders", path+"?language=xx", 404)
}

func readBack(t *testing.T, pdf string) (text, info string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, []byte(pdf), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatalf("%v: .ci/need pdftotext", err)
	}
	about, err := exec.CommandContext(t.Context(), "pdfinfo", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	clean := strings.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e {
			return -1
		}
		return r
	}, string(out))
	return strings.Join(strings.Fields(clean), " "), string(about)
}
