package scenariotest

import (
	"crypto/sha256"
	"time"

	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// candidate is what an officer is told about one seat before sending.
func (c *city) candidate(who string, item sig.ItemID, seat sig.Seat) sharing.Candidate {
	c.t.Helper()
	list, err := c.Sharing.Candidates(c.ctx(), c.as(who), c.id, item)
	c.must(err, who+" asks who would see it")
	for _, one := range list.List {
		if one.Seat == seat {
			return one
		}
	}
	c.t.Fatalf("%s is not told about %v", who, seat)
	return sharing.Candidate{}
}

// sitsIn fails the test unless somebody is shown in one unit wherever a name
// of it stands: where parts are chosen, in the session, in the list of
// sessions.
func (c *city) sitsIn(persona string, unit sig.UnitID, name string) {
	c.t.Helper()
	var hats []postgres.Hat
	var lines []postgres.SessionLine
	secret := sha256.Sum256([]byte(persona))
	actor := c.as(persona)
	err := c.App.Do(c.ctx(), actor, func(tx *postgres.Tx) (err error) {
		if err = tx.ReadClock(c.ctx()); err != nil {
			return err
		}
		if hats, err = tx.Hats(c.ctx(), actor.Person); err != nil {
			return err
		}
		_, err = tx.OpenSession(c.ctx(), postgres.NewSession{
			SecretHash: secret[:], Person: actor.Person, Provider: sample.IssuerStaff, SID: "sid", AuthTime: tx.Now(), Created: tx.Now(),
			Hat: hats[0], Choices: len(hats), Idle: 15 * time.Minute, Absolute: 10 * time.Hour, Language: "sv", Browser: "other",
		})
		if err != nil {
			return err
		}
		lines, err = tx.OwnSessions(c.ctx())
		return err
	})
	c.must(err, persona+" opens a session")
	session, err := c.App.SessionBySecret(c.ctx(), secret[:])
	c.must(err, persona+"'s session")
	if hats[0].Unit != unit || hats[0].UnitName != name {
		c.t.Errorf("among the parts to choose, %s sits in %s (%s), want %s", persona, hats[0].UnitName, hats[0].Unit, name)
	}
	if session.Actor.Unit != unit || session.UnitName != name {
		c.t.Errorf("in the session, %s sits in %s (%s), want %s", persona, session.UnitName, session.Actor.Unit, name)
	}
	if len(lines) != 1 || lines[0].UnitName != name {
		c.t.Errorf("in the list of sessions: %+v, want %s", lines, name)
	}
}
