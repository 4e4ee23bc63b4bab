package casework

import (
	"cmp"
	"context"
	"slices"
	"time"

	"sigportal/internal/closing"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Radar is what somebody should see to about the consents of the cases that
// the actor coordinates, the most urgent first.
type Radar struct {
	Now   time.Time
	Lines []RadarLine
}

// RadarLine is one thing about one consent.
type RadarLine struct {
	postgres.RadarLine
	Urgency Urgency
	// Until is the instant at which it comes about or, of what is there
	// already, at which something else does; zero where nothing does by itself.
	Until time.Time
}

// RadarKind is what a line of the radar is about.
type RadarKind = postgres.RadarKind

// The kinds.
const (
	RadarEnds        = postgres.RadarEnds
	RadarStopped     = postgres.RadarStopped
	RadarSilent      = postgres.RadarSilent
	RadarNewGuardian = postgres.RadarNewGuardian
	RadarGuardianOut = postgres.RadarGuardianOut
	RadarVacant      = postgres.RadarVacant
	RadarFifteen     = postgres.RadarFifteen
	RadarEighteen    = postgres.RadarEighteen
	RadarUnused      = postgres.RadarUnused
)

// Urgency is how soon something must be seen to.
type Urgency string

// The urgencies, the most urgent first.
const (
	UrgencyWeek      Urgency = "week"      // within 7 days, or it has come about
	UrgencyFortnight Urgency = "fortnight" // within 14
	UrgencyLater     Urgency = "later"
	UrgencyReview    Urgency = "review" // nothing happens by itself
)

var urgencies = []Urgency{UrgencyWeek, UrgencyFortnight, UrgencyLater, UrgencyReview}

// What the radar looks for, in days: how long before a consent ends or a
// birthday, how long after an explanation without an answer somebody is silent,
// how long a change of custody stands there, and how long a row is in force
// before it can be said to have never been used.
const (
	RadarEndsDays     = 30
	RadarBirthdayDays = 60
	RadarSilentDays   = 7
	RadarCustodyDays  = 30
	RadarAheadDays    = 60 // how long before a change of custody that is recorded
	UnusedDays        = postgres.UnusedDays
)

// Radar looks. Somebody who coordinates no case is told that there is no such
// page, unless it is the own function.
func (s *Service) Radar(ctx context.Context, actor sig.Actor) (*Radar, error) {
	out := &Radar{}
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		out.Now = tx.Now()
		days := func(n int) time.Time { return sig.DaysLater(out.Now, n) }
		lines, err := tx.RadarLines(ctx, postgres.RadarLimits{
			Ends: days(RadarEndsDays), Birthday: days(RadarBirthdayDays), Custody: days(RadarAheadDays),
			CustodySince: days(-RadarCustodyDays), Asked: days(-RadarSilentDays), Unused: days(-UnusedDays),
		})
		if err != nil {
			return err
		}
		if len(lines) == 0 && actor.Function != sig.RoleCoordinator {
			return tx.RefuseRecorded(ledger.Entry{Kind: ledger.ReadConsent}, string(policy.NoParticipation), fault.Missing())
		}
		out.fill(lines)
		return out.record(tx)
	})
	return out, err
}

func (r *Radar) fill(lines []postgres.RadarLine) {
	for _, l := range lines {
		if l.Kind == postgres.RadarCoordinates {
			continue
		}
		line := RadarLine{RadarLine: l}
		if l.At != nil {
			line.Until = *l.At
		}
		switch l.Kind {
		case RadarStopped:
			line.Until = closing.GraceEnds(line.Until)
			line.Urgency = r.within(line.Until)
		case RadarSilent, RadarVacant:
			line.Urgency = UrgencyFortnight
		case RadarUnused:
			line.Urgency = UrgencyReview
		default:
			line.Urgency = r.within(line.Until)
		}
		r.Lines = append(r.Lines, line)
	}
	slices.SortStableFunc(r.Lines, func(a, b RadarLine) int {
		return cmp.Or(slices.Index(urgencies, a.Urgency)-slices.Index(urgencies, b.Urgency), a.Until.Compare(b.Until))
	})
}

// within is how soon an instant comes. One that has passed is as urgent as it gets.
func (r *Radar) within(at time.Time) Urgency {
	switch {
	case !at.After(sig.DaysLater(r.Now, 7)):
		return UrgencyWeek
	case !at.After(sig.DaysLater(r.Now, 14)):
		return UrgencyFortnight
	}
	return UrgencyLater
}

// record writes that each case on the radar was looked at.
func (r *Radar) record(tx *postgres.Tx) error {
	var seen []sig.InterventionID
	for _, l := range r.Lines {
		if slices.Contains(seen, l.Intervention) {
			continue
		}
		seen = append(seen, l.Intervention)
		err := tx.Record(ledger.Entry{
			Kind: ledger.ReadConsent, Intervention: l.Intervention, Object: ledger.Of(ledger.ObjectIntervention, l.Intervention),
			Detail: ledger.Detail{"radar": true},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
