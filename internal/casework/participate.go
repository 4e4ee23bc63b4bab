package casework

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Seats is who takes part in a case, and whom the actor could let in.
type Seats struct {
	Intervention sig.InterventionID
	CaseNumber   string
	Taking       []postgres.Participation
	// May be given a part by the actor: colleagues of the own board for the
	// coordinator, the people of a led function for its lead.
	Could    []sig.Assignment
	StandIns []sig.Assignment // who may fill the actor's own seat for a time
	Requests []Request        // waiting, for the coordinator
	Actions  SeatActions
}

// SeatActions are what the actor may do with the seats.
type SeatActions struct{ Give, StandIn, Answer bool }

// Seats shows the seats of one case to the board's participants, and to the
// lead of a function that its consent names those of that function.
func (s *Service) Seats(ctx context.Context, actor sig.Actor, intervention sig.InterventionID) (*Seats, error) {
	var out *Seats
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		given, err := giver(ctx, tx, intervention)
		if err != nil {
			return err
		}
		if given == nil {
			return tx.RefuseMissing(ledger.Entry{Kind: ledger.ReadIntervention, Intervention: intervention})
		}
		out = &Seats{Intervention: intervention, CaseNumber: given.caseNumber}
		if out.Taking, err = tx.Participations(ctx, intervention); err != nil {
			return err
		}
		mine := ownSeat(out.Taking, actor.Assignment)
		out.Actions = SeatActions{Give: given.gives(), StandIn: mine != nil, Answer: given.coordinates}
		colleagues, err := tx.Colleagues(ctx, actor.Authority)
		if err != nil {
			return err
		}
		oneself, err := barredToSelf(ctx, tx, out.Taking)
		if err != nil {
			return err
		}
		free := slices.DeleteFunc(colleagues, func(a sig.Assignment) bool {
			return slices.ContainsFunc(out.Taking, func(p postgres.Participation) bool { return p.Assignment == a.ID })
		})
		for _, a := range free {
			if given.mayGive(a) && !slices.Contains(oneself, a.ID) {
				out.Could = append(out.Could, a)
			}
		}
		if out.StandIns, err = standIns(ctx, tx, free, mine); err != nil {
			return err
		}
		if given.coordinates {
			out.Requests, err = s.waiting(ctx, tx, intervention)
		}
		return err
	})
	return out, err
}

// giving is in which capacity the actor gives parts in one case.
type giving struct {
	caseNumber  string
	board       bool // takes part for the board
	coordinates bool
	led         []postgres.LedSeat
}

func (g *giving) gives() bool { return g.coordinates || len(g.led) > 0 }

// mayGive: the coordinator inside the own board, a lead the own function.
func (g *giving) mayGive(a sig.Assignment) bool {
	if g.coordinates {
		return a.Function.HandlesCases()
	}
	return slices.ContainsFunc(g.led, func(l postgres.LedSeat) bool { return l.Unit == a.Unit && l.Function == a.Function })
}

// giver is nil for somebody who may not even know of the case.
func giver(ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID) (*giving, error) {
	led, err := tx.LedSeats(ctx)
	if err != nil {
		return nil, err
	}
	g := &giving{}
	for _, l := range led {
		if l.Intervention == intervention {
			g.led, g.caseNumber = append(g.led, l), l.CaseNumber
		}
	}
	facts, err := tx.CaseFacts(ctx, intervention)
	if err == nil && len(facts.Seats) > 0 {
		g.board = fills(facts, sig.RoleCoordinator, sig.RoleSocialSecretary)
		g.coordinates = fills(facts, sig.RoleCoordinator)
		g.caseNumber = facts.CaseNumber
		return g, nil
	}
	if len(g.led) > 0 {
		return g, nil
	}
	return nil, nil //nolint:nilnil // nobody is a giver is the answer, not a fault
}

