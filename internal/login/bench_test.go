package login

import (
	"testing"
)

// BenchmarkSessionLoad is what every request pays to know who asks.
func BenchmarkSessionLoad(b *testing.B) {
	w := newWorld(b)
	for _, one := range []struct{ word, persona string }{{"staff", "coordinator"}, {"eid", "sara"}} {
		browser := w.signIn(one.word, one.persona)
		secret := hash(cookieOf(b, browser, w.url, sessionCookie))
		b.Run(one.persona, func(b *testing.B) {
			for b.Loop() {
				if _, err := w.db.App().SessionBySecret(b.Context(), secret); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
