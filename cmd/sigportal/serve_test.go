package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/localpg"
)

// buildStatic builds the binary just as deploy/Dockerfile ships it.
var buildStatic = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "sigportal-build-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "sigportal")
	cmd := exec.Command("go", "build", "-trimpath", "-o", binary, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	return binary, cmd.Run()
})

func TestMain(m *testing.M) {
	code := m.Run()
	if binary, err := buildStatic(); err == nil {
		_ = os.RemoveAll(filepath.Dir(binary))
	}
	os.Exit(code)
}

// inEmptyRoot prepares a command of the product in a folder that holds the
// binary and nothing else, not even /tmp: what `FROM scratch` gives. Whoever is
// not root changes the root by sudo or, where there is none, as root of a user
// namespace.
func inEmptyRoot(t *testing.T, environment []string, args ...string) *exec.Cmd {
	t.Helper()
	binary, err := buildStatic()
	if err != nil {
		t.Fatalf("build: %v", err)
	}
	root := t.TempDir()
	content, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "sigportal"), content, 0o755); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 && exec.CommandContext(t.Context(), "sudo", "-n", "true").Run() == nil {
		line := append([]string{"-n", "env", "-i"}, environment...)
		line = append(line, "/usr/sbin/chroot", root, "/sigportal")
		return exec.CommandContext(t.Context(), "sudo", append(line, args...)...)
	}
	cmd := exec.CommandContext(t.Context(), "/sigportal", args...)
	cmd.Dir = "/"
	cmd.Env = append([]string{}, environment...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	return cmd
}

func key(t *testing.T) string {
	t.Helper()
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(raw)
}

func loopbackPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// TestTheStaticBinaryServesFromAnEmptyRoot is the container image without the
// container: migrate and serve with nothing around them but a real database.
func TestTheStaticBinaryServesFromAnEmptyRoot(t *testing.T) {
	t.Parallel()
	pg, err := localpg.Start(t.Context(), localpg.Options{Dir: filepath.Join(t.TempDir(), "pg"), Durable: true, Ephemeral: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pg.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := pg.EnsureDatabase(t.Context(), "sig"); err != nil {
		t.Fatal(err)
	}
	figures := loopbackPort(t)
	serve := func() (*exec.Cmd, string) {
		address := loopbackPort(t)
		return inEmptyRoot(t, environment(t, pg, address, figures), "serve"), address
	}

	early, _ := serve()
	out, err := early.CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("no migration has run here")) {
		t.Errorf("before migrate, serve says %v: %s", err, out)
	}

	migrate := inEmptyRoot(t, []string{"SIG_OWNER_DATABASE_URL=" + pg.URL("sig_owner", "sig")}, "migrate")
	if out, err := migrate.CombinedOutput(); err != nil {
		t.Fatalf("migrate: %v: %s", err, out)
	}

	cmd, address := serve()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() && !strings.Contains(lines.Text(), `"serving"`) {
		if !json.Valid(lines.Bytes()) {
			t.Errorf("a log line is no JSON: %s", lines.Text())
		}
	}
	get(t, "http://"+address+"/healthz")
	if page := get(t, "http://"+figures+"/metrics"); !strings.Contains(page, `sig_request_seconds_count{method="GET",route="/healthz",status="200"} 1`) {
		t.Error("the figures do not count the request")
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }() // so that it never waits for us
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("serve ended with %v: %s", err, &stderr)
	}
}

func get(t *testing.T, address string) string {
	t.Helper()
	client := http.Client{Timeout: 5 * time.Second}
	resp, err := client.Get(address)
	if err != nil {
		t.Errorf("serve does not answer: %v", err)
		return ""
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%s answers %s (%v)", address, resp.Status, err)
	}
	return string(body)
}

func environment(t *testing.T, pg *localpg.Cluster, address, figures string) []string {
	t.Helper()
	return []string{
		"SIG_ORIGIN=http://" + address, "SIG_LISTEN=" + address, "SIG_METRICS_LISTEN=" + figures,
		"SIG_APP_DATABASE_URL=" + pg.URL("sig_app", "sig"),
		"SIG_WORKER_DATABASE_URL=" + pg.URL("sig_worker", "sig"),
		"SIG_REVIEWER_DATABASE_URL=" + pg.URL("sig_reviewer", "sig"),
		"SIG_KEK=" + key(t), "SIG_LOOKUP_KEY=" + key(t), "SIG_LEDGER_KEY=" + ledgerPrivateKey(t),
		"SIG_PROVIDERS=[]", "SIG_LEDGER_HEAD=/head",
	}
}

func ledgerPrivateKey(t *testing.T) string {
	t.Helper()
	private, _, err := ledger.GenerateKey("portal.example/ledger")
	if err != nil {
		t.Fatal(err)
	}
	return private
}

func TestTheProductLinksNothingOfTheDemo(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, banned := range []string{
		"sigportal/internal/localpg", "sigportal/internal/devidp", "sigportal/internal/dbtest",
		"sigportal/internal/mailcatch", "sigportal/internal/sample", "sigportal/cmd/demo",
	} {
		for dep := range strings.Lines(string(out)) {
			if strings.TrimSpace(dep) == banned {
				t.Errorf("the product links %s", banned)
			}
		}
	}
}
