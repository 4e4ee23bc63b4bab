package meeting

import (
	"context"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// FamilyMinutes is what one member of the family may read of a meeting's
// minutes, in the order of its points and without their numbers.
type FamilyMinutes struct {
	HeldMeeting
	Points []FamilyMinutesPoint
}

// FamilyMinutesPoint is one point, as it was sent last.
type FamilyMinutesPoint struct {
	SentAt time.Time
	*sharing.OpenItem
}

// FamilyMinutes opens them; each point is a text that was decided visible for
// this member, and its reading stands in the ledger as that of any such text.
// Where there is none, there are no minutes and was no meeting.
func (s *Service) FamilyMinutes(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, id sig.MeetingID) (*FamilyMinutes, error) {
	out := &FamilyMinutes{}
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.Share(ctx, postgres.LockKey(intervention)); err != nil {
			return err
		}
		rows, err := tx.FamilyMinutes(ctx, intervention)
		if err != nil {
			return err
		}
		told := sharing.Service{DB: s.DB, Sealer: s.Sealer}
		for _, p := range rows {
			if p.Meeting != id || !actor.IsCitizen() {
				continue
			}
			item, err := told.OpenItemHere(ctx, tx, intervention, p.Item)
			if err != nil {
				return err
			}
			out.HeldMeeting = HeldMeeting{ID: p.Meeting, Start: p.StartsAt, End: p.EndsAt}
			out.Points = append(out.Points, FamilyMinutesPoint{SentAt: p.SentAt, OpenItem: item})
		}
		if len(out.Points) == 0 {
			return tx.RefuseMissing(ledger.Entry{Kind: ledger.ReadMeeting, Intervention: intervention, Object: ledger.Of(ledger.ObjectMeeting, id)})
		}
		return nil
	})
	return out, err
}
