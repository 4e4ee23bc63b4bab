package httpd

import (
	"bytes"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// hatField says in every form under which hat it was opened. Somebody with two
// hats and two windows must not sign with the one what was written under the
// other.
const hatField = "as"

// hats is the space of the names that hats have in forms.
var hats = uuid.MustParse("6f1c2c0b-5f0e-4f7e-9d55-2d8a1f8f6c11")

// hatName names the hat worn, and opens nothing; empty where none is.
func (v Visitor) hatName() string {
	var worn uuid.UUID
	switch v.Actor.Kind {
	case sig.ActorStaff:
		worn = v.Actor.Assignment.UUID
	case sig.ActorGuardian:
		worn = v.Actor.Guardian.UUID
	case sig.ActorYouth:
		worn = v.Actor.Youth.UUID
	case sig.ActorNobody, sig.ActorSystem:
		return ""
	}
	return uuid.NewSHA1(hats, worn[:]).String()
}

var formTag, postsIt = []byte("<form "), []byte(`method="post"`)

// stampForms puts the hat's name into every form that is sent by POST.
func stampForms(page []byte, hat string) []byte {
	if hat == "" {
		return page
	}
	stamp := []byte(`<input type="hidden" name="` + hatField + `" value="` + hat + `">`)
	out := make([]byte, 0, len(page)+4*len(stamp))
	for {
		at := bytes.Index(page, formTag)
		if at < 0 {
			return append(out, page...)
		}
		end := at + bytes.IndexByte(page[at:], '>') + 1
		out = append(out, page[:end]...)
		if bytes.Contains(page[at:end], postsIt) {
			out = append(out, stamp...)
		}
		page = page[end:]
	}
}

// ofAnyHat are the forms that are sent under whatever hat is worn.
var ofAnyHat = []string{"/hat", officePath, "/sessions/:id/end"}

// keepsHat refuses a form that was opened under another hat than the one worn
// now, whether or not its handler reads any field; what was written in it is
// shown, to be copied. What is no form is left to whoever reads it.
func (r *Request) keepsHat() error {
	kind, _, _ := strings.Cut(r.Get(fiber.HeaderContentType), ";")
	body := string(r.Body())
	if r.Method() != fiber.MethodPost || !strings.EqualFold(strings.TrimSpace(kind), fiber.MIMEApplicationForm) ||
		!strings.Contains(body, hatField+"=") || strings.Count(body, "&") >= maxPairs {
		return nil
	}
	values, err := url.ParseQuery(body)
	if err != nil {
		return nil //nolint:nilerr // whoever reads the form says what is wrong with it
	}
	return r.underHat(values)
}

// underHat takes the hat out of what was sent, and refuses another than the one
// worn.
func (r *Request) underHat(values url.Values) error {
	sent, said := values[hatField]
	delete(values, hatField)
	if !said || r.route.Level == Public || slices.Contains(ofAnyHat, r.route.Path) || len(sent) == 1 && sent[0] == r.visitor.hatName() {
		return nil
	}
	r.fields = Fields{typed: values}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if strings.ContainsAny(strings.TrimSpace(values.Get(name)), " \n") {
			r.fields.prose = append(r.fields.prose, name)
		}
	}
	return fault.New(fault.Conflict, "error.other_hat")
}
