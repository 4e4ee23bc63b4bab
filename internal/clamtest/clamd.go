package clamtest

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// EICAR is the file that every scanner calls harmful and that harms nobody. It
// is put together here, so that no scanner stops at this source.
func EICAR() []byte {
	return []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}` + `$EICAR-STANDARD-` + `ANTIVIRUS-TEST-FILE!` + `$H+H*`)
}

// Start runs clamd until the test is over and gives the path of its socket.
func Start(t testing.TB) string {
	t.Helper()
	program, err := exec.LookPath("clamd")
	if err != nil {
		t.Fatal("there is no clamd; .ci/need clamd installs it")
	}
	dir, err := os.MkdirTemp("", "clamd") //nolint:usetesting // t.TempDir's names are too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "clamd.sock")
	config := fmt.Sprintf("Foreground yes\nLocalSocket %s\nDatabaseDirectory %s\nTemporaryDirectory %s\n"+
		"StreamMaxLength 25M\nMaxThreads 4\nConcurrentDatabaseReload no\n", socket, dir, dir)
	for name, text := range map[string]string{
		"clamd.conf": config, "eicar.ndb": "Eicar.Test.Only:0:*:" + hex.EncodeToString(EICAR()) + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command(program, "--config-file="+filepath.Join(dir, "clamd.conf"))
	said := &tail{}
	command.Stdout, command.Stderr = said, said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	gone := make(chan error, 1)
	go func() { gone <- command.Wait() }()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		<-gone //nolint:errcheck // it was killed
	})
	if err := answers(socket, gone); err != nil {
		t.Fatalf("start clamd: %v\n%s", err, said.text)
	}
	return socket
}

// answers waits until clamd says that it is there.
func answers(socket string, gone chan error) error {
	for range 3000 {
		select {
		case err := <-gone:
			gone <- err
			return fmt.Errorf("it has ended: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
		conn, err := net.Dial("unix", socket)
		if err != nil {
			continue
		}
		_, err = conn.Write([]byte("zPING\x00"))
		answer := make([]byte, 5)
		if err == nil {
			_, err = conn.Read(answer)
		}
		_ = conn.Close()
		if err == nil && string(answer[:4]) == "PONG" {
			return nil
		}
	}
	return errors.New("it does not answer")
}

// tail keeps the end of what clamd says.
type tail struct{ text []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	t.text = t.text[max(0, len(t.text)-4096):]
	return len(p), nil
}
