// Package scenariotest plays the scenarios of the field's own description, one
// test for each, named by its number: T01 is TestT01FullConsent. They go
// through the services on a real database, in the invented city, from the
// first proposal on; nothing is laid out behind the services' back.
//
// Each says what the scenario says. The corners around it (a microsecond
// before, somebody else's page, the same thing twice) are tried where the
// services are.
package scenariotest
