package meeting

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Secret is what the links of one mail hold. It stands in the mail and nowhere
// else: the database keeps its hash.
type Secret [32]byte

// Hash is what the database keeps.
func (s Secret) Hash() []byte {
	hash := sha256.Sum256(s[:])
	return hash[:]
}

// Answerable tells whether a link still answers a call, and changes nothing:
// programs that look at mails open every link in them. What is unknown, over,
// moved or no longer the reader's is fault.NotFound, all alike.
func (s *Service) Answerable(ctx context.Context, secret Secret) error {
	call, err := s.linked(ctx, secret)
	if err != nil {
		return err
	}
	return s.DB.Do(ctx, call.Actor, func(tx *postgres.Tx) error {
		tx.ShareCase(call.Intervention)
		_, err := s.sent(ctx, tx, call)
		return err
	})
}

// AnswerByLink answers for the function to which the mail with this secret was
// sent. The times of Said may be wrong, which is fault.Invalid; everything else
// that stands against it is fault.NotFound.
func (s *Service) AnswerByLink(ctx context.Context, secret Secret, in Said) error {
	if err := in.check(); err != nil {
		return err
	}
	call, err := s.linked(ctx, secret)
	if err != nil {
		return err
	}
	return s.answerSent(ctx, call, in, viaLink)
}

func (s *Service) linked(ctx context.Context, secret Secret) (call postgres.SentCall, err error) {
	err = s.DB.Do(ctx, sig.System("answers"), func(tx *postgres.Tx) (err error) {
		call, err = tx.CallOfLink(ctx, secret.Hash())
		return missing(err)
	})
	return call, err
}

// Reply is what a calendar program says to a call, already held to the signed
// address that it came to.
type Reply struct {
	Invitation sig.InvitationID
	Mine       func(sig.AssignmentID) bool // whose address the reply came to
	Meeting    sig.MeetingID               // of its UID
	Sequence   int
	// Said is what the reply says for the person with a mail address; false
	// where it says nothing of that one.
	Said func(email string) (Said, bool)
}

// AnswerByReply answers for the function to which the call was sent that the
// reply is to. A reply to an older time, for somebody else or for nothing that
// was sent is fault.NotFound; one that suggests a time that no meeting can have
// is fault.Invalid, and what was answered before stands.
func (s *Service) AnswerByReply(ctx context.Context, r Reply) error {
	var calls []postgres.SentCall
	err := s.DB.Do(ctx, sig.System("answers"), func(tx *postgres.Tx) (err error) {
		calls, err = tx.CallsSent(ctx, r.Invitation)
		return err
	})
	if err != nil {
		return err
	}
	at := slices.IndexFunc(calls, func(c postgres.SentCall) bool {
		return c.Sequence == r.Sequence && c.Meeting == r.Meeting && r.Mine(c.Actor.Assignment)
	})
	if at < 0 {
		return fault.Missing()
	}
	in, speaks := r.Said(calls[at].Email)
	if !speaks {
		return fault.Missing()
	}
	if err := in.check(); err != nil {
		return err // taken as none, the time would take back the one suggested before
	}
	return s.answerSent(ctx, calls[at], in, viaReply)
}

// answerSent acts as the person to whom a call was sent, under the case's lock.
func (s *Service) answerSent(ctx context.Context, call postgres.SentCall, in Said, via string) error {
	return s.DB.Do(ctx, call.Actor, func(tx *postgres.Tx) error {
		tx.LockCase(call.Intervention)
		found, err := s.sent(ctx, tx, call)
		if fault.KindOf(err) == fault.NotFound && err != nil {
			return tx.RefuseMissing(answerTo(call))
		}
		if err != nil {
			return err
		}
		return found.answer(ctx, found.row, []postgres.Invitation{found.call}, in, via)
	})
}

func answerTo(call postgres.SentCall) ledger.Entry {
	return ledger.Entry{
		Kind: ledger.AnswerInvitation, Intervention: call.Intervention, Object: ledger.Of(ledger.ObjectMeeting, call.Meeting),
	}
}

// found is a call that was sent, as it is now.
type found struct {
	*matter
	row  *postgres.MeetingParts
	call postgres.Invitation
}

// sent finds the call as it is now: the meeting is ahead and as the mail said
// it, the person fills the called seat, and may be there by both walls. It
// writes nothing, also where the answer is fault.NotFound.
func (s *Service) sent(ctx context.Context, tx *postgres.Tx, call postgres.SentCall) (*found, error) {
	facts, err := tx.MeetingFacts(ctx, call.Intervention, call.Meeting)
	if err != nil {
		return nil, missing(err)
	}
	row, err := tx.MeetingParts(ctx, call.Intervention, call.Meeting)
	if err != nil {
		return nil, missing(err)
	}
	m := &matter{s: s, tx: tx, facts: facts, entry: answerTo(call)}
	mine := m.mine(row)
	at := slices.IndexFunc(mine, func(v postgres.Invitation) bool { return v.ID == call.Invitation })
	if at < 0 || row.Sequence != call.Sequence || !m.answerable(&row.Meeting) {
		return nil, fault.Missing()
	}
	may, err := m.mayCome(ctx, row, mine[at])
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, fault.Missing()
	}
	return &found{m, row, mine[at]}, nil
}

// missing is the no that unknown and forbidden share, where nothing was found.
func missing(err error) error {
	if errors.Is(err, postgres.ErrNoRows) {
		return fault.Missing()
	}
	return err
}
