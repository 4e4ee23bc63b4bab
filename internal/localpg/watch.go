package localpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is one running postgres and the watcher that outlives this process.
type server struct {
	cmd     *exec.Cmd
	log     string
	signal  syscall.Signal
	gone    chan struct{} // closed when postgres has ended
	watcher *exec.Cmd
	word    io.WriteCloser
}

// watching waits for a word from us. End of file instead of a word means that
// this process is dead, by whatever signal: then the watcher ends postgres. It
// is a shell because nothing of ours runs any more at that moment; a process
// that asked the kernel for a signal at its parent's death would be portable
// to Linux only, and could not take the folder away.
//
// Where process 1 reaps nobody (a container), a postgres that has ended stays
// as a zombie, which a signal still finds: it counts as gone.
const watching = `
runs() { kill -0 "$1" 2>/dev/null && ! grep -qs "^State:.Z" "/proc/$1/status"; }
read -r word
if [ -z "$word" ]; then kill -"$2" "$1" 2>/dev/null; fi
i=0
while runs "$1" && [ $i -lt 300 ]; do sleep 0.1; i=$((i+1)); done
if [ "$word" != keep ] && [ -n "$3" ]; then rm -rf "$3"; fi`

// startServer starts postgres and its watcher.
func startServer(cmd *exec.Cmd, home string, opts Options) (*server, error) {
	s := &server{cmd: cmd, log: filepath.Join(home, "log"), gone: make(chan struct{}), signal: syscall.SIGINT}
	remove := ""
	if opts.Ephemeral {
		remove = home
		s.signal = syscall.SIGQUIT // nothing to keep, so no checkpoint
	}
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the server's log: %w", err)
	}
	defer func() { _ = log.Close() }()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	go func() {
		_ = cmd.Wait() // how it ended stands in its log
		close(s.gone)
	}()
	if err := s.watch(remove); err != nil {
		_ = cmd.Process.Kill()
		<-s.gone
		return nil, err
	}
	return s, nil
}

func (s *server) watch(remove string) error {
	name := map[syscall.Signal]string{syscall.SIGINT: "INT", syscall.SIGQUIT: "QUIT"}[s.signal]
	s.watcher = exec.CommandContext(context.Background(), "/bin/sh", "-c", watching, "sh", //nolint:gosec // a fixed script
		strconv.Itoa(s.cmd.Process.Pid), name, remove)
	s.watcher.Dir = "/"
	s.watcher.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var err error
	if s.word, err = s.watcher.StdinPipe(); err != nil {
		return fmt.Errorf("start the watcher: %w", err)
	}
	if err := s.watcher.Start(); err != nil {
		return fmt.Errorf("start the watcher: %w", err)
	}
	return nil
}

// awaitReady waits until postgres writes into its pid file that it is ready.
func (s *server) awaitReady(ctx context.Context, pidFile string) error {
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for {
		if lines := pidLines(pidFile); len(lines) >= 8 && strings.TrimSpace(lines[7]) == "ready" {
			return nil
		}
		select {
		case <-poll.C:
		case <-s.gone:
			return fmt.Errorf("postgres ended while starting: %s", tail(s.log))
		case <-ctx.Done():
			return fmt.Errorf("wait for postgres: %w", ctx.Err())
		}
	}
}

// end stops postgres and then lets the watcher go with a word: "gone" lets it
// tidy an ephemeral folder away, "keep" does not.
func (s *server) end(word string) error {
	_ = s.cmd.Process.Signal(s.signal) // it may have ended by itself
	select {
	case <-s.gone:
	case <-time.After(30 * time.Second):
		_ = s.cmd.Process.Kill()
		<-s.gone
	}
	_, writeErr := io.WriteString(s.word, word+"\n")
	return errors.Join(writeErr, s.word.Close(), s.watcher.Wait())
}

// waitUntilUnused waits while the server of an earlier run, whose parent has
// died, is still shutting down, and clears a pid file whose owner is another
// program by now (after a reboot, or in a new container).
func waitUntilUnused(ctx context.Context, pidFile string) error {
	poll := time.NewTicker(50 * time.Millisecond)
	defer poll.Stop()
	limit := time.After(15 * time.Second)
	for {
		lines := pidLines(pidFile)
		if len(lines) == 0 {
			return nil
		}
		pid, err := strconv.Atoi(lines[0])
		if err != nil || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return nil // postgres itself knows what to do with it
		}
		cmdline, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err == nil && !strings.Contains(string(cmdline), filepath.Dir(pidFile)) {
			if err := os.Remove(pidFile); err != nil {
				return fmt.Errorf("clear a stale pid file: %w", err)
			}
			return nil
		}
		select {
		case <-poll.C:
		case <-limit:
			return fmt.Errorf("the cluster in %s is in use by process %d", filepath.Dir(pidFile), pid)
		case <-ctx.Done():
			return fmt.Errorf("wait for the earlier server: %w", ctx.Err())
		}
	}
}

func pidLines(pidFile string) []string {
	data, err := os.ReadFile(pidFile)
	if err != nil || len(data) == 0 {
		return nil
	}
	return strings.Split(string(data), "\n")
}

// tail is the end of the server's log, for an error message.
func tail(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(data[max(0, len(data)-2000):])
}
