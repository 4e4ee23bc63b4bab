// Package deploy holds what an operator runs the portal with: the roles of the
// cluster, a container file, a systemd unit and an example environment. Only
// the roles are needed by code: the private clusters of the demo and the tests
// are set up with the very file that production uses.
package deploy

import _ "embed"

// RolesSQL creates the database roles. It is run once per cluster by its
// superuser and may be run again without harm; it sets no passwords.
//
//go:embed roles.sql
var RolesSQL string
