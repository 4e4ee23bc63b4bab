package api

import (
	"cmp"
	"context"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

// Level is what a session must be before an operation is asked; the levels are
// those of the pages.
type Level string

// The levels of sessions.
const (
	Public   Level = "public"    // anybody
	SignedIn Level = "signed_in" // anybody with a session
	Hat      Level = "hat"       // staff under one chosen assignment
	Citizen  Level = "citizen"   // a guardian or a young person in one standing
	StepUp   Level = "step_up"   // an act that needs the proof of a fresh login
)

// op is one operation as it is written down beside its function.
type op struct {
	method, path string
	level        Level
	id           string // what clients call it
	says         string // one line for the document
	tag          string
	anybody      bool     // also somebody signed in without any part
	created      bool     // 201 instead of 200
	asks         bool     // a POST that only asks, and so needs no idempotency key
	most         int      // bytes of a body, where 1 MiB is too few
	files        []string // the media types of a file that is sent, in the stead of JSON
}

// writes reports whether the operation changes something, or hands something
// out for good: then it is done once for each key.
func (o op) writes() bool { return o.method != http.MethodGet && !o.asks }

// Route is one line of `sigportal routes`.
type Route struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Level  Level  `json:"level"`
}

// Routes lists every route of the API, in the pages' way of writing paths.
func Routes() []Route {
	a := &API{}
	a.Mount(fiber.New())
	var list []Route
	for _, o := range a.ops {
		list = append(list, Route{o.method, fiberPath(o.path), o.level})
	}
	slices.SortFunc(list, func(a, b Route) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return list
}

// fiberPath writes {id} as :id.
func fiberPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// answerWith is the shape that the library wants of an answer.
type answerWith[O any] struct{ Body O }

// add registers an operation that answers with something. Where it writes, the
// service itself answers a repeat under the same key with the first.
func add[I, O any](a *API, o op, do func(context.Context, *caller, *I) (O, error)) {
	addOnce(a, o, do, do)
}

// addOnce registers an operation whose repeat is answered by another function,
// which tells how the act stands now.
func addOnce[I, O any](a *API, o op, do, again func(context.Context, *caller, *I) (O, error)) {
	status := http.StatusOK
	if o.created {
		status = http.StatusCreated
	}
	huma.Register(a.huma, a.operation(o, status), func(ctx context.Context, in *I) (*answerWith[O], error) {
		who := callerOf(ctx)
		err := cleanTexts(in)
		var body O
		if err == nil {
			body, err = once(ctx, a, who, in, do, again)
		}
		if err != nil {
			return nil, who.fail(err)
		}
		return &answerWith[O]{body}, nil
	})
	item := a.huma.OpenAPI().Paths[o.path]
	if o.tag == authZEN && item.Post != nil {
		delete(item.Post.Responses, strconv.Itoa(http.StatusUnprocessableEntity)) // the library adds it; see unread
	}
	if len(o.files) > 0 {
		item.Get.Responses[strconv.Itoa(status)] = fileSent(o.files) // the library takes bytes for JSON
	}
}

// fileSent describes an answer that is a file.
func fileSent(kinds []string) *huma.Response {
	sent := &huma.Response{Description: "The file.", Content: map[string]*huma.MediaType{}}
	for _, kind := range kinds {
		sent.Content[kind] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	return sent
}

// act registers an operation whose answer is that it is done.
func act[I any](a *API, o op, do func(context.Context, *caller, *I) error) {
	huma.Register(a.huma, a.operation(o, http.StatusNoContent), func(ctx context.Context, in *I) (*struct{}, error) {
		who := callerOf(ctx)
		err := cleanTexts(in)
		if err == nil {
			_, err = once(ctx, a, who, in, func(ctx context.Context, who *caller, in *I) (none, error) {
				return none{}, do(ctx, who, in)
			}, func(context.Context, *caller, *I) (none, error) { return none{}, nil })
		}
		if err != nil {
			return nil, who.fail(err)
		}
		return nil, nil //nolint:nilnil // the library answers 204
	})
}

func (a *API) operation(o op, status int) huma.Operation {
	a.ops = append(a.ops, o)
	return a.operationOf(o, status)
}

func (a *API) operationOf(o op, status int) huma.Operation {
	described := huma.Operation{
		OperationID: o.id, Method: o.method, Path: o.path, Summary: o.says, Tags: []string{o.tag}, DefaultStatus: status, MaxBodyBytes: int64(o.most),
		Errors: []int{http.StatusBadRequest, http.StatusForbidden, http.StatusTooManyRequests, http.StatusServiceUnavailable},
	}
	if o.level != Public {
		described.Security = []map[string][]string{{"session": {}}}
		described.Errors = append(described.Errors, http.StatusUnauthorized, http.StatusNotFound)
	}
	if o.method != http.MethodGet {
		described.Errors = append(described.Errors, http.StatusConflict)
	}
	if o.writes() {
		described.Parameters = []*huma.Param{keyParam()}
	}
	described.Extensions = map[string]any{"x-session-level": o.level}
	return described
}

// schemaName is a type's own name; a type in two packages would be one too many.
func schemaName(t reflect.Type, hint string) string { return huma.DefaultSchemaNamer(t, hint) }
