package httpd

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"
)

// readConfig works out the headers and the hosts once.
func (a *App) readConfig() error {
	base, err := url.Parse(a.deps.Config.BaseURL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return fmt.Errorf("the portal's address %q is not http(s)://host", a.deps.Config.BaseURL)
	}
	a.secure = base.Scheme == "https"
	a.hosts = map[string]bool{base.Host: true}
	for _, host := range a.deps.Config.Hosts {
		a.hosts[host] = true
	}
	forms := []string{"'self'"}
	for _, issuer := range a.deps.Config.Issuers {
		u, err := url.Parse(issuer)
		if err != nil || u.Host == "" {
			return fmt.Errorf("the issuer's address %q is not http(s)://host", issuer)
		}
		forms = append(forms, u.Scheme+"://"+u.Host)
	}
	a.headers = securityHeaders(strings.Join(forms, " "), a.secure)
	return nil
}

// securityHeaders are the same on every answer, errors and files included.
// Browsers check the redirect after a form post against form-action, so the
// issuers stand in it: sign-in breaks without them.
func securityHeaders(forms string, secure bool) [][2]string {
	headers := [][2]string{
		{"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
			"connect-src 'self'; font-src 'self'; form-action " + forms + "; frame-ancestors 'none'; base-uri 'none'; " +
			"require-trusted-types-for 'script'; trusted-types fragment"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"Referrer-Policy", "no-referrer"},
		{"X-Content-Type-Options", "nosniff"},
		{"X-Frame-Options", "DENY"},
		{"X-Robots-Tag", "noindex, nofollow"},
		{"Permissions-Policy", "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), display-capture=(), " +
			"geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"},
		{"Cache-Control", "no-store"},
	}
	if secure {
		headers = append(headers, [2]string{"Strict-Transport-Security", "max-age=63072000; includeSubDomains"})
	}
	return headers
}

func (a *App) setHeaders(h *fasthttp.ResponseHeader) {
	for _, header := range a.headers {
		h.Set(header[0], header[1])
	}
}
