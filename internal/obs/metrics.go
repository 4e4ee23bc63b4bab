package obs

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the figures of one replica. Labels are route patterns, methods
// and fixed words; an id as a label would say how often somebody is read.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	alarms   *prometheus.CounterVec
}

// NewMetrics makes the figures, with those of the Go runtime and the process.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "sig_request_seconds", Help: "Time to answer, by route pattern and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "route", "status"}),
		alarms: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sig_alarms_total", Help: "What must never happen and a person must look at, by kind.",
		}, []string{"kind"}),
	}
	m.registry.MustRegister(m.requests, m.alarms,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request notes one answered request. The route is its pattern, never its path.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// Alarm notes something that must never happen, such as the two walls
// disagreeing. The kind is a fixed word.
func (m *Metrics) Alarm(kind string) { m.alarms.WithLabelValues(kind).Inc() }

// Gauge adds a figure that is asked for when Prometheus reads, such as the
// number of open sockets.
func (m *Metrics) Gauge(name, help string, read func() float64) error {
	return m.registry.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// Serve answers Prometheus on an address of its own until the context ends. It
// refuses an address that others than this machine can reach.
func (m *Metrics) Serve(ctx context.Context, address string) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen for Prometheus: %w", err)
	}
	if tcp, ok := listener.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		return errors.Join(fmt.Errorf("figures are served on loopback only, not on %s", address), listener.Close())
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve figures: %w", err)
	}
	return nil
}
