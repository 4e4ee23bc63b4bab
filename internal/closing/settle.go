package closing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Settle writes down what time alone has brought about by now: a version whose
// last row has ended, or of which an oral yes was not written in time, is expired
// at that very instant, one that not everybody signed within thirty days has lapsed, an intervention whose grace period is
// over closes. Every act on a consent settles first, so nobody can sign or
// renew in the moment before the alarm wakes; when the alarm comes, there is
// nothing left to do. A clock that is set back revives nothing.
func Settle(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention) error {
	return tx.AsSystem("closing", func() error {
		consents, err := tx.Consents(ctx, i.ID)
		if err != nil {
			return err
		}
		for n := range consents {
			if err := settleVersion(ctx, tx, i, &consents[n]); err != nil {
				return err
			}
		}
		return settleGrace(ctx, tx, i)
	})
}

// Due reports whether Settle would find anything to write down: asked of what
// has been read anyway, it spares every act two questions under its lock.
func Due(
	now time.Time, i *postgres.Intervention, consents []postgres.Consent, lastEnd func(sig.ConsentID) time.Time, left func(sig.ConsentID) bool,
) bool {
	for _, c := range consents {
		switch c.State {
		case sig.ConsentActive, sig.ConsentSuspended:
			if !now.Before(lastEnd(c.ID)) || left(c.ID) {
				return true
			}
		case sig.ConsentPartiallySigned, sig.ConsentSigned:
			if at, _ := unfinishedEnds(&c); !at.IsZero() && !now.Before(at) {
				return true
			}
		default:
		}
	}
	return i.State == sig.InterventionSharingStopped && i.SharingStoppedAt != nil && !now.Before(GraceEnds(*i.SharingStoppedAt))
}

func settleVersion(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, c *postgres.Consent) error {
	switch c.State {
	case sig.ConsentActive, sig.ConsentSuspended:
		ends, err := tx.GrantEnds(ctx, c.ID)
		if err != nil || len(ends) == 0 {
			return err
		}
		if lapsed, err := settleMoved(ctx, tx, i, c, ends); lapsed || err != nil {
			return err
		}
		if last := ends[len(ends)-1].To; !tx.Now().Before(last) {
			return expire(ctx, tx, i, c, last)
		}
	case sig.ConsentPartiallySigned, sig.ConsentSigned:
		at, unwritten := unfinishedEnds(c)
		if at.IsZero() || tx.Now().Before(at) {
			return nil
		}
		if unwritten {
			return expireUnwritten(ctx, tx, i, c, at)
		}
		return lapse(ctx, tx, i, c, at)
	default:
	}
	return nil
}

// unfinishedEnds is when a version that is not in force ends by itself: not
// everybody has signed in time or, if that comes first, a yes that was said
// aloud is not written.
func unfinishedEnds(c *postgres.Consent) (at time.Time, unwritten bool) {
	if c.State == sig.ConsentPartiallySigned && c.FirstSignedAt != nil {
		at = Lapses(*c.FirstSignedAt)
	}
	if c.OralUntil != nil && (at.IsZero() || c.OralUntil.Before(at)) {
		return *c.OralUntil, true
	}
	return at, false
}

// expire ends the version at the end of its last row and stops the sharing.
func expire(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, c *postgres.Consent, at time.Time) error {
	if err := EndVersion(tx, c, sig.ConsentExpired, at); err != nil {
		return err
	}
	if err := noteExpired(tx, i, c, at); err != nil {
		return err
	}
	return StopSharing(ctx, tx, i, at)
}

func noteExpired(tx *postgres.Tx, i *postgres.Intervention, c *postgres.Consent, at time.Time) error {
	kind := postgres.JournalExpired
	if c.OralUntil != nil && !at.Before(*c.OralUntil) {
		kind = postgres.JournalUnwritten
	}
	if err := note(tx, i, kind, at, c); err != nil {
		return err
	}
	return entry(tx, i, ledger.ExpireConsent, c.ID)
}

// expireUnwritten ends a version that is not in force because somebody's oral
// yes to it was not written in time. What is in force meanwhile goes on; before
// there was any decision on the measure, the intervention was never started.
func expireUnwritten(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, c *postgres.Consent, at time.Time) error {
	if err := EndVersion(tx, c, sig.ConsentExpired, at); err != nil {
		return err
	}
	if err := noteExpired(tx, i, c, at); err != nil {
		return err
	}
	if err := NeverStarted(tx, i, sig.ClosedConsentExpired, at); err != nil {
		return err
	}
	return tellBoard(ctx, tx, i)
}

// StopSharing takes an active intervention to SharingStopped at an instant:
// copies are cut in the way that a renewal undoes, and the grace period runs.
func StopSharing(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, at time.Time) error {
	if i.State != sig.InterventionActive {
		return nil
	}
	if _, err := Narrow(ctx, tx, i, nil, CutBySharingStopped, at); err != nil {
		return err
	}
	tx.MoveIntervention(i, sig.InterventionSharingStopped, "", at)
	if err := tx.SetAlarm(postgres.AlarmGraceEnds, i.ID, i.ID.UUID, GraceEnds(at)); err != nil {
		return err
	}
	renewTask(tx, i, dayBefore(GraceEnds(at)))
	err := tx.Record(ledger.Entry{
		Kind: ledger.StopSharing, Intervention: i.ID, Object: ledger.Of(ledger.ObjectIntervention, i.ID),
	})
	if err != nil {
		return err
	}
	return tellAll(ctx, tx, i, true)
}

