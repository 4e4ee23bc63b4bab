package meeting

import (
	"context"
	"errors"
	"slices"
	"strings"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// MaxTold is the longest text under a point, that of an item.
const MaxTold = 8000

// NewDraft is a text to be kept under a point, over the version that was seen.
type NewDraft struct {
	Intervention sig.InterventionID
	Meeting      sig.MeetingID
	Point        sig.PointID
	Internal     bool // the board's own note, which is never told
	Version      int  // that was seen; 0 where there was none
	Text         string
}

func (n *NewDraft) kind() string {
	if n.Internal {
		return postgres.DraftInternal
	}
	return postgres.DraftTold
}

// Newer is the answer to whoever saves over a version that was not seen: it
// holds the text that stands there, and nothing was overwritten.
type Newer struct {
	Draft
	Internal bool // it is the board's own note
}

// Error says that somebody was faster.
func (n *Newer) Error() string { return "a newer version of the draft stands there" }

// Unwrap gives the fault that the edge answers with.
func (n *Newer) Unwrap() error { return conflict("error.draft_is_newer") }

// SaveDraft keeps a text under a point, sealed, and tells nobody what it says.
// The teller's own seat writes what is to be told while the room is open; the
// board's coordinator writes the internal note, also after sharing has ended
// and after the meeting. The answer is what stands there now.
func (s *Service) SaveDraft(ctx context.Context, actor sig.Actor, in NewDraft) (Draft, error) {
	var out Draft
	in.Text = strings.TrimSpace(in.Text)
	var c fault.Check
	checkText(&c, "text", in.Text, MaxTold, false)
	if err := c.Err(); err != nil {
		return out, err
	}
	err := s.change(ctx, actor, ledger.Entry{Kind: ledger.WriteDraft, Intervention: in.Intervention}, in.Meeting,
		func(m *matter, row *postgres.MeetingParts) error {
			point, err := m.writes(row, in.Point, in.Internal)
			if err != nil {
				return err
			}
			if in.Internal {
				if err := m.mustRead(ctx, row, point); err != nil {
					return err
				}
			}
			before, err := m.draft(ctx, row, point, in.kind())
			if err != nil {
				return err
			}
			if out, err = m.saveDraft(ctx, row, before, in.Version, in.Text); err != nil || out.Version == before.Version {
				return err
			}
			e := m.entry
			e.Detail = ledger.Detail{"point": point.Position, "draft": in.kind()}
			return m.tx.Record(e)
		})
	return out, err
}

// writes finds a point that the actor's seat may write under. What is to be
// told is the teller's, while the room is open; the note is the coordinator's.
func (m *matter) writes(row *postgres.MeetingParts, id sig.PointID, internal bool) (*postgres.MeetingPoint, error) {
	at := slices.IndexFunc(row.Points, func(p postgres.MeetingPoint) bool { return p.ID == id })
	if at < 0 {
		return nil, m.tx.RefuseMissing(m.entry)
	}
	p := &row.Points[at]
	mine := slices.Contains(m.seats(), m.current(p.Teller))
	if internal {
		mine = m.may()
	}
	switch {
	case !mine && !m.onBoard():
		return nil, m.tx.RefuseMissing(m.entry)
	case !mine:
		return nil, m.tx.RefuseRecorded(m.entry, "not_teller", fault.New(fault.Denied, "error.denied"))
	case row.State == sig.MeetingLive, internal && row.State == sig.MeetingEnded:
		return p, nil
	}
	return nil, conflict("error.room_not_open")
}

// draft is what stands under a point now; version 0 where nothing does.
func (m *matter) draft(ctx context.Context, row *postgres.MeetingParts, p *postgres.MeetingPoint, kind string) (postgres.MeetingDraft, error) {
	rows, err := m.tx.MeetingRoom(ctx, row.Intervention, row.ID)
	if err != nil {
		return postgres.MeetingDraft{}, err
	}
	for _, d := range rows.Drafts {
		if d.Point == p.ID && d.Kind == kind {
			return d, nil
		}
	}
	seat := p.Teller
	if kind == postgres.DraftInternal {
		seat = row.Host
	}
	return postgres.MeetingDraft{Point: p.ID, Kind: kind, Seat: m.current(seat)}, nil
}

// saveDraft writes the next version, or answers with the one that was not seen.
// The same text, saved twice, is saved once.
func (m *matter) saveDraft(
	ctx context.Context, row *postgres.MeetingParts, before postgres.MeetingDraft, seen int, text string,
) (Draft, error) {
	texts, err := m.openDrafts(ctx, []postgres.MeetingDraft{before})
	if err != nil {
		return Draft{}, err
	}
	now := Draft{Version: before.Version, Text: texts[0], SavedAt: before.SavedAt}
	switch {
	case before.BodySealed != nil && now.Text == text:
		return now, nil
	case before.Version != seen:
		return Draft{}, m.tx.Refuse(&Newer{now, before.Kind == postgres.DraftInternal})
	}
	next := before
	if next.BodySealed, err = m.s.Sealer.Seal(ctx, m.tx, m.draftPlace(before), []byte(text)); err != nil {
		return Draft{}, err
	}
	if err := m.tx.SaveDraft(ctx, &row.Meeting, next); err != nil {
		return Draft{}, err
	}
	return Draft{Version: before.Version + 1, Text: text, SavedAt: m.tx.Now()}, nil
}

// AsNewer is the version that stood in the way, if that is why it failed.
func AsNewer(err error) (*Newer, bool) { return errors.AsType[*Newer](err) }
