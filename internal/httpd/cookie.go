package httpd

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/words"
)

// The names begin with __Host-: browsers then take them only over a safe
// connection, for this host alone and for every path. Neither says anything
// about anybody.
const (
	languageCookie = "__Host-lang"
	flashCookie    = "__Host-flash"
)

// language is what the reader chose once, else what the browser asks for.
func language(c *fiber.Ctx) *words.Language {
	return words.Match(c.Get(fiber.HeaderAcceptLanguage), c.Cookies(languageCookie))
}

func setCookie(c *fiber.Ctx, name, value string, age time.Duration) {
	c.Cookie(&fiber.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(age.Seconds()), SessionOnly: age == 0,
		Secure: true, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// setFlash keeps the key of a sentence until the next page.
func (r *Request) setFlash(key string) { setCookie(r.Ctx, flashCookie, key, time.Minute) }

// takeFlash gives the sentence of the last form and forgets it. Only keys of
// the area flash are shown, whatever the cookie holds. A page that looks again
// by itself leaves it to the page that the form leads to.
func (r *Request) takeFlash() string {
	key := r.Cookies(flashCookie)
	if key == "" || r.status >= 400 || r.Get("X-Refetch") != "" {
		return ""
	}
	setCookie(r.Ctx, flashCookie, "", -time.Second)
	if !strings.HasPrefix(key, "flash.") || !r.lang.Has(key) {
		return ""
	}
	return r.lang.T(key)
}
