package mail

import (
	"errors"
	"fmt"
	"net"

	gomail "github.com/wneessen/go-mail"
)

// Failure is why a mail was not handed over. It says the step and the server's
// code and never the server's words, which tend to repeat the address and end
// in logs and in the job queue.
type Failure struct {
	Step      string
	Code      int  // of SMTP; 0 when no server answered
	Permanent bool // trying again will not help
}

// Error names step and code.
func (f *Failure) Error() string {
	if f.Code == 0 {
		return "mail: " + f.Step
	}
	return fmt.Sprintf("mail: %s: the server answered %d", f.Step, f.Code)
}

// failure reduces what the library says to step and code.
func failure(err error) error {
	if err == nil {
		return nil
	}
	if sent, ok := errors.AsType[*gomail.SendError](err); ok {
		code := sent.ErrorCode()
		// A 5xx to our own sender or to everything is trouble with the server,
		// which somebody will mend; a 5xx to the recipient or the text is final.
		final := sent.Reason == gomail.ErrSMTPRcptTo || sent.Reason == gomail.ErrSMTPData || sent.Reason == gomail.ErrSMTPDataClose
		return &Failure{Step: sent.Reason.String(), Code: code, Permanent: final && code >= 500}
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return &Failure{Step: "the mail server cannot be reached"}
	}
	return &Failure{Step: "the mail server did not let us in"}
}
