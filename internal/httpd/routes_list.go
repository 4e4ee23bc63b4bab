package httpd

import (
	"cmp"
	"slices"
)

// Routes lists every route of the pages, for `sigportal routes` and for the
// tests that hold each of them to allowed and to forbidden people.
func Routes() []Route {
	list := (&App{}).routes()
	slices.SortFunc(list, func(a, b Route) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return list
}
