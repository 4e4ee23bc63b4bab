package obs_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"sigportal/internal/obs"
)

func TestFiguresAreServedOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", ":0"} {
		if err := obs.NewMetrics().Serve(t.Context(), address); err == nil || !strings.Contains(err.Error(), "loopback") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestFiguresTellOfRequestsAndAlarms(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	metrics := obs.NewMetrics()
	metrics.Request("GET", "/interventions/:id", 200, 3*time.Millisecond)
	metrics.Alarm("walls disagree")
	if err := metrics.Gauge("sig_sockets", "Open websockets.", func() float64 { return 7 }); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- metrics.Serve(ctx, address) }()
	page := read(t, "http://"+address+"/metrics")
	for _, want := range []string{
		`sig_request_seconds_count{method="GET",route="/interventions/:id",status="200"} 1`,
		`sig_alarms_total{kind="walls disagree"} 1`, "sig_sockets 7", "go_goroutines",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the figures do not show %s", want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("stopped with %v", err)
	}
}

// read asks until the listener is there.
func read(t *testing.T, address string) string {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; {
		resp, err := http.Get(address)
		if err != nil {
			if time.Now().After(deadline) {
				t.Fatal(err)
			}
			continue
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
}
