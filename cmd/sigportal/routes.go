package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"sigportal/internal/api"
	"sigportal/internal/httpd"
)

// runRoutes prints every route as JSON: method, path, and the session level
// that it needs, of the pages and then of the API. Whoever tests the portal from outside begins here.
func runRoutes(_ context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		fail(stderr, errors.New("routes takes no arguments"))
		return exitUsage
	}
	var list []any
	for _, r := range httpd.Routes() {
		list = append(list, r)
	}
	for _, r := range api.Routes() {
		list = append(list, r)
	}
	encoder := json.NewEncoder(stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(list); err != nil {
		fail(stderr, err)
		return exitFailed
	}
	return exitDone
}
