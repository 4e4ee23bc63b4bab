// Package sharing is disclosure: an officer of the owning authority writes an
// item, decides who of the family may see it, and hands a frozen copy to named
// functions; the recipient reads it only while the consent in force covers it.
// Nobody browses: there is no way from one authority into another's items.
//
// Every method takes the actor, decides under the intervention's lock, and
// leaves a ledger row for each yes and each no. What a method returns holds
// what its reader may see and do, so that pages cannot drift from the rules.
package sharing
