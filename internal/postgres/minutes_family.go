package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// FamilyMinutes is one point of minutes that a member of the family may see.
type FamilyMinutes struct {
	Meeting          sig.MeetingID
	StartsAt, EndsAt time.Time
	Item             sig.ItemID
	SentAt           time.Time
}

// The second wall decides which there are; the item's own wall stands before
// its text.
const familyMinutesSQL = `
select k.meeting, k.starts_at, k.ends_at, k.item, k.sent_at
  from sig.my_minutes(@intervention) k join sig.item i on i.id = k.item
 order by k.starts_at desc, k.meeting, k.place`

// FamilyMinutes lists the points of minutes that the actor, of the family, may
// see in an intervention, by meeting, the newest first, without their texts.
func (tx *Tx) FamilyMinutes(ctx context.Context, intervention sig.InterventionID) ([]FamilyMinutes, error) {
	return collect[FamilyMinutes](ctx, tx, "list a family's minutes", familyMinutesSQL, pgx.StrictNamedArgs{"intervention": intervention})
}
