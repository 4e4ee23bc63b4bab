package postgres_test

import (
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/dbtest"
	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

func nudges(t *testing.T, db *dbtest.Database) (n int) {
	t.Helper()
	if err := db.Super().QueryRow(t.Context(), `select count(*) from sig.outbox`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAWriteThatNobodyWaitsForIsCommittedWithTheRest(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	err := db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		tx.Nudge(uuid.New()) // and no statement after it
		return nil
	})
	if n := nudges(t, db); err != nil || n != 1 {
		t.Errorf("%d nudges were kept, want 1: %v", n, err)
	}
}

func TestAWriteThatTouchesNothingFailsTheTransaction(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	err := db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error {
		tx.Nudge(uuid.New())
		tx.MoveConsent(&postgres.Consent{ID: sig.ConsentID{UUID: uuid.New()}, State: sig.ConsentActive}, sig.ConsentExpired, db.Now(t))
		return nil
	})
	if fault.KindOf(err) != fault.NotFound || err == nil {
		t.Errorf("moving no consent answered %v", err)
	}
	if n := nudges(t, db); n != 0 {
		t.Errorf("%d nudges of a failed transaction were kept", n)
	}
}

func TestWhoActsChangesBeforeTheNextStatement(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	kind := func(tx *postgres.Tx) (who string) {
		if err := tx.QueryRow(t.Context(), `select sig.actor_kind()`).Scan(&who); err != nil {
			t.Error(err)
		}
		return who
	}
	err := db.App().Do(t.Context(), sig.Actor{Kind: sig.ActorNobody}, func(tx *postgres.Tx) error {
		err := tx.AsSystem("test", func() error {
			if got := kind(tx); got != "system" {
				t.Errorf("within, %s acts", got)
			}
			return nil
		})
		if got := kind(tx); got != "nobody" {
			t.Errorf("afterwards, %s acts", got)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
