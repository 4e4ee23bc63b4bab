package httpd

import (
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"
)

// checkOrigin refuses what another site's page sends in a person's name.
// net/http's rule (Sec-Fetch-Site, else Origin against Host) is asked with a
// light copy of the request. A GET changes nothing, so it may come from
// anywhere as a navigation, which is how mails and sign-ins arrive; embedded in
// another site's page it is refused too.
func (a *App) checkOrigin(c *fiber.Ctx) error {
	light := &http.Request{Method: c.Method(), Host: c.Hostname(), URL: &url.URL{Path: c.Path()}, Header: http.Header{}}
	for _, name := range []string{"Sec-Fetch-Site", "Origin"} {
		if value := c.Get(name); value != "" {
			light.Header.Set(name, value)
		}
	}
	if err := a.cross.Check(light); err != nil {
		return errCrossSite
	}
	site, mode, dest := c.Get("Sec-Fetch-Site"), c.Get("Sec-Fetch-Mode"), c.Get("Sec-Fetch-Dest")
	if (site == "cross-site" || site == "same-site") && (mode != "navigate" || dest != "document") {
		return errCrossSite
	}
	return nil
}
