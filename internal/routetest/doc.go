// Package routetest tries every route of `sigportal routes` on the portal as
// it is delivered: package portal's own wiring over a real PostgreSQL, asked
// over real sockets, with sessions as logins open them. For each route there is
// a row: somebody who may, with what they must get, and everybody who may not,
// who must get exactly what an unknown identifier gets and change nothing. A
// route without a row fails the test. It holds tests only.
package routetest
