package paper_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sigportal/internal/paper"
)

func printer(t *testing.T) *paper.Printer {
	t.Helper()
	p, err := paper.New("chromium")
	if err != nil {
		t.Fatalf("%v: .ci/need chromium pdftotext", err)
	}
	return p
}

func read(t *testing.T, pdf []byte, program string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	args = append(args, file)
	if program == "pdftotext" {
		args = append(args, "-")
	}
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return strings.Map(func(r rune) rune { // the marks of direction that pdftotext puts around runs
		if r >= 0x202a && r <= 0x202e {
			return -1
		}
		return r
	}, string(out))
}

// What is printed is tagged, says its language's direction, and its dates read
// back as they were written, in Arabic too.
func TestAPrintedPageIsTaggedAndReadsBack(t *testing.T) {
	p := printer(t)
	pdf, err := p.Print(t.Context(), []byte(`<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8"><title>موافقة</title>
		<h1>موافقة</h1><p>حتى 18 مايو 2027</p><p>3 ديسمبر 2026 الساعة 00:30</p></html>`))
	if err != nil {
		t.Fatal(err)
	}
	if info := read(t, pdf, "pdfinfo"); !strings.Contains(strings.ReplaceAll(info, " ", ""), "Tagged:yes") || !strings.Contains(info, "(A4)") {
		t.Errorf("the PDF is not tagged, or not on A4:\n%s", info)
	}
	text := strings.Join(strings.Fields(read(t, pdf, "pdftotext")), " ")
	for _, want := range []string{"18", "مايو", "2027", "00:30", "2026"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q does not read back: %s", want, text)
		}
	}
	if strings.Contains(text, "7202") || strings.Contains(text, "03:00") {
		t.Errorf("digits are turned around: %s", text)
	}
}

// The printing browser reaches nobody, and leaves nothing behind.
func TestPrintingReachesNobodyAndLeavesNothing(t *testing.T) {
	p := printer(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // of the test alone
	if err != nil {
		t.Fatal(err)
	}
	called := make(chan struct{}, 9)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
			called <- struct{}{}
		}
	}()
	defer func() { _ = listener.Close() }()
	dir, err := os.MkdirTemp("", "p") //nolint:usetesting // a short path: Chromium opens a socket in it, and t.TempDir's is too long for one
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	t.Setenv("TMPDIR", dir)
	at := listener.Addr().String()
	if _, err := p.Print(t.Context(), []byte(`<!doctype html><title>x</title><link rel="stylesheet" href="http://`+at+`/x.css">
		<img src="http://`+at+`/x.png"><iframe src="http://`+at+`/"></iframe><script>fetch("http://`+at+`/")</script>`)); err != nil {
		t.Fatal(err)
	}
	select {
	case <-called:
		t.Error("the printing browser called somebody")
	default:
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%d files are left", len(left))
	}
}

func TestPrintingEndsWithItsDeadline(t *testing.T) {
	p := printer(t)
	for n := range 60 { // before the browser is begun, and after
		left := time.Duration(n) * 20 * time.Microsecond
		ctx, cancel := context.WithTimeout(t.Context(), left)
		if _, err := p.Print(ctx, []byte("<title>x</title>")); err == nil {
			t.Errorf("a document came after its time: %v were left", left)
		}
		cancel()
	}
}

func TestWithoutAProgramNothingIsPrinted(t *testing.T) {
	p, err := paper.New("")
	if err != nil || p.Can() {
		t.Errorf("%v, %t", err, p.Can())
	}
	if _, err := paper.New("/no/such/program"); err == nil {
		t.Error("a program that is not there was taken")
	}
}