// dayBefore is the last day on which something can be done that must be done
// before an instant: of a window that ends at midnight, the day that ends there.
func dayBefore(end time.Time) sig.Date { return sig.DateOf(end.Add(-time.Nanosecond)) }

// renewTask asks the coordinator for a renewal, once.
func renewTask(tx *postgres.Tx, i *postgres.Intervention, due sig.Date) {
	tx.InsertTask(postgres.Task{
		ID: sig.TaskID{UUID: uuid.New()}, Intervention: i.ID, Authority: i.Authority, Function: sig.RoleCoordinator,
		Kind: postgres.TaskRenewConsent, DueOn: due,
	})
}

// lapse ends a version that not everybody signed in time. Before there was any
// decision on the measure, the intervention was never started (3.7.9).
func lapse(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, c *postgres.Consent, at time.Time) error {
	if err := EndVersion(tx, c, sig.ConsentLapsedUnsigned, at); err != nil {
		return err
	}
	if err := note(tx, i, postgres.JournalLapsed, at, c); err != nil {
		return err
	}
	if err := entry(tx, i, ledger.LapseConsent, c.ID); err != nil {
		return err
	}
	if err := NeverStarted(tx, i, sig.ClosedConsentLapsed, at); err != nil {
		return err
	}
	if err := MailNews(ctx, tx, i, c.ID, false); err != nil {
		return err
	}
	return tellBoard(ctx, tx, i)
}

// LapseInForce ends the version in force because somebody who must have signed
// it has not, and will not: sharing stops, and within the grace period everybody
// may agree on another. It runs inside AsSystem.
func LapseInForce(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, c *postgres.Consent) error {
	return lapseInForce(ctx, tx, i, c, postgres.JournalLapsed, tx.Now())
}

func lapseInForce(
	ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, c *postgres.Consent, kind postgres.JournalKind, at time.Time,
) error {
	if err := EndVersion(tx, c, sig.ConsentLapsed, at); err != nil {
		return err
	}
	if err := note(tx, i, kind, at, c); err != nil {
		return err
	}
	if err := entry(tx, i, ledger.LapseConsent, c.ID); err != nil {
		return err
	}
	return StopSharing(ctx, tx, i, at)
}

// AskToExplain gives the coordinator the task of explaining the version in
// force to a guardian who is new to it.
func AskToExplain(tx *postgres.Tx, i *postgres.Intervention, c *postgres.Consent) {
	tx.InsertTask(postgres.Task{
		ID: sig.TaskID{UUID: uuid.New()}, Intervention: i.ID, Authority: i.Authority, Function: sig.RoleCoordinator,
		Kind: postgres.TaskExplainConsent, Object: c.ID.UUID, DueOn: NextWorkingDay(tx.Now()),
	})
}

// NeverStarted takes an intervention that had not been decided upon to
// NotStarted; one that has, stays as it is. It runs inside AsSystem.
func NeverStarted(
	tx *postgres.Tx, i *postgres.Intervention, reason sig.ClosedReason, at time.Time,
) error {
	switch i.State {
	case sig.InterventionProposed, sig.InterventionConsentPending, sig.InterventionAwaitingDecision:
	default:
		return nil
	}
	tx.MoveIntervention(i, sig.InterventionNotStarted, reason, at)
	tx.DropTasks(i.ID)
	return tx.Record(ledger.Entry{
		Kind: ledger.CloseIntervention, Intervention: i.ID, Object: ledger.Of(ledger.ObjectIntervention, i.ID),
		Detail: ledger.Detail{"reason": reason, "started": false},
	})
}

func settleGrace(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention) error {
	if i.State != sig.InterventionSharingStopped || i.SharingStoppedAt == nil {
		return nil
	}
	ends := GraceEnds(*i.SharingStoppedAt)
	if tx.Now().Before(ends) {
		return nil
	}
	if err := tx.RecutCopies(ctx, i.ID, CutByClosing); err != nil {
		return err
	}
	_, err := Close(ctx, tx, i, End{Reason: sig.ClosedConsentExpired, CutBy: CutByClosing, At: ends})
	return err
}

func note(
	tx *postgres.Tx, i *postgres.Intervention, kind postgres.JournalKind, at time.Time, c *postgres.Consent,
) error {
	return tx.WriteNote(postgres.JournalNote{
		Intervention: i.ID, Authority: i.Authority, Kind: kind, At: at, Facts: map[string]any{"version": c.Version},
	})
}

func entry(tx *postgres.Tx, i *postgres.Intervention, kind ledger.Kind, consent sig.ConsentID) error {
	return tx.Record(ledger.Entry{
		Kind: kind, Intervention: i.ID, Object: ledger.Of(ledger.ObjectConsent, consent), Consent: consent,
	})
}
