package sig

import (
	"strings"
	"time"
)

// Channel is the way by which somebody is told that there is something to read.
type Channel string

// The channels.
const (
	ChannelMail Channel = "mail"
	ChannelSMS  Channel = "sms"
)

// Valid reports whether it is one of them.
func (c Channel) Valid() bool { return c == ChannelMail || c == ChannelSMS }

// PhoneNumber is a number that text messages reach, as +46701234567. It is
// data about a person and is kept sealed.
type PhoneNumber string

// ReadPhoneNumber reads what people write: 070-123 45 67, 0046 …, +46 (0)70 ….
// Without a country's code it is a Swedish mobile's; a Swedish number that is
// none cannot take text messages and is refused.
func ReadPhoneNumber(text string) (PhoneNumber, bool) {
	var b strings.Builder
	for i, r := range strings.ReplaceAll(strings.TrimSpace(text), "(0)", "") {
		switch {
		case '0' <= r && r <= '9', r == '+' && i == 0:
			b.WriteRune(r)
		case r == ' ' || r == '-' || r == '\u00a0' || r == '(' || r == ')':
		default:
			return "", false
		}
	}
	number := b.String()
	switch {
	case strings.HasPrefix(number, "+"):
	case strings.HasPrefix(number, "00"):
		number = "+" + number[2:]
	case strings.HasPrefix(number, "0"):
		number = "+46" + number[1:]
	default:
		return "", false
	}
	digits := len(number) - 1
	swedish := strings.HasPrefix(number, "+46")
	if digits < 8 || digits > 15 || number[1] == '0' || swedish && (!strings.HasPrefix(number, "+467") || digits != 11) {
		return "", false
	}
	return PhoneNumber(number), true
}

// Tail is what of a number its owner knows it by, and nobody else learns much from.
func (p PhoneNumber) Tail() string {
	if len(p) < 2 {
		return ""
	}
	return string(p[len(p)-2:])
}

// ByMailOnly reports whether a message carries what only a mail can: a calendar
// entry, or the one link of somebody without an account.
func (k MailKind) ByMailOnly() bool {
	return k == MailMeeting || k == MailMeetingGuest || k == MailMeetingPoll
}

// Waits reports whether a message may be held until its reader's hour of the
// day. What tells of an end, and what is about an hour itself, never is.
func (k MailKind) Waits() bool {
	switch k {
	case MailCollaborationEnded, MailMeeting, MailMeetingReminder, MailMeetingGuest, MailMeetingPoll, MailDigest, MailConsentNews:
		return false
	default:
		return true
	}
}

// NewsLasts is how long a no that ended a version, a version that lapsed and a
// part that was taken back stand on Today and on the case's page.
const NewsLasts = 14 * 24 * time.Hour
