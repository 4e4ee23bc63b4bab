package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// front deals requests to the replicas in turn, without stickiness, and keeps
// the Host, as the proxy in front of a real installation does.
func front(targets ...string) (http.Handler, error) {
	var urls []*url.URL
	for _, t := range targets {
		u, err := url.Parse(t)
		if err != nil {
			return nil, fmt.Errorf("read a replica's address: %w", err)
		}
		urls = append(urls, u)
	}
	var turn atomic.Uint64
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(urls[turn.Add(1)%uint64(len(urls))])
			r.Out.Host = r.In.Host
		},
	}, nil
}

// serveHTTP serves a handler on loopback until the context ends. When it
// returns, the address is listened at.
func serveHTTP(ctx context.Context, group *errgroup.Group, address string, h http.Handler) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	group.Go(func() error {
		stop := context.AfterFunc(ctx, func() { _ = server.Close() })
		defer stop()
		if err := server.Serve(listener); err != nil && ctx.Err() == nil {
			return fmt.Errorf("serve %s: %w", address, err)
		}
		return ctx.Err()
	})
	return nil
}
