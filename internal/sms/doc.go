// Package sms hands text messages to a gateway over HTTP. A message is one of a
// handful of fixed sentences and the address of the portal's front page: no
// name, no case, no number, no date, and no reason, because a telephone shows
// it to whoever is near.
//
// The gateway is asked by POST with a JSON body of four strings: id, to, from
// and text. The id is the same however often a message is tried, in the body
// and as Idempotency-Key; the token is sent as a bearer's. Any answer of 2xx
// means that the gateway has the message.
package sms
