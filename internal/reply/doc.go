// Package reply takes the answers that calendar programs send by mail (iTIP,
// RFC 5546): it says which address each call's answers come to, listens where
// the municipality's mail server hands them in (LMTP, RFC 2033), and reads out
// of a mail what is answered to which call. Whatever else the mail says, it
// neither keeps nor passes on.
//
// Nobody is believed for the sender's address: an answer counts for the call
// whose signed address it came to. The signature says which mail is answered,
// not who sat there, as a link in that mail does.
package reply
