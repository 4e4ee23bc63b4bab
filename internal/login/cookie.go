package login

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// The names begin with __Host-, so browsers take the cookies only over a safe
// connection, for this host alone, and no neighbour can plant them.
const (
	sessionCookie = "__Host-sig"
	loginCookie   = "__Host-login"
)

// hash is what the database knows a secret by. The secrets are 256 random
// bits, so a plain hash cannot be reversed.
func hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// secretOf reads a cookie that holds one of our secrets. Whatever has another
// shape is as good as none: an id that the client has made up finds nothing.
func secretOf(c *fiber.Ctx, name string) (string, bool) {
	value := strings.Clone(c.Cookies(name))
	raw, err := base64.RawURLEncoding.Strict().DecodeString(value)
	return value, err == nil && len(raw) == 32
}

func setCookie(c *fiber.Ctx, name, value string, lives time.Duration) {
	c.Cookie(&fiber.Cookie{
		Name: name, Value: value, Path: "/", Secure: true, HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode, MaxAge: int(lives.Seconds()),
	})
}

func dropCookie(c *fiber.Ctx, name string) {
	c.Cookie(&fiber.Cookie{
		Name: name, Path: "/", Secure: true, HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode, MaxAge: -1, Expires: time.Unix(1, 0),
	})
}

// browserOf is the family of the browser and nothing finer, so that people
// know their own sessions apart.
func browserOf(agent string) string {
	for _, family := range []struct{ mark, name string }{
		{"Firefox/", "firefox"}, {"Edg", "edge"}, {"Chrome/", "chrome"}, {"Safari/", "safari"},
	} {
		if strings.Contains(agent, family.mark) {
			return family.name
		}
	}
	return "other"
}
