package web

import "embed"

// Files are the templates and the static files as they are sent, so that the
// binary needs nothing beside it. Whoever renders them names the folders.
//
//go:embed static templates
var Files embed.FS
