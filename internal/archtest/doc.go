// Package archtest holds the code to its plan: which package may import which,
// and that README's map names every package. It has only tests. A new package
// states its place in the table of rings_test.go; whoever widens a row says in
// the change why the import cannot point the other way.
package archtest
