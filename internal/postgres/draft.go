package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// DraftRef is a draft of the actor's own without what stands in it.
type DraftRef struct {
	ID      sig.DraftID
	Form    string
	Version int
	SavedAt time.Time
}

// Draft is a form as the actor has typed it, still sealed.
type Draft struct {
	DraftRef
	BodySealed []byte
}

const ownDraftsSQL = `
select id, form, version, saved_at from sig.draft
 where assignment = @assignment and intervention = @intervention order by saved_at desc, id`

// Drafts lists the actor's own drafts in an intervention, newest first.
func (tx *Tx) Drafts(ctx context.Context, intervention sig.InterventionID) ([]DraftRef, error) {
	return collect[DraftRef](ctx, tx, "list drafts", ownDraftsSQL, pgx.StrictNamedArgs{
		"assignment": tx.Actor.Assignment, "intervention": intervention,
	})
}

const ownDraftSQL = `
select id, form, version, saved_at, body_sealed from sig.draft
 where assignment = @assignment and intervention = @intervention and id = @id`

// Draft reads one of the actor's own drafts.
func (tx *Tx) Draft(ctx context.Context, intervention sig.InterventionID, id sig.DraftID) (Draft, error) {
	return collectOne[Draft](ctx, tx, "read a draft of a form", ownDraftSQL, pgx.StrictNamedArgs{
		"assignment": tx.Actor.Assignment, "intervention": intervention, "id": id,
	})
}

const insertOwnDraftSQL = `
insert into sig.draft (id, assignment, intervention, form, version, body_sealed, saved_at)
values (@id, @assignment, @intervention, @form, 1, @body, @at)
on conflict on constraint draft_pk do nothing`

const changeOwnDraftSQL = `
update sig.draft set form = @form, version = version + 1, body_sealed = @body, saved_at = @at
 where id = @id and assignment = @assignment and intervention = @intervention and version = @version`

const dropOldDraftsSQL = `delete from sig.draft where assignment = @assignment and saved_at < @old`

// KeepDraft writes the version after the one of d, and throws away those of the
// actor's that nobody has gone on with since an instant. Another window that was
// faster leaves pgx.ErrNoRows.
func (tx *Tx) KeepDraft(ctx context.Context, intervention sig.InterventionID, d Draft, old time.Time) error {
	if _, err := tx.Exec(ctx, dropOldDraftsSQL, pgx.StrictNamedArgs{"assignment": tx.Actor.Assignment, "old": old}); err != nil {
		return wrap("throw old drafts away", err)
	}
	args := pgx.StrictNamedArgs{
		"id": d.ID, "assignment": tx.Actor.Assignment, "intervention": intervention, "form": d.Form, "body": d.BodySealed, "at": tx.Now(),
	}
	if d.Version == 0 {
		return tx.one(ctx, "keep a first draft", insertOwnDraftSQL, args)
	}
	args["version"] = d.Version
	return tx.one(ctx, "keep a draft", changeOwnDraftSQL, args)
}

const dropOwnDraftSQL = `delete from sig.draft where assignment = @assignment and intervention = @intervention and id = @id`

// DropDraft throws one of the actor's own drafts away; without one it does nothing.
func (tx *Tx) DropDraft(ctx context.Context, intervention sig.InterventionID, id sig.DraftID) error {
	_, err := tx.Exec(ctx, dropOwnDraftSQL, pgx.StrictNamedArgs{"assignment": tx.Actor.Assignment, "intervention": intervention, "id": id})
	return wrap("throw a draft away", err)
}
