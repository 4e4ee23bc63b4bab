package portal

import "net"

// Option changes how Run runs. None of them is for production.
type Option func(*options)

type options struct {
	movedClock bool
	samples    bool
	listener   net.Listener
	ready      func(address string)
}

// WithMovedClock accepts a database whose clock can be moved: for the demo and
// tests.
func WithMovedClock() Option { return func(o *options) { o.movedClock = true } }

// WithSamples adds the pages that show every page with made-up data.
func WithSamples() Option { return func(o *options) { o.samples = true } }

// WithListener serves on a listener that is open already instead of the
// configured address.
func WithListener(l net.Listener) Option { return func(o *options) { o.listener = l } }

// WithReady is told the address once requests are answered.
func WithReady(ready func(address string)) Option { return func(o *options) { o.ready = ready } }
