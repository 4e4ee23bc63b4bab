package postgres

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"sigportal/internal/fault"
)

func unavailable(cause error) error {
	return fault.Wrap(fault.Unavailable, "error.unavailable", cause)
}

// translate turns what the database says into faults: a lost connection or a
// timeout into Unavailable. A constraint that was met is a fault of ours, and
// the reader sees the fixed sentence.
func translate(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.Wrap(fault.NotFound, "error.not_found", err)
	}
	pg, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case !ok && lost(err):
		return unavailable(err)
	case !ok:
		return err
	}
	switch {
	case pg.Code == "42501": // the code went on to what the database stops
		return fault.Disagree(fault.Disagreement{Passed: "policy", Reason: "SQLSTATE 42501", Act: "a statement"})
	case passing(pg.Code):
		return unavailable(err)
	default:
		return err
	}
}

// lost reports whether the database was not reached, or was lost on the way: the
// connection refused or cut, or the time over. A server that ends a connection
// need not get to say why.
func lost(err error) bool {
	if pgconn.Timeout(err) || pgconn.SafeToRetry(err) {
		return true
	}
	if _, network := errors.AsType[net.Error](err); network {
		return true
	}
	for _, known := range []error{context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// passing reports whether a code is of what passes by itself: connections,
// resources, an operator's act, trouble outside of PostgreSQL; a deadlock, a lock
// that was not got, a transaction that lay idle.
func passing(code string) bool {
	switch code {
	case "40001", "40P01", "55P03", "25P03", "25P04":
		return true
	}
	switch class := code[:min(2, len(code))]; class {
	case "08", "53", "57", "58":
		return true
	}
	return false
}
