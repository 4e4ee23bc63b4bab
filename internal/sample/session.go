package sample

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// OpenSession opens a session of a persona as a login does at its end, and
// gives the cookie that a browser would send, and the actor of the session.
// The hat is as for As.
func (t *Town) OpenSession(ctx context.Context, persona, hat string) (cookie string, actor sig.Actor, err error) {
	actor, err = t.As(ctx, persona, hat)
	if err != nil {
		return "", actor, err
	}
	return t.openSession(ctx, persona, actor, sig.SessionID{})
}

// EnterOffice opens a session of a young person in the coordinator's office, by
// the number on the coordinator's page.
func (t *Town) EnterOffice(ctx context.Context, persona, number string) (cookie string, actor sig.Actor, err error) {
	actor, err = t.As(ctx, persona, "")
	if err != nil {
		return "", actor, err
	}
	session := postgres.NewSessionID()
	err = t.App.Do(ctx, actor, func(tx *postgres.Tx) error {
		hat, err := tx.TakeOfficeHour(ctx, number, session)
		if err != nil {
			return err
		}
		if hat.Kind == "" {
			return tx.Refuse(errors.New("the number opens no page"))
		}
		actor = wearing(actor, hat)
		return nil
	})
	if err != nil {
		return "", actor, fmt.Errorf("enter the office as %s: %w", persona, err)
	}
	return t.openSession(ctx, persona, actor, session)
}

func (t *Town) openSession(ctx context.Context, persona string, actor sig.Actor, session sig.SessionID) (string, sig.Actor, error) {
	p, err := Find(persona)
	if err != nil {
		return "", actor, err
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	value := base64.RawURLEncoding.EncodeToString(secret)
	hash := sha256.Sum256([]byte(value))
	err = t.App.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		actor.Session, err = tx.OpenSession(ctx, postgres.NewSession{
			ID: session, SecretHash: hash[:], Person: actor.Person, Provider: p.Issuer, AuthTime: tx.Now(), Created: tx.Now(), Choices: 1,
			Hat:  postgres.Hat{Kind: actor.Kind, Assignment: actor.Assignment, Guardian: actor.Guardian, Youth: actor.Youth},
			Idle: time.Hour, Absolute: 10 * time.Hour, Language: "sv", Browser: "other",
		})
		return err
	})
	if err != nil {
		return "", actor, fmt.Errorf("open a session of %s: %w", persona, err)
	}
	return "__Host-sig=" + value, actor, nil
}
