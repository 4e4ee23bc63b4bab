package httpd

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"sigportal/web"
)

// registered are all pages, in the order of their declaration.
var registered []pageDef

// pageDef is one page without its type: the name of its template and made-up
// data to show it with.
type pageDef struct {
	name    string
	samples func(Base) []any
}

// Page is one page with the type of its data.
type Page[D any] struct{ name string }

// page declares a page beside its handler. Samples are made-up data for every
// state the page can be in; a test executes each, and the demo shows them.
func page[D any](name string, samples func(Base) []D) Page[D] {
	registered = append(registered, pageDef{name, func(b Base) []any {
		var all []any
		for _, d := range samples(b) {
			all = append(all, d)
		}
		return all
	}})
	return Page[D]{name}
}

// Send renders the page into a buffer and, only when all of it is there, sends
// it with the request's status.
func (p Page[D]) Send(r *Request, data D) error {
	return r.app.pages.send(r.Ctx, r.status, p.name, data, r.visitor.hatName())
}

// renderer holds one template set per page, so that two pages may define the
// same block.
type renderer struct {
	sets    map[string]*template.Template
	buffers sync.Pool
	zips    sync.Pool
}

// loadPages parses layout and parts once; each page gets a copy of those alone
// that it leads to. A page's copy of every part was most of what a replica kept
// in memory, and what its garbage collector went through.
func loadPages(files fs.FS, static *assets) (*renderer, error) {
	empty := template.New("").Funcs(web.Funcs()).Funcs(template.FuncMap{"asset": static.path, "args": args, "style": static.style}).Option("missingkey=error")
	shared, err := empty.Clone()
	if err != nil {
		return nil, fmt.Errorf("begin the shared templates: %w", err)
	}
	for _, folder := range []string{"layout", "part"} {
		names, err := fs.Glob(files, "templates/"+folder+"/*.html")
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", folder, err)
		}
		if len(names) == 0 {
			continue
		}
		if shared, err = shared.ParseFS(files, names...); err != nil {
			return nil, fmt.Errorf("parse %s: %w", folder, err)
		}
	}
	r := &renderer{sets: map[string]*template.Template{}}
	for _, def := range registered {
		set, err := empty.Clone()
		if err != nil {
			return nil, fmt.Errorf("begin page %s: %w", def.name, err)
		}
		if set, err = set.ParseFS(files, path.Join("templates/page", def.name+".html")); err != nil {
			return nil, fmt.Errorf("parse page %s: %w", def.name, err)
		}
		if err := complete(set, shared); err != nil {
			return nil, fmt.Errorf("complete page %s: %w", def.name, err)
		}
		r.sets[def.name] = set
	}
	return r, nil
}

// args makes the data of a shared part of pairs of name and value:
// {{template "field" (args "page" $ "name" "text" "label" ($.T "item.text"))}}.
func args(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("args wants pairs of name and value, not %d things", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("args: name %d is no text", i/2)
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

func (r *renderer) render(to *bytes.Buffer, name string, data any) error {
	set := r.sets[name]
	if set == nil {
		return fmt.Errorf("there is no page %q", name)
	}
	if form, ok := data.(interface{ bad() bool }); ok && form.bad() {
		// The fields say their names to the summary that stands above them.
		if err := set.ExecuteTemplate(io.Discard, "main", data); err != nil {
			return fmt.Errorf("render the form of page %s: %w", name, err)
		}
	}
	if err := set.ExecuteTemplate(to, "layout", data); err != nil {
		return fmt.Errorf("render page %s: %w", name, err)
	}
	return nil
}

// send compresses what is worth it. A page holds no secret token that a guess
// beside it could reveal through its length, and a form post, the only page
// that repeats what it is given, is not accepted from other sites.
func (r *renderer) send(c *fiber.Ctx, status int, name string, data any, hat string) error {
	buf, _ := r.buffers.Get().(*bytes.Buffer)
	if buf == nil {
		buf = new(bytes.Buffer)
	}
	defer r.buffers.Put(buf)
	buf.Reset()
	if err := r.render(buf, name, data); err != nil {
		return err
	}
	page := stampForms(buf.Bytes(), hat)
	c.Status(status)
	c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	c.Vary(fiber.HeaderAcceptEncoding)
	if len(page) < 1400 || !strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		return c.Send(bytes.Clone(page))
	}
	c.Set(fiber.HeaderContentEncoding, "gzip")
	zip, _ := r.zips.Get().(*gzip.Writer)
	if zip == nil {
		zip, _ = gzip.NewWriterLevel(nil, 4)
	}
	defer r.zips.Put(zip)
	zip.Reset(c.Response().BodyWriter())
	if _, err := zip.Write(page); err != nil {
		return fmt.Errorf("compress page %s: %w", name, err)
	}
	return zip.Close()
}
