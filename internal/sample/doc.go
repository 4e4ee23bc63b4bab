// Package sample is an invented city for tests and for the demo: its
// directory, the people who work there and the families whom interventions
// are about. Nobody in it exists. The personal numbers lie in the birth
// numbers that the tax agency publishes for tests: 980–999 for people born
// before 1990, 238 and 239 for those born later. Nothing of it is linked into
// the product.
package sample
