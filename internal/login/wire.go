package login

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	wireTimeout  = 8 * time.Second
	largestReply = 1 << 20
)

// newWire is the only HTTP client that talks to a provider. It follows no
// redirect, knows no host but the configured ones, connects to no address of
// another kind than the provider's, and reads no more than a megabyte of JSON.
func newWire(p Provider) *http.Client {
	dialer := &net.Dialer{Timeout: 3 * time.Second, Control: allowed(p)}
	return &http.Client{
		Timeout: wireTimeout,
		Transport: &guard{p: p, next: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    3 * time.Second,
			ResponseHeaderTimeout:  5 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConnsPerHost:    4,
			IdleConnTimeout:        30 * time.Second,
			ForceAttemptHTTP2:      true,
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("a provider does not redirect the portal")
		},
	}
}

// knowsHost reports whether an address is one that the configuration lets the
// provider name: its own scheme and host, or a listed host under https.
func (p Provider) knowsHost(address string) bool {
	u, err := url.Parse(address)
	own, ownErr := url.Parse(p.Issuer)
	if err != nil || ownErr != nil || u.User != nil || u.Fragment != "" {
		return false
	}
	if u.Scheme == own.Scheme && u.Host == own.Host {
		return true
	}
	return u.Scheme == "https" && slices.Contains(p.Hosts, u.Host)
}

type guard struct {
	p    Provider
	next http.RoundTripper
}

// RoundTrip refuses foreign hosts before and oversized or non-JSON answers after.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	if !g.p.knowsHost(req.URL.String()) {
		return nil, fmt.Errorf("%s is not a configured host of %s", req.URL.Host, g.p.Word)
	}
	res, err := g.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if res.StatusCode == http.StatusOK && kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		_ = res.Body.Close()
		return nil, fmt.Errorf("%s answered with something else than JSON", g.p.Word)
	}
	res.Body = &limited{res.Body, largestReply}
	return res, nil
}

type limited struct {
	io.ReadCloser
	left int
}

// Read fails, instead of ending quietly, where the answer is too long.
func (l *limited) Read(b []byte) (int, error) {
	n, err := l.ReadCloser.Read(b)
	if l.left -= n; l.left < 0 {
		return 0, errors.New("the provider's answer is too long")
	}
	return n, err
}

// allowed checks the address that the name has become, after DNS, so that a
// name cannot be turned towards the inside of the network.
func allowed(p Provider) func(string, string, syscall.RawConn) error {
	own, _ := url.Parse(p.Issuer)
	loopback := own != nil && loopbackName(own.Hostname())
	return func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("dial %s: not an address", p.Word)
		}
		ip := at.Addr().Unmap()
		switch {
		case loopback && ip.IsLoopback():
			return nil
		case ip.IsLoopback(), ip.IsUnspecified(), ip.IsMulticast(), ip.IsLinkLocalUnicast():
			return fmt.Errorf("dial %s: its name points at this machine or this link", p.Word)
		case inside(ip) && !p.PrivateNetwork:
			return fmt.Errorf("dial %s: its name points inside the network", p.Word)
		case loopback:
			return fmt.Errorf("dial %s: its name left this machine", p.Word)
		default:
			return nil
		}
	}
}

var shared = netip.MustParsePrefix("100.64.0.0/10")

func inside(ip netip.Addr) bool { return ip.IsPrivate() || shared.Contains(ip) }

// withTimeout bounds everything that one step of a login asks of a provider.
func withTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, wireTimeout)
}
