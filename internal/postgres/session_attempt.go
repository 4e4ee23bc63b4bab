package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// LoginAttempt is one login on its way to a provider and back. State and
// browser secrets are kept as hashes only.
type LoginAttempt struct {
	StateHash   []byte
	BrowserHash []byte
	Provider    string
	Nonce       string
	Verifier    string
	Redirect    string
	ReturnTo    string
	StepUp      *StepUpAttempt // nil for a plain login
	BeganAt     time.Time      // wall clock of the database; set by it
}

// StepUpAttempt says who must come back, and for what.
type StepUpAttempt struct {
	Session   sig.SessionID
	Purpose   string
	BoundHash []byte
}

const beginLoginSQL = `
with old as (delete from sig.login_attempt where began_at < clock_timestamp() - interval '10 minutes')
insert into sig.login_attempt (state_hash, browser_hash, provider, nonce, verifier, redirect, return_to, session, bound_hash, purpose)
values (@state, @browser, @provider, @nonce, @verifier, @redirect, @return_to, @session, @bound, @purpose)`

// BeginLogin keeps an attempt until it comes back or ten minutes have passed.
func (db *DB) BeginLogin(ctx context.Context, a LoginAttempt) error {
	args := pgx.StrictNamedArgs{
		"state": a.StateHash, "browser": a.BrowserHash, "provider": a.Provider, "nonce": a.Nonce,
		"verifier": a.Verifier, "redirect": a.Redirect, "return_to": a.ReturnTo,
		"session": nil, "bound": nil, "purpose": nil,
	}
	if a.StepUp != nil {
		args["session"], args["bound"], args["purpose"] = a.StepUp.Session.UUID, a.StepUp.BoundHash, a.StepUp.Purpose
	}
	if _, err := db.pool.Exec(ctx, beginLoginSQL, args); err != nil {
		return translate(fmt.Errorf("keep the login attempt: %w", err))
	}
	return nil
}

const spendLoginSQL = `
delete from sig.login_attempt where state_hash = @state
returning state_hash, browser_hash, provider, nonce, verifier, redirect, return_to, session, bound_hash, purpose, began_at,
          began_at > clock_timestamp() - interval '10 minutes' as in_time`

type loginAttemptRow struct {
	StateHash   []byte
	BrowserHash []byte
	Provider    string
	Nonce       string
	Verifier    string
	Redirect    string
	ReturnTo    string
	Session     *uuid.UUID
	BoundHash   []byte
	Purpose     *string
	BeganAt     time.Time
	InTime      bool
}

// ErrNoAttempt says that a state is unknown, used, or too old.
var ErrNoAttempt = errors.New("no such login attempt")

// SpendLogin takes an attempt away by its state: of two that come back with
// the same state, one gets it. What follows may fail; the state stays spent.
func (db *DB) SpendLogin(ctx context.Context, stateHash []byte) (LoginAttempt, error) {
	rows, err := db.pool.Query(ctx, spendLoginSQL, pgx.StrictNamedArgs{"state": stateHash})
	if err != nil {
		return LoginAttempt{}, unavailable(fmt.Errorf("spend the login attempt: %w", err))
	}
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[loginAttemptRow])
	if errors.Is(err, pgx.ErrNoRows) || (err == nil && !row.InTime) {
		return LoginAttempt{}, ErrNoAttempt
	}
	if err != nil {
		return LoginAttempt{}, unavailable(fmt.Errorf("spend the login attempt: %w", err))
	}
	a := LoginAttempt{
		StateHash: row.StateHash, BrowserHash: row.BrowserHash, Provider: row.Provider, Nonce: row.Nonce,
		Verifier: row.Verifier, Redirect: row.Redirect, ReturnTo: row.ReturnTo, BeganAt: row.BeganAt,
	}
	if row.Session != nil {
		a.StepUp = &StepUpAttempt{Session: sig.SessionID{UUID: *row.Session}, Purpose: *row.Purpose, BoundHash: row.BoundHash}
	}
	return a, nil
}
