// Package api is the portal for programs: JSON under /api/v1 for every job that
// the pages do, over the same services, and the AuthZEN evaluation of the same
// decision. It decides nothing itself and stores nothing.
//
// Its routes stand inside the pages' application: host check, cross-site rule,
// deadline, headers, limits, access log and the one place that answers errors
// are package httpd's. It takes the session cookie of the pages and nothing
// else; there are no bearer tokens. The OpenAPI 3.1 document at
// /api/v1/openapi.json is made from the registered operations, so it cannot
// promise what the code does not do.
//
// Every operation that writes wants a key in the header Idempotency-Key and is
// done once for it: the transaction of the act notes the key, with a hash of
// what was asked. A repeat is told how the act stands now, through both walls;
// no answer is kept, so none outlives the right to it.
//
// Each operation is one call of add, addOnce or act: method, path, the session level that
// it needs, and a function that reads the input, asks one service and writes the
// answer in types of this package. A field that a service grows is not told
// until somebody writes it down here.
package api
