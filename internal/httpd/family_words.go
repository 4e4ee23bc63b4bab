package httpd

import (
	"slices"
	"strings"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// familyWords writes a consent for those whom it is about: in sentences and in
// their language. Names of units are the directory's own and stay Swedish.
type familyWords struct {
	*words.Language
	// twice are functions that more than one unit has here: only their names
	// need the unit to be told apart.
	twice map[sig.Function]bool
}

// among gives words that tell the parties of these rows apart.
func (w familyWords) among(rows []consenting.Row) familyWords {
	units := map[sig.Function]sig.UnitID{}
	w.twice = map[sig.Function]bool{}
	for _, row := range rows {
		for _, p := range []consenting.Party{row.Discloser, row.Recipient} {
			if unit, known := units[p.Seat.Function]; known && unit != p.Seat.Unit {
				w.twice[p.Seat.Function] = true
			}
			units[p.Seat.Function] = p.Seat.Unit
		}
	}
	return w
}

// short is a party as a sentence names it: by its function alone, unless that
// could be another unit's.
func (w familyWords) short(p consenting.Party) string {
	if p.Private != "" || w.twice == nil || w.twice[p.Seat.Function] {
		return w.party(p)
	}
	return w.function(p.Seat.Function)
}

// party is one side of a row: "Kommunpolis, Lokalpolisområde Farsta", or the
// name of a close person or expert.
func (w familyWords) party(p consenting.Party) string {
	switch {
	case p.PrivateName != "":
		return p.PrivateName
	case p.Private != "":
		return w.T("private." + string(p.Private))
	case p.Unit == "":
		return w.function(p.Seat.Function)
	}
	return w.T("hats.staff", "function", w.function(p.Seat.Function), "unit", p.Unit)
}

func (w familyWords) function(f sig.Function) string { return w.T("function." + string(f)) }

// plain says what somebody of the function does, or nothing where the words
// have nothing about it.
func (w familyWords) plain(p consenting.Party) string {
	key := "function." + string(p.Seat.Function) + ".plain"
	if p.Private != "" || !w.Has(key) {
		return ""
	}
	return w.T(key)
}

func (w familyWords) category(c sig.Category) string { return w.T("category." + string(c)) }

// categories is a list within a sentence.
func (w familyWords) categories(all []sig.Category) string {
	return w.List(w.categoryNames(all))
}

func (w familyWords) categoryNames(all []sig.Category) []string {
	var names []string
	for _, c := range inOrder(all) {
		names = append(names, w.category(c))
	}
	return names
}

// inOrder sorts categories as every page lists them.
func inOrder(all []sig.Category) []sig.Category {
	order := sig.Categories()
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b sig.Category) int { return slices.Index(order, a) - slices.Index(order, b) })
	return slices.Compact(sorted)
}

// districts is a list of a row's districts, empty where it names none.
func (w familyWords) districts(all []sig.District) string {
	var names []string
	for _, d := range all {
		names = append(names, d.Name)
	}
	return w.List(names)
}

// sentence ends a text with a full stop where it has none.
func sentence(text string) string {
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?") || strings.HasSuffix(text, "።") {
		return text
	}
	return text + "."
}

// sameRecipient reports whether two rows tell the same recipient: the same
// function, or the same close person.
func sameRecipient(a, b consenting.Party) bool {
	if a.Private != "" || b.Private != "" {
		return a.Private == b.Private && a.PrivateName == b.PrivateName
	}
	return a.Seat == b.Seat
}