// GivePart lets an assignment take part, with the reason why it is needed. A
// coordinator who names somebody of another authority is told that this takes
// a row in the consent, and then that authority's own lead (domain T08).
func (s *Service) GivePart(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, assignment sig.AssignmentID, reason string) error {
	reason = strings.TrimSpace(reason)
	var c fault.Check
	checkReason(&c, "reason", reason)
	if err := c.Err(); err != nil {
		return err
	}
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		entry := ledger.Entry{
			Kind: ledger.SetParticipation, Intervention: intervention, Object: ledger.Of(ledger.ObjectAssignment, assignment),
		}
		g, err := giver(ctx, tx, intervention)
		if err != nil {
			return err
		}
		a, err := tx.Assignment(ctx, assignment)
		switch {
		case err != nil, g == nil, !a.ActiveAt(tx.Now()):
			return tx.RefuseMissing(entry)
		case a.Authority != actor.Authority && g.coordinates:
			return refuseElsewhere(tx, entry)
		case a.Authority != actor.Authority, !g.mayGive(a):
			return tx.RefuseMissing(entry)
		}
		if err := notOneself(ctx, tx, intervention, a.ID, entry); err != nil {
			return err
		}
		return s.letIn(ctx, tx, intervention, a, reason, entry)
	})
}

// refuseElsewhere records the no and says at the field what leads there.
func refuseElsewhere(tx *postgres.Tx, e ledger.Entry) error {
	if err := tx.Record(e.Refuse("other_authority")); err != nil {
		return err
	}
	var c fault.Check
	c.Fail("assignment", "error.part_elsewhere")
	return tx.Refuse(c.Err())
}

func checkReason(c *fault.Check, field, reason string) {
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		c.Fail(field, "error.required")
	case n > 1000:
		c.Fail(field, "error.too_long", "max", 1000)
	}
}

func (s *Service) letIn(ctx context.Context, tx *postgres.Tx, intervention sig.InterventionID, a sig.Assignment, reason string, entry ledger.Entry) error {
	taking, err := tx.Participations(ctx, intervention)
	if err != nil {
		return err
	}
	for _, p := range taking {
		if p.Assignment == a.ID && p.StandInFor == nil {
			return nil // takes part already
		}
	}
	id := sig.ParticipationID{UUID: uuid.New()}
	sealed, err := s.sealReason(ctx, tx, a.Authority, intervention, id.UUID, reason)
	if err != nil {
		return err
	}
	err = tx.InsertParticipation(ctx, postgres.Participation{
		ID: id, Intervention: intervention, Assignment: a.ID, Authority: a.Authority, Unit: a.Unit, Function: a.Function,
		From: tx.Now(), To: sig.Forever,
	}, sealed)
	if err != nil {
		return err
	}
	if err := tx.Record(entry); err != nil {
		return err
	}
	if err := tx.FinishSeatTask(ctx, intervention, a.Authority, a.Function); err != nil {
		return err
	}
	tx.Nudge(a.ID.UUID)
	tx.QueueNewMeetingCalls(intervention)
	return nil
}

// EndPart ends somebody's part now: their access, and nothing else.
func (s *Service) EndPart(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.ParticipationID) error {
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Lock(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		entry := ledger.Entry{Kind: ledger.EndParticipation, Intervention: intervention, Object: ledger.Of(ledger.ObjectParticipation, id)}
		taking, err := tx.Participations(ctx, intervention)
		if err != nil {
			return err
		}
		g, err := giver(ctx, tx, intervention)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(taking, func(p postgres.Participation) bool { return p.ID == id && p.Authority == actor.Authority })
		if i < 0 || g == nil || !(g.coordinates || g.mayGive(sig.Assignment{Unit: taking[i].Unit, Function: taking[i].Function})) {
			return tx.RefuseMissing(entry)
		}
		if taking[i].Function == sig.RoleCoordinator && onlyStandsIn(taking, actor.Assignment) {
			return refuseStandIn(tx, entry, "error.stand_in_ends_no_coordinator")
		}
		coordinators := 0
		for _, p := range taking {
			if p.Function == sig.RoleCoordinator && p.StandInFor == nil {
				coordinators++
			}
		}
		if taking[i].Function == sig.RoleCoordinator && taking[i].StandInFor == nil && coordinators == 1 {
			return fault.New(fault.Conflict, "error.last_coordinator")
		}
		if err := tx.EndParticipation(ctx, intervention, id); err != nil {
			return missing(tx, err, entry)
		}
		if err := tx.Record(entry); err != nil {
			return err
		}
		tx.Nudge(taking[i].Assignment.UUID)
		for _, p := range taking { // whose parts end with it
			if p.StandInFor != nil && *p.StandInFor == id {
				tx.Nudge(p.Assignment.UUID)
			}
		}
		tx.QueueMeetingEnds(intervention)
		return nil
	})
}
