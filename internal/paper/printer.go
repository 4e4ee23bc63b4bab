package paper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Printer prints with one program. A zero Printer prints nothing.
type Printer struct {
	program string
	turns   chan struct{}
}

// atOnce is how many documents one replica prints at the same time: each is a
// browser of a hundred megabytes.
const atOnce = 2

// ErrBusy says that others are printing and the wait became too long.
var ErrBusy = errors.New("others are printing")

// New takes the path of Chromium; empty is a printer that cannot print.
func New(program string) (*Printer, error) {
	if program == "" {
		return &Printer{}, nil
	}
	found, err := exec.LookPath(program)
	if err != nil {
		return nil, fmt.Errorf("find Chromium: %w", err)
	}
	return &Printer{program: found, turns: make(chan struct{}, atOnce)}, nil
}

// Can reports whether there is anything to print with; where there is not, the
// browser of the reader prints the same page.
func (p *Printer) Can() bool { return p != nil && p.program != "" }

// onA4 is the sheet that everybody here prints on; Chromium's own is US Letter.
const onA4 = "<style>@page { size: A4 }</style>"

// Print makes a PDF of a whole HTML page. What lies on disk meanwhile, only this
// process's account can read, and it is gone when Print returns.
func (p *Printer) Print(ctx context.Context, page []byte) ([]byte, error) {
	select {
	case p.turns <- struct{}{}:
		defer func() { <-p.turns }()
	case <-ctx.Done():
		return nil, ErrBusy
	}
	dir, err := os.MkdirTemp("", "sigportal-paper-")
	if err != nil {
		return nil, fmt.Errorf("make a folder to print in: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	in, out := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(in, append(bytes.Clone(page), onA4...), 0o600); err != nil {
		return nil, fmt.Errorf("lay the page out: %w", err)
	}
	if err := p.run(ctx, dir, in, out); err != nil {
		return nil, err
	}
	made, err := os.ReadFile(out)
	if err != nil || !bytes.HasPrefix(made, []byte("%PDF-")) {
		return nil, errors.New("print: Chromium wrote no PDF")
	}
	return made, nil
}

func (p *Printer) run(ctx context.Context, dir, in, out string) error {
	args := []string{
		"--headless", "--incognito", "--user-data-dir=" + filepath.Join(dir, "profile"), "--no-first-run",
		"--disable-gpu", "--disable-extensions", "--disable-background-networking", "--disable-sync", "--disable-dev-shm-usage",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>",
		"--no-pdf-header-footer", "--print-to-pdf=" + out, "file://" + in,
	}
	if os.Geteuid() == 0 { // Chromium's own sandbox does not run as root; a portal should not either
		args = append([]string{"--no-sandbox"}, args...)
	}
	cmd := exec.CommandContext(ctx, p.program, args...) //nolint:gosec // the program that the operator named, and paths of our own
	cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "TMPDIR=" + dir, "XDG_RUNTIME_DIR=" + dir, "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	err := cmd.Run()        // what it says may quote the page, and is read by nobody
	if cmd.Process != nil { // it is not begun when the time is over already
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
