package routetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// document is the API's own description of itself, as it is served.
type document struct {
	OpenAPI    string                          `json:"openapi"`
	Info       map[string]any                  `json:"info"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas         map[string]schema `json:"schemas"`
		SecuritySchemes map[string]any    `json:"securitySchemes"`
	} `json:"components"`
	routes []described
}

type operation struct {
	ID         string                    `json:"operationId"`
	Parameters []parameter               `json:"parameters"`
	Body       *content                  `json:"requestBody"`
	Responses  map[string]content        `json:"responses"`
	Security   []map[string][]string     `json:"security"`
	Level      string                    `json:"x-session-level"`
	Summary    string                    `json:"summary"`
	Tags       []string                  `json:"tags"`
	Callbacks  map[string]map[string]any `json:"callbacks"`
}

type parameter struct {
	Name, In string
	Required bool
	Schema   schema
}

type content struct {
	Description string
	Content     map[string]struct{ Schema schema }
}

type schema map[string]any

// described is one operation by the form of its addresses.
type described struct {
	method, path string
	form         *regexp.Regexp
	op           operation
}

// readDocument fetches the document and holds it to OpenAPI 3.1's structure
// and to the list of routes, both ways.
func (w *world) readDocument() {
	w.t.Helper()
	got := w.get("", "/api/v1/openapi.json")
	if kind := got.header.Get("Content-Type"); kind != "application/openapi+json" {
		w.t.Errorf("the document is sent as %q", kind)
	}
	var d document
	w.read(got, &d)
	if !strings.HasPrefix(d.OpenAPI, "3.1.") || d.Info["title"] == "" || d.Info["version"] == "" {
		w.t.Errorf("the document says OpenAPI %q and %v", d.OpenAPI, d.Info)
	}
	seen, ids := map[string]bool{"GET /api/v1/openapi.json": true}, map[string]bool{}
	for path, methods := range d.Paths {
		for method, op := range methods {
			route := strings.ToUpper(method) + " " + strings.NewReplacer("{", ":", "}", "").Replace(path)
			seen[route] = true
			if levelOf[route] != op.Level || ids[op.ID] || op.ID == "" || op.Summary == "" {
				w.t.Errorf("%s is described with level %q, id %q (twice: %v); the routes say %q", route, op.Level, op.ID, ids[op.ID], levelOf[route])
			}
			ids[op.ID] = true
			w.holdOperation(d, route, op)
			form := regexp.MustCompile("^" + regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(path), "[^/]+") + "$")
			d.routes = append(d.routes, described{strings.ToUpper(method), path, form, op})
		}
	}
	for route := range levelOf {
		if _, path, _ := strings.Cut(route, " "); api1(path) && !seen[route] {
			w.t.Errorf("%s is not in the document", route)
		}
	}
	for name, s := range d.Components.Schemas {
		w.holdSchema(d, name, s)
	}
	// Longer addresses first: a fixed part is never a parameter's value.
	slices.SortFunc(d.routes, func(a, b described) int { return strings.Count(a.path, "{") - strings.Count(b.path, "{") })
	w.document = &d
}

var inPath = regexp.MustCompile(`:([a-z]+)`)

// holdOperation: the parameters of the path are described, one each; whoever
// must be signed in is told so; answers have words and a shape.
func (w *world) holdOperation(d document, route string, op operation) {
	w.t.Helper()
	declared := map[string]bool{}
	for _, p := range op.Parameters {
		if p.Name == "" || !slices.Contains([]string{"path", "query", "header", "cookie"}, p.In) || p.In == "path" && !p.Required {
			w.t.Errorf("%s describes a parameter %+v", route, p)
		}
		declared[p.In+" "+p.Name] = true
		w.holdSchema(d, route, p.Schema)
	}
	w.holdKey(route, op)
	names := inPath.FindAllStringSubmatch(route, -1)
	for _, m := range names {
		if !declared["path "+m[1]] {
			w.t.Errorf("%s does not describe its parameter %s", route, m[1])
		}
	}
	if op.Level != "public" && len(op.Security) == 0 {
		w.t.Errorf("%s does not say that it needs a session", route)
	}
	if len(op.Responses) == 0 {
		w.t.Errorf("%s describes no answer", route)
	}
	for status, r := range op.Responses {
		if r.Description == "" {
			w.t.Errorf("%s describes the answer %s without words", route, status)
		}
		for _, c := range r.Content {
			w.holdSchema(d, route+" "+status, c.Schema)
		}
	}
	if op.Body != nil {
		for _, c := range op.Body.Content {
			w.holdSchema(d, route, c.Schema)
		}
	}
}

var schemaTypes = []string{"object", "array", "string", "number", "integer", "boolean", "null"}

// holdSchema: references lead somewhere, types and patterns are such.
func (w *world) holdSchema(d document, name string, s schema) {
	w.t.Helper()
	if ref, ok := s["$ref"].(string); ok {
		if _, there := d.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")]; !there {
			w.t.Errorf("%s refers to %s, which is not there", name, ref)
		}
		return
	}
	for _, t := range typesOf(s) {
		if !slices.Contains(schemaTypes, t) {
			w.t.Errorf("%s has the type %q", name, t)
		}
	}
	if pattern, ok := s["pattern"].(string); ok {
		if _, err := regexp.Compile(pattern); err != nil {
			w.t.Errorf("%s has the pattern %q: %v", name, pattern, err)
		}
	}
	for _, total := range []string{"total", "count", "total_count", "pages"} {
		if _, ok := propertiesOf(s)[total]; ok {
			w.t.Errorf("%s tells a total: %s", name, total)
		}
	}
	for property, child := range propertiesOf(s) {
		w.holdSchema(d, name+"."+property, child)
	}
	if items, ok := s["items"].(map[string]any); ok {
		w.holdSchema(d, name+"[]", items)
	}
}

func typesOf(s schema) []string {
	switch t := s["type"].(type) {
	case string:
		return []string{t}
	case []any:
		var list []string
		for _, one := range t {
			list = append(list, fmt.Sprint(one))
		}
		return list
	}
	return nil
}

func propertiesOf(s schema) map[string]schema {
	out := map[string]schema{}
	all, _ := s["properties"].(map[string]any)
	for name, one := range all {
		if child, ok := one.(map[string]any); ok {
			out[name] = child
		}
	}
	return out
}

func (d *document) resolve(s schema) schema {
	for {
		ref, ok := s["$ref"].(string)
		if !ok {
			return s
		}
		s = d.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")]
	}
}

// find gives the operation that answers a request.
func (d *document) find(method, path string) *described {
	path, _, _ = strings.Cut(path, "?")
	for i, r := range d.routes {
		if r.method == method && r.form.MatchString(path) {
			return &d.routes[i]
		}
	}
	return nil
}

// holdAnswer holds every answer for programs to the document.
func (w *world) holdAnswer(q request, got answer) {
	w.t.Helper()
	if w.document == nil || !api1(q.path) {
		return
	}
	kind := got.header.Get("Content-Type")
	if got.status >= 400 {
		var problem any
		if kind != "application/problem+json" || json.Unmarshal([]byte(got.body), &problem) != nil {
			w.t.Errorf("%s %s: %d is no problem but %q: %s", q.method, q.path, got.status, kind, brief(got))
		} else if wrong := w.document.fits(schema{"$ref": "#/components/schemas/Problem"}, problem, ""); wrong != "" {
			w.t.Errorf("%s %s: a problem of another shape: %s", q.method, q.path, wrong)
		}
	}
	r := w.document.find(q.method, q.path)
	if r == nil || got.status >= 500 {
		return
	}
	answer, described := r.op.Responses[fmt.Sprint(got.status)]
	if !described {
		if got.status != http.StatusRequestEntityTooLarge {
			w.t.Errorf("%s %s answers %d, which is not described: %s", r.method, r.path, got.status, brief(got))
		}
		return
	}
	if _, sent := answer.Content[strings.Split(kind, ";")[0]]; !sent && got.status == http.StatusOK {
		w.t.Errorf("%s %s answers with %q, which is not described", r.method, r.path, kind)
	}
	shape, isJSON := answer.Content["application/json"]
	if !isJSON || got.status >= 400 {
		return
	}
	var value any
	w.read(got, &value)
	if wrong := w.document.fits(shape.Schema, value, ""); wrong != "" {
		w.t.Errorf("%s %s does not answer as described: %s", r.method, r.path, wrong)
	}
}

// fits says where a value is not as its schema says, or nothing.
func (d *document) fits(s schema, value any, at string) string {
	s = d.resolve(s)
	types := typesOf(s)
	is := jsonType(value)
	if len(types) > 0 && !slices.Contains(types, is) && (is != "integer" || !slices.Contains(types, "number")) {
		return fmt.Sprintf("%s is %s, want %v", at, is, types)
	}
	if allowed, ok := s["enum"].([]any); ok && !slices.Contains(allowed, value) {
		return fmt.Sprintf("%s is %v, want one of %v", at, value, allowed)
	}
	switch v := value.(type) {
	case map[string]any:
		return d.fitsObject(s, v, at)
	case []any:
		items, _ := s["items"].(map[string]any)
		for i, one := range v {
			if wrong := d.fits(items, one, fmt.Sprintf("%s[%d]", at, i)); wrong != "" {
				return wrong
			}
		}
	case string:
		return fitsText(s, v, at)
	}
	return ""
}

func (d *document) fitsObject(s schema, v map[string]any, at string) string {
	properties := propertiesOf(s)
	required, _ := s["required"].([]any)
	for _, name := range required {
		if _, there := v[fmt.Sprint(name)]; !there {
			return fmt.Sprintf("%s lacks %s", at, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		child, known := properties[name]
		if !known {
			if s["additionalProperties"] == false {
				return fmt.Sprintf("%s has %s, which is not described", at, name)
			}
			continue
		}
		if wrong := d.fits(child, v[name], at+"."+name); wrong != "" {
			return wrong
		}
	}
	return ""
}

func fitsText(s schema, v, at string) string {
	ok := true
	switch s["format"] {
	case "date-time":
		_, err := time.Parse(time.RFC3339Nano, v)
		ok = err == nil
	case "date":
		_, err := time.Parse(time.DateOnly, v)
		ok = err == nil
	case "uuid":
		_, err := uuid.Parse(v)
		ok = err == nil
	}
	if pattern, is := s["pattern"].(string); is {
		ok = ok && regexp.MustCompile(pattern).MatchString(v)
	}
	if !ok {
		return fmt.Sprintf("%s is %q, want %v %v", at, v, s["format"], s["pattern"])
	}
	return ""
}

func jsonType(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}
