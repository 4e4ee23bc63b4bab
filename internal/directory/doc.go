// Package directory keeps who is who: which authorities, branches, units and
// functions there are, and who sits where, when. Whoever keeps the directory
// writes a YAML file; Read checks it by itself, Compare says in words what it
// would change, and Import does that in one transaction, with a row in the
// ledger. Pages ask the Service. Nothing is ever deleted: what is over gets an
// end.
package directory
