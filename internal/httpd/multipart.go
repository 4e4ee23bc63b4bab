package httpd

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"sigportal/internal/upload"
)

const (
	bodyMax     = 1 << 20   // of every form but one with a file
	textPartMax = 256 << 10 // of one field beside a file
	partsMax    = 40
	fileWithin  = time.Minute // a large file takes its time on a telephone
)

// takesFile reports whether a path is one at which a file is handed in: there
// alone a body may be large.
func takesFile(method, path string) bool {
	return method == fiber.MethodPost && (isAt(path, "/consents/", "scan") || isAt(path, programsScan, "papers"))
}

// programsScan begins the addresses at which programs hand a scan in.
const programsScan = "/api/v1/consents/"

// isAt reports whether a path is of something of one thing.
func isAt(path, things, what string) bool {
	one, found := strings.CutPrefix(path, things)
	_, rest, _ := strings.Cut(one, "/")
	return found && rest == what
}

// roomFor lets the body be large at those paths, for whoever brings a session's
// cookie; who that is, is asked as everywhere.
func roomFor(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	if !takesFile(string(h.Method()), path) || len(h.Cookie("__Host-sig")) == 0 {
		return fasthttp.RequestConfig{}
	}
	most := upload.MaxBytes
	if strings.HasPrefix(path, programsScan) {
		most = most / 3 * 4 // they write it as base64
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: most + bodyMax, ReadTimeout: fileWithin}
}

// FileForm is Form of a form with one file in it. The name that the file came
// under is not read: nothing is called by it.
func (r *Request) FileForm(into any, field string) ([]byte, error) {
	kind, params, err := mime.ParseMediaType(r.Get(fiber.HeaderContentType))
	if err != nil || kind != fiber.MIMEMultipartForm || params["boundary"] == "" {
		return nil, errMalformed
	}
	values, file := url.Values{}, []byte(nil)
	reader := multipart.NewReader(bytes.NewReader(r.Body()), params["boundary"])
	for count := 0; ; count++ {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || count == partsMax {
			return nil, errMalformed
		}
		limit := textPartMax
		if part.FormName() == field {
			limit = upload.MaxBytes
		}
		data, err := io.ReadAll(io.LimitReader(part, int64(limit)+1))
		switch {
		case err != nil, part.FormName() == "", len(data) > limit && part.FormName() != field, part.FormName() == field && file != nil:
			return nil, errMalformed
		case part.FormName() == field:
			file = append([]byte{}, data...)
		default:
			values.Add(part.FormName(), string(data))
		}
	}
	if file == nil {
		return nil, errMalformed
	}
	return file, r.take(values, into)
}
