package httpd

import (
	"slices"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/picture"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// boardMatrix is a version as its board reads it: one row for each pair of one
// who tells and one who is told, one column for each kind of information that
// the version names at all.
type boardMatrix struct {
	Columns []string
	Rows    []matrixRow
}

// matrixRow is one pair. MayNot is all that the recipient may not know of what
// others may, in one line, for phones.
type matrixRow struct {
	Name, Unit, From, MayNot string
	Cells                    []picture.Cell
}

func boardMatrixOf(w familyWords, v *consenting.Version, now time.Time) boardMatrix {
	w = w.among(v.Rows)
	columns := columnsOf(v)
	m := boardMatrix{Columns: w.categoryNames(columns)}
	for n, row := range v.Rows {
		if firstPair(v.Rows, row) != n {
			continue
		}
		line := picture.MatrixRow{}
		for _, c := range columns {
			if excludes(v.Exclusions, row.Recipient, c) {
				line.Cells = append(line.Cells, picture.Cell{Column: w.category(c), Kind: "excluded"})
			}
			for _, other := range v.Rows {
				if samePair(other, row) && slices.Contains(other.Categories, c) {
					line.Cells = append(line.Cells, cellOf(w, v, other, c, now))
				}
			}
		}
		full := matrixRow{From: w.T("board.matrix.from", "discloser", w.short(row.Discloser))}
		full.Name, full.Unit = w.twoLines(row.Recipient)
		full.Cells = picture.NewMatrix(m.Columns, []picture.MatrixRow{line}).Rows[0].Cells
		var not []string
		for _, cell := range full.Cells {
			if cell.Kind == "may_not" {
				not = append(not, cell.Column)
			}
		}
		full.MayNot = w.List(not)
		m.Rows = append(m.Rows, full)
	}
	return m
}

// twoLines is a party with its unit apart.
func (w familyWords) twoLines(p consenting.Party) (name, unit string) {
	if p.Private != "" {
		return w.party(p), w.T("private." + string(p.Private))
	}
	return w.function(p.Seat.Function), p.Unit
}

func columnsOf(v *consenting.Version) []sig.Category {
	var all []sig.Category
	for _, row := range v.Rows {
		all = append(all, row.Categories...)
	}
	for _, x := range v.Exclusions {
		if x.Category != "" {
			all = append(all, x.Category)
		}
	}
	return inOrder(all)
}

func cellOf(w familyWords, v *consenting.Version, row consenting.Row, c sig.Category, now time.Time) picture.Cell {
	kind, date := windowOf(w, v, row)
	if kind == "waiting" && row.From.Before(now) {
		date = w.Until(row.End())
	}
	return picture.Cell{Column: w.category(c), Kind: kind, Date: date}
}

// windowOf says how a row stands: the status and, in words, until or from when.
func windowOf(w familyWords, v *consenting.Version, row consenting.Row) (kind, when string) {
	switch {
	case row.Over:
		return "ended", w.T("date.ended", "date", w.lastDay(row.End()))
	case v.State != sig.ConsentActive && v.State != sig.ConsentSuspended:
		return "waiting", w.Range(row.From, row.End())
	case v.State == sig.ConsentSuspended:
		return "paused", w.Until(row.End())
	case !row.Open:
		return "upcoming", w.Range(row.From, row.End())
	}
	return "may", w.Until(row.End())
}

// leaves says of a row that ends with a function which goes to another authority
// that it does, or did; nothing of any other.
func (w familyWords) leaves(row consenting.Row) string {
	switch {
	case row.Leaves.IsZero():
		return ""
	case row.Over:
		return w.T("citizen.card.left", "date", w.when(row.Leaves))
	default:
		return w.T("citizen.card.leaves", "date", w.when(row.Leaves))
	}
}

// when is a day where it begins, else with its time.
func (w familyWords) when(at time.Time) string {
	if day := sig.DateOf(at); day.Start().Equal(at) {
		return w.Date(at)
	}
	return w.DateTime(at)
}

// lastDay is the day on which a window ended, or the day and time where it did
// not end at midnight.
func (w familyWords) lastDay(end time.Time) string {
	day, whole := words.LastDay(end)
	if whole {
		return w.Date(day)
	}
	return w.DateTime(end)
}

func samePair(a, b consenting.Row) bool {
	return a.Discloser.Seat == b.Discloser.Seat && sameRecipient(a.Recipient, b.Recipient)
}

func firstPair(rows []consenting.Row, row consenting.Row) int {
	return slices.IndexFunc(rows, func(other consenting.Row) bool { return samePair(other, row) })
}

// boardTimeline draws how long each recipient may know something.
func boardTimeline(w familyWords, v *consenting.Version, now time.Time) picture.Picture {
	var rows []picture.Row
	for n, row := range v.Rows {
		if firstRowOf(v.Rows, row.Recipient) != n {
			continue
		}
		line := picture.Row{Label: w.party(row.Recipient)}
		for _, other := range v.Rows {
			if !sameRecipient(other.Recipient, row.Recipient) {
				continue
			}
			kind, _ := windowOf(w, v, other)
			if kind == "waiting" {
				kind = "upcoming"
			}
			span := picture.Span{From: other.From, To: other.End(), Kind: kind}
			if !slices.Contains(line.Spans, span) {
				line.Spans = append(line.Spans, span)
			}
		}
		rows = append(rows, line)
	}
	return picture.Timeline(w.Language, w.T("intervention.timeline.title"), now, rows)
}

// rowSentence is one row in words, with purpose and districts.
type rowSentence struct {
	Number                                      int
	Recipient, Discloser, Categories, Districts string
	Kind, When, Leaves                          string
	Why                                         whyWords
}

func rowSentences(w familyWords, v *consenting.Version) []rowSentence {
	var list []rowSentence
	for _, row := range v.Rows {
		kind, when := windowOf(w, v, row)
		list = append(list, rowSentence{
			Number: row.Number, Recipient: w.party(row.Recipient), Discloser: w.party(row.Discloser),
			Categories: w.categories(row.Categories), Why: whyOf(w.Language, row.Aim), Districts: w.districts(row.Districts), Kind: kind, When: when, Leaves: w.leaves(row),
		})
	}
	return list
}

// exclusionSentences says what may not be shared, whatever the rows say.
func exclusionSentences(w familyWords, all []consenting.Exclusion) []string {
	var list []string
	for _, x := range all {
		who, what := w.T("board.exclusion.anybody"), w.T("board.exclusion.anything")
		if x.Recipient.Seat != (sig.Seat{}) {
			who = w.someone(x.Recipient)
		}
		if x.Category != "" {
			what = w.category(x.Category)
		}
		list = append(list, w.T("board.exclusion.row", "recipient", who, "category", what))
	}
	return list
}

// someone is a side of which parts may be left open: a whole authority, a
// function wherever it is, or one seat.
func (w familyWords) someone(p consenting.Party) string {
	if p.Seat.Function == "" {
		if p.Unit != "" {
			return p.Unit
		}
		return p.Authority
	}
	if p.Unit == "" && p.Authority != "" {
		return w.T("hats.staff", "function", w.function(p.Seat.Function), "unit", p.Authority)
	}
	return w.party(p)
}
