package reply

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"github.com/google/uuid"

	"sigportal/internal/sig"
)

// Addresses makes and reads the addresses that answers come to. An address
// stays the same while a meeting moves: calendar programs take a call from
// another organizer for another meeting.
type Addresses struct {
	key           []byte
	local, domain string
}

// NewAddresses makes addresses beside the portal's own, such as
// portal+…@sig.example.se beside portal@sig.example.se.
func NewAddresses(key []byte, from string) Addresses {
	local, domain, _ := strings.Cut(from, "@")
	return Addresses{key, local, domain}
}

// sumSize is how much of the signature an address has room for: 64 characters
// are all that may stand before the @.
const sumSize = 12

// Mail servers may write addresses in either case.
var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// For is the address of one person's answers to one function's call.
func (a Addresses) For(invitation sig.InvitationID, assignment sig.AssignmentID) string {
	return a.local + "+" + letters.EncodeToString(append(invitation.UUID[:], a.sum(invitation, assignment)...)) + "@" + a.domain
}

func (a Addresses) sum(invitation sig.InvitationID, assignment sig.AssignmentID) []byte {
	mac := hmac.New(sha256.New, a.key)
	mac.Write(invitation.UUID[:])
	mac.Write(assignment.UUID[:])
	return mac.Sum(nil)[:sumSize]
}

// Address is an address that answers came to. It may be made up: whose it is,
// only Of tells.
type Address struct {
	Invitation sig.InvitationID
	sum        []byte
	of         Addresses
}

// Read takes an address apart; false is any that these are not.
func (a Addresses) Read(address string) (Address, bool) {
	address = strings.ToLower(address)
	code, ours := strings.CutPrefix(address, strings.ToLower(a.local)+"+")
	code, domain, _ := strings.Cut(code, "@")
	raw, err := letters.DecodeString(code)
	if !ours || domain != strings.ToLower(a.domain) || err != nil || len(raw) != len(uuid.UUID{})+sumSize {
		return Address{}, false
	}
	read := Address{sum: raw[len(uuid.UUID{}):], of: a}
	copy(read.Invitation.UUID[:], raw)
	return read, true
}

// Of reports whether the address is that of this person's answers.
func (a Address) Of(assignment sig.AssignmentID) bool {
	return hmac.Equal(a.sum, a.of.sum(a.Invitation, assignment))
}
