package httpd

import (
	"strings"
	"testing"
)

// What another authority prints of a consent is an extract of its rows: it says
// so, asks for no signature, and carries no fingerprint of the whole text. The
// board's own paper does (domain 3.1, 3.5).
func TestAPartnersPaperIsAnExtract(t *testing.T) {
	w := newTown(t)
	s := w.amir()
	w.signIn("coordinator-farsta", "police-farsta", "school-counsellor")
	const fingerprint = "Textens fingeravtryck"
	for _, who := range []string{"police-farsta", "school-counsellor"} {
		doc := w.get(who, paperPath(s.Consent), 200)
		got := inWords(doc, "body")
		if !strings.Contains(got, "Utdrag ur samtycket") || !strings.Contains(got, "inte hela samtycket") || strings.Contains(got, fingerprint) ||
			strings.Contains(got, "Skriv under") || strings.Contains(got, "Bara de som står här") || doc.Find("dl.signature").Length() != 0 {
			t.Errorf("%s prints %s", who, got)
		}
	}
	if got := inWords(w.get("police-farsta", paperPath(s.Consent), 200), "main"); !strings.Contains(got, "Kommunpolis") || strings.Contains(got, "Skolkurator") {
		t.Errorf("the police print rows of others, or none of their own: %s", got)
	}
	for _, who := range []string{"coordinator-farsta", "sara"} {
		if got := inWords(w.get(who, paperPath(s.Consent), 200), "body"); !strings.Contains(got, fingerprint) || strings.Contains(got, "Utdrag ur samtycket") {
			t.Errorf("%s prints an extract", who)
		}
	}
}
