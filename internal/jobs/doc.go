// Package jobs works the queue of what is due now; today that is mail. A mail's
// way out has three steps, each a transaction of its own or none:
//
//  1. its alarm goes off and a job with the mail's id goes into the queue;
//  2. under the intervention's lock the job asks whether the recipient may
//     still be told, and only then looks the address up;
//  3. with no lock and no transaction the mail is handed over, and that is noted.
//
// Whoever wants messages once a day has theirs held at the second step, and the
// one that stands for them asks about each again; what tells of an end is never
// held. A text message goes the same way as a mail, to a gateway.
//
// A withdrawal therefore never waits for a mail server, and a mail whose check
// came after the withdrawal does not leave. One whose check came before counts
// as sent before. A replica that dies between handing over and noting it makes
// the mail go twice, with the same Message-ID.
package jobs
