package closing

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// End is what ends an intervention's collaboration, and when it took effect.
type End struct {
	Reason  sig.ClosedReason
	Consent sig.ConsentState // what the version in force becomes; empty when none is
	CutBy   string
	At      time.Time // not after the transaction's instant
	Journal postgres.JournalKind
	Facts   map[string]any // of the journal note: ids, codes, dates
}

// Close ends an intervention at once (domain 3.4, Closing 1–3), in the
// transaction of whatever ended it and under its lock: the version in force
// and the one in preparation end, disclosures that wait are cancelled, copies
// are cut, the social secretary gets the task, everybody concerned is told.
// It takes the intervention only to Closing: the formal decision, and Closed,
// belong to a human.
func Close(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, end End) (Effect, error) {
	var effect Effect
	err := tx.AsSystem("closing", func() error {
		touched, err := tx.Ending(ctx, i)
		if err != nil {
			return err
		}
		if err := endVersions(tx, touched.Consents, end); err != nil {
			return err
		}
		if effect, err = cutAll(tx, i, touched.Told, end.CutBy); err != nil {
			return err
		}
		tx.MoveIntervention(i, sig.InterventionClosing, end.Reason, end.At)
		tx.ClearAlarm(postgres.AlarmGraceEnds, i.ID.UUID)
		return announce(tx, i, end, touched.Concerned)
	})
	return effect, err
}

// announce writes the journal, gives the task, tells everybody and leaves the
// ledger row.
func announce(tx *postgres.Tx, i *postgres.Intervention, end End, whom postgres.Concerned) error {
	tx.DropTasks(i.ID)
	task := postgres.Task{
		ID: sig.TaskID{UUID: uuid.New()}, Intervention: i.ID, Authority: i.Authority, Function: sig.RoleSocialSecretary,
		Kind: postgres.TaskConsiderOtherMeasures, DueOn: NextWorkingDay(tx.Now()),
	}
	tx.InsertTask(task)
	if err := tx.SetAlarm(postgres.AlarmTaskDue, i.ID, task.ID.UUID, task.DueOn.Start()); err != nil {
		return err
	}
	for _, note := range []postgres.JournalNote{
		{Kind: end.Journal, Facts: end.Facts},
		{Kind: postgres.JournalClosing, Facts: map[string]any{"reason": end.Reason}},
	} {
		if note.Kind == "" {
			continue
		}
		note.Intervention, note.Authority, note.At = i.ID, i.Authority, end.At
		if err := tx.WriteNote(note); err != nil {
			return err
		}
	}
	err := tx.Record(ledger.Entry{
		Kind: ledger.CloseIntervention, Intervention: i.ID, Object: ledger.Of(ledger.ObjectIntervention, i.ID),
		Detail: ledger.Detail{"reason": end.Reason},
	})
	if err != nil {
		return err
	}
	return tellThem(tx, i, whom, true)
}

// endVersions ends whatever version is in force or in preparation.
func endVersions(tx *postgres.Tx, consents []postgres.Consent, end End) error {
	for n := range consents {
		c := &consents[n]
		var err error
		switch {
		case c.State == sig.ConsentActive, c.State == sig.ConsentSuspended:
			err = EndVersion(tx, c, end.Consent, Later(end.At, c.ActivatedAt))
		case InPreparation(c.State):
			err = EndVersion(tx, c, unfinished(c.State, end.Consent), end.At)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// InPreparation reports whether a version has not come into force yet.
func InPreparation(s sig.ConsentState) bool {
	return slices.Contains([]sig.ConsentState{
		sig.ConsentDraft, sig.ConsentExplained, sig.ConsentPartiallySigned, sig.ConsentSigned,
	}, s)
}

// Ended reports whether a version is over.
func Ended(s sig.ConsentState) bool {
	return !InPreparation(s) && s != sig.ConsentActive && s != sig.ConsentSuspended
}

// unfinished is what a version in preparation becomes when the collaboration
// ends: nobody's yes is turned into a no that was not said.
func unfinished(s, end sig.ConsentState) sig.ConsentState {
	switch {
	case s == sig.ConsentDraft, s == sig.ConsentExplained:
		return sig.ConsentDiscarded
	case end == sig.ConsentWithdrawn:
		return sig.ConsentWithdrawn
	case s == sig.ConsentPartiallySigned:
		return sig.ConsentLapsedUnsigned
	default:
		return sig.ConsentDeclined
	}
}

// EndVersion takes a version to a terminal state and takes back its alarms and
// what was said aloud of it and is not written.
func EndVersion(tx *postgres.Tx, c *postgres.Consent, to sig.ConsentState, at time.Time) error {
	tx.MoveConsent(c, to, at)
	tx.ClearConsentAlarms(c.ID)
	tx.EndOrals(c.ID, at)
	return nil
}

// SetAlarms sets what is to go off about a version that has come into force:
// its end, the ends of rows that end before, and the reminders; and writes down
// from when a function that leaves takes its core.
func SetAlarms(ctx context.Context, tx *postgres.Tx, c *postgres.Consent) error {
	ends, err := tx.GrantEnds(ctx, c.ID)
	if err != nil || len(ends) == 0 {
		return err
	}
	last := ends[len(ends)-1].To
	if err := tx.SetAlarm(postgres.AlarmConsentExpires, c.Intervention, c.ID.UUID, last); err != nil {
		return err
	}
	for _, end := range ends {
		if end.To.Before(last) {
			if err := tx.SetAlarm(postgres.AlarmGrantEnds, c.Intervention, end.ID.UUID, end.To); err != nil {
				return err
			}
		}
	}
	if at := NextReminder(last, tx.Now()); !at.IsZero() {
		if err := tx.SetAlarm(postgres.AlarmExpiryReminder, c.Intervention, c.ID.UUID, at); err != nil {
			return err
		}
	}
	return keepCore(ctx, tx, c, ends)
}
