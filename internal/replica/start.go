package replica

import (
	"context"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// Start runs a program of Build at a port of its own with an environment (the
// variables of README beside SIG_ORIGIN and SIG_LISTEN) until the test ends,
// and returns when it is healthy. It gives its origin and its process.
func Start(t testing.TB, program string, environ []string) (origin string, pid int) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a port: %v", err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	origin = "http://" + address
	cmd := exec.Command(program, "replica") //nolint:noctx // a program of Build, which ends with its pipe
	cmd.Env = slices.Concat(environ, []string{"SIG_ORIGIN=" + origin, "SIG_LISTEN=" + address})
	pipe, err := cmd.StdinPipe()
	if err != nil {
		t.Fatalf("hold a replica: %v", err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start a replica: %v", err)
	}
	t.Cleanup(func() {
		_ = pipe.Close()
		_ = cmd.Wait()
	})
	awaitHealthy(t, origin)
	return origin, cmd.Process.Pid
}

func awaitHealthy(t testing.TB, origin string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			t.Fatalf("%s does not answer", origin)
		case <-tick.C:
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, origin+"/healthz", http.NoBody)
			if err != nil {
				t.Fatalf("ask a replica: %v", err)
			}
			if res, err := http.DefaultClient.Do(req); err == nil {
				_ = res.Body.Close()
				if res.StatusCode == http.StatusOK {
					return
				}
			}
		}
	}
}
