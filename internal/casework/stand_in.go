package casework

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// StandIn lets a colleague of the same unit, or who coordinates in the same
// board, fill the coordinator's own seat until an end date. Whoever works
// elsewhere in the board would read what a consent has given to this function
// in this unit alone. Nobody stands in for themself, under whatever function, nor
// longer than the seat is held.
func (s *Service) StandIn(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, assignment sig.AssignmentID, until sig.Date) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		var c fault.Check
		if !until.Valid() || !until.End().After(tx.Now()) || until.End().After(tx.Now().Add(366*24*time.Hour)) {
			c.Fail("until", "error.date_within_a_year")
			return c.Err()
		}
		entry := ledger.Entry{Kind: ledger.SetStandIn, Intervention: intervention, Object: ledger.Of(ledger.ObjectAssignment, assignment)}
		taking, err := tx.Participations(ctx, intervention)
		if err != nil {
			return err
		}
		mine := ownSeat(taking, actor.Assignment)
		a, err := tx.Assignment(ctx, assignment)
		if err != nil || mine == nil || a.Authority != actor.Authority || a.ID == actor.Assignment || !a.ActiveAt(tx.Now()) || !a.Function.HandlesCases() {
			return tx.RefuseMissing(entry)
		}
		if !mayStandIn(a, mine) {
			return refuseStandIn(tx, entry, "error.stand_in_from_elsewhere")
		}
		oneself, err := tx.SameOfficer(ctx, actor.Assignment)
		if err != nil {
			return err
		}
		if slices.Contains(oneself, a.ID) {
			return refuseStandIn(tx, entry, "error.stand_in_another_person")
		}
		ends := until.End()
		if mine.To.Before(ends) {
			ends = mine.To
		}
		id := sig.ParticipationID{UUID: uuid.New()}
		err = tx.InsertParticipation(ctx, postgres.Participation{
			ID: id, Intervention: intervention, Assignment: a.ID, Authority: a.Authority,
			Unit: mine.Unit, Function: mine.Function, StandInFor: &mine.ID, From: tx.Now(), To: ends,
		}, nil)
		if err != nil {
			return err
		}
		if err := tx.SetAlarm(postgres.AlarmParticipationEnds, intervention, id.UUID, ends); err != nil {
			return err
		}
		if err := tx.Record(entry); err != nil {
			return err
		}
		tx.Nudge(a.ID.UUID)
		tx.QueueNewMeetingCalls(intervention)
		return nil
	})
}

// mayStandIn: the family has said yes to a function in a unit, so whoever fills
// its seat sits in that unit or has that function.
func mayStandIn(a sig.Assignment, seat *postgres.Participation) bool {
	return a.Unit == seat.Unit || a.Function == seat.Function
}

// ownSeat is the coordinator's seat that an assignment holds for itself; nil
// for everybody else, those who stand in too.
func ownSeat(taking []postgres.Participation, assignment sig.AssignmentID) *postgres.Participation {
	for i, p := range taking {
		if p.Assignment == assignment && p.Function == sig.RoleCoordinator && p.StandInFor == nil {
			return &taking[i]
		}
	}
	return nil
}

// onlyStandsIn reports whether an assignment coordinates for somebody else
// alone. Whoever does keeps the case going, but neither stays in it beyond the
// day that was set nor takes the seat from the one who holds it.
func onlyStandsIn(taking []postgres.Participation, assignment sig.AssignmentID) bool {
	stands := false
	for _, p := range taking {
		stands = stands || p.Assignment == assignment && p.StandInFor != nil
	}
	return stands && ownSeat(taking, assignment) == nil
}

// standIns lists who may fill the seat for a time: not the same person under
// another function.
func standIns(ctx context.Context, tx *postgres.Tx, colleagues []sig.Assignment, seat *postgres.Participation) ([]sig.Assignment, error) {
	if seat == nil {
		return nil, nil
	}
	oneself, err := tx.SameOfficer(ctx, seat.Assignment)
	return slices.DeleteFunc(slices.Clone(colleagues), func(a sig.Assignment) bool {
		return !mayStandIn(a, seat) || slices.Contains(oneself, a.ID)
	}), err
}

// barredToSelf lists to which assignments the actor may give no part: where they
// only stand in, every one of their own, under whatever function; else none.
func barredToSelf(ctx context.Context, tx *postgres.Tx, taking []postgres.Participation) ([]sig.AssignmentID, error) {
	if !onlyStandsIn(taking, tx.Actor.Assignment) {
		return nil, nil
	}
	return tx.SameOfficer(ctx, tx.Actor.Assignment)
}

// notOneself refuses a part that whoever stands in would give themself. It is
// asked before anything is written, since a refusal keeps what was.
func notOneself(ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID, assignment sig.AssignmentID, e ledger.Entry) error {
	taking, err := tx.Participations(ctx, intervention)
	if err != nil {
		return err
	}
	barred, err := barredToSelf(ctx, tx, taking)
	if err == nil && slices.Contains(barred, assignment) {
		return refuseStandIn(tx, e, "error.stand_in_not_oneself")
	}
	return err
}

// refuseStandIn records the no and says why.
func refuseStandIn(tx *postgres.Tx, e ledger.Entry, key string) error {
	if err := tx.Record(e.Refuse("stand_in")); err != nil {
		return err
	}
	return tx.Refuse(fault.New(fault.Conflict, key))
}
