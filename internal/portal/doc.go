// Package portal wires the product together: databases, services, pages,
// background work and figures. Both `sigportal serve` and the demo's replicas
// run it, so that what is shown is what is delivered; what only the demo may
// do (a clock that has been moved) is an option that serve never passes.
//
// It decides nothing: every rule lies further in.
package portal
