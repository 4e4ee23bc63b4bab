package httpd

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sigportal/internal/sig"
	"sigportal/internal/words"
	"sigportal/web"
)

// familySeeker finds the message keys that pages of the family can show: it
// follows the code from the handlers of their routes through this package and
// its pictures, and the templates from the pages that those send.
type familySeeker struct {
	t         *testing.T
	info      *types.Info
	bodies    map[types.Object]ast.Node // of functions and package variables
	drawn     *types.Package
	home      *types.Package
	defines   map[string]string // a template's text by its name
	pages     map[string]string // a page's text by its name
	seen      map[any]bool
	keys      map[string]string // key, or the beginning of one, and where it stood
	templates int
}

// staffOnly are functions that the routes of the family share with staff's, and
// that do something for staff alone.
var staffOnly = []string{"staffStart", "nav"}

// forStaff are the beginnings of keys that a page shared with staff shows to
// them alone.
var forStaff = []string{"consent.extract.", "voice.for.", "notices."}

func newFamilySeeker(t *testing.T) *familySeeker {
	t.Helper()
	s := &familySeeker{
		t: t, bodies: map[types.Object]ast.Node{}, defines: map[string]string{}, pages: map[string]string{},
		seen: map[any]bool{}, keys: map[string]string{},
		info: &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}},
	}
	s.drawn, s.home = s.parse("../picture"), s.parse(".")
	s.read()
	return s
}

// parse reads a package's code without its tests. Other packages are taken for
// empty: only what is written here and is called from here is followed.
func (s *familySeeker) parse(dir string) *types.Package {
	s.t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		s.t.Fatal(err)
	}
	var files []*ast.File
	fset := token.NewFileSet()
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			s.t.Fatal(err)
		}
		files = append(files, f)
	}
	conf := types.Config{Importer: empty{}, Error: func(error) {}}
	p, _ := conf.Check(dir, fset, files, s.info) // the faults are of what is not read
	for _, f := range files {
		for _, d := range f.Decls {
			s.declare(d)
		}
	}
	return p
}

// empty gives every import as a package without contents.
type empty struct{}

func (empty) Import(name string) (*types.Package, error) {
	p := types.NewPackage(name, path.Base(name))
	p.MarkComplete()
	return p, nil
}

func (s *familySeeker) declare(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Body != nil && !slices.Contains(staffOnly, d.Name.Name) {
			s.bodies[s.info.Defs[d.Name]] = d.Body
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				for i, name := range v.Names {
					if i < len(v.Values) {
						s.bodies[s.info.Defs[name]] = v.Values[i]
					}
				}
			}
		}
	}
}

var defined = regexp.MustCompile(`(?s)\{\{-?\s*define "([a-z_-]+)"\s*-?\}\}`)

// read takes the templates apart at what they define.
func (s *familySeeker) read() {
	for _, folder := range []string{"layout", "part", "page"} {
		names, err := fs.Glob(web.Files, "templates/"+folder+"/*.html")
		if err != nil {
			s.t.Fatal(err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(web.Files, name)
			if err != nil {
				s.t.Fatal(err)
			}
			if folder == "page" {
				s.pages[strings.TrimSuffix(name[len("templates/page/"):], ".html")] = string(text)
				continue
			}
			at := defined.FindAllStringSubmatchIndex(string(text), -1)
			for i, m := range at {
				end := len(text)
				if i+1 < len(at) {
					end = at[i+1][0]
				}
				s.defines[string(text[m[2]:m[3]])] = string(text[m[1]:end])
			}
		}
	}
}

var (
	keyShaped = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_]+)*\.?$`)
	quoted    = regexp.MustCompile(`"([a-z0-9_.]+)"`)
	used      = regexp.MustCompile(`template "([a-z_-]+)"`)
)

// note keeps a text that is a key, or the beginning of some.
func (s *familySeeker) note(text, where string) {
	if !keyShaped.MatchString(text) || !strings.Contains(text, ".") || text == "flash." {
		return
	}
	if words.For("sv").Has(text) || strings.HasSuffix(text, ".") {
		s.keys[text] = where
	}
}

// template follows one text of a template into the parts that it uses.
func (s *familySeeker) template(text, where string) {
	if s.seen["template "+where] {
		return
	}
	s.seen["template "+where] = true
	s.templates++
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		s.note(m[1], where)
	}
	for _, m := range used.FindAllStringSubmatch(text, -1) {
		s.template(s.defines[m[1]], m[1])
	}
}

// follow goes from what is declared to all that it can lead to.
func (s *familySeeker) follow(o types.Object) {
	if o == nil || s.seen[o] || s.bodies[o] == nil {
		return
	}
	s.seen[o] = true
	if call, is := s.bodies[o].(*ast.CallExpr); is {
		if fun, named := call.Fun.(*ast.Ident); named && fun.Name == "page" {
			name, err := strconv.Unquote(call.Args[0].(*ast.BasicLit).Value) //nolint:forcetypeassert // a page's name is written out
			if err != nil {
				s.t.Fatal(err)
			}
			s.template(s.pages[name], "page "+name)
			return
		}
	}
	ast.Inspect(s.bodies[o], func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if from, ok := n.X.(*ast.Ident); ok && from.Name == "picture" {
				s.follow(s.drawn.Scope().Lookup(n.Sel.Name))
			}
		case *ast.Ident:
			s.follow(s.info.Uses[n])
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
				s.note(text, o.Name())
			}
		}
		return true
	})
}

// handler is the method of App that answers a route.
func (s *familySeeker) handler(route Route) types.Object {
	full := runtime.FuncForPC(reflect.ValueOf(route.handle).Pointer()).Name()
	name := strings.TrimSuffix(full[strings.LastIndex(full, ".")+1:], "-fm")
	o, _, _ := types.LookupFieldOrMethod(types.NewPointer(s.home.Scope().Lookup("App").Type()), true, s.home, name)
	if s.bodies[o] == nil {
		s.t.Fatalf("%s %s: its handler %s is not found", route.Method, route.Path, name)
	}
	return o
}

func TestEveryTextOfAFamilysPageIsTranslatedForFamilies(t *testing.T) {
	s := newFamilySeeker(t)
	s.template(s.defines["layout"], "layout")
	app := &App{}
	for _, route := range slices.Concat(app.publicRoutes(), app.signedInRoutes(), app.citizenRoutes()) {
		s.follow(s.handler(route))
	}
	for _, kind := range []sig.ActorKind{sig.ActorGuardian, sig.ActorYouth} {
		for _, m := range menus[kind] {
			s.note(m.key, "menu")
		}
	}
	for key, where := range s.keys {
		if slices.ContainsFunc(forStaff, func(begin string) bool { return strings.HasPrefix(key, begin) }) {
			continue
		}
		for _, k := range words.For("sv").Keys() {
			if (k == key || strings.HasSuffix(key, ".") && strings.HasPrefix(k, key)) && !words.ForFamily(k) {
				t.Errorf("%s of %s can stand on a page of the family", k, where)
			}
		}
	}
	if len(s.keys) < 200 || s.templates < 30 {
		t.Errorf("%d keys in %d templates found: the search does not find them", len(s.keys), s.templates)
	}
}
