package httpd

import (
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// whyWords is the purpose of a row for one reader: the list's words in the
// reader's language, and what the coordinator added, which stays in Swedish.
type whyWords struct {
	Text, Addition string
	Foreign        bool // there is an addition, and the reader does not read in Swedish
}

func whyOf(l *words.Language, a sig.Aim) whyWords {
	why := whyWords{Addition: a.Addition, Foreign: a.Addition != "" && l.Tag() != "sv" && l.Tag() != "sv-simple"}
	if a.Purpose != "" && a.Purpose != sig.PurposeOther { // another purpose is what was written
		why.Text = l.T("purpose." + string(a.Purpose))
	}
	return why
}

// purposeChoices are the list for a form.
func purposeChoices(l *words.Language) []fieldChoice {
	var list []fieldChoice
	for _, p := range sig.Purposes() {
		list = append(list, fieldChoice{Value: string(p), Text: l.T("purpose." + string(p))})
	}
	return list
}
