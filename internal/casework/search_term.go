package casework

import (
	"encoding/hex"
	"regexp"
	"strings"
	"unicode/utf8"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

var casePattern = regexp.MustCompile(`^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$`)

// checkTerm holds each of the three fields to its own form; any other field is
// no form of ours (förordning 2001:637, 15 §).
func checkTerm(by postgres.SearchBy, term string) (string, error) {
	var c fault.Check
	term = strings.TrimSpace(term)
	switch by {
	case postgres.SearchName:
		if n := utf8.RuneCountInString(term); n < 2 || n > maxName {
			c.Fail("name", "error.search_name")
		}
	case postgres.SearchCaseNumber:
		term = strings.ToUpper(term)
		if !casePattern.MatchString(term) {
			c.Fail("case_number", "error.search_case_number")
		}
	case postgres.SearchNumber:
		number, err := sig.ParsePersonalNumber(term)
		if err != nil {
			c.Fail("personal_number", "error.search_personal_number")
		}
		term = number.Digits()
	default:
		return "", fault.New(fault.Malformed, "error.malformed")
	}
	return term, c.Err()
}

// termHash is what the ledger keeps of a term.
func (s *Service) termHash(by postgres.SearchBy, term string, pin []byte) string {
	if pin != nil {
		return hex.EncodeToString(pin)
	}
	return hex.EncodeToString(s.Sealer.TermHash(string(by), strings.ToLower(term)))
}
