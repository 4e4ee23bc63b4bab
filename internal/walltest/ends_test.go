package walltest

import (
	"testing"
	"time"

	"sigportal/internal/dbtest"
	"sigportal/internal/sig"
)

// outlives is where a wall looks when everybody's consent ends.
const outlives = "least(o.valid_to, (select max(w.valid_to) from sig.consent_grant w where w.consent = c.id))"

// ending is a world in which everybody's consent is in force as far as anybody has
// written down, and its last row ends now, or an instant later.
func ending(seed uint64) *world {
	w := newWorld(seed)
	for i := range w.cases {
		c := &w.cases[i]
		c.state, c.consents[0].state = sig.InterventionActive, sig.ConsentActive
		c.consents[0].endBy(w.now.Add(time.Duration(seed%2) * time.Microsecond))
	}
	return w
}

// endingUntil counts such worlds until the walls disagree; 0 means never.
func endingUntil(t *testing.T, db *dbtest.Database, most uint64) uint64 {
	t.Helper()
	for seed := uint64(1); seed <= most; seed++ {
		w := ending(seed)
		db.FreezeClock(t, w.now)
		_, _, copies := w.disagreements(t, db, nil, false)
		_, _, meetings := w.meetingDisagreements(t, db, nil, false)
		if len(copies)+len(meetings) > 0 {
			return seed
		}
	}
	return 0
}

// A youth's own yes ends with everybody's last row in both walls, and a wall that
// forgets it is caught.
func TestAnOwnYesOutlivesNoConsent(t *testing.T) {
	t.Parallel()
	if seed := endingUntil(t, dbtest.New(t), 12); seed > 0 {
		t.Errorf("the walls disagree in world %d", seed)
	}
	for _, wall := range []string{entitlements, tellingSeat} {
		t.Run(wall, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			plant(t, db, [][3]string{{wall, outlives, "o.valid_to"}})
			seed := endingUntil(t, db, patience)
			if seed == 0 {
				t.Errorf("not caught in %d worlds", patience)
			}
			t.Logf("caught in world %d", seed)
		})
	}
}
