package policy

import (
	"time"

	"sigportal/internal/sig"
)

// Question is a directed question ("riktad fråga"): one category, one function,
// with an end. Its text tells the asked function something, so asking is a
// disclosure to it; and it is put only where the consent lets the answer come
// back for as long as the question stands.
type Question struct {
	Asker sig.Place // the asking function as a recipient, with its unit's districts
	Ends  time.Time
}

// ask answers in the order in which somebody would have to mend it: may the
// question be told, may it be answered now, may it be answered until its end?
func ask(r *Request) Decision {
	told := disclose(r)
	switch {
	case !told.Allowed:
		return told
	case told.Reason != ByConsent:
		return no(OwnHouse)
	case !r.Question.Ends.After(r.Now):
		return no(WindowOver)
	}
	back := telling{
		at: r.Now, from: r.Recipient.Place.Seat(), to: r.Question.Asker.Seat(),
		districts: r.Question.Asker.Districts, categories: r.Item.Categories,
	}
	if d := covering(r, &back); !d.Allowed {
		return no(AnswerNotCovered)
	}
	// The window is half-open, and the question's end is not its last instant.
	back.at = r.Question.Ends.Add(-time.Microsecond)
	if d := covering(r, &back); !d.Allowed {
		return no(AnswerEndsBefore)
	}
	return told
}
