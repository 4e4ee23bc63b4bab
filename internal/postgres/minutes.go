package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Minutes are a meeting's minutes as far as the actor may see them: for the
// board the texts as they stand, for everybody what was sent.
type Minutes struct {
	Version    int // 0: nothing is written
	Approved   int // the version that was approved last; 0: none
	ApprovedAt *time.Time
	Texts      []MinutesText
	Sent       []MinutesSent
}

// MinutesText is what stands under a point.
type MinutesText struct {
	Point      sig.PointID
	From       int // the version that it is from
	BodySealed []byte
}

// MinutesSent is a text as it was sent, with the actor's own copy of it.
type MinutesSent struct {
	Item    sig.ItemID
	Point   sig.PointID
	Version int
	SentAt  time.Time
	Copy    *sig.DisclosureID
}

const minutesSQL = `
select version, coalesce(approved_version, 0), approved_at from sig.minutes where meeting = @meeting and intervention = @intervention`

const minutesTextsSQL = `
select point, version_from, body_sealed from sig.minutes_text
 where meeting = @meeting and intervention = @intervention and version_to is null`

const minutesSentSQL = `
select s.item, s.point, s.version, s.sent_at,
       (select r.id from sig.received r
         where r.item = s.item and r.intervention = s.intervention and r.authority = sig.my_authority()
           and r.function = any (sig.my_functions()) limit 1)
  from sig.minutes_sent s where s.meeting = @meeting and s.intervention = @intervention order by s.version, s.item`

// Minutes reads the minutes of a meeting; their texts stay sealed.
func (tx *Tx) Minutes(ctx context.Context, intervention sig.InterventionID, meeting sig.MeetingID) (*Minutes, error) {
	m := &Minutes{}
	args := pgx.StrictNamedArgs{"meeting": meeting, "intervention": intervention}
	b := &pgx.Batch{}
	b.Queue(minutesSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error { return rows.Scan(&m.Version, &m.Approved, &m.ApprovedAt) })
	})
	b.Queue(minutesTextsSQL, args).Query(func(rows pgx.Rows) (err error) {
		m.Texts, err = pgx.CollectRows(rows, pgx.RowToStructByPos[MinutesText])
		return err
	})
	b.Queue(minutesSentSQL, args).Query(func(rows pgx.Rows) (err error) {
		m.Sent, err = pgx.CollectRows(rows, pgx.RowToStructByPos[MinutesSent])
		return err
	})
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, fmt.Errorf("read minutes: %w", err)
	}
	return m, nil
}

const (
	insertMinutesSQL = `
insert into sig.minutes (meeting, intervention, authority, version, changed_at) values (@meeting, @intervention, @authority, 1, @at)`
	nextMinutesSQL = `
update sig.minutes set version = version + 1, changed_at = @at
 where meeting = @meeting and intervention = @intervention and version = @version`
	endMinutesTextSQL = `
update sig.minutes_text set version_to = @version where meeting = @meeting and point = @point and version_to is null`
	insertMinutesTextSQL = `
insert into sig.minutes_text (point, version_from, meeting, intervention, authority, body_sealed, written_by, written_at)
values (@point, @version, @meeting, @intervention, @authority, @body, @by, @at)`
	approveMinutesSQL = `
update sig.minutes set approved_version = version, approved_at = @at, approved_by = @by
 where meeting = @meeting and intervention = @intervention and version = @version`
	insertMinutesSentSQL = `
insert into sig.minutes_sent (item, point, version, meeting, intervention, authority, sent_at, sent_by)
values (@item, @point, @version, @meeting, @intervention, @authority, @at, @by)`
)

// WriteMinutes writes the version after the one that was seen, 0 where there
// was none; a text without a body ends what stood under its point. Somebody who
// was faster leaves pgx.ErrNoRows.
func (tx *Tx) WriteMinutes(ctx context.Context, m *Meeting, seen int, changed []MinutesText) error {
	args := pgx.StrictNamedArgs{"meeting": m.ID, "intervention": m.Intervention, "at": tx.Now()}
	var err error
	if seen == 0 {
		args["authority"] = m.Host.Authority
		err = tx.one(ctx, "begin minutes", insertMinutesSQL, args)
	} else {
		args["version"] = seen
		err = tx.one(ctx, "write minutes", nextMinutesSQL, args)
	}
	if err != nil {
		return err
	}
	for _, t := range changed {
		tx.later("end a text of minutes", endMinutesTextSQL, pgx.StrictNamedArgs{"meeting": m.ID, "point": t.Point, "version": seen})
		if t.BodySealed == nil {
			continue
		}
		tx.later("write a text of minutes", insertMinutesTextSQL, pgx.StrictNamedArgs{
			"point": t.Point, "version": seen + 1, "meeting": m.ID, "intervention": m.Intervention, "authority": m.Host.Authority,
			"body": t.BodySealed, "by": tx.Actor.Assignment, "at": tx.Now(),
		})
	}
	return nil
}

// ApproveMinutes approves the version that stands there, if it is the one that
// was seen; else pgx.ErrNoRows.
func (tx *Tx) ApproveMinutes(ctx context.Context, m *Meeting, seen int) error {
	return tx.one(ctx, "approve minutes", approveMinutesSQL, pgx.StrictNamedArgs{
		"meeting": m.ID, "intervention": m.Intervention, "version": seen, "at": tx.Now(), "by": tx.Actor.Assignment,
	})
}

// InsertMinutesSent writes down as which item a point's text was sent.
func (tx *Tx) InsertMinutesSent(m *Meeting, t MinutesText, item sig.ItemID) {
	tx.later("write down what was sent of minutes", insertMinutesSentSQL, pgx.StrictNamedArgs{
		"item": item, "point": t.Point, "version": t.From, "meeting": m.ID, "intervention": m.Intervention, "authority": m.Host.Authority,
		"at": tx.Now(), "by": tx.Actor.Assignment,
	})
}
