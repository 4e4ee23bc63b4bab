package notice

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

// Service does the work of this package on one database.
type Service struct {
	DB     *postgres.DB
	Sealer *seal.Sealer
	// Texts tells that there is a gateway for text messages; without one nobody
	// is offered them.
	Texts bool
	// Languages are the tags that a kind of person may choose among.
	Languages func(citizen bool) []string
}

// Choice is how somebody is told now.
type Choice struct {
	Channel  sig.Channel
	Language string
	// Tail is how the number ends that text messages go to; empty where none is known.
	Tail string
	Own  bool // the person gave the number here
	// DigestHour is the hour of the day at which all that came is told of at
	// once, in Stockholm; nil is at once. What ends something never waits.
	DigestHour *int
	// Texts tells that text messages can be chosen at all.
	Texts bool
	// Silent tells that no message leaves, whatever is chosen: the young person
	// lives under protected identity.
	Silent bool
}

// Wish is what somebody chooses.
type Wish struct {
	Channel  sig.Channel
	Language string
	Phone    string // a new number; empty keeps the one that is known
	Forget   bool   // the number given here
	// DigestHour is from 0 to 23; nil is at once.
	DigestHour *int
}

// noted is of the contact data what matters here, as they were sealed.
type noted struct {
	Phone    string `json:"phone"`
	Language string `json:"language"`
}

// Show answers whoever acts in a part with the own choice.
func (s *Service) Show(ctx context.Context, actor sig.Actor) (*Choice, error) {
	if !hasPart(actor) {
		return nil, fault.Missing()
	}
	var out *Choice
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		now, err := s.read(ctx, tx)
		if err != nil {
			return err
		}
		out = now.shown(s.Texts)
		out.Silent, err = tx.ToldNothing(ctx)
		return err
	})
	return out, err
}

// Choose keeps a choice. It holds from the next message that leaves; nobody's
// access changes with it, so no lock is taken.
func (s *Service) Choose(ctx context.Context, actor sig.Actor, in Wish) error {
	if !hasPart(actor) {
		return fault.Missing()
	}
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		now, err := s.read(ctx, tx)
		if err != nil {
			return err
		}
		number, err := s.check(in, now, actor.IsCitizen())
		if err != nil {
			return err
		}
		next := postgres.NoticeChoice{Channel: in.Channel, Language: in.Language, DigestHour: in.DigestHour}
		if number != "" {
			if next.PhoneSealed, err = s.Sealer.Seal(ctx, tx, now.phone, []byte(number)); err != nil {
				return err
			}
		}
		return tx.SetNoticeChoice(ctx, next)
	})
}

// check holds a wish to what can be done, and gives the own number that is kept.
func (s *Service) check(in Wish, now state, citizen bool) (sig.PhoneNumber, error) {
	var c fault.Check
	own := now.own
	if in.Forget {
		own = ""
	}
	if strings.TrimSpace(in.Phone) != "" {
		number, ok := sig.ReadPhoneNumber(in.Phone)
		if !ok {
			c.Fail("phone", "error.phone_number")
		}
		own = number
	}
	switch {
	case !in.Channel.Valid(), in.Channel == sig.ChannelSMS && !s.Texts:
		c.Fail("channel", "error.choose_one")
	case in.Channel == sig.ChannelSMS && own == "" && now.noted == "" && c.Err() == nil:
		c.Fail("phone", "error.phone_number")
	}
	if h := in.DigestHour; h != nil && (*h < 0 || *h > 23) {
		c.Fail("when", "error.choose_one")
	}
	known := false
	for _, tag := range s.Languages(citizen) {
		known = known || tag == in.Language
	}
	if !known {
		c.Fail("language", "error.choose_one")
	}
	return own, c.Err()
}

// state is what is known of whoever asks.
type state struct {
	channel  sig.Channel
	language string
	own      sig.PhoneNumber // given here
	noted    sig.PhoneNumber // by the coordinator
	phone    seal.Place      // of the own number
	hour     *int
}

func (s *Service) read(ctx context.Context, tx *postgres.Tx) (state, error) {
	out := state{channel: sig.ChannelMail, language: "sv"}
	contact, err := tx.MyContact(ctx) // no row where the part does not hold
	if err != nil {
		return out, err
	}
	out.phone = seal.Place{Authority: contact.Authority, Field: "phone", Object: tx.Part()}
	if len(contact.ContactSealed) > 0 {
		at := seal.Place{Authority: contact.Authority, Field: "contact", Object: tx.Part()}
		text, err := s.Sealer.Open(ctx, tx, at, contact.ContactSealed)
		if err != nil {
			return out, err
		}
		var n noted
		if err := json.Unmarshal(text, &n); err != nil {
			return out, fault.Wrap(fault.Internal, "error.internal", errors.New("contact data are not as they are written"))
		}
		out.noted, _ = sig.ReadPhoneNumber(n.Phone)
		if n.Language != "" {
			out.language = n.Language
		}
	}
	chosen, ok, err := tx.NoticeChoice(ctx)
	if err != nil || !ok {
		return out, err
	}
	out.channel, out.hour = chosen.Channel, chosen.DigestHour
	if chosen.Language != "" {
		out.language = chosen.Language
	}
	if len(chosen.PhoneSealed) > 0 {
		text, err := s.Sealer.Open(ctx, tx, out.phone, chosen.PhoneSealed)
		if err != nil {
			return out, err
		}
		out.own = sig.PhoneNumber(text)
	}
	return out, nil
}

func (s state) shown(texts bool) *Choice {
	out := &Choice{Channel: s.channel, Language: s.language, Tail: s.noted.Tail(), DigestHour: s.hour, Texts: texts}
	if s.own != "" {
		out.Tail, out.Own = s.own.Tail(), true
	}
	return out
}

func hasPart(actor sig.Actor) bool { return actor.Kind == sig.ActorStaff || actor.IsCitizen() }
