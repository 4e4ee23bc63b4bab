package scenariotest

import (
	"sync"

	"github.com/google/uuid"

	"sigportal/internal/postgres"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// inOrder lets two acts wait for the intervention's lock, one behind the
// other, and then go: somebody else holds it until both have come.
func (c *city) inOrder(first, second func()) {
	c.t.Helper()
	var both sync.WaitGroup
	err := c.db.App().Do(c.ctx(), sig.System("test"), func(tx *postgres.Tx) error {
		if err := tx.Lock(c.ctx(), postgres.LockKey(c.id)); err != nil {
			return err
		}
		for n, act := range []func(){first, second} {
			both.Go(act)
			c.waitFor(n + 1)
		}
		return nil
	})
	both.Wait()
	c.must(err, "hold the intervention's lock")
}

// waitFor returns when so many sessions of this database wait for an advisory
// lock; each question to the server is a moment of its own.
func (c *city) waitFor(sessions int) {
	c.t.Helper()
	const waiting = `select count(*)::int from pg_locks l join pg_database d on d.oid = l.database
		where l.locktype = 'advisory' and not l.granted and d.datname = current_database()`
	for c.t.Context().Err() == nil {
		if one[int](c, waiting) >= sessions {
			return
		}
	}
	c.t.Fatalf("fewer than %d sessions came to the lock", sessions)
}

// newTo is a disclosure to one function of what Berg has not sent yet.
func (c *city) newTo(to sig.Seat) sharing.NewDisclosure {
	return sharing.NewDisclosure{
		Key: uuid.NewString(), Intervention: c.id, Item: c.unsent, Recipients: []sig.Seat{to},
		Necessity: "behövs för planen", WeakerReason: "behövs där",
	}
}

// sendAs discloses under an actor who is signed in already.
func (c *city) sendAs(actor sig.Actor, item sig.ItemID, to sig.Seat) (sig.DisclosureID, error) {
	in := c.newTo(to)
	in.Item = item
	sent, err := c.Sharing.Disclose(c.ctx(), actor, in)
	if err != nil {
		return sig.DisclosureID{}, err
	}
	return sent[0].ID, nil
}
