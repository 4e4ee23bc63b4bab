package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// JournalKind is what the board must write in the social journal.
type JournalKind string

// The kinds of notes; the message files hold their words (journal.<kind>).
const (
	JournalExplained     JournalKind = "consent_explained"
	JournalSigned        JournalKind = "consent_signed"
	JournalSaid          JournalKind = "consent_said"      // one officer recorded a yes that was said aloud
	JournalConfirmed     JournalKind = "consent_confirmed" // a second officer confirmed it
	JournalDropped       JournalKind = "consent_said_dropped"
	JournalWritten       JournalKind = "consent_written" // it is on paper, or signed with eID
	JournalUnwritten     JournalKind = "consent_unwritten"
	JournalRefused       JournalKind = "consent_refused"
	JournalDeclined      JournalKind = "consent_declined"
	JournalLapsed        JournalKind = "consent_lapsed"
	JournalGiven         JournalKind = "consent_given"
	JournalNarrowed      JournalKind = "consent_narrowed"
	JournalWidened       JournalKind = "consent_widened"
	JournalRenewed       JournalKind = "consent_renewed"
	JournalImported      JournalKind = "consent_imported"
	JournalWithdrawn     JournalKind = "consent_withdrawn"
	JournalPartWithdrawn JournalKind = "consent_part_withdrawn"
	JournalMessage       JournalKind = "withdrawal_without_effect"
	JournalExpired       JournalKind = "consent_expired"
	JournalSuspended     JournalKind = "consent_suspended"
	JournalResumed       JournalKind = "consent_resumed"
	JournalMaturity      JournalKind = "maturity_assessed"
	JournalCustodyEnded  JournalKind = "custody_ended"
	JournalNewGuardian   JournalKind = "guardian_recorded"
	JournalCustodyAhead  JournalKind = "custody_ahead" // a change of custody was recorded before it comes about
	JournalCustodyStays  JournalKind = "custody_stays" // and was taken back
	JournalPrevented     JournalKind = "guardian_prevented"
	JournalProtection    JournalKind = "protection_changed"
	JournalMarked        JournalKind = "protection_followed" // the mark was made outside the case
	JournalDecidesAgain  JournalKind = "guardian_decides_again"
	JournalHomeHidden    JournalKind = "home_hidden"
	JournalHomeShown     JournalKind = "home_shown"
	JournalHomeOffice    JournalKind = "home_office"
	JournalOwnGiven      JournalKind = "own_given"
	JournalOwnEnded      JournalKind = "own_ended"
	JournalFunctionMoved JournalKind = "function_moved"
	JournalFunctionStays JournalKind = "function_stays" // one that was to move to another board does not
	JournalFunctionLeft  JournalKind = "function_left"  // with it went what an intervention cannot be without
	JournalUnsigned      JournalKind = "signer_missing"
	JournalOverridden    JournalKind = "refusal_overridden"
	JournalOfAge         JournalKind = "turned_eighteen"
	JournalDecided       JournalKind = "measure_decided"
	JournalNotGranted    JournalKind = "measure_refused"
	JournalEnded         JournalKind = "measure_ended"
	JournalClosing       JournalKind = "collaboration_ended"
	JournalOutcome       JournalKind = "other_measures_considered"
)

// JournalNote is one note: kind, ids, codes and dates, never words.
type JournalNote struct {
	ID           sig.NoteID
	Intervention sig.InterventionID
	Authority    sig.AuthorityID
	Kind         JournalKind
	At           time.Time
	Facts        map[string]any
}

const insertNoteSQL = `
insert into sig.journal_note (id, intervention, authority, kind, at, facts)
values (@id, @intervention, @authority, @kind, @at, @facts)`

// WriteNote writes a journal note for the board. A note is about an instant
// that may lie before the transaction's: a withdrawal by phone is dated when
// it was received.
func (tx *Tx) WriteNote(n JournalNote) error {
	if n.Facts == nil {
		n.Facts = map[string]any{}
	}
	facts, err := json.Marshal(n.Facts)
	if err != nil {
		return fmt.Errorf("write a journal note: %w", err)
	}
	tx.later("write a journal note", insertNoteSQL, pgx.StrictNamedArgs{
		"id": sig.NewID[noteID](), "intervention": n.Intervention, "authority": n.Authority, "kind": n.Kind,
		"at": n.At, "facts": string(facts),
	})
	return nil
}

type noteID struct{}

const notesSQL = `
select id, intervention, authority, kind, at, facts from sig.journal_note
 where intervention = @intervention order by at desc, id`

// Notes lists an intervention's journal notes, newest first.
func (tx *Tx) Notes(ctx context.Context, intervention sig.InterventionID) ([]JournalNote, error) {
	return collect[JournalNote](ctx, tx, "list journal notes", notesSQL, pgx.StrictNamedArgs{"intervention": intervention})
}

const familyNamesSQL = `
select y.id::text, y.name from sig.intervention i join sig.youth y on y.id = i.youth where i.id = @intervention
 union all
select g.id::text, g.name from sig.intervention i join sig.guardianship g on g.youth = i.youth where i.id = @intervention`

// FamilyNames are the names of the young person of a case and of everybody who
// is, was or will be a guardian, by id, as far as the actor may see them.
func (tx *Tx) FamilyNames(ctx context.Context, intervention sig.InterventionID) (map[string]string, error) {
	rows, err := tx.Query(ctx, familyNamesSQL, pgx.StrictNamedArgs{"intervention": intervention})
	if err != nil {
		return nil, wrap("name the family", err)
	}
	names := map[string]string{}
	var id, name string
	_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error {
		names[id] = name
		return nil
	})
	return names, wrap("name the family", err)
}
