package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"sigportal/internal/httpd"
)

// runRoutes prints every route as JSON: method, path, and the session level
// that it needs. Whoever tests the portal from outside begins here.
func runRoutes(_ context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		fail(stderr, errors.New("routes takes no arguments"))
		return exitUsage
	}
	encoder := json.NewEncoder(stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(httpd.Routes()); err != nil {
		fail(stderr, err)
		return exitFailed
	}
	return exitDone
}
