package login

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

const (
	logoutEvent       = "http://schemas.openid.net/event/backchannel-logout"
	oldestLogoutToken = 2 * time.Minute
)

// logout is a logout token, checked: which sessions end, and the id under
// which a second delivery is known again.
type logout struct {
	subject, sid, tokenID string
	expires               time.Time
}

// verifyLogoutToken checks a token of OpenID Connect Back-Channel Logout 1.0.
// That it has not been used before is the database's part.
func (r *relation) verifyLogoutToken(ctx context.Context, raw string) (logout, error) {
	var out logout
	claims, err := r.verifySigned(ctx, raw, []string{"jwt", "logout+jwt"}, "")
	if err != nil {
		return out, err
	}
	now := r.now()
	if err := errors.Join(r.checkParties(claims), checkTimes(claims, now)); err != nil {
		return out, err
	}
	issued, err := claims.instant("iat")
	if err != nil || now.Sub(issued) > oldestLogoutToken+skew {
		return out, errors.New("the logout token is old")
	}
	if claims["nonce"] != nil {
		return out, errors.New("a logout token has no nonce")
	}
	var events map[string]map[string]any
	if err := json.Unmarshal(claims["events"], &events); err != nil || events[logoutEvent] == nil {
		return out, errors.New("the token is about another event")
	}
	var errID, errSub, errSID error
	out.tokenID, errID = claims.text("jti")
	out.subject, errSub = claims.optional("sub")
	out.sid, errSID = claims.optional("sid")
	if err := errors.Join(errID, errSub, errSID); err != nil {
		return out, err
	}
	if out.tokenID == "" || len(out.tokenID) > 255 || len(out.sid) > 255 {
		return out, errors.New("jti or sid is not a short text")
	}
	if out.subject != "" {
		if err := checkSubject(out.subject); err != nil {
			return out, err
		}
	}
	if out.subject == "" && out.sid == "" {
		return out, errors.New("the token names neither a person nor a session")
	}
	out.expires, err = claims.instant("exp")
	return out, err
}

// payloadOf reads the claims of a token whose signature has been verified.
func payloadOf(raw string) (members, error) {
	parts := strings.Split(raw, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, fmt.Errorf("read the claims: %w", err)
	}
	claims, err := parseStrict(payload)
	if err != nil {
		return nil, fmt.Errorf("claims: %w", err)
	}
	return claims, nil
}

// cleanName makes a provider's name fit for a page header: no control or
// direction characters, and not endless.
func cleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	runes := []rune(strings.TrimSpace(name))
	if len(runes) > 100 {
		runes = runes[:100]
	}
	return string(runes)
}
