package httpd

import (
	"slices"
	"strings"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// A scope of a withdrawal stands in the form as one value: "all",
// "to:AUTHORITY/UNIT/FUNCTION", the same with ":CATEGORY" after it,
// "what:CATEGORY", or "row:ID" for somebody who has no seat. Under protected
// identity a seat is its function alone. It names only what stood on the page; the service decides what it takes.

const scopeAll = "all"

func scopeTo(p consenting.Party) string { return "to:" + seatValue(p.Seat) }

// noScope says that nothing, or nothing that stood on the page, was chosen.
func noScope() error {
	var check fault.Check
	check.Fail("scope", "error.choose_one")
	return check.Err()
}

// readScope reads a choice back.
func readScope(value string) (sig.WithdrawalScope, error) {
	kind, rest, _ := strings.Cut(value, ":")
	switch kind {
	case scopeAll:
		return sig.WithdrawalScope{Whole: true}, nil
	case "row":
		var id sig.GrantID
		if err := id.UnmarshalText([]byte(rest)); err != nil || id.IsZero() {
			return sig.WithdrawalScope{}, noScope()
		}
		return sig.WithdrawalScope{Rows: []sig.GrantID{id}}, nil
	case "what":
		return knownCategory(sig.WithdrawalScope{Category: sig.Category(rest)})
	case "to":
		place, category, _ := strings.Cut(rest, ":")
		seat, err := readSeat(place)
		if err != nil || seat.Authority == "" && seat.Function == "" {
			return sig.WithdrawalScope{}, noScope()
		}
		return knownCategory(sig.WithdrawalScope{Recipient: seat, Category: sig.Category(category)})
	}
	return sig.WithdrawalScope{}, noScope()
}

func knownCategory(s sig.WithdrawalScope) (sig.WithdrawalScope, error) {
	if s.Category != "" && !s.Category.Valid() || !s.Says() {
		return sig.WithdrawalScope{}, noScope()
	}
	return s, nil
}

// scopeChoice is one thing that can be taken back.
type scopeChoice struct {
	Value string
	Text  string
	Fine  bool // a part of a recipient: listed after the others
	about consenting.Party
}

// choicesOf lists what can be taken back from a version. With a row it is the
// row's recipient, everything, and the recipient's categories; without one it is
// everything, each recipient, and each category for all of them.
func choicesOf(w familyWords, rows []consenting.Row, from *consenting.Row) []scopeChoice {
	all := scopeChoice{Value: scopeAll, Text: w.T("citizen.withdraw.scope.all")}
	if from != nil {
		list := append([]scopeChoice{recipientChoice(w, *from), all}, categoryChoices(w, rows, *from)...)
		return list
	}
	list := []scopeChoice{all}
	var categories []sig.Category
	for n, row := range rows {
		if row.Over {
			continue
		}
		if choice := recipientChoice(w, row); firstRowOf(rows, row.Recipient) == n {
			list = append(list, choice)
		}
		categories = append(categories, row.Categories...)
	}
	for _, c := range inOrder(slices.Clone(categories)) {
		list = append(list, scopeChoice{Value: "what:" + string(c), Text: w.category(c), Fine: true})
	}
	return list
}

func recipientChoice(w familyWords, row consenting.Row) scopeChoice {
	choice := scopeChoice{
		Value: scopeTo(row.Recipient), about: row.Recipient,
		Text: w.T("citizen.withdraw.scope.recipient", "recipient", w.short(row.Recipient)),
	}
	if row.Recipient.Private != "" {
		choice.Value = "row:" + row.ID.String()
	}
	return choice
}

// categoryChoices are the kinds of information of one recipient; none where
// there is only one, which is the recipient itself.
func categoryChoices(w familyWords, rows []consenting.Row, from consenting.Row) []scopeChoice {
	if from.Recipient.Private != "" {
		return nil
	}
	var categories []sig.Category
	for _, row := range rows {
		if !row.Over && sameRecipient(row.Recipient, from.Recipient) {
			categories = append(categories, row.Categories...)
		}
	}
	categories = inOrder(categories)
	if len(categories) < 2 {
		return nil
	}
	var list []scopeChoice
	for _, c := range categories {
		list = append(list, scopeChoice{
			Value: scopeTo(from.Recipient) + ":" + string(c), Fine: true, about: from.Recipient,
			Text: w.category(c),
		})
	}
	return list
}
