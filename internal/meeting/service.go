package meeting

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Service does the work of this package on one database.
type Service struct {
	DB     *postgres.DB
	Sealer *seal.Sealer
}

// The names under which texts are sealed.
const (
	fieldPlace    = "place"
	fieldLink     = "link"
	fieldPoint    = "point"
	fieldVoice    = "voice"
	fieldMail     = "meeting_place" // the place under the authority's own key, for the calendar entry
	fieldTold     = "told"          // a draft of what is told under a point
	fieldMinutes  = "minutes"       // what the minutes say under a point
	fieldInternal = "internal"      // the board's own note under a point
	fieldGuest    = "guest"         // who comes without an account
	fieldContact  = "contact"       // how they, and the family, are reached
)

// wallsDisagree is the answer when SQL returned what the policy refuses: an
// alarm and a fixed sentence, never a page.
func (m *matter) wallsDisagree(why policy.Reason) error {
	told := fault.Disagreement{
		Passed: "database", Reason: string(why), Act: string(m.entry.Kind), Intervention: m.entry.Intervention.String(), Object: m.entry.Object.ID.String(),
	}
	if !m.tx.Actor.Assignment.IsZero() {
		told.Assignment = m.tx.Actor.Assignment.String()
	}
	return fault.Disagree(told)
}

// matter is what an act upon an intervention's meetings is decided from.
type matter struct {
	s     *Service
	tx    *postgres.Tx
	facts *postgres.CaseFacts
	entry ledger.Entry

	guestsHere []sig.GuestID // while something is told in the room
}

// begin reads the facts of a case for somebody who takes part in it; nobody
// else learns that there is one.
func (s *Service) begin(ctx context.Context, tx *postgres.Tx, entry ledger.Entry) (*matter, error) {
	facts, err := tx.CaseFacts(ctx, entry.Intervention)
	if errors.Is(err, postgres.ErrNoRows) || err == nil && len(facts.AtMeeting(sig.MeetingID{UUID: entry.Object.ID.UUID}).Seats) == 0 {
		return nil, tx.RefuseMissing(entry)
	}
	if err != nil {
		return nil, err
	}
	return &matter{s: s, tx: tx, facts: facts, entry: entry}, nil
}

// mustMeet lets the board's coordinator through. The board's other participants
// know of the case, and are told that it is not theirs to do.
func (m *matter) mustMeet() error {
	switch {
	case m.may():
		return nil
	case policy.BoardMay(policy.DutyRead, m.facts.Board, m.seats()):
		return m.tx.RefuseRecorded(m.entry, string(policy.NoStanding), fault.New(fault.Denied, "error.denied"))
	default:
		return m.tx.RefuseMissing(m.entry)
	}
}

func (m *matter) may() bool { return policy.BoardMay(policy.DutyMeet, m.facts.Board, m.seats()) }

func (m *matter) seats() []sig.Seat {
	var seats []sig.Seat
	for _, p := range m.facts.Seats {
		seats = append(seats, p.Seat())
	}
	return seats
}

// host is the place in which the actor calls the meeting.
func (m *matter) host() sig.Place {
	for _, p := range m.facts.Seats {
		if p.Authority == m.facts.Board && p.Function == sig.RoleCoordinator {
			return p
		}
	}
	return sig.Place{}
}

// idFrom makes an identifier from a form's key and whose form it was: a repeat
// gives the same one, and nobody can aim at another's. Without a key every call
// is a new act.
func idFrom(actor sig.Actor, key string, parts ...string) uuid.UUID {
	if key == "" {
		return uuid.New()
	}
	return uuid.NewSHA1(actor.Assignment.UUID, []byte(key+"\x00"+strings.Join(parts, "\x00")))
}
