package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const insertDraftSQL = `
insert into sig.meeting_draft (point, kind, meeting, intervention, authority, unit, function, version, body_sealed, saved_at, saved_by)
values (@point, @kind, @meeting, @intervention, @authority, @unit, @function, 1, @body, @at, @by)`

const changeDraftSQL = `
update sig.meeting_draft set version = version + 1, body_sealed = @body, saved_at = @at, saved_by = @by
 where point = @point and kind = @kind and version = @version`

// SaveDraft writes the version after d.Version, the first after none; without a
// body it says that the text was stamped. Somebody who was faster leaves
// pgx.ErrNoRows.
func (tx *Tx) SaveDraft(ctx context.Context, m *Meeting, d MeetingDraft) error {
	args := pgx.StrictNamedArgs{"point": d.Point, "kind": d.Kind, "body": d.BodySealed, "at": tx.Now(), "by": tx.Actor.Assignment}
	if d.Version > 0 {
		args["version"] = d.Version
		return tx.one(ctx, "save a draft", changeDraftSQL, args)
	}
	args["meeting"], args["intervention"] = m.ID, m.Intervention
	args["authority"], args["unit"], args["function"] = d.Seat.Authority, d.Seat.Unit, d.Seat.Function
	return tx.one(ctx, "save a first draft", insertDraftSQL, args)
}

const insertToldSQL = `
insert into sig.meeting_told (item, point, meeting, intervention, authority, told_at, told_by)
values (@item, @point, @meeting, @intervention, @authority, @at, @by)`

// InsertTold writes down under which point an item was told; the second wall
// asks whether the room is open and the teller is the actor's seat.
func (tx *Tx) InsertTold(m *Meeting, point sig.PointID, item sig.ItemID, authority sig.AuthorityID) {
	tx.later("write down what was told", insertToldSQL, pgx.StrictNamedArgs{
		"item": item, "point": point, "meeting": m.ID, "intervention": m.Intervention, "authority": authority,
		"at": tx.Now(), "by": tx.Actor.Assignment,
	})
}
