package httpd

import (
	"slices"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// recipientCard is one recipient and what it may know, in sentences.
type recipientCard struct {
	Name, Unit string
	Plain      string
	Target     string // what a button takes back: the reader's yes for it or, without one, the name alone
	May        []mayLine
	From       string // who may tell
	Purposes   []whyWords
	MayNot     string
	Excluded   string
	Leaves     []string // which of it ends, or ended, with a function that goes to another authority
	Withdraw   string   // the way to take back; empty where nothing is left
}

// mayLine is one kind of information and until when.
type mayLine struct{ Name, Plain, Kind, Until string }

// cardsOf makes one card for each recipient of a version. What is over is not
// on a card; a recipient of whom nothing is left says so.
func cardsOf(w familyWords, c *consenting.Case, withdraw bool) []recipientCard {
	v := c.InForce
	w = w.among(v.Rows)
	var cards []recipientCard
	for n, row := range v.Rows {
		if firstRowOf(v.Rows, row.Recipient) != n {
			continue
		}
		card := recipientCard{
			Name: w.party(row.Recipient), Unit: row.Recipient.Unit, Plain: w.plain(row.Recipient), Target: w.party(row.Recipient),
		}
		if row.Recipient.Private == "" {
			card.Name = w.function(row.Recipient.Seat.Function)
		}
		if c.SaidYes {
			card.Target = w.T("citizen.card.withdraw.hidden", "recipient", card.Target)
		}
		known := card.fill(w, c, row.Recipient)
		if len(card.May) > 0 && withdraw {
			card.Withdraw = withdrawPath(c.ID, row.ID)
		}
		card.MayNot = w.mayNot(v.Rows, known, card.excluded(w, v.Exclusions, row.Recipient))
		cards = append(cards, card)
	}
	return cards
}

func firstRowOf(rows []consenting.Row, p consenting.Party) int {
	for n := range rows {
		if sameRecipient(rows[n].Recipient, p) {
			return n
		}
	}
	return -1
}

// fill adds what the recipient may know and gives the categories of it.
func (card *recipientCard) fill(w familyWords, c *consenting.Case, p consenting.Party) []sig.Category {
	var known []sig.Category
	var from []string
	var purposes []whyWords
	until := map[sig.Category]*mayLine{}
	ends := map[sig.Category]time.Time{}
	for _, row := range c.InForce.Rows {
		if !sameRecipient(row.Recipient, p) {
			continue
		}
		if text := w.leaves(row); text != "" {
			card.Leaves = addOnce(card.Leaves, text)
		}
		if row.Over {
			continue
		}
		from = addOnce(from, w.short(row.Discloser))
		purposes = addOnce(purposes, whyOf(w.Language, row.Aim))
		for _, category := range row.Categories {
			if excludes(c.InForce.Exclusions, p, category) {
				continue
			}
			known = append(known, category)
			if until[category] == nil || ends[category].Before(row.End()) {
				until[category], ends[category] = w.mayLine(category, row), row.End()
			}
		}
	}
	for _, category := range inOrder(known) {
		card.May = append(card.May, *until[category])
	}
	if len(card.May) > 0 {
		card.From = sentence(w.T("citizen.card.from", "discloser", w.List(from)))
		card.Purposes = purposes
	}
	return known
}

func (w familyWords) mayLine(c sig.Category, row consenting.Row) *mayLine {
	line := &mayLine{Name: w.category(c), Kind: "may", Until: w.Until(row.End())}
	if !row.Open {
		line.Kind, line.Until = "upcoming", w.Range(row.From, row.End())
	}
	return line
}

// excluded writes down what has been said no to, for this recipient.
func (card *recipientCard) excluded(w familyWords, all []consenting.Exclusion, p consenting.Party) []sig.Category {
	var no []sig.Category
	for _, x := range all {
		if x.Category != "" && excludes([]consenting.Exclusion{x}, p, x.Category) {
			no = append(no, x.Category)
		}
	}
	card.Excluded = w.categories(no)
	return no
}

// mayNotNamed is how many kinds of information the line names before "and
// everything else": it is one line on a card, and the whole text has the rest.
const mayNotNamed = 2

// mayNot names what others may know and this recipient not, and that all else
// is closed as well.
func (w familyWords) mayNot(rows []consenting.Row, known, excluded []sig.Category) string {
	var others []sig.Category
	for _, row := range rows {
		for _, c := range row.Categories {
			if !slices.Contains(known, c) && !slices.Contains(excluded, c) && !slices.Contains(others, c) {
				others = append(others, c)
			}
		}
	}
	if len(others) == 0 {
		return ""
	}
	names := w.categoryNames(others)
	return sentence(w.List(append(names[:min(len(names), mayNotNamed)], w.T("citizen.card.may_not.else"))))
}

// excludes reports whether a "may not be shared" hits a category for a
// recipient. It is for showing; what holds is decided by the services.
func excludes(all []consenting.Exclusion, p consenting.Party, c sig.Category) bool {
	for _, x := range all {
		s := x.Recipient.Seat
		if (s.Authority == "" || s.Authority == p.Seat.Authority) && (s.Unit == "" || s.Unit == p.Seat.Unit) &&
			(s.Function == "" || s.Function == p.Seat.Function) && (x.Category == "" || x.Category == c) {
			return true
		}
	}
	return false
}

func addOnce[T comparable](list []T, one T) []T {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}
