package caldav

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
)

// What a program has been told stands in the token that it was given with it
// (RFC 6578), sealed under the secret that it shows with every question. So
// nothing need be remembered here, every replica answers alike, and whatever the
// token names and the reader may not see now is said to be gone: what was taken
// away, what is over and what never was, all in the same words.
var (
	// ErrToken is a token that was not given to whoever shows this secret.
	ErrToken = errors.New("the sync-token is none of this calendar's")
	// ErrLimit is that there is more to say than the program wants to hear at once.
	ErrLimit = errors.New("there are more changes than asked for")
)

var syncName = dav("sync-token")

const (
	tokenIs   = "data:," // a token is an address, of nothing but itself
	tokenUse  = "caldav sync 1"
	tokenTags = 9 // bytes that are kept of an entry's tag
	tokenRow  = 16 + tokenTags
)

// sealer gives the keys of a secret: one that seals tokens, and one that makes
// the same token of the same calendar, since a program compares them.
func sealer(secret []byte) (cipher.AEAD, []byte, error) {
	keys, err := hkdf.Key(sha256.New, secret, nil, tokenUse, 64)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(keys[:32])
	if err != nil {
		return nil, nil, err
	}
	box, err := cipher.NewGCM(block)
	return box, keys[32:], err
}

// token is what a program is given that has been told of these entries.
func token(secret []byte, events []Event) (string, error) {
	var rows [][]byte
	for _, e := range events {
		name, err := hex.DecodeString(strings.ReplaceAll(e.Name, "-", ""))
		if err != nil || len(name) != 16 {
			return "", errors.New("an entry that is named after no meeting")
		}
		rows = append(rows, append(name, e.sum()[:tokenTags]...))
	}
	slices.SortFunc(rows, bytes.Compare)
	plain := slices.Concat(rows...)
	box, same, err := sealer(secret)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, same)
	mac.Write(plain)
	nonce := mac.Sum(nil)[:box.NonceSize()]
	return tokenIs + base64.RawURLEncoding.EncodeToString(box.Seal(nonce, nonce, plain, []byte(tokenUse))), nil
}

// told reads a token: which entries it was given with, and their tags.
func told(secret []byte, given string) (map[string][]byte, error) {
	text, ok := strings.CutPrefix(given, tokenIs)
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	box, _, bad := sealer(secret)
	if !ok || err != nil || bad != nil || len(sealed) < box.NonceSize() {
		return nil, ErrToken
	}
	plain, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], []byte(tokenUse))
	if err != nil || len(plain)%tokenRow != 0 {
		return nil, ErrToken
	}
	rows := map[string][]byte{}
	for row := range slices.Chunk(plain, tokenRow) {
		n := hex.EncodeToString(row[:16])
		rows[strings.Join([]string{n[:8], n[8:12], n[12:16], n[16:20], n[20:]}, "-")] = row[16:]
	}
	return rows, nil
}

// Sync answers what has become of a calendar since a program was given its
// token; events are those that the reader may see now, and there are no others.
func (q Question) Sync(secret []byte, events []Event) ([]byte, error) {
	before := map[string][]byte{}
	var err error
	if q.Token != "" {
		if before, err = told(secret, q.Token); err != nil {
			return nil, err
		}
	}
	all := of(dav("multistatus"))
	for _, e := range events {
		if tag, known := before[e.Name]; !known || !bytes.Equal(tag, e.sum()[:tokenTags]) {
			all.Children = append(all.Children, q.response(e.Resource(true)))
		}
		delete(before, e.Name)
	}
	var gone []string
	for name := range before {
		gone = append(gone, Collection+name+ending)
	}
	slices.Sort(gone)
	for _, address := range gone {
		all.Children = append(all.Children, nothingAt(address))
	}
	if q.Most > 0 && len(all.Children) > q.Most {
		return nil, ErrLimit
	}
	next, err := token(secret, events)
	if err != nil {
		return nil, err
	}
	all.Children = append(all.Children, text(syncName, next))
	return write(all)
}
